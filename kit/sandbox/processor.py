"""The processor that a thread or process is to stay on."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


def stay_on(cpu: int | None) -> None:
    """Two processes that ask each other cost least on one processor: none has to be woken."""
    if cpu is not None:
        with contextlib.suppress(OSError):  # it was taken from this machine meanwhile
            if os.sched_getaffinity(0) != {cpu}:  # to set it takes the turn from who runs
                os.sched_setaffinity(0, {cpu})


@contextlib.contextmanager
def near(cpu: int | None) -> Iterator[None]:
    """Have this thread on the processor of what it asks: to wake the other needs none."""
    if cpu is None:
        yield
        return
    before = os.sched_getaffinity(0)
    stay_on(cpu)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)

"""What libraries do in a process that was forked, spared where it comes to nothing.

They renew locks that another thread may have held, and seed chance. A process that runs are
forked from has one thread of Python nearly always, and a run gets its chance elsewhere; to find
that out costs each run a tenth of all the memory that it ever touches. What a run itself forks does
it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_SPARED = frozenset({"threading", "logging", "random", "IPython.core.history"})
_real: Any = os.register_at_fork
_runs: list[bool] = []
"""Not empty in a run."""


@contextmanager
def spared() -> Iterator[None]:
    """Note what they ask to be called at a fork. Enter it before any of them is imported."""
    os.register_at_fork = _register  # type: ignore[assignment]
    try:
        yield
    finally:
        os.register_at_fork = _real


def begin_run() -> None:
    """From now on it is called: this process is a run."""
    _runs.append(True)
    threading: Any = sys.modules["threading"]
    threading.main_thread()._set_native_id()


def _register(**calls: Callable[[], Any]) -> None:
    if sys._getframe(1).f_globals.get("__name__") in _SPARED:
        calls = {when: _in_runs(call) for when, call in calls.items()}
    _real(**calls)


def _in_runs(call: Callable[[], Any]) -> Callable[[], Any]:
    def called() -> None:
        if _runs or len(sys.modules["threading"]._active) > 1:
            call()

    return called

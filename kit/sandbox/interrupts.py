"""SIGINT in the process of a run: it counts while a cell runs, and not in between.

The functions of the module signal look every number up in an enumeration, which costs ten times
what the call does; those below it do not.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

try:
    _plain: Any = importlib.import_module("_signal")
except ImportError:  # another Python than CPython
    _plain = signal

_INTERRUPT, _IGNORE = int(signal.SIGINT), int(signal.SIG_IGN)
_BLOCK, _UNBLOCK, _SET = (int(getattr(signal, name, 0)) for name in (
    "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"))
_hear = signal.default_int_handler


def hear() -> None:
    """Have it raise KeyboardInterrupt from now on."""
    _plain.signal(_INTERRUPT, _hear)


def ignore() -> None:
    """Have it do nothing from now on."""
    _plain.signal(_INTERRUPT, _IGNORE)


@contextlib.contextmanager
def deaf(deaf: bool = True) -> Iterator[None]:
    """Put an interrupt off: half a frame read would make nonsense of all that follow."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _plain.pthread_sigmask(_BLOCK if deaf else _UNBLOCK, (_INTERRUPT,))
    try:
        yield
    finally:
        _plain.pthread_sigmask(_SET, before)

"""SIGINT in the process of a run: it counts while a cell runs, and not in between.

The functions of the module signal look every number up in an enumeration, which costs ten times
what the call does; those below it do not.
"""

from __future__ import annotations

import importlib
import signal
import threading
from typing import Any

try:
    _plain: Any = importlib.import_module("_signal")
except ImportError:  # another Python than CPython
    _plain = signal

_INTERRUPT, _IGNORE = int(signal.SIGINT), int(signal.SIG_IGN)
_ALARM = int(getattr(signal, "SIGALRM", 0))
_BLOCK, _UNBLOCK, _SET = (int(getattr(signal, name, 0)) for name in (
    "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"))
_hear = signal.default_int_handler


def hear() -> None:
    """Have it raise KeyboardInterrupt from now on."""
    _plain.signal(_INTERRUPT, _hear)


def ignore() -> None:
    """Have it do nothing from now on."""
    _plain.signal(_INTERRUPT, _IGNORE)


def block_all() -> Any:
    """Have no signal come until `block_only` is called with what this returns."""
    return _plain.pthread_sigmask(_BLOCK, _plain.valid_signals())


def block_only(before: Any) -> None:
    """Have all come but those."""
    _plain.pthread_sigmask(_SET, before)


def be_new() -> None:
    """Have no timer, and no handler but those of a process that began; what was to come of them
    does not come any more. Call it while all are blocked."""
    _plain.setitimer(_plain.ITIMER_REAL, 0)
    for number, default in ((_ALARM, _plain.SIG_DFL), (_INTERRUPT, _IGNORE)):
        _plain.signal(number, _IGNORE)
        _plain.signal(number, default)


class deaf:  # noqa: N801 - it is used like a function
    """Put an interrupt off within: half a frame read would make nonsense of all that follow.

    `deaf(False)` lets it come where it was put off.
    """

    __slots__ = ("_before", "_how")

    def __init__(self, deaf: bool = True) -> None:
        self._how = _BLOCK if deaf else _UNBLOCK
        self._before: Any = None

    def __enter__(self) -> None:
        """Begin."""
        if threading.current_thread() is threading.main_thread():
            self._before = _plain.pthread_sigmask(self._how, (_INTERRUPT,))

    def __exit__(self, *_error: object) -> None:
        """Be as before."""
        if self._before is not None:
            _plain.pthread_sigmask(_SET, self._before)

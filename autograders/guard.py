"""Run what a learner wrote: bounded in time, silent, with seeds fixed, and no error let out."""

from __future__ import annotations

import contextlib
import io
import os
import random
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Any

from autograders.values import loaded

SEED = 20270105

_MOST_PRINTED = 10_000
_AGAIN_SECONDS = 0.05


class TimeUp(BaseException):
    """The time of a check is over. No `Exception`, so that a bare except does not eat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call of a learner's function: what it returned, or the error, and what it printed."""

    value: Any = None
    error: BaseException | None = None
    printed: str = ""


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Called:
    """Call what the learner wrote. Whatever it raises is told in the result, but for TimeUp
    and an interrupt from outside."""
    sink = Sink()
    try:
        with contextlib.redirect_stdout(sink):
            return Called(value=function(*args, **kwargs), printed=sink.text)
    except (TimeUp, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - SystemExit and its like are the learner's
        return Called(error=error, printed=sink.text)


class Sink(io.TextIOBase):
    """A stream that keeps the first characters and drops the rest."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._size = 0

    def write(self, text: str, /) -> int:
        """Keep what still has room."""
        text = str.__str__(text)
        room = _MOST_PRINTED - self._size
        if room > 0:
            self._kept.append(text[:room])
            self._size += len(self._kept[-1])
        return len(text)

    def writable(self) -> bool:
        """Anything can be written."""
        return True

    @property
    def text(self) -> str:
        """What was kept."""
        return "".join(self._kept)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp in the body after that long, again and again until it ends.

    It needs the main thread of a system with interval timers (Linux, macOS); elsewhere, as in
    a browser, time is bounded by whoever runs the cell.
    """
    if not hasattr(signal, "setitimer") or (
            threading.current_thread() is not threading.main_thread()):
        yield
        return
    active = True

    def ring(_signum: int, _frame: FrameType | None) -> None:
        if active:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    outer, began = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)[0], monotonic()
    try:
        yield
    finally:
        while True:
            try:
                active = False
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
                break
            except TimeUp:  # it rang on the last line
                continue
        if outer:  # this limit stood within another one, which goes on
            left = max(outer - (monotonic() - began), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, _AGAIN_SECONDS)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing printed, warned or displayed in the body comes out of the cell.

    A warning on stderr costs the whole mark in nbgrader, and a number that the learner's
    function displays would be taken for the score.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(Sink()))
        stack.enter_context(contextlib.redirect_stderr(Sink()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        shell = current_shell()
        if shell is not None:
            stack.enter_context(_muted(shell))
        yield


def current_shell() -> Any:
    """The IPython shell that runs this cell, or None."""
    ipython = loaded("IPython")
    return ipython.get_ipython() if ipython is not None else None


@contextlib.contextmanager
def _muted(shell: Any) -> Iterator[None]:
    """The shell's display hook and publisher say nothing, under whatever name they are kept."""
    silenced: list[tuple[type, str, Any]] = []

    def nothing(*_args: Any, **_kwargs: Any) -> None:
        return None

    for part, methods in (
        (shell.displayhook, ("__call__", "finish_displayhook", "write_format_data")),
        (shell.display_pub, ("publish", "clear_output")),
    ):
        for method in methods:
            if hasattr(type(part), method):
                silenced.append((type(part), method, vars(type(part)).get(method)))
                setattr(type(part), method, nothing)
    try:
        yield
    finally:
        for kind, method, before in silenced:
            if before is None:
                delattr(kind, method)
            else:
                setattr(kind, method, before)


@contextlib.contextmanager
def seeded(seed: int = SEED) -> Iterator[None]:
    """Random numbers are the same in every run of the body; the learner's go on as before."""
    state = random.getstate()
    numpy = loaded("numpy.random")
    numpy_state = numpy.get_state() if numpy is not None else None
    random.seed(seed)
    if numpy is not None:
        numpy.seed(seed % 2**32)
    try:
        yield
    finally:
        random.setstate(state)
        if numpy is not None:
            numpy.set_state(numpy_state)


def fix_display(kind: type) -> None:
    """Make sure that a value of this very type is shown by its own `repr`.

    A learner's `%precision`, or a formatter for all floats, would change the number that
    nbgrader reads as the score.
    """
    shell = current_shell()
    if shell is None:
        return
    formatter = shell.display_formatter.formatters.get("text/plain")
    if formatter is not None:
        formatter.for_type(kind, lambda value, printer, _cycle: printer.text(repr(value)))


def in_grading() -> bool:
    """Whether a grader runs this notebook, rather than a learner. nbgrader's own sign of it."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))

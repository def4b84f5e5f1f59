"""Tracebacks that another process shows alike, and need not be drawn twice.

To draw one costs as much as five cells, and as much as a hundred where the files of a library have
to be taken apart for it. A wrong answer fails its test in two processes, most often at the same
place with the same words. So the one that has drawn it says what its traceback is *of*, the other
compares, and asks for the text where that is the same.
"""

from __future__ import annotations

import contextlib
import dis
import json
import os
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, TracebackType
from typing import Any, ClassVar

from IPython.core.ultratb import AutoFormattedTB

from kit.sandbox.shown import INSTALLED, taken_apart

Ask = Callable[[str], list[str] | None]

_MOST_KEPT = 500
_LONGEST, _MOST_FRAMES, _MOST_LINKS = 10_000, 50, 8
_LONG_BYTES = 48 << 10
_WITHIN = dis.opmap["CACHE"]
_PLAIN = (str, int, float, bool, type(None))


class CellTB(AutoFormattedTB):
    """Shows the tracebacks of a shell. `known` has the lines for what a traceback is of, or
    None; `drawn` keeps those that were drawn here, while it is a mapping; `last` is what the
    last one was of, if that can be said; `files` are those of libraries that it took long to take
    apart.
    """

    known: Ask | None = None
    drawn: dict[str, list[str]] | None = None
    last = ""
    files: ClassVar[set[str]] = set()

    def structured_traceback(
        self, etype: Any, evalue: BaseException | None, etb: TracebackType | None = None,
        tb_offset: int | None = None, context: int = 5,
    ) -> list[str]:
        """The lines of a traceback."""
        ask, drawn = CellTB.known, CellTB.drawn
        CellTB.last = ""
        what = "" if ask is None and drawn is None else self._of(evalue, etb, tb_offset, context)
        lines = None
        if what:
            CellTB.last = what
            lines = drawn.get(what) if drawn is not None else None
            if lines is None and ask is not None:
                lines = ask(what)
        if lines is not None:
            self.tb = etb
            return list(lines)
        before = taken_apart()
        lines = super().structured_traceback(etype, evalue, etb, tb_offset, context)
        CellTB.files.update(filter(_long_to_show, taken_apart() - before))
        if what and drawn is not None and len(drawn) < _MOST_KEPT:
            drawn[what] = list(lines)
        return lines

    def _of(
        self, error: Any, traceback: Any, offset: int | None, context: int
    ) -> str:
        """All that its text is made from; "" where that is more than can be said in short."""
        links: list[list[Any]] = []
        for how, one, its in _chain(error, traceback):
            link = _link(one, its, whole=bool(links))
            if link is None or len(links) == _MOST_LINKS:
                return ""
            links.append([how, *link])
        said = json.dumps([
            links, offset or 0, context, self.mode, self._theme_name, self.include_vars,
            self.long_header, self.skip_hidden])
        return said if links and len(said) <= _LONGEST else ""


def _link(error: Any, traceback: Any, *, whole: bool) -> list[Any] | None:
    """What the part of a text is made from that shows one error; None where that is more than can
    be said in short. A part that is not `whole` begins with the cell."""
    kind = type(error)
    if (not isinstance(error, Exception) or isinstance(error, SyntaxError)
            or not (isinstance(traceback, TracebackType) or (whole and traceback is None))
            or hasattr(error, "__notes__") or isinstance(kind.__str__, FunctionType)
            or any(type(one) not in _PLAIN for one in error.args)):
        return None
    frames = _frames(traceback, whole=whole)
    if frames is None:
        return None
    return [kind.__module__, kind.__qualname__, str(error), frames]


def _chain(
    error: BaseException | None, traceback: TracebackType | None
) -> Iterator[tuple[str, BaseException, TracebackType | None]]:
    """An error and those that are shown above it: how each hangs together with the one below,
    itself, and its traceback. It may go round in a circle."""
    how = ""
    while error is not None:
        yield how, error, traceback
        how, error = _before(error)
        traceback = None if error is None else error.__traceback__


def _before(error: BaseException) -> tuple[str, BaseException | None]:
    """The error that is shown above another, and how the two hang together."""
    if error.__cause__ is not None:
        return "cause", error.__cause__
    return "context", None if error.__suppress_context__ else error.__context__


def _frames(traceback: TracebackType | None, *, whole: bool) -> list[list[Any]] | None:
    """Where it came by; None where that says not what stands there."""
    from IPython.core.interactiveshell import InteractiveShell

    cells: Any = InteractiveShell.instance().compile._filename_map
    found: list[list[Any]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = code.co_filename
        if file in cells:
            # The folder tells one process from another; the name is made from the text.
            file = f"{cells[file]}:{file.rpartition('/')[2]}"
        elif not (found or whole):
            traceback = traceback.tb_next
            continue
        elif not (file.startswith(INSTALLED) or _has_no_text(file)):
            return None
        found.append([file, code.co_qualname, code.co_firstlineno, _instruction(traceback),
                      traceback.tb_lineno, "__tracebackhide__" in code.co_varnames])
        if len(found) > _MOST_FRAMES:
            return None
        traceback = traceback.tb_next
    return found if found or whole else None


def _long_to_show(file: str) -> bool:
    """Whether it is one of a library, and long. By its length and not by the clock: what a run
    says of it is the same on every machine."""
    with contextlib.suppress(OSError):
        return file.startswith(INSTALLED) and os.stat(file).st_size >= _LONG_BYTES  # noqa: PTH116
    return False


def _instruction(traceback: TracebackType) -> int:
    """Where in its code it was. Of code that has run often, what is told may be a place within
    the instruction (PEP 659)."""
    place, code = traceback.tb_lasti, traceback.tb_frame.f_code.co_code
    while place > 0 and code[place] == _WITHIN:
        place -= 2
    return place


def _has_no_text(file: str) -> bool:
    """Whether it is a module in Cython, of which the lines are not installed, nor lie anywhere
    that they would be taken from."""
    return (file.endswith((".pyx", ".pxi")) and not os.path.isabs(file)  # noqa: PTH117
            and not any(os.path.exists(os.path.join(place, file))  # noqa: PTH110, PTH118
                        for place in sys.path))


# What a cell asks for its type shall find what it finds in a kernel.
CellTB.__name__, CellTB.__qualname__ = AutoFormattedTB.__name__, AutoFormattedTB.__qualname__
CellTB.__module__ = AutoFormattedTB.__module__

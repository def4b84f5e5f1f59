"""Tracebacks that another process shows alike, and need not be drawn twice.

To draw one costs as much as five cells. A wrong answer fails its test in two processes, most often
at the same place with the same words. So the one that has drawn it says what its traceback is *of*,
the other compares, and asks for the text where that is the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import FunctionType, TracebackType
from typing import Any

from IPython.core.ultratb import AutoFormattedTB

Ask = Callable[[str], list[str] | None]

_MOST_KEPT = 500
_LONGEST, _MOST_FRAMES = 10_000, 50
_PLAIN = (str, int, float, bool, type(None))
_INSTALLED = tuple(f"{place}/" for place in {sys.prefix, sys.base_prefix})


class CellTB(AutoFormattedTB):
    """Shows the tracebacks of a shell. `known` has the lines for what a traceback is of, or
    None; `drawn` keeps those that were drawn here, while it is a mapping; `last` is what the
    last one was of, if that can be said."""

    known: Ask | None = None
    drawn: dict[str, list[str]] | None = None
    last = ""

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
        lines = super().structured_traceback(etype, evalue, etb, tb_offset, context)
        if what and drawn is not None and len(drawn) < _MOST_KEPT:
            drawn[what] = list(lines)
        return lines

    def _of(
        self, error: Any, traceback: Any, offset: int | None, context: int
    ) -> str:
        """All that its text is made from; "" where that is more than can be said in short."""
        kind = type(error)
        if (not isinstance(error, Exception) or isinstance(error, SyntaxError)
                or not isinstance(traceback, TracebackType)
                or error.__cause__ is not None or hasattr(error, "__notes__")
                or (error.__context__ is not None and not error.__suppress_context__)
                or isinstance(kind.__str__, FunctionType)
                or any(type(one) not in _PLAIN for one in error.args)):
            return ""
        frames = _frames(traceback)
        if frames is None:
            return ""
        said = json.dumps([
            kind.__module__, kind.__qualname__, str(error), frames, offset or 0, context,
            self.mode, self._theme_name, self.include_vars, self.long_header, self.skip_hidden])
        return said if len(said) <= _LONGEST else ""


def _frames(traceback: TracebackType | None) -> list[list[Any]] | None:
    """Where it came by, from the cell on; None where that says not what stands there."""
    from IPython.core.interactiveshell import InteractiveShell

    cells: Any = InteractiveShell.instance().compile._filename_map
    found: list[list[Any]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = code.co_filename
        if file in cells:
            # The folder tells one process from another; the name is made from the text.
            file = f"{cells[file]}:{file.rpartition('/')[2]}"
        elif not found:
            traceback = traceback.tb_next
            continue
        elif not file.startswith(_INSTALLED):
            return None
        found.append([file, code.co_qualname, code.co_firstlineno, traceback.tb_lasti,
                      "__tracebackhide__" in code.co_varnames])
        if len(found) > _MOST_FRAMES:
            return None
        traceback = traceback.tb_next
    return found or None


# What a cell asks for its type shall find what it finds in a kernel.
CellTB.__name__, CellTB.__qualname__ = AutoFormattedTB.__name__, AutoFormattedTB.__qualname__
CellTB.__module__ = AutoFormattedTB.__module__

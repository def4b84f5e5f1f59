"""Code cells of a built page: run in order, in one namespace, by the Python of a browser.

A worker of the page loads this in Pyodide, so it needs the standard library alone. What a cell
gives is told in pieces while it runs: (kind, text), with the kinds "stdout", "stderr", "text",
"html", "svg", "png" (in base64), "error" (a traceback), and "missing" (a module that is not
there). A notebook's shell is not there either: no magics, and `display` is ours.
"""

from __future__ import annotations

import ast
import base64
import io
import linecache
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from types import CodeType, ModuleType, TracebackType
from typing import Any

Tell = Callable[[str, str], Any]

MOST_TEXT = 100_000
"""Characters of output of a cell; what is longer is cut."""

_MOST_RICH = 4_000_000
_PIECE = 4_096
_SECONDS = 0.1
CUT = "output was cut here: a page shows {most} characters of a cell"
"""What is said where it was cut."""

_RICH = (("html", "text/html"), ("svg", "image/svg+xml"), ("png", "image/png"))


class Session:
    """A namespace in which the cells of a page run. `cut` is said where output was cut.

    It takes the place of `__main__`, as a notebook's does. `In` holds what ran, for checkers
    that read a learner's code.
    """

    def __init__(self, tell: Tell, cut: str = CUT) -> None:
        self._output = _Output(tell, f"\n[{cut.format(most=f'{MOST_TEXT:,}')}]\n")
        module = ModuleType("__main__")
        self.names = vars(module)
        self.names |= {"__builtins__": __builtins__, "In": [""], "display": self._display}
        sys.modules["__main__"] = module

    def run(self, source: str, name: str) -> bool:
        """Run a cell, which tracebacks call by its name; whether it came to its end."""
        self._output.begin()
        self.names["In"].append(source)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        out, err = _Stream(self._output, "stdout"), _Stream(self._output, "stderr")
        with redirect_stdout(out), redirect_stderr(err):
            try:
                self._run(source, name)
                self._show_figures()
            except BaseException as error:  # noqa: BLE001 - a reader's code may raise anything
                self._output.tell("error", _told(error, name))
                if isinstance(error, ModuleNotFoundError) and error.name:
                    self._output.tell("missing", error.name.split(".")[0])
                return False
            finally:
                self._output.flush()
        return True

    def _run(self, source: str, name: str) -> None:
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(_compiled(tree, name), self.names)  # noqa: S102 - that is what a cell is for
        if isinstance(last, ast.Expr):
            value = eval(_compiled(ast.Expression(last.value), name), self.names)  # noqa: S307
            if value is not None:
                self.names["_"] = value
                if not source.rstrip().endswith(";"):
                    self._display(value)

    def _display(self, *values: Any, **_: Any) -> None:
        """Show values as a notebook does."""
        for value in values:
            self._output.tell(*shown(value))

    def _show_figures(self) -> None:
        """Figures of pyplot that the cell left open, as a notebook shows and closes them."""
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        for number in pyplot.get_fignums() if pyplot is not None else ():
            file = io.BytesIO()
            pyplot.figure(number).savefig(file, format="png", bbox_inches="tight")
            pyplot.close(number)
            self._output.tell("png", base64.b64encode(file.getvalue()).decode())


def shown(value: Any) -> tuple[str, str]:
    """A value as (kind, text): the richest form that a page can show, else its `repr`."""
    bundle = _bundle(value)
    for kind, mime in _RICH:
        found = bundle.get(mime)
        if isinstance(found, bytes):
            found = base64.b64encode(found).decode()
        if isinstance(found, str) and len(found) <= _MOST_RICH:
            return kind, found
    return "text", repr(value)


def _bundle(value: Any) -> dict[str, Any]:
    if isinstance(value, type):
        return {}
    make = getattr(value, "_repr_mimebundle_", None)
    found = make() if callable(make) else None
    if isinstance(found, tuple):
        found = found[0]
    bundle = dict(found) if isinstance(found, dict) else {}
    for name, mime in _RICH:
        show = getattr(value, f"_repr_{name}_", None)
        if mime not in bundle and callable(show):
            bundle[mime] = show()
    return bundle


def _compiled(tree: ast.Module | ast.Expression, name: str) -> CodeType:
    kind = "eval" if isinstance(tree, ast.Expression) else "exec"
    found: CodeType = compile(tree, name, kind, dont_inherit=True)
    return found


def _told(error: BaseException, name: str) -> str:
    """The traceback from the cell on: of what runs the cell nothing is shown."""
    frames: TracebackType | None = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != name:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


class _Output:
    """What a cell gives: told in pieces, and bounded."""

    def __init__(self, tell: Tell, cut: str) -> None:
        self._tell, self._cut = tell, cut
        self.begin()

    def begin(self) -> None:
        """Another cell begins."""
        self._kind, self._waiting = "stdout", ""
        self._left, self._last = MOST_TEXT, time.monotonic()

    def write(self, kind: str, text: str) -> None:
        """Take what is printed, and pass it on now and then."""
        if kind != self._kind:
            self.flush()
            self._kind = kind
        if self._left < 0:
            return
        self._left -= len(text)
        self._waiting += text if self._left >= 0 else text[:self._left] + self._cut
        if len(self._waiting) > _PIECE or time.monotonic() - self._last > _SECONDS:
            self.flush()

    def tell(self, kind: str, text: str) -> None:
        """Pass on a whole piece."""
        self.flush()
        if kind in ("text", "error") and len(text) > MOST_TEXT:
            text = text[:MOST_TEXT // 2] + self._cut + text[-MOST_TEXT // 2:]
        self._tell(kind, text)

    def flush(self) -> None:
        """Pass on what waits."""
        self._last = time.monotonic()
        if self._waiting:
            waiting, self._waiting = self._waiting, ""
            self._tell(self._kind, waiting)


class _Stream(io.TextIOBase):
    """A stream of a cell."""

    def __init__(self, output: _Output, kind: str) -> None:
        super().__init__()
        self._output, self._kind = output, kind

    def writable(self) -> bool:
        """It can be written."""
        return True

    def write(self, text: str, /) -> int:
        """Take a text."""
        self._output.write(self._kind, str.__str__(text))
        return len(text)

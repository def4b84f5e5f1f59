"""What a function shows when it runs in a kernel, captured and written as HTML for a page.

Text, HTML, pictures and errors come in the order in which they were shown. A figure is drawn as an
exploration draws it: in the colours of the page, with its titles as its text equivalent.
"""

from __future__ import annotations

import html
import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kit.lesson.saying import say
from kit.lesson.views import WIDE, View, is_plain, is_wordless, picture, plain_html, words_in

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")
_EMPTY_HEAD = re.compile(r"<th(?: [^>]*)?>\s*</th>")
_MATH = re.compile(r"\$\$(.+?)\$\$|(?<![\\\w$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?![\w$])", re.DOTALL)
_KEPT = re.compile("\ue000(\\d+)\ue000")  # a private character, which Markdown leaves alone
_WIDGET = "application/vnd.jupyter.widget-view+json"
_FIGURE = "application/x-figure"
_LONGEST = 240  # characters that a screen reader is given unasked

class CannotFreeze(Exception):
    """What a function shows, or how it is moved, cannot be kept on a page; says why."""


@dataclass(slots=True)
class _Piece:
    """One output: text of a stream, or a bundle by MIME type. `display` names one to change."""

    kind: str
    data: Any
    display: str | None = None


@dataclass(slots=True)
class _Tape:
    """Outputs in the order in which they come."""

    pieces: list[_Piece] = field(default_factory=list)
    waits: bool = False

    def add(self, piece: _Piece) -> None:
        if self.waits:
            self.clear()
        last = self.pieces[-1] if self.pieces else None
        if piece.kind != "data" and last is not None and last.kind == piece.kind:
            last.data += piece.data
        else:
            self.pieces.append(piece)

    def update(self, piece: _Piece) -> None:
        for one in self.pieces:
            if one.display is not None and one.display == piece.display:
                one.data = piece.data

    def clear(self) -> None:
        self.pieces.clear()
        self.waits = False


class _Stream(io.TextIOBase):
    def __init__(self, tape: _Tape, kind: str) -> None:
        self._tape, self._kind = tape, kind

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._tape.add(_Piece(self._kind, str(text)))
        return len(text)


def unnamed() -> str:
    """Stands in the HTML of a picture that has no words for who cannot see it."""
    return f'="{_nameless()}"'


def _nameless() -> str:
    return html.escape(say("Figure"))


def shown_by(function: Callable[..., Any], values: Mapping[str, Any], *, result: bool) -> View:
    """What the function shows for these values, as `interact` would show it: what it prints and
    displays, its figures, an error; with `result` also what it returns.

    Raises CannotFreeze for what a page without a kernel cannot show.
    """
    tape = _Tape()
    with _recording(tape):
        try:
            returned = function(**values)
            _flush_figures()
            if result and returned is not None:
                from IPython.display import display

                display(returned)  # type: ignore[no-untyped-call]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - shown, as in a notebook
            _flush_figures()
            tape.add(_Piece("error", _traceback(error)))
    return _view(tape)


@contextmanager
def _recording(tape: _Tape) -> Iterator[None]:
    """All output goes to the tape, and figures are not drawn yet. Figures that were open before
    stay out of it."""
    from IPython import get_ipython
    from IPython.core.displaypub import DisplayPublisher

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, *_: Any, **more: Any) -> None:
            name = (more.get("transient") or {}).get("display_id")
            (tape.update if more.get("update") else tape.add)(_Piece("data", data, name))

        def clear_output(self, wait: bool = False) -> None:
            tape.waits = wait
            if not wait:
                tape.clear()

    shell = get_ipython()
    publisher, formatter = shell.display_pub, shell.display_formatter
    streams = sys.stdout, sys.stderr
    formatted = formatter.format

    def formats(given: Any, *more: Any, **named: Any) -> Any:
        if callable(getattr(given, "savefig", None)) and hasattr(given, "get_facecolor"):
            return {_FIGURE: given}, {}
        return formatted(given, *more, **named)

    _close_figures()
    shell.display_pub = Publisher(parent=shell, shell=shell)  # type: ignore[no-untyped-call]
    formatter.format = formats
    sys.stdout, sys.stderr = _Stream(tape, "out"), _Stream(tape, "err")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        del formatter.format
        shell.display_pub = publisher
        _close_figures()


def _flush_figures() -> None:
    """Show what was drawn with pyplot, whatever backend draws it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums():
        return
    from IPython.display import display

    for number in pyplot.get_fignums():
        display(pyplot.figure(number))  # type: ignore[no-untyped-call]
    pyplot.close("all")


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def _traceback(error: BaseException) -> str:
    """The traceback as a notebook shows it, from the author's function on."""
    from IPython import get_ipython

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    lines = get_ipython().InteractiveTB.structured_traceback(type(error), error, trace)
    return _COLOURS.sub("", "\n".join(lines))


# ------------------------------------------------------------------------------------- as HTML


def _view(tape: _Tape) -> View:
    shown, said, wide = [], [], False
    for piece in tape.pieces:
        if piece.kind == "data":
            figure = piece.data.get(_FIGURE)
            wide = wide or (figure is not None and float(figure.get_size_inches()[0]) > WIDE)
            written, words = _drawn(figure) if figure is not None else _written(piece.data)
        else:
            text = _OVERWRITTEN.sub("", _COLOURS.sub("", piece.data)).rstrip("\n")
            named = ' class="cp-error"' if piece.kind == "error" else ""
            written = f"<pre{named}>{html.escape(text)}</pre>" if text else ""
            words = text.strip().rpartition("\n")[2] if piece.kind == "error" else text
        shown.append(written)
        said.append(words)
    told = " ".join(" ".join(said).split())
    if len(told) > _LONGEST:
        told = f"{told[:_LONGEST].rpartition(' ')[0]} …"
    return View(html="".join(shown), said=told, wide=wide)


def _drawn(figure: Any) -> tuple[str, str]:
    words = words_in(figure)
    label = html.escape(words) or _nameless()
    if is_plain(figure):
        drawn = picture(figure)
        if drawn.startswith("<svg"):
            return f'<div role="img" aria-label="{label}">{drawn}</div>', words
        return drawn.replace(' alt=""', f' alt="{label}"', 1), words
    from base64 import b64encode

    raw = io.BytesIO()
    figure.savefig(raw, format="png", dpi=110)
    return _image("png", b64encode(raw.getvalue()).decode(), label), words


def _image(kind: str, packed: str, label: str) -> str:
    return f'<img class="cp-paper" alt="{label}" src="data:image/{kind};base64,{packed}">'


def _written(data: Mapping[str, Any]) -> tuple[str, str]:
    """A bundle as HTML, by the richest of its types that a page can show, and in words."""
    if _WIDGET in data:
        raise CannotFreeze(say("what it shows is a widget itself"))
    own = data.get("text/html")
    if "application/javascript" in data or (own and "<script" in own.lower()):
        raise CannotFreeze(say("what it shows runs a script of its own"))
    if own:
        own = _EMPTY_HEAD.sub("<td></td>", own)
        boxed = f'<div class="cp-table">{own}</div>' if "<table" in own else f"<div>{own}</div>"
        return boxed, "" if is_wordless(own) else plain_html(own)
    if data.get("image/svg+xml"):
        return f'<div role="img" aria-label="{_nameless()}">{data["image/svg+xml"]}</div>', ""
    for kind in ("png", "jpeg", "gif"):
        if data.get(f"image/{kind}"):
            return _image(kind, str(data[f"image/{kind}"]).strip(), _nameless()), ""
    return _as_text(data)


def _as_text(data: Mapping[str, Any]) -> tuple[str, str]:
    if data.get("text/markdown"):
        written = _markdown(data["text/markdown"])
        return written, plain_html(written)
    if data.get("text/latex"):
        formula = str(data["text/latex"]).strip().strip("$")
        return f'<div class="math">\\[{html.escape(formula)}\\]</div>', formula
    if "text/plain" not in data:
        raise CannotFreeze(say("what it shows ({kind}) needs JupyterLab",
                               kind=next(iter(data), say("nothing"))))
    text = _COLOURS.sub("", str(data["text/plain"]))
    return f"<pre>{html.escape(text)}</pre>", text


def _markdown(text: str) -> str:
    """Markdown as HTML, with its formulas left for the page to draw."""
    from markdown_it import MarkdownIt

    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        formula = html.escape(found[1] or found[2])
        kept.append(f'<span class="math">\\[{formula}\\]</span>' if found[1] else
                    f'<span class="math">\\({formula}\\)</span>')
        return f"\ue000{len(kept) - 1}\ue000"

    written = MarkdownIt("commonmark").enable("table").render(_MATH.sub(keep, text))
    return _KEPT.sub(lambda found: kept[int(found[1])], written)

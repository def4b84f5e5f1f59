"""The widgets that a lesson showed, on its page: alive by our own script, drawn, or told of.

A component of ours, and an `interact` that was frozen, is static HTML with its content beside it,
which a script of a few kilobytes brings alive. Other widgets of ipywidgets are drawn by a widget
manager, which is loaded for them alone. What cannot be alive says so beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from kit.language import ENGLISH, Language, language_of
from kit.lesson.freezing import DRAWN
from kit.lesson.sharing import fitted
from kit.lesson.standing import Piece, Stand, stands
from kit.model import Course
from kit.notebook import joined
from kit.site.launch import hub_address
from kit.site.lessons.notebooks import lesson_download
from kit.site.lessons.parts import MIME, STATE, is_ours, part_html

_ID = re.compile(r"[0-9a-f]{32}")
_PICTURES = ("text/html", "image/svg+xml", "image/png", "image/jpeg")

Output = Mapping[str, Any]
Models = Mapping[str, Mapping[str, Any]]


def as_parts(
    outputs: Sequence[Sequence[Output]], widgets: Mapping[str, Any],
    report: Mapping[str, Any] | None = None, *, elsewhere: tuple[str, str] = ("", ""),
    words: Language = ENGLISH,
) -> tuple[list[list[Output]], dict[str, Any]]:
    """Outputs in which what needs no widget manager is HTML, and the state of the other widgets:
    nothing where there are none.

    `report` is what the lesson's kernel said of its widgets; `elsewhere` the label and the
    address of a place where what is not alive here is.
    """
    models: Models = widgets.get(STATE, {}).get("state", {})
    shown = [[output for output in cell if not _is_for_authors(output)] for cell in outputs]
    page = _Page(models, report or {}, [one for cell in shown for one in _roots(cell)], elsewhere,
                 words)
    found = [[made for output in cell for made in page.output(output)] for cell in shown]
    rest = page.drawn_models()
    return found, {STATE: {**widgets[STATE], "state": rest}} if rest else {}


def alive_elsewhere(course: Course, docname: str) -> tuple[str, str]:
    """Where what a page cannot keep alive is: the course's JupyterHub, or the notebook to download,
    as a label and an address from the page."""
    words = language_of(course)
    if course.site.hub:
        return (words.say("Open on the hub"),
                hub_address(course.site, f"{docname}.ipynb") or course.site.hub)
    up = "../" * docname.count("/")
    return (words.say("Download the notebook"),
            f"{up}{quote(lesson_download(docname).removeprefix('_'))}")


def _roots(outputs: Sequence[Output]) -> Iterator[str]:
    for output in outputs:
        name = _root(output)
        if name:
            yield name


def _root(output: Output) -> str:
    view = output.get("data", {}).get(MIME)
    return str(view.get("model_id", "")) if isinstance(view, Mapping) else ""


def _is_for_authors(output: Output) -> bool:
    """Whether it is a component's word to its author, which `kit check` tells."""
    return output.get("name") == "stderr" and "PageBudgetWarning" in joined(output.get("text", ""))


class _Page:
    """The widgets of one page."""

    def __init__(
        self, models: Models, report: Mapping[str, Any], roots: Sequence[str],
        elsewhere: tuple[str, str], words: Language,
    ) -> None:
        self._models, self._roots = models, roots
        self._elsewhere, self._words = elsewhere, words
        self._groups = report.get("groups", ())
        self._static = {name: one["static"] for name, one in report.get("widgets", {}).items()
                        if "static" in one}
        self._ours = {name: one["state"]["spec"] for name, one in models.items()
                      if is_ours(one) and one["state"].get("spec", {}).get("kind")}
        known = {"widgets": {}, "groups": (), **report}
        self._stands = {
            root: Stand(pieces=(Piece(part=root),)) if root in self._ours else one
            for root, one in zip(roots, stands(known, roots), strict=True)}
        self._refers = {name: set(_ID.findall(json.dumps(one.get("state", {})))) & set(models)
                        for name, one in models.items()}
        self._lost = self._without_drawing()
        self._specs = self._fitted()

    def output(self, output: Output) -> Iterator[Output]:
        """What stands on the page for an output."""
        root = _root(output)
        stand = self._stands.get(root)
        if stand is None:
            yield output
        elif stand.pieces is not None:
            static = joined(output["data"].get("text/html", ""))
            html = "".join(self._html(one, static) for one in stand.pieces)
            if html:
                yield _html(html)
        elif root in self._lost or root not in self._models:
            data = {kind: value for kind, value in output["data"].items() if kind in _PICTURES}
            if data:
                yield {"output_type": "display_data", "metadata": {}, "data": data}
            yield _html(self._note(
                stand.why or self._words.say("a page does not know this widget")))
        else:
            yield output
            if stand.why:
                yield _html(self._note(
                    self._words.say("the picture is as it was when the page was made")))

    def drawn_models(self) -> dict[str, Any]:
        """The models that a widget manager needs for what it draws."""
        wanted = {root for root in self._roots if root in self._models
                  and self._stands[root].pieces is None and root not in self._lost}
        if not wanted:
            return {}
        while True:
            more = {other for name in wanted for other in self._refers[name]}
            more |= {name for name, one in self._models.items() if self._refers[name]
                     and str(one.get("model_name", "")).endswith("LinkModel")
                     and self._refers[name] <= wanted}
            if more <= wanted:
                break
            wanted |= more
        return {name: dict(one) for name, one in self._models.items() if name in wanted}

    def _without_drawing(self) -> set[str]:
        """The models that no widget manager of a page knows, and those that hold one of them."""
        lost = {name for name, one in self._models.items()
                if one.get("model_module") not in DRAWN}
        while True:
            more = {name for name, refers in self._refers.items() if refers & lost} - lost
            if not more:
                return lost
            lost |= more

    def _fitted(self) -> dict[Piece, dict[str, Any]]:
        """The contents of all components of the page, explorations within its budget."""
        pieces = dict.fromkeys(piece for root in self._roots
                               for piece in self._stands[root].pieces or () if not piece.html)
        specs = {piece: self._groups[piece.group]["spec"] if piece.group is not None
                 else self._ours[piece.part] for piece in pieces if self._is_known(piece)}
        alive = [piece for piece, spec in specs.items() if spec["kind"] == "explore"]
        return {**specs, **dict(zip(alive, fitted([specs[one] for one in alive]), strict=True))}

    def _is_known(self, piece: Piece) -> bool:
        return piece.group is not None or piece.part in self._ours

    def _html(self, piece: Piece, static: str) -> str:
        if piece.html:
            return f'<div class="widget-text">{piece.html}</div>'
        if piece not in self._specs:
            return ""
        if piece.group is not None:
            static = self._groups[piece.group]["static"]
        return part_html(self._specs[piece], self._static.get(piece.part, "") or static)

    def _note(self, why: str) -> str:
        told = self._words.say("This needs a running kernel: {why}.", why=why)
        label, address = self._elsewhere
        how = " download" if address.endswith(".ipynb") and "://" not in address else ""
        link = f' <a href="{escape(address)}"{how}>{escape(label)}</a>' if address else ""
        return f'<p class="widget-note">{escape(told)}{link}</p>'


def _html(text: str) -> Output:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": text}}

"""E313: components of a lesson, by what they left in its outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.check.context import Context, Page
from kit.check.registry import Check, check, found
from kit.lesson.standing import leaves_of
from kit.model import Finding
from kit.notebook import joined

_VIEW = "application/vnd.jupyter.widget-view+json"
_NAMED = re.compile(r'<div data-component="(\w+)" data-id="([\w.-]+)">')


@check("E313", "two components of a lesson have one id")
def same_id(context: Context) -> Iterator[Finding]:
    """A page keeps a reader's answers under the id of each component. Here two have the same:
    they ask the same thing, or were given one `id=`, so that an answer to one is shown as an
    answer to the other. Give one of them an `id=` of its own."""
    for page in context.pages:
        seen: dict[str, str] = {}
        for cell, line, kind, name in _components(page):
            if name in seen:
                yield found("E313", page.path, f"this {kind} has the id {name!r} of the one in "
                            f"cell {seen[name]}", cell=cell, line=line,
                            hint='give it an id of its own: id="..."')
            seen.setdefault(name, cell)


def _components(page: Page) -> Iterator[tuple[str, int | None, str, str]]:
    """(cell, line, kind, id) of each component that the lesson's run showed."""
    for block in page.blocks if page.run is not None else ():
        assert page.run is not None
        run = page.run.cells.get(block.place)
        for output in run.outputs if run is not None else ():
            data = output.get("data", {})
            for kind, name in _NAMED.findall(joined(data.get("text/html", ""))):
                yield block.name, block.line, kind, name
            for kind, name in _in_a_box(page.run.report, data.get(_VIEW)):
                yield block.name, block.line, kind, name


def _in_a_box(report: Mapping[str, Any], view: Any) -> Iterator[tuple[str, str]]:
    """(kind, id) of each component that a box of ipywidgets holds."""
    root = str(view.get("model_id", "")) if isinstance(view, Mapping) else ""
    widgets = report.get("widgets", {})
    if "children" in widgets.get(root, {}):
        for name in leaves_of(report, root):
            if widgets.get(name, {}).get("part"):
                kind, known = widgets[name]["name"]
                yield str(kind), str(known)


CHECKS: tuple[Check, ...] = (same_id,)

"""E313: components of a lesson, by what they left in its outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.check.context import Context, Page
from kit.check.registry import Check, check, found
from kit.model import Finding
from kit.notebook import joined

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
            for kind, name in _NAMED.findall(joined(output.get("data", {}).get("text/html", ""))):
                yield block.name, block.line, kind, name


CHECKS: tuple[Check, ...] = (same_id,)

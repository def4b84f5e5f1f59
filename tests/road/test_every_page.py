"""Every page of a course of each template, from a server and from a file: whole, and by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import axe
import pytest
from browser import Visit, served

from kit.course.scaffold import template_names
from kit.model import Course

WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4')]
  .filter((one) => one.checkVisibility())
  .map((one) => Number(one.ariaLevel || one.tagName[1]))"""


@pytest.fixture(params=["http", "file"])
def visited(
    request: pytest.FixtureRequest, browser: Any, released: Course,
    site_of: Callable[[str], Path],
) -> Iterator[Callable[[str], Visit]]:
    """Opens a page of each template's course, from a server and from a file."""
    folder = site_of(released.root.name.rsplit("-", 1)[0])
    context = browser.new_context(viewport={"width": 375, "height": 800})

    def look(base: str) -> Callable[[str], Visit]:
        def opened(name: str) -> Visit:
            seen = Visit(context.new_page(), base)
            seen.page.goto(base + name)
            seen.page.wait_for_load_state("load")
            if seen.page.locator(".course-part").count():
                seen.page.wait_for_selector("html[data-parts=drawn]")
            return seen

        opened.names = sorted(  # type: ignore[attr-defined]
            path.relative_to(folder).as_posix() for path in folder.rglob("*.html")
            if not path.is_relative_to(folder / "files"))
        return opened

    try:
        if request.param == "file":
            yield look(f"{folder.as_uri()}/")
        else:
            with served(folder) as base:
                yield look(base)
    finally:
        context.close()


TEMPLATES = pytest.mark.parametrize("released", [
    pytest.param(name, marks=pytest.mark.slow) if name == "statistics" else name
    for name in template_names()], indirect=True)


@TEMPLATES
def test_pages_are_whole_and_ask_nobody_else(visited: Any) -> None:
    assert "index.html" in visited.names
    for name in visited.names:
        seen = visited(name)
        assert (name, seen.foreign, seen.errors) == (name, [], [])
        parts = seen.page.locator(".course-part")
        drawn = parts.locator("section.cp").count()
        assert (name, drawn >= parts.count()) == (name, True)
        assert (name, seen.page.evaluate(WIDE)) == (name, 0)
        levels = seen.page.evaluate(HEADINGS)
        assert (name, levels.count(1)) == (name, 1)
        steps = [after - before for before, after in pairwise(levels)]
        assert (name, max(steps, default=0) <= 1) == (name, True)
        seen.page.close()


@pytest.mark.parametrize("visited", [
    "http", pytest.param("file", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("released", [
    name if name == "blank" else pytest.param(name, marks=pytest.mark.slow)
    for name in template_names()], indirect=True)
def test_no_page_keeps_anybody_out(visited: Any) -> None:
    for name in visited.names:
        seen = visited(name)
        assert (name, axe.found(seen.page)) == (name, [])
        seen.page.close()

"""Every component of the gallery, on its built page: drawn, without an error, and accessible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import axe
import doc_pages as pages
import pytest
from browser import Visit, served

from kit.lesson import __all__ as offered
from kit.site import Site

GALLERY = sorted(path.stem for path in (pages.DOCS / "components").glob("*.md"))


@pytest.fixture(scope="module")
def site(docs_built: Site) -> Iterator[str]:
    with served(docs_built.folder) as base:
        yield base


def test_each_function_that_lessons_use_is_shown() -> None:
    text = "\n".join((pages.DOCS / "components" / f"{name}.md").read_text(encoding="utf-8")
                     for name in GALLERY)
    text += "".join((pages.DOCS / f"{name}.md").read_text("utf-8")
                    for name in ("figures", "languages"))
    assert [name for name in offered if f"{name}(" not in text] == []


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", GALLERY)
def test_a_page_of_the_gallery(browser: Any, site: str, name: str, theme: str) -> None:
    size = {"width": 1280, "height": 900} if theme == "light" else {"width": 375, "height": 800}
    context = browser.new_context(color_scheme=theme, viewport=size)
    try:
        seen = Visit(context.new_page(), site)
        seen.page.goto(f"{site}components/{name}.html")
        seen.page.wait_for_selector("html[data-parts=drawn]")
        parts = seen.page.locator(".course-part")
        assert parts.count() >= 1
        assert parts.locator("section.cp").count() >= parts.count()
        assert seen.page.locator(".widget-subarea").count() == 0
        assert axe.found(seen.page) == []
        wide = seen.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0
        assert (seen.errors, seen.foreign) == ([], [])
    finally:
        context.close()

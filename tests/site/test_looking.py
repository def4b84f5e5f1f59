"""The built site in a browser: alive, alone, and without an error."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, served

from kit.model import Course

Tiny = tuple[Course, Path]
Look = Callable[..., Visit]


def test_no_page_asks_elsewhere_or_logs_an_error(tiny: Tiny, visit: Look) -> None:
    site = tiny[1]
    with served(site) as base:
        for path in sorted(site.rglob("*.html")):
            seen = visit(base, path.relative_to(site).as_posix())
            assert seen.foreign == [], path
            assert seen.errors == [], path


@pytest.mark.parametrize("way", ["http", "sub-path", "file"])
def test_widgets_and_formulas_are_drawn(
    tiny: Tiny, visit: Look, tmp_path: Path, way: str
) -> None:
    site = tiny[1]
    if way == "file":
        look(visit(f"file://{site}/", "lessons/numbers.html"))
        return
    if way == "sub-path":
        shutil.copytree(site, tmp_path / "a/course")
        (tmp_path / "index.html").write_text("up")
    with served(site if way == "http" else tmp_path) as base:
        name = "lessons/numbers.html"
        look(visit(base, name if way == "http" else f"a/course/{name}"))


def look(seen: Visit) -> None:
    page = seen.page
    page.wait_for_selector("html[data-widgets=drawn]")
    assert page.locator("mjx-container").count() == 2
    assert page.locator("text=state 2").is_visible()
    handle = page.locator(".noUi-handle")
    assert handle.get_attribute("aria-label") == "How many"
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=state 3")
    assert not page.locator("text=state 2").is_visible()
    assert seen.foreign == []
    assert seen.errors == []


@pytest.mark.parametrize("width", [
    375, *(pytest.param(width, marks=pytest.mark.slow) for width in (768, 1366))])
def test_no_page_scrolls_sideways(tiny: Tiny, visit: Look, width: int) -> None:
    site = tiny[1]
    with served(site) as base:
        for name in ("index.html", "lessons/numbers.html", "homework/ps1/doubling.html",
                     "schedule.html", "grading.html", "licences.html", "404.html"):
            page = visit(base, name, viewport={"width": width, "height": 800}).page
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, name


def test_the_theme_follows_the_system_and_the_reader(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "index.html", color_scheme="dark").page
        assert ground(page) == "rgb(20, 24, 28)"
        page.click("button.theme")
        assert ground(page) == "rgb(253, 253, 251)"
        page.goto(base + "syllabus.html")
        assert ground(page) == "rgb(253, 253, 251)"


def ground(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_search_finds_a_page(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        seen = visit(base, "index.html")
        seen.page.fill("nav.course input[type=search]", "formula")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_selector("#search-results a:has-text('Numbers first')")
        assert seen.errors == []


def test_search_lists_pages_over_file_and_says_when_there_are_none(
    tiny: Tiny, visit: Look
) -> None:
    seen = visit(f"file://{tiny[1]}/", "index.html")
    seen.page.fill("nav.course input[type=search]", "formula")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#search-results a:has-text('Numbers first')")
    seen.page.wait_for_selector("text=Found: 1")
    seen.page.fill("form.wide input", "xylophone")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("text=Nothing was found.")
    assert seen.errors == []


def test_a_search_shows_the_authors_words_and_no_legal_texts(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "search.html?q=run").page
        page.wait_for_selector("#search-results .context")
        text = page.locator("#search-results .context").first.inner_text()
        assert text.startswith("Nothing to run here.")
        assert "Edit this page" not in text
        page.goto(base + "search.html?q=merchantability")
        page.wait_for_selector("text=Nothing was found.")


def test_contents_open_and_close_on_a_phone(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "index.html", viewport={"width": 390, "height": 800}).page
        course = page.locator("nav.course")
        assert not course.is_visible()
        page.click("button.menu")
        assert course.is_visible()
        page.keyboard.press("Escape")
        assert not course.is_visible()


def test_pages_keep_the_rules_that_axe_found_broken(tiny: Tiny, visit: Look) -> None:
    rules = """() => ({
        noAlt: [...document.images].filter(i => !i.hasAttribute('alt')).length,
        lists: document.querySelectorAll('.citation-list[role=list]').length,
        heads: [...document.querySelectorAll('th')].filter(t => !t.textContent.trim()).length,
        unnamed: [...document.querySelectorAll('[role=slider],input,button,a[href]')].filter(
          e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).length,
        mains: document.querySelectorAll('main').length,
        titles: document.querySelectorAll('h1').length,
        language: document.documentElement.lang,
    })"""
    with served(tiny[1]) as base:
        for name in ("index.html", "lessons/numbers.html", "homework/ps1/doubling.html",
                     "schedule.html", "grading.html", "glossary.html"):
            assert visit(base, name).page.evaluate(rules) == {
                "noAlt": 0, "lists": 0, "heads": 0, "unnamed": 0, "mains": 1, "titles": 1,
                "language": "en"}, name

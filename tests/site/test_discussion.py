"""A lesson's discussion: nothing of its provider is loaded before a reader asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browser import Visit, served

from kit.model import Course

Tiny = tuple[Course, Path]
Look = Callable[..., Visit]
SCRIPT = "document.currentScript.after(Object.assign(document.createElement('p'), {id: 'talk'}))"


def asked(page: Any) -> list[str]:
    """The scripts that are asked for of the provider, which answers with one of ours."""
    found: list[str] = []

    def answer(route: Any) -> None:
        found.append(route.request.url)
        route.fulfill(content_type="text/javascript", body=SCRIPT,
                      headers={"Access-Control-Allow-Origin": "*"})

    page.route("https://utteranc.es/**", answer)
    return found


def test_it_is_loaded_when_a_reader_asks_and_not_before(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        seen = visit(base, "lessons/words.html", color_scheme="dark")
        page = seen.page
        found = asked(page)
        button = page.get_by_role("button", name="Show the discussion (loads from utteranc.es")
        assert (seen.foreign, found) == ([], [])
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#talk", state="attached")
        assert found == ["https://utteranc.es/client.js"]
        script = page.locator("script[src*=utteranc]")
        assert [script.get_attribute(name) for name in ("repo", "issue-term", "theme")] == [
            "example/tiny", "tiny: lessons/words", "github-dark"]
        assert button.count() == 0
        assert seen.errors == []


def test_without_a_network_the_page_says_so_and_stays_whole(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "lessons/words.html").page
        page.route("https://utteranc.es/**", lambda route: route.abort())
        button = page.get_by_role("button", name="Show the discussion")
        button.click()
        page.wait_for_selector("text=The discussion cannot be reached now.")
        assert button.is_enabled()
        link = page.get_by_role("link", name="GitHub")
        assert link.get_attribute("href") == "https://github.com/example/tiny/issues"


def test_only_pages_with_a_discussion_may_load_from_its_provider(tiny: Tiny) -> None:
    for path in tiny[1].rglob("*.html"):
        found = re.search(r'Content-Security-Policy" content="([^"]*)"', path.read_text())
        assert found
        lesson = path.parent.name == "lessons"
        assert ("utteranc.es" in found[1]) == lesson, path
        assert ("utteranc.es" in path.read_text()) == lesson, path

"""Terms of the glossary in a lesson: a link, and the definition on hover and focus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from browser import Visit, served

from kit.model import Course
from kit.site import build

Tiny = tuple[Course, Path]
Look = Callable[..., Visit]
TEXT = "What lies in the till & at the bank."


def test_a_definition_comes_by_pointer_and_keyboard_and_goes_by_escape(
    tiny: Tiny, visit: Look
) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "lessons/words.html", viewport={"width": 375, "height": 800}).page
        term, tip = page.locator("a[data-definition]"), page.locator(".definition")
        assert term.inner_text() == "cash"
        said = term.get_attribute("aria-describedby")
        assert page.locator(f"#{said}").text_content() == TEXT
        assert not tip.is_visible()
        term.hover()
        assert tip.inner_text() == TEXT
        box = tip.bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 375
        tip.hover()  # the pointer may go there, to select from it
        page.wait_for_timeout(300)
        assert tip.is_visible()
        page.keyboard.press("Escape")
        assert not tip.is_visible()
        page.locator("article p a").first.focus()
        page.keyboard.press("Tab")
        assert tip.is_visible()
        page.keyboard.press("Enter")
        page.wait_for_url("**/glossary.html#term-cash")
        assert page.locator("#term-cash").inner_text().startswith("cash")


def test_a_changed_definition_reaches_pages_that_did_not_change(copied: Course) -> None:
    path = copied.root / "glossary.md"
    path.write_text(path.read_text().replace("in the till", "in the <drawer>"))
    text = (build(copied, {}).folder / "lessons/words.html").read_text()
    assert 'data-definition="What lies in the &lt;drawer&gt; &amp; at the bank."' in text


def test_without_a_glossary_nothing_is_listed_and_the_term_is_told(copied: Course) -> None:
    (copied.root / "glossary.md").unlink()
    site = build(copied, {})
    assert not (site.folder / "glossary.html").exists()
    assert "terms.js" not in (site.folder / "lessons/words.html").read_text()
    assert any("cash" in line for line in site.warnings)

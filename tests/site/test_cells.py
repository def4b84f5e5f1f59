"""Cells that fold by a tag, and the button that copies code: by keyboard, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from browser import Visit, served
from playwright.sync_api import expect

from kit.model import Course

Tiny = tuple[Course, Path]
Look = Callable[..., Visit]


def test_folded_cells_open_by_keyboard(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "lessons/numbers.html").page
        main = page.locator("main")
        assert "output alone" in main.inner_text()
        assert 'print("output alone")' not in main.inner_text()
        for label, text in (("Show code cell source", 'print("its code is folded")'),
                            ("Show code cell output", "folded output")):
            fold = page.locator("details", has_text=label)
            inside = fold.get_by_text(text, exact=False).last
            assert not inside.is_visible()
            fold.locator("summary").focus()
            page.keyboard.press("Enter")
            assert inside.is_visible()
            box = fold.locator("summary").bounding_box()
            assert box
            assert box["height"] >= 44


def test_code_is_copied_by_keyboard(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "lessons/numbers.html",
                     permissions=["clipboard-read", "clipboard-write"]).page
        button = page.get_by_role("button", name="Copy to clipboard").first
        button.wait_for(state="attached")
        page.locator("div.highlight pre").first.evaluate("code => { code.tabIndex = 0; "
                                                         "code.focus(); }")
        page.keyboard.press("Tab")
        assert button.evaluate("button => button === document.activeElement")
        expect(button).to_have_css("opacity", "1")
        expect(button).to_have_css("outline-style", "solid")
        page.keyboard.press("Enter")
        page.wait_for_selector("button.copybtn.success")
        assert "DictReader" in page.evaluate("navigator.clipboard.readText()")


def test_on_a_touch_screen_the_button_can_be_seen(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "lessons/numbers.html", has_touch=True, is_mobile=True).page
        button = page.get_by_role("button", name="Copy to clipboard").first
        button.wait_for(state="attached")
        assert button.evaluate("button => getComputedStyle(button).opacity") == "1"

"""Hints on a page: one at a time, kept over a reload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser import Visit

from kit.lesson import hints


def three() -> Any:
    return hints("Stuck with the entry?", ["Which **two** accounts move?", "Which one grows?",
                                           "A loan grows on the credit side."])


def test_they_open_one_by_one_and_the_button_counts(opened: Callable[..., Visit]) -> None:
    page = opened([three()]).page
    part = page.get_by_role("region", name="Stuck with the entry?")
    assert "accounts move" not in part.inner_text()
    page.get_by_role("button", name="Hint 1 of 3").click()
    assert "Which two accounts move?" in part.inner_text()
    assert "Which one grows?" not in part.inner_text()
    assert "Hints, 1 of 3 open" in part.inner_text()
    page.get_by_role("button", name="Hint 2 of 3").click()
    page.get_by_role("button", name="Hint 3 of 3").click()
    assert "credit side" in part.inner_text()
    assert page.get_by_role("button").count() == 0


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([three()]).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    part = page.get_by_role("region")
    assert "Which one grows?" in part.inner_text()
    assert "credit side" not in part.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "credit side" in page.evaluate("document.activeElement.innerText")


def test_what_opens_is_read_out(opened: Callable[..., Visit]) -> None:
    page = opened([three()]).page
    page.get_by_role("button", name="Hint 1 of 3").click()
    assert page.locator("[aria-live=polite]", has_text="accounts move").count() == 1


def test_from_a_file_they_open_too(opened: Callable[..., Visit]) -> None:
    page = opened([three()], over="file").page
    page.get_by_role("button", name="Hint 1 of 3").click()
    assert "accounts move" in page.get_by_role("region").inner_text()


def test_without_scripts_each_is_folded(opened: Callable[..., Visit]) -> None:
    page = opened([three()], java_script_enabled=False).page
    assert not page.get_by_text("Which one grows?").is_visible()
    page.get_by_text("Hint 2").click()
    assert page.get_by_text("Which one grows?").is_visible()
    assert not page.get_by_text("credit side").is_visible()

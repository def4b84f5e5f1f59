"""Flashcards on a page: they go round until all are known, and count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser import Visit

from kit.lesson import quiz

CARDS = {"Accrual": "Earned counts.", "Deferral": "Cash came first.", "Contra": "Subtracted."}


def cards() -> Any:
    return quiz("Say it first.", cards=CARDS, id="cards")


def front(page: Any) -> str:
    text: str = page.locator(".cp-card > :first-child").inner_text()
    return text


def turn(page: Any, known: bool) -> None:
    page.get_by_role("button", name="Turn over").click()
    page.get_by_role("button", name="Knew it" if known else "Again").click()


def test_the_back_is_seen_after_turning_and_only_then(opened: Callable[..., Visit]) -> None:
    page = opened([cards()]).page
    part = page.get_by_role("region", name="Say it first.")
    assert front(page) == "Accrual"
    assert "Earned counts." not in part.inner_text()
    assert page.get_by_role("button", name="Knew it").count() == 0
    page.get_by_role("button", name="Turn over").click()
    assert "Earned counts." in part.inner_text()
    assert "Known: 0 of 3. Turns: 1." in part.inner_text()
    page.get_by_role("button", name="Knew it").click()
    assert front(page) == "Deferral"
    assert "Cash came first." not in part.inner_text()
    assert "Known: 1 of 3." in part.inner_text()


def test_they_go_round_until_all_are_known(opened: Callable[..., Visit]) -> None:
    page = opened([cards()]).page
    part = page.locator("section.cp")
    seen = []
    for known in (False, True, False, True, False, True):
        seen.append(front(page))
        assert part.get_attribute("data-state") == "open"
        turn(page, known)
    assert seen == ["Accrual", "Deferral", "Contra", "Accrual", "Contra", "Contra"]
    assert part.get_attribute("data-state") == "right"
    assert "You know all 3, 1 of them at once." in part.inner_text()
    assert "Known: 3 of 3. Turns: 6." in part.inner_text()
    page.get_by_role("button", name="Go round again").click()
    assert front(page) == "Accrual"
    assert "Known: 0 of 3. Turns: 0." in part.inner_text()
    kept = page.evaluate("JSON.parse(localStorage.getItem('tiny:index:cards'))")
    assert kept["right"] is True  # they were all known once


def test_by_keyboard_alone_the_focus_is_where_one_goes_on(opened: Callable[..., Visit]) -> None:
    page = opened([cards()]).page
    page.keyboard.press("Tab")
    for _ in range(3):
        assert page.locator(":focus").inner_text() == "Turn over"
        page.keyboard.press("Enter")
        assert page.locator(":focus").inner_text() == "Knew it"
        page.keyboard.press("Space")
    assert page.locator(":focus").inner_text() == "Go round again"
    assert "You know all 3, 3 of them at once." in page.locator("section.cp").inner_text()


def test_a_reload_goes_on_with_the_card_and_the_counts(opened: Callable[..., Visit]) -> None:
    page = opened([cards()], over="file").page
    turn(page, True)
    turn(page, False)
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert front(page) == "Contra"
    assert "Known: 1 of 3. Turns: 2." in page.locator("section.cp").inner_text()
    turn(page, True)
    assert front(page) == "Deferral"


def test_without_scripts_fronts_and_backs_stand_there(opened: Callable[..., Visit]) -> None:
    page = opened([cards()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    assert [one for pair in CARDS.items() for one in pair if one not in text] == []

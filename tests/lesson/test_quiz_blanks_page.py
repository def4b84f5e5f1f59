"""A sentence with blanks on a page: texts and numbers as people type them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit

from kit.lesson import misconception, quiz

SENTENCE = "The office pays.\n\nDebit {account}, credit **{other}** {amount}."


def entry() -> Any:
    return quiz(SENTENCE, blanks={"account": "Cash", "amount": 4000, "other": ["Revenue", "Sales"]},
                wrong={("other", "Cash"): misconception("cash on both sides", "Where from?"),
                       ("amount", 400): "How many zeros?"},
                tolerance=0.5, why="In, and from where.", otherwise="Read it aloud.", id="entry")


def fill(page: Any, *answers: str) -> None:
    for place, answer in enumerate(answers, 1):
        page.get_by_label(f"Blank {place} of 3").fill(answer)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("answers", [
    ("Cash", "Revenue", "4000"), (" cash. ", "SALES", "4,000"), ("ＣＡＳＨ", "sales", "4 000.4"),
])
def test_right_answers_as_people_type_them(
    opened: Callable[..., Visit], answers: tuple[str, ...]
) -> None:
    page = opened([entry()]).page
    part = page.get_by_role("region", name="The office pays.")
    fill(page, *answers)
    assert part.get_attribute("data-state") == "right"
    assert "Right blanks: 3 of 3." in part.inner_text()
    assert "In, and from where." in part.inner_text()


def test_known_wrong_answers_are_each_told_why(opened: Callable[..., Visit]) -> None:
    page = opened([entry()]).page
    part = page.locator("section.cp")
    fill(page, "cash", "CASH", "400")
    assert part.get_attribute("data-state") == "part"
    assert part.locator(".cp-said").inner_text().split("\n\n") == [
        "Right blanks: 1 of 3.", "Cash: Where from?", "A common mix-up: cash on both sides.",
        "400: How many zeros?"]
    fill(page, "x", "y", "5")
    assert part.get_attribute("data-state") == "wrong"
    assert "Read it aloud." in part.inner_text()
    kept = page.evaluate("JSON.parse(localStorage.getItem('tiny:index:entry'))")
    assert kept["misconceptions"] == ["cash on both sides"]
    assert kept["given"] == ["x", "y", 5]


@pytest.mark.parametrize(("answers", "focused"), [
    (("Cash", " ", "4000"), 2), (("Cash", "Revenue", "much"), 3),
])
def test_what_is_missing_or_no_number_is_asked_for(
    opened: Callable[..., Visit], answers: tuple[str, ...], focused: int
) -> None:
    page = opened([entry()]).page
    fill(page, *answers)
    part = page.locator("section.cp")
    assert "Fill in every blank first, a number such as 1,500" in part.inner_text()
    assert part.get_attribute("data-state") == "open"
    assert page.locator(":focus").get_attribute("aria-label") == f"Blank {focused} of 3"


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([entry()], over="file").page
    for answer in ("Cash", '<b onclick="x">', "400"):
        page.keyboard.press("Tab")
        page.keyboard.type(answer)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.get_by_label("Blank 2 of 3").input_value() == '<b onclick="x">'
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "part"
    assert "How many zeros?" in part.inner_text()
    assert part.locator("b").count() == 0


def test_a_blank_may_take_a_number_or_a_word(opened: Callable[..., Visit]) -> None:
    page = opened([quiz("The effect is {x}.", blanks={"x": [0, "none"]})]).page
    for typed, state in (("0.00", "right"), ("1", "wrong"), ("None", "right"), ("some", "wrong")):
        page.get_by_label("Blank 1 of 1").fill(typed)
        page.keyboard.press("Enter")
        assert page.locator("section.cp").get_attribute("data-state") == state


def test_without_scripts_the_sentence_stands_there(opened: Callable[..., Visit]) -> None:
    page = opened([entry()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    assert "The office pays." in text
    assert "Debit ____________, credit ____________ ____________." in text
    assert "Cash" not in page.content()

"""A solution on a page: it opens after an attempt, which stays beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit

from kit.lesson import quiz, solution

ASKED = "Write both lines first"


def lines() -> Any:
    return solution("Compare", "Dr Receivable 4,000\n\n**Cr Revenue** 4,000", attempt=ASKED)


def test_it_opens_after_an_attempt_of_some_words(opened: Callable[..., Visit]) -> None:
    page = opened([lines()]).page
    part = page.get_by_role("region", name="Compare")
    page.get_by_role("button", name="Show the solution").click()
    assert "after a try of your own" in part.inner_text()
    page.get_by_label(ASKED).fill("cash cash CASH, cash")
    page.get_by_role("button", name="Show the solution").click()
    assert "3 different words or more" in part.inner_text()
    assert "Dr Receivable" not in part.inner_text()
    page.get_by_label(ASKED).fill("Dr Cash 4,000\n  Cr Revenue 4,000")
    page.get_by_role("button", name="Show the solution").click()
    assert "Dr Receivable" in part.inner_text()
    assert "Dr Cash 4,000\n  Cr Revenue 4,000" in part.inner_text()
    assert "Solution, open" in part.inner_text()


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([lines()]).page
    page.keyboard.press("Tab")
    page.keyboard.type("Debit <b>cash</b>, credit revenue")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "Dr Receivable" in page.evaluate("document.activeElement.innerText")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    part = page.get_by_role("region")
    assert "Dr Receivable" in part.inner_text()
    assert "Debit <b>cash</b>, credit revenue" in part.inner_text()


def test_a_draft_is_kept_too(opened: Callable[..., Visit]) -> None:
    page = opened([lines()]).page
    page.get_by_label(ASKED).fill("Debit what?")
    page.get_by_label(ASKED).blur()
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.get_by_label(ASKED).input_value() == "Debit what?"
    assert "Dr Receivable" not in page.get_by_role("region").inner_text()


def test_it_opens_when_another_component_is_answered(opened: Callable[..., Visit]) -> None:
    first = quiz("The profit?", right=1500, id="first")
    page = opened([first, quiz("And cash?", right=500), solution("Compare", "1,500", after=first)]
                  ).page
    part = page.get_by_role("region", name="Compare")
    assert part.get_by_role("textbox").count() == 0
    for at in (1, 0):
        assert "1,500" not in part.inner_text()
        page.get_by_label("Your answer").nth(at).fill("7")
        page.keyboard.press("Enter")
    assert "1,500" in part.inner_text()
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert "1,500" in part.inner_text()


def test_where_the_other_component_is_missing_an_attempt_opens_it(
    opened: Callable[..., Visit]
) -> None:
    page = opened([solution("Compare", "1,500", after="elsewhere")]).page
    page.get_by_role("textbox").fill("It is 1,500")
    page.get_by_role("button").click()
    assert "The solution" in page.get_by_role("region").inner_text()


def test_from_a_file_it_opens_too(opened: Callable[..., Visit]) -> None:
    page = opened([lines()], over="file").page
    page.get_by_label(ASKED).fill("Cash and revenue")
    page.get_by_role("button").click()
    assert "Dr Receivable" in page.get_by_role("region").inner_text()


def test_without_scripts_it_is_folded(opened: Callable[..., Visit]) -> None:
    page = opened([lines()], java_script_enabled=False).page
    assert not page.get_by_text("Dr Receivable").is_visible()
    page.get_by_text("The solution").click()
    assert page.get_by_text("Dr Receivable").is_visible()


@pytest.mark.parametrize(("width", "beside"), [(375, False), (1200, True)])
def test_attempt_and_solution_stand_side_by_side_where_there_is_room(
    opened: Callable[..., Visit], width: int, beside: bool
) -> None:
    page = opened([lines()], viewport={"width": width, "height": 800}).page
    page.get_by_label(ASKED).fill("Cash and revenue")
    page.get_by_role("button").click()
    own, other = (page.get_by_text(text).bounding_box()
                  for text in ("Your attempt", "The solution"))
    assert (own["y"] == other["y"]) is beside
    assert page.evaluate("document.documentElement.scrollWidth") <= width

"""A quiz on a page: by mouse and by keyboard, right and wrong, kept over a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser import Visit

from kit.lesson import misconception, quiz
from kit.lesson.component import page_script

ONE = {"Yes": "Look in the account that you would **pay** from.", "No": "There is only 12 of cash."}
SOME = {"Cash": "It is hers.", "A loan": "It is owed.", "A bill": "Somebody owes it to her."}


def choice() -> object:
    return quiz("Can she pay <b>50</b>?", ONE, right="No")


def test_a_wrong_choice_is_told_why_and_a_right_one_turns_it(opened: Callable[..., Visit]) -> None:
    page = opened([choice()]).page
    part = page.get_by_role("region", name="Can she pay <b>50</b>?")
    assert part.get_attribute("data-state") == "open"
    page.get_by_role("button", name="Check").click()
    assert "Choose an answer first." in part.inner_text()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Check").click()
    assert part.get_attribute("data-state") == "wrong"
    assert "Look in the account" in part.inner_text()
    assert "only 12" not in part.inner_text()
    page.get_by_label("No").check()
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert "only 12" in part.inner_text()
    assert "Look in the account" not in part.inner_text()


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([choice()]).page
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the second one
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "wrong"
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "wrong"
    assert "Look in the account" in part.inner_text()
    assert page.get_by_label("Yes").is_checked()


def test_several_are_counted_and_not_named(opened: Callable[..., Visit]) -> None:
    page = opened([quiz("Which are assets?", SOME, right=["Cash", "A bill"])]).page
    page.get_by_label("Cash").check()
    page.get_by_label("A loan").check()
    page.get_by_role("button", name="Check").click()
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "part"
    assert "1 of your 2 does not belong here; 1 more is right." in part.inner_text()
    page.get_by_label("A loan").uncheck()
    page.get_by_label("A bill").check()
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"


@pytest.mark.parametrize(("typed", "state", "told"), [
    ("1500", "right", "less 2,500"), ("1,500.4", "right", "less 2,500"),
    ("6 500", "wrong", "You added"), ("−1500", "wrong", "Which is larger?"),
    ("7", "wrong", "What did you start from?"), ("much", "open", "Type a number"),
])
def test_a_number_as_people_type_it(
    opened: Callable[..., Visit], typed: str, state: str, told: str
) -> None:
    page = opened([quiz("The profit?", right=1500, tolerance=0.5, why="4,000 less 2,500",
                        wrong={6500: "You added.", -1500: "Which is larger?"})]).page
    page.get_by_label("Your answer").fill(typed)
    page.keyboard.press("Enter")
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == state
    assert told in part.inner_text()


def test_what_a_learner_types_is_never_markup(opened: Callable[..., Visit]) -> None:
    page = opened([quiz("The profit?", right=1500)]).page
    page.get_by_label("Your answer").fill('"><img src=x onerror=alert(1)>')
    page.keyboard.press("Enter")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.locator("section.cp img").count() == 0


def test_from_a_file_it_answers_too(opened: Callable[..., Visit]) -> None:
    page = opened([choice()], over="file").page
    page.get_by_label("No").check()
    page.get_by_role("button", name="Check").click()
    assert page.locator("section.cp").get_attribute("data-state") == "right"


def test_without_scripts_question_and_options_stand_there(opened: Callable[..., Visit]) -> None:
    page = opened([choice()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    assert "Can she pay <b>50</b>?" in text
    assert "Yes" in text
    assert "Look in the account" not in page.content()


def test_the_answer_cannot_be_read_in_the_source_of_the_page(opened: Callable[..., Visit]) -> None:
    visit = opened([choice()], java_script_enabled=False)
    assert "There is only 12 of cash" not in visit.page.content()


def test_a_misconception_is_named_below_its_reason_and_kept(opened: Callable[..., Visit]) -> None:
    page = opened([quiz("Q?", {"A": misconception("cash is profit", "Is it earned?"), "B": "Yes."},
                        right="B", id="named")]).page
    for choice_made, button in (("A", "Check"), ("A", "Check again"), ("B", "Check again")):
        page.get_by_label(choice_made).check()
        page.get_by_role("button", name=button, exact=True).click()
        shown = "A common mix-up: cash is profit." in page.locator("section.cp").inner_text()
        assert shown == (choice_made == "A")
    kept = page.evaluate("JSON.parse(localStorage.getItem('tiny:index:named'))")
    assert (kept["misconceptions"], kept["right"], kept["tries"]) == (["cash is profit"], True, 3)


def test_the_script_of_all_forms_is_small() -> None:
    assert len(page_script("quiz").encode()) < 9100


def test_the_unit_that_is_asked_for_may_be_typed_too(opened: Callable[..., Visit]) -> None:
    page = opened([quiz("How many?", right=61, unit="%", wrong={0.61: "As a percentage?"}),
                   quiz("How long?", right=24, unit="minutes")]).page
    for place, typed in enumerate(("61 %", "24 minutes")):
        part = page.locator("section.cp").nth(place)
        part.get_by_label("Your answer").fill(typed)
        part.get_by_role("button", name="Check").click()
        assert part.get_attribute("data-state") == "right", typed
    first = page.locator("section.cp").first
    first.get_by_label("Your answer").fill("0.61")
    first.get_by_role("button", name="Check").click()
    assert "As a percentage?" in first.inner_text()

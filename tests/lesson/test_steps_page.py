"""A worked example on a page: step by step, fading over rounds, kept over a reload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit

from kit.lesson import step, steps

LEFT = "1,600 is what is **left**. What was used up?"


def adjust() -> Any:
    return steps("Insurance of 2,400 a year, 4 months used", [
        ("What does a month cost?", 200),
        step("Which account grows?", "Insurance expense", why="It was used up.",
             wrong={"Prepaid insurance": "That one shrinks. Where does it go?"}),
        ("By how much?", 800, {1600: LEFT}),
    ], blank=2)


def fading() -> Any:
    def worked(cost: int, months: int) -> list[Any]:
        return [("A month costs", cost // 12), ("Used up", cost // 12 * months)]

    return steps("Adjust", rounds=[("2,400, 4 months", worked(2400, 4)),
                                   ("1,200, 3 months", worked(1200, 3)),
                                   ("3,600, 5 months", worked(3600, 5))])


def again(page: Any) -> Any:
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    return page.get_by_role("region")


def test_the_blank_steps_open_one_after_the_other(opened: Callable[..., Visit]) -> None:
    page = opened([adjust()]).page
    part = page.get_by_role("region", name="Insurance of 2,400 a year, 4 months used")
    assert "200" in part.inner_text()
    assert page.get_by_label("By how much?").is_disabled()
    page.get_by_label("Which account grows?").fill("prepaid  INSURANCE.")
    page.get_by_role("button", name="Check").click()
    assert part.get_attribute("data-state") == "wrong"
    assert "That one shrinks" in part.inner_text()
    page.get_by_label("Which account grows?").fill("insurance expense")
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "part"
    assert "It was used up." in part.inner_text()
    assert "That one shrinks" not in part.inner_text()
    assert "1 of 2 steps done" in part.inner_text()
    page.get_by_label("By how much?").fill("1600")
    page.get_by_role("button", name="Check").click()
    assert "what is left" in part.inner_text()
    page.get_by_label("By how much?").fill("800.0")
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert page.get_by_role("button").count() == 0


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([adjust()]).page
    page.keyboard.press("Tab")
    page.keyboard.type("Insurance expense")
    page.keyboard.press("Enter")  # and on in the next step
    page.keyboard.type("1,600")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    part = again(page)
    assert part.get_attribute("data-state") == "wrong"
    assert "yours, right" in part.inner_text()
    assert "what is left" in part.inner_text()
    assert page.get_by_label("By how much?").input_value() == "1,600"
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("800")
    page.keyboard.press("Enter")
    assert part.get_attribute("data-state") == "right"
    assert "800" in page.evaluate("document.activeElement.innerText")
    assert again(page).get_attribute("data-state") == "right"


def test_after_two_tries_a_step_can_be_shown_and_is_not_right(opened: Callable[..., Visit]) -> None:
    page = opened([steps("Profit", [("4,000 less 2,500", 1500)])]).page
    part = page.get_by_role("region")
    for tried in ("much", "6500", "2500"):
        assert page.get_by_role("button", name="Show this step").count() == 0
        page.get_by_role("textbox").fill(tried)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Show this step").click()
    for _ in range(2):
        assert "1,500" in part.inner_text()
        assert "done, 1 shown" in part.inner_text()
        assert part.get_attribute("data-state") == "part"
        part = again(page)


def test_rounds_fade_and_open_when_the_one_before_is_done(opened: Callable[..., Visit]) -> None:
    page = opened([fading()]).page
    part = page.get_by_role("region")
    assert "Round 1 of 3, an example" in part.inner_text()
    assert "1,200, 3 months" not in part.inner_text()
    page.get_by_role("button", name="Next: the last step is yours").click()
    assert "Round 2 of 3" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Tab")
    page.keyboard.type("300")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Next: on your own"
    page.keyboard.press("Enter")
    assert page.get_by_label("Used up").is_disabled()
    page.get_by_label("A month costs").fill("300")
    page.keyboard.press("Enter")
    part = again(page)
    assert "Round 3 of 3, on your own" in part.inner_text()
    page.get_by_label("Used up").fill("1500")
    page.keyboard.press("Enter")
    assert part.get_attribute("data-state") == "right"


def test_who_skips_ahead_and_gets_the_last_alone_is_done(opened: Callable[..., Visit]) -> None:
    page = opened([fading()]).page
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Skip ahead").click()
    for label, typed in (("A month costs", "300"), ("Used up", "1500")):
        page.get_by_label(label).last.fill(typed)
        page.keyboard.press("Enter")
    assert page.get_by_role("region").get_attribute("data-state") == "right"
    assert page.get_by_role("button", name="Check").count() == 1  # of the round skipped


@pytest.mark.parametrize("typed", ['"><img src=x onerror=alert(1)>', "<b>800</b>"])
def test_what_a_learner_types_is_never_markup(opened: Callable[..., Visit], typed: str) -> None:
    page = opened([adjust()]).page
    page.get_by_label("Which account grows?").fill(typed)
    page.keyboard.press("Enter")
    part = again(page)
    assert part.locator("img, li b").count() == 0
    assert page.get_by_label("Which account grows?").input_value() == typed


def test_from_a_file_it_checks_too(opened: Callable[..., Visit]) -> None:
    page = opened([adjust()], over="file").page
    page.get_by_label("Which account grows?").fill("Insurance expense")
    page.keyboard.press("Enter")
    assert page.get_by_role("region").get_attribute("data-state") == "part"


def test_without_scripts_the_worked_steps_stand_there(opened: Callable[..., Visit]) -> None:
    page = opened([adjust()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    assert "200" in text
    assert "By how much?" in text
    assert "what is left" not in page.content()


@pytest.mark.parametrize("width", [375, 1200])
def test_fields_and_buttons_are_large_and_nothing_is_cut_off(
    opened: Callable[..., Visit], width: int
) -> None:
    page = opened([adjust(), fading()], viewport={"width": width, "height": 800}).page
    for found in page.locator("section.cp :is(button, input)").all():
        box = found.bounding_box()
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= width

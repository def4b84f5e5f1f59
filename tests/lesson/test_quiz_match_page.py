"""Items matched with options on a page: by selects, with a reason beside a pair that is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser import Visit

from kit.lesson import misconception, quiz

PAIRS = {"Cash": "asset", "A loan": "liability", "Unearned revenue": "liability"}
KNOWN = {("Unearned revenue", "revenue"): misconception("unearned is earned", "What is owed?")}


def kinds() -> Any:
    return quiz("Which kind?", match=PAIRS, extra=["revenue"], wrong=KNOWN, id="kinds",
                why="What is owed is a liability.", otherwise="Who has a claim?")


def choose(page: Any, *options: str) -> None:
    for name, option in zip(PAIRS, options, strict=True):
        page.get_by_label(name).select_option(option)


def test_all_are_chosen_before_any_is_judged(opened: Callable[..., Visit]) -> None:
    page = opened([kinds()]).page
    page.get_by_label("Cash").select_option("asset")
    page.get_by_role("button", name="Check").click()
    part = page.locator("section.cp")
    assert "Choose one for each first." in part.inner_text()
    assert part.get_attribute("data-state") == "open"


def test_a_known_pair_is_told_why_and_a_right_one_turns_it(opened: Callable[..., Visit]) -> None:
    page = opened([kinds()]).page
    part = page.locator("section.cp")
    choose(page, "asset", "liability", "revenue")
    page.get_by_role("button", name="Check").click()
    assert part.get_attribute("data-state") == "part"
    assert "Right pairs: 2 of 3." in part.inner_text()
    beside = page.locator("label", has_text="Unearned revenue").locator("+ .cp-said")
    assert beside.inner_text().split("\n\n") == [
        "What is owed?", "A common mix-up: unearned is earned."]
    assert "Who has a claim?" not in part.inner_text()
    choose(page, "asset", "liability", "liability")
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert "What is owed is a liability." in part.inner_text()
    assert beside.inner_text() == ""
    kept = page.evaluate("JSON.parse(localStorage.getItem('tiny:index:kinds'))")
    assert kept["misconceptions"] == ["unearned is earned"]  # what was shown once is not undone


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([kinds()], over="file").page
    for letter in "lrr":  # the first letter of an option chooses it
        page.keyboard.press("Tab")
        page.keyboard.press(letter)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "wrong"
    assert "What is owed?" in part.inner_text()
    chosen = [one.evaluate("one => one.selectedOptions[0].text") for one in
              page.locator("select").all()]
    assert chosen == ["liability", "revenue", "revenue"]


def test_another_wrong_pair_is_asked_what_the_author_says(opened: Callable[..., Visit]) -> None:
    page = opened([kinds()]).page
    choose(page, "asset", "liability", "asset")
    page.get_by_role("button", name="Check").click()
    assert "Who has a claim?" in page.locator("section.cp").inner_text()


def test_on_a_phone_an_item_stands_above_its_options(opened: Callable[..., Visit]) -> None:
    page = opened([kinds()], viewport={"width": 375, "height": 800}).page
    row = page.locator(".cp-match").first
    item, select = (row.locator(tag).bounding_box() for tag in ("span", "select"))
    assert item["y"] + item["height"] <= select["y"]
    assert abs(item["x"] - select["x"]) < 1

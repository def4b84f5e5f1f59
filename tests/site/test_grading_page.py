"""The calculator on the grading page: the sums of the gradebook, and nothing is kept."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, served
from playwright.sync_api import expect

from kit.course.weighing import course_percent, needed
from kit.model import Course, Group

Tiny = tuple[Course, Path]
Look = Callable[..., Visit]

ASK = """(cases) => cases.map(({groups, items, toCome, least}) => [
    courseGrades.percentOf(groups, items), courseGrades.needed(groups, items, toCome, least)])"""


def cases(count: int) -> list[dict[str, Any]]:
    chance = random.Random(2027)
    made = []
    for _ in range(count):
        groups = [{"weight": chance.choice([0, 5, 12.5, 33, 60]), "drop": chance.randrange(3)}
                  for _ in range(chance.randint(1, 4))]
        items = [[chance.choice([0, 100, chance.randrange(1001) / 10, chance.random() * 100])
                  for _ in range(chance.randrange(5))] for _ in groups]
        made.append({"groups": groups, "items": items, "least": chance.choice([50, 66.6, 80, 90]),
                     "toCome": [chance.randrange(3) for _ in groups]})
    return made


def ours(case: dict[str, Any]) -> tuple[float | None, float | None]:
    groups = [Group(name=str(place), title="", weight=one["weight"], drop=one["drop"])
              for place, one in enumerate(case["groups"])]
    percents = {str(place): {str(n): percent for n, percent in enumerate(items)}
                for place, items in enumerate(case["items"])}
    to_come = {str(place): count for place, count in enumerate(case["toCome"])}
    return (course_percent(groups, percents), needed(groups, percents, to_come, case["least"]))


def test_the_browser_works_out_what_the_gradebook_does(tiny: Tiny, visit: Look) -> None:
    made = cases(2000)
    with served(tiny[1]) as base:
        theirs = visit(base, "grading.html").page.evaluate(ASK, made)
    known = [ours(case) for case in made]
    assert [need for _, need in theirs] == [need for _, need in known]
    assert [percent for percent, _ in theirs] == [
        None if percent is None else pytest.approx(percent) for percent, _ in known]
    needs = {need for _, need in known}
    assert len(needs) > 100
    assert None in needs
    assert 0 in needs


def test_a_reader_asks_by_keyboard_and_nothing_is_kept(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        seen = visit(base, "grading.html")
        page = seen.page
        first, second = page.get_by_label("Problem set 1"), page.get_by_label("Problem set 2")
        assert "For A you need 90% on each of the rest" in said(page)
        first.focus()
        page.keyboard.type("85.5")
        assert "So far 85.5%" in said(page)
        assert "If the rest brings nothing 42.8%" in said(page)
        assert "For A you need 94.5% on the last one" in said(page)
        page.keyboard.press("Tab")
        assert second.evaluate("field => field === document.activeElement")
        page.keyboard.type("80")
        assert said(page) == "The course 82.8% Grade B"
        page.keyboard.type("0")
        assert said(page) == "A percent is a number from 0 to 100."
        assert second.get_attribute("aria-invalid") == "true"
        page.keyboard.press("Backspace")
        page.keyboard.press("Enter")
        assert said(page) == "The course 82.8% Grade B"
        kept = page.evaluate(
            "[JSON.stringify({...localStorage}), document.cookie, location.pathname,"
            " location.search, location.hash]")  # a port may have an 85 in it
        assert not any("85" in one for one in kept)
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("form.grades output")).not_to_contain_text("82.8")
        assert (first.input_value(), second.input_value()) == ("", "")
        assert (seen.foreign, seen.errors) == ([], [])


def said(page: Any) -> str:
    return " ".join(page.locator("form.grades output").inner_text().split())


def test_without_scripts_the_page_says_why_there_is_no_calculator(
    tiny: Tiny, visit: Look
) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "grading.html", java_script_enabled=False).page
        assert not page.locator("form.grades").is_visible()
        assert "The calculator needs JavaScript" in page.locator("main").inner_text()

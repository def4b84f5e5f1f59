"""A prediction on a page: locked before the outcome shows, explained, compared, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit

from kit.lesson import bars, predict
from kit.lesson.component import notebook_script

WAYS = {"It goes up": "Was it **earned** in April?", "It stays": "An asset becomes another."}


class Table:
    """An outcome that shows itself as HTML."""

    def _repr_html_(self) -> str:
        return "<table><tr><td>Earned less used up</td></tr></table>"


def profit() -> Any:
    return predict("What was her profit?", was=1500, unit="euro", tolerance=5, outcome=Table(),
                   wrong={-4500: "You took the machine as a cost.", (7000, 20000): "Far up."},
                   because="She **earned** 4,000.")


def share() -> Any:
    return predict("How many are ill?", was=10, axis=(0, 100), tolerance=3, unit="%",
                   why="Most are healthy.", wrong={(80, 100): "Of the ill, you said."})


def choice() -> Any:
    return predict("A bill of March is paid in April. April's profit?", WAYS, was="It stays")


def lock(page: Any) -> None:
    page.get_by_role("button", name="Lock my prediction").click()


def again(page: Any) -> Any:
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    return page.locator("section.cp")


def figures(part: Any) -> list[str]:
    return [text.replace("\xa0", " ") for text in part.locator(".cp-verdict dd").all_inner_texts()]


def test_the_outcome_shows_only_once_something_is_predicted(opened: Callable[..., Visit]) -> None:
    page = opened([profit()]).page
    part = page.get_by_role("region", name="What was her profit?")
    lock(page)
    assert "Type a number" in part.inner_text()
    assert "Earned less used up" not in page.content()
    page.get_by_label("Your prediction, in euro").fill("−4,500")
    assert "Earned less used up" not in page.content()
    lock(page)
    assert "Earned less used up" in part.inner_text()
    assert figures(part) == ["−4,500 euro", "1,500 euro"]
    assert part.get_attribute("data-state") == "wrong"
    assert "Prediction, locked" in part.inner_text()
    assert "You took the machine as a cost." in part.inner_text()
    assert page.get_by_role("button", name="Lock my prediction").count() == 0
    assert part.locator("input").count() == 0


@pytest.mark.parametrize(("typed", "state", "told"), [
    ("1500", "right", "It came out as you said."), ("1500 euro", "right", "as you said"),
    ("1,503", "right", "Your prediction holds: it is within 5"),
    ("8000", "wrong", "Far up."), ("500", "wrong", "It was 1,000 more than you said. What did you"),
    ("1 600,5", "wrong", "It was 100.5 less than you said."),
])
def test_each_number_is_told_what_it_needs(
    opened: Callable[..., Visit], typed: str, state: str, told: str
) -> None:
    page = opened([profit()]).page
    page.get_by_role("textbox").fill(typed)
    page.keyboard.press("Enter")
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == state
    assert told in part.inner_text()
    asked = "Why did it come out so?" if state == "right" else "Explain the difference"
    assert asked in part.inner_text()


def test_sentences_are_kept_and_then_compared(opened: Callable[..., Visit]) -> None:
    page = opened([profit()]).page
    page.get_by_role("textbox").fill("-4500")
    page.keyboard.press("Enter")
    part = page.locator("section.cp")
    page.get_by_role("button", name="Keep my explanation").click()
    assert "Write a sentence first." in part.inner_text()
    assert "She earned 4,000." not in part.inner_text()
    words = 'I took <img src=x onerror="alert(1)"> it\nas a cost.'
    page.get_by_label("Explain the difference").fill(words)
    page.get_by_role("button", name="Keep my explanation").click()
    for _ in range(2):
        assert part.locator(".cp-own").inner_text() == words
        assert "She earned 4,000." in part.inner_text()
        assert part.locator("img").count() == 0
        part = again(page)
    page.get_by_role("button", name="Change my words").click()
    page.get_by_label("Explain the difference").fill("It is still there.")
    page.get_by_role("button", name="Keep my explanation").click()
    assert again(page).locator(".cp-own").inner_text() == "It is still there."


def test_a_sentence_begun_is_there_after_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([profit()]).page
    page.get_by_role("textbox").fill("7")
    page.keyboard.press("Enter")
    page.get_by_label("Explain the difference").fill("Half a sen")
    page.keyboard.press("Tab")
    part = again(page)
    assert part.locator("textarea").input_value() == "Half a sen"
    assert figures(part) == ["7 euro", "1,500 euro"]
    assert "She earned" not in part.inner_text()


def test_by_keyboard_alone_with_the_focus_where_one_is(opened: Callable[..., Visit]) -> None:
    page = opened([choice()]).page
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    part = page.locator("section.cp")
    assert figures(part) == ["It goes up", "It stays"]
    assert "Was it earned in April?" in part.inner_text()
    assert "An asset becomes another." not in part.inner_text()
    assert page.evaluate("document.activeElement.className") == "cp-revealed"
    page.keyboard.press("Tab")
    page.keyboard.type("It was earned in March.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert part.locator(".cp-own").inner_text() == "It was earned in March."
    assert page.evaluate("document.activeElement.tagName") == "DL"
    assert again(page).locator(".cp-own").inner_text() == "It was earned in March."


def test_begin_again_asks_first_and_then_erases_all(opened: Callable[..., Visit]) -> None:
    page = opened([choice()]).page
    page.get_by_label("It stays").check()
    lock(page)
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "right"
    page.get_by_role("textbox").fill("So.")
    page.get_by_role("button", name="Begin again").click()
    assert page.evaluate("document.activeElement.textContent") == "Leave it"
    page.keyboard.press("Enter")
    assert figures(part) == ["It stays", "It stays"]
    page.get_by_role("button", name="Begin again").click()
    page.get_by_role("button", name="Erase it").click()
    part = page.locator("section.cp")
    for _ in range(2):
        assert part.get_attribute("data-state") == "open"
        assert part.locator(".cp-verdict").count() == 0
        assert not page.get_by_label("It stays").is_checked()
        part = again(page)


def test_a_point_is_put_on_a_line_by_mouse(opened: Callable[..., Visit]) -> None:
    page = opened([share()]).page
    slider = page.get_by_role("slider", name="How many are ill?")
    box = slider.bounding_box()
    lock(page)
    part = page.locator("section.cp")
    assert "Put a point on the line first." in part.inner_text()
    middle = box["y"] + box["height"] / 2
    page.mouse.click(box["x"] + box["width"] / 2, middle)  # where the slider stands anyway
    assert slider.get_attribute("aria-valuetext") == "50\xa0%"
    page.mouse.down()
    page.mouse.move(box["x"] + 14 + 0.9 * (box["width"] - 28), middle, steps=4)
    page.mouse.up()
    assert slider.get_attribute("aria-valuetext") == "90\xa0%"
    drawn = page.locator(".cp-value").bounding_box()
    assert abs(drawn["x"] + drawn["width"] - box["x"] - 14 - 0.9 * (box["width"] - 28)) < 30
    lock(page)
    assert figures(part) == ["90 %", "10 %"]
    assert "Of the ill, you said." in part.inner_text()
    assert page.get_by_role("slider").count() == 0
    assert [point.get_attribute("cx") for point in page.locator("circle").all()] == [
        "10.000%", "90.000%"]
    assert figures(again(page)) == ["90 %", "10 %"]


def test_a_point_is_put_on_a_line_by_keys(opened: Callable[..., Visit]) -> None:
    page = opened([share()]).page
    slider = page.get_by_role("slider")
    page.keyboard.press("Tab")
    assert slider.get_attribute("aria-valuetext") == "no point yet"
    page.keyboard.press("Enter")
    assert slider.get_attribute("aria-valuetext") == "50\xa0%"
    page.keyboard.press("Home")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    part = page.locator("section.cp")
    assert figures(part) == ["12 %", "10 %"]
    assert part.get_attribute("data-state") == "right"
    assert "it is within 3" in part.inner_text()
    assert "Most are healthy." in part.inner_text()


def test_the_line_stays_where_it_is_as_a_point_is_put(opened: Callable[..., Visit]) -> None:
    page = opened([share()]).page
    button = page.get_by_role("button", name="Lock my prediction")
    before = button.bounding_box()
    page.get_by_role("slider").press("ArrowRight")
    assert button.bounding_box() == before


@pytest.mark.parametrize(("said", "was"), [(0, 3), (3, 0), (100, 97), (97, 100), (0, 100),
                                           (48, 52), (52, 48), (60, 85)])
def test_the_words_at_two_points_never_meet(
    opened: Callable[..., Visit], said: int, was: int
) -> None:
    page = opened([predict("q", was=was, axis=(0, 100), id="two")],
                  viewport={"width": 375, "height": 800}).page
    page.evaluate("said => localStorage.setItem('tiny:index:two', "
                  "JSON.stringify({locked: true, value: said}))", said)
    part = again(page)
    you, it = (part.locator("svg text", has_text=words).bounding_box()
               for words in ("You said", "It was"))
    apart = (you["x"] + you["width"] <= it["x"] or it["x"] + it["width"] <= you["x"]
             or you["y"] + you["height"] <= it["y"] or it["y"] + it["height"] <= you["y"])
    assert apart
    for box in (you, it):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375


def test_what_no_longer_answers_the_question_is_not_taken(opened: Callable[..., Visit]) -> None:
    page = opened([predict("q", WAYS, was="It stays", id="old")]).page
    page.evaluate("localStorage.setItem('tiny:index:old', '{\"locked\": true, \"chosen\": 7}')")
    assert again(page).get_attribute("data-state") == "open"


def test_all_that_is_pressed_is_large_enough(opened: Callable[..., Visit]) -> None:
    page = opened([share(), choice()], viewport={"width": 375, "height": 800}).page
    page.get_by_role("slider").press("ArrowRight")
    page.get_by_role("button", name="Lock my prediction").first.click()
    for place in page.locator("button, textarea, .cp-option").all():
        assert place.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_from_a_file_it_works_too(opened: Callable[..., Visit]) -> None:
    page = opened([choice()], over="file").page
    page.get_by_label("It stays").check()
    lock(page)
    assert again(page).get_attribute("data-state") == "right"


def test_without_scripts_there_is_room_and_no_outcome(opened: Callable[..., Visit]) -> None:
    page = opened([profit(), share(), choice()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    assert "What was her profit?" in text
    assert "It goes up" in text
    assert text.count("The outcome is shown in the page once you have predicted.") == 3
    assert page.get_by_role("img", name="A line from 0 to 100").is_visible()
    assert "Earned less used up" not in page.content()
    assert "Of the ill" not in page.content()


def test_a_notebook_loads_it_as_one_module(opened: Callable[..., Visit]) -> None:
    page = opened([choice()]).page
    kind = page.evaluate(
        "async text => typeof (await import(URL.createObjectURL(new Blob([text], "
        "{type: 'text/javascript'})))).default.render", notebook_script("predict"))
    assert kind == "function"


def test_on_a_phone_a_number_of_the_outcome_stays_on_its_line(
    opened: Callable[..., Visit]
) -> None:
    class Long:
        def _repr_html_(self) -> str:
            return ("<table><tr><th></th><th class='text-right'>Profit</th></tr><tr>"
                    "<th>Paid to owners who sold their shares back, and to some others besides</th>"
                    "<td class='text-right'>\N{MINUS SIGN}77,550</td></tr></table>")

    page = opened([predict("Her profit?", was=1500, outcome=Long())],
                  viewport={"width": 375, "height": 800}).page
    page.get_by_label("Your prediction").fill("1500")
    page.get_by_role("button", name="Lock my prediction").click()
    for text in ("Profit", "\N{MINUS SIGN}77,550"):
        lines = page.locator("th, td", has_text=text).evaluate(
            "one => { const all = document.createRange(); all.selectNodeContents(one);"
            " return all.getClientRects().length; }")
        assert (text, lines) == (text, 1)


@pytest.mark.parametrize("over", ["http", "file"])
def test_a_chart_is_drawn_when_the_prediction_is_locked(
    opened: Callable[..., Visit], over: str
) -> None:
    chart = bars({"Cash": 500, "Profit": 1500}, caption="After a month")
    page = opened([predict("Her profit?", was=1500, outcome=chart)], over=over).page
    assert page.locator("svg").count() == 0
    page.get_by_label("Your prediction").fill("1500")
    page.get_by_role("button", name="Lock my prediction").click()
    drawn = page.get_by_role("img", name="Cash 500, Profit 1,500")
    assert drawn.is_visible()
    assert drawn.locator("rect").first.evaluate("e => getComputedStyle(e).fill") == (
        "rgb(11, 95, 165)")
    assert page.get_by_text("After a month").is_visible()
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.get_by_role("img", name="Cash 500, Profit 1,500").is_visible()


@pytest.mark.parametrize(("key", "point"), [("End", "1"), ("Home", "−1"), ("ArrowRight", "0.02")])
def test_the_line_is_entered_in_its_middle(
    opened: Callable[..., Visit], key: str, point: str
) -> None:
    page = opened([predict("What is r?", was=0, axis=(-1, 1))]).page
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press(key)
    assert slider.get_attribute("aria-valuetext") == point

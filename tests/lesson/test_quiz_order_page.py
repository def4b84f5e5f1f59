"""Items put in order on a page: by buttons, by keyboard, by dragging; counted and never named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser import Visit

from kit.lesson import misconception, quiz

STEPS = ["bill", "record", "post", "close"]


def steps(**how: Any) -> Any:
    return quiz("What comes when?", order=STEPS, id="steps", why="Each reads the one before.",
                **how)


def shown(page: Any) -> list[str]:
    names: list[str] = page.locator(".cp-order li > span:nth-child(2)").all_inner_texts()
    return names


def sort(page: Any, wanted: list[str]) -> None:
    """Press "Up" until the items stand as wanted."""
    for place, name in enumerate(wanted):
        while shown(page).index(name) > place:
            page.get_by_role("button", name=f"Up: {name}").click()


def test_the_number_in_place_is_told_and_not_which(opened: Callable[..., Visit]) -> None:
    page = opened([steps(otherwise="What is read by what?")]).page
    part = page.locator("section.cp")
    assert shown(page) != STEPS
    sort(page, ["record", "bill", "post", "close"])
    page.get_by_role("button", name="Check").click()
    assert part.get_attribute("data-state") == "part"
    assert "In their place: 2 of 4." in part.inner_text()
    assert "What is read by what?" in part.inner_text()
    assert page.locator(".cp-order [data-state]").count() == 0
    sort(page, STEPS)
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert "In their place: 4 of 4." in part.inner_text()
    assert "Each reads the one before." in part.inner_text()


def test_a_known_wrong_order_is_told_its_misconception(opened: Callable[..., Visit]) -> None:
    known = {("bill", "post", "record", "close"): misconception("the ledger is first", "Of what?")}
    page = opened([steps(wrong=known)]).page
    sort(page, ["bill", "post", "record", "close"])
    page.get_by_role("button", name="Check").click()
    text = page.locator("section.cp").inner_text()
    assert "Of what?" in text
    assert "A common mix-up: the ledger is first." in text
    assert "side by side" not in text
    kept = page.evaluate("JSON.parse(localStorage.getItem('tiny:index:steps'))")
    assert kept["misconceptions"] == ["the ledger is first"]


def test_by_keyboard_alone_focus_stays_and_the_place_is_said(opened: Callable[..., Visit]) -> None:
    page = opened([steps()]).page
    last = shown(page)[-1]
    page.get_by_role("button", name=f"Up: {last}").focus()
    for place in (3, 2, 1, 1):  # at the top, "Up" stays where it is and does nothing
        page.keyboard.press("Enter")
        assert page.locator(".cp-heard").inner_text() == f"{last}: {place} of 4"
    focused = page.locator(":focus")
    assert focused.get_attribute("aria-label") == f"Up: {last}"
    assert focused.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page)[1] == last
    assert focused.get_attribute("aria-disabled") == "false"


def drag(page: Any, name: str, to: str) -> None:
    """With the mouse, from an item to the place of another."""
    boxes = {one: page.locator(".cp-order li", has_text=one).bounding_box() for one in (name, to)}
    start, end = boxes[name], boxes[to]
    down = end["y"] > start["y"]
    page.mouse.move(start["x"] + 100, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 100, end["y"] + end["height"] * (0.8 if down else 0.2), steps=5)
    assert page.locator("[data-moving]").count() == 1
    page.mouse.up()
    assert page.locator("[data-moving]").count() == 0


def test_an_item_is_dragged_to_its_place(opened: Callable[..., Visit]) -> None:
    page = opened([steps()]).page
    for place, name in enumerate(STEPS):
        if shown(page)[place] != name:
            drag(page, name, shown(page)[place])
        assert shown(page)[place] == name
    drag(page, "bill", "close")
    assert shown(page) == [*STEPS[1:], "bill"]


def test_a_finger_on_the_grip_drags_and_beside_it_scrolls(opened: Callable[..., Visit]) -> None:
    page = opened([steps()], has_touch=True, viewport={"width": 375, "height": 300}).page
    before = shown(page)
    touch = page.context.new_cdp_session(page)

    def swipe(x: float, y: float, to: float) -> None:
        points = [y + (to - y) * step / 8 for step in range(9)]
        for at, kind in zip(points, ["touchStart"] + ["touchMove"] * 8, strict=True):
            touch.send("Input.dispatchTouchEvent", {
                "type": kind, "touchPoints": [{"x": x, "y": at}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    first, third = (page.locator(".cp-order li").nth(at).bounding_box() for at in (0, 2))
    swipe(first["x"] + 10, first["y"] + 20, third["y"] + third["height"] - 4)
    assert shown(page) == [before[1], before[2], before[0], before[3]]
    assert page.evaluate("scrollY") == 0
    third = page.locator(".cp-order li").nth(2).bounding_box()
    swipe(third["x"] + 100, third["y"] + 20, third["y"] - 80)
    page.wait_for_function("scrollY > 20")
    assert shown(page) == [before[1], before[2], before[0], before[3]]


def test_a_reload_keeps_the_order_and_what_was_said(opened: Callable[..., Visit]) -> None:
    page = opened([steps()], over="file").page
    sort(page, ["close", *STEPS[:3]])
    page.get_by_role("button", name="Check").click()
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert shown(page) == ["close", *STEPS[:3]]
    assert page.locator("section.cp").get_attribute("data-state") == "wrong"
    assert "In their place: 0 of 4." in page.locator("section.cp").inner_text()


def test_a_kept_order_of_other_items_is_forgotten(opened: Callable[..., Visit]) -> None:
    page = opened([steps()]).page
    page.evaluate("localStorage.setItem('tiny:index:steps', JSON.stringify({order: [1, 0]}))")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert sorted(shown(page)) == sorted(STEPS)

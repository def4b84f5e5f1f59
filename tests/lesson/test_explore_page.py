"""Explore on a page: it answers with no kernel, by mouse and keys, and at once."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit

from kit.lesson import bars, explore, line, points
from kit.lesson.exploring import PageBudgetWarning

# For each place of the slider, the best of three passes, in ms from the input to a page laid out:
# a machine that others use too interrupts one of them, and seldom the same place three times.
DRAG = """() => {
  const input = document.querySelector('input[type=range]');
  return Array.from({ length: Number(input.max) + 1 }, (_, at) => {
    input.value = at;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    const view = document.querySelector('.cp [role=img], .cp img');
    return view.getAttribute('aria-label') || view.alt;
  });
}"""
"""What a view says right after each step of a drag: no timer, frame or request comes between."""


def shop(paid: int) -> list[Any]:
    return [bars({"Cash": paid - 500, "Profit": 1500}, caption="Only one of them moves."),
            bars({"Has": {"cash": paid, "owed": 4000 - paid}, "From": {"owner": 4000}})]


def bill(**more: Any) -> Any:
    return explore(shop, question="How much of the bill has been paid?", paid=range(0, 4001, 1000),
                   start={"paid": 1000}, names={"paid": "Collected"}, units={"paid": "euro"},
                   text=lambda paid: f"Cash is **{paid - 500:,}**, whatever <i>.", **more)


def coin(n: int, fair: bool, way: str) -> list[Any]:
    return [f"{n} tosses, {'fair' if fair else 'loaded'}, {way}", {"n": n}]


def test_linked_views_and_the_sentence_follow_the_mouse(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    part = page.get_by_role("region", name="How much of the bill has been paid?")
    slider = part.get_by_label("Collected")
    assert slider.get_attribute("aria-valuetext") == "1,000 euro"
    assert part.get_by_role("img", name="Cash 500, Profit 1,500").is_visible()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.25, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=4)
    assert part.get_by_role("img", name="Cash 3,500, Profit 1,500").is_visible()
    assert part.get_by_role("img", name="Has: cash 4,000, owed 0; From: owner 4,000").is_visible()
    page.mouse.up()
    told = part.locator("[aria-live=polite]").first
    assert told.inner_text() == "Cash is 3,500, whatever <i>."
    assert part.locator("output").inner_text() == "4,000 euro"


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([explore(coin, n=range(1, 6), fair=True, way=["first", "last"])]).page
    words = page.locator("figure").first
    assert words.inner_text() == "3 tosses, fair, first"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert words.inner_text() == "4 tosses, fair, first"
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert words.inner_text() == "5 tosses, loaded, first"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert words.inner_text() == "5 tosses, loaded, last"
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.locator("figure").first.inner_text() == "5 tosses, loaded, last"
    assert page.get_by_label("n", exact=True).input_value() == "4"
    assert page.get_by_label("last").is_checked()
    assert not page.get_by_role("checkbox", name="Fair").is_checked()


def test_many_texts_unfold(opened: Callable[..., Visit]) -> None:
    page = opened([explore(lambda city: f"In {city}", city=["a", "b", "c", "d", "e", "f"])]).page
    page.get_by_label("City", exact=True).select_option("e")
    assert page.locator("figure").inner_text() == "In e"


def test_what_a_build_no_longer_offers_is_forgotten(opened: Callable[..., Visit]) -> None:
    page = opened([bill(id="bill")]).page
    page.evaluate("localStorage.setItem('tiny:index:bill', '{\"at\": {\"paid\": 1234}}')")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.get_by_role("img", name="Cash 500, Profit 1,500").is_visible()


def test_past_the_budget_the_slider_goes_in_the_steps_that_are_held(
    opened: Callable[..., Visit]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PageBudgetWarning)
        made = explore(lambda n: n, n=range(1001), start={"n": 500})
    page = opened([made]).page
    page.get_by_label("n", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("output").inner_text() == page.locator("figure").inner_text() == "501"
    page.keyboard.press("ArrowRight")
    assert page.locator("output").inner_text() == page.locator("figure").inner_text() == "504"
    page.keyboard.press("End")
    assert page.locator("figure").inner_text() == "1,000"


@pytest.mark.parametrize("width", [1200, 375])
def test_an_answer_is_there_at_once_in_a_drag(
    opened: Callable[..., Visit], width: int
) -> None:
    def curve(n: int) -> list[Any]:
        xs = [x / 20 for x in range(100)]
        ys = [((x * n) % 7) / 7 for x in xs]
        drawn = points(xs, ys) + line(xs, ys, name="curve")
        return [drawn, {"n": n}, bars(dict(zip(xs, ys, strict=True)))]

    made = explore(curve, n=range(1, 61), text=lambda n: f"The curve of {n}.")
    page = opened([made], viewport={"width": width, "height": 900}).page
    said = page.evaluate(DRAG)
    assert said == [f"The curve of {n}." for n in range(1, 61)]
    assert page.locator("[aria-live=polite]").first.inner_text() == "The curve of 60."


def test_a_drag_over_figures_is_as_quick(opened: Callable[..., Visit]) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    def wave(k: int) -> Any:
        figure, axes = plt.subplots(figsize=(4, 2.5))
        axes.plot(range(100), [(x * k) % 11 for x in range(100)])
        return figure

    page = opened([explore(wave, k=range(1, 13), text=lambda k: f"A wave of {k}.")]).page
    assert page.get_by_role("img", name="A wave of 6.").is_visible()
    assert page.evaluate(DRAG) == [f"A wave of {k}." for k in range(1, 13)]
    assert page.get_by_role("img", name="A wave of 12.").is_visible()
    assert page.locator("figure svg text").first.evaluate("e => getComputedStyle(e).fill") == (
        "rgb(29, 35, 41)")


def test_nothing_below_moves_when_a_view_gets_shorter(opened: Callable[..., Visit]) -> None:
    made = explore(lambda n: {str(at): at for at in range(n)}, n=[1, 9], start={"n": 9})
    page = opened([made, bill()]).page
    below = page.locator("section.cp").nth(1)
    before = below.bounding_box()["y"]
    page.get_by_label("n", exact=True).press("Home")
    assert page.locator("tr").count() == 1
    assert below.bounding_box()["y"] == before


def test_it_is_drawn_for_the_width_there_is(opened: Callable[..., Visit]) -> None:
    page = opened([bill()], viewport={"width": 1200, "height": 900}).page
    page.set_viewport_size({"width": 375, "height": 800})
    page.wait_for_function("document.querySelector('figure svg').clientWidth > 300")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    sizes = page.locator("figure svg").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().width / e.viewBox.baseVal.width)")
    assert sizes == pytest.approx([1, 1], abs=0.02)


def test_targets_are_large_enough(opened: Callable[..., Visit]) -> None:
    page = opened([explore(coin, n=range(1, 6), fair=True, way=["first", "last"])]).page
    heights = page.locator("input[type=range], .cp-option").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) == 4
    assert min(heights) >= 44


def test_names_of_an_author_are_text_in_charts(opened: Callable[..., Visit]) -> None:
    page = opened([explore(lambda n: bars({"<img src=x>": n}), n=range(3))]).page
    assert page.locator("figure img").count() == 0
    assert page.get_by_role("img", name="<img src=x> 1").is_visible()


def test_in_the_dark_the_colours_are_others(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    bar = page.locator("figure svg rect").first
    fill = "e => getComputedStyle(e).fill"
    assert bar.evaluate(fill) == "rgb(11, 95, 165)"
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert bar.evaluate(fill) == "rgb(122, 184, 240)"


def test_from_a_file_it_answers_too(opened: Callable[..., Visit]) -> None:
    page = opened([bill()], over="file").page
    page.get_by_label("Collected").press("End")
    assert page.get_by_role("img", name="Cash 3,500, Profit 1,500").is_visible()


def test_without_scripts_the_first_state_stands_there(opened: Callable[..., Visit]) -> None:
    page = opened([bill()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    assert "How much of the bill has been paid?" in text
    assert "Collected: 0 to 4,000 euro in steps of 1,000. Here: 1,000 euro." in text
    assert "Cash is 500, whatever <i>." in text
    assert page.get_by_role("row", name="Profit 1,500").first.is_visible()


def test_upright_lines_are_named_on_top_and_a_cloud_at_its_middle(
    opened: Callable[..., Visit]
) -> None:
    def dots(at: int) -> Any:
        return (points([10, 20, 90], [1, 2, 9], name="cloud", y=None, x="Minutes")
                + line([at, at], [0, 9], name="middle one") + line([22, 22], [0, 9], name="share"))

    page = opened([explore(dots, at=[20, 60], text=lambda at: f"It is at {at}.")]).page
    box = {name: page.locator("figure text", has_text=name).bounding_box()
           for name in ("cloud", "middle one", "share")}
    drawn = page.locator("figure polyline").first.bounding_box()
    assert box["middle one"]["y"] == box["share"]["y"] < drawn["y"]
    assert box["middle one"]["x"] + box["middle one"]["width"] <= box["share"]["x"]
    low, high = drawn["y"] + drawn["height"] * 0.4, drawn["y"] + drawn["height"] * 0.65
    assert low < box["cloud"]["y"] + box["cloud"]["height"] / 2 < high, "4 of 0 to 9 from below"
    numbers = [text for text in page.locator("figure text").all_text_contents() if text.isdecimal()]
    assert numbers == sorted(numbers, key=int), "no scale upwards"
    assert page.locator("figure .grid").count() == 0

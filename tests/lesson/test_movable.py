"""Widgets of ipywidgets as controls: their values, where they start, and what has no list."""

from __future__ import annotations

from itertools import product
from typing import Any

import ipywidgets as ipw
import pytest

from kit.lesson.movable import movable
from kit.lesson.outputs import CannotFreeze
from kit.lesson.states import STATES


def values(widget: Any) -> list[Any]:
    """All values of a widget, by its controls."""
    made = movable(widget, "n")
    return [made.value(chosen) for chosen in product(*(one.values for one in made.controls))]


def start(widget: Any) -> Any:
    """The value that the controls start at."""
    made = movable(widget, "n")
    return made.value([one.values[one.start] for one in made.controls])


@pytest.mark.parametrize(("widget", "found"), [
    (ipw.IntSlider(3, 1, 6, 2), [1, 3, 5]),
    (ipw.IntSlider(4, 1, 6, 2), [1, 3, 4, 5]),  # where its author set it is no step of it
    (ipw.FloatSlider(0.3, min=0, max=0.5, step=0.1), [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    (ipw.BoundedIntText(1, 0, 2), [0, 1, 2]),
    (ipw.BoundedFloatText(0.5, min=0, max=1, step=0.5), [0, 0.5, 1]),
    (ipw.FloatLogSlider(10, base=10, min=0, max=2, step=1), [1, 10, 100]),
    (ipw.Checkbox(True), [False, True]), (ipw.ToggleButton(), [False, True]),
    (ipw.Dropdown(options=[("one", 1), ("two", None)], index=1), [1, None]),
    (ipw.RadioButtons(options=["a", "b"]), ["a", "b"]),
    (ipw.Select(options=["a", "b"], value=None), [None, "a", "b"]),
    (ipw.ToggleButtons(options={"a": 1, "b": 2}), [1, 2]),
    (ipw.SelectionSlider(options=[(f"{n}", [n]) for n in range(3)]), [[0], [1], [2]]),
    (ipw.SelectMultiple(options=["a", "b"], value=["b"]), [(), ("b",), ("a",), ("a", "b")]),
])
def test_all_values_of_a_widget(widget: Any, found: list[Any]) -> None:
    assert values(widget) == found
    assert start(widget) == widget.value


@pytest.mark.parametrize(("widget", "found"), [
    (ipw.IntRangeSlider(value=(1, 2), min=0, max=2),
     {(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)}),
    (ipw.FloatRangeSlider(value=(0, 1), min=0, max=1, step=1), {(0, 0), (0, 1), (1, 1)}),
    (ipw.SelectionRangeSlider(options=["a", "b"], index=(0, 1)),
     {("a", "a"), ("a", "b"), ("b", "b")}),
])
def test_a_range_is_two_sliders_whose_lower_value_comes_first(
    widget: Any, found: set[Any]
) -> None:
    assert set(values(widget)) == found
    assert start(widget) == widget.value
    assert [one.label for one in movable(widget, "n").controls] == ["n from", "n to"]


@pytest.mark.parametrize(("widget", "why"), [
    (ipw.Text("a"), "whatever is typed"), (ipw.Textarea(), "whatever is typed"),
    (ipw.Combobox(options=["a"]), "whatever is typed"), (ipw.Play(), "runs by itself"),
    (ipw.IntText(), "no least"), (ipw.FloatText(), "no least"),
    (ipw.FloatSlider(step=None), "without a step"), (ipw.FloatSlider(step=1e-7), "wider step"),
    (ipw.DatePicker(), "a DatePicker has no list"), (ipw.ColorPicker(), "has no list"),
])
def test_what_has_no_list_of_values(widget: Any, why: str) -> None:
    with pytest.raises(CannotFreeze, match=why):
        movable(widget, "n")


def test_a_widget_with_a_value_of_its_own_making_is_left_alone() -> None:
    class Squared(ipw.IntSlider):  # type: ignore[misc]
        def get_interact_value(self) -> int:
            return int(self.value) ** 2

    with pytest.raises(CannotFreeze, match="a way of its own"):
        movable(Squared(), "n")


@pytest.mark.parametrize("widget", [
    ipw.IntSlider(2, disabled=True), ipw.Dropdown(options=["only"])])
def test_what_cannot_be_moved_keeps_its_value(widget: Any) -> None:
    assert movable(widget, "n").controls == ()
    assert start(widget) == widget.value


def test_more_values_than_a_page_holds_are_thinned_and_counted() -> None:
    made = movable(ipw.IntSlider(4321, 0, 10_000), "n")
    (control,) = made.controls
    assert made.whole == 10_001
    assert len(control.values) <= STATES + 2
    assert {0, 4321, 10_000} <= set(control.values)


def test_options_of_one_name_stay_apart() -> None:
    widget = ipw.Dropdown(options=[("same", 1), ("same", 2), ("same (2)", 3)])
    keys = movable(widget, "n").controls[0].keys
    assert len(set(keys)) == 3


def test_code_that_asks_the_widget_itself_finds_the_value() -> None:
    heard: list[Any] = []
    slider, choice = ipw.IntSlider(3), ipw.Dropdown(options=[("one", 1), ("two", 2)])
    for widget, value in ((slider, 7), (choice, 2)):
        widget.observe(heard.append)
        movable(widget, "n").put(value)
        assert widget.value == value
    assert (choice.label, choice.index) == ("two", 1)
    assert heard == []

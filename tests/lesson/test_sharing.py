"""One budget for all explorations of a page: what is left out, and that the rest stays true."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from kit.lesson import bars, explore, line
from kit.lesson.exploring import PageBudgetWarning
from kit.lesson.sharing import fitted, totals, wider
from kit.lesson.states import BYTES, STATES

XS = list(range(50))


def seen(spec: dict[str, Any]) -> dict[tuple[Any, ...], Any]:
    """What each state shows, by the keys of its controls: lists that views share put in."""
    rows = iter(spec["grid"])
    found = {}
    for at in product(*(one["steps"] for one in spec["controls"])):
        *views, text = next(rows)
        keys = tuple(one["keys"][place] for one, place in zip(spec["controls"], at, strict=True))
        found[keys] = ([whole(spec["views"][view], spec["lists"]) for view in views],
                       spec["texts"][text])
    return found


def whole(part: Any, lists: list[Any]) -> Any:
    if isinstance(part, dict):
        return {name: lists[value] if name in ("x", "y", "names", "values")
                and isinstance(value, int) else whole(value, lists) for name, value in part.items()}
    return [whole(one, lists) for one in part] if isinstance(part, list) else part


def curve(slope: int, steep: bool) -> list[Any]:
    return [line(XS, [(slope + steep) * x for x in XS]), bars({"slope": slope})]


def test_within_the_budget_nothing_is_lost() -> None:
    made = explore(curve, slope=range(20), steep=False, text="It rises.").spec
    (kept,) = fitted([made])
    assert seen(kept) == seen(made)
    assert wider(made, kept) == {}


def test_each_gets_its_share_and_a_small_one_is_left_alone() -> None:
    many = [explore(curve, slope=range(150), steep=False, text=lambda slope, steep: f"{slope}",
                    start={"slope": 71}).spec for _ in range(2)]
    small = explore(lambda n: n, n=range(7)).spec
    kept = fitted([many[0], small, many[1]])
    states, size = totals(kept)
    assert states <= STATES
    assert size <= BYTES
    assert kept[1]["controls"][0]["keys"] == list(range(7))
    for before, after in zip(many, (kept[0], kept[2]), strict=True):
        steps = after["controls"][0]["keys"]
        assert {0, 71, 149} <= set(steps)
        assert len(steps) > 60
        assert after["controls"][0]["keys"][after["controls"][0]["start"]] == 71
        assert wider(before, after) == {"slope": (len(steps), 150)}
        assert seen(after).items() <= seen(before).items()
        assert len(after["views"]) < len(before["views"])
        assert after["budget"]["kept"] == len(after["grid"])


def test_what_is_heavy_is_made_lighter_too() -> None:
    heavy = explore(lambda n: f"{n} " + "word " * 250, n=range(90)).spec
    light = explore(lambda n: n, n=range(90)).spec
    kept = fitted([heavy, heavy, light])
    assert totals(kept)[1] <= BYTES
    assert len(kept[0]["grid"]) == len(kept[1]["grid"]) < 90
    assert len(kept[2]["grid"]) == 90


def test_where_no_step_can_be_wider_all_is_kept() -> None:
    made = explore(lambda **_: "x", **{name: ["1", "2", "3"] for name in "abcde"}).spec
    kept = fitted([made, {**made, "id": "other"}])
    assert totals(kept)[0] == 2 * 3**5 > STATES
    assert [wider(made, one) for one in kept] == [{}, {}]


def test_a_control_says_no_more_of_the_values_that_are_not_kept() -> None:
    with pytest.warns(PageBudgetWarning):
        made = explore(lambda n: n, n=range(1000), start={"n": 500})
    (kept,) = fitted([made.spec])
    (control,) = kept["controls"]
    assert len(control["keys"]) == len(control["shown"]) == len(control["steps"]) <= STATES
    assert control["keys"][control["start"]] == 500

"""Numbers: what is near enough, what is not, the slips that are named, and odd values."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders.number import Tolerance
from autograders.question import examine


def outcome(value: Any, expected: Any = 1234.5, **options: Any) -> ag.Outcome:
    return checking.check(ag.number("x", expected, **options), x=value)


@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(name: str, make: Callable[[], Any]) -> None:
    value = hostile.made(make)
    found = outcome(value, 42.125, mistakes={7: "seven", (lambda v: 1 / (v - v) > 0): "odd"})
    assert hostile.TOUCHED == []
    assert (found.credit, found.review) == (0.0, False)
    assert found.message.endswith(".")


@pytest.mark.parametrize("value", [
    1234.5, Decimal("1234.5"), Fraction(2469, 2), 1234.5 * (1 + 1e-10)])
def test_a_right_number_of_any_kind_passes(value: Any) -> None:
    assert outcome(value).credit == 1.0


@pytest.mark.parametrize(("given", "expected", "options", "near"), [
    (0.0, 0.0, {}, True),
    (1e-10, 0.0, {}, True),
    (1e-8, 0.0, {}, False),
    (6.6e-34, 6.626e-34, {"rtol": 1e-2}, True),
    (1e-33, 6.626e-34, {"rtol": 1e-2}, False),
    (5e-10, 1e-10, {}, False),
    (0.1 + 0.2, 0.3, {}, True),
    (12_345_678_901.23, 12_345_678_901.234, {"places": 2}, True),
    (12_345_678_902.23, 12_345_678_901.234, {"places": 2}, False),
    (12_345_678.12, 12_345_678.125, {"places": 2}, True),
    (12_345_678.13, 12_345_678.125, {"places": 2}, True),
    (12_345_678.14, 12_345_678.125, {"places": 2}, False),
    (1500, 1499.6, {"places": 0}, True),
    (12_000, 12_345, {"places": -3}, True),
    (10.0, 9.996, {"digits": 3}, True),
    (0.00124, 0.0012351, {"digits": 3}, True),
    (0.00123, 0.0012351, {"digits": 3}, False),
    (-0.00124, 0.0012351, {"digits": 3}, False),
    (10**400, 10**400, {}, True),
    (10**400 + 1, 10**400, {}, False),
    (2 * 10**400, 10**400, {}, False),
    (Decimal("1e400"), 10**400, {}, True),
    (10**30, 10**30 + 1, {"atol": 0, "rtol": 0}, False),
    (math.inf, math.inf, {"digits": 3}, True),
    (-math.inf, math.inf, {}, False),
    (1e308, math.inf, {"digits": 3}, False),
    (math.inf, 10**400, {}, False),
    (101, 100, {"atol": 1}, True),
    (101.001, 100, {"atol": 1}, False),
])
def test_near_enough(given: Any, expected: Any, options: dict[str, Any], near: bool) -> None:
    found = outcome(given, expected, **options)
    assert not found.review
    assert (found.credit == 1.0) is near


@pytest.mark.parametrize(("value", "tag"), [
    (-1234.5, "sign"), (123450, "percent"), (12.345, "fraction"), (1_234_500, "thousands"),
    (1.2345, "thousands"), (1234.6, "value")])
def test_slips_are_named(value: float, tag: str) -> None:
    assert outcome(value).tags == (tag,)
    assert outcome(value, slips=False).tags == ("value",)


def test_a_predicate_that_raises_is_passed_over_unless_it_may_earn_something() -> None:
    free = {(lambda v: 1 / (v - 3) == 0): "odd", 3: ag.mistake("three", "Three?", credit=0.5)}
    assert (outcome(3, mistakes=free).tags, outcome(3, mistakes=free).credit) == (("three",), 0.5)
    earns = {(lambda v: math.sqrt(v) == 3): ag.mistake("root", "Squared?", credit=0.5)}
    assert outcome(9, mistakes=earns).credit == 0.5
    assert outcome(-1, mistakes=earns).review
    assert outcome(1234.5, mistakes=earns).credit == 1.0


def test_what_follows_from_an_earlier_answer_earns_full_credit() -> None:
    one = ag.number("tax", lambda profit: profit * 0.25, given={"profit": ag.answer("profit", 80)})
    assert checking.check(one, profit=80, tax=20).message == "20 is right."
    carried = checking.check(one, profit=Decimal(100), tax=25)
    assert (carried.credit, carried.tags) == (1.0, ("carried-forward",))
    assert "`profit` = 100" in carried.message
    for profit, tax in ((100, 24), (math.inf, math.inf), (None, 25), ("100", 25), (0, 25)):
        assert checking.check(one, profit=profit, tax=tax).credit == 0.0
    assert checking.check(one, tax=25).credit == 0.0


def test_a_formula_that_cannot_take_the_learners_figure_costs_no_review() -> None:
    one = ag.number("n", lambda rate: math.log(2) / math.log(rate),
                    given={"rate": ag.answer("rate", 2)})
    for rate in (1, 0, -1, 10**400, "2"):
        found = checking.check(one, rate=rate, n=5)
        assert (found.review, found.tags) == (False, ("value",))


@pytest.mark.parametrize(("options", "match"), [
    ({"mistakes": {"abc": "text"}}, "wrong number"),
    ({"mistakes": {1234.5: "right"}}, "is the right answer"),
    ({"rtol": -1}, "tolerance"),
    ({"digits": 0}, "significant"),
    ({"expected": math.nan}, "should be a number"),
    ({"expected": "3"}, "should be a number"),
    ({"given": {"a": ag.answer("a", 1)}}, "function of the given names"),
    ({"name": "x[[1]]"}, "is not a name"),
])
def test_wrong_uses_by_an_author_are_told(options: dict[str, Any], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        ag.number(**{"name": "x", "expected": 1234.5, **options})


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    figures = st.floats(-1e12, 1e12).filter(lambda x: abs(x) > 1e-6)
    exact = settings(derandomize=True, database=None, deadline=None, max_examples=150)

    @exact
    @given(figures, st.floats(1e-6, 1e-1), st.floats(-1, 1))
    def within_passes_beyond_fails(right: float, rtol: float, part: float) -> None:
        one = ag.number("x", right, rtol=rtol, slips=False)
        assert checking.check(one, x=right).credit == 1.0
        assert checking.check(one, x=right * (1 + 0.999 * part * rtol)).credit == 1.0
        for beyond in (1 + 1.001 * rtol, 1 - 1.001 * rtol):
            assert checking.check(one, x=right * beyond).credit == 0.0

    @exact
    @given(figures, st.integers(0, 4))
    def a_figure_rounded_to_places_passes(right: float, places: int) -> None:
        one = ag.number("x", right, places=places, slips=False)
        assert checking.check(one, x=round(right, places)).credit == 1.0
        assert checking.check(one, x=right + 0.501 * 10.0**-places + 1e-3).credit == 0.0

    @exact
    @given(figures, st.integers(1, 8))
    def a_figure_rounded_to_digits_passes(right: float, digits: int) -> None:
        one = ag.number("x", right, digits=digits, slips=False)
        assert checking.check(one, x=float(f"{right:.{digits - 1}e}")).credit == 1.0

    @exact
    @given(figures, st.floats(0, 1e3), st.floats(0, 1e3))
    def a_wider_tolerance_never_holds_less(right: float, low: float, high: float) -> None:
        low, high = sorted((low, high))
        near = right + low
        assert Tolerance(atol=high).holds(near, right) >= Tolerance(atol=low).holds(near, right)

    within_passes_beyond_fails()
    a_figure_rounded_to_places_passes()
    a_figure_rounded_to_digits_passes()
    a_wider_tolerance_never_holds_less()


def test_a_name_of_the_shell_is_not_taken_for_a_misspelt_answer() -> None:
    one = ag.number("equity", 3)
    assert "You have `equty`" in examine(one, {"quit": print, "equty": 3}).message
    assert "You have" not in examine(one, {"quit": print}).message

"""Arrays: shape, kind, values, and what right values earn."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders.number import Tolerance

np = pytest.importorskip("numpy", exc_type=ModuleNotFoundError)


def outcome(value: Any, expected: Any, **options: Any) -> ag.Outcome:
    return checking.check(ag.array("x", expected, **options), x=value)


@pytest.mark.parametrize("expected", [
    [1.5, 2.5], [[1.5, 2.5], [3.5, 4.5]], ["x", "y"], [True, False, True], [[[1.5]]]],
    ids=["numbers", "grid", "text", "truth", "deep"])
@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(
    name: str, make: Callable[[], Any], expected: Any
) -> None:
    value = hostile.made(make)
    ordered = np.ndim(expected) > 1
    started = time.perf_counter()
    found = outcome(value, expected, ordered=ordered, credit="cells",
                    mistakes={(lambda values: values[9] == values[0]): "odd"})
    assert hostile.TOUCHED == []
    assert not found.review
    assert found.credit < 1.0
    assert found.message.endswith(".")
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("value", [
    [1, 2.5, 3], (1, Decimal("2.5"), 3.0), np.array([1, 2.5, 3]), np.array([1, 2.5, 3], dtype="f4"),
    np.array([1, 2.5, 3], dtype=object)])
def test_any_form_of_the_right_values_passes(value: Any) -> None:
    assert outcome(value, [1, 2.5, 3]).credit == 1.0


def test_columns_of_tables_are_arrays() -> None:
    pandas = pytest.importorskip("pandas")
    assert outcome(pandas.Series([1, None, 3]), [1, math.nan, 3]).credit == 1.0
    assert outcome(pandas.Series([1, None, 3], dtype="Int64"), [1, math.nan, 3]).credit == 1.0
    assert outcome(pandas.Series(["a", "b"], dtype="category"), ["a", "b"]).credit == 1.0
    assert outcome(pandas.date_range("2027-01-01", periods=2),
                   np.array(["2027-01-01", "2027-01-02"], dtype="M8[D]")).credit == 1.0
    polars = pytest.importorskip("polars")
    assert outcome(polars.Series([1, None, 3]), [1, math.nan, 3]).credit == 1.0


def test_parts_of_tables_and_grids_are_read_by_name() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    for frame in (pandas.DataFrame({"a": [1, 2]}), polars.DataFrame({"a": [1, 2]})):
        assert checking.check(ag.array("x['a']", [1, 2]), x=frame).credit == 1.0
        assert checking.check(ag.number("x['a'][1]", 2), x=frame).credit == 1.0
        missing = checking.check(ag.number("x['A'][1]", 2), x=frame)
        assert (missing.tags, "It has 'a'" in missing.message) == (("missing",), True)
    grid = np.arange(6).reshape(2, 3)
    assert checking.check(ag.array("x[1]", [3, 4, 5]), x=grid).credit == 1.0
    assert checking.check(ag.number("x[1][-1]", 5), x=grid).credit == 1.0
    assert checking.check(ag.number("x[2][0]", 5), x=grid).tags == ("missing",)


@pytest.mark.parametrize("path", ["x['a']", "x[0]", "x[0][0]"])
@hostile.over_all
def test_no_value_trips_the_reading_of_its_items(
    name: str, make: Callable[[], Any], path: str
) -> None:
    value = hostile.made(make)
    found = checking.check(ag.number(path, 123), x=value)
    assert hostile.TOUCHED == []
    assert (found.credit, found.review) == (0.0, False)


@pytest.mark.parametrize(("value", "expected", "options", "credit"), [
    ([1, 2, 4], [1, 2, 3], {"credit": "cells"}, 2 / 3),
    ([1, 2, 4], [1, 2, 3], {}, 0.0),
    ([math.nan, 1], [math.nan, 1], {}, 1.0),
    ([math.inf, 1], [-math.inf, 1], {"credit": "cells"}, 0.5),
    ([2, 1, 2], [1, 2, 2], {"ordered": False}, 1.0),
    ([2, 1, 1], [1, 2, 2], {"ordered": False, "credit": "cells"}, 2 / 3),
    ([True, False], [True, True], {"credit": "cells"}, 0.5),
    ([1, 0], [True, False], {}, 0.0),
    ([2**60 + 1, 1], [2**60, 1], {"atol": 0, "credit": "cells"}, 0.5),
    ([1 + 2j, 1], [1 + 2j, 1], {}, 1.0),
    ([10**400, 1], [1, 1], {"credit": "cells"}, 0.5),
])
def test_what_values_earn(value: Any, expected: Any, options: Any, credit: float) -> None:
    value = np.array(value) if any(type(one) is complex for one in value) else value
    assert outcome(value, expected, **options).credit == pytest.approx(credit)


def test_what_follows_from_an_earlier_answer() -> None:
    one = ag.array("y", lambda x: np.array(x) * 2, given={"x": ag.answer("x", [1, 2])})
    assert checking.check(one, x=[1, 2], y=[2, 4]).tags == ()
    assert checking.check(one, x=[5, 7], y=[10, 14]).tags == ("carried-forward",)
    assert checking.check(one, x=[5, 7], y=[10, 15]).credit == 0.0
    assert checking.check(one, x=[5, 7, 9], y=[10, 14]).credit == 0.0
    cells = ag.array("y", lambda x: [x, x * 2], given={"x": ag.answer("x", 1)}, credit="cells")
    found = checking.check(cells, x=5, y=[5, 0])
    assert (found.credit, found.tags) == (0.5, ("carried-forward", "value"))


@pytest.mark.parametrize(("options", "match"), [
    ({"credit": "some"}, "credit"), ({"expected": [[1]], "ordered": False}, "one axis"),
    ({"expected": [1, "a", None]}, None), ({"expected": [object()]}, "all numbers"),
    ({"mistakes": {(1, 2): "x"}}, "is the right answer"), ({"rtol": -1}, "tolerance"),
])
def test_wrong_uses_by_an_author_are_told(options: dict[str, Any], match: str | None) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        ag.array("x", **{"expected": [1, 2], **options})


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    from autograders import parts

    exact = settings(derandomize=True, database=None, deadline=None, max_examples=150)
    figures = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8)
    maybe = st.none() | st.floats(0, 10)

    @exact
    @given(st.lists(st.floats(allow_nan=True), min_size=1, max_size=8), st.booleans())
    def the_reference_passes(right: list[float], ordered: bool) -> None:
        assert outcome(right, right, ordered=ordered).credit == 1.0
        assert outcome(right[::-1], right, ordered=False).credit == 1.0

    @exact
    @given(figures, st.data(), st.booleans())
    def one_more_right_value_never_earns_less(
        right: list[float], data: st.DataObject, ordered: bool
    ) -> None:
        given_ = [one + data.draw(st.sampled_from([0.0, 1e6])) for one in right]
        place = data.draw(st.integers(0, len(right) - 1))
        better = [*given_[:place], right[place], *given_[place + 1:]]
        before, after = (outcome(one, right, ordered=ordered, credit="cells").credit
                         for one in (given_, better))
        assert after >= before or not ordered
        assert (after == 1.0) is (better == right) or not ordered

    @exact
    @given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8), maybe, maybe,
           st.none() | st.integers(-3, 6), st.none() | st.integers(1, 9))
    def many_are_bounded_as_one_is(
        right: list[float], rtol: float | None, atol: float | None, places: int | None,
        digits: int | None,
    ) -> None:
        tolerance = Tolerance(rtol=rtol, atol=atol, places=places, digits=digits)
        assert parts.bounds(np.array(right), tolerance) == pytest.approx(
            [tolerance.bound(one) for one in right], rel=1e-12)

    the_reference_passes()
    one_more_right_value_never_earns_less()
    many_are_bounded_as_one_is()

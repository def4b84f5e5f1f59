"""Sealed arrays and tables: they know right values again, and hold none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import checking
import hostile
import pytest
from sealed_checks import agrees, handout, held, sealed

import autograders as ag

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

from autograders.number import Tolerance
from autograders.scales import MOST, Scale, key_of, keys_of, named_key

np = pytest.importorskip("numpy", exc_type=ModuleNotFoundError)
pd = pytest.importorskip("pandas", exc_type=ModuleNotFoundError)
pytest.importorskip("narwhals", exc_type=ModuleNotFoundError)


@pytest.fixture(autouse=True, scope="module")
def _quick_digests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograders.digests.ROUNDS", 1)
        yield


def outcome(one: ag.Check, value: Any) -> ag.Outcome:
    return checking.check(sealed(one), x=value)


BOUNDS = st.one_of(
    st.fixed_dictionaries({}, optional={
        "rtol": st.sampled_from([0, 1e-9, 1e-3, 0.5]),
        "atol": st.sampled_from([0, 1e-6, 0.5])}),
    st.fixed_dictionaries({"places": st.integers(-1, 4)}),
    st.fixed_dictionaries({"digits": st.integers(1, 6)}, optional={"atol": st.just(0.5)}))
NUMBERS = st.one_of(
    st.integers(-10**6, 10**6), st.floats(-1e9, 1e9, allow_nan=False), st.floats(1e-6, 1.0),
    st.sampled_from([0, 2, 10, 9.9995, 99.95, 1e3, -1e-9, 1e-12, math.inf, 2**53 + 1]))


# --------------------------------------------------------------------------------- scales


@settings(max_examples=300, deadline=None)
@given(right=NUMBERS, bounds=BOUNDS, shift=st.one_of(
    st.floats(-2, 2), st.sampled_from([-1.0, 1.0, 1 - 1e-9, 1 + 1e-7])))
def test_a_key_is_right_for_what_the_tolerance_lets_through_alone(
    right: Any, bounds: dict[str, Any], shift: float
) -> None:
    tolerance = Tolerance(**bounds)
    scale = Scale.of(tolerance)
    found = keys_of([([0], right, scale, tolerance)])
    if found is None:
        return
    given_one = right + shift * tolerance.bound(float(right)) if math.isfinite(right) else right
    for value in (given_one, right, -right, 0, math.inf):
        key = named_key([0], key_of(value, scale))
        assert key in found[1] or (key in found[0][0]) == tolerance.holds(value, right)


@pytest.mark.parametrize("bounds", [{}, {"rtol": 1e-3}, {"atol": 0.01}, {"digits": 3},
                                    {"places": 2}, {"rtol": 0}, {"rtol": 1e-3, "atol": 1e-4}])
def test_the_number_of_keys_and_the_scale_tell_nothing_of_the_value(
    bounds: dict[str, Any]
) -> None:
    tolerance = Tolerance(**bounds)
    scale = Scale.of(tolerance)
    counts = set()
    for one in (0, 0.05, 1.0, 10, 9.999, 123456.5, -3, None):
        found = keys_of([([0], one, scale, tolerance)])
        assert found is not None
        counts.add(len(found[0][0]))
        assert one is None or named_key([0], key_of(one, scale)) in found[0][0]
    assert counts == {8}


# --------------------------------------------------------------------------------- arrays


VALUES = [3217.0, 8453.5, 0.0, 12.25]


@pytest.mark.parametrize(("value", "state", "tags"), [
    (VALUES, "passed", ()), ([3217, 8453.5, 0, 12.25], "passed", ()),
    (np.array(VALUES), "passed", ()), (pd.Series(VALUES), "passed", ()),
    ([3217.0, 8453.5, 1.0, 12.25], "failed", ("value",)), ([1.0] * 4, "failed", ("value",)),
    (VALUES[::-1], "failed", ("value",)), ([3217.0, 8453.5, None, 12.25], "failed", ("value",)),
    (VALUES[:3], "failed", ("shape",)), (["a"] * 4, "failed", ("text",)),
    (3, "failed", ("type",)), (None, "failed", ("unanswered",)),
    (np.array(VALUES) + 0j, "passed", ()), (np.array(VALUES) + 1e-30j, "later", ("later",)),
])
def test_an_array_is_known_again(value: Any, state: str, tags: tuple[str, ...]) -> None:
    found = outcome(ag.array("x", VALUES), value)
    assert (found.state, found.tags) == (state, tags)


def test_how_many_values_are_right_is_told_and_earns_only_if_each_does() -> None:
    value = [3217.0, 1, 0, 12.25]
    for credit, earned in (("all", 0.0), ("cells", 0.75)):
        one = ag.array("x", VALUES, credit=credit)  # type: ignore[arg-type]
        assert outcome(one, value).message == "3 of 4 are right."
        assert outcome(one, value).credit == checking.check(one, x=value).credit == earned


@pytest.mark.parametrize(("one", "digests"), [
    (ag.array("x", [3217] * 60), True), (ag.array("x", [3217] * 61), False),
    (ag.array("x", [True, False]), False), (ag.array("x", [0, 1, 1, 0, 1]), False),
    (ag.array("x", [1 + 2j]), False), (ag.array("x", []), False),
    (ag.array("x", ["Hidden", "b"]), True), (ag.array("x", [date(2027, 1, 5)]), True),
    (ag.array("x", [[1.5, 2.5]], whole=True), True),
])
def test_few_values_that_are_not_soon_guessed_are_digested(one: ag.Check, digests: bool) -> None:
    assert bool(handout(one).right) is digests
    assert digests or not handout(one).edge


def test_without_digests_the_form_is_told_and_the_rest_comes_later() -> None:
    one = ag.array("x", [True, False])
    assert outcome(one, [True, False]).state == outcome(one, [True, True]).state == "later"
    assert outcome(one, [1, 0]).tags == ("dtype",)


@pytest.mark.parametrize("one", [
    ag.array("x", VALUES, mistakes=[([8453, 1, 2, 3], "the cash of 8453")]),
    ag.array("x", [3217], mistakes=[([8453], "the cash of 8453")]),
    ag.array("x", [8453.0], atol=0.5, places=3), ag.array("x", [3217, None, 8453]),
    ag.array("x", ["Hidden word"], mistakes=[(["hidden"], "the cash")]),
    ag.array("x", lambda n: [3217 * n, 8453], given={"n": ag.answer("n", 1)}),
    ag.array("x", [date(3217, 1, 1), date(8453, 1, 1)]),
    ag.array("x", [3217, 8453], ordered=False),
])
def test_no_value_of_an_array_can_be_read(one: ag.Check) -> None:
    text = held(one).lower()
    assert not [word for word in ("3217", "8453", "hidden", "the cash") if word in text]


def test_a_known_mistake_of_one_value_says_what_the_author_says() -> None:
    one = ag.array("x", [3217], mistakes=[([8453], ag.mistake("cash", "Cash.", credit=0.5))])
    assert outcome(one, [8453]) == checking.check(one, x=[8453])
    assert outcome(one, [1]).state == "failed"


def test_what_may_earn_something_that_is_not_told_stays_open() -> None:
    told = [([1, 2], ag.mistake("swapped", "Swapped.", credit=0.5))]
    assert outcome(ag.array("x", [2, 1.5], mistakes=told), [1, 2]).state == "later"
    carried = ag.array("x", lambda n: [n, 2 * n], given={"n": ag.answer("n", 4)})
    assert checking.check(sealed(carried), x=[4, 8], n=5).state == "passed"
    assert checking.check(sealed(carried), x=[5, 10], n=5).state == "later"
    assert checking.check(sealed(carried), x=[5], n=5).tags == ("shape",)


PART = st.one_of(NUMBERS, st.none(), st.sampled_from(["a", "b"]), st.booleans(),
                 st.just(date(2027, 1, 5)))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), bounds=BOUNDS, ordered=st.booleans(), credit=st.sampled_from(
    ["all", "cells"]), whole=st.booleans())
def test_an_array_is_judged_as_by_the_full_check(
    data: st.DataObject, bounds: dict[str, Any], ordered: bool, credit: Any, whole: bool
) -> None:
    right = data.draw(st.one_of(
        st.lists(NUMBERS, min_size=1, max_size=5),
        st.lists(st.sampled_from(["a", "b", "c d"]), min_size=1, max_size=4)))
    one = ag.array("x", right, ordered=ordered, credit=credit, whole=whole, **bounds)
    near = [part + data.draw(st.sampled_from([0, 0, 1e-10, 0.3, 1])) * abs(part)
            if not isinstance(part, str) else part for part in right]
    others = data.draw(st.lists(PART, min_size=len(right), max_size=len(right)))
    for value in (right, near, data.draw(st.permutations(right)), others):
        assert agrees(checking.check(one, x=value), outcome(one, value))


@pytest.mark.parametrize("right", [[3217.0, 2], ["q", "b"], [[1.5, 2], [3, 4]]])
@hostile.over_all
def test_no_value_trips_a_sealed_array(
    name: str, make: Callable[[], Any], right: Any
) -> None:
    value = hostile.made(make)
    for one in (ag.array("x", right), ag.array("x", shape=(2,), kind="numbers")):
        found = outcome(one, value)
        assert hostile.TOUCHED == []
        assert not found.review
        assert found.credit < 1 or not one.counts


def test_the_form_of_an_array_alone() -> None:
    one = ag.array("x", shape=(2,), kind="numbers", mistakes=[([1, 2], "Not these.")])
    assert not one.counts
    for check in (one, sealed(one)):
        assert checking.check(check, x=["a", "b"]).tags == ("text",)
        assert checking.check(check, x=[1]).tags == ("shape",)
    assert checking.check(one, x=[1, 3]).state == "passed"
    assert checking.check(one, x=[1, 2]).message == "Not these."
    assert outcome(one, [1, 2]).state == "later"
    with pytest.raises(TypeError, match="shape"):
        ag.array("x")
    with pytest.raises(ValueError, match="kind"):
        ag.array("x", shape=(2,), kind="number")


# --------------------------------------------------------------------------------- tables


RIGHT = pd.DataFrame({"year": [2025, 2026, 2027], "who": ["ann", "ben", "Hidden"],
                      "amount": [3217.0, 8453.5, None]})
KEYED = ag.table("x", RIGHT, key="year", credit="cells")


@pytest.mark.parametrize(("change", "state", "tags"), [
    (lambda one: one, "passed", ()), (lambda one: one[["amount", "year", "who"]], "passed", ()),
    (lambda one: one.iloc[[2, 0, 1]], "passed", ()), (lambda one: one.set_index("year"),
                                                     "passed", ()),
    (lambda one: one.assign(amount=[3217, 1, 2]), "partial", ("value",)),
    (lambda one: one.assign(year=[2025, 2026, 2028]), "partial", ("value",)),
    (lambda one: one.assign(year=2025), "partial", ("value",)),
    (lambda one: one.assign(who="zoe", amount=1.0), "failed", ("value",)),
    (lambda one: one.rename(columns={"amount": "amounts"}), "failed", ("missing-column",)),
    (lambda one: one.assign(more=1), "failed", ("extra-column",)),
    (lambda one: one[:2], "failed", ("rows",)), (lambda one: one.assign(who=1), "failed",
                                                 ("dtype",)),
    (lambda _: 3, "failed", ("type",)),
])
def test_a_table_is_known_again_by_its_key(
    change: Callable[[Any], Any], state: str, tags: tuple[str, ...]
) -> None:
    found = outcome(KEYED, change(RIGHT))
    assert (found.state, found.tags) == (state, tags)


def test_right_cells_of_a_table_earn_as_by_the_full_check() -> None:
    value = RIGHT.assign(amount=[3217.0, 1.0, None])
    assert outcome(KEYED, value).credit == checking.check(KEYED, x=value).credit
    assert outcome(KEYED, value).message == "5 of 6 are right."
    assert outcome(ag.table("x", RIGHT), value).credit == 0.0


def test_rows_without_a_key_are_known_by_their_place() -> None:
    one = ag.table("x", RIGHT)
    assert outcome(one, RIGHT).state == "passed"
    assert outcome(one, RIGHT.iloc[::-1]).message == "3 of 9 are right."


@pytest.mark.parametrize("one", [
    KEYED, ag.table("x", RIGHT), ag.table("x", RIGHT, key=["year", "who"], ordered=True),
    ag.table("x", RIGHT, key="who", mistakes=[(RIGHT.assign(amount=[1, 2, 8453]), "the cash")]),
    ag.table("x", lambda n: RIGHT.assign(amount=n), key="year",
             given={"n": ag.answer("n", 3217)}),
])
def test_no_cell_of_a_table_can_be_read(one: ag.Check) -> None:
    text = held(one).lower()
    assert not [word for word in ("3217", "8453", "hidden", "2026", "ann", "the cash")
                if word in text]


def test_a_column_that_is_soon_guessed_leaves_a_table_open() -> None:
    right = RIGHT.assign(late=[True, False, True])
    one = ag.table("x", right, key="year")
    assert outcome(one, right).state == "later"
    assert outcome(one, right.assign(late=False)).state == "later"
    assert outcome(one, right.assign(amount=1.0)).state == "failed"
    assert outcome(one, right.assign(late=1)).tags == ("dtype",)


def test_a_large_table_is_looked_at_by_its_form() -> None:
    right = pd.DataFrame({"amount": [1.5 * one for one in range(MOST + 1)]})
    one = ag.table("x", right)
    assert not handout(one).right
    assert outcome(one, right).state == outcome(one, right + 1).state == "later"


def test_a_table_that_follows_from_an_earlier_answer_stays_open() -> None:
    one = ag.table("x", lambda n: RIGHT.assign(amount=n)[:n], key="year",
                   given={"n": ag.answer("n", 2)})
    assert checking.check(sealed(one), x=RIGHT.assign(amount=2)[:2], n=2).state == "passed"
    assert checking.check(sealed(one), x=RIGHT.assign(amount=3)[:3], n=3).state == "later"
    assert checking.check(sealed(one), x=RIGHT[["year"]], n=2).tags == ("missing-column",)


CELLS = st.sampled_from([0, 1, 2, 2.5, 3217, None])


@settings(max_examples=100, deadline=None)
@given(data=st.data(), key=st.sampled_from([None, "k", ["k", "a"], ["k", "a", "b"]]),
       ordered=st.booleans(), credit=st.sampled_from(["all", "rows", "cells"]),
       options=st.fixed_dictionaries({}, optional={
           "rtol": st.just(1e-3), "extra_columns": st.just(True), "whole": st.just(["a"])}))
def test_a_table_is_judged_as_by_the_full_check(
    data: st.DataObject, key: Any, ordered: bool, credit: Any, options: dict[str, Any]
) -> None:
    def table(rows: int) -> Any:
        columns = st.lists(CELLS, min_size=rows, max_size=rows)
        return pd.DataFrame({
            "k": data.draw(st.permutations(range(rows))), "a": data.draw(columns),
            "b": data.draw(st.lists(st.sampled_from(["x", "y"]), min_size=rows, max_size=rows))})

    rows = data.draw(st.integers(0, 4))
    right = table(rows)
    one = ag.table("x", right, key=key, credit=credit, ordered=ordered if key else None, **options)
    shuffled = right.iloc[data.draw(st.permutations(range(rows)))].reset_index(drop=True)
    for value in (right, shuffled, right.assign(a=right["a"].astype(float) * (1 + 1e-9)),
                  table(rows), table(rows + 1), right.assign(more=1), right[["k", "b"]],
                  right.assign(k=1)):
        assert agrees(checking.check(one, x=value), outcome(one, value))


@hostile.over_all
def test_no_value_trips_a_sealed_table(name: str, make: Callable[[], Any]) -> None:
    value = hostile.made(make)
    like = pd.DataFrame({"a": [7.5, 2], "b": ["x", "q"]})
    for one in (ag.table("x", like), ag.table("x", like, key="b"), ag.table(
            "x", columns=["a"], kinds={"a": "numbers"}, whole=["a"])):
        found = outcome(one, value)
        assert hostile.TOUCHED == []
        assert not found.review
        assert found.credit < 1 or not one.counts


def test_the_form_of_a_table_alone() -> None:
    one = ag.table("x", columns=["year", "who"], rows=3, kinds={"year": "numbers"},
                   extra_columns=True)
    assert not one.counts
    for check in (one, sealed(one)):
        assert checking.check(check, x=RIGHT).state == "passed"
        assert checking.check(check, x=RIGHT.assign(year="a")).tags == ("text",)
        assert checking.check(check, x=RIGHT[:1]).message == (
            "The table has 1 row; it should have 3.")
    assert checking.check(ag.table("x"), x=RIGHT).state == "passed"
    with pytest.raises(TypeError, match="mistakes"):
        ag.table("x", columns=["a"], mistakes=[(RIGHT, "no")])

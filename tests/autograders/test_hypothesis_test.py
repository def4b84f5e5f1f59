"""The result of a statistical test: each part counts, and a known slip is named."""

from __future__ import annotations

import math
from typing import Any

import checking
import pytest

import autograders as ag


def outcome(value: Any, **options: Any) -> ag.Outcome:
    wanted: dict[str, Any] = {"statistic": 2.1, "p": 0.04, **options}
    return checking.check(ag.hypothesis_test("r", **wanted), r=value)


@pytest.mark.parametrize("value", [
    (2.1, 0.04), [2.1001, 0.04], {"statistic": 2.1, "p": 0.04}, {"T": 2.1, "p-value": 0.04},
])
def test_every_form_of_a_result_is_read(value: Any) -> None:
    assert outcome(value).credit == 1.0


@pytest.mark.parametrize(("value", "credit", "tags"), [
    ((-2.1, 0.04), 0.5, ("sign",)), ((2.1, 0.02), 0.5, ("one-sided",)),
    ((2.1, 0.08), 0.5, ("two-sided",)), ((2.1, 0.96), 0.5, ("other-side",)),
    ((2.1, 0.98), 0.5, ("other-side",)), ((2.1, 4), 0.5, ("range",)),
    ((7, 0.5), 0.0, ("value",)), ((2.1,), 0.0, ("missing",)), (("2.1", None), 0.0, ("type",)),
    ({"p": 0.04}, 0.0, ("missing",)), ((math.nan, math.nan), 0.0, ("value", "range")),
    (3, 0.0, ("type",)),
])
def test_a_slip_costs_its_own_part(value: Any, credit: float, tags: tuple[str, ...]) -> None:
    found = outcome(value)
    assert (found.credit, found.tags) == (credit, tags)


def test_another_test_is_named() -> None:
    told = {(3.3, 0.001): ag.mistake("paired", "That pairs them.", credit=0.25)}
    found = outcome((3.3, 0.001), mistakes=told)
    assert (found.tags, found.credit) == (("paired",), 0.25)
    assert outcome((3.3, 0.5), mistakes=told).tags == ("value",)


@pytest.mark.parametrize(("ends", "tags"), [
    ((1.0, 3.0), ()), ([1.0, 3.0], ()), ((3.0, 1.0), ("order",)), ((0.5, 3.5), ("too-wide",)),
    ((1.5, 2.5), ("too-narrow",)), ((0, 9), ("value",)), (5, ("type",)), ((1, "3"), ("type",)),
    ((math.nan, 3), ("value",)),
])
def test_an_interval(ends: Any, tags: tuple[str, ...]) -> None:
    check = ag.hypothesis_test("r", interval=(1.0, 3.0))
    assert checking.check(check, r={"interval": ends}).tags == tags


@pytest.mark.parametrize(("value", "tags"), [
    (True, ()), ("Reject.", ()), (False, ("decision",)), ("fail to reject", ("decision",)),
    (1, ("type",)), ("perhaps", ("type",)),
])
def test_a_decision(value: Any, tags: tuple[str, ...]) -> None:
    assert checking.check(ag.hypothesis_test("r", reject=True), r={"reject": value}).tags == tags


def test_a_decision_that_follows_from_the_learners_own_p_is_right() -> None:
    check = ag.hypothesis_test("r", p=0.04, reject=True)
    found = checking.check(check, r={"p": 0.3, "reject": False})
    assert (found.credit, found.tags) == (0.5, ("value",))
    # It does not follow from this one.
    assert checking.check(check, r={"p": 0.3, "reject": True}).credit == 0.5
    assert checking.check(check, r={"p": 0.04, "reject": False}).tags == ("decision",)


def test_what_scipy_returns_is_read() -> None:
    stats = pytest.importorskip("scipy.stats")
    one, other = [1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 9.0]
    right = stats.ttest_ind(one, other)
    check = ag.hypothesis_test(
        "r", statistic=float(right.statistic), p=float(right.pvalue),
        mistakes={tuple(map(float, stats.ttest_rel(one, other))): ag.mistake("paired", "Paired?")})
    assert checking.check(check, r=right).credit == 1.0
    assert checking.check(check, r=stats.ttest_rel(one, other)).tags == ("paired",)
    only_p = ag.hypothesis_test("r", p=float(right.pvalue))
    assert checking.check(only_p, r=right).credit == 1.0


def test_a_check_that_asks_for_nothing_is_refused() -> None:
    with pytest.raises(TypeError, match="statistic="):
        ag.hypothesis_test("r")


def test_the_credit_grows_with_the_parts_that_are_right() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given
    from hypothesis import strategies as st

    right = {"statistic": 2.1, "p": 0.04, "interval": (0.1, 3.9), "reject": True}
    wrong = {"statistic": 7.7, "p": 0.33, "interval": (8, 9), "reject": False}
    check = ag.hypothesis_test("r", **right)  # type: ignore[arg-type]

    @given(st.sets(st.sampled_from(("statistic", "interval"))), st.booleans())
    def grows(parts: set[str], decided: bool) -> None:
        given_ = {part: (right if part in parts else wrong)[part] for part in right}
        given_["p"], given_["reject"] = 0.04, decided
        found = checking.check(check, r=given_)
        assert found.credit == (len(parts) + 1 + decided) / 4

    grows()


@pytest.mark.parametrize("off", [0.003, -0.003])
def test_a_statistic_beyond_the_tolerance_is_wrong(off: float) -> None:
    assert outcome((2.1 + off / 2, 0.04)).credit == 1.0
    assert outcome((2.1 + 2 * off, 0.04)).tags == ("value",)

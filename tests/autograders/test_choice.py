"""Choices: one, several, one for each item; what parts earn, and odd values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import checking
import hostile
import pytest

import autograders as ag

OPTIONS = ["debit", "credit", "neither", "both"]


def outcome(value: Any, expected: Any, **options: Any) -> ag.Outcome:
    return checking.check(ag.choice("x", expected, **{"options": OPTIONS, **options}), x=value)


@pytest.mark.parametrize("expected", ["debit", ["debit", "both"], {"a": "debit", "b": "both"}],
                         ids=["one", "several", "items"])
@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(
    name: str, make: Callable[[], Any], expected: Any
) -> None:
    value = hostile.made(make)
    found = outcome(value, expected, mistakes={"credit": "no", (lambda one: one["b"] > 1): "odd"})
    assert hostile.TOUCHED == []
    assert (found.credit, found.review) == (0.0, False)
    assert found.message.endswith(".")


def test_true_and_1_are_two_options_and_1_and_1_0_are_one() -> None:
    assert outcome(1.0, 1, options=[1, True]).credit == 1.0
    assert outcome(True, 1, options=[1, True]).credit == 0.0
    assert outcome("True", True, options=[True, False]).tags == ("unknown-option",)


def test_a_single_text_stands_for_a_list_of_one() -> None:
    assert outcome("debit", ["debit"]).credit == 1.0


@pytest.mark.parametrize(("rule", "chosen", "credit"), [
    ("all", ["debit"], 0.0), ("all", ["both", "debit"], 1.0), ("all", OPTIONS, 0.0),
    ("minus", ["debit"], 0.5), ("minus", ["debit", "both", "credit"], 0.5),
    ("minus", ["credit"], 0.0), ("minus", OPTIONS, 0.0), ("minus", ["debit"] * 3, 0.5),
    ("right", ["debit", "credit"], 0.5), ("right", ["debit"], 0.5), ("right", OPTIONS, 0.0),
    ("right", ["both", "debit"], 1.0),
])
def test_scoring_of_several(rule: Any, chosen: list[str], credit: float) -> None:
    assert outcome(chosen, ["debit", "both"], scoring=rule).credit == credit


def test_scoring_of_items() -> None:
    right = {"a": "neither", "b": "neither", "c": "neither", "d": "debit"}
    given = {**right, "d": "credit"}
    assert outcome(given, right).credit == 0.75
    assert outcome(given, right, scoring="groups").credit == 0.5
    assert outcome(given, right, scoring="all").credit == 0.0
    assert outcome(right, right, scoring="all").credit == 1.0
    told = {("d", "credit"): "Side?", "both": "No."}
    assert outcome(given, right, mistakes=told).tags == ("d-credit",)
    assert outcome({**right, "a": "both"}, right, mistakes=told).tags == ("both",)
    assert outcome({**right, "z": "both"}, right).credit == 1.0


@pytest.mark.parametrize(("options", "match"), [
    ({"expected": "left"}, "not among"), ({"options": "ab"}, "two or more"),
    ({"options": ["a", "A"]}, "each once"), ({"options": ["a", None]}, "each once"),
    ({"scoring": "minus"}, "scoring"), ({"expected": []}, "some option is right"),
    ({"expected": ["debit"], "mistakes": {"debit": "x"}}, "none that is right"),
    ({"mistakes": {"debit": "x"}}, "is the right answer"),
    ({"mistakes": {"left": "x"}}, "not among"),
    ({"expected": {"a": "debit"}, "mistakes": {("b", "debit"): "x"}}, "of no item"),
    ({"expected": {"a": "debit"}, "mistakes": {("a", "debit"): "x"}}, "is the right answer"),
    ({"expected": {}}, "one item"),
])
def test_wrong_uses_by_an_author_are_told(options: dict[str, Any], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        ag.choice("x", **{"expected": "debit", "options": OPTIONS, **options})


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    exact = settings(derandomize=True, database=None, deadline=None, max_examples=200)
    option = st.sampled_from(OPTIONS)
    items = st.fixed_dictionaries(dict.fromkeys("abcde", option))

    @exact
    @given(items, items, st.sampled_from("abcde"), st.sampled_from(["all", "items", "groups"]))
    def one_more_right_item_never_earns_less(
        right: dict[str, str], chosen: dict[str, str], item: str, rule: Any
    ) -> None:
        more = {**chosen, item: right[item]}
        before, after = (outcome(one, right, scoring=rule).credit for one in (chosen, more))
        assert after >= before
        assert outcome(right, right, scoring=rule).credit == 1.0
        assert (after == 1.0) is (more == right)

    @exact
    @given(st.sets(option, min_size=1), st.sets(option), option,
           st.sampled_from(["all", "minus", "right"]))
    def a_right_option_for_a_wrong_one_never_earns_less(
        right: set[str], chosen: set[str], dropped: str, rule: Any
    ) -> None:
        assert outcome(right, right, scoring=rule).credit == 1.0
        for added in right - chosen:
            if dropped in chosen - right:
                better = (chosen - {dropped}) | {added}
                before, after = (outcome(one, right, scoring=rule).credit
                                 for one in (chosen, better))
                assert after >= before
        assert (outcome(chosen, right, scoring=rule).credit == 1.0) is (chosen == right)

    one_more_right_item_never_earns_less()
    a_right_option_for_a_wrong_one_never_earns_less()

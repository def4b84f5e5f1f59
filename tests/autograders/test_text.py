"""Text: what is the same, what is nearly right, and odd values."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders.text import Form


def outcome(value: Any, *args: Any, **options: Any) -> ag.Outcome:
    return checking.check(ag.text("x", *args, **options), x=value)


@pytest.mark.parametrize("options", [
    {"expected": "accrual", "mistakes": {"cash": "no", re.compile("z"): "z"}},
    {"one_of": ["accrual", "accruals"], "case": True, "accents": False, "punctuation": False},
    {"pattern": "(accr)+ual", "mistakes": {(lambda text: text[50_000] == "a"): "odd"}},
], ids=["expected", "one-of", "pattern"])
@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(
    name: str, make: Callable[[], Any], options: dict[str, Any]
) -> None:
    value = hostile.made(make)
    found = outcome(value, **options)
    assert hostile.TOUCHED == []
    assert (found.credit, found.review) == (0.0, False)
    assert found.message.endswith(".")


@pytest.mark.parametrize(("one", "other"), [
    ("Cash", " cash\n"), ("fine", "\ufb01ne"), ("x\u00a0y", "x  y"), ("don't", "don’t"),
    ("a\u200bb", "ab"), ("２０２７", "2027"), ("Straße", "STRASSE"), ("caf\u00e9", "cafe\u0301"),
    ("profit-loss", "profit–loss"),
])
def test_the_same_text_typed_in_another_way(one: str, other: str) -> None:
    assert outcome(one, other).credit == outcome(other, one).credit == 1.0


@pytest.mark.parametrize(("value", "expected", "tag"), [
    ("recievable", "receivable", "spelling"),
    ("assets", "asset", "spelling"),
    ("payable", "receivable", "value"),
    ("decrease of cash", "increase of cash", "value"),
    ("not payable", "payable", "value"),
    ("unearned", "earned", "value"),
    ("credit", "debit", "value"),
    ("year 2026", "year 2027", "value"),
    ("tex", "tax", "value"),
])
def test_a_slip_of_spelling_is_no_other_word(value: str, expected: str, tag: str) -> None:
    found = outcome(value, expected, near_credit=0.5)
    assert (found.tags, found.credit) == ((tag,), 0.5 if tag == "spelling" else 0.0)
    assert outcome(value, expected, near=False).tags == ("value",)


def test_what_is_nearer_to_a_known_mistake_is_no_slip_of_the_right_text() -> None:
    found = outcome("affectt", "affect", mistakes={"affectts": "Which one?"})
    assert found.tags == ("value",)


def test_a_pattern_that_takes_for_ever_is_stopped() -> None:
    if not hasattr(signal, "setitimer"):
        pytest.skip("no interval timer here: whoever runs the cell bounds its time")
    one = ag.text("x", pattern="(a|a)*b")
    bounded = ag.Check(label="x", kind="text", examine=one.examine, seconds=0.3)
    assert checking.check(bounded, x="a" * 5_000).tags == ("timeout",)


@pytest.mark.parametrize(("options", "match"), [
    ({"expected": "a", "pattern": "b"}, "one of"), ({"one_of": "abc"}, "a list"),
    ({"expected": 3}, "text with something"), ({"expected": " "}, "text with something"),
    ({"expected": "a", "mistakes": {"A ": "x"}}, "is the right answer"),
    ({"expected": "a", "mistakes": {3: "x"}}, "wrong text"),
    ({"expected": "a", "near_credit": 2}, "credit"),
])
def test_wrong_uses_by_an_author_are_told(options: dict[str, Any], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        ag.text("x", **options)


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import assume, given, settings
    from hypothesis import strategies as st

    exact = settings(derandomize=True, database=None, deadline=None, max_examples=200)
    forms = st.builds(Form, case=st.booleans(), accents=st.booleans(), punctuation=st.booleans())

    @exact
    @given(st.text(max_size=60), forms)
    def the_normal_form_is_its_own(text: str, form: Form) -> None:
        assert form.of(form.of(text)) == form.of(text)

    @exact
    @given(st.text(max_size=60), st.text(max_size=60))
    def the_reference_passes_and_another_text_fails(right: str, other: str) -> None:
        assume(Form().of(right))
        one = ag.text("x", right)
        assert checking.check(one, x=right).credit == 1.0
        assert checking.check(one, x=f"  {right}\n").credit == 1.0
        same = Form().of(other) == Form().of(right)
        assert (checking.check(one, x=other).credit == 1.0) is same

    the_normal_form_is_its_own()
    the_reference_passes_and_another_text_fails()

"""Sealed checks: they know a right answer again, and hold none."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

import pytest
from checking import check
from hostile import made, over_all

import autograders as ag
from autograders.digests import boxed, opened, stretched
from autograders.sealed import packed, seal_of, unpacked

SALT = b"a salt"


def sealed(one: ag.Check, label: str | None = None) -> ag.Check:
    """The check as a release hands it out."""
    assert one.handout is not None
    handout = one.handout()
    assert handout is not None
    return ag.sealed(one.kind, handout.name, packed(seal_of(handout, SALT, counts=one.counts)),
                     label=label)


def text_of(one: ag.Check) -> str:
    """All that a seal holds, unpacked."""
    assert one.handout is not None
    handout = one.handout()
    assert handout is not None
    seal = unpacked(packed(seal_of(handout, SALT, counts=one.counts)))
    return json.dumps(asdict(seal), default=lambda value: (
        sorted(value) if isinstance(value, frozenset) else value.hex()))


PROFIT = ag.number("profit", 3217, rtol=1e-3, mistakes={
    8453: ag.mistake("cash", "That is the cash.", credit=0.5), lambda one: one > 9e9: "too large"})
WORD = ag.text("word", one_of=["Gross margin", "Gross profit"], accents=False,
               mistakes={"revenue": "That is before the costs."})


@pytest.mark.parametrize(("one", "name", "value", "state", "tags"), [
    (PROFIT, "profit", 3217, "passed", []), (PROFIT, "profit", 3218.5, "passed", []),
    (PROFIT, "profit", 8453, "partial", ["cash"]), (PROFIT, "profit", 3300, "failed", ["value"]),
    (PROFIT, "profit", -3217, "failed", ["sign"]), (PROFIT, "profit", 3217e3, "failed",
                                                   ["thousands"]),
    (PROFIT, "profit", "3217", "failed", ["text"]), (PROFIT, "profit", math.nan, "failed", ["nan"]),
    (PROFIT, "profit", None, "failed", ["unanswered"]), (PROFIT, "other", 1, "failed", ["missing"]),
    (PROFIT, "profit", 10**10, "failed", ["value"]),
    (WORD, "word", " gross  MARGIN", "passed", []), (WORD, "word", "Gross profit", "passed", []),
    (WORD, "word", "Revenue", "failed", ["revenue"]), (WORD, "word", "sales", "failed", ["value"]),
    (WORD, "word", 3, "failed", ["type"]),
])
def test_it_tells_right_known_and_other_answers_apart(
    one: ag.Check, name: str, value: Any, state: str, tags: list[str]
) -> None:
    found = check(sealed(one), **{name: value})
    assert (found.state, list(found.tags)) == (state, tags)


def test_a_known_mistake_says_what_the_author_says() -> None:
    assert check(sealed(PROFIT), profit=8453) == check(PROFIT, profit=8453)


def test_on_the_edge_of_the_tolerance_it_leaves_the_answer_open() -> None:
    one = ag.number("x", 100, atol=1)
    states = {value: check(sealed(one), x=value).state for value in (100, 100.5, 101, 101.1, 101.4)}
    assert states == {100: "passed", 100.5: "passed", 101: "later", 101.1: "later",
                      101.4: "failed"}


@pytest.mark.parametrize("one", [
    ag.number("x", 3217, mistakes={8453: "the cash of 8453"}),
    ag.number("x", 3217.25, rtol=1e-3), ag.number("x", 3217.25, atol=0.5, places=2),
    ag.number("x", 3217, rtol=0), ag.number("x", 3217.25, digits=5), ag.text("x", "Hidden word"),
    ag.text("x", one_of=["Hidden word", "b"], mistakes={"Hidden too": "You wrote hidden too"}),
    ag.text("x", pattern="Hidden .*"),
    ag.number("x", lambda y: y * 3217, given={"y": ag.answer("y", 1)}),
])
def test_no_answer_no_mistake_and_no_message_can_be_read_in_it(one: ag.Check) -> None:
    held = text_of(one).lower()
    assert not [word for word in ("3217", "8453", "hidden", "the cash", "you wrote")
                if word in held]
    # What a bound of the tolerance would tell of the value.
    assert "3.217" not in held
    assert "16.08" not in held


def test_what_follows_from_an_earlier_answer_stays_open() -> None:
    one = ag.number("tax", lambda profit: profit / 4, given={"profit": ag.answer("profit", 400)})
    assert check(sealed(one), tax=100, profit=400).state == "passed"
    assert check(sealed(one), tax=50, profit=200).state == "later"


def test_a_pattern_stays_open_and_a_check_of_the_form_says_so() -> None:
    pattern = ag.text("x", pattern="[ab]+")
    assert check(sealed(pattern), x="aab").state == check(sealed(pattern), x="c").state == "later"
    form = ag.number("x", mistakes={5: "Not five."})
    assert check(sealed(form), x=4).state == "passed"
    assert check(sealed(form), x=5).message == "Not five."
    assert not sealed(form).counts


def test_without_a_seal_it_is_graded_after_hand_in_and_scores_nothing() -> None:
    question = ag.Question("q", points=2, names={"x": 1})
    question.add(ag.sealed("plot", "figure"))
    question.add(ag.sealed("an-own-checker", "x"), weight=3)
    result = question.result()
    assert float(result) == 0.0
    assert result.as_text().split("\n") == [
        "q: graded after hand-in (worth 2 points)", "… figure: Graded after hand-in.",
        "… x: Graded after hand-in."]
    assert [one["state"] for one in result.as_json()["checks"]] == ["later", "later"]
    assert "graded after hand-in" in result._repr_html_()
    empty = ag.Question("q", points=1, names={}).result()
    assert float(empty) == 0.0
    assert empty.as_text() == "q: graded after hand-in (worth 1 point)"


def test_a_question_counts_what_is_judged_here_and_says_what_comes_later() -> None:
    question = ag.Question("q", points=3, names={"profit": 3217})
    question.add(sealed(PROFIT))
    question.add(ag.sealed("written", "essay"), weight=2)
    result = question.result()
    assert float(result) == 1.0
    assert result.as_text().startswith(
        "q: 1 of 1 check passed, 1 graded after hand-in (worth 3 points)")


@pytest.mark.parametrize("seal", ["", "not base64!", "AAAA", "eNqrVspMUbJSMlSqBQAPTgJy"])
def test_a_damaged_seal_is_refused_with_what_to_do(seal: str) -> None:
    with pytest.raises(ValueError, match="fetch the assignment again"):
        unpacked(seal)


@over_all
def test_no_value_of_a_learner_trips_it(name: str, make: Any) -> None:
    value = made(make)
    for one in (PROFIT, WORD):
        found = check(sealed(one, "x"), profit=value, word=value)
        assert not found.review
        assert found.credit < 1


def test_a_box_opens_with_each_of_its_keys_alone() -> None:
    keys = [stretched(key, SALT) for key in "abc"]
    box = boxed("Is the outflow negative?", keys[:2], SALT)
    assert [opened(box, key) for key in keys] == ["Is the outflow negative?"] * 2 + [None]
    assert "outflow" not in "".join(box)


def test_the_same_answer_has_another_digest_in_another_question() -> None:
    assert PROFIT.handout is not None
    handout = PROFIT.handout()
    assert handout is not None
    one, other = (seal_of(handout, salt, counts=True) for salt in (b"one", b"other"))
    assert one.right[0].isdisjoint(other.right[0])

"""A quiz in Python: what it takes, what it refuses, and what it knows of an answer."""

from __future__ import annotations

from typing import Any

import pytest

from kit.lesson import misconception, quiz
from kit.lesson.quizzes import Quiz

OPTIONS = {"A **b**": "Why `x`?", "C": "Yes."}


def test_what_it_is_made_of_is_plain_and_safe() -> None:
    made = quiz("Is <i>5</i> > **4**?", OPTIONS, right="C")
    assert made.spec["question"] == "Is &lt;i&gt;5&lt;/i&gt; &gt; <strong>4</strong>?"
    assert made.spec["options"][0] == {
        "text": "A <strong>b</strong>", "plain": "A b", "why": "<p>Why <code>x</code>?</p>"}
    assert (made.spec["kind"], made.spec["right"]) == ("quiz", [1])


def test_its_id_follows_from_what_it_asks() -> None:
    one, same, other = (quiz(text, OPTIONS, right="C") for text in ("a?", "a?", "b?"))
    assert one.spec["id"] == same.spec["id"] != other.spec["id"]
    assert quiz("a?", OPTIONS, right="C", id="first").spec["id"] == "first"


@pytest.mark.parametrize(("state", "options", "right", "answer"), [
    ({}, OPTIONS, "C", None), ({"chosen": [0]}, OPTIONS, "C", "A b"),
    ({"chosen": [0, 1]}, OPTIONS, ["C", "A **b**"], ["A b", "C"]),
    ({}, OPTIONS, ["C"], None), ({"given": [3.5]}, None, 4, 3.5),
])
def test_the_kernel_reads_the_answer(state: dict[str, Any], options: Any, right: Any, answer: Any
                                     ) -> None:
    made: Quiz = quiz("q", options, right=right)
    made.state = state
    assert made.answer == answer
    assert not made.is_right
    made.state = {**state, "right": True}
    assert made.is_right


def test_a_notebook_page_without_widgets_shows_the_question() -> None:
    data, _ = quiz("q?", OPTIONS, right="C")._repr_mimebundle_()
    assert "<h3>q?</h3>" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "Why" not in data["text/html"]
    assert "euro" in quiz("q?", right=4, unit="euro").static_html()


@pytest.mark.parametrize(("options", "how", "match"), [
    (OPTIONS, {"right": "D"}, "names no option"), (OPTIONS, {"right": []}, "some option"),
    ({"A": "x"}, {"right": "A"}, "two options"), ({"A": " ", "B": "x"}, {"right": "B"}, "say why"),
    (OPTIONS, {"right": 3}, "one of the options"), (None, {"right": "x"}, "are numbers"),
    (None, {"right": float("nan")}, "are numbers"), (None, {"right": 1, "tolerance": -1}, "from 0"),
    (None, {"right": 1, "wrong": {1.0: "x"}}, "is right"), (OPTIONS, {"right": "C", "id": "a b"},
                                                           "an id is"),
    ({"A": 5, "B": "x"}, {"right": "B"}, "shows itself as HTML"),
])
def test_what_an_author_does_wrong_is_told_at_once(options: Any, how: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        quiz("q", options, **how)


def test_a_misconception_is_named_and_kept() -> None:
    made = quiz("q", {"A": misconception("cash is *profit*.", "Is it?"), "B": "Yes."}, right="B")
    assert made.spec["options"][0]["why"] == (
        '<p>Is it?</p><p class="cp-note">A common mix-up: cash is <em>profit</em>.</p>')
    assert made.spec["options"][0]["name"] == "cash is profit"
    assert "name" not in made.spec["options"][1]
    assert made.misconceptions == []
    made.state = {"misconceptions": ["cash is profit"]}
    assert made.misconceptions == ["cash is profit"]


@pytest.mark.parametrize(("make", "match"), [
    (lambda: misconception(" ", "x"), "has a name"), (lambda: misconception("x", " "), "say why"),
    (lambda: quiz("q", {"A": misconception("x", "y"), "B": "z"}, right="A"), "no misconception"),
    (lambda: quiz("q", {"A": misconception("x", 5), "B": "z"}, right="B"), "shows itself as HTML"),
])
def test_a_misconception_has_a_name_and_a_reason(make: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        make()

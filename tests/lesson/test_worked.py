"""Steps, hints and a solution in Python: what they take, what they refuse, what they know."""

from __future__ import annotations

from typing import Any

import pytest

from kit.lesson import hints, quiz, solution, step, steps

WORKED = [("Find the accounts", "Cash and **Loan**"), ("A month costs", 200),
          ("Used in 4 months", 800, {1600: "That is what is *left*."})]


def test_only_the_blank_steps_hold_how_they_are_checked() -> None:
    made = steps("Adjust <b>it</b>", WORKED, blank=1)
    (only,) = made.spec["rounds"]
    assert [one["form"] for one in only["steps"]] == ["given", "given", "number"]
    assert only["steps"][0] == {"ask": "Find the accounts", "name": "Find the accounts",
                                "shown": "Cash and <strong>Loan</strong>", "form": "given"}
    assert only["steps"][2]["right"] == 800
    assert only["steps"][2]["wrong"] == [
        {"value": 1600, "why": "<p>That is what is <em>left</em>.</p>"}]
    assert made.spec["question"] == "Adjust &lt;b&gt;it&lt;/b&gt;"


def test_a_text_is_compared_without_case_spacing_and_punctuation() -> None:
    made = steps("Post", [step("Which?", "Cash: *Debit*", also=["Dr. Cash"],
                               wrong={"cash, credit!": "Cash grows."})])
    (one,) = made.spec["rounds"][0]["steps"]
    assert one["right"] == ["cash debit", "dr cash"]
    assert one["wrong"][0]["value"] == "cash credit"
    assert "from the step before" in one["otherwise"]


@pytest.mark.parametrize(("count", "blank", "expected"), [
    (1, None, [0]), (2, None, [0, 3]), (3, None, [0, 1, 3]), (4, None, [0, 1, 2, 3]),
    (5, None, [0, 1, 2, 3, 3]), (3, [0, 1, 2], [0, 1, 2]), (2, 2, [2, 2]),
])
def test_rounds_fade_and_the_last_is_alone(count: int, blank: Any, expected: list[int]) -> None:
    made = steps("Adjust", rounds=[(f"Problem {at}", WORKED) for at in range(count)], blank=blank)
    assert [one["blank"] for one in made.spec["rounds"]] == expected


def test_the_kernel_reads_what_was_filled_in() -> None:
    made = steps("Adjust", rounds=[("One", WORKED), ("Two", WORKED), ("Three", WORKED)])
    assert made.answer == [None, None, None, None]
    made.state = {"steps": {"1.2": {"value": 1600}, "2.0": {"value": "Cash and loan"}}}
    assert made.answer == [1600, "Cash and loan", None, None]
    assert not made.is_right
    made.state = {**made.state, "right": True}
    assert made.is_right


def test_a_worked_number_is_written_as_people_write_it() -> None:
    made = steps("q", [step("a", -1500, unit="euro"), step("b", 2, shown="1 + 1 = **2**")], blank=0)
    assert [one["shown"] for one in made.spec["rounds"][0]["steps"]] == [
        "−1,500 euro", "1 + 1 = <strong>2</strong>"]


def test_on_paper_the_worked_steps_stand_and_the_blank_ones_are_lines() -> None:
    text = steps("Adjust", WORKED).static_html()
    assert "Cash and <strong>Loan</strong>" in text
    assert "Used in 4 months<br>____" in text
    assert "800" not in text
    assert "left" not in text


@pytest.mark.parametrize(("how", "match"), [
    ({}, "one of the two"), ({"worked": WORKED, "rounds": [("a", WORKED)]}, "one of the two"),
    ({"worked": []}, "steps are a list"), ({"worked": "ab"}, "steps are a list"),
    ({"rounds": []}, "one problem or more"), ({"rounds": [WORKED]}, "a round is a pair"),
    ({"worked": WORKED, "blank": 4}, "from 0 to the 3"),
    ({"worked": WORKED, "blank": True}, "from 0"),
    ({"rounds": [("a", WORKED)], "blank": [0, 1]}, "2 numbers for 1 round"),
    ({"worked": [("only",)]}, "a step is"), ({"worked": [("a", 1, "x")]}, "are a dict"),
    ({"worked": [("a", 1, {1.0: "x"})]}, "is right"), ({"worked": [("a", 1, {"x": "x"})]}, "kind"),
    ({"worked": [("a", "B", {" b.": "x"})]}, "is right"),
    ({"worked": [("a", "?!")]}, "nothing is"),
    ({"worked": [("a", "B", {1: "x"})]}, "has texts as"),
    ({"worked": [("a", None)]}, "shows itself"),
    ({"worked": [step("a", 1, tolerance=-1)]}, "from 0"),
    ({"worked": [("a", "B", {"x": 3})]}, "shows itself"),
])
def test_what_an_author_does_wrong_in_steps_is_told_at_once(how: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        steps("q", **how)


def test_hints_are_folded_where_nothing_runs() -> None:
    made = hints("Stuck?", ["Look at the **dates**.", "Who owes?"])
    assert made.static_html().count("<details>") == 2
    assert "<strong>dates</strong>" in made.static_html()
    assert made.answer == 0
    made.state = {"opened": 2}
    assert made.answer == 2
    assert made.spec["id"] == hints("Stuck?", ["Look at the **dates**.", "Who owes?"]).spec["id"]


@pytest.mark.parametrize(("texts", "match"), [
    ("one", "a list of texts"), ([], "one hint or more"), (["a", " "], "none of them empty"),
    ([3], "shows itself"), ({"a": 1}, "a list of texts"),
])
def test_hints_that_are_none_are_refused(texts: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        hints("q", texts)


def test_a_solution_waits_for_words_or_for_another_component() -> None:
    asked = quiz("a?", right=1, id="first")
    assert solution("Compare", "Dr Cash", after=asked).spec["after"] == "first"
    made = solution("Compare", "Dr **Cash**", attempt="Write both lines first")
    assert (made.spec["words"], made.spec["after"]) == (3, "")
    assert made.spec["content"] == "<p>Dr <strong>Cash</strong></p>"
    assert "<details><summary>The solution</summary><p>Dr" in made.static_html()
    assert made.answer is None
    assert not made.is_open
    made.state = {"attempt": "Loan and cash", "open": True}
    assert (made.answer, made.is_open) == ("Loan and cash", True)


@pytest.mark.parametrize(("content", "how", "match"), [
    (" ", {}, "is empty"), ("x", {"words": 0}, "from 1"), ("x", {"words": True}, "from 1"),
    ("x", {"after": 3}, "after= is"), ("x", {"after": "a b"}, "an id is"), (3, {}, "shows itself"),
])
def test_a_solution_that_cannot_open_is_refused(content: Any, how: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        solution("q", content, **how)


@pytest.mark.parametrize("worked", [[("How many?", 3, {4: " "})], [("Which?", "a", {"b": ""})]])
def test_a_wrong_step_is_told_something(worked: Any) -> None:
    with pytest.raises(ValueError, match="say why to who answers"):
        steps("Add", worked)

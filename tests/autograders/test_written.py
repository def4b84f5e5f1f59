"""Written answers: what is long enough goes to a person, and is never scored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders.written import count_words


@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(name: str, make: Callable[[], Any]) -> None:
    value = hostile.made(make)
    found = checking.check(ag.written("x", words=10), x=value)
    assert hostile.TOUCHED == []
    assert (found.credit, found.review) == (0.0, False)
    assert found.message.endswith(".")


@pytest.mark.parametrize(("text", "count"), [
    ("", 0), ("!? – …", 0), ("don't", 1), ("cash-basis accounts", 2), ("a\u00a0b\tc\nd", 4),
    ("1,200.50 USD", 2), ("現金は利益ではない", 9), ("cash 現金 flow", 4), ("élève", 1),
])
def test_words_are_counted(text: str, count: int) -> None:
    assert count_words(text) == count


def test_a_question_with_a_written_answer_needs_review_and_keeps_its_other_marks() -> None:
    question = ag.Question("q", points=4, names={"why": "It was earned in March.", "n": 3})
    question.add(ag.number("n", 3))
    question.add(ag.written("why", words=3), weight=3)
    result = question.result()
    assert (float(result), result.report.needs_review, result.report.tags) == (
        1.0, True, ("to-mark",))


@pytest.mark.parametrize("options", [{"words": 0}, {"words": 5, "most": 4}])
def test_wrong_uses_by_an_author_are_told(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        ag.written("x", **options)


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    exact = settings(derandomize=True, database=None, deadline=None, max_examples=150)

    @exact
    @given(st.lists(st.sampled_from(["cash", "profit", "is", "owner's"]), max_size=30),
           st.integers(1, 20))
    def enough_words_are_to_be_marked_and_fewer_fail(words: list[str], least: int) -> None:
        found = checking.check(ag.written("x", words=least), x=" ".join(words))
        assert (found.credit, found.review) == (0.0, len(words) >= least)

    enough_words_are_to_be_marked_and_fewer_fail()

"""What lateness costs: the built-in policies to the second, and what any policy may not do."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from kit import plugins
from kit.course.author import AuthorsPolicy
from kit.course.lateness import cost
from kit.errors import CourseError
from kit.grading.late import none
from kit.model import LatePolicy

GRACE = timedelta(minutes=15)
G = GRACE.total_seconds()
DAY = 86_400.0


def lost(name: str, late: float, *, earned: float = 40.0, **how: Any) -> float | None:
    return cost(LatePolicy(name=name, grace=GRACE, **how), "learner-0001", earned, late)


@pytest.mark.parametrize("late", [1.0, G, G + 1, 9 * DAY])
def test_the_policy_none_takes_nothing(late: float) -> None:
    assert lost("none", late) is None
    assert none(LatePolicy(), "learner-0001", 40.0, late) is None


@pytest.mark.parametrize(("late", "taken"), [
    (0.0, None), (-DAY, None), (1.0, None), (G, None), (G + 1, 40.0), (30 * DAY, 40.0),
])
def test_the_policy_zero_takes_all_after_the_grace(late: float, taken: float | None) -> None:
    assert lost("zero", late) == taken


@pytest.mark.parametrize(("late", "floor", "taken"), [
    (-1.0, 0, None),
    (0.0, 0, None),
    (1.0, 0, None),
    (G, 0, None),                 # to the second: the grace is still in time
    (G + 1, 0, 4.0),              # a day that has begun counts
    (G + DAY, 0, 4.0),
    (G + DAY + 1, 0, 8.0),
    (G + 2 * DAY, 0, 8.0),
    (G + 2 * DAY + 1, 0, 12.0),
    (G + 9 * DAY, 0, 36.0),
    (G + 9 * DAY + 1, 0, 40.0),
    (G + 30 * DAY, 0, 40.0),      # never more than all
    (G + 1, 50, 4.0),             # the floor does not matter yet
    (G + 5 * DAY, 50, 20.0),
    (G + 5 * DAY + 1, 50, 20.0),  # half is kept
    (G + 9 * DAY, 50, 20.0),
    (G + 1, 100, 0.0),            # all is kept
    (G + 9 * DAY, 100, 0.0),
])
def test_the_policy_percent_takes_a_share_each_started_day(
    late: float, floor: float, taken: float | None
) -> None:
    assert lost("percent", late, percent_a_day=10.0, floor=floor) == taken


@pytest.mark.parametrize(("percent_a_day", "taken"), [(0.0, 0.0), (2.5, 2.0), (100.0, 40.0)])
def test_the_share_is_of_what_was_earned(percent_a_day: float, taken: float) -> None:
    assert lost("percent", G + DAY + 1, percent_a_day=percent_a_day) == taken
    assert lost("percent", G + DAY + 1, percent_a_day=percent_a_day, earned=20.0) == taken / 2
    assert lost("percent", G + DAY + 1, percent_a_day=percent_a_day, earned=0.0) == 0.0


def test_without_a_grace_the_first_second_counts() -> None:
    policy = LatePolicy(name="percent", percent_a_day=10.0)
    assert cost(policy, "learner-0001", 40.0, 0.5) == 4.0
    assert cost(LatePolicy(name="zero"), "learner-0001", 40.0, 0.5) == 40.0


@pytest.mark.parametrize(("asked", "taken"), [
    (-1.0, 0.0), (-0.0, 0.0), (7, 7.0), (40.0, 40.0), (40.001, 40.0), (1e9, 40.0),
    (None, None), (math.nan, None), (math.inf, None), (-math.inf, None),
])
def test_what_a_policy_says_is_held_within_the_score(
    asked: float | None, taken: float | None
) -> None:
    policy = AuthorsPolicy(name="mine", ask=lambda *_: asked)
    assert cost(policy, "learner-0001", 40.0, 60.0) == taken
    assert cost(policy, "learner-0001", 40.0, 0.0) is None


def test_a_policy_gets_the_learner_the_score_and_the_seconds() -> None:
    got: list[Any] = []
    policy = AuthorsPolicy(name="mine", ask=lambda *given: got.extend(given) or 1.0)
    assert cost(policy, "learner-0042", 40.0, 61.0) == 1.0
    assert got == [policy, "learner-0042", 40.0, 61.0]


def test_extra_debts_are_not_more_than_nothing() -> None:
    assert cost(LatePolicy(name="zero"), "learner-0001", -2.0, 60.0) == 0.0


def _raises(*_: Any) -> float:
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize(("ask", "says"), [
    (_raises, "the policy 'mine' failed: ZeroDivisionError: division by zero"),
    (lambda *_: "much", "the policy 'mine' failed: ValueError"),
])
def test_a_policy_that_fails_says_so(
    monkeypatch: pytest.MonkeyPatch, ask: Any, says: str
) -> None:
    monkeypatch.setattr(plugins, "find", lambda *_: ask)
    with pytest.raises(CourseError, match="the late penalty is not known") as caught:
        cost(LatePolicy(name="mine"), "learner-0001", 40.0, 60.0)
    assert says in caught.value.message


def test_a_policy_that_is_not_installed_says_so() -> None:
    with pytest.raises(CourseError, match="no late policy named") as caught:
        cost(LatePolicy(name="precent"), "learner-0001", 40.0, 60.0)
    assert "percent" in caught.value.hint

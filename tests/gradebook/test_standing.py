from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.gradebook import sheet, standing, state
from kit.model import (
    Assignment,
    Course,
    Extension,
    GradeRow,
    Grading,
    Group,
    Learner,
    Review,
    Roster,
)

from .conftest import DUE, make_course

LATER = DUE + timedelta(days=30)


def row(name: str, score: float | None, **more: object) -> GradeRow:
    return GradeRow(assignment=name, learner="learner-0001", score=score, max_score=10,
                    **more)  # type: ignore[arg-type]


def grouped(*groups: Group, **members: str) -> Course:
    return replace(
        make_course(Path("/nowhere")), grading=Grading(
            groups=groups, cutoffs=(("A", 90.0), ("B", 80.0), ("F", 0.0))),
        assignments=tuple(Assignment(name=name, title=name, due=DUE, group=group)
                          for name, group in members.items()))


ROSTER = Roster(learners=(Learner(id="learner-0001"),))


def test_groups_weigh_and_the_lowest_falls() -> None:
    course = grouped(Group(name="hw", title="", weight=60, drop=1),
                     Group(name="ex", title="", weight=40), a="hw", b="hw", c="hw", x="ex")
    (found,) = standing(course, ROSTER, [row("a", 10), row("b", 8), row("c", 1), row("x", 5)],
                        now=LATER)
    assert found.groups[0].dropped == ("c",)
    assert found.percent == pytest.approx(0.6 * 90 + 0.4 * 50)
    assert (found.secured, found.letter, found.final) == (found.percent, "F", True)


def test_missing_counts_zero_only_after_the_due_date() -> None:
    course = grouped(Group(name="hw", title="", weight=1), a="hw", b="hw")
    rows = [row("a", 9), row("b", None)]
    before, = standing(course, ROSTER, rows, now=DUE - timedelta(days=1))
    after, = standing(course, ROSTER, rows, now=LATER)
    assert (before.percent, before.secured, before.final) == (90.0, 45.0, False)
    assert (after.percent, after.secured, after.final) == (45.0, 45.0, True)
    extended = replace(ROSTER, extensions=(
        Extension(learner="learner-0001", assignment="b", due=LATER + timedelta(days=1)),))
    (own,) = standing(course, extended, rows, now=LATER)
    assert own.percent == 90.0


def test_where_learners_set_the_pace_nothing_is_ever_missing() -> None:
    course = replace(grouped(Group(name="hw", title="", weight=1), a="hw", b="hw"), pace="self")
    extended = replace(ROSTER, binds=False, extensions=(
        Extension(learner="learner-0001", assignment="b", due=DUE),))
    rows = [row("a", 9), row("b", None)]
    for roster in (replace(ROSTER, binds=False), extended):
        (found,) = standing(course, roster, rows, now=LATER)
        assert (found.percent, found.secured, found.final) == (90.0, 45.0, False)
        made = sheet(course, roster, rows, now=LATER)
        learner, (_, work) = made.learners[0], course.assignments
        assert made.state(learner.id, work) == "open"
        assert made.score(learner.id, work) is None
    (done,) = standing(course, ROSTER, [row("a", 9), row("b", 5)], now=LATER)
    assert (done.percent, done.final) == (70.0, True)


def test_pending_and_excused_never_count_as_zero() -> None:
    course = grouped(Group(name="hw", title="", weight=1), a="hw", b="hw")
    review = (Review(code="x", reason="y"),)
    for other in (row("b", 0, pending=review), row("b", 0, needs_manual=True)):
        (found,) = standing(course, ROSTER, [row("a", 9), other], now=LATER)
        assert (found.percent, found.pending, found.final) == (90.0, ("b",), False)
    (found,) = standing(course, ROSTER, [row("a", 9), row("b", 0, excused=True)], now=LATER)
    assert (found.percent, found.secured, found.final) == (90.0, 90.0, True)


def test_the_number_expected_is_still_to_come() -> None:
    course = grouped(Group(name="hw", title="", weight=1, number=4, drop=1), a="hw", b="hw")
    (found,) = standing(course, ROSTER, [row("a", 9), row("b", 6)], now=LATER)
    assert found.groups[0].to_come == 2
    assert found.percent == 90.0
    assert found.secured == pytest.approx((90 + 60 + 0) / 3), "one of the zeros is dropped"


def test_without_groups_points_count() -> None:
    course = replace(grouped(a="", b=""), grading=Grading())
    (found,) = standing(course, ROSTER, [row("a", 9), replace(row("b", 1), max_score=90)],
                        now=LATER)
    assert found.percent == pytest.approx(10.0)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=6), st.integers(0, 4))
def test_percent_is_bounded_and_drops_never_hurt(scores: list[float], drop: int) -> None:
    names = {f"a{n}": "hw" for n in range(len(scores))}
    rows = [row(name, score) for name, score in zip(names, scores, strict=True)]
    percents = []
    for each in (0, drop):
        course = grouped(Group(name="hw", title="", weight=1, drop=each), **names)
        (found,) = standing(course, ROSTER, rows, now=LATER)
        assert found.percent is not None
        assert -1e-9 <= found.percent <= 100 + 1e-9
        percents.append(found.percent)
    assert percents[1] >= percents[0] - 1e-9


def test_states() -> None:
    assert state(row("a", None), None, LATER) == "open"
    assert state(row("a", None), DUE, LATER) == "missing"
    assert state(row("a", 3), DUE, LATER) == "graded"

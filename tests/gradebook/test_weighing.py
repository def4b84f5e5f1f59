"""What learners are told they need is what the gradebook then gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.course.weighing import course_percent, filled, letter, needed
from kit.gradebook import standing
from kit.model import Assignment, Course, GradeRow, Grading, Group, Learner, Roster

from .conftest import DUE, make_course

CUTOFFS = (("A", 90.0), ("B", 80.0), ("C", 60.0))
ROSTER = Roster(learners=(Learner(id="learner-0042"),))


def booked(groups: Sequence[Group], percents: dict[str, dict[str, float]]) -> tuple[float, str]:
    """(percent, letter) that the gradebook gives for the same scores."""
    rows, work = [], []
    for group in groups:
        for item, percent in percents.get(group.name, {}).items():
            name = f"{group.name}-{item.strip()}"
            work.append(Assignment(name=name, title=name, due=DUE, group=group.name))
            rows.append(GradeRow(assignment=name, learner="learner-0042", score=percent,
                                 max_score=100))
    course: Course = replace(
        make_course(Path("/nowhere")), assignments=tuple(work),
        grading=Grading(groups=tuple(groups), cutoffs=CUTOFFS))
    (found,) = standing(course, ROSTER, rows)
    assert found.percent is not None
    return found.percent, found.letter


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Group], dict[str, dict[str, float]], dict[str, int]]:
    """Groups, scores so far, and at least one item that is to come."""
    groups = [
        Group(name=f"g{place}", title="", weight=draw(st.integers(1, 70)),
              drop=draw(st.integers(0, 2)))
        for place in range(draw(st.integers(1, 3)))
    ]
    score = st.integers(0, 1000).map(lambda tenths: tenths / 10)
    percents = {
        group.name: {f"p{n}": draw(score) for n in range(draw(st.integers(0, 4)))}
        for group in groups
    }
    to_come = {groups[0].name: draw(st.integers(1, 2))}
    return groups, percents, to_come


@given(cases(), st.sampled_from(CUTOFFS))
def test_who_earns_what_is_needed_gets_the_grade_and_no_less_does(
    case: tuple[list[Group], dict[str, dict[str, float]], dict[str, int]],
    cutoff: tuple[str, float],
) -> None:
    groups, percents, to_come = case
    _, least = cutoff
    tenth = needed(groups, percents, to_come, least)

    def reached(percent: float) -> bool:
        made, grade = booked(groups, filled(percents, to_come, percent))
        ours = course_percent(groups, filled(percents, to_come, percent))
        assert ours is not None
        assert (made, grade) == (pytest.approx(ours), letter(CUTOFFS, ours))
        return made + 1e-9 >= least

    if tenth is None:
        assert not reached(100)
        return
    assert reached(tenth)
    if tenth > 0:
        assert not reached((tenth * 10 - 1) / 10)


def test_the_lowest_falls_so_a_last_one_may_need_nothing() -> None:
    groups = [Group(name="sets", title="", weight=100, drop=1)]
    so_far = {"sets": {"ps1": 90.0, "ps2": 92.0}}
    assert needed(groups, so_far, {"sets": 1}, 90) == 0
    assert needed(groups, so_far, {"sets": 1}, 95) == 98
    assert needed(groups, so_far, {"sets": 1}, 97) is None


def test_without_scores_the_cutoff_itself_is_needed() -> None:
    groups = [Group(name="sets", title="", weight=40), Group(name="exam", title="", weight=60)]
    assert needed(groups, {}, {"sets": 2, "exam": 1}, 80) == 80
    assert course_percent(groups, {}) is None
    assert course_percent(groups, {"sets": {"ps1": 50.0}}) == 50

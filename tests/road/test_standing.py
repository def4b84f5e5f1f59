"""What every template, every assignment and every engine must keep."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

from kit import workflow
from kit.course import load_roster
from kit.course.scaffold import template_names
from kit.gradebook import rows
from kit.model import CellKind, Course, GradeRow


def _graded(course: Course, engine: str) -> dict[str, GradeRow]:
    (assignment,) = course.assignments
    tally = workflow.grade(course, assignment, engine=engine, force=True)
    assert tally.total == 2
    return {row.learner: row for row in rows(course, load_roster(course), assignment)}


def _tests(row: GradeRow) -> list[tuple[str, float | None, float]]:
    return [(cell.grade_id, cell.auto, cell.max_points) for cell in row.cells
            if cell.kind is CellKind.TEST]


@pytest.fixture
def two(released, copy_of, hand_in) -> Course:
    """The author's own solution and the untouched release, handed in."""
    course = copy_of(released)
    (assignment,) = course.assignments
    hand_in(course, assignment.name, "solution", course.root / "source" / assignment.name)
    hand_in(course, assignment.name, "untouched", course.root / "release" / assignment.name)
    return course


def test_the_solution_scores_full_marks_and_the_untouched_release_none(two) -> None:
    found = _graded(two, "local")
    assert _tests(found["solution"])
    assert [(name, auto) for name, auto, most in _tests(found["solution"]) if auto != most] == []
    assert [(name, auto) for name, auto, _ in _tests(found["untouched"]) if auto != 0] == []


@pytest.mark.parametrize("released", [
    name if name == "blank" else pytest.param(name, marks=pytest.mark.slow)
    for name in template_names()], indirect=True)
def test_both_engines_give_the_same_score(two) -> None:
    ours, stock = _graded(two, "local"), _graded(two, "reference")
    for learner in ("solution", "untouched"):
        assert _tests(ours[learner]) == _tests(stock[learner])
        assert ours[learner].score == stock[learner].score
        assert ours[learner].needs_manual == stock[learner].needs_manual


def _table(course: Course) -> list[tuple[object, ...]]:
    (assignment,) = course.assignments
    return [(row.learner, row.score, row.needs_manual, row.penalty,
             [review.code for review in row.pending],
             [(cell.grade_id, cell.auto, cell.needs_manual) for cell in row.cells])
            for row in rows(course, load_roster(course), assignment)]


def _kit(course: Course, *arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", "kit", *arguments, "--course", str(course.root)]


def test_killed_in_the_middle_it_loses_nothing(course_of, copy_of, kit) -> None:
    course = copy_of(course_of("blank"))
    for arguments in (("simulate", "ps1", "--count", "12", "--seed", "3", "--roster"),
                      ("collect", "ps1", str(course.root / ".kit" / "simulated" / "ps1"))):
        assert kit(*arguments, "--course", course.root)[0] == 0
    running = subprocess.Popen(_kit(course, "grade", "ps1", "--workers", "1"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = course.root / "autograded"
    while running.poll() is None and len(list(done.glob("*/ps1"))) < 4:
        try:
            running.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
    running.kill()
    running.wait()
    assert len(list(done.glob("*/ps1"))) < 12, "it ended before it was killed"
    code, _, _ = kit("grade", "ps1", "--course", course.root)
    assert code == 0
    resumed = _table(course)
    assert kit("grade", "ps1", "--force", "--course", course.root)[0] == 0
    assert resumed == _table(course)
    assert len(resumed) == 12


@pytest.mark.parametrize("released", [
    pytest.param(name, marks=pytest.mark.slow) if name == "statistics" else name
    for name in template_names()], indirect=True)
def test_the_check_finds_nothing_in_a_template(released) -> None:
    assert workflow.check(released.root) == ()

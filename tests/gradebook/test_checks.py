"""Each check of a question is kept beside its mark, also in a gradebook of an earlier version."""

from __future__ import annotations

from dataclasses import replace

from gradebookfile import opened

from kit import gradebook
from kit.model import CellKind, Checked, Course, Release, Roster

from .conftest import score_of

CHECKS = (
    Checked(label="npv", kind="number", state="passed", credit=1.0, weight=2.0),
    Checked(label="irr", kind="function", state="partial", credit=0.25, weight=1.0,
            message="Off by ½.", tags=("sign", "timeout"), hidden=True),
)


def test_checks_come_back_as_they_were(course: Course, roster: Roster, release: Release) -> None:
    score = score_of(release, "learner-0001")
    results = tuple(replace(one, checks=CHECKS) if one.kind is CellKind.TEST else one
                    for one in score.results)
    gradebook.record(course, [replace(score, results=results)], roster=roster, release=release)
    row = next(one for one in gradebook.rows(course, roster) if one.learner == "learner-0001")
    tests = [cell for cell in row.cells if cell.kind is CellKind.TEST]
    assert tests
    assert all(cell.checks == CHECKS for cell in tests)


def test_a_gradebook_without_the_column_is_read_and_written(
    course: Course, roster: Roster, release: Release
) -> None:
    score = score_of(release, "learner-0001")
    results = tuple(replace(one, message="why", tags=("sign",)) for one in score.results)
    gradebook.record(course, [replace(score, results=results)], roster=roster, release=release)
    with opened(course.root / "gradebook.db") as connection:
        connection.execute("ALTER TABLE kit_result DROP COLUMN checks")
    before = gradebook.rows(course, roster)
    assert any(cell.tags == ("sign",) for row in before for cell in row.cells)
    gradebook.record(course, [score_of(release, "learner-0002")], roster=roster, release=release)
    with opened(course.root / "gradebook.db") as connection:
        assert [value for (value,) in connection.execute("SELECT checks FROM kit_result")] == (
            ["[]"] * len(results))


def test_tags_stand_in_the_comment_of_the_answer(
    course: Course, roster: Roster, release: Release
) -> None:
    score = score_of(release, "learner-0001")
    results = tuple(replace(one, checks=CHECKS) if one.kind is CellKind.TEST else one
                    for one in score.results)
    gradebook.record(course, [replace(score, results=results)], roster=roster, release=release)
    row = next(one for one in gradebook.rows(course, roster) if one.learner == "learner-0001")
    tests = [cell.grade_id for cell in row.cells if cell.kind is CellKind.TEST]
    said = [cell.comment for cell in row.cells if cell.kind is CellKind.ANSWER]
    assert said
    assert "Checks: sign, timeout (" in said[0]
    assert all(any(f"({name})" in one for one in said) for name in tests)
    # A hand-in without them takes the comment back.
    gradebook.record(course, [score_of(release, "learner-0001", digest="d2")], roster=roster,
                     release=release)
    again = next(one for one in gradebook.rows(course, roster) if one.learner == "learner-0001")
    assert not any("Checks: " in cell.comment for cell in again.cells)

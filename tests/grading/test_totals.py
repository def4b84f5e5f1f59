"""Whole scores that a grading changes: who gains, who loses, the largest first."""

from __future__ import annotations

from dataclasses import replace

from kit.grading import differences, totals
from kit.grading.decided import as_decided, counted
from kit.model import (
    VOID,
    CellGrade,
    CellKind,
    CheckResult,
    Decision,
    GradeRow,
    Release,
    ReleasedCell,
    ReleasedNotebook,
    Score,
)

DECISION = Decision(notebook="p1", grade_id="t", kind=VOID, max_points=2)


def row(learner: str, score: float | None, most: float = 4.0, **more: object) -> GradeRow:
    return GradeRow(assignment="ps1", learner=learner, score=score, max_score=most,
                    **more)  # type: ignore[arg-type]


def test_the_largest_change_comes_first_and_what_is_the_same_is_left_out() -> None:
    before = [row("a", 1.0), row("b", 4.0), row("c", 2.0), row("d", None), row("e", None)]
    after = [row("a", 1.5), row("b", 1.0), row("c", 2.0), row("d", 2.0), row("e", None)]
    assert [(one.learner, one.change, one.share) for one in totals(before, after)] == [
        ("b", -3.0, -0.75), ("d", 2.0, 0.5), ("a", 0.5, 0.125)]


def test_a_smaller_maximum_is_a_gain_for_who_had_nothing_of_it() -> None:
    (one,) = totals([row("a", 1.0)], [row("a", 1.0, 2.0)])
    assert (one.change, one.share) == (0.0, 0.25)
    assert (one.recorded_max, one.graded_max) == (4.0, 2.0)


def cell(points: float, decision: Decision | None = None) -> CellGrade:
    return CellGrade(notebook="p1", grade_id="t", kind=CellKind.TEST, auto=points,
                     max_points=0.0 if decision else 2.0, decision=decision)


def score(points: float) -> Score:
    return Score(
        assignment="ps1", learner="a", submission_digest="", release_digest="", engine="local",
        engine_version="1", results=(CheckResult(notebook="p1", grade_id="t", points=points,
                                                 kind=CellKind.TEST, max_points=2),))


def test_what_is_decided_over_is_compared_as_it_counts() -> None:
    void = row("a", 0.0, 2.0, cells=(cell(0.0, DECISION),))
    assert not differences([score(2)], [void], [void]), "the engine's own points do not count"
    plain = row("a", 2.0, cells=(cell(2.0),))
    for before, after, cause in ((plain, void, VOID), (void, plain, "restored")):
        (one,) = differences([], [before], [after])
        assert (one.grade_id, one.cause, abs(one.change)) == ("t", cause, 2.0)


def test_a_tally_counts_what_counts() -> None:
    release = Release(assignment="ps1", notebooks=(ReleasedNotebook(name="p1", cells=tuple(
        ReleasedCell(grade_id=name, kind=CellKind.TEST, cell_type="code", source="", released="",
                     points=2) for name in ("t", "u"))),))
    decided = {("p1", "t"): VOID}
    assert counted(release, decided) == 2
    assert as_decided(score(2), decided).points == 0
    assert as_decided(score(1), {("p1", "t"): "full-credit"}).points == 2
    untouched = replace(score(1), results=())
    assert as_decided(untouched, decided) is untouched

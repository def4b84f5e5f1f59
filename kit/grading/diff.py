"""Two gradings of a class compared: every score that differs, by learner, question and cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.model import CellGrade, CheckResult, GradeRow, Score

_TOLERANCE = 1e-9

CAUSES = {
    "stderr-noise": "a warning or a line on stderr no longer costs the question",
    "rounded-down": "a value above the maximum by rounding is the maximum",
    "no-points-value": "a value that is no number of points needs review",
    "several-results": "a cell showed more than one result and needs review",
    "timeout": "a cell ran past its time",
    "killed": "a process was killed",
    "unreadable": "a notebook cannot be read",
    "no-notebook": "no notebook was handed in",
    "no-response": "an answer was left as it was released",
    "not-judged": "the submission could not be graded",
    "repaired": "a cell was repaired before grading",
    "not-recorded": "no score was recorded",
    "manual": "a person has to mark it",
    "other": "the test gives another result than was recorded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One question of one learner: what is recorded, what this grading gives, and why."""

    learner: str
    notebook: str
    grade_id: str
    recorded: float | None
    graded: float | None
    cause: str

    @property
    def change(self) -> float:
        """Points gained (or lost, below 0)."""
        return (self.graded or 0.0) - (self.recorded or 0.0)


def differences(
    scores: Iterable[Score], rows: Iterable[GradeRow]
) -> tuple[Difference, ...]:
    """What differs between scores and the recorded automatic points, sorted by cause.

    Manual marks are not compared: grading never changes them.
    """
    recorded = {row.learner: row for row in rows}
    found: list[Difference] = []
    for score in scores:
        row = recorded.get(score.learner)
        cells = {} if row is None else {(c.notebook, c.grade_id): c for c in row.cells}
        found += _of_one(score, cells)
    order = list(CAUSES)
    return tuple(sorted(found, key=lambda d: (order.index(d.cause), d.learner, d.grade_id)))


def _of_one(
    score: Score, cells: Mapping[tuple[str, str], CellGrade]
) -> list[Difference]:
    if not score.results:
        return [
            Difference(learner=score.learner, notebook=cell.notebook, grade_id=cell.grade_id,
                       recorded=cell.auto, graded=None, cause="not-judged")
            for cell in cells.values() if cell.auto is not None
        ]
    found = []
    for result in score.results:
        cell = cells.get((result.notebook, result.grade_id))
        before = None if cell is None else cell.auto
        if not _same(before, result.points):
            found.append(Difference(
                learner=score.learner, notebook=result.notebook, grade_id=result.grade_id,
                recorded=before, graded=result.points, cause=_cause(score, result, cell)))
    return found


def _same(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= _TOLERANCE


def _cause(score: Score, result: CheckResult, cell: CellGrade | None) -> str:
    for tag in result.tags:
        if tag in CAUSES:
            return tag
    if result.points is None:
        return "manual"
    if any(repair.grade_id == result.grade_id for repair in score.repairs):
        return "repaired"
    if cell is None or cell.auto is None:
        return "not-recorded"
    return "other"

"""Who showed which outcome of the course: the points of the cells that give evidence of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.gradebook.exporting import Gradesheet
from kit.model import CellRef, GradeRow, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a learner showed of an outcome: points `earned` of those `possible` so far.

    What is due and was not handed in counts nothing of its points; `waiting` names the cells
    that nobody can judge yet, which do not count, as little as what is not due or excused.
    Lateness takes nothing away: it says when, not what, somebody can do.
    """

    learner: str
    earned: float
    possible: float
    waiting: tuple[CellRef, ...] = ()

    @property
    def share(self) -> float | None:
        """The share of the points, 0 to 1; None while nothing counts."""
        return min(1.0, max(0.0, self.earned / self.possible)) if self.possible > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeShown:
    """An outcome, its evidence in the assignments asked for, and what each learner showed."""

    outcome: Outcome
    evidence: tuple[CellRef, ...]
    learners: tuple[Shown, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The shares of the learners of whom anything counts."""
        return tuple(one.share for one in self.learners if one.share is not None)

    @property
    def mean(self) -> float | None:
        """Their mean; None while nothing counts for anybody."""
        return sum(self.shares) / len(self.shares) if self.shares else None


def outcomes(sheet: Gradesheet) -> tuple[OutcomeShown, ...]:
    """The outcomes of the course that have evidence in the sheet's assignments, in its order."""
    most = _points(sheet)
    found = []
    for outcome in sheet.course.outcomes:
        evidence = tuple(ref for ref in outcome.evidence if ref in most)
        if evidence:
            found.append(OutcomeShown(outcome=outcome, evidence=evidence, learners=tuple(
                _shown(sheet, learner.id, evidence, most) for learner in sheet.learners)))
    return tuple(found)


def _points(sheet: Gradesheet) -> Mapping[CellRef, float]:
    """The points of each graded cell that anybody's row has."""
    found: dict[CellRef, float] = {}
    for row in sheet.rows.values():
        for cell in row.cells:
            if cell.kind.graded:
                found[CellRef(assignment=row.assignment, grade_id=cell.grade_id)] = cell.max_points
    return found


def _shown(
    sheet: Gradesheet, learner: str, evidence: tuple[CellRef, ...], most: Mapping[CellRef, float]
) -> Shown:
    earned = possible = 0.0
    waiting: list[CellRef] = []
    assignments = {one.name: one for one in sheet.assignments}
    for ref in evidence:
        row = sheet.row(learner, ref.assignment)
        where = sheet.state(learner, assignments[ref.assignment])
        if where == "missing":
            possible += most[ref]
        elif where in ("graded", "pending"):
            points = _earned(row, ref)
            if points is None:
                waiting.append(ref)
            else:
                earned += points
                possible += most[ref]
    return Shown(learner=learner, earned=earned, possible=possible, waiting=tuple(waiting))


def _earned(row: GradeRow, ref: CellRef) -> float | None:
    """The points of the cell; None where they may not stand."""
    if row.score is None or any(one.grade_id in ("", ref.grade_id) for one in row.pending):
        return None
    cell = next((one for one in row.cells if one.grade_id == ref.grade_id), None)
    if cell is None:
        return 0.0
    return None if cell.needs_manual else cell.points

"""Two gradings of a class compared: every score that differs, by learner, question and cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from kit.model import FULL, VOID, CellGrade, CheckResult, GradeRow, Score

_TOLERANCE = 1e-9

CAUSES = {
    VOID: "it counts for nobody",
    FULL: "everyone gets its full points",
    "restored": "it counts again as it was graded",
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
    "late-penalty": "what lateness costs, by the dates, policy and marks that hold now",
    "other": "the test gives another result than was recorded",
}


LATE = "late penalty"
"""What stands in the place of a question where a penalty differs."""

TOTAL = "total"
"""What stands there where only the whole score differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One question of one learner: what is recorded, what this grading gives, and why.

    A penalty counts below 0, in the place of a question named `LATE`.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A learner's whole score, penalty included, that a grading changes: by its points, or by
    what it is out of. `recorded` is None where there was none."""

    learner: str
    recorded: float | None
    recorded_max: float
    graded: float | None
    graded_max: float

    @property
    def change(self) -> float:
        """Points gained (or lost, below 0)."""
        return (self.graded or 0.0) - (self.recorded or 0.0)

    @property
    def share(self) -> float:
        """What it gains of the whole, -1 to 1."""
        return (_share(self.graded, self.graded_max) - _share(self.recorded, self.recorded_max))


def _share(points: float | None, most: float) -> float:
    return (points or 0.0) / most if most > 0 else 0.0


def totals(before: Iterable[GradeRow], after: Iterable[GradeRow]) -> tuple[Total, ...]:
    """Every whole score that changes, the largest change of its share first."""
    recorded = {row.learner: row for row in before}
    found = []
    for row in after:
        old = recorded.get(row.learner)
        known = None if old is None else old.score
        most = row.max_score if old is None else old.max_score
        if known is None and row.score is None:
            continue
        if not _same(known, row.score) or not _same(most, row.max_score):
            found.append(Total(learner=row.learner, recorded=known, recorded_max=most,
                               graded=row.score, graded_max=row.max_score))
    return tuple(sorted(found, key=lambda one: (-round(abs(one.share), 9), one.learner)))


def differences(
    scores: Iterable[Score], before: Iterable[GradeRow], after: Iterable[GradeRow]
) -> tuple[Difference, ...]:
    """What differs between what is recorded and what this grading gives, sorted by cause, the
    largest change first.

    `before` are the rows as they are written, `after` those of a copy that this grading was
    written to. Of questions the automatic points are compared: grading never changes manual
    marks. Penalties and whole scores are compared for everyone, and so is what a question gives
    over which people decided.
    """
    recorded = {row.learner: row for row in before}
    then = list(after)
    decided = {(cell.notebook, cell.grade_id) for row in (*recorded.values(), *then)
               for cell in row.cells if cell.decision is not None}
    found: list[Difference] = []
    for score in scores:
        row = recorded.get(score.learner)
        cells = {} if row is None else {(c.notebook, c.grade_id): c for c in row.cells}
        found += (one for one in _of_one(score, cells)
                  if (one.notebook, one.grade_id) not in decided)
    for row in then:
        found += _of_decided(recorded.get(row.learner), row, decided)
    told = {one.learner for one in found}
    for row in then:
        found += _of_all(recorded.get(row.learner), row, told=row.learner in told)
    order = list(CAUSES)
    return tuple(sorted(found, key=lambda d: (
        order.index(d.cause), -abs(d.change), d.learner, d.grade_id)))


def _of_decided(
    before: GradeRow | None, after: GradeRow, decided: Set[tuple[str, str]]
) -> Iterator[Difference]:
    """What a question gives now over which people decide, or decided before."""
    cells = {} if before is None else {(c.notebook, c.grade_id): c for c in before.cells}
    for cell in after.cells:
        if (cell.notebook, cell.grade_id) not in decided or not cell.kind.graded:
            continue
        old = cells.get((cell.notebook, cell.grade_id))
        known = None if old is None else old.points
        if not _same(known, cell.points):
            yield Difference(
                learner=after.learner, notebook=cell.notebook, grade_id=cell.grade_id,
                recorded=known, graded=cell.points,
                cause="restored" if cell.decision is None else cell.decision.kind)


def _of_all(before: GradeRow | None, after: GradeRow, *, told: bool) -> Iterator[Difference]:
    """The penalty, and the whole score where nothing else tells that it differs."""
    old = 0.0 if before is None else before.penalty
    if not _same(old, after.penalty):
        yield Difference(learner=after.learner, notebook="", grade_id=LATE, recorded=-old or 0.0,
                         graded=-after.penalty or 0.0, cause="late-penalty")
        return
    total = None if before is None else before.score
    if not told and not _same(total, after.score):
        yield Difference(
            learner=after.learner, notebook="", grade_id=TOTAL, recorded=total,
            graded=after.score, cause="not-recorded" if total is None else "other")


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

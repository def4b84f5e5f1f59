"""What needs review, one flag a reason and hand-in, and how a person settles it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert

from kit.errors import GradingError, MarksError, typed
from kit.gradebook import database, schema
from kit.gradebook.exporting import number
from kit.gradebook.graderows import grade_rows, write_grades
from kit.gradebook.history import write_act
from kit.gradebook.reading import _table
from kit.gradebook.verdicts import gave, is_about
from kit.model import (
    Act,
    Advice,
    Assignment,
    CellGrade,
    Change,
    Course,
    GradeRow,
    Review,
    Verdict,
    advice_of,
)
from kit.model.decisions import VerdictKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A reason for review of one hand-in: a team's is one, by the name of who handed it in.

    `cells` are the graded questions concerned that no decision settles; none where nothing of
    the hand-in was graded.
    """

    learner: str
    review: Review
    members: tuple[str, ...] = ()
    cells: tuple[CellGrade, ...] = ()
    settled: bool = False
    verdict: Verdict | None = None

    @property
    def advice(self) -> Advice:
        """What to do about it."""
        return advice_of(self.review.code)

    @property
    def points(self) -> float | None:
        """The points that stand now; None where there are none."""
        if not self.cells or any(cell.auto is None and cell.manual is None for cell in self.cells):
            return None
        return sum(cell.points for cell in self.cells)

    @property
    def max_points(self) -> float:
        """What the questions concerned are worth."""
        return sum(cell.max_points for cell in self.cells)

    @property
    def message(self) -> str:
        """What the test said, where it says more than the reason."""
        said = self.cells[0].message if len(self.cells) == 1 else ""
        return "" if said == self.review.reason else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person says of flags: points, full points, or `accept` what stands; who and why."""

    kind: VerdictKind
    points: float | None = None
    reason: str
    who: str
    at: datetime | None = None


def flags(course: Course, assignment: Assignment, rows: Iterable[GradeRow]) -> tuple[Flag, ...]:
    """Every reason for review of the assignment, settled ones too, by learner.

    `rows` are those of everyone. Raises GradebookError.
    """
    with database.reading(course) as connection:
        table = None if connection is None else _table(connection, assignment.name)
    by_learner = {row.learner: row for row in rows}
    members: dict[str, list[str]] = {}
    for learner in by_learner:
        owner = learner if table is None else table.credit.get(learner, learner)
        members.setdefault(owner if owner in by_learner else learner, []).append(learner)
    found = []
    for owner, team in sorted(members.items()):
        row = by_learner[owner]
        engine = () if table is None else table.reviews.get(owner, ())
        verdicts = () if table is None else table.verdicts.get(owner, ())
        found += [
            Flag(learner=owner, members=tuple(team), review=review,
                 settled=review not in row.pending, cells=_concerned(row, review),
                 verdict=next((one for one in verdicts if is_about(one, review)), None))
            for review in dict.fromkeys((*engine, *row.pending))]
    return tuple(found)


def _concerned(row: GradeRow, review: Review) -> tuple[CellGrade, ...]:
    return tuple(cell for cell in row.cells if cell.kind.graded and cell.decision is None
                 and review.concerns(cell.notebook, cell.grade_id))


# ---------------------------------------------------------------------------------- settle


def settle_flags(
    course: Course, assignment: Assignment, chosen: Sequence[Flag], ruling: Ruling
) -> Act:
    """Settle flags, all of them or none: points become nbgrader's manual score.

    A team's go to every member. Raises GradingError where a flag cannot be settled so,
    MarksError for points out of range, GradebookError.
    """
    for flag in chosen:
        _check(assignment, flag, ruling)
    at = ruling.at or datetime.now(UTC)
    with database.writing(course) as connection:
        table = _table(connection, assignment.name)
        given = _Given(connection, assignment.name, ruling)
        for flag in chosen:
            given.take(flag)
            made_from = table.graded[flag.learner]
            _keep(connection, assignment.name, Verdict(
                learner=flag.learner, notebook=flag.review.notebook,
                grade_id=flag.review.grade_id, code=flag.review.code, kind=ruling.kind,
                points=ruling.points, who=ruling.who, at=at, reason=ruling.reason,
                submission_digest=made_from.submission_digest,
                release_digest=made_from.release_digest))
        write_grades(connection, list(given.writes.values()))
        return write_act(connection, Act(
            assignment=assignment.name, number=0, kind="review", at=at, who=ruling.who,
            reason=ruling.reason, changes=tuple(given.changes.values())))


def _check(assignment: Assignment, flag: Flag, ruling: Ruling) -> None:
    where = f"{assignment.name}, {flag.learner}"
    name = flag.review.grade_id or flag.review.notebook or "the whole hand-in"
    if flag.advice.settled_by in ("grade", "course") or not flag.cells:
        raise GradingError(f"points do not settle it: {flag.review.reason}", where=where,
                           hint=flag.advice.text)
    if ruling.kind == "accept" and _standing(flag) is None:
        raise GradingError(f"no points stand for {name}, so none can be accepted", where=where,
                           hint="give some: --points N or --full")
    if ruling.points is None:
        return
    if len(flag.cells) > 1 and ruling.points:
        raise MarksError(f"{name} is {len(flag.cells)} questions: {number(ruling.points)} points "
                         "cannot be divided among them", where=where,
                         hint="--points 0 or --full is for all of them; mark them one by one with "
                              + typed("kit", "marks", assignment.name))
    most = min(cell.max_points for cell in flag.cells)
    if not 0 <= ruling.points <= most:
        raise MarksError(f"{number(ruling.points)} is not within 0 and {number(most)} for {name}",
                         where=where, hint="give points that the question has")


def _standing(flag: Flag) -> float | None:
    """The points that stand without what a verdict gave before."""
    found = [_without(flag, cell) for cell in flag.cells]
    return None if None in found else sum(one or 0.0 for one in found)


def _without(flag: Flag, cell: CellGrade) -> float | None:
    return _base(flag, cell.notebook, cell.grade_id, cell.max_points, cell.auto, cell.manual)


def _base(flag: Flag, notebook: str, grade_id: str, most: float, auto: float | None,
          manual: float | None) -> float | None:
    if manual is None or (flag.verdict is not None and gave(
            flag.verdict, notebook, grade_id, most) == manual):
        return auto
    return manual


class _Given:
    """The rows of nbgrader's table that flags change, and what that does to scores."""

    def __init__(self, connection: Connection, assignment: str, ruling: Ruling) -> None:
        self.ruling = ruling
        self.rows: Mapping[tuple[str, str, str], Any] = {
            (row.learner, row.notebook, row.grade_id): row
            for row in grade_rows(connection, assignment)}
        self.writes: dict[str, dict[str, Any]] = {}
        self.changes: dict[tuple[str, str, str], Change] = {}

    def take(self, flag: Flag) -> None:
        """Work out what settling this flag writes."""
        for member in flag.members:
            for cell in flag.cells:
                key = (member, cell.notebook, cell.grade_id)
                row = self.rows[key]
                manual = self.ruling.points
                if self.ruling.kind == "full":
                    manual = cell.max_points
                if self.ruling.kind == "accept":
                    left = _base(flag, cell.notebook, cell.grade_id, cell.max_points,
                                 row.auto_score, row.manual_score)
                    manual = None if left == row.auto_score else row.manual_score
                needs = manual is None and row.auto_score is None
                self.writes[row.id] = {"b_id": row.id, "manual_score": manual,
                                       "needs_manual_grade": needs}
                before, after = _total(row, row.manual_score), _total(row, manual)
                if before != after:
                    self.changes[key] = Change(
                        learner=member, notebook=cell.notebook, grade_id=cell.grade_id,
                        before=before, after=after, before_max=cell.max_points,
                        after_max=cell.max_points, cause=flag.review.code)


def _total(row: Any, manual: float | None) -> float | None:
    base = manual if manual is not None else row.auto_score
    return None if base is None else base + (row.extra_credit or 0.0)


def _keep(connection: Connection, assignment: str, verdict: Verdict) -> None:
    table = schema.kit_verdict
    connection.execute(delete(table).where(
        table.c.assignment == assignment, table.c.learner == verdict.learner,
        table.c.notebook == verdict.notebook, table.c.grade_id == verdict.grade_id,
        table.c.code == verdict.code))
    connection.execute(insert(table), {
        "assignment": assignment, "learner": verdict.learner, "notebook": verdict.notebook,
        "grade_id": verdict.grade_id, "code": verdict.code, "kind": verdict.kind,
        "points": verdict.points, "who": verdict.who, "at": database.naive_utc(verdict.at),
        "reason": verdict.reason, "submission_digest": verdict.submission_digest,
        "release_digest": verdict.release_digest})

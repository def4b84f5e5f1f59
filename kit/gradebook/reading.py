"""What the gradebook holds, as rows: one for every learner and assignment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from kit.errors import CourseError
from kit.gradebook import database, schema
from kit.gradebook.decisions import Points, effective, in_force
from kit.gradebook.owned import own_rows
from kit.gradebook.penalties import Rules, review
from kit.gradebook.released import KnownCell, cells_of, kind_of
from kit.gradebook.verdicts import unsettled, verdicts_of
from kit.model import (
    VOID,
    Assignment,
    CellGrade,
    CellKind,
    Checked,
    Course,
    Decision,
    GradeRow,
    How,
    Repair,
    Review,
    Roster,
    Verdict,
)

NOT_GRADED = "not-graded"


def repairs(course: Course, assignment: Assignment) -> Mapping[str, tuple[Repair, ...]]:
    """Learner -> what was mended in their hand-in before grading. Raises GradebookError."""
    with database.reading(course) as connection:
        if connection is None:
            return {}
        found: dict[str, tuple[Repair, ...]] = {}
        for row in own_rows(connection, schema.kit_repair, assignment.name):
            found[row.learner] = (*found.get(row.learner, ()), Repair(
                code=row.code, message=row.message, notebook=row.notebook, grade_id=row.grade_id))
        return found


def rows(
    course: Course, roster: Roster, assignment: Assignment | None = None, *,
    as_written: bool = False,
) -> tuple[GradeRow, ...]:
    """A row for each learner: of one assignment, or of all that were released.

    Everyone of the roster is there, in its order, then those whom only the gradebook or
    `submitted/` knows, sorted. Who handed in nothing has the score None; what is handed in but
    not graded is pending. Besides graded cells `GradeRow.cells` holds answers that have a
    comment; they carry no points. What lateness costs is worked out from the dates, people,
    policy and marks that hold now; `as_written` takes it as the tables hold it. Raises
    GradebookError.
    """
    wanted = course.assignments if assignment is None else (assignment,)
    with database.reading(course) as connection:
        return tuple(
            row
            for each in wanted
            if assignment is not None or _released(connection, each.name)
            for row in _rows(connection, course, roster, each, as_written=as_written)
        )


def released(course: Course) -> frozenset[str]:
    """The names of all assignments that the gradebook knows. Raises GradebookError."""
    with database.reading(course) as connection:
        if connection is None:
            return frozenset()
        return frozenset(connection.execute(select(schema.assignment.c.name)).scalars())


def _released(connection: Connection | None, name: str) -> bool:
    return connection is not None and connection.execute(
        select(func.count()).select_from(schema.assignment)
        .where(schema.assignment.c.name == name)).scalar() == 1


@dataclass(slots=True)
class _Held:
    """One learner's submission as the tables hold it."""

    timestamp: datetime | None
    extension: timedelta | None
    penalty: float = 0.0
    grades: dict[str, Any] = field(default_factory=dict)
    comments: dict[tuple[str, str], str] = field(default_factory=dict)


def _rows(
    connection: Connection | None, course: Course, roster: Roster, assignment: Assignment, *,
    as_written: bool,
) -> list[GradeRow]:
    handed_in = submitted(course, assignment.name)
    if connection is None:
        known: dict[str, _Held] = {}
        table = _Table()
    else:
        table = _table(connection, assignment.name)
        known = table.held
    order = [learner.id for learner in roster.learners]
    listed = set(order)
    order += sorted((set(known) | handed_in) - listed)
    excused = {e.learner for e in roster.extensions
               if e.excused and e.assignment == assignment.name}
    rules = Rules(course=course, assignment=assignment, roster=roster,
                  stated=database.aware(table.due))
    as_written = as_written or rules.kept
    return [
        _row(learner, table, rules, handed_in=handed_in, excused=learner in excused,
             as_written=as_written)
        for learner in order
    ]


class _Result(NamedTuple):
    """What was recorded of one cell's automatic result."""

    message: str = ""
    tags: tuple[str, ...] = ()
    checks: tuple[Checked, ...] = ()
    how: How = ""


@dataclass(slots=True)
class _Table:
    """All that is known of one assignment."""

    cells: tuple[KnownCell, ...] = ()
    kinds: dict[tuple[str, str], CellKind] = field(default_factory=dict)
    due: datetime | None = None
    held: dict[str, _Held] = field(default_factory=dict)
    credit: dict[str, str] = field(default_factory=dict)
    extended: set[str] = field(default_factory=set)  # whose extension is of our writing
    graded: dict[str, Any] = field(default_factory=dict)
    reviews: dict[str, list[Review]] = field(default_factory=dict)
    results: dict[tuple[str, str, str], _Result] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)

    @property
    def max_score(self) -> float:
        """What counts of the points."""
        void = {key for key, one in self.decisions.items() if one.kind == VOID}
        return sum(cell.max_score for cell in self.cells
                   if (cell.notebook, cell.grade_id) not in void)


def _table(connection: Connection, name: str) -> _Table:
    found = connection.execute(
        select(schema.assignment.c.id, schema.assignment.c.duedate)
        .where(schema.assignment.c.name == name)).first()
    if found is None:
        return _Table()
    table = _Table(cells=cells_of(connection, found.id), due=found.duedate)
    types: dict[tuple[str, str], list[str]] = {}
    for cell in table.cells:
        types.setdefault((cell.notebook, cell.grade_id), []).append(cell.type)
    table.kinds = {key: kind_of(names) for key, names in types.items()}
    _load_held(connection, table, found.id)
    for row in own_rows(connection, schema.kit_credit, name):
        table.credit[row.learner] = row.handed_in_by
        if row.extension_seconds is not None:
            table.extended.add(row.learner)
    for row in own_rows(connection, schema.kit_graded, name):
        table.graded[row.learner] = row
    for row in own_rows(connection, schema.kit_review, name):
        table.reviews.setdefault(row.learner, []).append(Review(
            code=row.code, reason=row.reason, notebook=row.notebook, grade_id=row.grade_id))
    for row in own_rows(connection, schema.kit_result, name):
        table.results[row.learner, row.notebook, row.grade_id] = _Result(
            row.message, _tags(row.tags), _checks(row.checks), row.how)
    table.decisions = in_force(connection, name)
    for verdict in verdicts_of(connection, name):
        table.verdicts.setdefault(verdict.learner, []).append(verdict)
    return table


def _load_held(connection: Connection, table: _Table, key: str) -> None:
    sub, book, own, note = (schema.submitted_assignment, schema.submitted_notebook, schema.grade,
                            schema.comment)
    for row in connection.execute(select(sub).where(sub.c.assignment_id == key)):
        table.held[row.student_id] = _Held(timestamp=row.timestamp,
                                           extension=row.extension)
    joined = sub.join(book, book.c.assignment_id == sub.c.id)
    for row in connection.execute(
            select(sub.c.student_id, book.c.late_submission_penalty)
            .select_from(joined).where(sub.c.assignment_id == key)):
        table.held[row.student_id].penalty += row.late_submission_penalty or 0.0
    for row in connection.execute(
            select(sub.c.student_id, own.c.cell_id, own.c.auto_score, own.c.manual_score,
                   own.c.extra_credit, own.c.needs_manual_grade)
            .select_from(joined.join(own, own.c.notebook_id == book.c.id))
            .where(sub.c.assignment_id == key)):
        table.held[row.student_id].grades[row.cell_id] = row
    names = {cell.cell_id: (cell.notebook, cell.grade_id) for cell in table.cells}
    for row in connection.execute(
            select(sub.c.student_id, note.c.cell_id, note.c.auto_comment, note.c.manual_comment)
            .select_from(joined.join(note, note.c.notebook_id == book.c.id))
            .where(sub.c.assignment_id == key)):
        said = row.manual_comment if row.manual_comment is not None else row.auto_comment
        if said and row.cell_id in names:
            table.held[row.student_id].comments[names[row.cell_id]] = said


def _tags(text: str) -> tuple[str, ...]:
    try:
        value = json.loads(text)
    except ValueError:
        return ()
    return tuple(str(tag) for tag in value) if isinstance(value, list) else ()


def _checks(text: str) -> tuple[Checked, ...]:
    try:
        return tuple(Checked(**{**one, "tags": tuple(one["tags"])}) for one in json.loads(text))
    except (ValueError, TypeError, KeyError):
        return ()


def _row(
    learner: str, table: _Table, rules: Rules, *, handed_in: frozenset[str], excused: bool,
    as_written: bool,
) -> GradeRow:
    name = rules.assignment.name
    held = table.held.get(learner)
    if held is None:
        waiting = handed_in & {learner, *rules.roster.team(name, learner)}
        return GradeRow(
            assignment=name, learner=learner, score=None, max_score=table.max_score,
            excused=excused, pending=(Review(code=NOT_GRADED, reason="handed in, not graded yet"),)
            if waiting else (),
        )
    owner = table.credit.get(learner, learner)
    cells = tuple(_cell_grades(table, held, owner))
    cost = _written(table, held, owner)
    if owner in table.graded and not as_written:
        cost = _cost(learner, table, rules, cells)
    total = sum(cell.points for cell in cells)
    return GradeRow(
        assignment=name, learner=learner, max_score=table.max_score,
        score=max(0.0, total - cost.penalty), penalty=cost.penalty,
        needs_manual=any(cell.needs_manual for cell in cells),
        pending=(*unsettled(table.reviews.get(owner, ()), cells, table.verdicts.get(owner, ()),
                            table.graded.get(owner)), *cost.pending),
        excused=excused, received_at=database.aware(held.timestamp),
        late_seconds=cost.late_seconds, cells=cells,
    )


class _Cost(NamedTuple):
    """What lateness takes from a row."""

    late_seconds: float
    penalty: float
    pending: tuple[Review, ...] = ()


def _written(table: _Table, held: _Held, owner: str) -> _Cost:
    """As the tables hold it."""
    known = table.graded.get(owner)
    if known is not None:
        return _Cost(known.late_seconds, held.penalty)
    late = 0.0
    if held.timestamp is not None and table.due is not None:
        allowed = (held.extension or timedelta()).total_seconds()
        late = max(0.0, (held.timestamp - table.due).total_seconds() - allowed)
    return _Cost(late, held.penalty)


def _cost(
    learner: str, table: _Table, rules: Rules, cells: Iterable[CellGrade]
) -> _Cost:
    """As what holds now says, of a hand-in that the kit graded."""
    held, owner = table.held[learner], table.credit.get(learner, learner)
    late = rules.late_seconds(
        learner, database.aware(table.graded[owner].received_at),
        rules.extension(learner, held.extension, ours=learner in table.extended))
    earned: dict[str, float] = {}
    for cell in cells:
        earned[cell.notebook] = earned.get(cell.notebook, 0.0) + cell.points
    total, pending = 0.0, []
    for notebook, points in earned.items():
        try:
            total += rules.penalty(learner, points, late) or 0.0
        except CourseError as error:
            pending.append(review(error, notebook))
    return _Cost(late, total, tuple(pending[:1]))


def _cell_grades(table: _Table, held: _Held, owner: str) -> Iterable[CellGrade]:
    for cell in table.cells:
        key = (cell.notebook, cell.grade_id)
        kind = table.kinds[key]
        comment = held.comments.get(key, "")
        if cell.type == "SolutionCell":
            if kind is CellKind.ANSWER and comment:
                yield CellGrade(notebook=cell.notebook, grade_id=cell.grade_id, kind=kind,
                                max_points=0.0, comment=comment)
            continue
        grade = held.grades.get(cell.cell_id)
        result = table.results.get((owner, *key), _Result())
        decision = table.decisions.get(key)
        points = Points(None, None, None, needs_manual=True) if grade is None else Points(
            grade.auto_score, grade.manual_score, grade.extra_credit,
            needs_manual=bool(grade.needs_manual_grade))
        most = cell.max_score
        if decision is not None:
            points = effective(decision.kind, points, most)
            most = 0.0 if decision.kind == VOID else most
        yield CellGrade(
            notebook=cell.notebook, grade_id=cell.grade_id, kind=kind, max_points=most,
            auto=points.auto, manual=points.manual, extra=points.extra,
            needs_manual=points.needs_manual, comment=comment, message=result.message,
            tags=result.tags, checks=result.checks, how=result.how, decision=decision)


def submitted(course: Course, assignment: str) -> frozenset[str]:
    """Who has a folder for the assignment under `submitted/`."""
    folder = course.root / "submitted"
    if not folder.is_dir():
        return frozenset()
    return frozenset(
        learner.name for learner in folder.iterdir()
        if not learner.name.startswith(".") and (learner / assignment).is_dir()
    )

"""Questions that count for nobody or give everyone their points, here and in nbgrader's tables.

Our own reading works a decision out each time. nbgrader's tables are told of it as well, so that
its sums are right: a void question has a maximum of 0 there and 0 points for everyone; one with
full credit has its maximum as the automatic score. Marks of people are set aside while a
decision holds, and come back with everything else when it is taken back.

Neither `extra_credit` nor `manual_score` would do for full credit: nbgrader counts no extra
credit where nothing is scored, and a manual score in its place would lose people's own marks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert

from kit.errors import GradingError, UnknownName, typed
from kit.gradebook import database, schema
from kit.gradebook.graderows import grade_rows, write_grades
from kit.gradebook.owned import own_rows, void_points
from kit.gradebook.released import KnownCell, assignment_id, cells_of, ensure_released
from kit.gradebook.verdicts import forget_of_other_work
from kit.model import FULL, VOID, Assignment, Course, Decision, Release, Score

Key = tuple[str, str]
"""Notebook and question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Questions to be void, to give everyone full points, or to count as graded again.

    Each by its id, or as notebook/id where two notebooks have it.
    """

    void: tuple[str, ...] = ()
    full_credit: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.void or self.full_credit or self.restore)


class Points(NamedTuple):
    """The points of a cell as nbgrader's table of grades holds them."""

    auto: float | None
    manual: float | None
    extra: float | None
    needs_manual: bool


def effective(kind: str, points: Points, most: float) -> Points:
    """What counts under a decision. Of what already is so, it is the same again."""
    if kind == VOID:
        return Points(0.0, None, None, needs_manual=False)
    best = max(most, points.auto or 0.0, points.manual or 0.0)
    return Points(best, None, points.extra, needs_manual=False)


def decisions(course: Course, assignment: Assignment) -> tuple[Decision, ...]:
    """The decisions that hold for an assignment. Raises GradebookError."""
    with database.reading(course) as connection:
        return () if connection is None else tuple(in_force(connection, assignment.name).values())


def in_force(connection: Connection, assignment: str) -> dict[Key, Decision]:
    """(notebook, question) -> the decision that holds."""
    return {
        (row.notebook, row.grade_id): Decision(
            notebook=row.notebook, grade_id=row.grade_id, kind=row.kind,
            max_points=row.max_points, reason=row.reason, who=row.who,
            at=database.aware(row.at))
        for row in own_rows(connection, schema.kit_decision, assignment)
    }


# ---------------------------------------------------------------------------------- decide


def decide(
    course: Course, release: Release, wish: Wish, *, reason: str, who: str,
    at: datetime | None = None,
) -> tuple[str, ...]:
    """Record decisions, or take them back, and bring nbgrader's tables level with them.

    Returns each as it is told later: `void ps1/test-3`. What is asked for and holds already is
    left as it is. Raises UnknownName, GradingError, GradebookError; then nothing is written.
    """
    name, moment = release.assignment, at or datetime.now(UTC)
    with database.writing(course) as connection:
        key = ensure_released(connection, course, release)
        lift(connection, name)
        before = in_force(connection, name)
        wanted = _resolved(cells_of(connection, key), before, wish, name)
        table = schema.kit_decision
        told = []
        for (notebook, grade_id), (kind, most) in wanted.items():
            old = before.get((notebook, grade_id))
            if kind == (old.kind if old else ""):
                continue
            connection.execute(delete(table).where(
                table.c.assignment == name, table.c.notebook == notebook,
                table.c.grade_id == grade_id))
            if kind:
                connection.execute(insert(table), {
                    "assignment": name, "notebook": notebook, "grade_id": grade_id, "kind": kind,
                    "max_points": most, "reason": reason, "who": who,
                    "at": database.naive_utc(moment)})
            told.append(f"{kind or 'restore'} {notebook}/{grade_id}")
        lay(connection, name)
        return tuple(told)


def _resolved(
    cells: Iterable[KnownCell], before: Mapping[Key, Decision], wish: Wish, assignment: str
) -> dict[Key, tuple[str, float]]:
    """Question -> the kind that shall hold ("" for none) and its points."""
    most = {(c.notebook, c.grade_id): c.max_score for c in cells if c.type != "SolutionCell"}
    found: dict[Key, tuple[str, float]] = {}
    for kind, names in ((VOID, wish.void), (FULL, wish.full_credit), ("", wish.restore)):
        for name in dict.fromkeys(names):
            key = (_key(name, most, "graded question", assignment) if kind
                   else _key(name, before, "decided question", assignment))
            if key in found:
                raise GradingError(f"{name} is named twice", where=assignment,
                                   hint="a question is void, has full credit, or is restored")
            found[key] = kind, most.get(key, 0.0)
    kinds = {key: old.kind for key, old in before.items()}
    kinds |= {key: kind for key, (kind, _) in found.items()}
    if any(kind == VOID for kind, _ in found.values()) and all(
            kinds.get(key) == VOID or not points for key, points in most.items()):
        raise GradingError("nothing would be left that counts", where=assignment,
                           hint="leave one question, or excuse everyone in extensions.csv")
    return found


def _key(name: str, known: Collection[Key], what: str, assignment: str) -> Key:
    found = [key for key in known if name in (key[1], f"{key[0]}/{key[1]}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise GradingError(f"{name} is in several notebooks", where=assignment,
                           hint="name one: " + ", ".join(f"{book}/{cell}" for book, cell in found))
    raise UnknownName(what, name, [key[1] for key in known], where=assignment,
                      hint="" if known else f"nothing is decided: {typed('kit', 'status')}")


# --------------------------------------------------------------------- nbgrader's own tables


def lift(
    connection: Connection, assignment: str, learners: Collection[str] | None = None
) -> None:
    """Put back what nbgrader's tables held before decisions: of these learners, or of all.

    A score or mark that somebody wrote there since stays.
    """
    table = schema.kit_held
    kept = {(row.learner, row.notebook, row.grade_id): row
            for row in own_rows(connection, table, assignment, learners)}
    changes = []
    for row in grade_rows(connection, assignment, {key[1:] for key in kept}, learners):
        was = kept.get((row.learner, row.notebook, row.grade_id))
        if was is not None:
            changes.append({
                "b_id": row.id,
                "auto_score": was.auto if row.auto_score == was.laid else row.auto_score,
                "manual_score": was.manual if row.manual_score is None else row.manual_score,
                "extra_credit": was.extra if row.extra_credit is None else row.extra_credit,
                "needs_manual_grade": bool(row.needs_manual_grade or was.needs_manual)})
    write_grades(connection, changes)
    gone = [{"b_learner": key[0], "b_notebook": key[1], "b_grade_id": key[2]} for key in kept]
    if gone:
        connection.execute(delete(table).where(
            table.c.assignment == assignment, table.c.learner == bindparam("b_learner"),
            table.c.notebook == bindparam("b_notebook"),
            table.c.grade_id == bindparam("b_grade_id")), gone)
    if learners is None:
        _maxima(connection, assignment, void=False)


def lay(
    connection: Connection, assignment: str, learners: Collection[str] | None = None
) -> None:
    """Tell nbgrader's tables of the decisions that hold: of these learners, or of all."""
    lift(connection, assignment, learners)
    found = in_force(connection, assignment)
    if not found:
        return
    most = _maxima(connection, assignment, void=True)
    changes, kept = [], []
    for row in grade_rows(connection, assignment, found.keys(), learners):
        decision = found[row.notebook, row.grade_id]
        now = effective(decision.kind, Points(
            row.auto_score, row.manual_score, row.extra_credit,
            needs_manual=bool(row.needs_manual_grade)), most[row.notebook, row.grade_id])
        changes.append({"b_id": row.id, "auto_score": now.auto, "manual_score": now.manual,
                        "extra_credit": now.extra, "needs_manual_grade": now.needs_manual})
        kept.append({
            "assignment": assignment, "learner": row.learner, "notebook": row.notebook,
            "grade_id": row.grade_id, "auto": row.auto_score, "manual": row.manual_score,
            "extra": row.extra_credit, "needs_manual": bool(row.needs_manual_grade),
            "laid": now.auto})
    write_grades(connection, changes)
    if kept:
        connection.execute(insert(schema.kit_held), kept)


def lay_again(course: Course, assignment: Assignment) -> None:
    """After a release, which writes the points of the source: tell nbgrader's tables again.

    Raises GradebookError.
    """
    if decisions(course, assignment):
        with database.writing(course) as connection:
            lay(connection, assignment.name)


def _maxima(connection: Connection, assignment: str, *, void: bool) -> Mapping[Key, float]:
    """Take the maximum of void questions to 0, or back; what a release wrote since counts.

    Returns the maximum of each graded question.
    """
    key = assignment_id(connection, assignment)
    points = void_points(connection, assignment)
    found: dict[Key, float] = {}
    for cell in () if key is None else cells_of(connection, key):
        place = cell.notebook, cell.grade_id
        if cell.type == "SolutionCell":
            continue
        found[place] = cell.max_score
        if place not in points:
            continue
        if void and cell.max_score:
            own = schema.kit_decision
            connection.execute(own.update().where(
                own.c.assignment == assignment, own.c.notebook == place[0],
                own.c.grade_id == place[1]).values(max_points=cell.max_score))
        if void or not cell.max_score:
            table = schema.task_cells if cell.type == "TaskCell" else schema.grade_cells
            found[place] = 0.0 if void else points[place]
            connection.execute(table.update().where(table.c.id == cell.cell_id).values(
                max_score=found[place]))
    return found


def before_scores(
    connection: Connection, scores: Sequence[Score], learners: Collection[str],
    members: Callable[[Score], Iterable[str]],
) -> None:
    """Before scores of one assignment are written for these learners: decisions are lifted, and
    what people said of other work of theirs in review is forgotten."""
    for name in {score.assignment for score in scores}:
        lift(connection, name, learners)
        key = assignment_id(connection, name)
        most = {} if key is None else {
            (cell.notebook, cell.grade_id): cell.max_score for cell in cells_of(connection, key)
            if cell.type != "SolutionCell"}
        forget_of_other_work(connection, name, scores, members,
                             {**most, **void_points(connection, name)})

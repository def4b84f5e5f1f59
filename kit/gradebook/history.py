"""Why scores that stood there changed: what people did, when, and what came of it."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from kit.errors import GradingError
from kit.gradebook import database, schema
from kit.gradebook.owned import own_rows
from kit.model import Act, Assignment, Change, Course


def account() -> str:
    """The name of the account at work; `unknown` where the machine has none for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def stated(reason: str) -> str:
    """A reason on one line. Raises GradingError for one that says nothing."""
    text = " ".join(reason.split())
    if not text:
        raise GradingError("a reason is needed: it is kept beside the scores that change",
                           hint='say why, as --reason "test-3 asked for the wrong year"')
    return text


def acts(course: Course, assignment: Assignment) -> tuple[Act, ...]:
    """What people did to the scores of an assignment, oldest first. Raises GradebookError."""
    with database.reading(course) as connection:
        if connection is None:
            return ()
        changes: dict[int, list[Change]] = {}
        for row in own_rows(connection, schema.kit_change, assignment.name):
            changes.setdefault(row.number, []).append(Change(
                learner=row.learner, notebook=row.notebook, grade_id=row.grade_id,
                before=row.before, after=row.after, before_max=row.before_max,
                after_max=row.after_max, cause=row.cause))
        return tuple(
            Act(assignment=assignment.name, number=row.number, kind=row.kind,
                at=database.aware(row.at) or datetime.now(UTC), who=row.who, reason=row.reason,
                decisions=tuple(json.loads(row.decisions)),
                changes=tuple(changes.get(row.number, ())))
            for row in own_rows(connection, schema.kit_act, assignment.name))


def record_act(course: Course, act: Act) -> Act:
    """Write an act down; its number becomes the next one. Raises GradebookError."""
    with database.writing(course) as connection:
        return write_act(connection, act)


def write_act(connection: Connection, act: Act) -> Act:
    """As `record_act`, inside a transaction."""
    from dataclasses import replace

    table = schema.kit_act
    last = connection.execute(
        select(func.max(table.c.number)).where(table.c.assignment == act.assignment)).scalar()
    act = replace(act, number=(last or 0) + 1, changes=tuple(_once(act.changes)))
    connection.execute(insert(table), {
        "assignment": act.assignment, "number": act.number, "kind": act.kind,
        "at": database.naive_utc(act.at), "who": act.who, "reason": act.reason,
        "decisions": json.dumps(list(act.decisions))})
    if act.changes:
        connection.execute(insert(schema.kit_change), [
            {"assignment": act.assignment, "number": act.number, "learner": one.learner,
             "notebook": one.notebook, "grade_id": one.grade_id, "before": one.before,
             "after": one.after, "before_max": one.before_max, "after_max": one.after_max,
             "cause": one.cause} for one in act.changes])
    return act


def _once(changes: Sequence[Change]) -> Iterable[Change]:
    return {(one.learner, one.notebook, one.grade_id): one for one in changes}.values()

"""The due date in nbgrader's own tables: its late penalties and formgrader read it there."""

from __future__ import annotations

from datetime import datetime

from kit.gradebook import database, schema
from kit.model import Assignment, Course


def due_column(course: Course, assignment: Assignment) -> dict[str, datetime | None]:
    """What is written of it: {} where the course states no date and nbgrader's own stays.

    Where learners set the pace no date binds, so nbgrader is told of none.
    """
    if course.self_paced:
        return {"duedate": None}
    return {"duedate": database.naive_utc(assignment.due)} if assignment.due else {}


def write_due(course: Course, assignment: Assignment) -> None:
    """Set the assignment's due date where the gradebook has that assignment.

    Raises GradebookError.
    """
    column = due_column(course, assignment)
    if not column:
        return
    table = schema.assignment
    with database.writing(course) as connection:
        connection.execute(
            table.update().where(table.c.name == assignment.name)
            .values(**column)
        )

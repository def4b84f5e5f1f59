"""The due date in nbgrader's own tables: its late penalties and formgrader read it there."""

from __future__ import annotations

from kit.gradebook import database, schema
from kit.model import Assignment, Course


def write_due(course: Course, assignment: Assignment) -> None:
    """Set the assignment's due date where the gradebook has that assignment.

    A course that states none leaves what nbgrader holds. Raises GradebookError.
    """
    if assignment.due is None:
        return
    table = schema.assignment
    with database.writing(course) as connection:
        connection.execute(
            table.update().where(table.c.name == assignment.name)
            .values(duedate=database.naive_utc(assignment.due))
        )

"""The rows of nbgrader's table of grades by learner, notebook and question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from kit.gradebook import database, schema


def grade_rows(
    connection: Connection, assignment: str, keys: Collection[tuple[str, str]] | None = None,
    learners: Collection[str] | None = None,
) -> Sequence[Any]:
    """The rows of these questions, each (notebook, question), or of all graded ones; of these
    learners, or of all.

    A row has `learner`, `notebook`, `grade_id`, `id` and nbgrader's columns of points.
    """
    if keys is not None and not keys:
        return ()
    a, sub, book, base, cell, own = (
        schema.assignment, schema.submitted_assignment, schema.submitted_notebook,
        schema.notebook, schema.base_cell, schema.grade)
    wanted = [a.c.name == assignment]
    if keys is not None:
        wanted.append(cell.c.name.in_({key[1] for key in keys}))
    few = few_of(learners)
    if few is not None:
        wanted.append(sub.c.student_id.in_(few))
    rows = connection.execute(
        select(sub.c.student_id.label("learner"), base.c.name.label("notebook"),
               cell.c.name.label("grade_id"), own.c.id, own.c.auto_score, own.c.manual_score,
               own.c.extra_credit, own.c.needs_manual_grade)
        .select_from(
            a.join(sub, sub.c.assignment_id == a.c.id)
            .join(book, book.c.assignment_id == sub.c.id)
            .join(base, base.c.id == book.c.notebook_id)
            .join(own, own.c.notebook_id == book.c.id)
            .join(cell, and_(cell.c.id == own.c.cell_id, cell.c.type != "SolutionCell")))
        .where(*wanted)).all()
    return [row for row in rows
            if (keys is None or (row.notebook, row.grade_id) in keys)
            and (learners is None or row.learner in learners)]


def few_of(learners: Collection[str] | None) -> Collection[str] | None:
    """The learners, where they are few enough for one statement; None for all of them."""
    return learners if learners is not None and len(learners) <= database.IN_LIST else None


def write_grades(connection: Connection, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write columns of the rows whose ids stand under `b_id`."""
    if changes:
        table = schema.grade
        connection.execute(
            table.update().where(table.c.id == bindparam("b_id"))
            .values({name: bindparam(name) for name in changes[0] if name != "b_id"}), changes)

"""Our own tables read, also in a gradebook of a version that lacked a column or the table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, inspect, literal, select

from kit.gradebook import database, schema
from kit.gradebook.graderows import few_of
from kit.model import VOID


def own_rows(
    connection: Connection, table: Table, assignment: str,
    learners: Collection[str] | None = None,
) -> Sequence[Any]:
    """The rows of one of our tables about an assignment, in the order of their keys; where
    learners are given, theirs."""
    if table.name not in database.tables(connection):
        return ()
    order = [column for column in table.primary_key.columns if column.name != "assignment"]
    # A gradebook that an earlier version wrote may lack a column; its default stands for it.
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    columns = [column if column.name in there else literal(schema.default_of(column)).label(
        column.name) for column in table.columns]
    wanted = select(*columns).where(table.c.assignment == assignment).order_by(*order)
    if learners is None:
        return connection.execute(wanted).all()
    few = few_of(learners)
    if few is not None:
        wanted = wanted.where(table.c.learner.in_(few))
    return [row for row in connection.execute(wanted) if row.learner in learners]


def void_points(connection: Connection, assignment: str) -> Mapping[tuple[str, str], float]:
    """(notebook, question) -> the points of what is void: nbgrader's tables hold 0 meanwhile."""
    return {(row.notebook, row.grade_id): row.max_points
            for row in own_rows(connection, schema.kit_decision, assignment) if row.kind == VOID}

"""nbgrader's table of students, as the roster has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from kit.gradebook import database, schema
from kit.model import Roster


def write_students(connection: Connection, roster: Roster, extra: Iterable[str]) -> None:
    """A row for everyone of the roster and for `extra`; what the roster leaves empty stays."""
    table = schema.student
    known = {row.id: row for row in connection.execute(select(table))}
    wanted: dict[str, dict[str, Any]] = {name: {} for name in extra}
    for learner in roster.learners:
        details = {"first_name": learner.first_name, "last_name": learner.last_name,
                   "email": learner.email, "lms_user_id": learner.lms_id}
        wanted[learner.id] = {key: value for key, value in details.items() if value}
    new = [{"id": name, "first_name": None, "last_name": None, "email": None,
            "lms_user_id": None, **details}
           for name, details in wanted.items() if name not in known]
    if new:
        connection.execute(table.insert(), new)
    for name, details in wanted.items():
        row = known.get(name)
        if row is not None and any(getattr(row, key) != value for key, value in details.items()):
            connection.execute(table.update().where(table.c.id == name).values(**details))


def add_students(connection: Connection, names: Iterable[str]) -> None:
    """A row for each of the names that has none."""
    table = schema.student
    wanted = sorted(names)
    known = {name for part in database.parts(wanted) for name in connection.execute(
        select(table.c.id).where(table.c.id.in_(part))).scalars()}
    new = [{"id": name, "first_name": None, "last_name": None, "email": None,
            "lms_user_id": None} for name in wanted if name not in known]
    if new:
        connection.execute(table.insert(), new)

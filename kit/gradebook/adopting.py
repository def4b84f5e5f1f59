"""What an existing gradebook tells about a course that is being adopted; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from kit.errors import GradebookError
from kit.gradebook.database import connected, exists, tables


def due_dates(file: Path) -> Mapping[str, datetime]:
    """Assignment -> due date (UTC) in a gradebook of any schema; empty where it cannot tell."""
    if not exists(file):
        return {}
    try:
        with connected(file, write=False) as connection:
            if "assignment" not in tables(connection):
                return {}
            found = connection.exec_driver_sql(
                "SELECT name, duedate FROM assignment WHERE duedate IS NOT NULL"
            ).all()
    except GradebookError:
        return {}
    due = {}
    for name, moment in found:
        try:
            due[str(name)] = datetime.fromisoformat(str(moment)).replace(tzinfo=UTC)
        except ValueError:
            continue
    return due

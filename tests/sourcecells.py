"""Cells of a source notebook, as an author makes them."""

from __future__ import annotations

from typing import Any


def cell(kind: str, source: str, grade_id: str = "", points: float | None = None, **extra: Any
         ) -> dict[str, Any]:
    """A cell of nbgrader's kind: text, code, locked, answer, test, manual, task."""
    code = kind in ("code", "locked", "answer", "test")
    made: dict[str, Any] = {"cell_type": "code" if code else "markdown", "metadata": {},
                            "source": source}
    if code:
        made |= {"outputs": [], "execution_count": None}
    if grade_id:
        meta = {"grade_id": grade_id, "schema_version": 3, "grade": kind in ("test", "manual"),
                "solution": kind in ("answer", "manual"),
                "locked": kind in ("locked", "test", "task"), "task": kind == "task"}
        if points is not None:
            meta["points"] = points
        made["metadata"]["nbgrader"] = meta | extra
    return made

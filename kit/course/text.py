"""Notebooks kept as MyST Markdown text, and the notebooks that they stand for.

The text form loses things: an empty answer cell vanishes, `+++` splits a cell, ids change at
each read. So ids follow from content here, nbgrader's metadata is filled in whole, and a text
whose notebook does not come back the same is refused.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.notebook import Cell, Notebook

_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_of(text: str, *, name: str) -> Notebook:
    """The notebook that a MyST text stands for, with full nbgrader v3 metadata.

    Raises NotebookError when the text cannot be read, a cell's metadata is not valid, or the
    notebook does not survive the way back to text.
    """
    made = _read(text, name)
    again = _read(_written(made), name)
    for place, (first, second) in enumerate(zip(made["cells"], again["cells"], strict=False), 1):
        if _essence(first) != _essence(second):
            raise NotebookError(f"cell {place} does not survive the text form", where=name,
                                hint="avoid '+++', trailing spaces and empty cells in it")
    if len(made["cells"]) != len(again["cells"]):
        raise NotebookError("does not survive the text form: a cell vanishes or is split",
                            where=name, hint="avoid empty Markdown cells and '+++' inside cells")
    return made


def text_of(notebook: Notebook) -> str:
    """The MyST text of a notebook, outputs left out."""
    return _written(notebook)


def _read(text: str, name: str) -> Notebook:
    import jupytext

    try:
        node = jupytext.reads(text, fmt="md:myst")
    except Exception as error:
        raise NotebookError(f"is not a MyST text notebook: {error}", where=name) from error
    cells: list[Cell] = []
    for place, cell in enumerate(node["cells"]):
        cells.append(_cell(cell, place, name))
    _check_ids(cells, name)
    metadata = {"kernelspec": dict(node["metadata"].get("kernelspec") or _KERNELSPEC),
                "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def _written(notebook: Notebook) -> str:
    import jupytext
    import nbformat

    node = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    node["metadata"].pop("language_info", None)
    written: str = jupytext.writes(node, fmt="md:myst")
    return written


def _cell(raw: Any, place: int, name: str) -> Cell:
    source = str(raw["source"])
    metadata = _plain(raw["metadata"])
    cell: Cell = {"cell_type": raw["cell_type"], "metadata": metadata, "source": source}
    if "nbgrader" in metadata:
        metadata["nbgrader"] = _full_meta(metadata["nbgrader"], cell, f"{name}, cell {place + 1}")
    cell["id"] = _cell_id(cell, place)
    if cell["cell_type"] == "code":
        cell["outputs"] = []
        cell["execution_count"] = None
    return cell


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _full_meta(raw: Any, cell: Cell, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise NotebookError("nbgrader metadata is not a mapping", where=where)
    identity = raw.get("grade_id")
    if not isinstance(identity, str) or not notebooks.GRADE_ID.fullmatch(identity):
        raise NotebookError(f"the grade_id {identity!r} is not valid", where=where,
                            hint="use letters, digits, '-' and '_'")
    meta: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "grade": raw.get("grade", False),
        "grade_id": identity,
        "locked": raw.get("locked", not raw.get("solution", False)),
        "schema_version": notebooks.SCHEMA_VERSION,
        "solution": raw.get("solution", False),
        "task": raw.get("task", False),
    }
    if meta["grade"] or meta["task"]:
        if "points" not in raw:
            raise NotebookError(f"{identity} has no points", where=where)
        meta["points"] = raw["points"]
    unknown = set(raw) - set(meta) - {"checksum"}
    if unknown:
        raise NotebookError(f"nbgrader knows no key {sorted(unknown)[0]!r}", where=where)
    return meta


def _cell_id(cell: Cell, place: int) -> str:
    identity = cell["metadata"].get("nbgrader", {}).get("grade_id")
    if identity:
        return re.sub(r"[^A-Za-z0-9_-]", "-", str(identity))[:64]
    digest = hashlib.sha256(f"{place}\0{cell['cell_type']}\0{cell['source']}".encode())
    return digest.hexdigest()[:12]


def _check_ids(cells: list[Cell], name: str) -> None:
    seen: set[str] = set()
    for place, cell in enumerate(cells, 1):
        if cell["id"] in seen:
            raise NotebookError(f"the grade_id {cell['id']!r} stands twice",
                                where=f"{name}, cell {place}")
        seen.add(cell["id"])


def _essence(cell: Cell) -> tuple[Any, ...]:
    return cell["cell_type"], cell["source"], cell["metadata"]

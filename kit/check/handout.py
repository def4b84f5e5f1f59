"""What a notebook was handed out with, read from its own metadata: hostile until it is checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit import notebook as nb
from kit.model import CellKind

_MOST_CELLS = 2_000
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """An nbgrader cell that a notebook had when it was handed out."""

    grade_id: str
    kind: CellKind
    points: float


def handed_out(notebook: nb.Notebook) -> tuple[HandedOut, ...] | None:
    """The cells that a release wrote into the notebook, in order; None where it wrote none.

    Raises ValueError where the entry is not as a release writes it.
    """
    entry = notebook["metadata"].get(nb.HANDED_OUT)
    if entry is None:
        return None
    listed = entry.get("cells") if isinstance(entry, Mapping) else None
    if not isinstance(listed, list) or len(listed) > _MOST_CELLS:
        raise ValueError("the list of cells is damaged")
    return named(tuple(_cell(one) for one in listed))


def cells_of(notebook: nb.Notebook) -> tuple[HandedOut, ...]:
    """The same of a notebook that nobody worked in: the cells that stand in it."""
    return named(tuple(
        HandedOut(grade_id=(meta := nb.nbgrader_meta(cell) or {})["grade_id"], kind=kind,
                  points=float(meta.get("points", 0.0)))
        for _, cell, kind in nb.graded_cells(notebook)))


def named(cells: tuple[HandedOut, ...]) -> tuple[HandedOut, ...]:
    """Each grade_id once, the first."""
    return tuple({cell.grade_id: cell for cell in reversed(cells)}.values())[::-1]


def _cell(entry: Any) -> HandedOut:
    if not isinstance(entry, list) or len(entry) != 3:
        raise ValueError("a cell is damaged")
    identity, kind, points = entry
    if not isinstance(identity, str) or not 0 < len(identity) <= _LONGEST \
            or not identity.isprintable():
        raise ValueError("a cell's name is damaged")
    if isinstance(points, bool) or not isinstance(points, (int, float)) \
            or not 0 <= points < 1e6 or not math.isfinite(points):
        raise ValueError("a cell's points are damaged")
    return HandedOut(grade_id=identity, kind=CellKind(kind), points=float(points))

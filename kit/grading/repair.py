"""A learner's notebook made ready to grade: the author's cells restored, each repair listed.

The rules, in the order in which they are applied:
1. a cell belongs to the release if its grade_id does; unknown ids lose their metadata;
2. two cells of one id: the first is graded (of answers, the first that was changed);
3. a released cell that no id names is looked for by its text, an answer by its neighbours;
4. a test, locked or task cell that is not found is put back at its place;
5. the author's text, points, type and flags replace whatever the cell carries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from kit import notebook as notebooks
from kit.model import CellKind, ReleasedCell, ReleasedNotebook, Repair, Review

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ALIKE = 0.6
_KEPT = 4096
"""How alike (0..1) an answer without metadata must be to its stub to be taken for it."""

_ANSWERS = (CellKind.ANSWER, CellKind.MANUAL)


@dataclass(slots=True, kw_only=True)
class Ready:
    """The notebook to run, and what was mended; `places` gives each released cell's place."""

    notebook: dict[str, Any]
    places: dict[str, int] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    review: list[Review] = field(default_factory=list)

    def mend(self, code: str, message: str, grade_id: str = "") -> None:
        """List a repair."""
        self.repairs.append(Repair(code=code, message=message, grade_id=grade_id))


def texts(notebook: Mapping[str, Any]) -> frozenset[str]:
    """The texts of a released notebook's ordinary cells: no learner wrote them."""
    return frozenset(_text(cell) for cell in notebook["cells"] if notebooks.kind(cell) is None)


def make_ready(
    released: ReleasedNotebook, submitted: Mapping[str, Any], *,
    ordinary: frozenset[str] = frozenset(),
) -> Ready:
    """The submitted notebook with the release laid over it. Nothing given is changed.

    `ordinary` are texts of the author that carry no metadata, so they are no answers.
    """
    cells = [_copy(cell) for cell in submitted["cells"]]
    ready = Ready(notebook={**submitted, "cells": cells,
                            "metadata": dict(submitted["metadata"])})
    claims = _claims(released, cells, ready)
    found = _resolve(released, claims, ready)
    _match_by_content(released, cells, found, ready, ordinary)
    _lay_over(released, found, ready)
    _put_back(released, cells, found, ready)
    _finish(released, ready)
    return ready


def _copy(cell: Mapping[str, Any]) -> dict[str, Any]:
    copied = {**cell, "metadata": dict(cell["metadata"])}
    if cell["cell_type"] == "code":
        copied.update(outputs=[], execution_count=None)
    return copied


def _claims(
    released: ReleasedNotebook, cells: list[dict[str, Any]], ready: Ready
) -> dict[str, list[dict[str, Any]]]:
    known = {cell.grade_id for cell in released.cells}
    claims: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        raw = cell["metadata"].get("nbgrader")
        identity = notebooks.grade_id(cell) or _stray_id(raw)
        if raw is not None and identity not in known:
            del cell["metadata"]["nbgrader"]
            if notebooks.kind({"metadata": {"nbgrader": raw}, **_typed(cell)}) is not None:
                ready.mend("unknown-cell", f"the cell {str(identity)[:60]!r} is not of this "
                           "assignment; it was run, not graded")
        elif identity in known:
            claims.setdefault(str(identity), []).append(cell)
            _note_schema(raw, str(identity), ready)
    return claims


def _typed(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {"cell_type": cell["cell_type"], "source": ""}


def _stray_id(raw: Any) -> str | None:
    identity = raw.get("grade_id") if isinstance(raw, dict) else None
    return identity if isinstance(identity, str) else None


def _note_schema(raw: Any, identity: str, ready: Ready) -> None:
    version = raw.get("schema_version", 0) if isinstance(raw, dict) else 0
    if version != notebooks.SCHEMA_VERSION:
        ready.mend("schema-version", f"{identity} carries nbgrader metadata of version "
                   f"{str(version)[:10]}; it was read as version 3", identity)


def _resolve(
    released: ReleasedNotebook, claims: Mapping[str, list[dict[str, Any]]], ready: Ready
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for cell in released.cells:
        same = claims.get(cell.grade_id, [])
        if not same:
            continue
        found[cell.grade_id] = chosen = _first(cell, same)
        for other in same:
            if other is not chosen:
                del other["metadata"]["nbgrader"]
        if len(same) > 1:
            which = "the first" if chosen is same[0] else "the first that was changed"
            number = "two" if len(same) == 2 else str(len(same))
            ready.mend("duplicate", f"{number} cells named {cell.grade_id}; {which} was graded",
                       cell.grade_id)
    return found


def _first(released: ReleasedCell, same: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if released.kind in _ANSWERS:
        for cell in same:
            if _text(cell) != _normal(released.released):
                return cell
    return same[0]


# --------------------------------------------------------------------------- by content


def _match_by_content(
    released: ReleasedNotebook, cells: list[dict[str, Any]], found: dict[str, dict[str, Any]],
    ready: Ready, ordinary: frozenset[str],
) -> None:
    missing = [cell for cell in released.cells if cell.grade_id not in found]
    if not missing:
        return
    taken = {id(cell) for cell in found.values()}
    by_text: dict[str, list[dict[str, Any]]] = {}
    for one in cells:
        if id(one) not in taken:
            by_text.setdefault(_text(one), []).append(one)
    for cell in missing:
        texts = (_normal(cell.released), _normal(cell.source))
        same = next((by_text[text] for text in texts if text and by_text.get(text)), None)
        if same:
            _adopt(cell, same.pop(0), found, ready, "by its text")
    for cell in missing:
        if cell.grade_id not in found and cell.kind in _ANSWERS:
            low, high = _gap(released, cell, cells, found)
            own = [one for one in cells[low:high] if _text(one) not in ordinary]
            _match_answer(cell, own, found, ready)


def _match_answer(
    cell: ReleasedCell, between: list[dict[str, Any]], found: dict[str, dict[str, Any]],
    ready: Ready,
) -> None:
    """The cell between the neighbours that were found: the only one, or the most alike."""
    taken = {id(one) for one in found.values()}
    free = [one for one in between
            if id(one) not in taken and one["cell_type"] == cell.cell_type and _text(one)]
    alike = sorted(free, key=lambda one: -_likeness(one, cell))
    if len(alike) == 1:
        _adopt(cell, alike[0], found, ready, "by its place")
    elif alike and _likeness(alike[0], cell) >= _ALIKE:
        _adopt(cell, alike[0], found, ready, "by its text and place")
    elif alike and cell.kind is CellKind.MANUAL:
        ready.review.append(Review(
            code="answer-not-found", grade_id=cell.grade_id,
            reason=f"the answer {cell.grade_id} lost its metadata and was not found; "
                   f"{len(alike)} cells may be it"))


def _gap(
    released: ReleasedNotebook, cell: ReleasedCell, cells: list[dict[str, Any]],
    found: Mapping[str, dict[str, Any]],
) -> tuple[int, int]:
    place = {id(one): index for index, one in enumerate(cells)}
    order = [one.grade_id for one in released.cells]
    here = order.index(cell.grade_id)
    before = [place[id(found[name])] for name in order[:here] if name in found]
    after = [place[id(found[name])] for name in order[here + 1 :] if name in found]
    low = (before[-1] + 1) if before else 0
    later = [index for index in after if index >= low]
    return low, (later[0] if later else len(cells))


def _likeness(cell: Mapping[str, Any], released: ReleasedCell) -> float:
    return SequenceMatcher(None, _text(cell)[:2000], released.released[:2000],
                           autojunk=False).ratio()


def _adopt(
    released: ReleasedCell, cell: dict[str, Any], found: dict[str, dict[str, Any]], ready: Ready,
    how: str,
) -> None:
    found[released.grade_id] = cell
    ready.mend("metadata-matched", f"{released.grade_id} lost its nbgrader metadata and was "
               f"recognised {how}", released.grade_id)


# -------------------------------------------------------------------------- laying over


def _lay_over(
    released: ReleasedNotebook, found: dict[str, dict[str, Any]], ready: Ready
) -> None:
    for cell in released.cells:
        mine = found.get(cell.grade_id)
        if mine is None:
            continue
        if mine["cell_type"] != cell.cell_type:
            ready.mend("cell-type", f"{cell.grade_id} was a {mine['cell_type']} cell; it is a "
                       f"{cell.cell_type} cell again", cell.grade_id)
            _set_type(mine, cell.cell_type)
        if cell.kind.protected:
            if _text(mine) not in (_authors(cell.released), _authors(cell.source)):
                ready.mend("altered", f"{cell.grade_id} had been changed; the author's text "
                           "was restored", cell.grade_id)
            mine["source"] = cell.source
        mine["metadata"]["nbgrader"] = metadata_of(cell)


def _set_type(cell: dict[str, Any], cell_type: str) -> None:
    cell["cell_type"] = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        cell.update(outputs=[], execution_count=None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def metadata_of(cell: ReleasedCell) -> dict[str, Any]:
    """nbgrader's metadata (schema version 3) of a released cell; each call gives a new one."""
    return dict(_metadata_of(cell))


@lru_cache(maxsize=_KEPT)  # the same for every learner of a class
def _metadata_of(cell: ReleasedCell) -> Mapping[str, Any]:
    meta: dict[str, Any] = {
        "grade_id": cell.grade_id,
        "grade": cell.kind in (CellKind.TEST, CellKind.MANUAL),
        "solution": cell.kind in _ANSWERS,
        "locked": cell.kind.protected,
        "task": cell.kind is CellKind.TASK,
        "schema_version": notebooks.SCHEMA_VERSION,
        "cell_type": cell.cell_type,
    }
    if cell.kind.graded:
        meta["points"] = cell.points
    text = cell.source if cell.kind.protected else cell.released
    meta["checksum"] = notebooks.checksum(
        {"cell_type": cell.cell_type, "source": text, "metadata": {"nbgrader": meta}})
    return meta


def _put_back(
    released: ReleasedNotebook, cells: list[dict[str, Any]], found: dict[str, dict[str, Any]],
    ready: Ready,
) -> None:
    previous: dict[str, Any] | None = None
    unsure = {review.grade_id for review in ready.review}
    for cell in released.cells:
        mine = found.get(cell.grade_id)
        # An answer that is gone stays gone: its stub could undo what the learner wrote
        # elsewhere. A manual one is put back so that it counts as not answered.
        restorable = cell.kind is not CellKind.ANSWER and cell.grade_id not in unsure
        if mine is None and restorable:
            mine = _new(cell)
            at = 0 if previous is None else _place(cells, previous) + 1
            cells.insert(at, mine)
            found[cell.grade_id] = mine
            what = "the stub was" if cell.kind is CellKind.MANUAL else "it was"
            ready.mend("missing", f"{cell.grade_id} was missing; {what} put back", cell.grade_id)
        previous = mine or previous
    ready.places = {name: _place(cells, one) for name, one in found.items()}


def _new(cell: ReleasedCell) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "metadata": {"deletable": False, "editable": cell.kind is CellKind.MANUAL,
                     "nbgrader": metadata_of(cell)},
        "source": cell.source if cell.kind.protected else cell.released,
    }
    if cell.cell_type == "code":
        made.update(outputs=[], execution_count=None)
    return made


def _place(cells: Sequence[dict[str, Any]], cell: dict[str, Any]) -> int:
    return next(index for index, one in enumerate(cells) if one is cell)


def _finish(released: ReleasedNotebook, ready: Ready) -> None:
    notebook = ready.notebook
    if released.kernelspec:
        notebook["metadata"]["kernelspec"] = dict(released.kernelspec)
    seen: set[str] = set()
    for index, cell in enumerate(notebook["cells"]):
        identity = cell.get("id")
        if notebook["nbformat_minor"] < 5:
            cell.pop("id", None)
            continue
        if not isinstance(identity, str) or not _ID.fullmatch(identity) or identity in seen:
            identity = cell["id"] = f"kit-cell-{index}"
        seen.add(identity)


def _text(cell: Mapping[str, Any]) -> str:
    return _normal(notebooks.source(cell))


def _normal(text: str) -> str:
    """Text as editors may save it: line ends and blanks at the end do not count."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


_authors = lru_cache(maxsize=_KEPT)(_normal)

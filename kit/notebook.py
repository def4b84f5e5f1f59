"""Notebooks as plain JSON, and what nbgrader's metadata makes of their cells.

nbformat costs seconds to import, so it is only asked to upgrade notebooks of format 3.
A learner's notebook is hostile: whatever its shape, reading it ends in a notebook whose cells
have the right types, or in a NotebookError that says what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import NotebookError
from kit.files import write_text
from kit.model import CellKind, Delimiters, Markers

Notebook = dict[str, Any]
Cell = dict[str, Any]

MAX_BYTES = 100 * 1024**2
"""The largest notebook file that is read."""

MAX_DEPTH = 100
"""How deep the JSON of a notebook may nest; real ones stay below 20."""

GRADE_ID = re.compile(r"[A-Za-z0-9_\-]+")
"""What nbgrader allows as a grade_id (its nbgraderformat/v3.json)."""

SCHEMA_VERSION = 3
_KEYS = ("schema_version", "grade_id", "grade", "solution", "locked", "task", "points",
         "checksum", "cell_type")
_FLAGS = ("grade", "solution", "locked", "task")
_NESTED = frozenset({dict, list})

_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_INDENTED = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
_BY_LINES = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",\n", ": "))
_CELL_TYPES = ("code", "markdown", "raw")

HANDED_OUT = "coursewright"
"""Key of a released notebook's metadata: which nbgrader cells it was handed out with."""

WRONG_ANSWER, OTHER_ANSWER = "wrong-answer", "other-answer"
TRIAL_TAGS = frozenset({WRONG_ANSWER, OTHER_ANSWER})
"""Tags of an author's cells that try the tests of a question; they are never released."""

AUTHOR_TAGS = TRIAL_TAGS | {"instructor-note"}
"""Tags of cells that are the author's alone: in no release, on no page, in nothing published."""


# ---------------------------------------------------------------------------- read, write


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> Notebook:
    """The notebook in `path`, as nbformat 4 JSON with `source` strings.

    A byte order mark and UTF-16 are accepted, format 3 is upgraded. Raises NotebookError when
    the file is too large, is not JSON, or is not a notebook.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise NotebookError(
                f"the file has {size:,} bytes, more than the {max_bytes:,} that are read",
                where=path.name, hint="clear the outputs and save it again",
            )
        data = path.read_bytes()
    except OSError as error:
        raise NotebookError(f"cannot be read: {error.strerror}", where=path.name) from error
    return parse(data, name=path.name)


def parse(data: bytes, *, name: str = "notebook") -> Notebook:
    """The notebook in `data`; `name` is for errors. See `read`."""
    text = decode(data, name=name)
    if not text.strip():
        raise NotebookError("the file is empty", where=name, hint="hand in the saved notebook")
    try:
        loaded = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotebookError(
            f"line {error.lineno} is not JSON: {error.msg.removesuffix(' starting at')}",
            where=name,
            hint="open it in Jupyter and save it again",
        ) from error
    except (RecursionError, ValueError) as error:
        # ValueError: an integer of more digits than Python converts.
        raise NotebookError("is not a notebook: its JSON cannot be read", where=name) from error
    if _too_deep(loaded):
        raise NotebookError("is not a notebook: its JSON nests too deep", where=name)
    return _as_v4(loaded, name)


def decode(data: bytes, *, name: str = "file") -> str:
    """Text from UTF-8 or UTF-16 bytes, with or without a byte order mark."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"byte {error.start} is not {encoding.removesuffix('-sig').upper()} text", where=name,
            hint="save it as UTF-8",
        ) from error


def write(notebook: Mapping[str, Any], path: Path) -> None:
    """Write a notebook as nbformat does: sorted keys, indent 1, a final line end."""
    write_text(path, dumps(notebook))


def dumps(notebook: Mapping[str, Any], *, indented: bool = True) -> str:
    """The text that `write` writes: multi-line strings as lists of lines.

    Without an indent it is the same JSON an item a line, which takes a sixth of the time.
    """
    split = dict(notebook)
    split["cells"] = [_split_cell(cell) for cell in notebook["cells"]]
    return (_INDENTED if indented else _BY_LINES).encode(split) + "\n"


def source(cell: Mapping[str, Any]) -> str:
    """A cell's text, whether it is stored as one string or as a list of lines."""
    return joined(cell.get("source", ""))


def _too_deep(value: Any) -> bool:
    level = [value] if type(value) in _NESTED else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            for child in (item.values() if type(item) is dict else item)
            if type(child) in _NESTED
        ]
        if not level:
            return False
    return True


def _as_v4(loaded: Any, name: str) -> Notebook:
    if not isinstance(loaded, dict) or not isinstance(loaded.get("nbformat"), int):
        raise NotebookError("is JSON, but not a notebook", where=name,
                            hint="hand in the .ipynb file")
    if loaded["nbformat"] < 4:
        loaded = _upgraded(loaded, name)
    if loaded["nbformat"] > 4:
        raise NotebookError(f"uses notebook format {loaded['nbformat']}, newer than 4", where=name)
    cells = loaded.get("cells")
    if not isinstance(cells, list):
        raise NotebookError("has no list of cells", where=name)
    notebook: Notebook = {
        "nbformat": 4,
        "nbformat_minor": _minor(loaded.get("nbformat_minor")),
        "metadata": _mapping(loaded.get("metadata")),
        "cells": [_clean_cell(cell, name, place) for place, cell in enumerate(cells, 1)],
    }
    return notebook


def _upgraded(loaded: dict[str, Any], name: str) -> dict[str, Any]:
    import nbformat

    try:
        node = nbformat.convert(nbformat.from_dict(loaded), 4)  # type: ignore[no-untyped-call]
        upgraded: dict[str, Any] = json.loads(json.dumps(node))
    except Exception as error:  # a hostile file may raise anything
        raise NotebookError(
            f"uses notebook format {loaded['nbformat']} and cannot be upgraded: {error}",
            where=name, hint="open it in Jupyter and save it again",
        ) from error
    return upgraded


def _minor(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value <= 5 else 4


def _clean_cell(cell: Any, name: str, place: int) -> Cell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _CELL_TYPES:
        raise NotebookError(f"cell {place} is not a code, markdown or raw cell", where=name)
    clean: Cell = {
        "cell_type": cell["cell_type"],
        "metadata": _mapping(cell.get("metadata")),
        "source": joined(cell.get("source", "")),
    }
    if isinstance(cell.get("id"), str):
        clean["id"] = cell["id"]
    if isinstance(cell.get("attachments"), dict):
        clean["attachments"] = cell["attachments"]
    if cell["cell_type"] == "code":
        outputs = cell.get("outputs")
        kept = outputs if isinstance(outputs, list) else []
        clean["outputs"] = [output for output in kept if _is_output(output)]
        count = cell.get("execution_count")
        clean["execution_count"] = count if isinstance(count, int) else None
    return clean


def _is_output(output: Any) -> bool:
    if not isinstance(output, dict):
        return False
    kind = output.get("output_type")
    if kind == "stream":
        return isinstance(output.get("name"), str) and isinstance(output.get("text"), (str, list))
    if kind == "error":
        return all(isinstance(output.get(key), str) for key in ("ename", "evalue"))
    return kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def joined(value: Any) -> str:
    """A text of a notebook, which is stored as one string or as a list of lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return ""


def _split_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    split = dict(cell)
    split["source"] = source(cell).splitlines(keepends=True)
    if "outputs" in split:
        split["outputs"] = [_split_output(output) for output in split["outputs"]]
    return split


def _split_output(output: Mapping[str, Any]) -> dict[str, Any]:
    split = dict(output)
    if isinstance(split.get("text"), str):
        split["text"] = split["text"].splitlines(keepends=True)
    if isinstance(split.get("data"), Mapping):
        split["data"] = {
            mime: value.splitlines(keepends=True)
            if isinstance(value, str) and (mime.startswith("text/") or mime == "image/svg+xml")
            else value
            for mime, value in split["data"].items()
        }
    return split


# ----------------------------------------------------------------------- nbgrader metadata


def nbgrader_meta(cell: Mapping[str, Any]) -> dict[str, Any] | None:
    """The cell's nbgrader metadata, upgraded in memory to schema version 3, or None.

    Old versions are read as nbgrader upgrades them (its nbgraderformat/v1 to v3); unknown keys
    go, wrong types become what nbgrader would take for nothing. Never raises.
    """
    raw = _known(cell)
    if raw is None:
        return None
    meta: dict[str, Any] = {key: raw[key] for key in _KEYS if key in raw}
    for flag in _FLAGS:
        meta[flag] = meta.get(flag) is True
    if meta["grade"] or meta["task"]:
        meta["points"] = _points(meta.get("points"))
    else:
        meta.pop("points", None)
    if not isinstance(meta.get("checksum"), str):
        meta.pop("checksum", None)
    if meta.get("cell_type") not in _CELL_TYPES:
        meta["cell_type"] = cell.get("cell_type")
    meta["schema_version"] = SCHEMA_VERSION
    return meta


def _known(cell: Mapping[str, Any]) -> dict[str, Any] | None:
    """The metadata as it stands, if it makes the cell one of nbgrader's."""
    raw = _mapping(cell.get("metadata")).get("nbgrader")
    if not isinstance(raw, dict):
        return None
    identity = raw.get("grade_id")
    if not isinstance(identity, str) or not identity:
        return None
    return raw if any(raw.get(flag) is True for flag in _FLAGS) else None


def _points(value: Any) -> float:
    try:
        points = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return points if points > 0 and math.isfinite(points) else 0.0


def kind(cell: Mapping[str, Any]) -> CellKind | None:
    """What nbgrader makes of the cell; None for an ordinary one."""
    raw = _known(cell)
    if raw is None:
        return None
    if raw.get("task") is True:
        return CellKind.TASK
    solution = raw.get("solution") is True
    if raw.get("grade") is True:
        return CellKind.MANUAL if solution else CellKind.TEST
    return CellKind.ANSWER if solution else CellKind.LOCKED


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """The cell's grade_id, or None for a cell that is not nbgrader's."""
    raw = _known(cell)
    return raw["grade_id"] if raw is not None else None


def graded_cells(notebook: Mapping[str, Any]) -> Iterator[tuple[int, Cell, CellKind]]:
    """(place, cell, kind) of every nbgrader cell, in order."""
    for place, cell in enumerate(notebook["cells"]):
        found = kind(cell)
        if found is not None:
            yield place, cell, found


def checksum(cell: Mapping[str, Any]) -> str:
    """nbgrader's checksum (its utils.compute_checksum): MD5 of text, type and flags.

    The cell's metadata is taken as it stands, so a cell of an old schema has the checksum
    that nbgrader gives it after upgrading.
    """
    meta = nbgrader_meta(cell) or {}
    digest = hashlib.md5(usedforsecurity=False)
    digest.update(source(cell).encode("utf-8", "replace"))
    digest.update(str(cell["cell_type"]).encode())
    digest.update(str(meta.get("grade", False)).encode())
    digest.update(str(meta.get("solution", False)).encode())
    digest.update(str(_is_locked(meta)).encode())
    if meta.get("grade_id"):
        digest.update(str(meta["grade_id"]).encode())
    if meta.get("grade"):
        digest.update(str(float(meta["points"])).encode())
    return digest.hexdigest()


def _is_locked(meta: Mapping[str, Any]) -> bool:
    # nbgrader's utils.is_locked: a test is locked whatever its flag says, a solution never.
    if meta.get("solution"):
        return False
    return bool(meta.get("grade") or meta.get("locked"))


# ---------------------------------------------------------------------------------- marks


_DEFAULT = Markers()
SOLUTION, HIDDEN_TESTS, MARK_SCHEME = _DEFAULT.all
"""nbgrader's own delimiters. An author may have others: `kit.course.markers_of` reads them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Lines `first` to `last` of a text, markers included, counted from 0."""

    first: int
    last: int
    text: str


def regions(text: str, markers: Delimiters) -> tuple[Region, ...]:
    """The enclosed regions, without their marker lines in `text`.

    Raises NotebookError for a marker that opens twice, never closes, or closes nothing.
    """
    found: list[Region] = []
    lines = text.split("\n")
    begun: int | None = None
    for number, line in enumerate(lines):
        if markers.begin in line:
            if begun is not None:
                raise _unbalanced(f"{markers.begin} stands twice before {markers.end}", number)
            begun = number
        elif markers.end in line:
            if begun is None:
                raise _unbalanced(f"{markers.end} stands without {markers.begin}", number)
            found.append(Region(first=begun, last=number,
                                text="\n".join(lines[begun + 1 : number])))
            begun = None
    if begun is not None:
        raise _unbalanced(f"{markers.begin} has no {markers.end}", begun)
    return tuple(found)


def _unbalanced(message: str, line: int) -> NotebookError:
    return NotebookError(message, where=f"line {line + 1} of the cell",
                         hint="each begin marker needs one end marker after it")


def without_regions(text: str, markers: Delimiters) -> str:
    """The text with the enclosed regions and their marker lines taken out."""
    lines = text.split("\n")
    for region in reversed(regions(text, markers)):
        del lines[region.first : region.last + 1]
    return "\n".join(lines)


def without_marker_lines(text: str, markers: Markers) -> str:
    """The text with its regions kept and every marker line taken out."""
    return "\n".join(line for line in text.split("\n") if not markers.in_text(line))

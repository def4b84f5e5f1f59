"""What is told of a lesson that did not run to its end: the cell, its line, the traceback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kit.errors import BuildError
from kit.site.model import Source

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CELL_LINE = re.compile(r"Cell In\[\d+\],? line (\d+)")


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell, sorted."""
    tags = cell["metadata"].get("tags", [])
    return sorted(str(tag) for tag in tags) if isinstance(tags, list) else []


def raised(lesson: Source, index: int, outputs: Iterable[Mapping[str, Any]]) -> BuildError:
    """The error that a cell of the lesson raised, by its outputs."""
    output = next((one for one in outputs if one["output_type"] == "error"), None)
    if output is None:
        return BuildError("the cell failed and showed no error", where=place_in(lesson, index))
    trace = _COLOURS.sub("", "\n".join(output["traceback"]))
    lines = _CELL_LINE.findall(trace)
    line = int(lines[0]) if lines else None
    return BuildError(
        f"{output['ename']}: {output['evalue']}".rstrip(": "), where=place_in(lesson, index, line),
        hint=f"{trace.strip()}\n\nIf it raises on purpose, tag the cell raises-exception.",
    )


def stopped(lesson: Source, index: int, seconds: float) -> BuildError:
    """A cell that ran too long."""
    return BuildError(f"the cell ran past its {seconds:g} s", where=place_in(lesson, index),
                      hint="make it faster, or tag it skip-execution")


def failed(lesson: Source, index: int, why: object) -> BuildError:
    """A cell whose kernel ended."""
    return BuildError(f"the kernel died: {why}", where=place_in(lesson, index),
                      hint="it may have run out of memory")


def place_in(lesson: Source, index: int, line: int | None = None) -> str:
    """Where in the lesson, in words: its file, the line or the cell."""
    if index in lesson.lines:
        return f"{lesson.path}, line {lesson.lines[index] + (line or 1) - 1} (cell {index + 1})"
    return f"{lesson.path}, cell {index + 1}" + (f", line {line}" if line else "")

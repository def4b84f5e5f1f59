"""What nbgrader raises, told as file, cell, and what to do."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from kit.errors import ReleaseError

_HINTS: tuple[tuple[str, str, str], ...] = (
    # (part of nbgrader's message, what we say, what to do)
    ("nested begin solution", "BEGIN SOLUTION stands twice before END SOLUTION",
     "close the first region with END SOLUTION"),
    ("no end solution", "BEGIN SOLUTION has no END SOLUTION", "add the END SOLUTION line"),
    ("solution region detected", "a solution stands in a cell that is not an answer",
     "make the cell an autograded answer, or take the region out: learners would see it"),
    ("nested begin hidden tests", "BEGIN HIDDEN TESTS stands twice before END HIDDEN TESTS",
     "close the first region with END HIDDEN TESTS"),
    ("no end hidden tests", "BEGIN HIDDEN TESTS has no END HIDDEN TESTS",
     "add the END HIDDEN TESTS line"),
    ("hidden test region detected", "hidden tests stand in a cell that is not a test",
     "make the cell an autograder test: learners would see them"),
    ("nested begin mark scheme", "BEGIN MARK SCHEME stands twice before END MARK SCHEME",
     "close the first region with END MARK SCHEME"),
    ("no end mark scheme", "BEGIN MARK SCHEME has no END MARK SCHEME",
     "add the END MARK SCHEME line"),
    ("mark scheme region detected", "a mark scheme stands in a cell that is not a task",
     "make the cell a manually graded task: learners would see it"),
    ("duplicate grade id", "", "give each cell of the notebook a grade_id of its own"),
    ("code_stub", "", "add the language to c.ClearSolutions.code_stub in nbgrader_config.py"),
    ("comment_strs", "", "add the kernel to c.InstantiateTests in nbgrader_config.py"),
    ("add or remove cells", "", "keep the graded cells as they were released"),
    ("schema version is too new", "", "update nbgrader, or make the cell again"),
)


def explained(error: BaseException, *, notebook: str) -> ReleaseError:
    """A ReleaseError for what nbgrader raised while it worked on `notebook`."""
    root = _first(error)
    message = f"{root}".strip().split("\n")[0] or type(root).__name__
    hint = "nbgrader's generate step stops here; mend the cell and try again"
    for part, said, advice in _HINTS:
        if part in message.lower():
            message, hint = said or message, advice
            break
    cell = _cell(root.__traceback__) or _cell(error.__traceback__)
    return ReleaseError(message, where=f"{notebook}, cell {cell}" if cell else notebook, hint=hint)


def _first(error: BaseException) -> BaseException:
    """nbgrader hides the reason of a validation error behind a general message."""
    seen = {id(error)}
    while error.__context__ is not None and "failed to validate" in str(error):
        error = error.__context__
        if id(error) in seen:
            break
        seen.add(id(error))
    return error


def _cell(trace: TracebackType | None) -> str:
    """The cell that the innermost frame was working on: its grade_id, or its place."""
    found = ""
    while trace is not None:
        names: dict[str, Any] = trace.tb_frame.f_locals
        cell = names.get("cell")
        if isinstance(cell, dict) and "metadata" in cell:
            meta = cell["metadata"].get("nbgrader")
            place = names.get("cell_index", names.get("index"))
            if isinstance(meta, dict) and meta.get("grade_id"):
                found = str(meta["grade_id"])
            elif isinstance(place, int):
                found = str(place + 1)
        trace = trace.tb_next
    return found

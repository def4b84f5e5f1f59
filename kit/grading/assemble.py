"""The graded notebook as nbgrader writes it: outputs, counts and timings in the cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from kit.model import CellRun

MAX_LINES = 1000
MAX_TRACEBACK = 100
"""nbgrader's LimitOutput: lines of stream output and of a traceback that a cell keeps."""


def fill(
    notebook: dict[str, Any], places: Iterable[int], runs: Iterable[CellRun], started: datetime,
    *, language: Mapping[str, Any] | None = None,
) -> None:
    """Put the runs into the notebook's cells; `places` gives the cell of each run's index."""
    where = list(places)
    moment = started
    for run in runs:
        cell = notebook["cells"][where[run.index]]
        cell["outputs"] = limited(run.outputs)
        cell["execution_count"] = run.execution_count
        ended = moment + timedelta(seconds=run.seconds)
        cell["metadata"]["execution"] = {
            "iopub.status.busy": _stamp(moment), "iopub.execute_input": _stamp(moment),
            "iopub.status.idle": _stamp(ended), "shell.execute_reply": _stamp(ended),
        }
        moment = ended
    if language:
        notebook["metadata"]["language_info"] = dict(language)


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def limited(outputs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Outputs cut as nbgrader's LimitOutput cuts them."""
    kept: list[dict[str, Any]] = []
    length = 0
    for output in outputs:
        changed = dict(output)
        if output["output_type"] == "stream":
            if length == MAX_LINES:
                continue
            lines = str(output["text"]).split("\n")
            if len(lines) + length > MAX_LINES:
                lines = [*lines[: MAX_LINES - length - 1], "... Output truncated ..."]
            length += len(lines)
            changed["text"] = "\n".join(lines)
        elif output["output_type"] == "error" and len(output["traceback"]) > MAX_TRACEBACK:
            start = MAX_TRACEBACK // 2
            end = MAX_TRACEBACK - start - 1
            changed["traceback"] = [*output["traceback"][:start],
                                    "... Traceback truncated ...", *output["traceback"][-end:]]
        kept.append(changed)
    return kept

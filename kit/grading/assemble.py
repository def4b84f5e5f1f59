"""The graded notebook as nbgrader writes it: outputs, counts and timings in the cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kit.grading.config import USUAL, Settings
from kit.model import CellRun


def fill(
    notebook: dict[str, Any], places: Iterable[int], runs: Iterable[CellRun], started: datetime,
    *, language: Mapping[str, Any] | None = None,
) -> None:
    """Put the runs into the notebook's cells; `places` gives the cell of each run's index."""
    where = list(places)
    moment, began = started, _stamp(started)
    for run in runs:
        cell = notebook["cells"][where[run.index]]
        cell["outputs"] = limited(run.outputs)
        cell["execution_count"] = run.execution_count
        moment += timedelta(seconds=run.seconds)
        ended = _stamp(moment)
        cell["metadata"]["execution"] = {
            "iopub.status.busy": began, "iopub.execute_input": began,
            "iopub.status.idle": ended, "shell.execute_reply": ended,
        }
        began = ended
    if language:
        notebook["metadata"]["language_info"] = dict(language)


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def limited(
    outputs: Iterable[Mapping[str, Any]], settings: Settings = USUAL
) -> list[dict[str, Any]]:
    """Outputs cut as nbgrader's LimitOutput cuts them; -1 is no limit."""
    max_lines, max_traceback = settings.max_lines, settings.max_traceback
    kept: list[dict[str, Any]] = []
    length = 0
    for output in outputs:
        changed = dict(output)
        if output["output_type"] == "stream" and max_lines != -1:
            if length == max_lines:
                continue
            lines = str(output["text"]).split("\n")
            if len(lines) + length > max_lines:
                lines = [*lines[: max_lines - length - 1], "... Output truncated ..."]
            length += len(lines)
            changed["text"] = "\n".join(lines)
        elif output["output_type"] == "error" and -1 != max_traceback < len(output["traceback"]):
            start = max_traceback // 2
            end = max_traceback - start - 1
            changed["traceback"] = [*output["traceback"][:start],
                                    "... Traceback truncated ...", *output["traceback"][-end:]]
        kept.append(changed)
    return kept


def heard(
    notebook: dict[str, Any], runs: Mapping[int, CellRun], settings: Settings
) -> Mapping[int, CellRun]:
    """The runs without the stderr that the author's IgnorePattern takes out.

    What remains is put into the notebook's cells again, cut as the author says.
    """
    if (settings.unheard, settings.max_lines, settings.max_traceback) == (
            None, USUAL.max_lines, USUAL.max_traceback):
        return runs
    left = {place: without_unheard(run, settings) for place, run in runs.items()}
    for place, run in left.items():
        notebook["cells"][place]["outputs"] = limited(run.outputs, settings)
    return left


def without_unheard(run: CellRun, settings: Settings) -> CellRun:
    """A run without the stderr that the author's IgnorePattern takes out."""
    if settings.unheard is None:
        return run
    return replace(run, outputs=tuple(
        output for output in run.outputs if not _unheard(output, settings)))


def _unheard(output: Mapping[str, Any], settings: Settings) -> bool:
    return (settings.unheard is not None and output["output_type"] == "stream"
            and output["name"] == "stderr"
            and settings.unheard.search(str(output["text"])) is not None)

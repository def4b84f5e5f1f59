"""What a test cell earns from its outputs, and what went wrong in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit import notebook as nb
from kit.model import CellKind, CellRun, ReleasedCell, RunState

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """Points of a test cell. `value` is the number that its last line gave, if it did."""

    points: float
    failed: bool = False
    why: str = ""
    value: float | None = None


def earned(run: CellRun | None, cell: nb.Cell) -> Earned:
    """What grading gives for this run of a test cell, by the rule that grading has."""
    from kit.grading.scoring import Place, judge_test

    meta = nb.nbgrader_meta(cell) or {}
    released = ReleasedCell(
        grade_id=meta.get("grade_id", ""), kind=CellKind.TEST, cell_type=cell["cell_type"],
        source=nb.source(cell), released="", points=float(meta.get("points", 0.0)),
    )
    result = judge_test(Place(notebook="", cell=released), run).result
    why = error_of(run) if run is not None else result.message
    return Earned(points=result.points or 0.0, failed=bool(why), why=why or result.message,
                  value=_value(run) if run is not None else None)


def faults_of(run: CellRun | None) -> tuple[str, ...]:
    """What went wrong in the checks of a test cell themselves, each with its label."""
    from kit.grading.checked import CHECKER_ERROR, MIME, read_told

    return tuple(
        f"{one.label}: {one.message}"
        for output in (run.outputs if run is not None else ())
        if (told := read_told(output.get("data", {}).get(MIME))) is not None
        for one in told.checks if CHECKER_ERROR in one.tags)


def error_of(run: CellRun) -> str:
    """Why a cell did not run to its end, in one line; "" where it did."""
    if run.state is RunState.TIMEOUT:
        return "it ran past its time limit"
    for output in run.outputs:
        if output.get("output_type") == "error":
            text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
            lines = _ANSI.sub("", text).strip().rstrip(":").splitlines()
            return lines[0][:160] if lines else "it raised"
    if run.state in (RunState.KILLED, RunState.ERROR):
        return "its process was killed"
    return ""


def shown_value(run: CellRun | None) -> str:
    """The text of the value that the cell's last line gave; "" where it gave none."""
    for output in run.outputs if run else ():
        if output.get("output_type") == "execute_result":
            text = output.get("data", {}).get("text/plain", "")
            return "".join(text) if isinstance(text, list) else str(text)
    return ""


def _value(run: CellRun) -> float | None:
    try:
        return float(shown_value(run))
    except ValueError:
        return None

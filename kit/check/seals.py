"""E226 and W214: what learners get of a test is sealed, and still knows the right answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograders.result import MIME
from autograders.sealing import HEAD
from kit import notebook as nb
from kit.check.context import Context
from kit.check.registry import Check, check, found
from kit.check.scoring import error_of
from kit.model import CellRun, Finding


@check("E226", "a sealed test refuses the solution")
def refused_solution(context: Context) -> Iterator[Finding]:
    """Learners get the checks of this test sealed: digests in place of the values. With the
    solution in the notebook a sealed check fails, so learners would be told that a right answer
    is wrong. Mostly the test expects something else than it expected when it was run for the
    release, as when a value is drawn without a seed. Make the value the same in each run, or put
    the check into the hidden tests."""
    for _, paper in context.papers:
        if paper.sealed is None or paper.stages is None:
            continue
        for place, name, cell, _ in paper.cells("released"):
            if not nb.source(cell).startswith(HEAD):
                continue
            why = _refused(paper.sealed.cells.get(place))
            if why:
                yield found("E226", paper.path, f"with the solution, learners would read: {why}",
                            cell=name, hint="make what it expects the same in each run, or put "
                            "the check into the hidden tests")


def _refused(run: CellRun | None) -> str:
    """What a learner reads of the first check that fails; "" where none does."""
    if run is None:
        return ""
    told = _told(run)
    if told is None:
        return error_of(run) or "no result"
    for one in told.get("checks", ()):
        if one["state"] in ("failed", "partial"):
            return f"{one['label']}: {one['message']}"[:200]
    return ""


def _told(run: CellRun) -> Mapping[str, Any] | None:
    """The result of the question that a cell ends with."""
    for output in run.outputs:
        result: Any = output.get("data", {}).get(MIME)
        if isinstance(result, Mapping):
            return result
    return None


@check("W214", "a test is handed out without checks")
def unsealed(context: Context) -> Iterator[Finding]:
    """Before a release, each question is run once with the solution, and says what of its checks
    learners may get: digests and the form, never the values. This test could not be run, so
    learners get none of its checks, and read "graded after hand-in". It is graded in full all
    the same. The message says what went wrong."""
    for _, paper in context.papers:
        for name, why in (paper.stages.unsealed if paper.stages is not None else {}).items():
            yield found("W214", paper.path, f"learners get no checks of this test: {why}",
                        cell=name, hint="mend the cell: its checks are made when it runs without "
                        "the hidden tests")


CHECKS: tuple[Check, ...] = (refused_solution, unsealed)

"""E227: a check that raises an error of its own, where it should judge."""

from __future__ import annotations

from collections.abc import Iterator

from kit.check.context import Context, Paper
from kit.check.registry import Check, check, found
from kit.check.scoring import faults_of
from kit.model import CellKind, Finding


@check("E227", "a check raises an error of its own")
def failing_checks(context: Context) -> Iterator[Finding]:
    """A check of this test could not judge an answer that was tried: it raised an error itself.
    Learners whose answer it cannot judge get no points until a person has looked, and none in
    stock nbgrader. Mostly a predicate or a check of your own takes for granted what the answer
    is. Let it look first, or end it with `ag.failed(...)`."""
    for _, paper in context.papers:
        for place, name, _, kind in paper.cells("solved") if paper.stages is not None else ():
            if kind is CellKind.TEST:
                faults = list(_faults(paper, place))
                if faults:
                    answer, why = faults[0]
                    yield found("E227", paper.path, f"it cannot judge {answer}: {why}", cell=name,
                                hint="let the check look at what the answer is first")


def _faults(paper: Paper, place: int) -> Iterator[tuple[str, str]]:
    """(which answer, what went wrong) of each run in which a check of this test failed."""
    for answer, run in (("the solution", paper.solution), ("an untouched release", paper.untouched),
                        ("an empty answer", paper.empty)):
        for why in faults_of(run.cells.get(place)) if run is not None else ():
            yield answer, why
    for one in paper.trials:
        if place in one.faults:
            yield f"the {one.trial.sort} answer of {one.trial.cell}", one.faults[place]


CHECKS: tuple[Check, ...] = (failing_checks,)

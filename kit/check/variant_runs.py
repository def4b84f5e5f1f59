"""Run the solution of a notebook that draws parameters as many learners would draw them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from autograders.variants import LEARNER
from kit import notebook as nb
from kit.check import runs, source
from kit.check.context import Drawn, Paper, Run, Work
from kit.check.scoring import earned, error_of
from kit.model import CellKind, CellRun
from kit.sandbox import Code

LEARNERS = tuple(f"sample-{number:02d}" for number in range(1, 51))
"""For whom the solution is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A run for one learner that was handed to the sandbox."""

    path: str
    learner: str
    run: Future[Run]


def draws(paper: Paper) -> Iterator[tuple[str, ast.Call]]:
    """(cell, call) of each call of `variant` in a notebook's code."""
    for _, name, cell, _ in paper.cells("solved"):
        tree = source.parsed(nb.source(cell)) if cell["cell_type"] == "code" else None
        for called, node in source.calls(tree) if tree is not None else ():
            if called.rpartition(".")[2] == "variant":
                yield name, node


def start(submit: runs.Submit, works: Sequence[Work]) -> list[Started]:
    """Hand over the solution of each notebook that draws, once for each learner."""
    return [
        Started(path=paper.path, learner=learner, run=submit(_task(work, paper, learner)))
        for work in works for paper in work.papers if _drawing(paper) for learner in LEARNERS
    ]


def finish(
    started: Sequence[Started], works: Sequence[Work], *, tell: Callable[[str], None]
) -> tuple[Work, ...]:
    """The same works with what came of it. `tell` is called as each run ends."""
    papers = {paper.path: paper for work in works for paper in work.papers}
    found: dict[str, list[Drawn]] = {}
    for one in started:
        run = one.run.result()
        found.setdefault(one.path, []).append(Drawn(
            learner=one.learner, failures=dict(_failures(papers[one.path], run)),
            values=run.values))
        tell(one.path)
    return tuple(
        replace(work, papers=tuple(
            replace(paper, variants=tuple(found.get(paper.path, ()))) for paper in work.papers))
        for work in works)


def _drawing(paper: Paper) -> bool:
    return paper.python and paper.stages is not None and any(draws(paper))


def _task(work: Work, paper: Paper, learner: str) -> runs.Task:
    cells = [(place, nb.source(cell)) for place, _, cell, _ in paper.cells("solved")
             if cell["cell_type"] == "code"]
    return runs.Task(
        key=(paper.path, "variant"), places=tuple(place for place, _ in cells),
        cells=tuple(Code(source=text) for _, text in cells), folder=work.folder,
        limits=work.assignment.limits, copy=True, probe=True, environment={LEARNER: learner})


def _failures(paper: Paper, run: Run) -> Iterator[tuple[str, str]]:
    """(cell, why) of each test that gives less than its points, or fails."""
    raised = ""
    for place, name, cell, kind in paper.cells("solved"):
        if kind is not CellKind.TEST or cell["cell_type"] != "code":
            raised = raised or _raised(name, cell, run.cells.get(place))
            continue
        points = float((nb.nbgrader_meta(cell) or {}).get("points", 0))
        result = earned(run.cells.get(place), cell)
        if result.points < points or result.failed:
            why = result.why or f"{result.points:g} of {points:g} points"
            yield name, f"{why} ({raised})" if raised else why


def _raised(name: str, cell: nb.Cell, run: CellRun | None) -> str:
    """What a cell that is no test raised, where it is not meant to."""
    if run is None or "raises-exception" in (cell["metadata"].get("tags") or ()):
        return ""
    why = error_of(run)
    return f"cell {name} before it: {why}" if why else ""

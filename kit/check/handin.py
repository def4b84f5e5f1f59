"""A learner's look at a notebook before handing it in: any folder, no course, no nbgrader.

It runs from top to bottom in a fresh process, visible tests are scored, and cells that were
altered, doubled, lost or left unanswered are named. What hidden tests will say is not known.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograders.variants import HUB, LEARNER
from kit import notebook as nb
from kit.check.handout import HandedOut, cells_of, handed_out
from kit.check.imports import how_to_get, missing_module
from kit.check.visible import Visible, error_of, visible
from kit.errors import KitError, NotebookError
from kit.model import CellKind, CellRun, Execution, Limits, Progress, RunState

_MOST = 50
_STUB = re.compile(r"\s*(#.*)?|\s*#?\s*YOUR (CODE|ANSWER) HERE\s*|\s*raise NotImplementedError.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A graded cell: what its visible test gives, or None where a person marks it."""

    grade_id: str
    kind: CellKind
    points: float | None
    max_points: float
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something to do before handing in, or (not `blocking`) to know. `cell` names it."""

    cell: str
    message: str
    hint: str = ""
    blocking: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One notebook: whether it ran through, its visible score by question, and its problems."""

    path: Path
    ran: bool
    seconds: float
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing is left to do."""
        return not any(problem.blocking for problem in self.problems)

    @property
    def points(self) -> float:
        """Visible points."""
        return sum(question.points or 0.0 for question in self.questions)

    @property
    def max_points(self) -> float:
        """Points of the visible tests."""
        return sum(q.max_points for q in self.questions if q.points is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """All notebooks that would be handed in."""

    notebooks: tuple[Checked, ...]

    @property
    def ready(self) -> bool:
        """Whether every notebook is, and something in them carries points."""
        return all(checked.ready for checked in self.notebooks) and self.carries_points

    @property
    def carries_points(self) -> bool:
        """Whether there is anything to earn, visibly or by a person's marks."""
        return any(q.max_points for checked in self.notebooks for q in checked.questions)


def validate(
    path: Path, *, against: Path | None = None, limits: Limits | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> HandIn:
    """Check a notebook, or every notebook of a folder, as it would be handed in.

    Cells that are gone are named, by the list that a release writes into the notebook, or by
    `against`: the notebook (or the folder) as it was handed out. Raises KitError when there is
    nothing to check.
    """
    from kit.sandbox import open_pool

    found = _notebooks(path)
    checked: list[Checked] = []
    with open_pool() as pool:
        for place, one in enumerate(found):
            if on_progress is not None:
                on_progress(Progress(done=place, total=len(found), note=one.name))

            def run(notebook: nb.Notebook, where: Path = one) -> Execution:
                return pool.run(_codes(notebook), limits or Limits(), cwd=where.parent,
                                env=_who_they_are())[0]

            checked.append(_check(one, _reference(one, against), run))
    return HandIn(notebooks=tuple(checked))


def _who_they_are() -> dict[str, str]:
    """What tells a notebook here for whom to draw, so that it draws the same when it is run."""
    return {name: os.environ[name] for name in (LEARNER, HUB) if name in os.environ}


def _notebooks(path: Path) -> list[Path]:
    path = path.resolve()
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise KitError("there is no such notebook or folder", where=str(path),
                       hint="name the .ipynb file: kit validate ps1.ipynb")
    found = sorted(one for one in path.rglob("*.ipynb") if one.is_file() and not any(
        part.startswith(".") for part in one.relative_to(path).parts))
    if not found:
        raise KitError("the folder holds no notebook", where=str(path),
                       hint="go to the folder with your .ipynb file")
    if len(found) > _MOST:
        raise KitError(f"the folder holds {len(found)} notebooks", where=str(path),
                       hint="name one of them, or the folder of one assignment")
    return found


def _reference(path: Path, against: Path | None) -> tuple[HandedOut, ...] | None:
    if against is None:
        return None
    return cells_of(nb.read(against / path.name if against.is_dir() else against))


def _codes(notebook: nb.Notebook) -> list[Any]:
    from kit.sandbox import Code

    return [Code(source=nb.source(cell)) for cell in notebook["cells"]
            if cell["cell_type"] == "code"]


# ----------------------------------------------------------------------------- one notebook


def _check(
    path: Path, reference: tuple[HandedOut, ...] | None,
    run: Callable[[nb.Notebook], Execution],
) -> Checked:
    try:
        notebook = nb.read(path)
    except NotebookError as error:
        return Checked(path=path, ran=False, seconds=0.0, problems=(
            Problem(cell="", message=error.message, hint=error.hint),))
    expected, problems = _expected(notebook, reference)
    problems += [*_shape(notebook, expected), *_unanswered(notebook)]
    language = _language(notebook)
    if language != "python":
        problems.append(Problem(cell="", message=f"is written in {language}, so it was not run",
                                hint="choose Run, Restart Kernel and Run All in Jupyter",
                                blocking=False))
        unseen = [replace(one, points=None, message="was not run")
                  for one in _questions(notebook, {})]
        return Checked(path=path, ran=False, seconds=0.0, problems=tuple(problems),
                       questions=_in_order([*unseen, *_gone(notebook, expected)], expected))
    execution = run(notebook)
    runs = _by_cell(notebook, execution)
    left = {problem.cell for problem in problems if problem.cell}
    problems.extend(problem for problem in _failures(notebook, runs, path.parent)
                    if problem.cell not in left)
    problems.extend(_old_outputs(notebook, runs))
    return Checked(
        path=path, seconds=execution.seconds,
        questions=_in_order([*_questions(notebook, runs), *_gone(notebook, expected)], expected),
        ran=all(one.state in (RunState.OK, RunState.ERROR) for one in execution.cells),
        problems=tuple(problems),
    )


def _expected(
    notebook: nb.Notebook, reference: tuple[HandedOut, ...] | None
) -> tuple[tuple[HandedOut, ...] | None, list[Problem]]:
    """The cells that should be there; None where nothing tells."""
    if reference is not None:
        return reference, []
    try:
        return handed_out(notebook), []
    except ValueError:
        return None, [Problem(
            cell="", message="its own list of cells is damaged, so what is gone is not known",
            hint="name the notebook as it was handed out with --against", blocking=False)]


def _gone(
    notebook: nb.Notebook, expected: tuple[HandedOut, ...] | None
) -> Iterator[Question]:
    """Graded cells that are not there: their points are lost until they come back."""
    there = {nb.grade_id(cell) for cell in notebook["cells"]}
    for one in expected or ():
        if one.kind.graded and one.grade_id not in there:
            yield Question(grade_id=one.grade_id, kind=one.kind, max_points=one.points,
                           points=0.0 if one.kind is CellKind.TEST else None,
                           message="is gone")


def _in_order(
    questions: list[Question], expected: tuple[HandedOut, ...] | None
) -> tuple[Question, ...]:
    order = {one.grade_id: place for place, one in enumerate(expected or ())}
    return tuple(sorted(questions, key=lambda one: order.get(one.grade_id, len(order))))


def _language(notebook: nb.Notebook) -> str:
    metadata = notebook["metadata"]
    for name, key in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(name)
        if isinstance(part, dict) and isinstance(part.get(key), str):
            return str(part[key]).casefold()
    return "python"


def _by_cell(notebook: nb.Notebook, execution: Execution) -> Mapping[int, CellRun]:
    """Runs by the cell's place in the notebook; the sandbox counts code cells alone."""
    places = [place for place, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    return {places[one.index]: one for one in execution.cells if one.index < len(places)}


def _name(cell: Mapping[str, Any], place: int) -> str:
    return nb.grade_id(cell) or str(place + 1)


def _shape(
    notebook: nb.Notebook, expected: tuple[HandedOut, ...] | None
) -> Iterator[Problem]:
    """Cells that are altered, doubled or gone."""
    ids = Counter(identity for cell in notebook["cells"] if (identity := nb.grade_id(cell)))
    if not ids:
        yield Problem(cell="", message="holds no graded cell: an editor lost their marks, or "
                                       "this is not the homework",
                      hint="copy your answers into a fresh copy of the notebook")
    gone = [one for one in expected or () if one.grade_id not in ids]
    for one in gone:
        yield Problem(cell=one.grade_id, message="is gone",
                      hint="copy it back from the notebook as it was handed out")
    if ids and not gone and not _carries_points(notebook, expected):
        yield Problem(cell="", message="holds no cell that carries points: its tests are gone",
                      hint="copy your answers into a fresh copy of the notebook")
    for identity, number in ids.items():
        if number > 1:
            yield Problem(cell=identity, message=f"is there {number} times",
                          hint="keep the one with your answer and delete the others")
    for place, cell, kind in nb.graded_cells(notebook):
        meta = nb.nbgrader_meta(cell) or {}
        changed = "checksum" in meta and nb.checksum(cell) != meta["checksum"]
        if meta.get("cell_type") != cell["cell_type"]:
            yield Problem(cell=_name(cell, place), hint="turn it back in the toolbar",
                          message=f"was turned from {meta.get('cell_type')} to "
                                  f"{cell['cell_type']}")
        elif kind.protected and changed:
            yield Problem(cell=_name(cell, place),
                          message="was altered; grading puts the original back",
                          hint="copy it back from the notebook as it was handed out")


def _carries_points(
    notebook: nb.Notebook, expected: tuple[HandedOut, ...] | None
) -> bool:
    """Whether it does; or was handed out without any, beside another that does."""
    if expected is not None and not any(one.points for one in expected):
        return True
    return any((nb.nbgrader_meta(cell) or {}).get("points")
               for _, cell, kind in nb.graded_cells(notebook) if kind.graded)


def _unanswered(notebook: nb.Notebook) -> Iterator[Problem]:
    for place, cell, kind in nb.graded_cells(notebook):
        if kind not in (CellKind.ANSWER, CellKind.MANUAL):
            continue
        meta = nb.nbgrader_meta(cell) or {}
        text = nb.source(cell)
        same = "checksum" in meta and nb.checksum(cell) == meta["checksum"]
        stub = all(_STUB.fullmatch(line) for line in text.splitlines())
        raises = re.search(r"^\s*raise NotImplementedError", text, re.M) is not None
        if same or stub or raises or text.strip() == "YOUR ANSWER HERE":
            hint = ("take out `raise NotImplementedError()`"
                    if raises and not (same or stub) else "write your answer in it")
            yield Problem(cell=_name(cell, place), message="is not answered", hint=hint)


# ------------------------------------------------------------------------------- its run


def _failures(
    notebook: nb.Notebook, runs: Mapping[int, CellRun], folder: Path
) -> Iterator[Problem]:
    failed: list[str] = []
    for place, cell in enumerate(notebook["cells"]):
        run = runs.get(place)
        name = _name(cell, place)
        if run is not None and run.state is RunState.OK and _fails(cell, run):
            failed.append(name)
        if run is None or run.state in (RunState.OK, RunState.SKIPPED):
            continue
        is_test = nb.kind(cell) is CellKind.TEST
        if run.state is RunState.ERROR and (is_test or "raises-exception" not in _tags(cell)):
            if module := missing_module(error_of(run)):
                yield Problem(cell=name, message=f"imports {module}, which is not installed here",
                              hint=how_to_get(module, folder))
            elif is_test:
                failed.append(name)
            else:
                yield Problem(cell=name, message=f"raises {error_of(run)}",
                              hint="mend it: what comes after may build on it")
        elif run.state is not RunState.ERROR:
            yield Problem(cell=name, hint="look for a loop without an end, or for too much data",
                          message="ran too long and was stopped"
                          if run.state is RunState.TIMEOUT else "ended the kernel")
    if failed:
        what = "a visible test fails" if len(failed) == 1 else "visible tests fail"
        yield Problem(cell="", message=f"{what}: {', '.join(failed)}",
                      hint="mend the answers, or hand in as it is for the other points")


def _fails(cell: nb.Cell, run: CellRun) -> bool:
    """Whether a test ran through and says that an answer is wrong, or missing."""
    most = float((nb.nbgrader_meta(cell) or {}).get("points", 0.0))
    return nb.kind(cell) is CellKind.TEST and most > 0 and visible(run, most, blank=False).failed


def _tags(cell: Mapping[str, Any]) -> tuple[str, ...]:
    tags = cell["metadata"].get("tags")
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _questions(notebook: nb.Notebook, runs: Mapping[int, CellRun]) -> Iterator[Question]:
    seen: set[str] = set()
    for place, cell, kind in nb.graded_cells(notebook):
        meta = nb.nbgrader_meta(cell) or {}
        if not kind.graded or meta["grade_id"] in seen:
            continue
        seen.add(meta["grade_id"])  # a doubled cell counts once, the first
        most = float(meta.get("points", 0.0))
        run = runs.get(place)
        seen_here = Visible(points=None, message="marked by a person")
        if kind is CellKind.TEST:
            seen_here = visible(run, most, blank=not nb.source(cell).strip())
        yield Question(grade_id=meta["grade_id"], kind=kind, points=seen_here.points,
                       max_points=most, message=seen_here.message)


def _old_outputs(notebook: nb.Notebook, runs: Mapping[int, CellRun]) -> Iterator[Problem]:
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in cells if cell["execution_count"] is not None]
    if counts != sorted(counts):
        yield Problem(cell="", message="its cells were not run in order", blocking=False,
                      hint="restart the kernel and run all cells to see what graders see")
    stale = [
        _name(cell, place) for place, cell in enumerate(notebook["cells"])
        if cell.get("outputs") and place in runs
        and _text(cell["outputs"]) != _text(runs[place].outputs)
    ]
    if stale:
        yield Problem(
            cell="", blocking=False, hint="restart the kernel and run all cells, then save",
            message=f"saved output is not what a clean run gives: cell {', '.join(stale[:8])}")


def _text(outputs: Any) -> str:
    """What outputs say as text; where in memory things lie does not count."""
    parts: list[str] = []
    for output in outputs:
        kind = output.get("output_type")
        if kind == "stream":
            parts.append(nb.joined(output["text"]))
        elif kind == "error":
            parts.append(f"{output.get('ename')}: {output.get('evalue')}")
        elif isinstance(output.get("data"), Mapping):
            parts.append(nb.joined(output["data"].get("text/plain", "")))
    return re.sub(r"0x[0-9a-f]+", "0x", "".join(parts)).strip()

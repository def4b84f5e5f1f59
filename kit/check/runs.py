"""Run notebooks and lessons in the sandbox, several at a time, once for each question asked."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from autograders.sealing import HEAD
from kit import notebook as nb
from kit.check.context import Page, Paper, Run, Work
from kit.course.requirements import modules_of
from kit.errors import Interrupted
from kit.lesson.freezing import REPORT, WATCH
from kit.lesson.saying import ENGLISH, VARIABLE
from kit.lesson.standing import reported
from kit.model import CellKind, CellRun, Course, Limits
from kit.release.seal import one_pool
from kit.sandbox import Code, Pool

_MARK = "kit-check-values:"

# Runs as the last cell: a digest of each plain value, and the numbers and texts in it.
_PROBE = '''
def _kit_probe(space):
    import hashlib, json, math, sys
    def leaves(value, out, depth=0):
        if len(out) >= 400 or depth > 6:
            return out
        if isinstance(value, bool) or value is None:
            pass
        elif isinstance(value, (int, float, str)):
            if not isinstance(value, float) or math.isfinite(value):
                if not isinstance(value, str) or len(value) <= 200:
                    out.append(value if not isinstance(value, str) else str(value))
        elif isinstance(value, dict):
            for key in list(value)[:400]:
                leaves(key, out, depth + 1)
                leaves(value[key], out, depth + 1)
        elif isinstance(value, (list, tuple, set, frozenset)):
            for item in list(value)[:400]:
                leaves(item, out, depth + 1)
        elif hasattr(value, "to_numpy"):
            leaves(value.to_numpy().ravel()[:400].tolist(), out, depth + 1)
        elif hasattr(value, "tolist"):
            flat = value.ravel()[:400].tolist() if hasattr(value, "ravel") else value.tolist()
            leaves(flat, out, depth + 1)
        elif type(value).__name__ in ("Decimal", "Fraction"):
            out.append(float(value))
        return out
    def steady(value, depth=0):
        if isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
            return repr(value)
        if depth > 6:
            return ""
        if isinstance(value, dict):
            return repr([(steady(k, depth + 1), steady(v, depth + 1)) for k, v in value.items()])
        if isinstance(value, (list, tuple)):
            return repr([steady(item, depth + 1) for item in value])
        if isinstance(value, (set, frozenset)):
            return repr(sorted(steady(item, depth + 1) for item in value))
        if hasattr(value, "to_numpy"):
            return steady(value.to_numpy().tolist(), depth + 1)
        if hasattr(value, "tolist") and hasattr(value, "dtype"):
            return steady(value.tolist(), depth + 1)
        if type(value).__module__ in ("datetime", "decimal", "fractions"):
            return repr(value)
        return ""
    found = {}
    for name in list(space):
        if name.startswith("_") or name in ("In", "Out", "exit", "quit", "get_ipython", "open"):
            continue
        try:
            text = steady(space[name])
            if text:
                digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
                found[name] = [digest, leaves(space[name], []), type(space[name]).__name__]
        except Exception:
            continue
    sys.stdout.write("\\n" + "MARK" + json.dumps(found) + "\\n")
_kit_probe(globals())
'''.replace("MARK", _MARK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run: what to run, where, and where its result goes. `environment` adds variables;
    `watched` asks what becomes of the widgets."""

    key: tuple[str, str]
    cells: tuple[Code, ...]
    places: tuple[int, ...]
    folder: Path
    limits: Limits
    copy: bool
    probe: bool
    environment: Mapping[str, str] = field(default_factory=dict)
    watched: bool = False


Submit = Callable[[Task], "Future[Run]"]
Started = list[tuple[tuple[str, str], "Future[Run]"]]


@contextmanager
def running(course: Course, *, pool: Pool | None = None, workers: int = 2) -> Iterator[Submit]:
    """Yields the function that hands a run to the sandbox. Unless an open `pool` is given, one
    starts meanwhile: its imports take as long as nbgrader's in this process.

    An exception ends the runs at work (but in a `pool` that was given). Raises Interrupted
    for Ctrl-C.
    """
    with ThreadPoolExecutor(max_workers=workers) as threads:
        mine = pool or Pool(modules_of(course.packages), wait=False)
        try:
            with one_pool(mine):  # which notebooks are sealed in meanwhile, too
                yield lambda task: threads.submit(_run, mine, task)
        except BaseException as error:
            threads.shutdown(wait=False, cancel_futures=True)
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted("stopped before everything was checked; nothing was written",
                                  hint="run the same command again: it starts from the beginning"
                                  ) from None
            raise
        finally:
            if pool is None:
                mine.close()


def start_pages(submit: Submit, course: Course, pages: Sequence[Page]) -> Started:
    """Hand over the lessons."""
    return [(task.key, submit(task)) for task in _page_tasks(course, pages)]


def start_works(submit: Submit, works: Sequence[Work]) -> Started:
    """Hand over the homework, each notebook once for each question that is asked of it."""
    return [(task.key, submit(task)) for task in _paper_tasks(works)]


def finish(
    started: Started, works: Sequence[Work], pages: Sequence[Page],
    *, tell: Callable[[str], None],
) -> tuple[tuple[Work, ...], tuple[Page, ...]]:
    """The same works and pages, with their runs. `tell` is called as each run ends."""
    results: dict[tuple[str, str], Run] = {}
    for key, future in started:
        results[key] = future.result()
        tell(key[0])
    return (
        tuple(replace(work, papers=tuple(_with_runs(paper, results) for paper in work.papers))
              for work in works),
        tuple(replace(page, run=results.get((page.path, "lesson"))) for page in pages),
    )


def _runnable(paper: Paper) -> bool:
    return paper.python and paper.stages is not None


def _with_runs(paper: Paper, results: Mapping[tuple[str, str], Run]) -> Paper:
    return replace(paper, solution=results.get((paper.path, "solution")),
                   again=results.get((paper.path, "again")),
                   untouched=results.get((paper.path, "untouched")),
                   empty=results.get((paper.path, "empty")),
                   sealed=results.get((paper.path, "sealed")))


def _paper_tasks(works: Sequence[Work]) -> Iterator[Task]:
    for work in works:
        for paper in work.papers:
            if not _runnable(paper):
                continue
            assert paper.stages is not None
            variants = {
                "solution": paper.stages.solved, "again": paper.stages.solved,
                "untouched": paper.stages.full,
                "empty": without_stubs(paper.stages.solved, paper.stages.full),
            }
            if any(map(_is_sealed, paper.stages.released["cells"])):
                variants["sealed"] = _with_sealed(paper.stages.solved, paper.stages.released)
            for name, notebook in variants.items():
                places = tuple(place for place, cell in enumerate(notebook["cells"])
                               if cell["cell_type"] == "code")
                yield Task(
                    key=(paper.path, name), places=places, folder=work.folder,
                    cells=tuple(Code(source=nb.source(notebook["cells"][place]))
                                for place in places),
                    limits=work.assignment.limits, copy=True,
                    probe=name in ("solution", "again"),
                )


def _page_tasks(course: Course, pages: Sequence[Page]) -> Iterator[Task]:
    for page in pages:
        blocks = [block for block in page.blocks
                  if block.kind == "code" and "skip-execution" not in block.tags]
        if blocks:
            yield Task(
                key=(page.path, "lesson"), places=tuple(block.place for block in blocks),
                cells=tuple(Code(source=block.source) for block in blocks),
                folder=(course.root / page.path).parent,
                limits=Limits(cell_seconds=120.0), copy=False, probe=False, watched=True,
                environment={VARIABLE: ENGLISH},  # what is found is told in the terminal
            )


def _is_sealed(cell: nb.Cell) -> bool:
    return nb.source(cell).startswith(HEAD)


def _with_sealed(solved: nb.Notebook, released: nb.Notebook) -> nb.Notebook:
    """The author's answers with the tests as learners get them."""
    return {**solved, "cells": [
        after if _is_sealed(after) else before
        for before, after in zip(solved["cells"], released["cells"], strict=False)]}


def without_stubs(solved: nb.Notebook, full: nb.Notebook) -> nb.Notebook:
    """The release as a learner leaves it who takes each stub away and writes nothing."""
    cells = [
        {**after, "source": _without_stub(nb.source(before), nb.source(after))}
        if nb.kind(after) is CellKind.ANSWER and after["cell_type"] == "code" else after
        for before, after in zip(solved["cells"], full["cells"], strict=False)
    ]
    return {**full, "cells": cells}


def _without_stub(before: str, after: str) -> str:
    """`after` with the lines that are not in `before` replaced by `pass`."""
    old, new = before.split("\n"), after.split("\n")
    lines: list[str] = []
    for tag, _, _, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += new[first:last]
        elif last > first:
            indent = new[first][: len(new[first]) - len(new[first].lstrip())]
            lines.append(f"{indent}pass")
    return "\n".join(lines)


def _run(pool: Pool, task: Task) -> Run:
    cells = (*task.cells, Code(source=_PROBE)) if task.probe else task.cells
    first = 0
    if task.watched:
        first = 1
        cells = (Code(source=WATCH), *cells, Code(source=REPORT.format(whole=False)))
    with _place_to_run(task) as folder:
        # Homework runs as it will be graded; a lesson is read where it lies, and may ask the net.
        execution, notes = pool.run(cells, task.limits, cwd=folder, env=task.environment,
                                    sealed=task.copy)
    by_index = {run.index - first: run for run in execution.cells}
    last = by_index.get(len(task.cells))
    values = _probed(last) if task.probe else {}
    return Run(
        cells={place: by_index[index] for index, place in enumerate(task.places)
               if index in by_index},
        lines={task.places[index - first]: line for index, line in notes.lines.items()
               if 0 <= index - first < len(task.places)},
        values={name: digest for name, (digest, *_) in values.items()},
        kinds={name: str(kind) for name, (_, _, kind) in values.items()},
        leaves={name: tuple(leaves) for name, (_, leaves, _) in values.items()},
        report=(reported(last.outputs) or {}) if task.watched and last is not None else {},
    )


@contextmanager
def _place_to_run(task: Task) -> Iterator[Path]:
    """The lesson's own folder; for homework a copy, as a learner has it."""
    if not task.copy:
        yield task.folder
        return
    with tempfile.TemporaryDirectory(prefix="kit-check-") as scratch:
        copied = Path(scratch) / task.folder.name
        shutil.copytree(task.folder, copied, ignore=shutil.ignore_patterns(
            ".ipynb_checkpoints", "__pycache__"))
        yield copied


def _probed(run: CellRun | None) -> dict[str, Any]:
    text = "".join(
        nb.joined(output.get("text", ""))
        for output in (run.outputs if run else ()) if output.get("output_type") == "stream"
    )
    _, mark, rest = text.rpartition(_MARK)
    if not mark:
        return {}
    try:
        loaded: dict[str, Any] = json.loads(rest.split("\n", 1)[0])
    except ValueError:
        return {}
    return loaded

"""A notebook made ready, run: which cells, in which kernel, and what the run tells."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import notebook as notebooks
from kit.course.requirements import modules_of
from kit.grading.assemble import fill
from kit.grading.bindings import Trials, names_in, words_in
from kit.grading.judging import Bench, Score, Verdict, quiet
from kit.grading.repair import Ready
from kit.grading.scoring import Judged, Place, stopped
from kit.grading.traces import left_by
from kit.grading.work import Work
from kit.model import (
    CellKind,
    CellRun,
    Course,
    Limits,
    Release,
    ReleasedNotebook,
    Review,
    RunState,
)
from kit.sandbox import Code, Pool, Setting, Stage, is_ours, language_info

ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}

logger = logging.getLogger(__name__)

_SKIP_TAG = "skip-execution"
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([A-Za-z_][\w.]*)", re.MULTILINE)
_OF_ONE = re.compile(
    r"\bvariant\b|environ|getenv|KIT_|\bcwd\b|\bnow\(|\btime\("
    r"|timestamp\.txt|submission_secret"
    r"|\b(?:default_rng|Random|RandomState|Generator)\((?:\s*None)?\s*\)"
    r"|SystemRandom|urandom|secrets|uuid")
"""What may tell one run from another: who it is, when, and chance without a seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The runs by place of the cell in the notebook, where each failed, and what came of the
    tests that were judged apart."""

    runs: Mapping[int, CellRun]
    lines: Mapping[int, int]
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)

    def judged(self, place: int) -> Judged | None:
        """What the test at a place earned, if it was judged apart."""
        verdict = self.verdicts.get(place)
        return None if verdict is None else verdict.judged.known(
            verdict.how, verdict.trouble)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What judges the tests apart from the learner's code: they see the files of `folder`.

    The tests come from the stage `bench`; the learner's cells from `top`, where they begin as
    the author's do and see the same files.
    """

    trials: Trials
    bench: Stage | None
    top: Stage | None
    released: ReleasedNotebook
    folder: Path
    score: Score


def packages(course: Course, release: Release) -> tuple[str, ...]:
    """The modules that the warm process imports: the course's, and those of the release."""
    found = set(modules_of(course.packages))
    for released in release.notebooks:
        for cell in released.cells:
            if cell.cell_type == "code":
                found.update(_IMPORT.findall(cell.source))
    return tuple(sorted(name for name in found if name and name != "__future__"))


def run(
    pool: Pool, ready: Ready, limits: Limits, *, work: Work,
    environment: Mapping[str, str], apart: Apart | None = None,
) -> Ran:
    """Run the notebook's code cells; outputs go into it, repairs and reasons into `ready`.

    `environment` holds the variables that this submission has beside nbgrader's. Without `apart`
    the tests are run in the process of the learner's cells.
    """
    env = {**ENVIRONMENT, **environment}
    cells = ready.notebook["cells"]
    places = [place for place, cell in enumerate(cells) if cell["cell_type"] == "code"]
    started = datetime.now(UTC)
    code = _code([cells[place] for place in places], ready)
    name, language = _kernel(ready.notebook)
    ours = language == "python" and is_ours(name)
    bench = _bench(pool, apart, ready, places, limits, env) if apart is not None and ours else None
    stage = _top(apart, code) if apart is not None and bench is not None and work.alike else None
    execution, notes = pool.run(
        code, limits, cwd=work.folder, env=env, prepare=work.prepare,
        kernel="" if ours else name, files=work.given, stage=stage, rewinds=stage is not None,
        beside=bench.beside if bench is not None else None)
    if bench is not None and bench.again:
        _judge_again(pool, bench, code, work)
    verdicts = bench.verdicts if bench is not None else {}
    done = [verdicts[one.index].run if one.index in verdicts else one for one in execution.cells]
    fill(ready.notebook, places, done, started, language=language_info() if ours else None)
    runs = {places[one.index]: one for one in done}
    _tell(ready, runs, limits)
    _tell_restored({places[key]: value for key, value in notes.restored.items()}, ready)
    return Ran(runs=runs, lines={places[key]: line for key, line in notes.lines.items()},
               verdicts={places[key]: verdict for key, verdict in verdicts.items()})


def _bench(
    pool: Pool, apart: Apart, ready: Ready, places: Sequence[int], limits: Limits,
    env: Mapping[str, str],
) -> Bench:
    at = {place: index for index, place in enumerate(places)}
    tests = {at[place]: Place(notebook=apart.released.name, cell=cell)
             for cell in apart.released.cells
             if cell.grade_id in apart.trials.by_id and cell.source.strip()
             and (place := ready.places.get(cell.grade_id)) in at}
    setting = Setting(cwd=apart.folder, limits=limits, env=env, keep=False, stage=apart.bench)
    return Bench(pool=pool, setting=setting, trials=apart.trials, tests=tests, score=apart.score)


def _top(apart: Apart, code: Sequence[Code]) -> Stage | None:
    """The stage that the run can come from: its first cells are those of it."""
    if apart.top is None:
        return None
    first = [one.source for one in apart.top.cells]
    return apart.top if [one.source for one in code[:len(first)]] == first else None


def stages(
    trials: Trials, tests: Iterable[str], folder: Path, limits: Limits, *, shares: bool
) -> tuple[Stage, Stage | None]:
    """What the tests of a class begin with, and what its learners' cells do, if they can share it.

    `tests` are the texts of the tests; `folder` holds the author's files. Where nothing `shares`,
    each run has its own beginning.
    """
    if not shares:
        return Stage(folder=folder, limits=limits, env=ENVIRONMENT, stored=tuple(tests)), None
    before = min((one.upto for one in trials.by_id.values()), default=0)
    given = trials.given[:before]
    texts, cells = tuple(tests), same_top(given)
    bench = Stage(folder=folder, limits=limits, env=ENVIRONMENT, cells=cells,
                  stored=(*trials.given[len(cells):], *texts),
                  watched=_watched(trials, given, texts))
    top = same_top(trials.first)
    return bench, Stage(folder=folder, limits=limits, env=ENVIRONMENT, cells=top)


def _watched(
    trials: Trials, first: Sequence[str], tests: Sequence[str]
) -> frozenset[str] | None:
    """The names whose values tests may reach, if they leave nothing behind but variables: those
    that they name, and what they call of the cells `first`, which ran before them."""
    why = left_by([*trials.given, *tests])
    if why:
        logger.info("tests have a process a submission: %s", why)
        return None
    named = [words_in(text) for text in (*trials.given[len(first):], *tests)]
    return frozenset().union(*named, *(names_in(text).later for text in first))


def same_top(sources: Sequence[str]) -> tuple[Code, ...]:
    """Cells that do the same whoever runs them, or none."""
    if any(_OF_ONE.search(source) for source in sources):
        return ()
    return tuple(Code(source=source, trusted=True) for source in sources)


def _judge_again(pool: Pool, bench: Bench, code: Sequence[Code], work: Work) -> None:
    """Run the whole notebook once more, with the tests in it; nobody gets what it puts out."""
    execution, notes = pool.run(code, bench.setting.limits, cwd=work.another(),
                                env=bench.setting.env, keep=False, files=work.given)
    runs = {one.index: one for one in execution.cells}
    for place in bench.again:
        first, verdict = bench.verdicts[place], bench.second(
            place, runs[place], notes.lines.get(place))
        kept = verdict.run is first.run  # else it is of a run that met secret tests
        if verdict.how == "shared" or not kept:
            said_nothing = quiet(verdict)
            verdict = replace(said_nothing, run=first.run) if kept else said_nothing
        bench.verdicts[place] = verdict


def _code(cells: Iterable[dict[str, Any]], ready: Ready) -> list[Code]:
    found: list[Code] = []
    trusted = True
    for cell in cells:
        kind = notebooks.kind(cell)
        authors = kind in (CellKind.TEST, CellKind.LOCKED)
        source = notebooks.source(cell)
        if _skipped(cell):
            if authors:
                name = notebooks.grade_id(cell) or ""
                ready.mend("skip-tag", f"{name} was tagged to be skipped; it was run", name)
            else:
                source = ""
        trusted = trusted and (authors or not source.strip())
        found.append(Code(source=source, guard=kind is CellKind.TEST, trusted=trusted))
    return found


def _skipped(cell: Mapping[str, Any]) -> bool:
    tags = cell["metadata"].get("tags")
    return isinstance(tags, list) and _SKIP_TAG in tags


def _kernel(notebook: Mapping[str, Any]) -> tuple[str, str]:
    """(name, language) of the kernel that the notebook asks for."""
    def mapping(key: str) -> Mapping[str, Any]:
        value = notebook["metadata"].get(key)
        return value if isinstance(value, dict) else {}

    spec, info = mapping("kernelspec"), mapping("language_info")
    name = spec.get("name") if isinstance(spec.get("name"), str) else "python3"
    language = spec.get("language") or info.get("name")
    if not isinstance(language, str) or not language:
        language = "python" if str(name).startswith(("python", "conda", "ipykernel")) else str(name)
    return str(name), language.lower().removesuffix("3")


def _tell(ready: Ready, runs: Mapping[int, CellRun], limits: Limits) -> None:
    """A reason for each learner's cell that was stopped; tests give their own."""
    for place, one in runs.items():
        if one.state not in (RunState.TIMEOUT, RunState.KILLED):
            continue
        cell = ready.notebook["cells"][place]
        if notebooks.kind(cell) in (CellKind.TEST, CellKind.LOCKED):
            continue
        identity = notebooks.grade_id(cell) or ""
        code, reason = stopped(identity or f"cell {place + 1}", one, limits.cell_seconds)
        ready.review.append(Review(code=code, reason=reason, grade_id=identity))


def _tell_restored(restored: Mapping[int, tuple[str, ...]], ready: Ready) -> None:
    for place in sorted(restored):
        cell = ready.notebook["cells"][place]
        what = "test" if notebooks.kind(cell) is CellKind.TEST else "cell"
        ready.mend("machinery-restored", f"put back before the {what} ran: "
                   + ", ".join(restored[place]), notebooks.grade_id(cell) or "")
        return

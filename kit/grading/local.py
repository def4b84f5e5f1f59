"""The engine `local`: one process a submission on this machine."""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograders.variants import LEARNER
from kit import notebook as notebooks
from kit.errors import GradingError, KitError, NotebookError
from kit.files import replace_tree
from kit.grading import folder as folders
from kit.grading import running, scoring
from kit.grading.assemble import heard, without_unheard
from kit.grading.calibrating import Calibration, calibrate, recorded, write_down
from kit.grading.config import Settings, settings
from kit.grading.desk import Desk, desk_of, folder_in, handed_out_of, stages_of
from kit.grading.engines import ENGINE, VERSION
from kit.grading.job import GradeOne, Job, unjudged
from kit.grading.penalties import penalized
from kit.grading.repair import Ready, make_ready
from kit.grading.scratch import run_folder
from kit.grading.twins import Twins, same_for_all
from kit.grading.work import Work, work_of
from kit.model import (
    Assignment,
    CellKind,
    CellRun,
    CheckResult,
    Course,
    Release,
    ReleasedNotebook,
    Repair,
    Review,
    Score,
)
from kit.sandbox import Pool, open_pool

logger = logging.getLogger(__name__)

_UNJUDGED = frozenset({"cannot-grade", "engine-error", "no-kernel", "no-notebook", "unreadable"})
"""Reasons for which no graded folder is left, as nbgrader leaves none."""

_ANSWERS = frozenset({CellKind.ANSWER, CellKind.MANUAL})


@contextmanager
def open_local(course: Course, assignment: Assignment, release: Release) -> Iterator[GradeOne]:
    """A warm process for the batch, and the function that grades one job with it."""
    authors = settings(course, assignment)
    handed_out = {book.name: one for book in release.notebooks
                  if (one := handed_out_of(course, assignment, book.name)) is not None}
    with run_folder() as base, open_pool(running.packages(course, release)) as pool:
        if course.require_sandbox and not pool.layers.sealed:
            raise GradingError(f"nothing was graded: {pool.layers.words}",
                               hint="a sealed sandbox is required by --require-sandbox or by "
                                    "require_sandbox in course.yml; kit doctor shows its layers")
        desk = desk_of(pool, base, authors, course, assignment, release, handed_out)
        desk = _calibrated(desk, course, assignment, release, handed_out)
        alike = len(handed_out) == len(release.notebooks) and same_for_all(
            [*(notebooks.source(cell) for one in handed_out.values() for cell in one["cells"]),
             *(cell.source for book in release.notebooks for cell in book.cells)])
        yield partial(_with, authors, Twins(partial(grade, desk), alike))


def _with(authors: Settings, grade_one: GradeOne, job: Job) -> Score:
    return grade_one(replace(job, settings=authors))


def _calibrated(
    desk: Desk, course: Course, assignment: Assignment, release: Release,
    handed_out: Mapping[str, dict[str, Any]],
) -> Desk:
    """The desk, with what the author's solution shows of the tests; graded once a release."""
    desk = replace(desk, stages=stages_of(desk, assignment, release, shares=True))
    if len(handed_out) < len(release.notebooks):
        return desk
    known = recorded(course, assignment)
    if known is None or (known.release_digest, known.engine_version) != (release.digest, VERSION):
        known = calibration(desk, course, assignment, release, handed_out)
        write_down(course, assignment, known)
    return replace(desk, trials={name: known.applied(name, one)
                                 for name, one in desk.trials.items()},
                   stages=stages_of(desk, assignment, release, shares=known.shares))


def calibration(
    desk: Desk, course: Course, assignment: Assignment, release: Release,
    handed_out: Mapping[str, dict[str, Any]],
) -> Calibration:
    """What grading the author's solution on a desk shows. Its stages are of no more use."""
    alone = replace(desk, stages=stages_of(desk, assignment, release, shares=False))
    try:
        return calibrate(course, assignment, release, handed_out, VERSION,
                         lambda job: [grade(one, job) for one in (desk, desk, alone)])
    finally:
        for one in (desk, alone):
            one.pool.forget([stage for both in one.stages.values() for stage in both
                             if stage is not None])


def tried(
    pool: Pool, course: Course, assignment: Assignment, release: Release,
    handed_out: Mapping[str, dict[str, Any]],
) -> Calibration:
    """What grading the author's solution shows of a release that may not be written yet;
    `handed_out` are its notebooks as learners get them, by name."""
    authors = settings(course, assignment)
    with run_folder() as base:
        desk = desk_of(pool, base, authors, course, assignment, release, handed_out)
        return calibration(replace(desk, stages=stages_of(desk, assignment, release, shares=True)),
                            course, assignment, release, handed_out)


@dataclass(slots=True, kw_only=True)
class _Book:
    """One notebook of the release: made ready, or the reason why it cannot be."""

    released: ReleasedNotebook
    ready: Ready | None = None
    missing: bool = False
    review: list[Review] = field(default_factory=list)


def grade(desk: Desk, job: Job) -> Score:
    """Grade one submission. What cannot be graded becomes a Score with reasons."""
    started = time.monotonic()
    try:
        score = _grade(desk, job)
    except KitError as error:
        score = unjudged(job, "local", VERSION, Review(code="cannot-grade", reason=str(error)))
    except Exception as error:
        logger.exception("grading %s failed", job.submission.learner)
        score = unjudged(job, "local", VERSION, Review(
            code="engine-error", reason=f"the engine failed: {type(error).__name__}: {error}"))
    if not score.results and any(review.code in _UNJUDGED for review in score.review):
        folders.remove(job.folder)
    return replace(score, seconds=time.monotonic() - started)


def _grade(desk: Desk, job: Job) -> Score:
    books = [_open(job.submission.folder, released,
                   desk.ordinary.get(released.name, frozenset()))
             for released in job.release.notebooks]
    if all(book.missing for book in books):
        names = ", ".join(f"{book.released.name}.ipynb" for book in books)
        return unjudged(job, "local", VERSION, Review(
            code="no-notebook", reason=f"no notebook of this assignment was handed in ({names})"))
    if all(book.ready is None for book in books):
        return unjudged(job, "local", VERSION, *(r for book in books for r in book.review))
    known = frozenset(f"{book.released.name}.ipynb" for book in books if book.ready)
    with folder_in(desk.scratch) as base:
        work, repairs = work_of(
            job.submission.folder, desk.theirs, base, job.assignment.name, known=known,
            keep=desk.keep, ignore=job.settings.ignore, boxed=desk.pool.layers.boxed)
        work, results = _run_all(desk, job, books, work)
        _hand_over(job, books, work)
    return _score(job, books, [*repairs, *_repairs(books)], results, desk.pool.layers.on)


def _open(folder: Path, released: ReleasedNotebook, ordinary: frozenset[str]) -> _Book:
    path = f"{folder}{os.sep}{released.name}.ipynb"
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _Book(released=released, missing=True)
    if not stat.S_ISREG(mode):
        return _Book(released=released, review=[_unreadable(released, "it is a link, not a file")])
    try:
        return _Book(released=released, ready=make_ready(
            released, notebooks.read(Path(path)), ordinary=ordinary))
    except NotebookError as error:
        return _Book(released=released, review=[_unreadable(released, error.message)])


def _unreadable(released: ReleasedNotebook, why: str) -> Review:
    return Review(code="unreadable", notebook=released.name, reason=f"cannot be read: {why}")


def _run_all(
    desk: Desk, job: Job, books: list[_Book], work: Work
) -> tuple[Work, list[CheckResult]]:
    """Run the notebooks one after another; the files at the end, and what came of each cell."""
    results: list[CheckResult] = []
    for book in books:
        if book.missing:
            results += _nothing(book.released, "no file was handed in", ("no-notebook",))
        elif book.ready is None:
            results += _nothing(book.released, "the notebook cannot be read", ("unreadable",))
        else:
            results += _run_one(desk, job, book, book.ready, work)
            work = work.after()
    return work, results


def _repairs(books: list[_Book]) -> Iterator[Repair]:
    for book in books:
        name = book.released.name
        if book.missing:
            yield Repair(code="notebook-missing", notebook=name,
                         message=f"{name}.ipynb was not handed in")
        elif book.ready is not None:
            yield from (replace(repair, notebook=name) for repair in book.ready.repairs)


def _nothing(released: ReleasedNotebook, why: str, tags: tuple[str, ...]) -> list[CheckResult]:
    return [scoring.Place(notebook=released.name, cell=cell).result(0.0, why, tags)
            for cell in released.cells if cell.kind.graded]


def _run_one(
    desk: Desk, job: Job, book: _Book, ready: Ready, work: Work
) -> list[CheckResult]:
    name = book.released.name
    limits = job.assignment.limits

    def score(place: scoring.Place, run: CellRun, line: int | None) -> scoring.Judged:
        return scoring.judge_test(
            place, without_unheard(run, job.settings), ways=job.course.nbgrader_ways, line=line,
            limit_seconds=limits.cell_seconds)

    apart = None
    if name in desk.trials:
        bench, top = desk.stages.get(name, (None, None))
        apart = running.Apart(
            trials=desk.trials[name], released=book.released, score=score, bench=bench, top=top,
            folder=work.for_tests(desk.files, desk.keep))
    try:
        ran = running.run(desk.pool, ready, limits, work=work, apart=apart,
                          environment={LEARNER: job.submission.learner})
    except GradingError as error:
        book.review.append(Review(code="no-kernel", notebook=name, reason=error.message))
        book.ready = None
        return _nothing(book.released, error.message, ("no-kernel",))
    results = _results(job, book, ready, ran)
    book.review += [replace(review, notebook=name) for review in ready.review]
    if "timeout" in job.course.nbgrader_ways:  # the test has its 0, and nobody is asked
        book.review = [review for review in book.review if review.code != "timeout"]
    return results


def _results(job: Job, book: _Book, ready: Ready, ran: running.Ran) -> list[CheckResult]:
    """What each graded cell earned; reasons to look at it go into the book."""
    runs = heard(ready.notebook, ran.runs, job.settings)
    results: list[CheckResult] = []
    unsure = {review.grade_id for review in ready.review}
    for cell in book.released.cells:
        if not cell.kind.graded:
            continue
        place = scoring.Place(notebook=book.released.name, cell=cell)
        at = ready.places.get(cell.grade_id)
        if at is None:
            results.append(place.result(0.0, "not found", ("not-found",)))
            if cell.grade_id not in unsure:
                book.review.append(place.review("not-found", f"{cell.grade_id} was not found"))
            continue
        judged = ran.judged(at)
        if judged is None and cell.kind is CellKind.TEST and cell.cell_type == "code":
            judged = scoring.judge_test(
                place, runs.get(at), ways=job.course.nbgrader_ways, line=ran.lines.get(at),
                limit_seconds=job.assignment.limits.cell_seconds).known("shared")
        elif judged is None:
            judged = scoring.judge_text(place, ready.notebook["cells"][at])
        if job.course.require_verified and judged.result.how == "shared":
            judged = judged.left_to_a_person(place)
        results.append(judged.result)
        book.review += judged.review
    return results


def _hand_over(job: Job, books: list[_Book], work: Work) -> None:
    """Put the files in their place, with the graded notebooks among them."""
    with replace_tree(job.folder) as beside:
        work.hand_over(beside, frozenset(f"{book.released.name}.ipynb" for book in books))
        for book in books:
            if book.ready is not None:
                text = notebooks.dumps(book.ready.notebook, indented=False)
                target = f"{beside}{os.sep}{book.released.name}.ipynb"
                with open(target, "wb") as out:  # noqa: PTH123
                    out.write(text.encode("utf-8", "replace"))
                os.chmod(target, folders.READ_ONLY)  # noqa: PTH101


def _score(
    job: Job, books: list[_Book], repairs: list[Repair], results: list[CheckResult],
    layers: tuple[str, ...],
) -> Score:
    return penalized(job, replace(
        unjudged(job, "local", VERSION, *(r for book in books for r in book.review)),
        results=tuple(results), repairs=tuple(repairs), layers=layers,
        unanswered=frozenset(_unanswered(books))))


def _unanswered(books: list[_Book]) -> Iterator[tuple[str, str]]:
    """The answers that are as they were released."""
    for book in books:
        if book.ready is None:
            continue
        cells, places = book.ready.notebook["cells"], book.ready.places
        for cell in book.released.cells:
            if cell.kind in _ANSWERS and cell.grade_id in places and (
                    notebooks.checksum(cells[places[cell.grade_id]]) == cell.checksum):
                yield book.released.name, cell.grade_id


__all__ = ["ENGINE", "VERSION", "Desk", "calibration", "grade", "open_local"]

"""A class graded: submissions in, Scores out as they are ready, resumable and interruptible."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from kit import notebook as notebooks
from kit import plugins
from kit.errors import Interrupted, NotebookError
from kit.grading.job import Engine, GradeOne, Job
from kit.grading.local import unjudged
from kit.model import (
    Assignment,
    Course,
    Progress,
    Release,
    Review,
    Roster,
    Score,
    Submission,
)

logger = logging.getLogger(__name__)

Graded = Mapping[str, tuple[str, str, str]]
"""Learner -> digest of the submission, digest of the release, version of the engine."""


def engine_of(name: str) -> Engine:
    """The engine of that name. Raises UnknownName with the nearest choices."""
    engine: Engine = plugins.find("kit.engines", name)
    return engine


def is_graded(
    submission: Submission, release: Release, engine: Engine, graded: Graded, autograded: Path
) -> bool:
    """Whether the recorded score was made from this very submission, release and engine."""
    known = graded.get(submission.learner)
    if known is None:
        return False
    if tuple(known) != (submission.digest, release.digest, engine.version):
        return False
    graded_folder = autograded / submission.learner / submission.assignment
    return graded_folder.is_dir() or not _any_readable(submission, release)


def _any_readable(submission: Submission, release: Release) -> bool:
    """Whether grading would leave a folder; what cannot be read never does."""
    for book in release.notebooks:
        try:
            notebooks.read(submission.folder / f"{book.name}.ipynb")
        except NotebookError:
            continue
        return True
    return False


def grade_batch(  # noqa: PLR0913 - the door of the room; all but four have a default
    course: Course,
    assignment: Assignment,
    release: Release,
    submissions: Iterable[Submission],
    *,
    roster: Roster,
    engine: str = "local",
    workers: int | None = None,
    graded: Graded | None = None,
    autograded: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Score]:
    """Grade submissions and yield each Score as it is ready, in no particular order.

    `graded` holds what is recorded already: unchanged submissions are left out. `workers`
    defaults to the number of cores; `autograded` to the course's folder of that name. No
    submission stops the others. Ctrl-C lets those at work finish, yields them, then raises
    Interrupted; a second one stops at once.
    """
    chosen = engine_of(engine)
    target = autograded or course.root / "autograded"
    todo = [one for one in submissions
            if not is_graded(one, release, chosen, graded or {}, target)]
    if not todo:
        return
    jobs = [Job(course=course, assignment=assignment, release=release, submission=one,
                autograded=target, due=roster.due(assignment, one.learner)) for one in todo]
    threads = min(len(jobs), (workers or os.cpu_count() or 1) if chosen.parallel else 1)
    done = failed = 0
    with chosen.open(course, assignment, release) as grade, _stopping() as stop:
        for score in _stream(jobs, grade, threads, stop, chosen):
            done += 1
            failed += bool(score.review)
            yield score
            if on_progress is not None:
                on_progress(Progress(done=done, total=len(jobs), failed=failed))
    if stop.is_set() and done < len(jobs):
        raise Interrupted(f"stopped after {done} of {len(jobs)} submissions; they are kept",
                          hint="run the same command again to go on")


def _stream(
    jobs: list[Job], grade: GradeOne, threads: int, stop: threading.Event, engine: Engine
) -> Iterator[Score]:
    waiting = iter(jobs)
    running: set[Future[Score]] = set()
    with ThreadPoolExecutor(threads, thread_name_prefix="kit-grade") as executor:
        try:
            while True:
                while not stop.is_set() and len(running) < threads + 1:
                    job = next(waiting, None)
                    if job is None:
                        break
                    running.add(executor.submit(_one, job, grade, engine))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            for future in running:
                future.cancel()


def _one(job: Job, grade: GradeOne, engine: Engine) -> Score:
    try:
        return grade(job)
    except Exception as error:
        # An engine of somebody else may raise; one submission never stops the others.
        logger.exception("the engine %s failed on %s", engine.name, job.submission.learner)
        return unjudged(job, engine.name, engine.version, Review(
            code="engine-error", reason=f"the engine failed: {type(error).__name__}: {error}"))


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one is an ordinary KeyboardInterrupt."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def handle(number: int, frame: object) -> None:
        del number, frame
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)

"""A class graded: submissions in, Scores out as they are ready, resumable and interruptible."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
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

GRACE_SECONDS = 3.0
"""How long submissions at work may take to finish after Ctrl-C; then they are dropped."""

_LOOK_SECONDS = 0.2

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
    submission stops the others. Ctrl-C lets those at work finish for `GRACE_SECONDS`, yields
    them, then raises Interrupted; a second one does not wait for them.
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

    def tell(note: str = "") -> None:
        if on_progress is not None:
            on_progress(Progress(done=done, total=len(jobs), failed=failed, note=note))

    # On the way out the engine is closed first: that ends what is still at work in the threads.
    with (
        ThreadPoolExecutor(threads, thread_name_prefix="kit-grade") as executor,
        chosen.open(course, assignment, release) as grade,
        _stopping(tell) as stop,
    ):
        for score in _stream(jobs, partial(_one, grade, chosen, stop), executor, threads, stop):
            done += 1
            failed += bool(score.review)
            yield score
            tell()
        if done < len(jobs):
            kept = "; they are kept" if done else ""
            raise Interrupted(f"stopped after {done} of {len(jobs)} submissions{kept}",
                              hint="run the same command again to go on")


def _stream(
    jobs: list[Job], work: Callable[[Job], Score], executor: ThreadPoolExecutor, threads: int,
    stop: _Stop,
) -> Iterator[Score]:
    waiting = iter(jobs)
    running: set[Future[Score]] = set()
    try:
        while not stop.now:
            while not stop.asked and len(running) < threads + 1:
                job = next(waiting, None)
                if job is None:
                    break
                running.add(executor.submit(work, job))
            if stop.asked:
                running = {future for future in running if not future.cancel()}
            if not running:
                return
            # A signal does not end the wait, so it looks around by itself.
            finished, running = wait(running, _LOOK_SECONDS, FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    finally:
        for future in running:
            future.cancel()


def _one(grade: GradeOne, engine: Engine, stop: _Stop, job: Job) -> Score:
    try:
        return grade(job)
    except Exception as error:
        if stop.now:  # its engine was closed over it; nobody waits for this
            raise
        # An engine of somebody else may raise; one submission never stops the others.
        logger.exception("the engine %s failed on %s", engine.name, job.submission.learner)
        return unjudged(job, engine.name, engine.version, Review(
            code="engine-error", reason=f"the engine failed: {type(error).__name__}: {error}"))


@dataclass(slots=True)
class _Stop:
    """How often Ctrl-C came, and until when those at work may finish."""

    times: int = 0
    until: float = 0.0

    @property
    def asked(self) -> bool:
        """Whether no other submission is to be started."""
        return self.times > 0

    @property
    def now(self) -> bool:
        """Whether those at work are not waited for any more."""
        return self.times > 1 or (self.asked and time.monotonic() >= self.until)


@contextmanager
def _stopping(tell: Callable[[str], None]) -> Iterator[_Stop]:
    """What Ctrl-C sets, so that what is finished gets written; the third one is an ordinary
    KeyboardInterrupt."""
    stop = _Stop()
    if (threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is signal.SIG_IGN):
        yield stop
        return

    def handle(number: int, frame: object) -> None:
        del number, frame
        stop.times += 1
        if stop.times > 2:
            raise KeyboardInterrupt
        if stop.times == 1:
            stop.until = time.monotonic() + GRACE_SECONDS
            tell("finishing those at work; Ctrl-C again drops them")

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)

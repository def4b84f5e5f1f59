"""A class graded: submissions in, Scores out as they are ready, resumable and interruptible."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue

from kit import plugins
from kit.course import load_roster, submitted
from kit.errors import Interrupted
from kit.grading.environment import environment
from kit.grading.job import Engine, GradeOne, Job, unjudged
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


def engine_of(name: str) -> Engine:
    """The engine of that name. Raises UnknownName with the nearest choices."""
    engine: Engine = plugins.find("kit.engines", name)
    return engine


def grade(  # noqa: PLR0913 - the door of the room; all but four have a default
    course: Course,
    assignment: Assignment,
    release: Release,
    submissions: Path | Iterable[Submission],
    *,
    roster: Roster | None = None,
    engine: str = "local",
    workers: int | None = None,
    autograded: Path | None = None,
    total: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Score]:
    """Grade submissions and yield each Score as it is ready, in no particular order.

    `submissions` is a folder that holds `<learner>/<assignment>/`, as `submitted/` does, or the
    Submissions themselves; they are taken one at a time, as workers are free. `roster` (when
    each is due) is the course's unless given, `workers` the number of cores. Graded notebooks
    are written below `autograded`, the course's folder of that name unless given; nothing is
    written into the gradebook. `total` is told to `on_progress` as the number that will come,
    0 where it is not known.

    What cannot be graded is a Score with reasons in `review`; no submission stops the others.
    Ctrl-C lets those at work finish for `GRACE_SECONDS`, yields them, then raises Interrupted;
    a second one does not wait for them. Raises UnknownName for an engine that does not exist,
    GradingError when it cannot start.
    """
    chosen = engine_of(engine)
    known = load_roster(course) if roster is None else roster
    if isinstance(submissions, Path):
        submissions = map(submitted.submission, submitted.folders(submissions, assignment.name))
    if total is None:
        total = len(submissions) if isinstance(submissions, Sized) else 0
    stream = iter(submissions)
    first = next(stream, None)
    if first is None:
        return
    jobs = (Job(course=course, assignment=assignment, release=release, submission=one,
                autograded=autograded or course.root / "autograded",
                due=known.due(assignment, one.learner)) for one in chain([first], stream))
    threads = (workers or os.cpu_count() or 1) if chosen.parallel else 1
    threads = min(threads, total or threads)
    words = environment(course)
    done = failed = 0

    def tell(note: str = "") -> None:
        if on_progress is not None:
            on_progress(Progress(done=done, total=total, failed=failed, note=note))

    # On the way out the engine is closed first: that ends what is still at work in the threads.
    with (
        ThreadPoolExecutor(threads, thread_name_prefix="kit-grade") as executor,
        chosen.open(course, assignment, release) as grade_one,
        _stopping(tell) as stop,
    ):
        work = partial(_one, grade_one, chosen, stop, words)
        for score in _stream(jobs, work, executor, threads, stop):
            done += 1
            failed += bool(score.review)
            yield score
            tell()
        if stop.asked and (not total or done < total):
            of = f" of {total}" if total else ""
            kept = "; they are kept" if done else ""
            raise Interrupted(f"stopped after {done}{of} submissions{kept}",
                              hint="run the same command again to go on")


def _stream(
    jobs: Iterator[Job], work: Callable[[Job], Score], executor: ThreadPoolExecutor, threads: int,
    stop: _Stop,
) -> Iterator[Score]:
    running: set[Future[Score]] = set()
    done: SimpleQueue[Future[Score]] = SimpleQueue()
    try:
        while not stop.now:
            while not stop.asked and len(running) < threads + 1:
                job = next(jobs, None)
                if job is None:
                    break
                future = executor.submit(work, job)
                running.add(future)
                future.add_done_callback(done.put)
            if stop.asked:
                running = {future for future in running if not future.cancel()}
            if not running:
                return
            try:
                # A signal does not end the wait, so it looks around by itself.
                future = done.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
            if future in running:  # else it was cancelled
                running.remove(future)
                yield future.result()
    finally:
        for future in running:
            future.cancel()


def _one(
    grade_one: GradeOne, engine: Engine, stop: _Stop, environment: str, job: Job
) -> Score:
    try:
        score = grade_one(job)
    except Exception as error:
        if stop.now:  # its engine was closed over it; nobody waits for this
            raise
        # An engine of somebody else may raise; one submission never stops the others.
        logger.exception("the engine %s failed on %s", engine.name, job.submission.learner)
        score = unjudged(job, engine.name, engine.version, Review(
            code="engine-error", reason=f"the engine failed: {type(error).__name__}: {error}"))
    return replace(score, environment=environment, fingerprint=job.submission.fingerprint)


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

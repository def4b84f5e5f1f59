"""Lessons run as forks of one warm process: their packages are imported once for all.

A fork has the author's rights, the author's environment and the lesson's own folder, as a kernel
has that jupyter-book starts. Kernels of other languages, and systems without fork, take
`kernels` instead.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from kit.course.requirements import modules_of
from kit.errors import BuildError
from kit.lesson.freezing import REPORT, WATCH
from kit.lesson.standing import reported
from kit.model import CellRun, Course, Limits, RunState
from kit.sandbox import Code, DiedError, Live, Pool, Setting, is_ours, language_info
from kit.site.lessons.figures import FORMATS, environment
from kit.site.lessons.kernels import CELL_SECONDS
from kit.site.lessons.raising import failed, raised, stopped, tags_of
from kit.site.model import Outcome, Source

_AMPLE = Limits(cell_seconds=CELL_SECONDS, cpu_seconds=86_400, memory_bytes=1 << 46,
                output_bytes=200 * 1024**2, file_bytes=1 << 50, processes=100_000)
"""Nothing but the time of a cell is limited: a lesson is the author's own."""

_CONFIGURE = f"""
import sys
shell.config.InlineBackend.figure_formats = set({FORMATS!r})
if "matplotlib" in sys.modules:
    from matplotlib_inline.config import InlineBackend
    backend = InlineBackend.instance(parent=shell)
    backend.shell, backend.figure_formats = shell, set({FORMATS!r})
"""
_FIGURES = f"exec({_CONFIGURE!r}, {{'shell': get_ipython()}})"
"""In a namespace of its own: the lesson's stays empty."""

_VIEW = "application/vnd.jupyter.widget-view+json"
_BESIDE = ("ipywidgets", "anywidget", "kit.lesson", "autograders")
"""What lessons import beside the packages of their course."""


def by_fork(kernel: str, language: str) -> bool:
    """Whether a lesson for that kernel runs as a fork here."""
    return sys.platform == "linux" and language.lower() == "python" and is_ours(kernel)


class Forks:
    """The warm process, started when the first lesson needs it and kept for the next build."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._of: tuple[object, ...] = ()

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, course: Course, made_in: str) -> Pool:
        """The process for the packages of the course; `made_in` is a digest of what they are."""
        of = (course.root, course.packages, course.language, made_in)
        with self._lock:
            if self._pool is None or self._of != of:
                if self._pool is not None:
                    self._pool.close()
                self._pool = Pool(
                    (*modules_of(course.packages), *_BESIDE), boxes=False, wait=False,
                    variables=environment(course.language))
                self._of = of
            return self._pool

    def run_all(
        self, course: Course, lessons: Sequence[Source], made_in: str, workers: int,
        done: Callable[[Source, Outcome | BuildError], None],
    ) -> None:
        """Run lessons side by side; `done` is told each in this thread. An exception here
        (Ctrl-C) ends those at work."""
        pool = self.start(course, made_in)
        with ThreadPoolExecutor(max(1, workers), thread_name_prefix="lessons") as threads:
            running = {threads.submit(_run, pool, course, lesson): lesson for lesson in lessons}
            try:
                while running:
                    finished, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                    for future in finished:
                        done(running.pop(future), future.result())
            except BaseException:
                self.close()
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def close(self) -> None:
        """End the process and what forked from it."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()


def _run(pool: Pool, course: Course, lesson: Source) -> Outcome | BuildError:
    setting = Setting(cwd=(course.root / lesson.path).parent, limits=_AMPLE, sealed=False,
                      variables=environment(course.language))
    ran: list[CellRun] = []
    try:
        with pool.live(setting) as live:
            for silent in (_FIGURES, WATCH):
                live.run(Code(source=silent, silent=True), len(lesson.cells))
            for index in lesson.code:
                if "skip-execution" in tags_of(lesson.cells[index]):
                    continue
                ran.append(live.run(Code(source=lesson.cells[index]["source"]), index))
                if (ended := _ended(lesson, ran[-1])) is not None:
                    return ended
            return _outcome(lesson, live)
    except DiedError as died:
        place = _next(lesson, ran)
        if died.state is RunState.TIMEOUT:
            return stopped(lesson, place, CELL_SECONDS)
        return failed(lesson, place, died.why or "it ended in the middle of the cell")


def _ended(lesson: Source, run: CellRun) -> BuildError | None:
    """Why the lesson goes no further after that cell, if it does not."""
    if run.state is RunState.TIMEOUT:
        return stopped(lesson, run.index, CELL_SECONDS)
    if run.state is RunState.OK or "raises-exception" in tags_of(lesson.cells[run.index]):
        return None
    return raised(lesson, run.index, run.outputs)


def _next(lesson: Source, ran: Sequence[CellRun]) -> int:
    after = ran[-1].index if ran else -1
    return next((index for index in lesson.code if index > after), lesson.code[-1])


def _outcome(lesson: Source, live: Live) -> Outcome:
    runs = {index: live.runs.get(index) for index in lesson.code}
    shown = _plain({"outputs": [[dict(one) for one in run.outputs] if run else []
                                for run in runs.values()],
                    "widgets": live.widgets.metadata()})
    return Outcome(
        outputs=tuple(tuple(cell) for cell in shown["outputs"]),
        counts=tuple(run.execution_count if run else None for run in runs.values()),
        widgets=shown["widgets"], language=language_info(), report=_report(lesson, live),
    )


def _report(lesson: Source, live: Live) -> Mapping[str, Any]:
    """What becomes of the widgets on a page; asked only where one was shown."""
    if not any(_VIEW in output.get("data", {}) for run in live.runs.values()
               for output in run.outputs):
        return {}
    try:
        run = live.run(Code(source=REPORT.format(whole=True)), len(lesson.cells) + 1)
        told = reported([dict(output) for output in run.outputs])
    except DiedError:
        told = None
    return told or {"widgets": {}, "groups": [], "wider": [],
                    "failed": "running all its states ended the kernel, or took too long"}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


"""The supervisor: owns the clock, drives each run cell by cell, and outlives all of them."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from kit.errors import GradingError
from kit.model import CellRun, Execution, Limits, RunState
from kit.sandbox import foreign
from kit.sandbox.attempts import (
    MAX_REPEATS,
    Attempt,
    Notes,
    OpenBeside,
    Plan,
    drive,
    execution,
    stopped,
)
from kit.sandbox.cells import Code, Stage
from kit.sandbox.hosts import open_host
from kit.sandbox.layers import Layers
from kit.sandbox.lending import Lending, Lent
from kit.sandbox.live import DiedError, Live
from kit.sandbox.processor import near
from kit.sandbox.seats import Host
from kit.sandbox.setting import Setting

logger = logging.getLogger(__name__)


class StoppedError(BaseException):
    """The pool was closed while this run was at work: it has no result.

    Like a cancelled task it is no Exception, so that nobody takes it for a run that failed.
    """


class Pool:
    """A warm process and the runs that fork from it. Threads may call `run` side by side.

    `variables` are the environment of the warm process, where it is not the usual one. With
    `wait=False` it comes back at once, and the first run waits for the imports.
    """

    def __init__(
        self, packages: Sequence[str], *, fork: bool | None = None, boxes: bool = True,
        variables: Mapping[str, str] | None = None, wait: bool = True,
    ) -> None:
        self._packages = tuple(packages)
        self._fork = fork
        self._boxes = boxes
        self._variables = variables
        self._lock = threading.Lock()
        self._suspects = threading.Lock()
        self._closed = False
        self._hosts: list[Host] = []
        self._lending, self._resting = Lending(), Lending()
        self._workers: dict[int, int] = {}
        self._host = self._open()
        if wait:
            try:
                self._host.await_warm()
            except BaseException:
                self.close()
                raise

    def _cpu(self) -> int | None:
        """The processor of this thread's runs: each has its own, once there are threads for all.
        Before that a run may have as many as it can use."""
        if not hasattr(os, "sched_getaffinity"):
            return None
        usable = sorted(os.sched_getaffinity(0))
        with self._lock:
            place = self._workers.setdefault(threading.get_ident(), len(self._workers))
            return usable[place % len(usable)] if len(self._workers) >= len(usable) else None

    @property
    def layers(self) -> Layers:
        """The layers of the seal that its runs are under, once it is warm."""
        return self._host.layers

    def forget(self, stages: Sequence[Stage]) -> None:
        """End what was kept of stages that no run is to come from any more."""
        self._lending.forget(stages)
        self._resting.forget(stages)
        self._host.forget(stages)

    def close(self) -> None:
        """End the warm process and everything it started.

        Runs that are at work in other threads end too: they raise StoppedError there.
        """
        with self._lock:
            self._closed = True
            hosts = list(self._hosts)
        self._lending.close()
        self._resting.close()
        for host in hosts:
            host.close()

    def run(  # noqa: PLR0913 - what a run is, and how it is to end
        self,
        cells: Sequence[Code],
        limits: Limits,
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        prepare: Callable[[], None] | None = None,
        sealed: bool = True,
        kernel: str = "",
        beside: OpenBeside | None = None,
        keep: bool = True,
        stage: Stage | None = None,
        files: Mapping[str, Path] | None = None,
        rewinds: bool = False,
    ) -> tuple[Execution, Notes]:
        """Run cells in order in a process of their own; never raises for what they do.

        Raises StoppedError when the pool is closed meanwhile, GradingError when the warm
        process does not start or there is no such kernel.

        `cwd` is the folder whose files they see: in a box they get copies, and what they leave
        there is put into `cwd` at the end. `env` adds variables, which stand again before each
        cell where one changed them. A cell that gets the process killed is marked and the rest
        is run again without it, so that it keeps its credit; without a box `prepare` makes the
        folder as it was before. With `sealed` false the cells are the author's own: they have
        the rights of this account, and work in `cwd` itself. `kernel` names an installed
        kernel to run them in, of another language say, instead of ours. Blank cells are not run
        and have no CellRun. `beside` is opened for each pass over the cells, and runs some.
        With `keep` false no file goes into `cwd`. The first cells may be those of a `stage`.
        A box may be given other `files`, by name; then there may be no folder `cwd`, until a run
        leaves something in it. With `rewinds` the process may be one that served another run of
        the stage and was put back in place, if what the cells do allows that.
        """
        started = time.monotonic()
        setting = Setting(cwd=cwd, limits=limits, env=env or {}, sealed=sealed, keep=keep,
                          stage=stage, files=files, cpu=self._cpu(),
                          kernel=foreign.find(kernel) if kernel else None,
                          rewinds=(rewinds and sealed and not kernel
                                   and self._rewinds(stage, limits)))
        plan = Plan(cells=cells, setting=setting,
                     until=started + 2 * limits.cpu_seconds + limits.cell_seconds, beside=beside)
        marked: dict[int, CellRun] = {}
        cpu = 0.0
        attempt = Attempt()
        while len(marked) <= MAX_REPEATS:
            shown = attempt.shown
            if prepare is not None and (shown or marked) and not (
                    sealed and self.layers.boxed and (files is not None or not shown)):
                prepare()
            attempt = self._attempt(replace(plan, last=len(marked) == MAX_REPEATS), marked)
            attempt.shown = shown or attempt.shown
            cpu += attempt.cpu_seconds
            if attempt.stopped_at is None and not attempt.confined:
                break
            plan = replace(plan, setting=replace(
                setting, rewinds=False, keep=keep and not (attempt.shown and files is not None)))
            if attempt.confined:  # as if it had not been tried
                plan = replace(plan, until=plan.until + time.monotonic() - started)
                continue
            assert attempt.stopped_at is not None
            marked[attempt.stopped_at] = stopped(attempt)
            if time.monotonic() >= plan.until:
                break
        return execution(plan, marked, attempt, cpu, time.monotonic() - started)

    def _rewinds(self, stage: Stage | None, limits: Limits) -> bool:
        return (stage is not None and stage.limits == limits and self.layers.boxed
                and self._resting.worth(stage))

    @contextmanager
    def live(self, setting: Setting) -> Iterator[Live]:
        """A process that takes cells as they come. It is ended on the way out, and its files
        are put into the folder unless an exception is on its way.

        Raises DiedError, StoppedError and GradingError.
        """
        with self._seated(self._living_host(), setting) as live:
            live.begin()
            yield live

    @contextmanager
    def lent(self, setting: Setting) -> Iterator[Live]:
        """As `live`; where the stage allows it, one that served another run before, made as it
        was. No files of it are kept. Raises as `live`."""
        stage = setting.stage
        if (stage is None or stage.watched is None or stage.folder != setting.cwd
                or not self.layers.boxed):
            with self.live(setting) as live:
                yield live
            return
        setting = replace(setting, lasts=True, keep=False, cpu=self._cpu())
        lent = self._lending.take(stage, setting) or Lent(
            live=self._sit_down(self._living_host(), setting))
        sound = False
        try:
            with self._told_of_the_end():
                lent.live.begin()
                yield lent.live
                sound = lent.live.sound
        finally:
            self._lending.give_back(stage, lent, sound=sound)

    @contextmanager
    def _told_of_the_end(self) -> Iterator[None]:
        """Raise StoppedError where the pool was closed meanwhile."""
        try:
            if self._closed:  # after it was looked for whom to end
                raise StoppedError
            yield
        except (DiedError, GradingError):
            if self._closed:  # that is why it died
                raise StoppedError from None
            raise
        if self._closed:
            raise StoppedError

    def _sit_down(self, host: Host, setting: Setting) -> Live:
        self._await(host)
        boxed = setting.sealed and host.layers.boxed
        if setting.files is not None and not boxed:  # it was when this was asked
            raise GradingError("no box could be made any more",
                               hint="kit doctor shows what of the sandbox works")
        seat = host.launch(setting.cwd, setting.limits, sealed=setting.sealed,
                           stage=setting.stage, files=setting.files, rewinds=setting.rewinds,
                           line=() if setting.rewinds else setting.line)
        return Live(seat, setting, boxed=boxed)

    @contextmanager
    def _at_work(self, host: Host, setting: Setting) -> Iterator[Live]:
        """As `_seated`, with a process that rests where the run may have one."""
        stage = setting.stage
        if not setting.rewinds or stage is None or not host.layers.boxed:
            with self._seated(host, replace(setting, rewinds=False)) as live:
                yield live
            return
        lent = self._resting.take(stage, setting) or Lent(live=self._sit_down(host, setting))
        try:
            with self._told_of_the_end():
                yield lent.live
        finally:
            self._resting.give_back(stage, lent, sound=lent.live.rests)

    @contextmanager
    def _seated(self, host: Host, setting: Setting) -> Iterator[Live]:
        live = self._sit_down(host, setting)
        whole = False
        try:
            with self._told_of_the_end():
                yield live
            whole = True
        finally:  # Ctrl-C, too, in the thread that waits for a cell
            live.end(keep=whole and setting.keep)
        if self._closed:
            raise StoppedError

    def _attempt(self, plan: Plan, marked: Mapping[int, CellRun]) -> Attempt:
        attempt = self._on(self._living_host(), plan, marked)
        if not attempt.host_died:
            return attempt
        # Somebody's code killed the warm process, and every run in it. Who it was shows when
        # each of them gets one of its own.
        with self._suspects:
            with self._lock:
                own = self._open()
            try:
                return self._on(own, replace(plan, setting=replace(
                    plan.setting, rewinds=False)), marked)
            finally:
                self._drop(own)

    def _open(self) -> Host:
        if self._closed:
            raise StoppedError
        host = open_host(self._packages, fork=self._fork, boxes=self._boxes,
                         variables=self._variables)
        self._hosts.append(host)
        return host

    def _drop(self, host: Host) -> None:
        host.close()
        with self._lock:
            self._hosts.remove(host)

    def _living_host(self) -> Host:
        with self._lock:
            if not self._host.dead or self._closed:
                return self._host
            logger.warning("the warm process was killed; starting another")
            dead, self._host = self._host, self._open()
        self._drop(dead)
        return self._host

    def _on(
        self, host: Host, plan: Plan, marked: Mapping[int, CellRun]
    ) -> Attempt:
        attempt = Attempt()
        with ExitStack() as stack:
            stack.enter_context(near(plan.setting.cpu))
            setting, line, ends = plan.setting, tuple[int, ...](), tuple[socket.socket, ...]()
            if plan.beside is not None:
                ours, theirs = socket.socketpair()
                stack.enter_context(ours)
                stack.enter_context(theirs)
                ends = ours, theirs
                setting, line = replace(setting, line=(ours.fileno(),)), (theirs.fileno(),)
            attempt.live = live = stack.enter_context(self._at_work(host, setting))
            with plan.beside(line) if plan.beside is not None else nullcontext() as beside:
                drive(live, plan, marked, attempt, beside, ends)
            attempt.confined = setting.rewinds and (
                live.lacks_memory or (attempt.stopped_at is not None
                                      and attempt.state is RunState.KILLED))
            whole = attempt.stopped_at is None and not attempt.confined
            finish = live.rest if whole else live.end
            ended = finish(keep=setting.keep and (whole or (plan.last and not attempt.confined)))
        attempt.cpu_seconds = ended.cpu_seconds
        attempt.host_died = ended.status is None and attempt.stopped_at is not None
        if attempt.stopped_at is not None and attempt.state is RunState.KILLED:
            attempt.why = attempt.why or live.why(ended)
            if attempt.shown is not None:  # how it ended says something, too
                attempt.why = "its process ended when a test asked it"
        return attempt

    def _await(self, host: Host) -> None:
        try:
            host.await_warm()
        except GradingError:
            if self._closed:
                raise StoppedError from None
            raise


@contextmanager
def open_pool(
    packages: Sequence[str] = (), *, fork: bool | None = None, boxes: bool = True
) -> Iterator[Pool]:
    """A pool whose warm process imported `packages` (names as in an import statement).

    `fork` says whether runs are forks of it (the default on Linux) or fresh processes; with
    `boxes` false no namespaces are tried. Raises GradingError when it does not start.
    """
    pool = Pool(packages, fork=fork, boxes=boxes)
    try:
        yield pool
    finally:
        pool.close()

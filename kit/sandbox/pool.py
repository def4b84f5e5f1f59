"""The supervisor: owns the clock, drives each run cell by cell, and outlives all of them."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.model import CellRun, Execution, Limits, RunState
from kit.sandbox import foreign, frames, outputs
from kit.sandbox.cells import Code
from kit.sandbox.hosts import open_host
from kit.sandbox.layers import Layers
from kit.sandbox.seats import Ended, Host, Place, Seat, environment
from kit.sandbox.widgets import WidgetStates

logger = logging.getLogger(__name__)

GRACE_SECONDS = 3.0
"""How long an interrupted cell may take to stop before it is killed."""

_START_SECONDS = 60.0
"""How long a process may take to be ready for its first cell."""

MAX_REPEATS = 4
"""How often a submission is run again without the cells that killed it."""

_TIMEOUT_ERROR: dict[str, Any] = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}


class StoppedError(BaseException):
    """The pool was closed while this run was at work: it has no result.

    Like a cancelled task it is no Exception, so that nobody takes it for a run that failed.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a run tells beside its outputs, by cell: the failing line, what was put back."""

    lines: Mapping[int, int] = field(default_factory=dict)
    restored: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Attempt:
    """One pass over the cells: what ran, and the cell that ended it early, if one did."""

    runs: dict[int, CellRun] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    restored: dict[int, tuple[str, ...]] = field(default_factory=dict)
    widgets: WidgetStates = field(default_factory=WidgetStates)
    stopped_at: int | None = None
    state: RunState = RunState.KILLED
    why: str = ""
    cpu_seconds: float = 0.0
    host_died: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What `run` was asked for."""

    cells: Sequence[Code]
    limits: Limits
    cwd: Path
    env: Mapping[str, str]
    until: float
    sealed: bool = True
    kernel: Mapping[str, Any] | None = None
    last: bool = False
    """Whether no other pass follows, whatever happens in this one."""


class Pool:
    """A warm process and the runs that fork from it. Threads may call `run` side by side.

    With `wait=False` it comes back at once, and the first run waits for the imports.
    """

    def __init__(
        self, packages: Sequence[str], *, fork: bool | None = None, boxes: bool = True,
        wait: bool = True,
    ) -> None:
        self._packages = tuple(packages)
        self._fork = fork
        self._boxes = boxes
        self._lock = threading.Lock()
        self._suspects = threading.Lock()
        self._closed = False
        self._hosts: list[Host] = []
        self._host = self._open()
        if wait:
            try:
                self._host.await_warm()
            except BaseException:
                self.close()
                raise

    @property
    def layers(self) -> Layers:
        """The layers of the seal that its runs are under, once it is warm."""
        return self._host.layers

    def close(self) -> None:
        """End the warm process and everything it started.

        Runs that are at work in other threads end too: they raise StoppedError there.
        """
        with self._lock:
            self._closed = True
            hosts = list(self._hosts)
        for host in hosts:
            host.close()

    def run(
        self,
        cells: Sequence[Code],
        limits: Limits,
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        prepare: Callable[[], None] | None = None,
        sealed: bool = True,
        kernel: str = "",
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
        and have no CellRun.
        """
        started = time.monotonic()
        plan = _Plan(cells=cells, limits=limits, cwd=cwd, env=env or {}, sealed=sealed,
                     kernel=foreign.find(kernel) if kernel else None,
                     until=started + 2 * limits.cpu_seconds + limits.cell_seconds)
        marked: dict[int, CellRun] = {}
        cpu = 0.0
        for repeat in range(MAX_REPEATS + 1):
            if repeat and prepare is not None and not (sealed and self.layers.boxed):
                prepare()
            attempt = self._attempt(replace(plan, last=repeat == MAX_REPEATS), marked)
            cpu += attempt.cpu_seconds
            if attempt.stopped_at is None:
                break
            marked[attempt.stopped_at] = _stopped(attempt)
        runs = {**attempt.runs, **marked}
        return _execution(plan, runs, attempt, cpu, time.monotonic() - started), Notes(
            lines=attempt.lines, restored=attempt.restored)

    def _attempt(self, plan: _Plan, marked: Mapping[int, CellRun]) -> _Attempt:
        attempt = self._on(self._living_host(), plan, marked)
        if not attempt.host_died:
            return attempt
        # Somebody's code killed the warm process, and every run in it. Who it was shows when
        # each of them gets one of its own.
        with self._suspects:
            with self._lock:
                own = self._open()
            try:
                return self._on(own, plan, marked)
            finally:
                self._drop(own)

    def _open(self) -> Host:
        if self._closed:
            raise StoppedError
        host = open_host(self._packages, fork=self._fork, boxes=self._boxes)
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
        self, host: Host, plan: _Plan, marked: Mapping[int, CellRun]
    ) -> _Attempt:
        self._await(host)
        attempt = _Attempt()
        seat = host.launch(plan.cwd, plan.limits, sealed=plan.sealed)
        try:
            if self._closed:  # after it was looked for whom to end
                raise StoppedError
            self._drive(seat, plan, marked, attempt)
            whole = attempt.stopped_at is None or plan.last
        except BaseException:  # Ctrl-C in the thread that waits for the cell
            seat.signal(signal.SIGKILL)
            whole = False
            raise
        finally:
            seat.sock.close()
            ended = _end(seat)
            seat.leave(keep=whole)
        if self._closed:
            raise StoppedError
        attempt.cpu_seconds = ended.cpu_seconds
        attempt.host_died = ended.status is None and attempt.stopped_at is not None
        if attempt.stopped_at is not None and attempt.state is RunState.KILLED:
            attempt.why = attempt.why or _why(ended, plan.limits)
        return attempt

    def _await(self, host: Host) -> None:
        try:
            host.await_warm()
        except GradingError:
            if self._closed:
                raise StoppedError from None
            raise

    def _drive(
        self, seat: Seat, plan: _Plan, marked: Mapping[int, CellRun], attempt: _Attempt
    ) -> None:
        order = [place for place, cell in enumerate(plan.cells)
                 if not cell.blank and place not in marked]
        attempt.stopped_at = order[0] if order else None
        if not order:
            return
        try:
            frames.send(seat.sock, _opening(plan, seat.place, boxed=self.layers.boxed))
            ready = frames.receive(
                seat.sock, deadline=time.monotonic() + _START_SECONDS, max_bytes=4096)
            if "failed" in ready and plan.kernel is not None:  # nothing of a learner ran yet
                raise GradingError(f"the kernel {plan.kernel['name']!r} does not work: "
                                   f"{outputs.text(ready['failed'])}")
            for place in order:
                attempt.stopped_at = place
                self._cell(seat, plan, place, attempt)
            attempt.stopped_at = None
            frames.send(seat.sock, {"done": True})
        except frames.ClosedError:
            return
        except frames.FrameError as error:
            attempt.why = f"its process broke the protocol: {error}"
        except frames.LateError:
            attempt.state = RunState.TIMEOUT
        seat.signal(signal.SIGKILL)

    def _cell(self, seat: Seat, plan: _Plan, place: int, attempt: _Attempt) -> None:
        cell = plan.cells[place]
        frames.send(seat.sock, {"cell": place, "source": cell.source, "guard": cell.guard,
                                "trusted": cell.trusted})
        ceiling = 8 * plan.limits.output_bytes + (1 << 21)
        deadline = min(time.monotonic() + plan.limits.cell_seconds, plan.until)
        interrupted = False
        try:
            frame = frames.receive(seat.sock, deadline=deadline, max_bytes=ceiling)
        except frames.LateError:
            interrupted = True
            seat.signal(signal.SIGINT)
            frame = frames.receive(
                seat.sock, deadline=time.monotonic() + GRACE_SECONDS, max_bytes=ceiling)
        run = outputs.cell_run(frame, place)
        if interrupted:
            run = replace(run, state=RunState.TIMEOUT, outputs=(*run.outputs, _TIMEOUT_ERROR))
        attempt.runs[place] = run
        _note(frame, place, attempt)


def _opening(plan: _Plan, place: Place, *, boxed: bool) -> dict[str, Any]:
    limits = plan.limits
    env = {**environment(), "HOME": place.scratch, "TMPDIR": place.scratch,
           "JUPYTER_RUNTIME_DIR": f"{place.scratch}/jupyter",
           "MPLBACKEND": "module://matplotlib_inline.backend_inline", "TERM": "xterm-color",
           "CLICOLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "PAGER": "cat",
           "GIT_PAGER": "cat", **plan.env}
    return {
        "cwd": place.cwd, "scratch": place.scratch, "env": env, "stated": dict(plan.env),
        "kernel": plan.kernel, "boxed": boxed and plan.sealed,
        "limits": {
            "cell_seconds": limits.cell_seconds, "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes, "output_bytes": limits.output_bytes,
            "file_bytes": limits.file_bytes,
            "processes": limits.processes, "uid_processes": place.tasks,
        },
    }


def _note(frame: Mapping[str, Any], place: int, attempt: _Attempt) -> None:
    line = frame.get("line")
    if isinstance(line, int) and line > 0:
        attempt.lines[place] = line
    restored = frame.get("restored")
    if isinstance(restored, list) and restored:
        attempt.restored[place] = tuple(outputs.text(name)[:80] for name in restored[:20])
    attempt.widgets.take(frame.get("widgets"))
    updates = frame.get("updates")
    for update in updates if isinstance(updates, list) else []:
        _update(outputs.mapping(update), attempt)


def _update(update: Mapping[str, Any], attempt: _Attempt) -> None:
    """A display of an earlier cell that a later one changed."""
    cell, place = update.get("cell"), update.get("output")
    run = attempt.runs.get(cell) if type(cell) is int else None
    if run is None or type(place) is not int or not 0 <= place < len(run.outputs):
        return
    fresh = outputs.checked({**update, "output_type": "display_data"})
    changed = {**run.outputs[place], "data": fresh["data"], "metadata": fresh["metadata"]}
    if "data" in run.outputs[place]:
        attempt.runs[run.index] = replace(run, outputs=(
            *run.outputs[:place], changed, *run.outputs[place + 1:]))


def _end(seat: Seat) -> Ended:
    """Wait until the process tree is gone; one that lingers is killed."""
    ended = seat.wait(GRACE_SECONDS)
    if ended is None:
        seat.signal(signal.SIGKILL)
        ended = seat.wait(30)
    return ended or Ended(status=None, why="its process could not be ended")


def _why(ended: Ended, limits: Limits) -> str:
    if ended.why:
        return f"killed: {ended.why}"
    if ended.status == -signal.SIGXCPU or (
        ended.status == -signal.SIGKILL and ended.cpu_seconds >= 0.95 * limits.cpu_seconds
    ):
        return f"killed: more than {limits.cpu_seconds:g} s of computing"
    if ended.status is not None and ended.status < 0:
        try:
            name = signal.Signals(-ended.status).name
        except ValueError:
            name = f"signal {-ended.status}"
        return f"its process was killed ({name})"
    return "its process ended in the middle of the cell"


def _stopped(attempt: _Attempt) -> CellRun:
    """The run of the cell that ended an attempt."""
    assert attempt.stopped_at is not None
    if attempt.state is RunState.TIMEOUT:
        error = _TIMEOUT_ERROR
    else:
        error = {"output_type": "error", "ename": "DeadKernelError", "evalue": attempt.why,
                 "traceback": [f"\x1b[0;31mDeadKernelError\x1b[0m: {attempt.why}"]}
    return CellRun(index=attempt.stopped_at, state=attempt.state, outputs=(error,))


def _execution(
    plan: _Plan, runs: dict[int, CellRun], attempt: _Attempt, cpu: float, seconds: float
) -> Execution:
    reason = ""
    for place, cell in enumerate(plan.cells):
        if not cell.blank and place not in runs:
            reason = (f"given up: its process was killed {MAX_REPEATS + 1} times"
                      if attempt.stopped_at is not None else "not run")
            runs[place] = CellRun(index=place, state=RunState.SKIPPED)
    states = [run.state for run in runs.values()]
    worst = (RunState.KILLED, RunState.TIMEOUT, RunState.SKIPPED, RunState.ERROR)
    state = next((one for one in worst if one in states), RunState.OK)
    return Execution(state=state, cells=tuple(runs[place] for place in sorted(runs)),
                     seconds=seconds, cpu_seconds=cpu, reason=reason,
                     widgets=attempt.widgets.metadata())


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

"""A live sandbox: one process that takes cells one by one, and the clock beside it."""

from __future__ import annotations

import contextlib
import fcntl
import signal
import socket
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kit.errors import GradingError
from kit.model import CellRun, RunState
from kit.sandbox import frames, outputs
from kit.sandbox.cells import Code
from kit.sandbox.seats import Ended, Seat
from kit.sandbox.setting import NOTHING, Drawn, Given, Setting, asked, opened, reading
from kit.sandbox.standing import Standing, standing
from kit.sandbox.travel import MAX_BYTES, Names, say_given, unpack_names
from kit.sandbox.widgets import WidgetStates

GRACE_SECONDS = 3.0
"""How long an interrupted cell may take to stop before it is killed."""

_ROOM = 1 << 21
"""Bytes that a frame may have beside the outputs that are limited: errors are always kept."""

_LONGEST_TROUBLE = 300
_LONGEST_FILE, _MOST_FILES = 300, 20

_MOST_COPIED = 50_000_000
"""Outputs copied, in all, for displays that later cells changed."""

_START_SECONDS = 60.0
"""How long a process may take to be ready for its first cell."""

_REST_SECONDS = 30.0
"""How long it may take to put a process back, and the files of a run where they belong."""

TIMEOUT_ERROR: dict[str, Any] = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}


class DiedError(Exception):
    """The process of a run ended, or had to be ended, in the middle of a cell.

    `state` is TIMEOUT or KILLED; `why` is empty where only its end tells.
    """

    def __init__(self, state: RunState, why: str = "") -> None:
        super().__init__(why or state.value)
        self.state, self.why = state, why


class Live:
    """A run that goes on. What its cells gave is in `runs`, by the index that each was given;
    `lines` are those in which cells failed, `restored` what was put back before them, `trouble`
    what kept a cell from being run here as it is where its values come from, `drawn` the
    tracebacks of those that were to draw one."""

    def __init__(self, seat: Seat, setting: Setting, *, boxed: bool) -> None:
        self._seat = seat
        self._setting = setting
        self._boxed = boxed and setting.sealed
        self._ended: Ended | None = None
        self._stood: Standing | None = None
        self._begun = False
        self._stands = False
        """Whether its process can be put back."""

        self.rests = False
        """Whether it was, and waits for another run."""

        self._met = False
        """Whether code in it may have met what nobody shall hear."""

        self._files: set[str] = set()
        """Files of libraries that it had to take apart to show tracebacks."""

        self._clear()

    def _clear(self) -> None:
        """Nothing came of it yet."""
        self.runs: dict[int, CellRun] = {}
        self.lines: dict[int, int] = {}
        self.restored: dict[int, tuple[str, ...]] = {}
        self.trouble: dict[int, str] = {}
        self.drawn: dict[int, Drawn] = {}
        self.widgets = WidgetStates()
        self._ahead: list[dict[str, Any]] = []
        """What it is to be told with the next that it is asked."""

        self._serves = False
        self._offered: Drawn | None = None
        self._expected: tuple[str, ...] | None = None
        """The variables that it was asked for already."""

        self._copied = 0
        # An output may take six times its length. The process counts too, but may lie.
        limits = self._setting.limits
        self._longest = 8 * limits.output_bytes + _ROOM
        self._allowance = frames.Allowance(
            whole=4 * self._longest, loose=limits.output_bytes + _ROOM)

    @property
    def cpu(self) -> int | None:
        """The processor that it is to stay on."""
        return self._setting.cpu

    @property
    def staged(self) -> int:
        """How many of its first cells ran before it began."""
        return len(self._seat.said)

    def begin(self) -> None:
        """Open it, unless that was done. Raises DiedError, and GradingError when its kernel does
        not start."""
        if self._begun:
            return
        try:
            frames.send(self._seat.sock, opened(
                self._setting, self._seat.place, boxed=self._boxed))
            ready = frames.receive(self._seat.sock, max_bytes=4096,
                                   deadline=time.monotonic() + _START_SECONDS)
        except (frames.ClosedError, frames.FrameError, frames.LateError) as error:
            raise _died(error) from None
        if "failed" in ready and self._setting.kernel is not None:  # nothing of a learner ran yet
            raise GradingError(f"the kernel {self._setting.kernel['name']!r} does not work: "
                               f"{outputs.text(ready['failed'])}")
        self._begun = True
        self._stands = ready.get("stood") is True
        if self._setting.rewinds and not self.begin_anew(self._setting):
            raise DiedError(RunState.KILLED)
        self._note_stage()

    def _note_stage(self) -> None:
        for frame in self._seat.said:
            self._note(frame, outputs.cell_run(frame, frame["cell"]))

    def begin_anew(self, setting: Setting) -> bool:
        """Be as it was when it began, for another run; whether it is. It must be one that was
        asked to last, in whose cells nothing went wrong, or one that rests. Raises GradingError
        where its files cannot be laid out."""
        if setting.rewinds:
            self._seat.again(setting.cwd, setting.files, setting.limits, setting.cpu)
        sock = self._seat.sock
        deadline = time.monotonic() + _START_SECONDS
        try:
            frames.send(sock, {"anew": opened(setting, self._seat.place, boxed=self._boxed)})
            socket.send_fds(sock, [b"L"], list(setting.line))
            frames.receive(sock, max_bytes=4096, deadline=deadline)
        except (frames.ClosedError, frames.FrameError, frames.LateError, OSError):
            return False
        self._setting = setting
        self._clear()
        if self.rests:
            self.rests = False
            self._note_stage()
        return True

    def rest(self, *, keep: bool) -> Ended:
        """End the run. Where nothing speaks against it, its process is put back to what it was
        when it began, and `rests`: it may take another run; else it is ended as by `end`."""
        if self._stands and self.sound and not (self._met or self._files or self._ended):
            rested = self._seat.rest(_REST_SECONDS, keep=keep)
            if rested is not None:
                self.rests = not self._unread()
                if not self.rests:
                    self.end(keep=False)
                return rested
        return self.end(keep=keep)

    def _unread(self) -> bool:
        """Whether something is on its way between it and here, said by code that is gone."""
        sock = self._seat.sock
        left = struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0" * 4))[0]
        return sock.waiting or left > 0

    @property
    def lacks_memory(self) -> bool:
        """Whether a cell had no memory, in a process where what was there before stays."""
        return self._setting.rewinds and any(
            one.get("ename", "").endswith("MemoryError")
            for run in self.runs.values() for one in run.outputs)

    @property
    def sound(self) -> bool:
        """Whether all its cells ended by themselves, and nothing kept one from being run."""
        return not self.trouble and all(
            run.state in (RunState.OK, RunState.ERROR) for run in self.runs.values())

    def run(
        self, code: Code, index: int, *, until: float | None = None, given: Given = NOTHING,
        then: Sequence[str] = (),
    ) -> CellRun:
        """Run a cell. `until` (of time.monotonic) ends it before its own seconds are over. The
        variables that are to be read `then`, with `hold`, it is told of at the same time.

        Raises DiedError; then only `end` is left.
        """
        if until is not None and time.monotonic() >= until:
            self._seat.signal(signal.SIGKILL)
            raise DiedError(RunState.TIMEOUT)
        limits = self._setting.limits
        late = time.monotonic() + limits.cell_seconds
        try:
            frame, interrupted = self._run(
                code, index, late if until is None else min(late, until), given, then)
            run = outputs.cell_run(frame, index)
        except (frames.ClosedError, frames.FrameError, frames.LateError) as error:
            self._seat.signal(signal.SIGKILL)
            raise _died(error) from None
        if interrupted:
            run = replace(run, state=RunState.TIMEOUT, outputs=(*run.outputs, TIMEOUT_ERROR))
        self._note(frame, run)
        return run

    def quiet(self) -> None:
        """Be sure that it says nothing between cells. Raises DiedError."""
        if self._expected is None and self._seat.sock.waiting:
            self._seat.signal(signal.SIGKILL)
            raise _died(frames.FrameError("it spoke when it was not asked"))

    def _run(
        self, code: Code, index: int, deadline: float, given: Given, then: Sequence[str]
    ) -> tuple[dict[str, Any], bool]:
        self._say_within(self._setting.limits.cell_seconds)
        said, buffers = say_given(given.values)
        more: dict[str, Any] = {"give": said, "unless": sorted(given.unless)} if said else {}
        if given.count is not None:
            more["count"] = given.count
        if given.by is not None:
            given.by.serve()
            more["calls"] = list(given.tells)
            if given.ahead:
                more["ahead"] = sorted(given.ahead)
        if given.draws:
            more["draws"] = True
        if given.drawn is not None:
            more["drawn"] = True
        self._offered = given.drawn
        cell = {**asked(code, index), **more}
        if then and not buffers:
            self._ahead.append({**cell, "then": True})
            self._say(reading(then))
            self._expected = tuple(then)
        else:
            self._say(cell, buffers)
        try:
            return self._hear(deadline), False
        except frames.LateError:
            if given.by is not None:  # it may wait for that one
                given.by.interrupt()
            self.interrupt()
            return self._hear(time.monotonic() + GRACE_SECONDS), True

    def _hear(self, deadline: float) -> dict[str, Any]:
        frame = self._next(deadline)
        offered, self._offered = self._offered, None
        if offered is not None and frame.keys() == {"of"}:
            frames.send(self._seat.sock, {
                "as": list(offered.lines) if frame["of"] == offered.of else None})
            frame = self._next(deadline)
        return frame

    def _next(self, deadline: float) -> dict[str, Any]:
        return frames.receive(self._seat.sock, deadline=deadline, max_bytes=self._longest,
                              allowance=self._allowance)

    def interrupt(self) -> None:
        """Send SIGINT to what it runs."""
        self._seat.signal(signal.SIGINT)

    def serve(self) -> None:
        """Do what the run on its line asks for, until something else is to be done. Raises
        DiedError."""
        if self._serves:
            return
        try:
            self._say({"serve": True})
        except frames.ClosedError as error:
            raise _died(error) from None
        self._serves = True

    def _say_within(self, seconds: float) -> None:
        """How long it may take to say something; to set it costs a call of the system."""
        if self._seat.sock.gettimeout() != seconds:
            self._seat.sock.settimeout(seconds)

    def _say(self, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        ahead, self._ahead, self._serves = self._ahead, [], False
        frames.send(self._seat.sock, message, buffers, ahead=ahead)

    def pass_over(self, source: str) -> None:
        """Count a cell as run, which is run elsewhere."""
        self._ahead.append({"pass": source})

    def read(
        self, names: Sequence[str], *, max_bytes: int = MAX_BYTES, hold: bool = False
    ) -> Names:
        """Variables of the run by name, as they stand between two cells.

        With `hold` nothing stays behind: functions and what else does not travel are held there,
        and another run is given what stands for them. Raises DiedError; then only `end` is left.
        """
        sock, seconds = self._seat.sock, self._setting.limits.cell_seconds
        deadline = time.monotonic() + seconds
        try:
            self._say_within(seconds)
            asked_already = hold and self._expected == tuple(names)
            self._expected = None
            if not asked_already:
                self._say(reading(names, max_bytes, hold=hold))
            self._serves = hold
            frame, data = frames.receive_raw(
                sock, deadline=deadline, max_bytes=frames.ANSWER_BYTES,
                allowance=frames.for_an_answer())
            buffers = frames.receive_buffers(sock, frame, deadline=deadline, max_bytes=max_bytes)
            return unpack_names(frame.get("names"), buffers, names, held=b'"held"' in data)
        except (frames.ClosedError, frames.FrameError, frames.LateError) as error:
            self._seat.signal(signal.SIGKILL)
            raise _died(error) from None

    def _note(self, frame: Mapping[str, Any], run: CellRun) -> None:
        self.runs[run.index] = run
        if frame.get("trouble"):
            told = outputs.text(frame["trouble"])[:_LONGEST_TROUBLE]
            self.trouble[run.index] = "".join(one if one.isprintable() else " " for one in told)
        of = frame.get("of")
        if isinstance(of, str) and run.outputs and run.outputs[-1]["output_type"] == "error":
            self.drawn[run.index] = Drawn(of=of, lines=run.outputs[-1]["traceback"])
        files = frame.get("files")
        if isinstance(files, list):
            self._files.update(outputs.text(one)[:_LONGEST_FILE] for one in files[:_MOST_FILES])
        line = frame.get("line")
        if isinstance(line, int) and line > 0:
            self.lines[run.index] = line
        restored = frame.get("restored")
        if isinstance(restored, list) and restored:
            self.restored[run.index] = tuple(outputs.text(name)[:80] for name in restored[:20])
        self.widgets.take(frame.get("widgets"))
        updates = frame.get("updates")
        for update in updates if isinstance(updates, list) else []:
            self._update(outputs.mapping(update))

    def _update(self, update: Mapping[str, Any]) -> None:
        """A display of an earlier cell that a later one changed."""
        cell, place = update.get("cell"), update.get("output")
        run = self.runs.get(cell) if type(cell) is int else None
        if run is None or type(place) is not int or not 0 <= place < len(run.outputs):
            return
        fresh = outputs.checked({**update, "output_type": "display_data"})
        changed = {**run.outputs[place], "data": fresh["data"], "metadata": fresh["metadata"]}
        self._copied += len(run.outputs)
        if "data" in run.outputs[place] and self._copied <= _MOST_COPIED:
            self.runs[run.index] = replace(run, outputs=(
                *run.outputs[:place], changed, *run.outputs[place + 1:]))

    def hand_out(self) -> None:
        """Put its files into the folder now; what it writes from now on stays behind."""
        self._met = True
        if self._boxed:
            self._seat.hand_out(self._setting.limits.cell_seconds, keep=self._setting.keep)
        else:
            limits = self._setting.limits
            self._stood = standing(self._setting.cwd, 2 * limits.file_bytes)

    def end(self, *, keep: bool) -> Ended:
        """End it, with all its processes; with `keep`, its files are put into the folder."""
        if self._ended is None:
            if keep:
                with contextlib.suppress(frames.ClosedError):  # then it has ended already
                    frames.send(self._seat.sock, {"done": True})
            else:
                self._seat.signal(signal.SIGKILL)
            self._seat.sock.close()
            self._ended = _wait(self._seat, keep=keep)
            if self._stood is not None:
                self._stood.put_back()
            self._seat.leave(self._files)
        return self._ended

    def why(self, ended: Ended) -> str:
        """Why it ended in the middle of a cell, in words."""
        limits = self._setting.limits
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


def _died(error: Exception) -> DiedError:
    if isinstance(error, frames.LateError):
        return DiedError(RunState.TIMEOUT)
    if isinstance(error, frames.FrameError):
        return DiedError(RunState.KILLED, f"its process broke the protocol: {error}")
    return DiedError(RunState.KILLED)


def _wait(seat: Seat, *, keep: bool) -> Ended:
    """Wait until the process tree is gone; one that lingers is killed."""
    ended = seat.wait(GRACE_SECONDS, keep=keep)
    if ended is None:
        seat.signal(signal.SIGKILL)
        ended = seat.wait(30, keep=keep)
    return ended or Ended(status=None, why="its process could not be ended")

"""What a process is asked between its cells: variables, and calls of what it holds."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Sequence
from typing import Any

from kit.sandbox import frames, interrupts
from kit.sandbox.kernel import flush
from kit.sandbox.lasting import Origin
from kit.sandbox.tracebacks import CellTB
from kit.sandbox.travel import MAX_BYTES, Foresight, Peer, pack_names, take_given
from kit.sandbox.warm import Warm

_NO_CELL = -1

_SOON = 0.1
"""Seconds that a cell takes whose result may wait."""


class Desk:
    """Answers what is no cell. `line` leads to another run, which calls what this one holds, or
    is called by it."""

    def __init__(self, sock: socket.socket, warm: Warm, line: socket.socket | None) -> None:
        self._sock = sock
        self._line = line
        self._warm = warm
        shell: Any = warm.kernel.shell
        self._shell = shell
        self._peer = Peer(line, shell.user_ns)
        self._trouble = ""
        self._given: set[str] = set()
        self._drawn: dict[str, list[str]] = {}
        self._draws = False
        self.origin: Origin | None = None
        """Where it is set, the process takes one run after another."""

        self._foresight = Foresight()
        self._done: list[dict[str, Any]] = []
        """What is said of a cell together with the answer that comes next."""

    def leave(self) -> None:
        """In a process that a cell forked: it must not answer for this one."""
        for one in (self._sock, self._line):
            if one is not None:
                one.close()

    def begin_anew(self, run: dict[str, Any]) -> bool:
        """Be as before the first cell, for another run, with the line to it that arrives now, if
        there is one; whether it is."""
        _, lines, *_ = socket.recv_fds(self._sock, 1, 1)
        if self._line is not None:
            self._line.close()
        self._line = socket.socket(fileno=lines[0]) if lines else None
        self._peer = Peer(self._line, self._shell.user_ns)
        self._trouble = ""
        self._given = set()
        self._warm.recorder.allow(int(run["limits"]["output_bytes"]))
        return self.origin is None or self.origin.back()

    def takes(self, asked: dict[str, Any]) -> bool:
        """Whether it was no cell; then it is answered."""
        if "read" in asked:
            self._read(asked)
        elif "serve" in asked:
            self._serve()
        elif "pass" in asked:
            self._pass_over(asked["pass"])
        else:
            return False
        return True

    def begin(self, cell: dict[str, Any]) -> None:
        """Take what is given with a cell."""
        peer = self._peer
        peer.trouble = self._trouble = ""
        peer.open = "calls" in cell
        self._draws = bool(cell.get("draws"))
        CellTB.drawn = self._drawn if self._draws else None
        CellTB.known = self._known if cell.get("drawn") else None
        CellTB.last = ""
        if "give" in cell:
            buffers = frames.receive_buffers(self._sock, cell, max_bytes=MAX_BYTES)
            names = self._shell.user_ns
            own = {name for name in cell["unless"] if name in names} - self._given
            given = {name: one for name, one in cell["give"].items() if name not in own}
            self._given |= set(given)
            self._trouble = take_given(names, given, buffers, peer.unpack)
        if self.origin is not None and peer.open:  # else nothing is asked twice
            peer.foresight = self._foresight
            peer.foresee(cell["source"], cell.get("give", ()), cell.get("ahead", ()))
        peer.watch(cell.get("calls", ()))

    def end(self, frame: dict[str, Any], *, waits: bool = False) -> None:
        """Tell of a cell. What `waits` is told with the answer that is asked for already, so that
        who listens is woken once; unless the cell took long."""
        if not frame["restored"]:
            del frame["restored"]
        told = {**frame, **self._more()}
        if waits and frame["seconds"] < _SOON:
            self._done = [told]
        else:
            frames.send(self._sock, told)

    def _more(self) -> dict[str, Any]:
        """What kept the cell from being run here as elsewhere, and what is told of tracebacks."""
        if self._peer.open:
            self._peer.settle()
        self._peer.open = False
        self._foresight.end()
        trouble = self._trouble or self._peer.trouble
        said: dict[str, Any] = {"trouble": trouble} if trouble else {}
        if self._draws and CellTB.last:
            said["of"] = CellTB.last
        CellTB.known = CellTB.drawn = None
        if CellTB.files:
            said["files"] = sorted(CellTB.files)
            CellTB.files.clear()
        return said

    def _known(self, what: str) -> list[str] | None:
        """The lines of a traceback of that, if the engine has them."""
        CellTB.known = None  # once a cell
        with contextlib.suppress(frames.ClosedError, frames.FrameError), interrupts.deaf():
            frames.send(self._sock, {"of": what})
            lines = frames.receive(self._sock).get("as")
            return lines if isinstance(lines, list) else None
        return None

    def _read(self, asked: dict[str, Any]) -> None:
        self.tell(asked["read"], asked["bytes"], hold=bool(asked.get("hold")))
        if asked.get("hold"):
            self._serve()  # what it holds may be asked for next

    def tell(self, names: Sequence[str], max_bytes: int, *, hold: bool) -> None:
        """Say what these variables are; with `hold` others can be given what does not travel."""
        more = {"packers": self._peer.packer} if hold else {}
        said, buffers = pack_names(self._shell.user_ns, names, max_bytes=max_bytes, **more)
        done, self._done = self._done, []
        frames.send(self._sock, {"names": said}, buffers, ahead=done)

    def _serve(self) -> None:
        """Do what the other run asks for, until something else is to be done here."""
        line = self._line
        if line is None:
            return
        request = ""
        self._peer.open = self._peer.learns = True
        try:
            while self._sock not in select.select([self._sock, line], [], [])[0]:
                request = request or self._warm.kernel.be_asked()
                self.answer(line, request)
        except (frames.ClosedError, frames.FrameError, OSError, ValueError):
            self._line = None  # the other run has ended, or makes no sense
        finally:
            self._peer.open = False

    def answer(self, line: socket.socket, request: str) -> None:
        """Do one thing that the other run asks for; what that puts out is of the request."""
        asked = frames.receive(line)
        buffers = frames.receive_buffers(line, asked, max_bytes=MAX_BYTES)
        recorder = self._warm.recorder
        recorder.begin(_NO_CELL, request, self._shell.execution_count)
        interrupts.hear()
        try:
            answer, more = self._peer.serve(asked["ask"], buffers)
            flush()
        except KeyboardInterrupt:
            # Between the call and what it is answered with.
            answer, more = {"error": {"classes": [["builtins", "KeyboardInterrupt"]],
                                      "text": "", "args": []}}, []
        finally:
            interrupts.ignore()
        said = [[one["name"], one["text"]] for one in recorder.finish()["outputs"]
                if one["output_type"] == "stream"]
        frames.send(line, {"answer": {**answer, "said": said} if said else answer}, more)

    def _pass_over(self, source: str) -> None:
        """Count a cell that is run elsewhere."""
        shell = self._shell
        shell.history_manager.store_inputs(shell.execution_count, source, source)
        shell.execution_count += 1

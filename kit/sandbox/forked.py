"""One warm process; every run is a fork of it, in a box where this machine lets us make one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.model import Limits
from kit.sandbox.cells import Stage
from kit.sandbox.frames import Inbox
from kit.sandbox.layers import Layers, layers
from kit.sandbox.sealed import Boxes, SealedSeat
from kit.sandbox.seats import Ended, Place, command, environment

START_SECONDS = 120.0
"""How long the warm process may take for its imports."""


@dataclass(slots=True)
class ForkSeat:
    """A fork of the warm process that shares the machine's files and processes."""

    sock: Inbox
    place: Place
    host: ForkHost
    id: int
    gone: threading.Event = field(default_factory=threading.Event)
    said: tuple[dict[str, Any], ...] = ()
    ended: Ended | None = None

    def signal(self, number: int) -> None:
        """Ask the warm process, which is its parent, to send the signal."""
        self.host.send({"op": "signal", "id": self.id, "signal": int(number)})

    def wait(self, seconds: float, *, keep: bool) -> Ended | None:
        """How it ended."""
        del keep  # its files are in the folder already
        self.gone.wait(seconds)
        return self.ended

    def hand_out(self, seconds: float, *, keep: bool) -> None:
        """Its files are in the folder already: who has it run keeps a copy of them."""

    def rest(self, seconds: float, *, keep: bool) -> Ended | None:
        """It serves one run."""

    def again(self, folder: Path, files: Mapping[str, Path] | None, limits: Limits,
              cpu: int | None) -> None:
        """It serves one run."""

    def leave(self, _files: Set[str] = frozenset()) -> None:
        """Remove its scratch."""
        shutil.rmtree(self.place.scratch, ignore_errors=True)


class ForkHost:
    """The warm process. With `boxes` false no box is tried."""

    def __init__(
        self, packages: Sequence[str], *, boxes: bool = True,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._seats: dict[int, ForkSeat] = {}
        self._next = 0
        self.dead = False
        self.layers = Layers()
        self._tasks = tasks_of_this_account()
        self._variables = environment()
        self._warm = False
        self._seal: tuple[str, ...] = ()
        self._heard = threading.Event()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._scratch = tempfile.mkdtemp(prefix="kit-warm-")
        self._boxes = Boxes(self.send, self._scratch, self._variables) if boxes else None
        self._process = subprocess.Popen(
            command("fork", [theirs.fileno()], packages), cwd=self._scratch,
            env=self._variables if variables is None else dict(variables),
            pass_fds=[theirs.fileno()], start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._log,
        )
        theirs.close()
        threading.Thread(target=self._listen, name="kit-warm", daemon=True).start()

    def await_warm(self) -> None:
        """Wait for its imports. Raises GradingError when it ends before, or takes too long."""
        self._heard.wait(START_SECONDS)
        if self._warm:
            with self._lock:
                self._try_a_box()
            return
        said: list[str] = []
        with contextlib.suppress(OSError, ValueError):  # closed meanwhile
            self._log.seek(0)
            said = self._log.read().decode("utf-8", "replace").strip().splitlines()
        self.close()
        raise GradingError(
            "the process that runs notebooks did not start" + (f": {said[-1]}" if said else ""),
            hint="kit doctor shows what of the environment works",
        )

    def _try_a_box(self) -> None:
        if self.layers.on:
            return
        if self._boxes is not None:
            self.layers = self._boxes.open()
            if self.layers.on:
                return
            self._boxes.tidy()
            self._boxes = None
        why = "; ".join(dict.fromkeys(self.layers.off.values())) or "not asked for"
        self.layers = layers(["rlimits", "no capabilities", *self._seal], why)

    def launch(
        self, folder: Path, limits: Limits, *, sealed: bool, stage: Stage | None = None,
        line: Sequence[int] = (), files: Mapping[str, Path] | None = None, rewinds: bool = False,
    ) -> ForkSeat | SealedSeat:
        """Fork."""
        if self._boxes is not None and sealed:
            return self._boxes.seat(folder, limits, stage, line, files, rewinds=rewinds)
        ours, theirs = socket.socketpair()
        place = Place(cwd=str(folder), scratch=tempfile.mkdtemp(prefix="kit-run-"),
                      variables=self._variables, tasks=self._tasks)
        with self._lock:
            self._next += 1
            seat = ForkSeat(Inbox(ours), place, self, self._next)
            self._seats[seat.id] = seat
        self.send({"op": "run", "id": seat.id, "processes": limits.processes,
                   "sealed": sealed, "write": [place.cwd, place.scratch]},
                  theirs.fileno(), *line)
        theirs.close()
        if self.dead:
            self._end(seat.id, Ended(status=None))
        return seat

    def send(self, request: dict[str, Any], *handles: int) -> None:
        """Send a request; a dead host ends every seat, so nobody waits for it."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [json.dumps(request).encode()], handles)

    def _listen(self) -> None:
        while True:
            try:
                message = self._control.recv(65536)
            except OSError:
                message = b""
            if not message:
                break
            said = json.loads(message)
            if "warm" in said:
                self._seal = tuple(said["seal"])
                self._warm = True
                self._heard.set()
                continue
            self._end(said["ended"], Ended(status=said["status"], cpu_seconds=said["cpu"],
                                           why=said["why"]))
        self.dead = True
        self._heard.set()
        for identity in list(self._seats):
            self._end(identity, Ended(status=None))

    def _end(self, identity: int, ended: Ended) -> None:
        with self._lock:
            seat = self._seats.pop(identity, None)
        if seat is not None:
            seat.ended = ended
            seat.gone.set()

    def forget(self, stages: Sequence[Stage]) -> None:
        """End the keepers of stages that no run is to come from any more."""
        if self._boxes is not None:
            self._boxes.forget(stages)

    def close(self) -> None:
        """End the warm process; its children die with it."""
        if self._boxes is not None:
            self._boxes.close()
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            # While it imports it started no run yet, and does not listen.
            self._process.wait(5 if self._warm else 0)
        except subprocess.TimeoutExpired:
            kill_group(self._process)
        if self._boxes is not None:
            self._boxes.tidy()
        self._control.close()
        self._log.close()
        with contextlib.suppress(OSError):
            Path(self._scratch).rmdir()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads a group, and the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def tasks_of_this_account() -> int:
    """Threads that this account runs now, since the limit on processes counts them all."""
    total, me = 0, os.getuid()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == me:
                total += sum(1 for _ in (folder / "task").iterdir())
    return total

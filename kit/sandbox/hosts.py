"""Where a run gets its process from: forks of a warm process, or a fresh one each.

Forks are used on Linux. Elsewhere system libraries do not survive a fork, so each run pays
for its own imports.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kit.errors import GradingError

START_SECONDS = 120.0
"""How long the warm process may take for its imports."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH",
         "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT", "MPLCONFIGDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit code or minus the signal; None when its host died."""

    status: int | None
    cpu_seconds: float = 0.0
    why: str = ""


class Seat(Protocol):
    """One process that waits for a run on `sock`."""

    sock: socket.socket

    def signal(self, number: int) -> None:
        """Send a signal to the process and its group."""

    def wait(self, seconds: float) -> Ended | None:
        """How it ended, once its whole process tree is gone; None if it still runs."""


class Host(Protocol):
    """Gives seats."""

    def await_warm(self) -> None:
        """Wait until it can give seats. Raises GradingError when it does not start."""

    def launch(self, processes: int) -> Seat:
        """A new process, which may have `processes` below it."""

    def close(self) -> None:
        """End the host and every process it started."""


def environment() -> dict[str, str]:
    """The variables of this process that a run may see; none of them is a secret."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    single = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return {"LANG": "C.UTF-8", **kept, **dict.fromkeys(single, "1")}


def command(mode: str, descriptor: int, packages: Sequence[str]) -> list[str]:
    """The command line of a warm process."""
    return [sys.executable, "-P", "-m", "kit.sandbox.zygote", mode, str(descriptor), *packages]


# --------------------------------------------------------------------------------- forks


@dataclass(slots=True)
class ForkSeat:
    """A fork of the warm process."""

    sock: socket.socket
    host: ForkHost
    id: int
    gone: threading.Event = field(default_factory=threading.Event)
    ended: Ended | None = None

    def signal(self, number: int) -> None:
        """Ask the warm process, which is its parent, to send the signal."""
        self.host.send({"op": "signal", "id": self.id, "signal": int(number)})

    def wait(self, seconds: float) -> Ended | None:
        """How it ended."""
        self.gone.wait(seconds)
        return self.ended


class ForkHost:
    """One warm process; every run is a fork of it."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._seats: dict[int, ForkSeat] = {}
        self._next = 0
        self.dead = False
        self._warm = False
        self._heard = threading.Event()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._scratch = tempfile.mkdtemp(prefix="kit-warm-")
        self._process = subprocess.Popen(
            command("fork", theirs.fileno(), packages), cwd=self._scratch, env=environment(),
            pass_fds=[theirs.fileno()], start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._log,
        )
        theirs.close()
        threading.Thread(target=self._listen, name="kit-warm", daemon=True).start()

    def await_warm(self) -> None:
        """Wait for its imports. Raises GradingError when it ends before, or takes too long."""
        self._heard.wait(START_SECONDS)
        if self._warm:
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

    def launch(self, processes: int) -> ForkSeat:
        """Fork."""
        ours, theirs = socket.socketpair()
        with self._lock:
            self._next += 1
            seat = ForkSeat(ours, self, self._next)
            self._seats[seat.id] = seat
        request = json.dumps({"op": "run", "id": seat.id, "processes": processes}).encode()
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [request], [theirs.fileno()])
        theirs.close()
        if self.dead:
            self._end(seat.id, Ended(status=None))
        return seat

    def send(self, request: dict[str, Any]) -> None:
        """Send a request; a dead host ends every seat, so nobody waits for it."""
        with contextlib.suppress(OSError):
            self._control.send(json.dumps(request).encode())

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

    def close(self) -> None:
        """End the warm process; its children die with it."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            # While it imports it started no run yet, and does not listen.
            self._process.wait(5 if self._warm else 0)
        except subprocess.TimeoutExpired:
            _kill_group(self._process)
        self._control.close()
        self._log.close()
        with contextlib.suppress(OSError):
            Path(self._scratch).rmdir()


# ------------------------------------------------------------------------- fresh processes


@dataclass(slots=True)
class SpawnSeat:
    """A fresh process."""

    sock: socket.socket
    process: subprocess.Popen[bytes]

    def signal(self, number: int) -> None:
        """Signal its process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def wait(self, seconds: float) -> Ended | None:
        """How it ended; then its group is killed."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self.signal(signal.SIGKILL)
        return Ended(status=status)


class SpawnHost:
    """Starts a fresh process for each run: slow, and safe where fork is not."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = tuple(packages)
        self._started: list[subprocess.Popen[bytes]] = []
        self.dead = False

    def await_warm(self) -> None:
        """Nothing to wait for: each run imports for itself."""

    def launch(self, processes: int) -> SpawnSeat:
        """Start."""
        del processes  # Without a parent that watches, the resource limit alone counts them.
        ours, theirs = socket.socketpair()
        process = subprocess.Popen(
            command("once", theirs.fileno(), self._packages), env=environment(),
            cwd=tempfile.gettempdir(), pass_fds=[theirs.fileno()], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._started = [each for each in self._started if each.poll() is None]
        self._started.append(process)
        return SpawnSeat(ours, process)

    def close(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            if process.poll() is None:
                _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads a group, and the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def open_host(packages: Sequence[str], *, fork: bool | None = None) -> ForkHost | SpawnHost:
    """The host for this machine; `fork` overrides what it would choose."""
    if fork is None:
        fork = sys.platform == "linux"
    return ForkHost(packages) if fork else SpawnHost(packages)


def tasks_of_this_account() -> int:
    """Threads that this account runs now, since the limit on processes counts them all."""
    total, me = 0, os.getuid()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == me:
                total += sum(1 for _ in (folder / "task").iterdir())
    return total



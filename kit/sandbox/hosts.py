"""Where a run gets its process from: forks of a warm process, or a fresh one each.

Forks are used on Linux. Elsewhere system libraries do not survive a fork, so each run pays
for its own imports.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.model import Limits
from kit.sandbox.cells import Stage
from kit.sandbox.forked import ForkHost, kill_group
from kit.sandbox.frames import Inbox
from kit.sandbox.layers import layers
from kit.sandbox.seats import Ended, Host, Place, command, environment

NO_BOX_HERE = "only Linux has what a box is made of"


@dataclass(slots=True)
class SpawnSeat:
    """A fresh process."""

    sock: Inbox
    place: Place
    process: subprocess.Popen[bytes]
    said: tuple[dict[str, Any], ...] = ()

    def signal(self, number: int) -> None:
        """Signal its process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def wait(self, seconds: float, *, keep: bool) -> Ended | None:
        """How it ended; then its group is killed."""
        del keep  # its files are in the folder already
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self.signal(signal.SIGKILL)
        return Ended(status=status)

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


class SpawnHost:
    """Starts a fresh process for each run: slow, and safe where fork is not."""

    def __init__(
        self, packages: Sequence[str], *, variables: Mapping[str, str] | None = None
    ) -> None:
        self._packages = tuple(packages)
        self._own = environment()
        self._variables = self._own if variables is None else dict(variables)
        self._started: list[subprocess.Popen[bytes]] = []
        self.dead = False
        self.layers = layers(
            ["rlimits"], "not asked for" if sys.platform == "linux" else NO_BOX_HERE)

    def await_warm(self) -> None:
        """Nothing to wait for: each run imports for itself."""

    def launch(
        self, folder: Path, limits: Limits, *, sealed: bool, stage: Stage | None = None,
        line: Sequence[int] = (), files: Mapping[str, Path] | None = None, rewinds: bool = False,
    ) -> SpawnSeat:
        """Start."""
        # Without a parent that watches, the resource limits alone hold.
        del limits, sealed, stage, files, rewinds
        ours, theirs = socket.socketpair()
        process = subprocess.Popen(
            command("once", [theirs.fileno(), *line], self._packages), env=self._variables,
            cwd=tempfile.gettempdir(), pass_fds=[theirs.fileno(), *line], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._started = [each for each in self._started if each.poll() is None]
        self._started.append(process)
        place = Place(cwd=str(folder), scratch=tempfile.mkdtemp(prefix="kit-run-"),
                      variables=self._own)
        return SpawnSeat(Inbox(ours), place, process)

    def forget(self, stages: Sequence[Stage]) -> None:
        """Nothing was kept of them."""

    def close(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            if process.poll() is None:
                kill_group(process)


def open_host(
    packages: Sequence[str], *, fork: bool | None = None, boxes: bool = True,
    variables: Mapping[str, str] | None = None,
) -> Host:
    """The host for this machine; `fork` overrides what it would choose. `variables` are the
    environment of its processes, where it is not the usual one."""
    if fork is None:
        fork = sys.platform == "linux"
    if fork:
        return ForkHost(packages, boxes=boxes, variables=variables)
    return SpawnHost(packages, variables=variables)

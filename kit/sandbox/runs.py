"""A run in a box, as its keeper sees it: from the fork to the end. The end may come after many runs
of one process, which is put back in place after each.
"""

from __future__ import annotations

import json
import math
import os
import resource
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from kit.sandbox import linux
from kit.sandbox.batches import FILES_AT_ONCE
from kit.sandbox.memory import Watch
from kit.sandbox.rewinder import Rewinder, begin
from kit.sandbox.tracing import LostError

MESSAGE_BYTES = 1 << 17

_TAKE = frozenset({"files", "run", "stage"})
"""Requests that come with descriptors."""

_WATCH_SECONDS = 0.1
_GRACE_SECONDS = 2.0
"""How long a process may compute past its limit, which it was told of."""


class Keeper(Protocol):
    """The one that a run is in the box of."""

    control: socket.socket
    trouble: str

    def do(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """What the supervisor asks for."""

    def hand_out(self, budget: int) -> None:
        """Give the supervisor what is new in the folder, up to so many bytes."""

    def take_box_away(self) -> None:
        """Once the files of a run are handed out."""

    def tell(self, message: dict[str, Any], handles: list[int] | None = None) -> None:
        """Tell the supervisor."""


@dataclass(slots=True, kw_only=True)
class Run:
    """A process that runs. `mark` leads to it where it may be put back; `before` are the seconds
    that it computed for runs before this one, `until` is how many it may have in all."""

    keeper: Keeper
    pid: int
    handle: int
    mark: socket.socket | None
    bytes: int
    watch: Watch
    why: str
    handed: bool = False
    before: float = 0.0
    until: float = math.inf
    rests: bool = False
    rewinder: Rewinder | None = None

    def follow(self) -> None:
        """Until it has ended, or has to be ended; `why` says for what reason."""
        control = self.keeper.control
        while not self.why:
            marks = [] if self.mark is None else [self.mark.fileno()]
            ready = select.select([control.fileno(), self.handle, *marks], [], [],
                                  None if self.rests else _WATCH_SECONDS)[0]
            if self.handle in ready:
                return
            if control.fileno() in ready:
                if not self._told():
                    return
            elif ready:
                self._stand()
            elif not self._watched():
                return

    def _told(self) -> bool:
        """Do what the supervisor asks for; whether it may go on."""
        message, descriptors, *_ = socket.recv_fds(
            self.keeper.control, MESSAGE_BYTES, FILES_AT_ONCE)
        if not message:
            os._exit(0)  # the supervisor is gone, and with process 1 all others go
        return all(self._does(one, taken(one, descriptors)) for one in json.loads(message))

    def _does(self, request: dict[str, Any], descriptors: list[int]) -> bool:
        match request["op"]:
            case "out":
                self.keeper.hand_out(self.bytes)
                self.handed = True
                self.keeper.tell({"handed": True})
            case "signal":
                linux.signal_group(self.pid, int(request["signal"]))
            case "back":
                return self._put_back()
            case "again":
                return self._again(request)
            case _:
                self.keeper.do(request, descriptors)
        return True

    def _watched(self) -> bool:
        _reap_but(self.pid)
        if self.watch.too_much():
            self.why = "more memory than allowed, in all its processes together"
        return not self.why and (self.until == math.inf or self._spent() <= self.until)

    def _stand(self) -> None:
        mark, self.mark = self.mark, None
        assert mark is not None
        self.rewinder = begin(self.pid, mark)
        if self.rewinder is not None:
            self.watch.apart = str(self.rewinder.twin)

    def _again(self, request: dict[str, Any]) -> bool:
        """Let it have so many seconds from now on, on that processor."""
        rested, self.rests, self.handed = self.rests, False, False
        if self.keeper.trouble:
            return False
        self.before = self._spent()
        self.until = self.before + request["seconds"] + _GRACE_SECONDS
        try:
            soft = math.ceil(self.before + request["seconds"])
            _, hard = resource.prlimit(self.pid, resource.RLIMIT_CPU)
            if hard == resource.RLIM_INFINITY or soft < hard:
                resource.prlimit(self.pid, resource.RLIMIT_CPU, (soft, hard))
            cpu = request["cpu"]
            if cpu is not None and os.sched_getaffinity(self.pid) != {cpu}:
                with suppress(OSError):  # it was taken from this machine meanwhile
                    os.sched_setaffinity(self.pid, {cpu})
            if rested and self.rewinder is not None:
                self.rewinder.go()
        except OSError:  # it has ended
            return False
        return True

    def _put_back(self) -> bool:
        """Have the process as it was when it stood; whether it is."""
        if self.rewinder is None:
            return False
        try:
            self.rewinder.back()
        except (LostError, OSError) as error:
            self.keeper.tell({"lost": str(error)})
            return False
        if not self.handed:
            self.keeper.hand_out(self.bytes)
        self.keeper.take_box_away()
        self.rests, self.until = True, math.inf
        self.keeper.tell({"back": True, "cpu": self._spent() - self.before})
        return True

    def _spent(self) -> float:
        """Seconds that it computed."""
        try:
            return time.clock_gettime(~self.pid << 3 | 2)  # CPUCLOCK_SCHED of that process
        except OSError:
            return self.before

    def close(self) -> None:
        """Let go of what it was followed by."""
        if self.mark is not None:
            self.mark.close()
        if self.rewinder is not None:
            self.rewinder.close()


def taken(request: dict[str, Any], descriptors: list[int]) -> list[int]:
    """Those of a message's descriptors that are for a request in it: one of them takes all."""
    return descriptors if request["op"] in _TAKE else []


def _reap_but(pid: int) -> None:
    """Reap what has ended and lost its parent: it counts against the limit on processes."""
    while True:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None or ended.si_pid == pid:
            return
        os.waitpid(ended.si_pid, 0)


__all__ = ["MESSAGE_BYTES", "Keeper", "Run", "taken"]

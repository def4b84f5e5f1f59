"""Processes that wait to be lent to another run of their stage."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from kit.sandbox.cells import Stage
from kit.sandbox.live import Live
from kit.sandbox.setting import Setting

MAX_RUNS = 1000
"""How many runs a process may be lent to: what libraries keep for later adds up."""

_TRIALS = 4
"""How many processes are made before it counts how often they were lent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """A process that is lent, and how many runs it served before."""

    live: Live
    runs: int = 0


class Lending:
    """Those that wait. Threads may take and give back side by side."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Stage, list[Lent]] = {}
        self._lent: dict[Stage, int] = {}
        self._ended: dict[Stage, int] = {}
        self._closed = False

    def take(self, stage: Stage, setting: Setting) -> Lent | None:
        """One that waits, made as it was in the beginning; None where there is none. It is one
        that runs on the same processor, if there is any."""
        while True:
            with self._lock:
                waiting = self._waiting.get(stage)
                if not waiting:
                    return None
                near = (at for at, one in enumerate(waiting) if one.live.cpu == setting.cpu)
                lent = waiting.pop(next(near, -1))
            began = False
            try:
                began = lent.live.begin_anew(setting)
            finally:
                if not began:
                    lent.live.end(keep=False)
            if began:
                with self._lock:
                    self._lent[stage] = self._lent.get(stage, 0) + 1
                return Lent(live=lent.live, runs=lent.runs + 1)

    def give_back(self, stage: Stage, lent: Lent, *, sound: bool) -> None:
        """Have it wait for the next; one that is not `sound` is ended."""
        with self._lock:
            if sound and lent.runs < MAX_RUNS and not self._closed:
                self._waiting.setdefault(stage, []).append(lent)
                return
            if not sound:
                self._ended[stage] = self._ended.get(stage, 0) + 1
        lent.live.end(keep=False)

    def worth(self, stage: Stage) -> bool:
        """Whether so few of its processes had to be ended that it is worth making more that can be
        lent: they cost more than others."""
        with self._lock:
            return self._ended.get(stage, 0) <= _TRIALS + 2 * self._lent.get(stage, 0)

    def waiting(self, stage: Stage) -> tuple[Lent, ...]:
        """Those of a stage."""
        with self._lock:
            return tuple(self._waiting.get(stage, ()))

    def forget(self, stages: Sequence[Stage]) -> None:
        """End those of these stages."""
        with self._lock:
            idle = [one for stage in stages for one in self._waiting.pop(stage, [])]
            for stage in stages:
                self._lent.pop(stage, None)
                self._ended.pop(stage, None)
        for one in idle:
            one.live.end(keep=False)

    def close(self) -> None:
        """End all, and those that are given back from now on."""
        with self._lock:
            self._closed = True
            stages = list(self._waiting)
        self.forget(stages)

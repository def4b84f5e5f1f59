"""Boxes: each is a keeper in namespaces of its own, which serves one run after the other."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.model import Limits
from kit.sandbox import frames, groups, root
from kit.sandbox.batches import FILES_AT_ONCE
from kit.sandbox.cells import Stage
from kit.sandbox.layers import Layers, layers
from kit.sandbox.laying import Box, Files, bring, given, lay_out, plain
from kit.sandbox.seats import Ended, Place
from kit.sandbox.setting import Setting, asked, opened
from kit.sandbox.shown import MOST_FILES, Shown

logger = logging.getLogger(__name__)

_OWN_TASKS = 2
"""The keeper and the process of the run: they count against the limit on processes, too."""

_OPEN_SECONDS = 30.0

Send = Callable[[dict[str, Any], int], None]
"""Sends the warm process a request with a descriptor."""


class Boxes:
    """The boxes of one warm process: as many as runs go on at a time."""

    def __init__(self, send: Send, base: str, variables: Mapping[str, str]) -> None:
        self._send = send
        self._base = base
        self._lock = threading.Lock()
        self._free: dict[Stage | None, list[Box]] = {}
        self._refused: dict[Stage, Stage | None] = {}
        """Stages that cannot be shared, and what is done instead."""

        self.shown = Shown()
        self.variables = variables
        self._all: list[Box] = []
        self._left: list[groups.Group] = []
        self._closed = False
        self._numbers = itertools.count(os.getpid())

    def open(self) -> Layers:
        """Try the first box; the layers that are on around it."""
        box, on = self._make()
        if on.on:
            self._free[None] = [box]
        return on

    def _make(self) -> tuple[Box, Layers]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        group, no_group = self._group()
        box = Box(ours, group=group)
        with theirs:
            self._send({"op": "keeper", "base": self._base, "number": next(self._numbers),
                        "group": str(group.folder) if group else ""}, theirs.fileno())
        ours.settimeout(_OPEN_SECONDS)
        try:
            said = json.loads(ours.recv(1 << 16) or b'{"failed": "its keeper ended"}')
        except OSError as error:
            said = {"failed": str(error)}
        ours.settimeout(None)
        if "failed" in said:
            with self._lock:
                self._part_with(box)
            box.dead = True
            return box, layers((), said["failed"])
        with self._lock:
            self._all.append(box)
        return box, layers(said["layers"], "this kernel does not have it", no_group)

    def _group(self) -> tuple[groups.Group | None, str]:
        """A control group for a box, or why there is none."""
        with self._lock:
            self._left = [one for one in self._left if not one.remove()]
        try:
            return groups.make(), ""
        except groups.NoGroupsError as error:
            return None, str(error)

    def _part_with(self, box: Box) -> None:
        """Under the lock."""
        box.control.close()
        if box.group is not None:  # its processes are on their way out
            self._left.append(box.group)

    def seat(
        self, folder: Path, limits: Limits, stage: Stage | None = None, line: Sequence[int] = (),
        files: Files | None = None, *, rewinds: bool = False,
    ) -> SealedSeat:
        """A box with the files of `folder`, or with others, and a process in it. Raises
        GradingError.

        The process comes from the stage, unless that cannot be shared.
        """
        wanted = self._refused.get(stage, stage) if stage is not None else None
        box = self._take(wanted)
        if box is None:
            box, on = self._make()
            if box.dead:
                raise GradingError(f"no box could be made: {'; '.join(on.off.values())}",
                                   hint="kit doctor shows what of the sandbox works")
            if wanted is not None:
                why, files_change = _set_up(box, wanted, self.variables)
                if why:
                    logger.info("runs do not share what begins them: %s", why)
                    box.dead = True
                    self.take_back(box)
                    self._refused[wanted] = (
                        replace(wanted, cells=()) if wanted.cells and not files_change else None)
                    return self.seat(folder, limits, self._refused[wanted], line, files,
                                     rewinds=rewinds)
        new = sorted(self.shown.wanted(box.stage) - box.knows)[:MOST_FILES - len(box.knows)]
        if new:
            box.tell({"op": "know", "files": new})
            box.knows |= set(new)
        return _sit_down(self, box, folder, limits, line, given(folder, files), rewinds=rewinds)

    def _take(self, stage: Stage | None) -> Box | None:
        with self._lock:
            free = self._free.get(stage)
            return free.pop() if free else None

    def take_back(self, box: Box) -> None:
        """A box whose run has ended."""
        with self._lock:
            if box.dead or self._closed:
                self._all.remove(box)
                self._part_with(box)
            else:
                self._free.setdefault(box.stage, []).append(box)

    def forget(self, stages: Sequence[Stage]) -> None:
        """End the keepers of stages that no run is to come from any more."""
        with self._lock:
            instead = [self._refused.pop(stage, None) for stage in stages]
            for box in [box for one in (*stages, *instead) if one is not None
                        for box in self._free.pop(one, [])]:
                self._all.remove(box)
                self._part_with(box)

    def close(self) -> None:
        """End every keeper; with it goes all that runs in its box."""
        with self._lock:
            self._closed = True
            for box in self._all:
                with contextlib.suppress(OSError):
                    box.control.shutdown(socket.SHUT_RDWR)
            for box in [box for free in self._free.values() for box in free]:
                self._all.remove(box)
                self._part_with(box)
            self._free.clear()

    def tidy(self) -> None:
        """Once no process is left: remove the groups of all boxes."""
        with self._lock:
            for one in (*self._left, *(box.group for box in self._all if box.group)):
                one.remove(groups.END_SECONDS)


@dataclass(slots=True)
class SealedSeat:
    """A run in a box."""

    sock: frames.Inbox
    place: Place
    box: Box
    boxes: Boxes
    folder: Path
    budget: int
    ended: Ended | None = None
    left: bool = False
    handed: bool = False
    said: tuple[dict[str, Any], ...] = ()
    rested: Ended | None = None
    fresh: bool = True

    def signal(self, number: int) -> None:
        """Ask the keeper to send it."""
        if self.ended is None:
            self.box.tell({"op": "signal", "signal": int(number)})

    def hand_out(self, seconds: float, *, keep: bool) -> None:
        """Put its files into the folder now if they are to be kept, and none that it changes from
        now on."""
        self.box.tell({"op": "out"})
        self._listen(seconds, keep=keep, till_handed=True)

    def wait(self, seconds: float, *, keep: bool) -> Ended | None:
        """How it ended; its files arrive before that word, and go where they belong."""
        return self._listen(seconds, keep=keep)

    def rest(self, seconds: float, *, keep: bool) -> Ended | None:
        """Have the keeper put the process back; what the run was, or None where it has to be
        ended."""
        self.box.tell({"op": "back"})
        self._listen(seconds, keep=keep, till_rested=True)
        return self.rested

    def again(self, folder: Path, files: Files | None, limits: Limits, cpu: int | None) -> None:
        """Lay the files out for another run, and let it compute on that processor. Raises
        GradingError."""
        again = {"op": "again", "seconds": limits.cpu_seconds, "cpu": cpu}
        if not self.fresh:
            self.place, self.folder = _place(folder, self.boxes.variables), folder
            self.budget = 2 * limits.file_bytes
            self.handed, self.rested = False, None
            lay_out(self.box, folder, limits, given(folder, files), then=[again])
        else:
            self.box.tell(again)
        self.fresh = False

    def _listen(
        self, seconds: float, *, keep: bool, till_handed: bool = False, till_rested: bool = False,
    ) -> Ended | None:
        until = time.monotonic() + seconds
        while (self.ended is None and not (till_handed and self.handed)
               and not (till_rested and self.rested)):
            left = until - time.monotonic()
            if left <= 0:
                return None
            self.box.control.settimeout(left)
            try:
                message, handles, *_ = socket.recv_fds(self.box.control, 1 << 17, FILES_AT_ONCE)
            except TimeoutError:
                return None
            except OSError:
                message, handles = b"", []
            self._hear(message, handles, keep)
        return self.ended

    def _hear(self, message: bytes, handles: list[int], keep: bool) -> None:
        said = json.loads(message) if message else {}
        if "files" in said:
            self._bring_all(zip(said["files"], handles, strict=False) if keep else ())
            for one in handles:
                os.close(one)
        elif "handed" in said:
            self.handed = True
        elif "back" in said:
            self.rested = Ended(status=0, cpu_seconds=said["cpu"])
        elif "lost" in said:
            logger.info("a process was not put back: %s", said["lost"])
        elif "ended" in said:
            self.ended = Ended(status=said["status"], cpu_seconds=said["cpu"], why=said["why"])
            self.box.dead = self.box.dead or said["spoiled"]
        else:
            self.box.dead = True
            self.ended = Ended(status=None)

    def _bring_all(self, files: Iterable[tuple[str, int]]) -> None:
        # At once: a run may leave more of them than this process may hold open.
        for name, handle in files:
            self.folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):
                self.budget -= bring(name, handle, self.folder, self.budget)

    def leave(self, files: Set[str] = frozenset()) -> None:
        """Give the box back, and have it know the files."""
        if self.left:
            return
        self.left = True
        if self.ended is None:
            self.box.dead = True  # in the middle of a run nobody waits for
        self.box.control.settimeout(None)
        self.boxes.shown.tell(self.box.stage, files)
        self.boxes.take_back(self.box)


def _sit_down(
    boxes: Boxes, box: Box, folder: Path, limits: Limits, line: Sequence[int],
    files: Files, *, rewinds: bool,
) -> SealedSeat:
    ours, theirs = socket.socketpair()
    seat = SealedSeat(
        sock=frames.Inbox(ours), place=_place(folder, boxes.variables), box=box, boxes=boxes,
        folder=folder, budget=2 * limits.file_bytes, said=box.said)
    with theirs:
        try:
            lay_out(box, folder, limits, files)
            box.tell({"op": "run", "memory": limits.memory_bytes, "bytes": 2 * limits.file_bytes,
                      "rewinds": rewinds}, handles=[theirs.fileno(), *line])
        except BaseException:
            seat.sock.close()
            box.dead = True
            boxes.take_back(box)
            raise
    return seat


def _place(folder: Path, variables: Mapping[str, str]) -> Place:
    return Place(cwd=f"{root.BOX}/{plain(folder.name)}", scratch=root.TEMPORARY,
                 variables=variables, tasks=_OWN_TASKS)


def _set_up(
    box: Box, stage: Stage, variables: Mapping[str, str]
) -> tuple[str, bool]:
    """Have the keeper do what the stage says; why it cannot be shared, or "", and whether each run
    is to have files of its own."""
    ours, theirs = socket.socketpair()
    place = _place(stage.folder, variables)
    opening = opened(Setting(cwd=stage.folder, limits=stage.limits, env=stage.env), place,
                     boxed=True)
    until = time.monotonic() + _OPEN_SECONDS + stage.limits.cell_seconds * len(stage.cells)
    with frames.Inbox(ours) as inbox:
        with theirs:
            lay_out(box, stage.folder, stage.limits, given(stage.folder, None))
            box.tell({"op": "stage"}, handles=[theirs.fileno()])
        try:
            frames.send(inbox, {**opening, "stored": stage.stored, "cells": [
                asked(code, index) for index, code in enumerate(stage.cells) if not code.blank],
                "seconds": stage.limits.cell_seconds * len(stage.cells)})
            box.said = tuple(frames.receive(inbox, deadline=until)["frames"])
        except frames.ClosedError:
            pass  # it says why
        except frames.LateError:
            return "it takes too long", False
    box.control.settimeout(_OPEN_SECONDS)
    try:
        answer = json.loads(box.control.recv(1 << 16) or b"{}")
    except OSError:
        answer = {}
    box.control.settimeout(None)
    box.stage, box.shared = stage, frozenset(answer.get("shared", ()))
    if answer.get("staged"):
        return "", False
    return str(answer.get("failed") or "its keeper ended"), bool(answer.get("files"))

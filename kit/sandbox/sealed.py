"""Boxes: each is a keeper in namespaces of its own, which serves one run after the other."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import logging
import os
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from kit.errors import GradingError
from kit.model import Limits
from kit.sandbox import frames, root
from kit.sandbox.batches import FILES_AT_ONCE, LONGEST_NAME, batches
from kit.sandbox.cells import Stage
from kit.sandbox.layers import Layers, layers
from kit.sandbox.seats import Ended, Place
from kit.sandbox.setting import Setting, asked, opened
from kit.sandbox.shown import MOST_FILES, Shown

logger = logging.getLogger(__name__)

MAX_FILES = 5000
"""Files that a run is given at most."""

_OWN_TASKS = 2
"""The keeper and the process of the run: they count against the limit on processes, too."""

_LEFT_OUT = frozenset({".git", "__pycache__", ".ipynb_checkpoints", ".venv", "node_modules"})
_OPEN_SECONDS = 30.0

Files = Mapping[str, str | Path]
"""Where files lie, by the names that a run finds them under."""

Send = Callable[[dict[str, Any], int], None]
"""Sends the warm process a request with a descriptor."""


@dataclass(slots=True)
class Box:
    """A keeper, and the channel to it."""

    control: socket.socket
    dead: bool = False
    stage: Stage | None = None
    said: tuple[dict[str, Any], ...] = ()
    """What the cells of the stage put out."""

    shared: frozenset[str] = frozenset()
    """Files of the stage that it has for all its runs."""

    knows: frozenset[str] = frozenset()
    """Files of libraries that its runs find taken apart."""

    def tell(self, message: dict[str, Any], handles: list[int] | None = None) -> None:
        """Send; a keeper that is gone shows when it is waited for."""
        try:
            socket.send_fds(self.control, [json.dumps(message).encode()], handles or [])
        except OSError:
            self.dead = True


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
        box = Box(ours)
        with theirs:
            self._send({"op": "keeper", "base": self._base, "number": next(self._numbers)},
                       theirs.fileno())
        ours.settimeout(_OPEN_SECONDS)
        try:
            said = json.loads(ours.recv(1 << 16) or b'{"failed": "its keeper ended"}')
        except OSError as error:
            said = {"failed": str(error)}
        ours.settimeout(None)
        if "failed" in said:
            ours.close()
            box.dead = True
            return box, layers((), said["failed"])
        with self._lock:
            self._all.append(box)
        return box, layers(said["layers"], "this kernel does not have it")

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
        return _sit_down(self, box, folder, limits, line, _given(folder, files), rewinds=rewinds)

    def _take(self, stage: Stage | None) -> Box | None:
        with self._lock:
            free = self._free.get(stage)
            return free.pop() if free else None

    def take_back(self, box: Box) -> None:
        """A box whose run has ended."""
        with self._lock:
            if box.dead or self._closed:
                self._all.remove(box)
                box.control.close()
            else:
                self._free.setdefault(box.stage, []).append(box)

    def forget(self, stages: Sequence[Stage]) -> None:
        """End the keepers of stages that no run is to come from any more."""
        with self._lock:
            instead = [self._refused.pop(stage, None) for stage in stages]
            for box in [box for one in (*stages, *instead) if one is not None
                        for box in self._free.pop(one, [])]:
                self._all.remove(box)
                box.control.close()

    def close(self) -> None:
        """End every keeper; with it goes all that runs in its box."""
        with self._lock:
            self._closed = True
            for box in self._all:
                with contextlib.suppress(OSError):
                    box.control.shutdown(socket.SHUT_RDWR)
            for box in [box for free in self._free.values() for box in free]:
                self._all.remove(box)
                box.control.close()
            self._free.clear()


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

    def hand_out(self, seconds: float) -> None:
        """Put its files into the folder now, and none that it changes from now on."""
        self.box.tell({"op": "out"})
        self._listen(seconds, keep=True, till_handed=True)

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
        if not self.fresh:
            self.place, self.folder = _place(folder, self.boxes.variables), folder
            self.budget = 2 * limits.file_bytes
            self.handed, self.rested = False, None
            _lay_out(self.box, folder, limits, _given(folder, files))
        self.fresh = False
        self.box.tell({"op": "again", "seconds": limits.cpu_seconds, "cpu": cpu})

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
                self.budget -= _bring(name, handle, self.folder, self.budget)

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
            _lay_out(box, folder, limits, files)
            box.tell({"op": "run", "memory": limits.memory_bytes, "bytes": 2 * limits.file_bytes,
                      "rewinds": rewinds}, [theirs.fileno(), *line])
        except BaseException:
            seat.sock.close()
            box.dead = True
            boxes.take_back(box)
            raise
    return seat


def _place(folder: Path, variables: Mapping[str, str]) -> Place:
    return Place(cwd=f"{root.BOX}/{_plain(folder.name)}", scratch=root.TEMPORARY,
                 variables=variables, tasks=_OWN_TASKS)


def _lay_out(box: Box, folder: Path, limits: Limits, files: Files) -> None:
    """Have the box made, with these files in it. Raises GradingError."""
    if len(files) > MAX_FILES:
        raise GradingError(f"more than {MAX_FILES:,} files beside the notebook",
                           where=str(folder), hint="move what it does not need elsewhere")
    shared = {name for name, path in files.items() if _same_file(box, name, path)}
    box.tell({"op": "box", "bytes": _bytes(files.values()) + 2 * limits.file_bytes,
              "name": _plain(folder.name)})
    for names in batches(list(files)):
        _give(box, {name: files[name] for name in names if name not in shared},
              [name for name in names if name in shared])


def _same_file(box: Box, name: str, path: str | Path) -> bool:
    """Whether a file is the very one that the box has already."""
    if name not in box.shared or box.stage is None:
        return False
    with contextlib.suppress(OSError):
        mine, its = os.lstat(path), (box.stage.folder / name).lstat()
        return (mine.st_dev, mine.st_ino) == (its.st_dev, its.st_ino)
    return False


def _bytes(files: Iterable[str | Path]) -> int:
    """What the files take in a box."""
    size = 0
    for path in files:
        with contextlib.suppress(OSError):
            size += os.lstat(path).st_size + 4096
    return size


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
            _lay_out(box, stage.folder, stage.limits, _files_in(stage.folder))
            box.tell({"op": "stage"}, [theirs.fileno()])
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


def _plain(name: str) -> str:
    """A name for the working folder: the folder's own, where that is an ordinary one."""
    good = name and not name.startswith(".") and len(name.encode()) < 200 and name.isprintable()
    return name if good else "work"


def _files_in(folder: Path) -> dict[str, str]:
    """The files that a run on a folder is given, and one more where those are too many."""
    return dict(itertools.islice(_walk(str(folder)), MAX_FILES + 1))


def _given(folder: Path, files: Files | None) -> Files:
    """The files that a run is given."""
    if files is None:
        return _files_in(folder)
    return {name: path for name, path in files.items()
            if "/" not in name or _LEFT_OUT.isdisjoint(name.split("/")[:-1])}


def _walk(folder: str) -> Iterator[tuple[str, str]]:
    """(relative name, path) of files; as text, since a deep path has many parts."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        # A folder that is too deep has no name that can be opened.
        with contextlib.suppress(OSError), os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _LEFT_OUT:
                        waiting.append(f"{inside}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    name = inside + entry.name
                    yield name, f"{folder}/{name}"


def _give(box: Box, files: Files, shared: list[str]) -> None:
    handles: list[int] = []
    given: list[str] = []
    try:
        for name, path in files.items():
            try:
                handles.append(os.open(path, os.O_RDONLY | os.O_NOFOLLOW))
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    raise
            else:
                given.append(name)
        box.tell({"op": "files", "names": given, "shared": shared}, handles)
    finally:
        for one in handles:
            os.close(one)


def _bring(name: str, handle: int, folder: Path, budget: int) -> int:
    """Copy a file of the run to its name in `folder`; its bytes. It replaces what is there."""
    told = os.fstat(handle)
    parts = PurePosixPath(name).parts
    if (not stat.S_ISREG(told.st_mode) or told.st_size > budget or len(name) > LONGEST_NAME
            or not parts or ".." in parts or name.startswith("/") or "\0" in name):
        return 0
    target = folder
    for part in parts[:-1]:
        target /= part
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            return 0
        target.mkdir(exist_ok=True)
    target /= parts[-1]
    if target.is_dir() and not target.is_symlink():
        return 0
    number, beside = tempfile.mkstemp(dir=target.parent, prefix=".kit-")
    try:
        with os.fdopen(number, "wb") as out:
            left = told.st_size
            while left and (piece := os.read(handle, min(left, 1 << 20))):
                out.write(piece)
                left -= len(piece)
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return told.st_size



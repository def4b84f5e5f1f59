"""The keeper of a box: a fork of the warm process that is process 1 of its own namespaces.

It never runs a cell. For each run it makes the box, forks the process that seals itself and
runs the cells, and when that one ends kills whatever is left, hands out the files that are new,
and takes the box away. What it hears comes from the supervisor alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.sandbox import frames, groups, handing, layers, linux, pages, root
from kit.sandbox.batches import FILES_AT_ONCE, batches
from kit.sandbox.child import serve
from kit.sandbox.linux import close_but
from kit.sandbox.memory import Watch
from kit.sandbox.runs import MESSAGE_BYTES, Run, taken
from kit.sandbox.seal import Seal, make_seal
from kit.sandbox.shown import take_apart
from kit.sandbox.stage import NotSharedError, stage
from kit.sandbox.warm import Warm

INSIDE = 1000
"""The user and group that a run is, seen from inside."""

_NOBODIES = range(65520, 65534)
"""What that user is outside when the supervisor is root, whom no limit on processes binds. What
the kernel counts by user, boxes side by side do not share."""

_NEW = (linux.CLONE_NEWUSER | linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET
        | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS)

LARGE = 1 << 20
"""Bytes from which a file is laid out once for all runs of a stage, and cannot be written."""

_THE_GRADEBOOK, _ITS_KEEPER = "500", "1000"
"""What a box, and what a run in it goes before, where memory runs out."""


def begin(descriptor: int, parent: int, asked: dict[str, Any], warm: Warm) -> None:
    """In a fork of the warm process: enter the namespaces and keep a box. Does not return.

    The process of the keeper is written to the descriptor `parent`. What is `asked` has the folder
    on which a root is built, a number that no box beside it has, and the control group, or "".
    """
    control = socket.socket(fileno=descriptor)
    # A run cannot send process 1 any signal that it does not handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _go_before(_THE_GRADEBOOK)
    try:
        group = [layers.GROUP] if asked["group"] and groups.join(asked["group"]) else []
        folders = root.needed()
        _enter(asked["base"], folders, asked["number"])
        pid = os.fork()
        if pid:
            os.write(parent, str(pid).encode())
            os._exit(0)  # the keeper must be the first process of the new namespace
        os.close(parent)
        seal = _settle()
        control.send(json.dumps({"layers": [
            *(f"{name} namespace" for name in layers.NAMESPACES), "private files",
            "no capabilities", *seal.layers, "rlimits", *group]}).encode())
        _Keeper(control, warm, seal, folders).keep()
    except OSError as error:
        with contextlib.suppress(OSError):
            control.send(json.dumps({"failed": str(error)}).encode())
    finally:
        os._exit(0)


def _go_before(whom: str) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(whom, encoding="ascii")


def _enter(base: str, folders: Sequence[str], number: int) -> None:
    if os.geteuid() == 0:
        # As root the files are laid out first: an interpreter in root's home is bound, not
        # walked to. Then root is given up for good.
        linux.unshare(linux.CLONE_NEWNS)
        root.build(base, folders)
        os.setgroups([])
        nobody = _NOBODIES[number % len(_NOBODIES)]
        os.setresgid(nobody, nobody, nobody)
        os.setresuid(nobody, nobody, nobody)
        linux.prctl(linux.PR_SET_DUMPABLE, 1)
        _unshare()
    else:
        _unshare()
        root.build(base, folders)


def _unshare() -> None:
    user, group = os.geteuid(), os.getegid()
    linux.unshare(_NEW)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE} {user} 1"),
                       ("gid_map", f"{INSIDE} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


def _settle() -> Seal:
    root.mount_own()
    socket.sethostname("box")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        # The network of the box is its own loopback, which servers of a notebook may use.
        fcntl.ioctl(link, 0x8914, struct.pack("16sH22x", b"lo", 0x41))
    with contextlib.suppress(OSError):
        # A closed connection would hold its port for a minute, past the run that made it.
        Path("/proc/sys/net/ipv4/tcp_max_tw_buckets").write_text("0", encoding="ascii")
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    linux.bound_capabilities()
    return make_seal(["/"], root.WRITABLE, network=True)


@dataclass(slots=True)
class _Keeper:
    """Serves one run after the other."""

    control: socket.socket
    warm: Warm
    seal: Seal
    folders: Sequence[str]
    cwd: str = root.BOX
    folder: tuple[int, int] = (0, 0)
    given: dict[str, tuple[int, int]] = field(default_factory=dict)
    trouble: str = ""
    laid: bool = False
    """Whether there is a box."""

    def keep(self) -> None:
        """Until the supervisor closes its end."""
        while True:
            message, descriptors, *_ = socket.recv_fds(self.control, MESSAGE_BYTES, FILES_AT_ONCE)
            if not message:
                return
            for request in json.loads(message):
                self.do(request, taken(request, descriptors))

    def do(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """What the supervisor asks for."""
        try:
            getattr(self, f"_{request['op']}")(request, descriptors)
        except OSError as error:
            if request["op"] == "run":
                raise
            self.trouble = self.trouble or f"its files could not be laid out: {error.strerror}"
            for one in descriptors:
                with contextlib.suppress(OSError):
                    os.close(one)

    def _box(self, request: dict[str, Any], descriptors: list[int]) -> None:
        del descriptors
        self.given, self.trouble = {}, ""
        self.take_box_away()  # of a process that ended while it rested
        self.laid = True
        root.mount_box(int(request["bytes"]), self.folders)
        self.cwd = f"{root.BOX}/{request['name']}"
        os.mkdir(self.cwd)  # noqa: PTH102 - names here are text: each run pays for a Path
        self.folder = handing.identity(self.cwd)

    def _files(self, request: dict[str, Any], descriptors: list[int]) -> None:
        for name, source in zip(request["names"], descriptors, strict=True):
            target = self._place(name)
            mode = 0o644 | (os.fstat(source).st_mode & 0o111)
            out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
            try:
                while os.sendfile(out, source, None, 1 << 26):
                    pass
                told = os.fstat(out)
                self.given[name] = (told.st_mtime_ns, told.st_size)
            finally:
                os.close(out)
                os.close(source)
        for name in request["shared"]:
            target = self._place(name)
            root.show_staged(name, Path(target))
            self.given[name] = handing.told(target)

    def _place(self, name: str) -> str:
        """The path of a file of that name, in a folder that is there."""
        if "/" in name:
            Path(self.cwd, name).parent.mkdir(parents=True, exist_ok=True)
        return f"{self.cwd}/{name}"

    def _stage(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Do once what the runs to come have in common."""
        del request
        try:
            with socket.socket(fileno=descriptors[0]) as sock:
                self.warm = stage(sock, self.warm)
            large = self._large()
            if large:
                root.keep_staged(large)
            self.take_box_away()
        except (NotSharedError, frames.ClosedError, OSError) as error:
            self.tell({"failed": str(error), "files": getattr(error, "files", False)})
            os._exit(0)
        self.tell({"staged": True, "shared": sorted(large)})

    def _know(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Take files of libraries apart for the runs to come."""
        del descriptors
        take_apart(request["files"])
        pages.settle()

    def _large(self) -> dict[str, Path]:
        """The files worth sharing, of those that were given and are as they were."""
        return {name: Path(self.cwd, name) for name, told in self.given.items()
                if told[1] >= LARGE and handing.told(f"{self.cwd}/{name}") == told}

    def _late(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """For a run that has ended meanwhile."""

    _signal = _out = _back = _again = _late

    def _run(self, request: dict[str, Any], descriptors: list[int]) -> None:
        spent = _spent()
        ours, theirs = (socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        if request["rewinds"] and self.seal.still else (None, None))
        pid = self._fork(descriptors, theirs)
        for one in descriptors:
            os.close(one)
        if theirs is not None:
            theirs.close()
        handle = os.pidfd_open(pid)
        run = Run(keeper=self, pid=pid, handle=handle, mark=ours, bytes=int(request["bytes"]),
                  watch=Watch(pid=pid, memory=int(request["memory"])), why=self.trouble)
        try:
            run.follow()
        finally:
            os.close(handle)
            run.close()
        status = _end(pid)
        if not (run.handed or run.rests):
            self.hand_out(run.bytes)
        self.take_box_away()
        self.tell({"ended": True, "status": status, "cpu": _spent() - spent - run.before,
                  "why": self.trouble or run.why, "spoiled": bool(self.trouble)})

    def _fork(self, descriptors: list[int], mark: socket.socket | None) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            os.setsid()
            linux.prctl(linux.PR_SET_DUMPABLE, 1)
            _go_before(_ITS_KEEPER)
            marks = [] if mark is None else [mark.fileno()]
            close_but(*descriptors, *marks, self.seal.rules)
            sock, *line = [socket.socket(fileno=one) for one in descriptors]
            serve(sock, self.warm, self.seal, line[0] if line else None, mark)
            code = 0
        finally:
            os._exit(code)

    def hand_out(self, budget: int) -> None:
        """Give the supervisor what is new in the folder, up to so many bytes."""
        # What stands in the place of the folder may be a link, and leads anywhere.
        if handing.identity(self.cwd) != self.folder:
            return
        for names in batches(handing.new_files(self.cwd, self.given, budget)):
            given, handles = handing.opened(self.cwd, names)
            self.tell({"files": given}, handles)
            for one in handles:
                os.close(one)

    def take_box_away(self) -> None:
        """Once the files of a run are handed out."""
        if self.laid:
            self.laid = False
            root.take_box_away()

    def tell(self, message: dict[str, Any], handles: list[int] | None = None) -> None:
        """Tell the supervisor."""
        with contextlib.suppress(OSError):  # it is gone: the next read tells
            socket.send_fds(self.control, [json.dumps(message).encode()], handles or [])


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _end(pid: int) -> int:
    """Kill every process of the box; how the first one ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    status = 0
    while True:
        try:
            one, raw = os.waitpid(-1, 0)
        except ChildProcessError:
            return status
        if one == pid:
            status = os.waitstatus_to_exitcode(raw)


__all__ = ["INSIDE", "LARGE", "begin"]

"""The warm process: imports once, runs nothing of a learner, and forks one child a submission.

    python -P -m kit.sandbox fork FD        serve requests on the control socket FD
    python -P -m kit.sandbox once FD[,FD]   be the process of one submission on FD, with a line to
                                            another

It also reaps: when a submission ends, its whole process tree is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.sandbox import keeper, linux, root
from kit.sandbox.child import serve
from kit.sandbox.seal import Seal, make_seal
from kit.sandbox.warm import Warm
from kit.sandbox.warming import warm_up

_WATCH_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class Run:
    """A child that is alive."""

    id: int
    pid: int
    handle: int
    processes: int
    why: str = ""


def once(argv: list[str]) -> int:
    """Be the process of one run."""
    sock, *line = [socket.socket(fileno=int(one)) for one in argv[0].split(",")]
    warm = warm_up(argv[1:], [])
    linux.close_but(sock.fileno(), *(one.fileno() for one in line))
    serve(sock, warm, None, *line)
    return 0


def main(descriptor: int, warm: Warm) -> int:
    """Serve until the engine closes its end."""
    sock = socket.socket(fileno=descriptor)
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    sock.send(json.dumps({"warm": True, "seal": list(_seal([]).layers)}).encode())
    _serve(sock, warm)
    os._exit(0)  # taking down the interpreter and its imports costs who waits a quarter second


def _seal(write: list[str]) -> Seal:
    """The seal of a run without a box, which may write to these folders."""
    devices = [path for path in root.WRITABLE if path.startswith("/dev")]
    return make_seal([*root.SYSTEM, *root.needed(), "/etc", "/proc", "/dev"],
                     [*write, *devices, "/dev/shm"], network=False)  # noqa: S108 - no file in it


def _serve(control: socket.socket, warm: Warm) -> None:
    live: dict[int, Run] = {}
    try:
        _answer(control, warm, live, set())
    finally:
        for pid in live:
            linux.signal_group(pid, signal.SIGKILL)
        _sweep(set(), set())  # runs, what left their groups, and keepers


def _answer(
    control: socket.socket, warm: Warm, live: dict[int, Run], keepers: set[int]
) -> None:
    buffer_size = 65536
    while True:
        handles = [run.handle for run in live.values() if run.handle >= 0]
        select.select([control.fileno(), *handles], [], [], _WATCH_SECONDS if live else None)
        _reap(control, live, keepers)
        _watch(live)
        if not select.select([control], [], [], 0)[0]:
            continue
        message, descriptors, *_ = socket.recv_fds(control, buffer_size, 2)
        if not message:
            return
        request = json.loads(message)
        if request["op"] == "run":
            run = _fork(descriptors, request, warm)
            live[run.pid] = run
        elif request["op"] == "keeper":
            keepers.add(_keep(descriptors[0], request, warm))
        else:
            _signal(live, request)


def _keep(descriptor: int, request: dict[str, Any], warm: Warm) -> int:
    """Start a keeper; its process, which becomes a child of this one, or 0."""
    told, tell = os.pipe()
    between = os.fork()
    if between == 0:
        try:
            os.setsid()
            linux.close_but(descriptor, tell)
            keeper.begin(descriptor, tell, request, warm)
        finally:
            os._exit(1)
    os.close(descriptor)
    os.close(tell)
    said = os.read(told, 32)
    os.close(told)
    os.waitpid(between, 0)
    return int(said or b"0")


def _fork(
    descriptors: list[int], request: dict[str, Any], warm: Warm
) -> Run:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            os.setsid()
            linux.close_but(*descriptors)
            seal = _seal(request["write"]) if request["sealed"] else None
            sock, *line = [socket.socket(fileno=one) for one in descriptors]
            serve(sock, warm, seal, *line)
            code = 0
        finally:
            os._exit(code)
    for one in descriptors:
        os.close(one)
    handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
    return Run(id=request["id"], pid=pid, handle=handle, processes=request["processes"])


def _signal(live: dict[int, Run], request: dict[str, Any]) -> None:
    for run in live.values():
        if run.id == request["id"]:
            linux.signal_group(run.pid, request["signal"])


def _reap(control: socket.socket, live: dict[int, Run], keepers: set[int]) -> None:
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        keepers.discard(pid)
        run = live.pop(pid, None)
        if run is None:
            continue
        if run.handle >= 0:
            os.close(run.handle)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        _sweep(set(live), keepers)
        frames_out = {"ended": run.id, "status": os.waitstatus_to_exitcode(status),
                      "cpu": usage.ru_utime + usage.ru_stime, "why": run.why}
        with contextlib.suppress(OSError):  # the engine is gone: the next read tells
            control.send(json.dumps(frames_out).encode())


def _watch(live: dict[int, Run]) -> None:
    for run in live.values():
        if len(_descendants(run.pid, run.processes + 1)) > run.processes:
            run.why = f"more than {run.processes} processes"
            linux.signal_group(run.pid, signal.SIGKILL)


def _sweep(live: set[int], keepers: set[int]) -> None:
    """Kill what a finished submission left behind: it became a child of this process."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        orphans = [pid for pid in _children(os.getpid())
                   if pid not in keepers and not _belongs(pid, live)]
        if not orphans:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        for pid in orphans:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _belongs(pid: int, live: set[int]) -> bool:
    if pid in live:
        return True
    try:
        return os.getsid(pid) in live
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text().split()]
    return found


def _descendants(pid: int, enough: int) -> list[int]:
    found: list[int] = []
    level = [pid]
    while level and len(found) < enough:
        level = [child for parent in level for child in _children(parent)]
        found += level
    return found


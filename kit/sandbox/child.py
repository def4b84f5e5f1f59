"""The process of one submission: takes cells one by one, runs them, hands back what came out.

A cell arrives when its turn has come, so code that runs earlier cannot read later ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from kit.sandbox import forks, frames, guard, interrupts, kernel, mapping, rewind, stored
from kit.sandbox.desk import Desk
from kit.sandbox.guard import Variables
from kit.sandbox.lasting import Origin, chance
from kit.sandbox.memory import address_space
from kit.sandbox.ordinary import run_ordinary
from kit.sandbox.processor import stay_on
from kit.sandbox.recorder import Recorder
from kit.sandbox.rewind import Stood
from kit.sandbox.seal import Seal
from kit.sandbox.streams import Stream
from kit.sandbox.warm import Warm

_GROWTH = 8
"""A process that lasts may grow by this part of a run's memory, and then ends."""

MOST_TURNS = 100
"""How many turns of the event loop tasks get between two cells."""


def serve(
    sock: socket.socket, warm: Warm, seal: Seal | None = None, line: socket.socket | None = None,
    mark: socket.socket | None = None,
) -> None:
    """Run one submission under the seal. The first frame states the run, each further one is
    a cell. `line` leads to another run, `mark` to a keeper that can put this process back in
    place."""
    try:
        forks.begin_run()
        run = frames.receive(sock)
        # What the author's cells hold could not be given up in a process that stands.
        small = warm.held <= run["limits"]["memory_bytes"] // _GROWTH
        stands = _made_ready(sock, mark, seal, small=small)
        _settle(run, warm)
        desk = Desk(sock, warm, line)
        if seal is not None:
            seal.put_on()
            mapping.put_in()
        # What a cell forks runs on in the shell like its parent: it must not answer for it.
        os.register_at_fork(after_in_child=desk.leave)
        if run.get("kernel"):
            from kit.sandbox import foreign

            foreign.serve(sock, run)
            return
        # Not before: a file beside the notebook may have the name of a module.
        if warm.begun:  # it stood there when the first cells ran
            kernel.be_this_process(warm.kernel)
        else:
            kernel.start_here(warm.kernel)
        if run.get("watched") is not None:
            desk.origin = Origin(warm, run["watched"], run["limits"]["memory_bytes"] // _GROWTH)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(_cells(sock, warm, run, desk, stands))
    except frames.ClosedError:
        # The engine has all it wanted, or is gone.
        return


def _made_ready(
    sock: socket.socket, mark: socket.socket | None, seal: Seal | None, *, small: bool
) -> Callable[[], Stood] | None:
    """What has this process stand once it is ready, if it can."""
    if mark is None or seal is None:
        return None
    handle = rewind.ready() if small else -1
    if handle < 0:
        mark.close()
        return None
    return partial(rewind.stand, mark, handle, seal.still, sock)


def _settle(run: dict[str, Any], warm: Warm) -> None:
    # A kernel of its own may map far more than it uses; a box watches what is used.
    lasts = run.get("watched") is not None
    _limit(run["limits"], mapped=not (run.get("kernel") and run["boxed"]), lasts=lasts,
           timed=not (lasts or run["rewinds"]))
    if lasts:
        _allow_computing(run["limits"])
    stay_on(run["cpu"])
    enter(run, warm)
    chance(warm)


def enter(
    run: dict[str, Any], warm: Warm, variables: Mapping[str, str] = os.environ
) -> None:
    """Be where the run is to be: its folder, variables, and streams. `variables` are those that
    there are."""
    scratch = run["scratch"]
    _set_variables(run["env"], variables)
    os.chdir(run["cwd"])
    tempfile.tempdir = run["env"].get("TMPDIR")  # what a kernel finds at its first cell
    sys.argv = [f"{scratch}/ipykernel_launcher.py", "-f", f"{scratch}/kernel.json"]
    _open_streams(scratch, warm.recorder)
    warm.recorder.allow(int(run["limits"]["output_bytes"]))


def _set_variables(wanted: dict[str, str], there: Mapping[str, str]) -> None:
    for name in [name for name in there if name not in wanted]:
        del os.environ[name]
    for name, value in wanted.items():
        if there.get(name) != value:
            os.environ[name] = value


def _limit(
    limits: dict[str, Any], *, mapped: bool = True, lasts: bool = False, timed: bool = True
) -> None:
    if timed:
        cpu = max(1, int(limits["cpu_seconds"]))
        _lower(resource.RLIMIT_CPU, cpu, spare=2)
    _lower(resource.RLIMIT_FSIZE, int(limits["file_bytes"]))
    _lower(resource.RLIMIT_CORE, 1)  # a handler of core dumps is told of 0, and not of 1
    for name in ("RLIMIT_RTPRIO", "RLIMIT_NICE"):
        if hasattr(resource, name):
            _lower(getattr(resource, name), 0)
    _lower(resource.RLIMIT_NOFILE, 512)
    if mapped:
        # What the warm process mapped does not count against the submission.
        room = int(limits["memory_bytes"])
        _lower(resource.RLIMIT_AS, address_space() + room, spare=room // _GROWTH if lasts else 0)
    if limits.get("uid_processes"):
        _lower(resource.RLIMIT_NPROC, int(limits["uid_processes"]) + int(limits["processes"]))


def _allow_computing(limits: dict[str, Any]) -> None:
    """Give so many seconds from now on to a process that runs none but the author's cells."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(spent.ru_utime + spent.ru_stime + limits["cpu_seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def _allow_memory(limits: dict[str, Any]) -> None:
    """Give so many bytes beside what it has: so it was for who was first."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (
        min(address_space() + int(limits["memory_bytes"]), hard), hard))


def _lower(what: int, value: int, *, spare: int = 0) -> None:
    """Set a limit; with `spare` the signal that tells of it comes that much before the end."""
    _, hard = resource.getrlimit(what)
    free = hard == resource.RLIM_INFINITY
    soft, ceiling = (n if free else min(n, hard) for n in (value, value + spare))
    with contextlib.suppress(ValueError, OSError):  # macOS refuses an address-space limit
        resource.setrlimit(what, (soft, ceiling))


def _open_streams(scratch: str, recorder: Recorder) -> None:
    recorder.streams.clear()
    _lead(0, os.open(os.devnull, os.O_RDONLY))
    for number, name in ((1, "stdout"), (2, "stderr")):
        path = f"{scratch}/{name}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.unlink(path)  # noqa: PTH108 - a fork pays for each module that it is the first to use
        _lead(number, handle)
        setattr(sys, name, Stream(name, recorder, number))


def _lead(number: int, handle: int) -> None:
    """Have a descriptor of that number lead where another does, which is closed."""
    if handle != number:  # an earlier run may have closed it
        os.dup2(handle, number)
        os.close(handle)


async def _cells(
    sock: socket.socket, warm: Warm, run: dict[str, Any], desk: Desk,
    stands: Callable[[], Stood] | None,
) -> None:
    shell: Any = warm.kernel.shell
    variables = Variables(run["stated"])
    state = warm.state
    stood = Stood.NOT if stands is None else stands()
    if stood is not Stood.AGAIN:
        frames.send(sock, {"ready": True, "stood": stood is Stood.FIRST})
    while True:
        interrupts.ignore()
        cell = frames.receive(sock)
        if cell.get("done"):
            return
        if "anew" in cell:
            if not desk.begin_anew(cell["anew"]):
                return
            _begin_anew(cell["anew"], warm, run["env"])
            variables = Variables(cell["anew"]["stated"])
            frames.send(sock, {"ready": True})
            continue
        if desk.takes(cell):
            continue
        restored = []
        if cell["guard"]:
            restored = guard.restore(shell, state)
        desk.begin(cell)
        remembers = cell["trusted"] and not guard.changes_nothing(cell["source"])
        frame = await run_one(cell, warm, variables)
        frame["restored"] += restored
        desk.end(frame, waits="then" in cell and _rests(asyncio.get_running_loop()))
        if remembers:
            state = guard.remember(shell)
        await between(warm)


def _begin_anew(run: dict[str, Any], warm: Warm, first: Mapping[str, str]) -> None:
    if run["rewinds"]:  # its keeper sees to what it may use
        enter(run, warm, first)
        chance(warm)
        return
    stay_on(run["cpu"])
    _allow_computing(run["limits"])
    _allow_memory(run["limits"])
    _set_variables(run["env"], os.environ)


async def run_one(cell: dict[str, Any], warm: Warm, variables: Variables) -> dict[str, Any]:
    """Run a cell; the frame that tells of it."""
    restored = variables.restore()
    return {**await _cell(cell, warm), "restored": restored}


async def between(warm: Warm) -> None:
    """What goes on in a kernel between two cells."""
    kernel.tell_widgets(warm.kernel, warm.recorder.after())
    loop = asyncio.get_running_loop()
    if _rests(loop):
        return
    # Tasks that the cell left behind go on for as long as they wait for nothing.
    ready = getattr(loop, "_ready", ())
    for _ in range(MOST_TURNS):
        await asyncio.sleep(0)
        if not ready:
            return


def _rests(loop: Any) -> bool:
    """Whether an event loop has nothing to do, and waits for nothing but what wakes it."""
    try:
        return not (loop._ready or loop._scheduled or loop._signal_handlers
                    or len(loop._selector.get_map()) > 1)
    except (AttributeError, TypeError):  # another kind of loop, or a closed one
        return False


async def _cell(cell: dict[str, Any], warm: Warm) -> dict[str, Any]:
    _begin(cell, warm)
    interrupts.hear()
    started = time.perf_counter()
    try:
        ready = warm.stored.get(cell["source"])
        if ready is not None:
            reply = stored.run_ready(warm.kernel, ready, cell["source"])
        else:
            reply = await _run(cell, warm.kernel)
    except KeyboardInterrupt:
        # The interrupt hit between the cell's own code and the shell's handling of it.
        reply = {"status": "error", "ename": "KeyboardInterrupt", "evalue": "",
                 "traceback": ["KeyboardInterrupt"]}
    finally:
        interrupts.ignore()
    if "count" in cell:
        shell: Any = warm.kernel.shell
        shell.execution_count = cell["count"] + 1
    frame: dict[str, Any] = {
        "cell": cell["cell"],
        "status": reply["status"],
        "seconds": time.perf_counter() - started,
        **warm.recorder.finish(),
    }
    if cell["silent"]:
        frame["outputs"] = []
    if reply["status"] == "error":
        frame["error"] = {key: reply.get(key) for key in ("ename", "evalue", "traceback")}
    return frame


async def _run(cell: dict[str, Any], asked: kernel.CellKernel) -> dict[str, Any]:
    reply = None if cell["silent"] else run_ordinary(asked, cell["source"])
    return reply or await kernel.run_cell(asked, cell["source"], silent=cell["silent"])


def _begin(cell: dict[str, Any], warm: Warm) -> None:
    if sys.stdout is None or sys.stderr is None:
        # An earlier cell's doing: a kernel would hang from now on.
        sys.stdout, sys.stderr = warm.recorder.streams
    shell: Any = warm.kernel.shell
    if "count" in cell:
        shell.execution_count = cell["count"]
    request = warm.kernel.be_asked(cell["source"])
    warm.recorder.begin(cell["cell"], request, shell.execution_count)

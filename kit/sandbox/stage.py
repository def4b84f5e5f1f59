"""What runs have in common, done once in the keeper that they fork from.

The author's first cells are the same in each submission. A keeper that ran them gives each run
a shell that has run them, at the cost of a fork. What cannot be shared so is refused: threads,
open files and sockets, processes, files that are written, chance that no seed rules.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from kit.sandbox import child, frames, guard, kernel, pages, stored
from kit.sandbox.guard import Variables
from kit.sandbox.memory import address_space
from kit.sandbox.warm import Warm


class NotSharedError(Exception):
    """Runs cannot share what was done; the text says why. With `files` not the author's files
    either: each run changes its own."""

    def __init__(self, why: str, *, files: bool = False) -> None:
        super().__init__(why)
        self.files = files


def stage(sock: socket.socket, warm: Warm) -> Warm:
    """Run the cells that arrive on `sock` here, and tell there what came of them.

    Raises NotSharedError; then this process is of no use any more.
    """
    run = frames.receive(sock)
    with Path(os.devnull).open("rb+", buffering=0) as null:
        before = _things()
        child.enter(run, warm)
        files, variables = _files(run), dict(os.environ)
        kernel.start_here(warm.kernel)
        chance, held = _chance(), address_space()
        said = _run(run, warm)
        _shared(run, said, before, chance)
        if (now := _files(run)) != files:
            raise NotSharedError("a cell leaves files", files=not files <= now)
        if dict(os.environ) != variables or not Path.cwd().samefile(run["cwd"]):
            raise NotSharedError("a cell changes variables or the folder")
        for number in (0, 1, 2):
            os.dup2(null.fileno(), number)  # what they lead to goes with the box
    warm.recorder.streams.clear()
    sys.stdout = sys.stderr = sys.__stdout__
    os.chdir("/")
    ready = stored.make_ready(warm.kernel, run["stored"])
    pages.settle()
    frames.send(sock, {"frames": said})
    return Warm(kernel=warm.kernel, recorder=warm.recorder, state=guard.remember(
        warm.kernel.shell), stored=ready, begun=len(said) > 0,
        chance=random.getstate() if _seeds(run) else None, held=address_space() - held)


def _run(run: dict[str, Any], warm: Warm) -> list[dict[str, Any]]:
    async def all_of_them() -> list[dict[str, Any]]:
        variables = Variables(run["stated"])
        said = []
        for cell in run["cells"]:
            said.append(await child.run_one(cell, warm, variables))
            await child.between(warm)
        return said

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # No signal ends the first process of a box that it does not handle; who waits goes on.
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, run["seconds"])
    try:
        return loop.run_until_complete(all_of_them())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        asyncio.set_event_loop(None)
        loop.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _shared(
    run: dict[str, Any], said: list[dict[str, Any]], before: tuple[int, int, bool], chance: Any
) -> None:
    if any(frame["status"] != "ok" for frame in said):
        raise NotSharedError("a cell fails")
    if any("updates" in frame or "widgets" in frame for frame in said):
        raise NotSharedError("a cell shows widgets")
    if _things() != before:
        raise NotSharedError("a cell leaves threads, processes or open files")
    if not _seeds(run) and _chance() != chance:
        raise NotSharedError("a cell draws by chance")


def _seeds(run: dict[str, Any]) -> bool:
    """Whether a cell says which chance it wants: then every run has the same."""
    return any("seed" in cell["source"] for cell in run["cells"])


def _things() -> tuple[int, int, bool]:
    """Threads, open descriptors, and whether there are child processes."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        children = True
    except ChildProcessError:
        children = False
    return (sum(1 for _ in Path("/proc/self/task").iterdir()),
            sum(1 for _ in Path("/proc/self/fd").iterdir()), children)


def _files(run: dict[str, Any]) -> set[tuple[str, int, int]]:
    """What lies in the folder of the run and among its temporary files, but for caches."""
    found = set()
    for top in (run["cwd"], run["scratch"]):
        for where, folders, names in os.walk(top):
            folders[:] = [name for name in folders if name != "__pycache__" and not (
                where == run["scratch"] and name.startswith("."))]
            found |= {(f"{where}/{name}", 0, 0) for name in folders}
            for name in names:
                told = Path(where, name).lstat()
                found.add((f"{where}/{name}", told.st_size, told.st_mtime_ns))
    return found


def _chance() -> tuple[Any, ...]:
    numpy = sys.modules.get("numpy")
    drawn = numpy.random.get_state(legacy=False) if numpy is not None else None
    return random.getstate(), repr(drawn)

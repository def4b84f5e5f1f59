"""What each run does, done some times before the forks, and taken back.

Python makes shortcuts for code that was run often (PEP 659). Where they are made before the forks,
none has to make them for itself, and write them to pages that it shares with the others.
"""

from __future__ import annotations

import asyncio
import inspect
import linecache
import socket
import sys
import tempfile
from typing import Any

from kit.sandbox import child, frames
from kit.sandbox.desk import Desk
from kit.sandbox.guard import Variables
from kit.sandbox.lasting import Origin
from kit.sandbox.streams import Stream
from kit.sandbox.travel import Peer
from kit.sandbox.warm import Warm

ROUNDS = 24
"""Code is looked at from its eighth run on, and its shortcuts are tried in the next ones."""

_CELL = "def rehearsed(n, *more):\n    # as short as most\n    return [n + 1, 'a', 0.5]\n"


def rehearse(warm: Warm) -> None:
    """Go through it. Nothing of it is there afterwards but the shortcuts, even if it fails."""
    shell: Any = warm.kernel.shell
    known = linecache.cache, inspect.modulesbyfile, shell.compile._filename_map
    before = [dict(one) for one in known]
    streams, waiting = (sys.stdout, sys.stderr), list(warm.recorder.streams)
    origin = Origin(warm, (), 1 << 30)
    with tempfile.TemporaryFile() as file:
        for name in ("stdout", "stderr"):
            setattr(sys, name, Stream(name, warm.recorder, file.fileno()))
        try:
            _go_through(warm)
        finally:
            sys.stdout, sys.stderr = streams
            warm.recorder.streams[:] = waiting
            origin.back()
            for one, kept in zip(known, before, strict=True):
                one.clear()
                one.update(kept)


def _go_through(warm: Warm) -> None:
    ends = [socket.socketpair() for _ in range(2)]
    (mine, engine), (line, other) = ends
    try:
        for _ in range(ROUNDS):
            asyncio.new_event_loop().close()
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(_cells(warm, mine, engine, line, other))
        finally:
            loop.close()
    finally:
        for one in (mine, engine, line, other):
            one.close()


async def _cells(
    warm: Warm, mine: socket.socket, engine: socket.socket, line: socket.socket,
    other: socket.socket,
) -> None:
    warm.recorder.allow(1 << 20)
    variables = Variables({})
    asks = Peer(other, {})
    for place in range(ROUNDS):
        desk = Desk(mine, warm, line)
        frames.send(engine, {"cell": place, "source": _CELL, "guard": False, "trusted": False,
                             "silent": False})
        cell = frames.receive(mine)
        desk.begin(cell)
        frame = await child.run_one(cell, warm, variables)
        desk.end(frame)
        frames.receive(engine)
        await child.between(warm)
        desk.tell(["rehearsed"], 1 << 20, hold=True)
        held = frames.receive(engine)["names"]
        for _ in range(2):
            packer = asks.packer()
            given = [[packer.value(place)], []]
            frames.send(other, {"ask": {"of": 0, "what": "call", "with": given,
                                        "then": [[0, given]]}})
            desk.answer(line, warm.kernel.be_asked())
            frames.receive(other)
        assert held
        desk.takes({"pass": _CELL})

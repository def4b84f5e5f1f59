"""What the keeper does for a process that stood (see `rewind.py`): it puts it back."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from kit.sandbox import tracing, writes
from kit.sandbox.image import Image
from kit.sandbox.rewind import NO, STREAMS, YES, descriptors, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewinder:
    """What the keeper has of a process that stood, and of its twin."""

    pid: int
    mark: socket.socket
    twin: int
    watch: int
    written: writes.Written
    registers: tracing.Registers
    kept: Sequence[int]
    image: Image

    def back(self) -> None:
        """Put it back; it then drops what is not its own, and waits. Raises LostError or OSError
        where that cannot be: then it has to be ended."""
        pid, twin = self.pid, self.twin
        tracing.seize(pid)
        tracing.hold(pid)
        if not all(tracing.same_file(pid, twin, one) for one in self.kept):
            raise tracing.LostError("a descriptor is another")
        if select.select([self.mark], [], [], 0)[0]:
            raise tracing.LostError("it spoke when it was not asked")
        ranges = self.written.ranges()
        if ranges is None:
            raise tracing.LostError("too much was written")
        for one in self.image.put_into(pid, *ranges):
            self.written.forget(one)
        tracing.set_registers(pid, self.registers)
        tracing.let_go(pid)

    def go(self) -> None:
        """Have it take another run. Raises OSError where it has ended."""
        with open(f"/proc/{self.pid}/clear_refs", "wb", buffering=0) as peak:  # noqa: PTH123
            peak.write(b"5")  # how much memory it held at most counts from here
        self.mark.send(YES)

    def close(self) -> None:
        """Have it no more; process and twin are ended elsewhere."""
        self.mark.close()
        self.written.close()
        os.close(self.watch)


def begin(pid: int, mark: socket.socket) -> Rewinder | None:
    """In the keeper: take note of a process that stands, and speaks at the other end of `mark`.
    None where it cannot be put back; then it goes on all the same, and `mark` is closed."""
    message, descriptors, *_ = socket.recv_fds(mark, 1 << 16, 1)
    if not message:
        mark.close()
        return None
    watch, = descriptors
    try:
        rewinder = _begin(pid, mark, watch, json.loads(message))
    except (tracing.LostError, OSError):
        os.close(watch)
        rewinder = None
    with suppress(OSError):
        mark.send(YES if rewinder else NO)
    if rewinder is None:
        mark.close()
    else:
        tracing.let_go(pid)
    return rewinder


def _begin(
    pid: int, mark: socket.socket, watch: int, told: list[list[int]]
) -> Rewinder:
    tracing.seize(pid)
    mark.send(YES)
    twin = tracing.forked(pid)
    written = None
    try:
        if joined([(one.start, one.end) for one in writes.mappings(twin)]) != [
                tuple(one) for one in told]:
            raise tracing.LostError("its memory is not all told")
        written = writes.Written(pid)
        written.forget()
        return Rewinder(
            pid=pid, mark=mark, twin=twin, watch=watch, written=written, image=Image(twin),
            registers=tracing.registers(twin).answered(0),
            kept=[one for one in descriptors(twin) if one not in STREAMS])
    except (tracing.LostError, OSError):
        os.kill(twin, signal.SIGKILL)
        if written is not None:
            written.close()
        tracing.let_go(pid)
        raise


__all__ = ["Rewinder", "begin"]

"""What the keeper does for a process that stood (see `rewind.py`): it puts it back."""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import select
import signal
import socket
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import sub

from kit.sandbox import tracing, writes
from kit.sandbox.rewind import NO, STREAMS, YES, Ranges, descriptors, joined

_MOST_BYTES = 1 << 26
"""To put more than that back costs more than a fork."""

_MANY = 64
"""So many ranges of memory, and all at once takes less time than each by itself."""

_MOST_AT_ONCE = 1 << 24
"""Bytes that may count as written by every run. What writes to more of them is no usual run."""


class Image:
    """The memory of a twin: each part of it is brought here once, when it is first needed."""

    def __init__(self, twin: int) -> None:
        self._twin = twin
        self._room = mmap.mmap(-1, _MOST_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._room.madvise(mmap.MADV_DONTFORK)
        self._first = ctypes.addressof(ctypes.c_char.from_buffer(self._room))
        self._used = 0
        self._known: dict[tuple[int, int], int] = {}

    def put_into(self, pid: int, starts: array[int], ends: array[int]) -> Ranges:
        """Give another process the same memory in these ranges; those that are not written to by
        every run. Raises LostError where that is more than there is room for."""
        sizes = array("Q", map(sub, ends, starts))
        whole = sum(sizes)
        if whole > _MOST_BYTES:
            raise tracing.LostError("too much was written")
        ranges = list(zip(starts, ends, strict=True))
        new = [one for one in ranges if one not in self._known]
        if new:
            self._bring(ranges, new)
        here = array("Q", map(self._known.__getitem__, ranges))
        tracing.write(pid, tracing.parts(starts, sizes), tracing.parts(here, sizes))
        return new if len(new) < _MANY and whole < _MOST_AT_ONCE else [(0, writes.end())]

    def _bring(self, ranges: Ranges, new: Ranges) -> None:
        """Have those that are new; without room for them, all of these ranges alone."""
        if self._used + sum(end - start for start, end in new) > _MOST_BYTES:
            self._known.clear()
            self._used, new = 0, ranges
        address = first = self._first + self._used
        for start, end in new:
            self._known[start, end] = address
            address += end - start
        tracing.read(self._twin, tracing.parts(
            array("Q", (start for start, _ in new)),
            array("Q", (end - start for start, end in new))), first)
        self._used = address - self._first


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
        # What every run writes to counts as written for good: to find out would cost each a fault.
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

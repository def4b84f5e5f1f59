"""A process put back in place to what it was before a run: every byte of its memory, its registers,
its descriptors.

It costs less than another fork, whose memory has to be copied page by page as it is written. The
process is held by three things, whatever code runs in it:

- Its memory stays where it is, with the rights that it has (mseal), and the kernel marks each page
  that is written (userfaultfd). What is mapped beside it is unmapped.
- Its *twin*, a fork that never runs, has the memory, the registers and the open files as they were.
- A filter (`seccomp.still`) ends the process where it asks for what would leave a trace elsewhere:
  threads, processes, sockets, timers, handlers, limits. Such a run is done again by itself.

After Groundhog (Alzayat and others, EuroSys 2023), which restores processes between requests so.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import platform
import resource
import signal
import socket
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from operator import sub

from kit.sandbox import interrupts, linux, seccomp, tracing, writes

_CLONE, _BRK, _MUNMAP = 56, 12, 11
_PARENT = 0x8000
"""CLONE_PARENT: the twin is no child of the process, which finds that it has none."""

_LOWEST = 1 << 16
_MOST_BYTES = 1 << 26
"""To put more than that back costs more than a fork."""

_MOST_STACK = 1 << 26
_YES, _NO = b"+", b"-"
_MANY = 64
"""So many ranges of memory, and all at once takes less time than each by itself."""

_STREAMS = range(3)
"""Descriptors that each run has anew."""

Ranges = list[tuple[int, int]]


class Stood(Enum):
    """How a process comes out of `stand`."""

    NOT = "not"
    FIRST = "first"
    AGAIN = "again"


def possible() -> bool:
    """Whether this kind of machine is known here."""
    return platform.machine() == "x86_64"


def ready() -> int:
    """The descriptor that `stand` needs, made before the seal that refuses it; -1 where this
    machine does not have all that is needed."""
    try:
        handle = writes.watch()
    except OSError:
        return -1
    try:
        _grow_stack()
    except OSError:
        os.close(handle)
        return -1
    return handle


def _grow_stack() -> None:
    """Have the stack as large as it may become: what grows later would not be put back."""
    most, _ = resource.getrlimit(resource.RLIMIT_STACK)
    if not 0 < most <= _MOST_STACK:
        raise OSError("no small limit on the stack")
    for one in writes.mappings("self"):
        if one.name == "[stack]":
            ctypes.string_at(one.end - most, 1)
            return
    raise OSError("no stack")


def stand(mark: socket.socket, handle: int, calls: bytes) -> Stood:
    """Be a process that its keeper, at the other end of `mark`, can put back to here: then it comes
    out of this function once more, as AGAIN. `handle` is what `ready` gave, `calls` the filter
    that it is under from now on. Where it cannot be done, it is the process that it was."""
    before = interrupts.block_all()
    try:
        return _stand(mark, handle, calls)
    finally:
        interrupts.block_only(before)


def _stand(mark: socket.socket, handle: int, calls: bytes) -> Stood:
    with suppress(OSError):
        ranges = _fix(handle)
        top = linux.syscall(_BRK, ctypes.c_void_p(0))
        gaps = between(ranges)
        kept = [one for one in _descriptors("self") if one != handle and _is_open(one)]
        socket.send_fds(mark, [json.dumps(ranges).encode()], [handle])
        os.close(handle)
        if mark.recv(1) != _YES:
            return Stood.NOT
        if _twin():
            if mark.recv(1) != _YES:
                return Stood.NOT
            seccomp.load(calls)
            return Stood.FIRST
        _leave_nothing(kept, top, gaps)
        return Stood.AGAIN
    return Stood.NOT


def _twin() -> int:
    """Fork: in the twin, which is held, and after each return to here it is 0."""
    try:
        return linux.syscall(
            _CLONE, ctypes.c_ulong(signal.SIGCHLD | _PARENT), None, None, None, None)
    except OSError:
        os._exit(1)  # the keeper waits for it


def _descriptors(pid: int | str) -> list[int]:
    return [int(one) for one in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:  # it was of the listing itself
        return False
    return True


def _fix(handle: int) -> Ranges:
    """Have all of this process's memory stay where it is, and writes to it marked."""
    done: Ranges = []
    while True:
        new = [one for one in writes.mappings("self")
               if not any(start <= one.start and one.end <= end for start, end in done)]
        if not new:
            return done
        if any(one.shared for one in new):
            raise OSError("it shares memory with others")
        for one in new:
            with suppress(OSError):  # gone again; else the keeper finds that it is not told
                if one.own:
                    writes.mark(handle, one)
                linux.fix_memory(one.start, one.end)
                done.append((one.start, one.end))
        done = joined(done)


def joined(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """Ranges of memory, with those that touch made one."""
    found: Ranges = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def between(ranges: Ranges) -> Ranges:
    """(address, size) of what lies between ranges, before the first and behind the last."""
    edges = [_LOWEST, *(edge for one in ranges for edge in one), writes.END]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)
            if start < end]


def _leave_nothing(kept: Sequence[int], top: int, gaps: Ranges) -> None:
    """Drop what came after the process stood, as the first that it does when it is put back."""
    linux.close_but(*kept)
    if linux.syscall(_BRK, ctypes.c_void_p(top)) != top:
        os._exit(7)  # a hole was made there
    for address, size in gaps:
        linux.syscall(_MUNMAP, ctypes.c_void_p(address), ctypes.c_size_t(size))
    interrupts.be_new()


class Image:
    """The memory of a twin: each part of it is brought here once, when it is first needed."""

    def __init__(self, twin: int) -> None:
        self._twin = twin
        self._room = mmap.mmap(-1, _MOST_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._room.madvise(mmap.MADV_DONTFORK)
        self._first = ctypes.addressof(ctypes.c_char.from_buffer(self._room))
        self._used = 0
        self._known: dict[tuple[int, int], int] = {}

    def put_into(
        self, pid: int, starts: array[int], ends: array[int]
    ) -> Sequence[tuple[int, int]]:
        """Give another process the same memory in these ranges; those that were not asked for
        before. Raises LostError where that is more than there is room for."""
        sizes = array("Q", map(sub, ends, starts))
        if sum(sizes) > _MOST_BYTES:
            raise tracing.LostError("too much was written")
        ranges = list(zip(starts, ends, strict=True))
        new = [one for one in ranges if one not in self._known]
        if new:
            self._bring(ranges, new)
        here = array("Q", map(self._known.__getitem__, ranges))
        tracing.write(pid, tracing.parts(starts, sizes), tracing.parts(here, sizes))
        return new

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
    twin: int
    watch: int
    written: writes.Written
    registers: tracing.Registers
    kept: Sequence[int]
    image: Image

    def back(self) -> None:
        """Put it back and hold it there. Raises LostError or OSError where that cannot be: then it
        has to be ended."""
        pid, twin = self.pid, self.twin
        tracing.seize(pid)
        tracing.hold(pid)
        if not all(tracing.same_file(pid, twin, one) for one in self.kept):
            raise tracing.LostError("a descriptor is another")
        ranges = self.written.ranges()
        if ranges is None:
            raise tracing.LostError("too much was written")
        new = self.image.put_into(pid, *ranges)
        # What every run writes to counts as written for good: to find out would cost each a fault.
        for one in new if len(new) < _MANY else [(0, writes.END)]:
            self.written.forget(one)
        tracing.set_registers(pid, self.registers)

    def go(self) -> None:
        """Have it go on from there. Raises OSError where it has ended."""
        tracing.let_go(self.pid)

    def close(self) -> None:
        """Have it no more; process and twin are ended elsewhere."""
        self.written.close()
        os.close(self.watch)


def begin(pid: int, mark: socket.socket) -> Rewinder | None:
    """In the keeper: take note of a process that stands, and speaks at the other end of `mark`.
    None where it cannot be put back; then it goes on all the same."""
    message, descriptors, *_ = socket.recv_fds(mark, 1 << 16, 1)
    if not message:
        return None
    watch, = descriptors
    try:
        rewinder = _begin(pid, mark, watch, json.loads(message))
    except (tracing.LostError, OSError):
        os.close(watch)
        rewinder = None
    with suppress(OSError):
        mark.send(_YES if rewinder else _NO)
    if rewinder is not None:
        tracing.let_go(pid)
    return rewinder


def _begin(
    pid: int, mark: socket.socket, watch: int, told: list[list[int]]
) -> Rewinder:
    tracing.seize(pid)
    mark.send(_YES)
    twin = tracing.forked(pid)
    written = None
    try:
        if joined([(one.start, one.end) for one in writes.mappings(twin)]) != [
                tuple(one) for one in told]:
            raise tracing.LostError("its memory is not all told")
        written = writes.Written(pid)
        written.forget()
        return Rewinder(
            pid=pid, twin=twin, watch=watch, written=written, image=Image(twin),
            registers=tracing.registers(twin).answered(0),
            kept=[one for one in _descriptors(twin) if one not in _STREAMS])
    except (tracing.LostError, OSError):
        os.kill(twin, signal.SIGKILL)
        if written is not None:
            written.close()
        tracing.let_go(pid)
        raise


__all__ = ["Rewinder", "Stood", "begin", "between", "joined", "ready", "stand"]

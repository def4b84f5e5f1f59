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
import os
import platform
import resource
import select
import signal
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from kit.sandbox import interrupts, linux, seccomp, writes

_CLONE, _BRK, _MUNMAP, _SIGALTSTACK = 56, 12, 11, 131
_NO_STACK = struct.pack("qiiq", 0, 2, 0, 0)
"""SS_DISABLE."""

_PARENT = 0x8000
"""CLONE_PARENT: the twin is no child of the process, which finds that it has none."""

_MOST_STACK = 1 << 26
_ROUNDS = 20
"""How often it is looked for memory that came meanwhile: twice is the rule."""

YES, NO = b"+", b"-"
"""What the keeper says."""

STREAMS = range(3)
"""Descriptors that each run has anew."""

Ranges = list[tuple[int, int]]
"""Parts of memory, from an address to another."""


class Stood(Enum):
    """How a process comes out of `stand`."""

    NOT = "not"
    FIRST = "first"
    AGAIN = "again"


def possible() -> bool:
    """Whether this kind of machine is known here. Ask before the seal."""
    return platform.machine() == "x86_64" and writes.end() > 0


def ready() -> int:
    """The descriptor that `stand` needs, made before the seal that refuses it; -1 where this
    machine does not have all that is needed."""
    if resource.getrlimit(resource.RLIMIT_CPU)[1] != resource.RLIM_INFINITY:
        return -1  # the seconds of all its runs would count together
    try:
        linux.fix_memory(0, 0)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What the process has when it stands: descriptors, and whether programs inherit them, those of
    them in which nobody else puts anything, the end of its heap, and what lies between its parts of
    memory, which are `told`."""

    kept: Sequence[int]
    inherited: Sequence[bool]
    quiet: Sequence[int]
    top: int
    gaps: Ranges
    told: bytes


def stand(mark: socket.socket, handle: int, calls: bytes, asked: socket.socket) -> Stood:
    """Be a process that its keeper, at the other end of `mark`, can put back to here: then it comes
    out of this function once more, as AGAIN, as soon as the keeper says so. `handle` is what
    `ready` gave, `calls` the filter that it is under from now on; on `asked` it is asked for cells.
    Where it cannot be done, it is the process that it was, but for its folder and streams."""
    before = interrupts.block_all()
    try:
        _be_nowhere()
        own = _own(mark, handle, asked)
        socket.send_fds(mark, [own.told], [handle])
        stood = _stand(mark, own, calls) if mark.recv(1) == YES else Stood.NOT
    except OSError:
        stood = Stood.NOT
    finally:
        interrupts.block_only(before)
    if stood is Stood.NOT:
        mark.close()
        with suppress(OSError):  # it may be closed already
            os.close(handle)
    return stood


def _inherited(kept: Sequence[int]) -> Sequence[bool]:
    return [os.get_inheritable(one) for one in kept if one not in STREAMS]


def _be_nowhere() -> None:
    """Hold no file of the box: the twin would keep it for good."""
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for number in STREAMS:
        os.dup2(null, number)
    if null not in STREAMS:  # a run may have closed one
        os.close(null)


def _own(mark: socket.socket, handle: int, asked: socket.socket) -> _Own:
    ranges = _fix(handle)
    for _ in range(_ROUNDS):
        kept = [one for one in descriptors("self") if one != handle and _is_open(one)]
        named = (mark.fileno(), asked.fileno())
        own = _Own(kept=kept, inherited=_inherited(kept),
                   quiet=[one for one in kept if one not in (*STREAMS, *named)],
                   top=linux.syscall(_BRK, ctypes.c_void_p(0)), gaps=between(ranges),
                   told=json.dumps(ranges).encode())
        before, ranges = ranges, _fix(handle, ranges)
        if ranges == before:
            return own
    raise OSError("its memory does not come to rest")


def _stand(mark: socket.socket, own: _Own, calls: bytes) -> Stood:
    """Have a twin made. From then on nothing may go wrong: else the process ends."""
    try:
        linux.close_but(*own.kept)
        # In the twin, which is held, and after each return to here it is 0.
        if linux.syscall(
                _CLONE, ctypes.c_ulong(signal.SIGCHLD | _PARENT), None, None, None, None):
            if mark.recv(1) != YES:
                return Stood.NOT
            seccomp.load(calls)
            return Stood.FIRST
        _leave_nothing(own)
        if mark.recv(1) == YES:
            return Stood.AGAIN
    except BaseException:  # noqa: BLE001, S110 - what ran before may still have a hand in it
        pass
    os._exit(1)


def descriptors(pid: int | str) -> list[int]:
    """The numbers of those that a process has open."""
    return [int(one) for one in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:  # it was of the listing itself
        return False
    return True


def _fix(handle: int, done: Ranges | None = None) -> Ranges:
    """Have all of this process's memory stay where it is, and writes to it marked; with some of it
    that was `done` before."""
    done = done or []
    for _ in range(_ROUNDS):
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
                done = joined([*done, (one.start, one.end)])
    raise OSError("its memory does not come to rest")


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
    edges = [0, *(edge for one in ranges for edge in one), writes.end()]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)
            if start < end]


def _leave_nothing(own: _Own) -> None:
    """Drop what came after the process stood, as the first that it does when it is put back. Raises
    OSError where something stays."""
    linux.close_but(*own.kept)
    _be_nowhere()
    unread = select.poll()
    for one in own.quiet:
        unread.register(one, select.POLLIN)
    if unread.poll(0) or _inherited(own.kept) != own.inherited:
        raise OSError("something was left")
    if linux.syscall(_BRK, ctypes.c_void_p(own.top)) != own.top:
        raise OSError("the heap has a hole")
    for address, size in own.gaps:
        linux.syscall(_MUNMAP, ctypes.c_void_p(address), ctypes.c_size_t(size))
    # A return from a signal, even from none, sets the stack that handlers run on.
    linux.syscall(_SIGALTSTACK, _NO_STACK, None)
    interrupts.be_new()


__all__ = ["NO", "STREAMS", "YES", "Ranges", "Stood", "between", "descriptors", "joined",
           "possible", "ready", "stand"]

"""Another process, held still: its registers, its memory, its descriptors.

Calls of Linux on x86_64. Each raises OSError as the functions of `os` do; constants are those of
the kernel's headers.
"""

from __future__ import annotations

import ctypes
import os
import signal
from array import array
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit.sandbox import linux
from kit.sandbox.linux import checked

_GETREGS, _SETREGS, _DETACH = 12, 13, 17
_GETEVENTMSG, _GETREGSET, _SETREGSET = 0x4201, 0x4204, 0x4205
_SEIZE, _INTERRUPT, _GETSIGMASK, _SETSIGMASK = 0x4206, 0x4207, 0x420A, 0x420B
_TRACE_FORK, _KILL_AT_EXIT = 1 << 1, 1 << 20
_EVENT_FORK, _EVENT_STOP = 1, 128
_XSTATE = 0x202
_WALL = 0x40000000

_KCMP, _KCMP_FILE = 312, 0
_RESULT, _CALL, _FIELDS = 10, 15, 27
"""Places of rax and orig_rax among the fields of user_regs_struct, and how many there are."""

_MOST_PARTS = 1024
"""Parts of memory that one call may name: IOV_MAX."""


class LostError(Exception):
    """The process is not where it was to be found."""


@cache
def _libc() -> Any:
    library = ctypes.CDLL(None, use_errno=True)
    library.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    library.ptrace.restype = ctypes.c_long
    for name in ("process_vm_readv", "process_vm_writev"):
        call = getattr(library, name)
        call.argtypes = [ctypes.c_int, *[ctypes.c_void_p, ctypes.c_ulong] * 2, ctypes.c_ulong]
        call.restype = ctypes.c_ssize_t
    return library


def _trace(request: int, pid: int, address: int = 0, data: Any = None) -> None:
    checked(_libc().ptrace(request, pid, address, data), f"ptrace {request:#x}")


class _Part(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """Where a process is in its program, as numbers and vectors, and which signals it blocks."""

    general: bytes
    vectors: bytes
    blocked: bytes

    def answered(self, result: int) -> Registers:
        """The same, as if the call of the system that it is in had this result."""
        fields = array("Q", self.general)
        fields[_RESULT] = result
        fields[_CALL] = (1 << 64) - 1  # else a call that was broken off would be made again
        return Registers(general=fields.tobytes(), vectors=self.vectors, blocked=self.blocked)


def seize(pid: int) -> None:
    """Follow a process, which goes on; it dies with this one. What it forks is born stopped."""
    _trace(_SEIZE, pid, 0, _TRACE_FORK | _KILL_AT_EXIT)


def hold(pid: int) -> None:
    """Stop a process that is followed. Raises LostError where something else has stopped it."""
    _trace(_INTERRUPT, pid)
    if _stopped(pid) != (signal.SIGTRAP, _EVENT_STOP):
        raise LostError("a signal reached it first")


def forked(pid: int) -> int:
    """Wait until a process that is followed forks, and then stands still; who was born. Raises
    LostError where it does something else."""
    if _stopped(pid) != (signal.SIGTRAP, _EVENT_FORK):
        raise LostError("it did not fork")
    born = ctypes.c_ulong()
    _trace(_GETEVENTMSG, pid, 0, ctypes.addressof(born))
    _stopped(born.value)
    return born.value


def _stopped(pid: int) -> tuple[int, int]:
    """(signal, event) of the stop that comes next."""
    _, status = os.waitpid(pid, _WALL)
    if not os.WIFSTOPPED(status):
        raise LostError("it has ended")
    return os.WSTOPSIG(status), status >> 16


def let_go(pid: int) -> None:
    """Let it go on, and follow it no more."""
    _trace(_DETACH, pid)


def registers(pid: int) -> Registers:
    """Those of a process that is held."""
    blocked = ctypes.create_string_buffer(8)
    _trace(_GETSIGMASK, pid, 8, ctypes.addressof(blocked))
    # Not as a set, whose form is that of the code that runs: 32 bits wide, if it wants.
    general = ctypes.create_string_buffer(8 * _FIELDS)
    _trace(_GETREGS, pid, 0, ctypes.addressof(general))
    vectors = ctypes.create_string_buffer(1 << 14)
    part = _Part(ctypes.addressof(vectors), len(vectors))
    _trace(_GETREGSET, pid, _XSTATE, ctypes.addressof(part))
    return Registers(general=general.raw, vectors=vectors.raw[:part.length], blocked=blocked.raw)


def set_registers(pid: int, wanted: Registers) -> None:
    """Have a process that is held go on from there. Raises LostError where some of them are such
    as cannot be set."""
    general = ctypes.create_string_buffer(wanted.general, len(wanted.general))
    _trace(_SETREGS, pid, 0, ctypes.addressof(general))
    vectors = ctypes.create_string_buffer(wanted.vectors, len(wanted.vectors))
    part = _Part(ctypes.addressof(vectors), len(wanted.vectors))
    _trace(_SETREGSET, pid, _XSTATE, ctypes.addressof(part))
    blocked = ctypes.create_string_buffer(wanted.blocked, 8)
    _trace(_SETSIGMASK, pid, 8, ctypes.addressof(blocked))
    if registers(pid) != wanted:
        raise LostError("some of its registers cannot be set")


def same_file(first: int, second: int, descriptor: int) -> bool:
    """Whether a descriptor of two processes is one and the same open file."""
    try:
        return not linux.syscall(_KCMP, first, second, _KCMP_FILE, descriptor, descriptor)
    except OSError:
        return False  # it has none


def parts(starts: array[int], sizes: array[int]) -> array[int]:
    """Parts of memory as the calls below take them."""
    found = array("Q", bytes(16 * len(starts)))
    found[::2], found[1::2] = starts, sizes
    return found


def read(pid: int, there: array[int], address: int) -> None:
    """Bring parts of a process's memory here, one after the other. Raises LostError where not all
    of it is there."""
    for some, size in _at_once(there):
        here = array("Q", (address, size))
        _moved(_libc().process_vm_readv, pid, here, some, size)
        address += size


def write(pid: int, there: array[int], here: array[int]) -> None:
    """Put parts of this process's memory into another's, each of the same size. Raises LostError
    as `read`."""
    for at, (some, size) in enumerate(_at_once(there)):
        mine = here[2 * _MOST_PARTS * at:2 * _MOST_PARTS * (at + 1)]
        _moved(_libc().process_vm_writev, pid, mine, some, size)


def _at_once(there: array[int]) -> list[tuple[array[int], int]]:
    """As many parts as one call takes, and their size together."""
    some = [there[at:at + 2 * _MOST_PARTS] for at in range(0, len(there), 2 * _MOST_PARTS)]
    return [(one, sum(one[1::2])) for one in some]


def _moved(call: Any, pid: int, here: array[int], there: array[int], size: int) -> None:
    (mine, count), (its, number) = here.buffer_info(), there.buffer_info()
    if checked(call(pid, mine, count // 2, its, number // 2, 0), "memory of another") != size:
        raise LostError("a part of its memory is gone")


__all__ = ["LostError", "Registers", "forked", "hold", "let_go", "parts", "read", "registers",
           "same_file", "seize", "set_registers", "write"]

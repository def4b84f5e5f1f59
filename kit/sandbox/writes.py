"""Which pages of its memory a process has written to since it was last asked.

A userfaultfd of the process that lets writes through (UFFD_FEATURE_WP_ASYNC) has the kernel mark
them; the scan of its pagemap finds the marks. Linux 6.7 and later, on x86_64.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
from array import array
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kit.sandbox import linux

_USERFAULTFD, _USER_MODE_ONLY = 323, 1
_API, _REGISTER, _SCAN = 0xC018AA3F, 0xC020AA00, 0xC0606610
_API_VERSION, _UNPOPULATED, _ASYNC, _WRITES = 0xAA, 1 << 13, 1 << 15, 2
_PROTECT = 1
_CAN_TELL, _WRITTEN = 1, 2

_MOST_RANGES = 1 << 14

@cache
def end() -> int:
    """The end of the addresses of a process."""
    told = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    flags = told.partition("flags")[2].partition("\n")[0].split()
    return (1 << (56 if "la57" in flags else 47)) - 4096


class Mapping(NamedTuple):
    """A part of a process's memory; `rights` as /proc tells them, like "rw-p"."""

    start: int
    end: int
    rights: str
    name: str

    @property
    def own(self) -> bool:
        """Whether what is written there is the process's alone."""
        return self.rights[1] == "w" and self.rights[3] == "p"

    @property
    def shared(self) -> bool:
        """Whether what is written there goes elsewhere too."""
        return self.rights[1] == "w" and self.rights[3] == "s"


def mappings(pid: int | str) -> list[Mapping]:
    """The memory of a process, in order, without what the kernel puts behind its end."""
    handle = os.open(f"/proc/{pid}/maps", os.O_RDONLY)
    try:
        parts = []
        while part := os.read(handle, 1 << 16):
            parts.append(part)
    finally:
        os.close(handle)
    found = []
    for line in b"".join(parts).decode("utf-8", "replace").splitlines():
        where, rights, _, _, _, *name = line.split(None, 5)
        start, stop = (int(one, 16) for one in where.split("-"))
        if stop <= end():
            found.append(Mapping(start, stop, rights, "".join(name)))
    return found


def watch() -> int:
    """The descriptor that has writes of this process marked. Raises OSError where Linux cannot."""
    handle = linux.syscall(_USERFAULTFD, _USER_MODE_ONLY | os.O_CLOEXEC, what="userfaultfd")
    try:
        fcntl.ioctl(handle, _API, struct.pack("QQQ", _API_VERSION, _UNPOPULATED | _ASYNC, 0))
    except OSError:
        os.close(handle)
        raise
    return handle


def mark(handle: int, mapping: Mapping) -> None:
    """Have writes there marked from now on."""
    fcntl.ioctl(handle, _REGISTER, struct.pack(
        "QQQQ", mapping.start, mapping.end - mapping.start, _WRITES, 0))


class _Scan(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in (
        "size", "flags", "start", "end", "walk_end", "vec", "vec_len", "max_pages",
        "category_inverted", "category_mask", "category_anyof_mask", "return_mask"))


class Written:
    """What a process wrote to where writes are marked. Closed, it is of no use."""

    def __init__(self, pid: int) -> None:
        self._pagemap = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY)
        self._found = array("Q", bytes(24 * _MOST_RANGES))
        self._asked = _Scan(size=ctypes.sizeof(_Scan), category_mask=_CAN_TELL | _WRITTEN,
                            return_mask=_WRITTEN)

    def ranges(self) -> tuple[array[int], array[int]] | None:
        """Where what was written starts, and where it ends; None where that is in more pieces than
        are counted."""
        address, _ = self._found.buffer_info()
        count = self._scan(0, (0, end()), address, _MOST_RANGES)
        if count == _MOST_RANGES:
            return None
        return self._found[:3 * count:3], self._found[1:3 * count:3]

    def forget(self, where: tuple[int, int] | None = None) -> None:
        """Have what was written there, or anywhere, count as not written."""
        self._scan(_PROTECT, where or (0, end()), 0, 0)

    def _scan(self, flags: int, where: tuple[int, int], address: int, room: int) -> int:
        asked = self._asked
        asked.flags, asked.vec, asked.vec_len = flags, address, room
        asked.start, asked.end = where
        return int(fcntl.ioctl(self._pagemap, _SCAN, asked))

    def close(self) -> None:
        """Look no more."""
        os.close(self._pagemap)


__all__ = ["Mapping", "Written", "end", "mappings", "mark", "watch"]

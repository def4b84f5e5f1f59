"""Landlock: which files a process may reach, whatever its user may."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from kit.sandbox.linux import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_BENEATH = 1

_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_SINCE = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights that came with a later version: moving between folders, truncating, device calls."""
_FIRST = (1 << 13) - 1
_ON_FILES = _EXECUTE | _WRITE | _READ | 1 << 14 | 1 << 15
_TO_READ = _EXECUTE | _READ | _LIST
_NO_DEVICES = ~(1 << 6 | 1 << 11)


def version() -> int:
    """The version of Landlock in this kernel; 0 without it."""
    try:
        return syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    except OSError:
        return 0


def ruleset(read: Iterable[str], write: Iterable[str], *, network: bool = True) -> int:
    """A descriptor of rules: read and execute below `read`, everything below `write`.

    Signals and abstract sockets end at the processes under the rules, where the kernel knows
    that; without `network` so does TCP. Paths that are not there are passed over. Raises
    OSError.
    """
    now = version()
    handled = _FIRST | sum(bit for since, bit in _SINCE.items() if now >= since)
    parts = [handled]
    if now >= 4:
        parts.append(0 if network else 3)
    if now >= 6:
        parts.append(3)
    packed = struct.pack(f"{len(parts)}Q", *parts)
    rules = syscall(_CREATE, packed, ctypes.c_size_t(len(packed)), ctypes.c_uint(0),
                    what="landlock")
    try:
        for path in read:
            _allow(rules, path, handled & _TO_READ)
        for path in write:
            _allow(rules, path, handled & _NO_DEVICES)
    except BaseException:
        os.close(rules)
        raise
    return rules


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= _ON_FILES
        packed = struct.pack("=Qi", rights, handle)
        syscall(_ADD, ctypes.c_int(rules), ctypes.c_int(_BENEATH), packed, ctypes.c_uint(0),
                what=f"landlock {path}")
    finally:
        os.close(handle)


def restrict(rules: int) -> None:
    """Put this process and what it starts under the rules, for good. It needs no_new_privs."""
    syscall(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0), what="landlock")

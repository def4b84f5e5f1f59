"""Calls of Linux for which Python 3.11 has no function, and nothing else.

Each raises OSError as the functions of `os` do. Constants are those of the kernel's headers.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from functools import cache
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 24, 36, 38

_MADV_COLLAPSE = 25
_MOUNT_SETATTR, _PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41}
_MSEAL = 462
_CAPABILITY_VERSION = 0x20080522
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_RDONLY, _NOSUID, _NODEV = 1, 2, 4

_HEAD = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
_NONE = (ctypes.c_uint32 * 6)()


@cache
def _libc() -> Any:
    library = ctypes.CDLL(None, use_errno=True)
    # Each run calls these: told once what they take, ctypes makes no object a number.
    library.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    library.capset.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.syscall.restype = ctypes.c_long
    return library


def checked(result: int, what: str) -> int:
    """The result of a call of the C library. Raises OSError where it says that it failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: Any, what: str = "") -> int:
    """A system call by its number. Raises OSError, which names `what`."""
    return checked(_libc().syscall(ctypes.c_long(number), *arguments), what or str(number))


def prctl(option: int, first: int = 0, second: int = 0) -> None:
    """Set something of this process, by numbers or addresses."""
    checked(_libc().prctl(option, first, second, 0, 0), f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` name for new ones."""
    checked(_libc().unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount, or change a mount."""
    checked(_libc().mount(
        os.fsencode(source), os.fsencode(target), os.fsencode(kind) or None,
        ctypes.c_ulong(flags), os.fsencode(data) or None), f"mount {kind or source} on {target}")


def unmount(target: str) -> None:
    """Take a mount away; what is open in it lives until it is closed."""
    checked(_libc().umount2(os.fsencode(target), MNT_DETACH), f"umount {target}")


def fix_mount(target: str, *, devices: bool = False, below: bool = True) -> None:
    """Make a mount read-only and deaf to set-user-id; with `below`, those in it too."""
    attributes = (ctypes.c_uint64 * 4)(_RDONLY | _NOSUID | (0 if devices else _NODEV), 0, 0, 0)
    syscall(_MOUNT_SETATTR, ctypes.c_int(_AT_FDCWD), os.fsencode(target),
            ctypes.c_uint(_AT_RECURSIVE if below else 0), ctypes.byref(attributes),
            ctypes.c_size_t(32), what=f"mount_setattr {target}")


def pivot_root(folder: str) -> None:
    """Make `folder`, a mount, the root of this mount namespace, and drop what was the root."""
    os.chdir(folder)
    syscall(_PIVOT_ROOT[os.uname().machine], b".", b".", what="pivot_root")
    unmount(".")
    os.chdir("/")


def bound_capabilities() -> None:
    """Empty the set of capabilities that anything started from here could ever gain."""
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            return  # past the last one


def drop_capabilities() -> None:
    """Give up every capability of this process."""
    checked(_libc().capset(_HEAD, _NONE), "capset")


def collapse(address: int, size: int) -> None:
    """Have memory of this process in one large page: `size` bytes, as many as such a page has."""
    checked(_libc().madvise(ctypes.c_void_p(address), ctypes.c_size_t(size),
                             ctypes.c_int(_MADV_COLLAPSE)), "madvise")


def fix_memory(start: int, end: int) -> None:
    """Have memory of this process stay where it is, with the rights that it has, for good."""
    syscall(_MSEAL, ctypes.c_void_p(start), ctypes.c_size_t(end - start), ctypes.c_ulong(0),
            what="mseal")


def close_but(*kept: int) -> None:
    """Close every descriptor but the standard ones and these."""
    low = 3
    for one in sorted(kept):
        if one >= low:
            os.closerange(low, one)
            low = one + 1
    os.closerange(low, 65536)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a process and its group, once: a second interrupt would end what the first
    one began."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # it has no group of its own yet
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)

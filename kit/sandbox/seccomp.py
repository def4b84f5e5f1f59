"""The filter of system calls: a list of those that no notebook needs and that an attack would.

Everything else is allowed, so that what works in an ordinary kernel works here. The program is
classic BPF, assembled once and handed to the kernel as it is.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

from kit.sandbox.linux import PR_SET_SECCOMP, prctl

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000

_REFUSED: dict[str, dict[str, int]] = {
    "x86_64": {
        # other processes
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
        "move_pages": 279, "migrate_pages": 256,
        # mounts and namespaces
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "setns": 308,
        "unshare": 272,
        # parts of the kernel where its own faults were found
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "add_key": 248,
        "request_key": 249, "keyctl": 250, "fanotify_init": 300, "lookup_dcookie": 212,
        "modify_ldt": 154, "uselib": 134, "sysfs": 139, "nfsservctl": 180,
        "name_to_handle_at": 303, "open_by_handle_at": 304, "personality": 135,
        # the machine
        "kexec_load": 246, "kexec_file_load": 320, "init_module": 175, "finit_module": 313,
        "delete_module": 176, "reboot": 169, "swapon": 167, "swapoff": 168, "acct": 163,
        "settimeofday": 164, "clock_settime": 227, "clock_adjtime": 305, "adjtimex": 159,
        "syslog": 103, "iopl": 172, "ioperm": 173, "quotactl": 179, "vhangup": 153,
        # memory that no limit counts: pages kept in pipes, events of the whole machine
        "vmsplice": 278, "io_setup": 206,
        # what would outlive the run
        "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66,
        "semtimedop": 220, "msgget": 68, "msgsnd": 69, "msgrcv": 70, "msgctl": 71,
        "mq_open": 240, "mq_unlink": 241,
    },
    "aarch64": {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "move_pages": 239, "migrate_pages": 238,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "setns": 268,
        "unshare": 97,
        "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "add_key": 217,
        "request_key": 218, "keyctl": 219, "fanotify_init": 262, "lookup_dcookie": 18,
        "nfsservctl": 42, "name_to_handle_at": 264, "open_by_handle_at": 265,
        "personality": 92,
        "kexec_load": 104, "kexec_file_load": 294, "init_module": 105, "finit_module": 273,
        "delete_module": 106, "reboot": 142, "swapon": 224, "swapoff": 225, "acct": 89,
        "settimeofday": 170, "clock_settime": 112, "clock_adjtime": 266, "adjtimex": 171,
        "syslog": 116, "quotactl": 60, "vhangup": 58,
        "vmsplice": 75, "io_setup": 0,
        "shmget": 194, "shmat": 196, "shmctl": 195, "semget": 190, "semop": 193,
        "semctl": 191, "semtimedop": 192, "msgget": 186, "msgsnd": 189, "msgrcv": 188,
        "msgctl": 187, "mq_open": 180, "mq_unlink": 181,
    },
}
_REFUSED_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443,
    "memfd_secret": 447, "open_tree_attr": 467,
}
_CHECKED = {
    "x86_64": {"socket": 41, "socketpair": 53, "ioctl": 16, "clone": 56, "mmap": 9,
               "memfd_create": 319, "setrlimit": 160, "prlimit64": 302, "setpriority": 141,
               "ioprio_set": 251, "sched_setaffinity": 203, "sched_setscheduler": 144,
               "sched_setparam": 142, "sched_setattr": 314},
    "aarch64": {"socket": 198, "socketpair": 199, "ioctl": 29, "clone": 220, "mmap": 222,
                "memfd_create": 279, "setrlimit": 164, "prlimit64": 261, "setpriority": 140,
                "ioprio_set": 30, "sched_setaffinity": 122, "sched_setscheduler": 119,
                "sched_setparam": 118, "sched_setattr": 274},
}
_CLONE3 = 435

_STILL = {
    # files: what a run may write to is taken away with its box
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8,
    "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "dup": 32, "dup2": 33,
    "sendfile": 40, "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77, "getcwd": 79,
    "chdir": 80, "fchdir": 81, "rename": 82, "mkdir": 83, "rmdir": 84, "unlink": 87, "readlink": 89,
    "statfs": 137, "fstatfs": 138, "getxattr": 191, "lgetxattr": 192, "fgetxattr": 193,
    "listxattr": 194, "llistxattr": 195, "flistxattr": 196, "getdents64": 217, "fadvise64": 221,
    "openat": 257, "mkdirat": 258, "newfstatat": 262, "unlinkat": 263, "renameat": 264,
    "readlinkat": 267, "faccessat": 269, "dup3": 292, "renameat2": 316, "copy_file_range": 326,
    "statx": 332, "faccessat2": 439,
    # memory of its own, beside what stays
    "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25,
    # what it is asked, and answers
    "poll": 7, "select": 23, "recvfrom": 45, "recvmsg": 47, "getsockname": 51, "getpeername": 52,
    "getsockopt": 55, "epoll_wait": 232, "pselect6": 270, "ppoll": 271, "epoll_pwait": 281,
    # what is set anew
    "sigaltstack": 131,
    # questions, and time that passes
    "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "nanosleep": 35, "getitimer": 36,
    "getpid": 39, "exit": 60, "uname": 63, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
    "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
    "getppid": 110, "getpgrp": 111, "getgroups": 115, "getresuid": 118, "getresgid": 120,
    "getpgid": 121, "getsid": 124, "getpriority": 140, "gettid": 186, "time": 201,
    "sched_getaffinity": 204, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "getrandom": 318,
}
"""All that a process may ask for that is put back in place: nothing of it is left once its memory,
its descriptors and its files are as they were. Numbers of x86_64."""

_NAMESPACES = 0x7E020000
"""The flags of clone that make a namespace."""
_TERMINAL = (0x5412, 0x541C, 0x5423)
"""Calls on terminals that put in text, or load a line discipline: TIOCSTI, TIOCLINUX, TIOCSETD."""
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_PROTOCOLS = (0, 6, 17)
"""What is spoken over the internet's sockets: the usual, TCP, UDP. Others load modules."""
_ROUTE = 0
"""What may be asked of the kernel over a socket: libraries look for interfaces."""
_KIND_OF_MAPPING, _SHARED_WITHOUT_FILE = 0x2F, 0x21
_HUGE_PAGES = 0x40000
_CORE_LIMIT = 4
_KEEPER = 1
"""Process 1 has the user of the run, who could else set its limits and its turns."""
_PRIO_USER, _IOPRIO_USER = 2, 3

_SIGNALS = (2, 14)
"""SIGINT and SIGALRM, for which the process is given new handlers."""
_ASKED_OF_FILES = (0x5401, 0x5413, 0x541B)
"""TCGETS, TIOCGWINSZ, FIONREAD."""
_ASKED_OF_DESCRIPTORS = (0, 1, 3, 1030)
"""F_DUPFD, F_GETFD, F_GETFL, F_DUPFD_CLOEXEC."""
_WAITS = (0, 1, 9, 10)
"""FUTEX_WAIT and FUTEX_WAKE, plain and of some bits."""
_KINDS_OF_WAITS = 0x7F
_OWN_MEMORY = 0x2D832
"""Flags of a mapping that is the process's alone: all but MAP_SHARED, those that lock or grow it,
and those of huge pages."""
_REAL_TIME = 0
_WITHOUT_WAITING = 0x4040
"""MSG_DONTWAIT and MSG_NOSIGNAL."""
_HUGE_ADVICE = 14

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AND = 0x54
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16

_Step = tuple[int, int, int, int]


def known_machine() -> bool:
    """Whether there is a filter for this kind of processor."""
    return os.uname().machine in _ARCHITECTURES


@cache
def program(machine: str, *, network: bool) -> bytes:
    """The filter. With `network`, sockets of the internet may be made: where the run has a
    network of its own that leads nowhere."""
    families = [_UNIX, _INET, _INET6, _NETLINK] if network else [_UNIX]
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        _refuse(errno.ENOSYS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), _refuse(errno.ENOSYS)]
    # glibc falls back to clone, whose flags can be looked at, only where clone3 is not there.
    steps += [(_EQUAL, 0, 1, _CLONE3), _refuse(errno.ENOSYS)]
    for number in sorted({**_REFUSED[machine], **_REFUSED_EVERYWHERE}.values()):
        steps += [(_EQUAL, 0, 1, number), _refuse(errno.EPERM)]
    for name, looks in _looks(families).items():
        steps += _on(_CHECKED[machine][name], [*looks, _allow()])
    steps.append(_allow())
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _looks(families: Sequence[int]) -> dict[str, list[_Step]]:
    """What is looked at in the arguments of the calls that are sometimes refused."""
    not_the_keeper = _never(0, [_KEEPER])
    return {
        "clone": [_argument(0), (_ANY_BIT, 0, 1, _NAMESPACES), _refuse(errno.EPERM)],
        "ioctl": _never(1, _TERMINAL),
        "socket": [*_only(0, families, errno.EAFNOSUPPORT),
                   _argument(0), (_EQUAL, 0, 1, _UNIX), _allow(),
                   (_EQUAL, 0, 4, _NETLINK), *_only(2, [_ROUTE], errno.EAFNOSUPPORT), _allow(),
                   *_only(2, _PROTOCOLS, errno.EPROTONOSUPPORT)],
        "socketpair": _only(0, [_UNIX], errno.EAFNOSUPPORT),
        # Shared memory without a file outlives its addresses: no limit counts it.
        "memfd_create": [_refuse(errno.ENOSYS)],
        "mmap": [_argument(3), (_ANY_BIT, 0, 1, _HUGE_PAGES), _refuse(errno.ENOMEM),
                 (_AND, 0, 0, _KIND_OF_MAPPING), (_EQUAL, 0, 1, _SHARED_WITHOUT_FILE),
                 _refuse(errno.EPERM)],
        # A limit of 0 would let a crash start the machine's handler of core dumps.
        "setrlimit": _never(0, [_CORE_LIMIT]),
        "prlimit64": [*not_the_keeper,
                      _argument(1), (_EQUAL, 0, 5, _CORE_LIMIT),
                      _argument(2), (_EQUAL, 0, 2, 0),
                      (_LOAD, 0, 0, _ARGUMENT + 8 * 2 + 4), (_EQUAL, 1, 0, 0),
                      _refuse(errno.EPERM)],
        "setpriority": [*_never(0, [_PRIO_USER]), *_never(1, [_KEEPER])],
        "ioprio_set": [*_never(0, [_IOPRIO_USER]), *_never(1, [_KEEPER])],
        **dict.fromkeys(("sched_setaffinity", "sched_setscheduler", "sched_setparam",
                         "sched_setattr"), not_the_keeper),
    }


@cache
def still() -> bytes:
    """The filter of a process that is put back in place: what is not known to leave nothing behind
    ends it. On x86_64."""
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES["x86_64"]),
        _kill(),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32), _kill(),
    ]
    for number in sorted(_STILL.values()):
        steps += [(_EQUAL, 0, 1, number), _allow()]
    for number, looks in _still_looks().items():
        steps += _on(number, looks)
    steps.append(_kill())
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _still_looks() -> dict[int, list[_Step]]:
    """By the number of the call, what ends in the process's end unless its arguments are known."""
    none = 0xFFFFFFFF
    return {
        9: _known(3, none ^ _OWN_MEMORY, [0]),  # mmap
        13: _known(0, none, _SIGNALS),  # rt_sigaction
        16: _known(1, none, _ASKED_OF_FILES),  # ioctl
        # Advice on pages would cut memory that stays into pieces; this one is not needed.
        28: [_argument(2), (_EQUAL, 0, 1, _HUGE_ADVICE), _refuse(0), _kill()],  # madvise
        38: _known(0, none, [_REAL_TIME]),  # setitimer
        44: _known(3, none ^ _WITHOUT_WAITING, [0]),  # sendto
        72: _known(1, none, _ASKED_OF_DESCRIPTORS),  # fcntl
        202: _known(1, _KINDS_OF_WAITS, _WAITS),  # futex
        302: [_argument(2), (_EQUAL, 1, 0, 0), _kill(),  # prlimit64, to ask
              (_LOAD, 0, 0, _ARGUMENT + 8 * 2 + 4), (_EQUAL, 1, 0, 0), _kill(), _allow()],
        436: _known(2, none, [0]),  # close_range
    }


def _known(place: int, bits: int, values: Sequence[int]) -> list[_Step]:
    """Allow the call if these bits of an argument are one of `values`."""
    fine = [step for value in values for step in ((_EQUAL, 0, 1, value), _allow())]
    return [_argument(place), (_AND, 0, 0, bits), *fine, _kill()]


def _kill() -> _Step:
    return (_RETURN, 0, 0, _KILL)


def _argument(place: int) -> _Step:
    """Load the lower half of an argument, which is all that the kernel reads of a number."""
    return (_LOAD, 0, 0, _ARGUMENT + 8 * place)


def _only(place: int, values: Sequence[int], number: int) -> list[_Step]:
    """Refuse the call unless an argument is one of `values`."""
    fine = [(_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_argument(place), *fine, _refuse(number)]


def _never(place: int, values: Sequence[int]) -> list[_Step]:
    """Refuse the call if an argument is one of `values`."""
    steps = [_argument(place)]
    for value in values:
        steps += [(_EQUAL, 0, 1, value), _refuse(errno.EPERM)]
    return steps


def _on(number: int, steps: list[_Step]) -> list[_Step]:
    """The steps, for that call alone."""
    return [(_EQUAL, 0, len(steps), number), *steps]


def _refuse(number: int) -> _Step:
    return (_RETURN, 0, 0, _ERRNO | number)


def _allow() -> _Step:
    return (_RETURN, 0, 0, _ALLOW)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


@cache
def _at(steps: bytes) -> tuple[_Program, Any]:
    """The filter as the kernel takes it, and the memory that it points to."""
    buffer = ctypes.create_string_buffer(steps, len(steps))
    return _Program(len(steps) // 8, ctypes.addressof(buffer)), buffer


def ready(steps: bytes) -> bytes:
    """The same steps, laid out for the processes to come that load them."""
    _at(steps)
    return steps


def load(steps: bytes) -> None:
    """Filter this process and what it starts, for good. It needs no_new_privs."""
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(_at(steps)[0]))

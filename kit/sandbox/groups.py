"""Control groups, version 2: what all processes of a box take together, bounded by the kernel.

A process's own limits do not see what its sockets hold, nor what the kernel keeps for it. A group
is made only where this process may divide the one that it is in: at the top, or where it is alone
in one that was delegated.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit.model import Limits

_CONTROLLERS = ("memory", "pids", "hugetlb")
_SPARE_BYTES, _SPARE_TASKS = 1 << 29, 16
"""What the keeper of a box and the kernel take of it, at most: closer limits hold before these."""

END_SECONDS = 2.0
"""How long the last processes of a group may take to be gone."""

_numbers = itertools.count()


class NoGroupsError(Exception):
    """No group can be made; the text says why."""


@dataclass(slots=True, kw_only=True)
class Group:
    """The group of a box."""

    folder: Path
    limits: Limits | None = None

    def bound(self, limits: Limits) -> None:
        """Bound what runs with these limits take, and their keeper. Raises OSError."""
        if limits == self.limits:
            return
        for name, value in (
                ("memory.max", limits.memory_bytes + 2 * limits.file_bytes + _SPARE_BYTES),
                ("memory.swap.max", 0), ("pids.max", limits.processes + _SPARE_TASKS)):
            if (self.folder / name).exists():
                (self.folder / name).write_text(str(value), encoding="ascii")
        for file in self.folder.glob("hugetlb.*.max"):
            if not file.name.endswith(".rsvd.max"):
                file.write_text("0", encoding="ascii")
        self.limits = limits

    def remove(self, seconds: float = 0.0) -> bool:
        """Remove it once its processes are gone, which is waited for; whether it is gone."""
        until = time.monotonic() + seconds
        while True:
            try:
                self.folder.rmdir()
            except FileNotFoundError:
                return True
            except OSError:
                if time.monotonic() >= until:
                    return False
                time.sleep(0.01)
            else:
                return True


def make() -> Group:
    """A new group, with no process in it. Raises NoGroupsError."""
    folder = ground() / f"kit-{os.getpid()}-{next(_numbers)}"
    try:
        folder.mkdir()
        group = Group(folder=folder)
        group.bound(Limits())
    except OSError as error:
        raise NoGroupsError(f"{folder}: {error.strerror}") from error
    return group


def join(folder: str) -> bool:
    """Have this process, and what it forks from now on, in that group; whether it is."""
    with contextlib.suppress(OSError):
        Path(folder, "cgroup.procs").write_text("0", encoding="ascii")
        return True
    return False


def ground() -> Path:
    """The folder of the group below which others are made. Raises NoGroupsError."""
    found = _ground()
    if isinstance(found, str):
        raise NoGroupsError(found)
    return found


@cache
def _ground() -> Path | str:
    folder = _own()
    if folder is None:
        return "this machine has no control groups of version 2 in sight"
    try:
        there = (folder / "cgroup.controllers").read_text(encoding="ascii").split()
        wanted = tuple(name for name in _CONTROLLERS if name in there)
        if not wanted:
            return "its control group counts neither memory nor processes"
        _pass_on(folder, wanted)
    except OSError as error:
        if error.errno == errno.EBUSY:
            return "other processes are in its control group"
        return f"its control group cannot be divided ({error.strerror})"
    _sweep(folder)
    return folder


def _own() -> Path | None:
    """The folder of the group that this process is in."""
    with contextlib.suppress(OSError, ValueError):
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        path = next(line[3:] for line in lines if line.startswith("0::"))
        for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
            parts = line.split()
            if parts[parts.index("-") + 1] == "cgroup2" and Path(path).is_relative_to(parts[3]):
                return Path(parts[4]) / Path(path).relative_to(parts[3])
    return None


def _pass_on(folder: Path, controllers: tuple[str, ...]) -> None:
    """Have groups below use the controllers. Raises OSError, EBUSY where processes are in the way:
    such a group cannot be divided."""
    passed = folder / "cgroup.subtree_control"
    missing = set(controllers) - set(passed.read_text(encoding="ascii").split())
    if not missing:
        return
    asked = " ".join(f"+{name}" for name in sorted(missing))
    try:
        passed.write_text(asked, encoding="ascii")
    except OSError as error:
        if error.errno != errno.EBUSY or _processes(folder) != [os.getpid()]:
            raise
        _step_down(folder, passed, asked)


def _step_down(folder: Path, passed: Path, asked: str) -> None:
    own = folder / f"kit-{os.getpid()}-own"
    own.mkdir()
    join(str(own))
    try:
        passed.write_text(asked, encoding="ascii")
    except OSError:
        join(str(folder))
        own.rmdir()
        raise


def _processes(folder: Path) -> list[int]:
    return [int(one) for one in (folder / "cgroup.procs").read_text(encoding="ascii").split()]


def _sweep(folder: Path) -> None:
    """Remove the groups of processes that were killed."""
    for one in folder.glob("kit-*-*"):
        pid = one.name.split("-")[1]
        if pid.isdigit() and not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):  # it is not empty, or not ours
                one.rmdir()


__all__ = ["END_SECONDS", "Group", "NoGroupsError", "ground", "join", "make"]

"""The memory of processes as /proc tells it: of this one, and of all in a box together."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True, kw_only=True)
class Watch:
    """The memory of all processes of the box together.

    Of one process the limit on its address space takes care.
    """

    pid: int
    memory: int
    apart: str = ""
    """A process that does not count."""

    not_before: float = 0.0

    def too_much(self) -> bool:
        """Whether they hold more than is allowed."""
        others = [name for name in os.listdir("/proc")  # noqa: PTH208
                  if name.isdigit() and name not in ("1", self.apart)]
        if others == [str(self.pid)] or sum(map(_held, others)) <= self.memory:
            return False
        # What forks share was counted once each. The exact figure costs more to read.
        began = time.monotonic()
        if began < self.not_before:
            return False
        total = 0
        for name in others:
            total += _share(name)
            if total > self.memory:
                return True
        now = time.monotonic()
        self.not_before = now + min(1.0, 5 * (now - began))
        return False


def address_space() -> int:
    """Bytes that this process has mapped."""
    try:
        handle = os.open("/proc/self/statm", os.O_RDONLY)
        pages = int(os.read(handle, 200).split()[0])
        os.close(handle)
    except (OSError, ValueError):
        return 4 * 1024**3
    return pages * resource.getpagesize()


def _held(who: str) -> int:
    """Bytes of its own that a process has in memory or in swap, shared with forks or not."""
    return _sum(who, "status", ("RssAnon:", "VmSwap:")) or 0


def _share(who: str) -> int:
    """The same, of which what is shared counts in parts; all of it where that cannot be seen."""
    found = _sum(who, "smaps_rollup", ("Pss_Anon:", "SwapPss:"))
    return _held(who) if found is None else found


def _sum(who: str, name: str, wanted: tuple[str, ...]) -> int | None:
    folder = f"/proc/{who}"
    tasks: list[str] = []
    with contextlib.suppress(OSError):
        # A process whose first thread has ended shows its memory in the others.
        tasks = [f"{folder}/task/{one}" for one in os.listdir(f"{folder}/task") if one != who]  # noqa: PTH208
    for place in (folder, *tasks):
        with contextlib.suppress(OSError, ValueError):
            lines = Path(place, name).read_text(encoding="ascii", errors="replace").splitlines()
            found = [int(line.split()[1]) for line in lines if line.startswith(wanted)]
            if found:
                return sum(found) * 1024
    return None

"""What a site is made from, by size and time of files: a quick answer to "has anything changed?".

The full answer is the digest of contents that `build` keeps. This one needs no `course.yml` to be
parsed and no file to be read, and says "unchanged" only where that is certain.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kit import __version__
from kit.errors import KitError
from kit.files import digest_bytes

if TYPE_CHECKING:
    from kit.model import Assignment, Course

Snapshot = Mapping[str, tuple[int, int]]
"""Path -> (bytes, nanoseconds of the last change)."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a time of a file tells every later change from it."""

_PASSED_OVER = frozenset({
    "submitted", "autograded", "feedback", "exchange", "marks", "_build", "node_modules", "venv",
    "env", "__pycache__",
})
_RECORDS = ("releases", "vendor")


def snapshot(root: Path) -> Snapshot:
    """All files of a course that its site may depend on; what learners handed in is not."""
    found: dict[str, tuple[int, int]] = {}
    for folder in (root, *(root / ".kit" / name for name in _RECORDS)):
        found.update(_files(folder, root, top=folder == root))
    return found


def _files(folder: Path, root: Path, *, top: bool) -> Iterator[tuple[str, tuple[int, int]]]:
    pending = [str(folder)]
    while pending:
        here = pending.pop()
        try:
            entries = list(os.scandir(here))
        except OSError:
            continue
        for entry in entries:
            at_top = top and here == str(root)
            if entry.name.startswith(".") or entry.name == "__pycache__" or (
                    at_top and (entry.name in _PASSED_OVER or entry.name.startswith("gradebook"))):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                    continue
                stat = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield os.path.relpath(entry.path, root), (stat.st_size, stat.st_mtime_ns)


def changed(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """The paths that came, went or differ, sorted."""
    return tuple(sorted(path for path in before.keys() | after.keys()
                        if before.get(path) != after.get(path)))


def mark(found: Snapshot, *, now: int) -> str:
    """A digest of a snapshot taken at `now`, or "" where a file is too new to be trusted.

    A file that was written in the last two seconds may be written again without a later time.
    """
    if any(now - changed_at < SETTLED for _, changed_at in found.values()):
        return ""
    text = "\n".join([_environment(), *(f"{path}:{size}:{changed_at}" for path, (size, changed_at)
                                        in sorted(found.items()))])
    return digest_bytes(text.encode())


def _environment() -> str:
    """This Python, what is installed in it, and the code of the kit."""
    here = Path(__file__).resolve().parents[1]
    installed = [f"{entry}:{Path(entry).stat().st_mtime_ns}" for entry in sys.path
                 if entry.endswith(("site-packages", "dist-packages")) and Path(entry).is_dir()]
    code = [f"{path}:{path.stat().st_mtime_ns}"
            for package in (here, here.parent / "autograders") for path in package.rglob("*.*")
            if path.suffix in (".py", ".js", ".css", ".html", ".json")]
    return "\n".join([__version__, sys.version, sys.prefix, *installed, *sorted(code)])


def good_until(course: Course, now: datetime) -> float:
    """Seconds since 1970 at which a date of the course changes what its site shows."""
    moments = [moment for one in course.assignments
               for moment in (one.opens, one.due, _last_due(course, one)) if moment]
    return min((moment.timestamp() for moment in moments if moment > now), default=float("inf"))


def _last_due(course: Course, assignment: Assignment) -> datetime | None:
    """When solutions for self-study may come: after the last extension."""
    if assignment.selfstudy != "after_due":
        return None
    from kit.course.dues import last_due

    try:
        return last_due(course, assignment)
    except KitError:  # a build says so when it matters
        return None

"""What lies in `submitted/`: whose work, its digest, and when it came.

    submitted/<learner>/<assignment>/

A class is walked, never listed. A digest needs every byte; where the files of a folder look as
they did when it was made (path, size, times, inode), it is taken from memory.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from kit.course.stamps import parse_nbgrader
from kit.files import digest_file
from kit.model import Submission

logger = logging.getLogger(__name__)

STAMP = "timestamp.txt"

RESERVED = frozenset({STAMP, "submission_secret.txt"})
"""Written by nbgrader and by us, never taken from a learner."""

SETTLED_NS = 2_000_000_000
"""How old the youngest file has to be before its times are trusted: a file system may keep them
by two seconds, and what changes within one of its ticks looks the same."""

SORTED = 10_000
"""How many learners' names are held at once, so that ordinary classes go by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A learner's work, not looked into yet."""

    assignment: str
    learner: str
    path: str


def folders(submitted: Path, assignment: str) -> Iterator[Folder]:
    """Every learner's folder of an assignment; of each `SORTED` of the file system, by learner.

    Links, and names that start with a dot, are passed over.
    """
    try:
        entries = os.scandir(submitted)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        names = (entry.name for entry in entries)
        while some := sorted(islice(names, SORTED)):
            for name in some:
                found = folder(submitted, assignment, name)
                if found is not None:
                    yield found


def folder(submitted: Path, assignment: str, learner: str) -> Folder | None:
    """One learner's folder of an assignment; None where there is none."""
    if learner.startswith(".") or {os.sep, os.altsep} & set(learner):
        return None
    home = f"{submitted}{os.sep}{learner}"
    path = f"{home}{os.sep}{assignment}"
    try:
        if not (stat.S_ISDIR(os.lstat(path).st_mode) and stat.S_ISDIR(os.lstat(home).st_mode)):
            return None
    except OSError:
        return None
    return Folder(assignment=assignment, learner=learner, path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A folder's digest, and how its files looked when it was made; see `fingerprint`."""

    digest: str
    fingerprint: str


def look(found: Folder, known: Seen | None = None) -> Seen:
    """The digest of a folder; its files are read unless they look as they did when `known`."""
    looks = fingerprint(found.path)  # before reading: what changes meanwhile is noticed later
    if known is not None and looks and looks == known.fingerprint:
        return known
    return Seen(digest=digest(Path(found.path)), fingerprint=looks)


def submission(found: Folder, seen: Seen | None = None) -> Submission:
    """What is to be graded; `seen` is what a look at it gave, where there was one."""
    now = seen or look(found)
    path = Path(found.path)
    return Submission(
        assignment=found.assignment, learner=found.learner, folder=path, digest=now.digest,
        received_at=received(path), fingerprint=now.fingerprint)


def digest(path: Path) -> str:
    """SHA-256 over names and bytes of a submission, nbgrader's own files left out."""
    total = hashlib.sha256()
    for relative, entry in files(str(path)):
        content = digest_file(entry.path)
        total.update(f"{relative}\0{content}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def fingerprint(path: str) -> str:
    """A digest over path, size, times and inode of every file that belongs to the work.

    Empty where a file is so young that it could change and still look the same.
    """
    total = hashlib.blake2b(digest_size=16)
    newest = 0
    for relative, entry in files(path):
        one = entry.stat(follow_symlinks=False)
        newest = max(newest, one.st_mtime_ns, one.st_ctime_ns)
        total.update(f"{relative}\0{one.st_size} {one.st_mtime_ns} {one.st_ctime_ns} {one.st_ino}\n"
                     .encode("utf-8", "surrogateescape"))
    return "" if newest > time.time_ns() - SETTLED_NS else total.hexdigest()


def files(path: str) -> list[tuple[str, os.DirEntry[str]]]:
    """(path with `/`, entry) of the regular files, sorted by the parts of the path."""
    found: list[tuple[tuple[str, ...], os.DirEntry[str]]] = []
    waiting: list[tuple[tuple[str, ...], str]] = [((), path)]
    while waiting:
        above, where = waiting.pop()
        try:
            entries = os.scandir(where)
        except PermissionError:
            continue
        with entries:
            for entry in entries:
                parts = (*above, entry.name)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((parts, entry.path))
                elif entry.is_file(follow_symlinks=False) and (above or entry.name not in RESERVED):
                    found.append((parts, entry))
    found.sort(key=lambda item: item[0])
    return [("/".join(parts), entry) for parts, entry in found]


def received(path: Path) -> datetime | None:
    """When the work came, by its `timestamp.txt`; None where that says nothing."""
    stamp = path / STAMP
    try:
        if not stat.S_ISREG(stamp.lstat().st_mode):
            return None
        with stamp.open("rb") as stream:
            data = stream.read(200)
    except FileNotFoundError:
        return None
    moment = parse_nbgrader(data.decode("utf-8-sig", "replace"))
    if moment is None:
        logger.warning("%s holds no time that can be read", stamp)
    return moment

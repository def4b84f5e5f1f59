"""The files that a run leaves in its box: which of them are new, and their descriptors."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping

from kit.sandbox.batches import LONGEST_NAME

MAX_FILES, MAX_DEPTH = 2000, 32
"""What is handed out of a box: more files or folders in folders are left behind."""


def told(path: str) -> tuple[int, int]:
    """When a file was changed, and how large it is: the same while it is as it was. Raises
    OSError."""
    found = os.lstat(path)
    return found.st_mtime_ns, found.st_size


def identity(path: str) -> tuple[int, int]:
    """Which file or folder it is, whatever its name becomes."""
    try:
        found = os.lstat(path)
    except OSError:
        return (0, -1)
    return (found.st_dev, found.st_ino)


def new_files(folder: str, given: Mapping[str, tuple[int, int]], budget: int) -> Iterator[str]:
    """Names of the files in a folder that are not as they were `given`, up to so many bytes."""
    for name in _files_in(folder):
        with contextlib.suppress(OSError):
            now = told(f"{folder}/{name}")
            if len(name) > LONGEST_NAME or given.get(name) == now:
                continue
            budget -= now[1]
            if budget < 0:
                return
            yield name


def opened(folder: str, names: Iterable[str]) -> tuple[list[str], list[int]]:
    """The files that can be opened, and their descriptors."""
    given: list[str] = []
    handles: list[int] = []
    for name in names:
        with contextlib.suppress(OSError):
            handles.append(os.open(
                f"{folder}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK))
            given.append(name)
    return given, handles


def _files_in(folder: str) -> Iterator[str]:
    """Relative names of the regular files below; links are not followed."""
    count = 0
    waiting = [("", 0)]
    while waiting:
        here, depth = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(f"{folder}/{here}") as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                count += 1
                if count > MAX_FILES:
                    return
                if entry.is_dir(follow_symlinks=False):
                    if depth < MAX_DEPTH:
                        waiting.append((f"{here}{entry.name}/", depth + 1))
                elif entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(UnicodeEncodeError):
                        name = here + entry.name
                        name.encode()
                        yield name


__all__ = ["MAX_DEPTH", "MAX_FILES", "identity", "new_files", "opened", "told"]

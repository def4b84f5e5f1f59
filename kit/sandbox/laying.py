"""What lies in a box: the files that it is given, and those that a run left there, brought here."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import socket
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kit.errors import GradingError
from kit.model import Limits
from kit.sandbox.batches import LONGEST_NAME, batches
from kit.sandbox.cells import Stage
from kit.sandbox.groups import Group

MAX_FILES = 5000
"""Files that a run is given at most."""

_LEFT_OUT = frozenset({".git", "__pycache__", ".ipynb_checkpoints", ".venv", "node_modules"})

Files = Mapping[str, str | Path]
"""Where files lie, by the names that a run finds them under."""


@dataclass(slots=True)
class Box:
    """A keeper, and the channel to it."""

    control: socket.socket
    dead: bool = False
    stage: Stage | None = None
    said: tuple[dict[str, Any], ...] = ()
    """What the cells of the stage put out."""

    shared: frozenset[str] = frozenset()
    """Files of the stage that it has for all its runs."""

    knows: frozenset[str] = frozenset()
    """Files of libraries that its runs find taken apart."""

    group: Group | None = None

    def tell(self, *requests: dict[str, Any], handles: Sequence[int] = ()) -> None:
        """Send requests together, of which one takes handles; a keeper that is gone shows when it
        is waited for."""
        try:
            socket.send_fds(self.control, [json.dumps(requests).encode()], handles)
        except OSError:
            self.dead = True


def lay_out(
    box: Box, folder: Path, limits: Limits, files: Files, *, then: Sequence[dict[str, Any]] = ()
) -> None:
    """Have the box made, with these files in it, and what is asked `then` done. Raises
    GradingError."""
    if len(files) > MAX_FILES:
        raise GradingError(f"more than {MAX_FILES:,} files beside the notebook",
                           where=str(folder), hint="move what it does not need elsewhere")
    if box.group is not None:
        with contextlib.suppress(OSError):  # then those hold that it had before
            box.group.bound(limits)
    shared = {name for name, path in files.items() if _same_file(box, name, path)}
    made = {"op": "box", "bytes": _bytes(files.values()) + 2 * limits.file_bytes,
            "name": plain(folder.name)}
    parts = list(batches(list(files))) or [[]]
    for part, names in enumerate(parts, 1):
        _give(box, {name: files[name] for name in names if name not in shared},
              [name for name in names if name in shared],
              before=[made] if part == 1 else [], then=then if part == len(parts) else ())


def _same_file(box: Box, name: str, path: str | Path) -> bool:
    """Whether a file is the very one that the box has already."""
    if name not in box.shared or box.stage is None:
        return False
    with contextlib.suppress(OSError):
        mine, its = os.lstat(path), (box.stage.folder / name).lstat()
        return (mine.st_dev, mine.st_ino) == (its.st_dev, its.st_ino)
    return False


def _bytes(files: Iterable[str | Path]) -> int:
    """What the files take in a box."""
    size = 0
    for path in files:
        with contextlib.suppress(OSError):
            size += os.lstat(path).st_size + 4096
    return size


def plain(name: str) -> str:
    """A name for the working folder: the folder's own, where that is an ordinary one."""
    good = name and not name.startswith(".") and len(name.encode()) < 200 and name.isprintable()
    return name if good else "work"


def _files_in(folder: Path) -> dict[str, str]:
    """The files that a run on a folder is given, and one more where those are too many."""
    return dict(itertools.islice(_walk(str(folder)), MAX_FILES + 1))


def given(folder: Path, files: Files | None) -> Files:
    """The files that a run is given."""
    if files is None:
        return _files_in(folder)
    return {name: path for name, path in files.items()
            if "/" not in name or _LEFT_OUT.isdisjoint(name.split("/")[:-1])}


def _walk(folder: str) -> Iterator[tuple[str, str]]:
    """(relative name, path) of files; as text, since a deep path has many parts."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        # A folder that is too deep has no name that can be opened.
        with contextlib.suppress(OSError), os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _LEFT_OUT:
                        waiting.append(f"{inside}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    name = inside + entry.name
                    yield name, f"{folder}/{name}"


def _give(
    box: Box, files: Files, shared: list[str], *, before: Sequence[dict[str, Any]],
    then: Sequence[dict[str, Any]],
) -> None:
    handles: list[int] = []
    names: list[str] = []
    try:
        for name, path in files.items():
            try:
                handles.append(os.open(path, os.O_RDONLY | os.O_NOFOLLOW))
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    raise
            else:
                names.append(name)
        box.tell(*before, {"op": "files", "names": names, "shared": shared}, *then,
                 handles=handles)
    finally:
        for one in handles:
            os.close(one)


def bring(name: str, handle: int, folder: Path, budget: int) -> int:
    """Copy a file of the run to its name in `folder`; its bytes. It replaces what is there."""
    told = os.fstat(handle)
    parts = PurePosixPath(name).parts
    if (not stat.S_ISREG(told.st_mode) or told.st_size > budget or len(name) > LONGEST_NAME
            or not parts or ".." in parts or name.startswith("/") or "\0" in name):
        return 0
    target = folder
    for part in parts[:-1]:
        target /= part
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            return 0
        target.mkdir(exist_ok=True)
    target /= parts[-1]
    if target.is_dir() and not target.is_symlink():
        return 0
    number, beside = tempfile.mkstemp(dir=target.parent, prefix=".kit-")
    try:
        with os.fdopen(number, "wb") as out:
            left = told.st_size
            while left and (piece := os.read(handle, min(left, 1 << 20))):
                out.write(piece)
                left -= len(piece)
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return told.st_size


__all__ = ["MAX_FILES", "Box", "Files", "bring", "given", "lay_out", "plain"]

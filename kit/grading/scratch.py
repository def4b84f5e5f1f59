"""A folder of its own for a run, under the temporary one; what killed runs left there goes.

A run holds a lock on its folder for as long as it lives, however it ends. So a folder that
nobody holds is nobody's.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.files import locked
from kit.grading import folder as folders

PREFIX = "kit-grade-"
_TRIES = 10


@contextmanager
def run_folder() -> Iterator[Path]:
    """A folder that is there while a run is at work."""
    _sweep(Path(tempfile.gettempdir()))
    with _held() as folder:
        try:
            yield folder
        finally:
            folders.remove(folder)


@contextmanager
def temporary_in(folder: Path) -> Iterator[None]:
    """Let everything temporary of this process lie in `folder`.

    For a program of its own alone: other threads of the process get the same place.
    """
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _held() -> Iterator[Path]:
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        with locked(folder) as mine:
            # Another run may have found it before it was locked, and removed it.
            if mine and folder.is_dir():
                yield folder
                return
    raise FileExistsError(f"no folder of its own in {tempfile.gettempdir()}")


def _sweep(temporary: Path) -> None:
    """Remove the folders of runs that were killed."""
    for folder in temporary.glob(f"{PREFIX}*"):
        # One of somebody else cannot be opened or removed: it is theirs to sweep.
        with contextlib.suppress(OSError), locked(folder, unknown=False) as mine:
            told = folder.lstat()
            if mine and stat.S_ISDIR(told.st_mode) and told.st_uid == os.geteuid():
                folders.remove(folder)

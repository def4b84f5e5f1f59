"""The files of a folder as they stood at a moment, for a run that shares its folder with us."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stood in `folder`; a copy of it lies in `beside`."""

    folder: Path
    beside: Path

    def put_back(self) -> None:
        """Have the folder be as it stood. Only once nothing writes there any more."""
        with contextlib.suppress(OSError):  # the run took its folder away
            self.folder.rename(self.beside / "left")
        (self.beside / "kept").rename(self.folder)
        self.forget()

    def forget(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.beside, ignore_errors=True)


def standing(folder: Path, max_bytes: int) -> Standing:
    """Copy what stands there now: files alone, no links, and `max_bytes` of them at most."""
    beside = Path(tempfile.mkdtemp(prefix=".kit-stood-", dir=folder.parent))
    kept = beside / "kept"
    kept.mkdir()
    count = 0
    for where, folders, names in os.walk(folder):
        target = kept / Path(where).relative_to(folder)
        folders[:] = [name for name in folders if not (Path(where) / name).is_symlink()]
        for name in folders:
            (target / name).mkdir()
        for name in names:
            with contextlib.suppress(OSError):  # it may be taken away meanwhile
                handle = os.open(Path(where) / name,
                                 os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                with os.fdopen(handle, "rb") as file:
                    told = os.fstat(handle)
                    max_bytes -= told.st_size
                    count += 1
                    if max_bytes < 0 or count > MAX_FILES:
                        return Standing(folder=folder, beside=beside)
                    if stat.S_ISREG(told.st_mode):
                        (target / name).write_bytes(file.read(told.st_size))
                        (target / name).chmod(0o644)
    return Standing(folder=folder, beside=beside)

"""The folder of a graded submission: a private copy to run in, made safe before others read it."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from kit.model import Repair

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
"""nbgrader's CourseDirectory.ignore."""

_LARGE = 1 << 20

MAX_FILES = 10_000
READ_ONLY = 0o444


def copy_in(
    submission: Path, source: Path | None, target: Path, *, known: frozenset[str],
    keep: frozenset[str] = frozenset(), ignore: tuple[str, ...] = IGNORED, link: bool = False,
) -> list[Repair]:
    """Fill `target` with the learner's files, then the author's over them.

    Of notebooks only those in `known` (file names at the top) are taken. `keep` are the
    author's files that do not replace the learner's. With `link` large files of the author are
    the same files under another name: for who writes to none of them. What has a name in
    `ignore` stays out, and so do links and special files.
    """
    repairs: list[Repair] = []
    for path in _files(submission, ignore, repairs):
        relative = path.relative_to(submission)
        if path.suffix != ".ipynb" or (len(relative.parts) == 1 and path.name in known):
            _copy(path, target / relative)
    if source is not None:
        for path in _files(source, ignore, []):
            relative = path.relative_to(source)
            if path.suffix != ".ipynb" and relative.as_posix() not in keep:
                _copy(path, target / relative, link=link and path.stat().st_size >= _LARGE)
    return repairs


def _files(folder: Path, ignore: tuple[str, ...], repairs: list[Repair]) -> Iterator[Path]:
    count = 0
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not _ignored(name, ignore)
                            and not (Path(where) / name).is_symlink())
        for name in sorted(names):
            path = Path(where) / name
            if _ignored(name, ignore):
                continue
            if not stat.S_ISREG(path.lstat().st_mode):
                repairs.append(Repair(code="not-a-file",
                                      message=f"{name[:80]} is a link or no file; left out"))
                continue
            count += 1
            if count > MAX_FILES:
                repairs.append(Repair(code="too-many-files", message=(
                    f"more than {MAX_FILES:,} files; the rest was left out")))
                return
            yield path


def _ignored(name: str, ignore: tuple[str, ...]) -> bool:
    return _matching(ignore)(os.path.normcase(name)) is not None


@lru_cache(maxsize=16)
def _matching(patterns: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    """Whether a name matches one of the patterns, as fnmatch compares them."""
    each = (fnmatch.translate(os.path.normcase(pattern)) for pattern in patterns)
    return re.compile("|".join(each) or "(?!)").match


def _copy(path: Path, target: Path, *, link: bool = False) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    if link:
        with contextlib.suppress(OSError):  # it lies on another disk
            target.hardlink_to(path)
            return
    shutil.copyfile(path, target, follow_symlinks=False)
    target.chmod(0o644)


def empty(folder: Path) -> None:
    """Take everything out of a folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, onerror=_force)
        else:
            path.unlink()


def _force(_function: object, name: str, _error: object) -> None:
    # A submission may have taken the write permission from its own folders.
    path = Path(name)
    path.parent.chmod(0o755)
    if path.is_dir() and not path.is_symlink():
        path.chmod(0o755)
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def make_safe(folder: Path) -> None:
    """What a run left behind: no link, no special file, notebooks only where they belong.

    Files become read-only, as nbgrader leaves them.
    """
    for where, folders, names in os.walk(folder, followlinks=False):
        for name in [*folders, *names]:
            path = Path(where) / name
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                path.chmod(0o755)
            elif stat.S_ISREG(mode):
                path.chmod(READ_ONLY)
            else:
                path.unlink()
        folders[:] = [name for name in folders if not (Path(where) / name).is_symlink()]


def remove(folder: Path) -> None:
    """Remove a graded folder, whatever a run did to its permissions."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder, onerror=_force)

"""Files of learners and authors: found, laid out, and made safe before others read them."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from kit.model import Repair

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
"""nbgrader's CourseDirectory.ignore."""

_LARGE = 1 << 20

MAX_FILES = 10_000
READ_ONLY = 0o444


NOTEBOOK = ".ipynb"


def found(
    folder: Path, repairs: list[Repair], *, ignore: tuple[str, ...] = IGNORED,
    known: frozenset[str] = frozenset(),
) -> dict[str, Path]:
    """The files below a folder, by their relative names.

    Of notebooks only those in `known` (file names at the top) are taken. What has a name in
    `ignore` is left out, and so are links and special files; `repairs` say so.
    """
    taken: dict[str, Path] = {}
    top = str(folder)
    for where, folders, names in os.walk(top, followlinks=False):
        inside = where[len(top):].strip(os.sep).replace(os.sep, "/")
        folders[:] = sorted(name for name in folders if not _ignored(name, ignore)
                            and not (Path(where) / name).is_symlink())
        for name in sorted(names):
            if _ignored(name, ignore) or (name.endswith(NOTEBOOK) and (
                    inside or name not in known)):
                continue
            path = f"{where}{os.sep}{name}"
            if not stat.S_ISREG(os.lstat(path).st_mode):
                repairs.append(Repair(code="not-a-file",
                                      message=f"{name[:80]} is a link or no file; left out"))
                continue
            if len(taken) == MAX_FILES:
                repairs.append(Repair(code="too-many-files", message=(
                    f"more than {MAX_FILES:,} files; the rest was left out")))
                return taken
            taken[f"{inside}/{name}" if inside else name] = Path(path)
    return taken


def over(below: Mapping[str, Path], above: Mapping[str, Path]) -> dict[str, Path]:
    """Both sets of files; where two have one name, or one has the name of a folder of another,
    those `above` stand."""
    hidden = {parent for name in above for parent in _parents(name)}
    return {**{name: path for name, path in below.items() if name not in hidden
               and above.keys().isdisjoint(_parents(name))}, **above}


def _parents(name: str) -> Iterator[str]:
    """The folders that a file of that name is in."""
    while name := name.rpartition("/")[0]:
        yield name


def lay(files: Mapping[str, Path], target: Path) -> None:
    """Copy files to their names in a folder, which is made."""
    target.mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        copy(path, target / name)


def _ignored(name: str, ignore: tuple[str, ...]) -> bool:
    return _matching(ignore)(os.path.normcase(name)) is not None


@lru_cache(maxsize=16)
def _matching(patterns: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    """Whether a name matches one of the patterns, as fnmatch compares them."""
    each = (fnmatch.translate(os.path.normcase(pattern)) for pattern in patterns)
    return re.compile("|".join(each) or "(?!)").match


def copy(path: Path, target: Path, *, link: bool = False, mode: int = 0o644) -> None:
    """Copy a file to a place where nothing is. With `link` a large one is the same file under
    another name: for who writes to neither."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if link and path.stat().st_size >= _LARGE:
        with contextlib.suppress(OSError):  # it lies on another disk
            target.hardlink_to(path)
            target.chmod(mode)
            return
    shutil.copyfile(path, target, follow_symlinks=False)
    target.chmod(mode)


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


def left_in(folder: Path) -> dict[str, Path]:
    """All files below a folder, by their relative names; no link is one, and none is followed."""
    return {path.relative_to(folder).as_posix(): path
            for where, _, names in os.walk(folder, followlinks=False)
            for name in sorted(names)
            if stat.S_ISREG((path := Path(where, name)).lstat().st_mode)}


def remove(folder: Path) -> None:
    """Remove a graded folder, whatever a run did to its permissions."""
    if not os.path.lexists(folder):  # nearly always
        return
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, onerror=_force)

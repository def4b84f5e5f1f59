"""The folder that Sphinx reads: only what may be published is ever copied there.

Sphinx runs on `.kit/site/src`, never on the course folder: `source/`, submissions, rosters and
the gradebook are out of its reach. A file is written only when it differs, so that Sphinx
renders only what changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from kit.files import copy_if_changed, write_bytes
from kit.model import Course

PRIVATE = frozenset({
    "source", "release", "submitted", "autograded", "feedback", "exchange", "marks", "_build",
    "node_modules", "venv", "env", "__pycache__", "course.yml", "roster.csv", "extensions.csv",
    "teams.csv", "nbgrader_config.py", "_config.yml", "_toc.yml", "myst.yml",
    "README.md",
})
"""Names at the top of a course that no page may reach."""

_PAGES = (".ipynb",)


class Stage:
    """Collects the files of one build, then removes what an earlier build left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: set[Path] = set()

    def write(self, name: str, data: bytes | str) -> None:
        """Put a file there, touching it only when it differs."""
        target = self.folder / name
        content = data.encode("utf-8") if isinstance(data, str) else data
        self._kept.add(target)
        if not (target.is_file() and target.read_bytes() == content):
            write_bytes(target, content)

    def copy(self, path: Path, name: str) -> None:
        """Copy a file unless size and time say that it is there already."""
        target = self.folder / name
        self._kept.add(target)
        copy_if_changed(path, target)

    def holds(self, name: str, text: str) -> bool:
        """Whether a file of that name is there and holds the text."""
        path = self.folder / name
        return path in self._kept and text in path.read_text(encoding="utf-8", errors="replace")

    def has(self, name: str) -> bool:
        """Whether this build put a file of that name there."""
        return self.folder / name in self._kept

    def finish(self) -> None:
        """Remove every file that this build did not put there."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in self._kept:
                path.unlink()


def public_files(course: Course) -> Iterator[tuple[Path, str]]:
    """All files of the course that a page may show or a lesson may read: (path, name).

    Links are not followed, hidden files and databases are left out.
    """
    for folder, folders, names in os.walk(course.root):
        top = Path(folder) == course.root
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and name != "__pycache__" and name != "_build"
            and not (top and name in PRIVATE) and not (Path(folder) / name).is_symlink()
        )
        for name in sorted(names):
            path = Path(folder) / name
            private = top and (name in PRIVATE or name.startswith("gradebook"))
            if private or name.startswith(".") or path.is_symlink():
                continue
            if path.suffix in (".db", ".pyc"):
                continue
            yield path, path.relative_to(course.root).as_posix()


def copy_public(course: Course, stage: Stage, pages: frozenset[str]) -> None:
    """Copy figures, data and whatever else pages refer to; `pages` are written elsewhere."""
    for path, name in public_files(course):
        if name not in pages and path.suffix not in _PAGES:
            stage.copy(path, name)

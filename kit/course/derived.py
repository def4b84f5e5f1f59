"""Files that follow from `course.yml`. Only what bears our header is ever rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.files import write_text

HEADER = "Derived from course.yml by kit; edit that file, or delete this line to keep your own."


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFile:
    """What became of a derived file: written, unchanged, or the author's own and left alone."""

    path: Path
    state: Literal["written", "unchanged", "author"]


def write_derived(path: Path, body: str, *, comment: str = "#") -> DerivedFile:
    """Write `body` under our header, unless the file there is the author's own."""
    text = f"{comment} {HEADER}\n{body}"
    if path.is_symlink():
        return DerivedFile(path=path, state="author")
    if path.exists():
        current = path.read_text(encoding="utf-8", errors="replace")
        if not current.startswith(f"{comment} {HEADER}"):
            return DerivedFile(path=path, state="author")
        if current == text:
            return DerivedFile(path=path, state="unchanged")
    write_text(path, text)
    return DerivedFile(path=path, state="written")

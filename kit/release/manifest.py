"""The record of a release: `.kit/releases/<assignment>/manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kit.errors import ReleaseError, typed
from kit.files import digest_bytes, write_text
from kit.model import (
    Assignment,
    CellKind,
    Course,
    Release,
    ReleasedCell,
    ReleasedFile,
    ReleasedNotebook,
)

VERSION = 1


def path(course: Course, assignment: str) -> Path:
    """Where the manifest of an assignment is."""
    return course.records / "releases" / assignment / "manifest.json"


def digest(release: Release) -> str:
    """SHA-256 over all that the release hands out and grades with: not over its time, nor over
    the author's answers."""
    content = asdict(replace(release, digest="", made_at=None))
    for notebook in content["notebooks"]:
        for cell in notebook["cells"]:
            del cell["solution"]
    return digest_bytes(json.dumps(content, sort_keys=True, default=str).encode())


def write_manifest(course: Course, release: Release) -> None:
    """Write the manifest, whole or not at all."""
    content = {
        "version": VERSION,
        "max_points": release.max_points,
        **asdict(release),
        "made_at": release.made_at.isoformat() if release.made_at else None,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_text(path(course, release.assignment), text + "\n")


def read_release(course: Course, assignment: Assignment) -> Release | None:
    """The release that the kit made last; None where it made none.

    Raises ReleaseError when the manifest cannot be read.
    """
    file = path(course, assignment.name)
    if not file.exists() and not file.is_symlink():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.get("version") != VERSION:
            raise ValueError(f"version {content.get('version')!r}, not {VERSION}")
        return _release(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(
            f"the record of the release cannot be read: {error}",
            where=f".kit/releases/{assignment.name}/manifest.json",
            hint=f"make it again: {typed('kit', 'release', assignment.name)}",
        ) from error


def _release(content: Mapping[str, Any]) -> Release:
    made_at = content.get("made_at")
    return Release(
        assignment=content["assignment"],
        notebooks=tuple(
            ReleasedNotebook(
                name=notebook["name"],
                cells=tuple(_cell(cell) for cell in notebook["cells"]),
                kernelspec=notebook.get("kernelspec") or {},
            )
            for notebook in content["notebooks"]
        ),
        files=tuple(ReleasedFile(**file) for file in content.get("files", ())),
        digest=content["digest"],
        made_at=datetime.fromisoformat(made_at) if made_at else None,
    )


def _cell(content: Mapping[str, Any]) -> ReleasedCell:
    return ReleasedCell(**{**content, "kind": CellKind(content["kind"])})

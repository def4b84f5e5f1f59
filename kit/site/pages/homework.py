"""Homework on the site: the released notebooks, and nothing that is not in the release.

A released file is shown only when it matches the Release handed in. Outputs are dropped: they
may hold what the author's solution printed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import notebook
from kit.course import markers_of
from kit.course.public import is_public
from kit.errors import BuildError, typed
from kit.language import language_of
from kit.model import Assignment, Course, Markers, Release, ReleasedNotebook
from kit.site.launch import launches
from kit.site.lessons.notebooks import released_notebook
from kit.site.lessons.reading import heading
from kit.site.model import Page
from kit.site.moments import moment
from kit.site.pages.selfstudy import bundle, is_open, notice
from kit.site.stage import Stage
from kit.site.words import literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An assignment as the site shows it: its pages, and its zip inside the staged folder."""

    assignment: Assignment
    pages: tuple[Page, ...]
    points: float | None
    archive: str = ""


def group_of(course: Course) -> str:
    """The group of the navigation that lists homework."""
    return language_of(course).say("Homework")


def stage_homework(
    course: Course, stage: Stage, releases: Mapping[str, Release], archives: Mapping[str, Path],
    now: datetime,
) -> tuple[Handed, ...]:
    """Write the pages of all released assignments; those not released yet get none.

    Full tests and solutions are offered where `selfstudy` says so at `now`.

    Raises BuildError where a file under `release/` is not what the Release says.
    """
    handed = []
    # nbgrader's own too: who replaced them may have left one, which hides nothing.
    markers = (markers_of(course), Markers())
    for assignment in course.assignments:
        release = releases.get(assignment.name)
        if release is None:
            handed.append(Handed(assignment=assignment, pages=(), points=None))
            continue
        folder = course.root / "release" / assignment.name
        archive = _archive(course, stage, assignment, folder, archives)
        pages = tuple(
            _page(course, stage, assignment, released, archive, markers,
                  alone=len(release.notebooks) == 1)
            for released in release.notebooks
        )
        pages = _with_selfstudy(course, stage, assignment, release, pages, now)
        _copy_files(stage, assignment, folder, release)
        handed.append(Handed(assignment=assignment, pages=pages, points=release.max_points,
                             archive=archive))
    return tuple(handed)


def _with_selfstudy(
    course: Course, stage: Stage, assignment: Assignment, release: Release,
    pages: tuple[Page, ...], now: datetime,
) -> tuple[Page, ...]:
    if not is_open(course, assignment, now):
        told = notice(course, assignment, now)
        return tuple(replace(page, notice=told) for page in pages)
    label, name, data = bundle(course, assignment, release,
                               course.root / "release" / assignment.name)
    address = f"_files/{assignment.name}/{name}"
    stage.write(address, data)
    return tuple(replace(page, downloads=(*page.downloads, (label, address))) for page in pages)


def _page(
    course: Course, stage: Stage, assignment: Assignment, released: ReleasedNotebook,
    archive: str, markers: Sequence[Markers], *, alone: bool,
) -> Page:
    where = f"release/{assignment.name}/{released.name}.ipynb"
    path = course.root / where
    again = typed("kit", "release", assignment.name)
    if not path.is_file() or path.is_symlink():
        raise BuildError("the released notebook is not there", where=where, hint=again)
    found = notebook.read(path)
    _verify(found, released, markers, where=where, again=again)
    found = released_notebook(found)
    docname = f"homework/{assignment.name}/{released.name}"
    download = f"_files/{assignment.name}/{released.name}.ipynb"
    stage.write(download, notebook.dumps(found))
    found["metadata"].pop(notebook.HANDED_OUT, None)  # for the learner's check, not the page
    text = "\n\n".join(c["source"] for c in found["cells"] if c["cell_type"] == "markdown")
    title = assignment.title if alone else f"{assignment.title}: {heading(text) or released.name}"
    stage.write(f"{docname}.ipynb", notebook.dumps(_titled(found, title, heading(text))))
    words = language_of(course)
    downloads = [(words.say("Download notebook"), download)]
    if archive:
        downloads.append((words.say("Notebook and data (zip)"), archive))
    return Page(docname=docname, title=title, group=group_of(course), downloads=tuple(downloads),
                launches=launches(course.site, where, words),
                eyebrow=_eyebrow(course, assignment, released.max_points))


def _titled(found: dict[str, Any], title: str, first: str) -> dict[str, Any]:
    """A page without a heading of its own gets the assignment's title as one."""
    if first:
        return found
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"# {literal(title)}",
            "id": "page-title"}
    return {**found, "cells": [cell, *found["cells"]]}


def _verify(
    found: Mapping[str, Any], released: ReleasedNotebook, markers: Sequence[Markers], *,
    where: str, again: str,
) -> None:
    known = {cell.grade_id: cell for cell in released.cells}
    for index, cell in enumerate(found["cells"]):
        source = notebook.source(cell)
        if marker := next(filter(None, (one.in_text(source) for one in markers)), ""):
            raise BuildError(f"holds the marker {marker!r}: this is not a released notebook",
                             where=f"{where}, cell {index + 1}", hint=again)
        grade_id = notebook.grade_id(cell)
        said = known.get(grade_id or "")
        if said is not None and said.released and source.strip() != said.released.strip():
            raise BuildError("differs from what was released", hint=again,
                             where=f"{where}, cell {grade_id}")


def _archive(
    course: Course, stage: Stage, assignment: Assignment, folder: Path,
    archives: Mapping[str, Path],
) -> str:
    """The zip to hand out, where there is one, its notebooks are the released ones, and nothing
    private is in it (an older release, or stock nbgrader, lets more through)."""
    usual = course.root / "release" / f"{course.id}-{assignment.name}.zip"
    path = archives.get(assignment.name, usual)
    if not path.is_file() or path.is_symlink():
        return ""
    with zipfile.ZipFile(path) as packed:
        for entry in packed.namelist():
            if any(part.startswith(".") for part in entry.split("/")):
                return ""
            if entry.endswith(".ipynb"):
                original, data = folder / Path(entry).name, packed.read(entry)
                if not original.is_file() or original.read_bytes() != data:
                    return ""
                if not is_public(notebook.parse(data, name=entry)):
                    return ""
    name = f"_files/{assignment.name}/{path.name}"
    stage.write(name, path.read_bytes())
    return name


def _copy_files(stage: Stage, assignment: Assignment, folder: Path, release: Release) -> None:
    """Figures and data that the notebooks refer to: only files that the Release names."""
    for file in release.files:
        path = folder / file.path
        if path.is_file() and not path.is_symlink() and path.suffix not in (".ipynb", ".md"):
            stage.copy(path, f"homework/{assignment.name}/{file.path}")


def _eyebrow(course: Course, assignment: Assignment, points: float) -> str:
    words, parts = language_of(course), [assignment.title]
    if assignment.due:
        when = moment(course, assignment.due)
        parts.append(words.say("suggested by {when}", when=when) if course.self_paced
                     else words.say("due {when}", when=when))
    if points:
        parts.append(words.many(points, "{number} point", "{number} points"))
    return ", ".join(parts)

"""A release in memory: what learners would get, with the full tests kept beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kit import notebook as nb
from kit.course import markers_of
from kit.errors import NotebookError, ReleaseError
from kit.files import digest_file
from kit.model import (
    Assignment,
    CellKind,
    Course,
    Markers,
    Release,
    ReleasedCell,
    ReleasedFile,
    ReleasedNotebook,
)
from kit.release.manifest import digest
from kit.release.pipeline import Pipeline, pipeline
from kit.release.seal import one_pool
from kit.release.trouble import explained


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedNotebook:
    """One notebook at three stages, as nbformat 4 JSON.

    `solved`: the author's, with solutions and hidden tests. `full`: solutions cleared, hidden
    tests still there, as the gradebook keeps it. `released`: what learners get, its tests sealed.
    `unsealed` says why tests are handed out without checks, by grade_id.
    """

    name: str
    solved: nb.Notebook
    full: nb.Notebook
    released: nb.Notebook
    unsealed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A release with its whole notebooks."""

    release: Release
    notebooks: tuple[GeneratedNotebook, ...]


def generate(course: Course, assignment: Assignment) -> Release:
    """What releasing the assignment now would hand out; nothing is written.

    nbgrader's generate preprocessors run with the author's `nbgrader_config.py`, its gradebook
    apart. Raises ReleaseError with file, cell and what to do.
    """
    return generated(course, assignment).release


def generated(course: Course, assignment: Assignment) -> Generated:
    """As `generate`, with the notebooks themselves at each stage."""
    steps = pipeline(course, assignment.name)
    paths = steps.notebooks()
    if not paths:
        raise ReleaseError(
            "there is no notebook to release",
            where=_shown(steps.source, course.root),
            hint="put the author's .ipynb there",
        )
    with one_pool():
        notebooks = tuple(_notebook(steps, path, course.root) for path in paths)
    markers = markers_of(course)
    release = Release(
        assignment=assignment.name,
        notebooks=tuple(_released(notebook, markers) for notebook in notebooks),
        files=tuple(
            ReleasedFile(path=path.relative_to(steps.source).as_posix(), digest=digest_file(path))
            for path in steps.files()
        ),
    )
    return Generated(release=replace(release, digest=digest(release)), notebooks=notebooks)


def _notebook(steps: Pipeline, path: Path, root: Path) -> GeneratedNotebook:
    shown = _shown(path, root)
    try:
        nb.read(path)
    except NotebookError as error:
        raise ReleaseError(error.message, where=shown, hint=error.hint) from error
    try:
        snapshots = steps.run(path)
    except Exception as error:
        raise explained(error, notebook=shown) from error
    return GeneratedNotebook(
        name=path.stem,
        solved=_plain(snapshots.solved, shown),
        full=_plain(snapshots.full, shown),
        released=_plain(snapshots.released, shown),
        unsealed=snapshots.unsealed,
    )


def _plain(node: Any, shown: str) -> nb.Notebook:
    return nb.parse(json.dumps(node).encode(), name=shown)


def _released(notebook: GeneratedNotebook, markers: Markers) -> ReleasedNotebook:
    solved = {nb.grade_id(cell): nb.without_marker_lines(nb.source(cell), markers)
              for _, cell, kind in nb.graded_cells(notebook.solved)
              if kind in (CellKind.ANSWER, CellKind.MANUAL)}
    handed = {nb.grade_id(cell): cell for cell in notebook.released["cells"]}
    cells = []
    for _, cell, kind in nb.graded_cells(notebook.full):
        meta = nb.nbgrader_meta(cell) or {}
        grade_id = meta["grade_id"]
        out = handed.get(grade_id, cell)
        cells.append(
            ReleasedCell(
                grade_id=grade_id,
                kind=kind,
                cell_type=cell["cell_type"],
                source=nb.source(cell),
                released=nb.source(out),
                points=float(meta.get("points", 0.0)),
                checksum=_checksum(out),
                solution=solved.get(grade_id, ""),
            )
        )
    kernelspec: Mapping[str, Any] = notebook.full["metadata"].get("kernelspec") or {}
    return ReleasedNotebook(name=notebook.name, cells=tuple(cells), kernelspec=kernelspec)


def _checksum(cell: Mapping[str, Any]) -> str:
    return str((nb.nbgrader_meta(cell) or {}).get("checksum", ""))


def _shown(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(path)

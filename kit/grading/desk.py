"""What all submissions of a batch are graded with."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.grading import folder as folders
from kit.grading import running
from kit.grading.bindings import Trials, trials
from kit.grading.config import Settings
from kit.grading.repair import texts
from kit.model import Assignment, Course, Release
from kit.sandbox import Pool, Stage

_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What all submissions of a batch are graded with.

    `files` are the author's, for the tests, and `theirs` the same by name; `ordinary` the author's
    texts that carry no metadata; `trials` the tests that can be judged apart, and `stages` what
    they and the learners' cells begin with. Each by the name of the notebook. Each submission has
    a folder in `scratch`, or in the machine's temporary one.
    """

    pool: Pool
    files: Path
    theirs: Mapping[str, Path]
    scratch: Path | None = None
    keep: frozenset[str] = frozenset()
    ordinary: Mapping[str, frozenset[str]] = field(default_factory=dict)
    trials: Mapping[str, Trials] = field(default_factory=dict)
    stages: Mapping[str, tuple[Stage, Stage | None]] = field(default_factory=dict)


def desk_of(
    pool: Pool, base: Path, authors: Settings, course: Course, assignment: Assignment,
    release: Release, handed_out: Mapping[str, dict[str, Any]],
) -> Desk:
    """The desk of a release, in the folder `base`; `handed_out` are its notebooks by name."""
    files = base / assignment.name
    files.mkdir()
    source = course.root / "source" / assignment.name
    if source.is_dir():
        folders.lay(folders.found(source, [], ignore=authors.ignore), files)
    return Desk(
        pool=pool, keep=authors.keep, files=files, scratch=base,
        theirs=folders.found(files, [], ignore=authors.ignore),
        ordinary={name: texts(one) for name, one in handed_out.items()},
        trials={book.name: trials(book, handed_out[book.name])
                for book in release.notebooks if book.name in handed_out})


def stages_of(
    desk: Desk, assignment: Assignment, release: Release, *, shares: bool
) -> dict[str, tuple[Stage, Stage | None]]:
    """What the tests and the learners' cells of each notebook begin with."""
    return {book.name: running.stages(
        desk.trials[book.name], [cell.source for cell in book.cells
                                 if cell.grade_id in desk.trials[book.name].by_id],
        desk.files, assignment.limits, shares=shares)
        for book in release.notebooks if book.name in desk.trials}


@contextmanager
def folder_in(scratch: Path | None) -> Iterator[Path]:
    """A place for what is made on the way of one submission; in `scratch` it need not be there."""
    base = (Path(tempfile.mkdtemp(prefix="one-")) if scratch is None
            else scratch / f"one-{next(_NUMBERS)}")
    try:
        yield base
    finally:
        folders.remove(base)


def handed_out_of(course: Course, assignment: Assignment, name: str) -> dict[str, Any] | None:
    """The released notebook, where it is at hand: it has the author's cells without metadata."""
    try:
        return notebooks.read(course.root / "release" / assignment.name / f"{name}.ipynb")
    except NotebookError:
        return None

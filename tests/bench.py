"""A small assignment made of cells, and learners who hand it in; for tests of grading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kit.files import digest_tree
from kit.grading.bindings import trials
from kit.grading.calibrating import Calibration, calibrate
from kit.grading.config import USUAL, Settings
from kit.grading.desk import stages_of
from kit.grading.folder import found, lay
from kit.grading.job import Job
from kit.grading.local import Desk, grade
from kit.grading.repair import metadata_of
from kit.model import (
    Assignment,
    CellKind,
    Course,
    Limits,
    Release,
    ReleasedCell,
    ReleasedNotebook,
    Score,
    Submission,
)
from kit.sandbox import Pool

LIMITS = Limits(cell_seconds=5, cpu_seconds=20)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
Cell = dict[str, Any]


def answer(
    name: str, text: str = "# YOUR CODE HERE\nraise NotImplementedError()", *, solution: str = ""
) -> ReleasedCell:
    return ReleasedCell(grade_id=name, kind=CellKind.ANSWER, cell_type="code", source=text,
                        released=text, solution=solution)


def check(name: str, text: str, points: float = 1.0, *, hidden: str = "") -> ReleasedCell:
    full = text
    if hidden:
        full += f"\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return ReleasedCell(grade_id=name, kind=CellKind.TEST, cell_type="code", source=full,
                        released=text, points=points)


def essay(name: str, text: str = "YOUR ANSWER HERE", points: float = 2.0) -> ReleasedCell:
    return ReleasedCell(grade_id=name, kind=CellKind.MANUAL, cell_type="markdown", source=text,
                        released=text, points=points)


def locked(name: str, text: str) -> ReleasedCell:
    return ReleasedCell(grade_id=name, kind=CellKind.LOCKED, cell_type="code", source=text,
                        released=text)


def handed_in(
    cells: Sequence[ReleasedCell], answers: Mapping[str, str] | None = None
) -> list[Cell]:
    """The released cells as a learner gets them, with some texts replaced."""
    return [as_cell(cell, (answers or {}).get(cell.grade_id, cell.released)) for cell in cells]


def as_cell(cell: ReleasedCell, text: str) -> Cell:
    made: Cell = {"cell_type": cell.cell_type, "source": text,
                  "metadata": {"nbgrader": metadata_of(cell)}}
    if cell.cell_type == "code":
        made.update(outputs=[], execution_count=None)
    return made


def code(text: str, **metadata: Any) -> Cell:
    return {"cell_type": "code", "source": text, "metadata": metadata, "outputs": [],
            "execution_count": None}


def notebook(cells: Sequence[Cell], *, minor: int = 4) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": {"kernelspec": KERNEL},
            "cells": list(cells)}


class Bench:
    """One assignment with one notebook, and learners who hand it in."""

    def __init__(self, root: Path, pool: Pool) -> None:
        self.root = root
        self.pool = pool
        self.course = Course(root=root, id="c", title="C", timezone=ZoneInfo("UTC"))
        self.assignment = Assignment(name="ps1", title="One", notebooks=("p1",), limits=LIMITS)
        self.release = Release(assignment="ps1", notebooks=())
        self.known: Calibration | None = None

    def released(self, *cells: ReleasedCell, kernelspec: Mapping[str, Any] = KERNEL) -> None:
        self.release = Release(assignment="ps1", digest="r1", notebooks=(
            ReleasedNotebook(name="p1", cells=cells, kernelspec=kernelspec),))
        self.known = None

    def for_class(self, *cells: ReleasedCell, limits: Limits) -> None:
        """Release these cells, with these limits; all tests can be judged apart."""
        self.assignment = replace(self.assignment, limits=limits)
        self.released(*cells)
        self.known = Calibration(release_digest="r1", engine_version="")

    @contextmanager
    def sharing(self) -> Iterator[Desk]:
        """What a class is graded with, whose runs share what begins them."""
        plain = self.desk()
        desk = replace(plain, stages=stages_of(plain, self.assignment, self.release, shares=True))
        yield desk
        self.pool.forget([one for both in desk.stages.values() for one in both if one is not None])

    def ways(self, *names: str) -> None:
        self.course = replace(self.course, nbgrader_ways=frozenset(names))

    def hand_in(self, content: Sequence[Cell] | bytes, learner: str = "learner-0001",
                **files: str) -> Submission:
        folder = self.root / "submitted" / learner / "ps1"
        folder.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else json.dumps(notebook(content)).encode()
        (folder / "p1.ipynb").write_bytes(data)
        for name, text in files.items():
            (folder / name).write_text(text)
        return Submission(assignment="ps1", learner=learner, folder=folder,
                          digest=digest_tree(folder), received_at=datetime(2030, 1, 1, tzinfo=UTC))

    def job(self, submission: Submission, **extra: Any) -> Job:
        return Job(course=self.course, assignment=self.assignment, release=self.release,
                   submission=submission, autograded=self.root / "autograded", **extra)

    def grade(self, content: Sequence[Cell] | bytes, **files: str) -> Score:
        return grade(self.desk(), self.job(self.hand_in(content, **files)))

    def desk(self, authors: Settings = USUAL) -> Desk:
        """What a batch of this release is graded with, its tests judged apart."""
        files = self.root / "files" / "ps1"
        source = self.root / "source" / "ps1"
        if not files.exists():
            files.mkdir(parents=True)
        if source.exists():
            lay(found(source, [], ignore=authors.ignore), files)
        out = {book.name: notebook(handed_in(book.cells)) for book in self.release.notebooks}
        theirs = found(files, [], ignore=authors.ignore)
        desk = Desk(pool=self.pool, files=files, theirs=theirs, keep=authors.keep, trials={
            book.name: trials(book, out[book.name]) for book in self.release.notebooks})
        if self.known is None or self.known.release_digest != self.release.digest:
            self.known = calibrate(
                self.course, self.assignment, self.release, out, "",
                lambda job: ((score := grade(desk, job)), score))  # no stage: each has a process
        return replace(desk, trials={
            name: self.known.applied(name, one) for name, one in desk.trials.items()})

    def answers(self, **answers: str) -> Score:
        """Grade the release with these answers filled in."""
        return self.grade(handed_in(self.release.notebooks[0].cells, answers))

    def written(self, learner: str = "learner-0001") -> dict[str, Any]:
        path = self.root / "autograded" / learner / "ps1" / "p1.ipynb"
        read: dict[str, Any] = json.loads(path.read_text())
        return read


def points(score: Score) -> dict[str, float | None]:
    return {result.grade_id: result.points for result in score.results}

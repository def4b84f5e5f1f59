"""Which tests of a release can be judged apart: the author's own solution tells.

It is graded before the first submission. A test that passes beside the solution alone is judged
there for everybody, and so is one that the solution's values cannot reach. It is graded again
after itself, with the processes that the first left for others, and a third time without anything
shared between runs: where one of these gives another score, nothing is shared.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kit import notebook as notebooks
from kit.files import write_text
from kit.grading import folder as folders
from kit.grading.bindings import Trials
from kit.grading.job import Job
from kit.model import Assignment, CellKind, Course, How, Release, Score, Submission

_SOLUTION = "solution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A test, how the solution's pass is known, and why it cannot be judged apart."""

    notebook: str
    grade_id: str
    how: How
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What grading the solution showed, for one release and version of the engine.

    `shares` says whether runs may share what begins them.
    """

    release_digest: str
    engine_version: str
    tests: tuple[Tried, ...] = ()
    shares: bool = True

    def applied(self, name: str, trials: Trials) -> Trials:
        """The tests of a notebook, those that cannot be judged apart marked with the reason."""
        found = {one.grade_id: one.why or "the solution passes it beside itself alone"
                 for one in self.tests
                 if one.notebook == name and one.how in ("shared", "disagrees")}
        return replace(trials, by_id={
            identity: replace(trial, shared=trial.shared or found.get(identity, ""))
            for identity, trial in trials.by_id.items()})


GradeAgain = Callable[[Job], Sequence[Score]]
"""Grades a submission as all are graded, once more, and with nothing shared between runs."""


def calibrate(
    course: Course, assignment: Assignment, release: Release,
    handed_out: Mapping[str, dict[str, Any]], version: str, grade: GradeAgain,
) -> Calibration:
    """Grade the author's solution. `handed_out` are the released notebooks by name."""
    known = Calibration(release_digest=release.digest, engine_version=version)
    if not any(cell.solution for book in release.notebooks for cell in book.cells):
        return known
    with _written(release, handed_out, assignment.name) as (folder, base):
        first, *others = grade(Job(
            course=course, assignment=assignment, release=release, autograded=base,
            submission=Submission(assignment=assignment.name, learner=_SOLUTION, folder=folder,
                                  digest="")))
    tests = tuple(Tried(notebook=one.notebook, grade_id=one.grade_id, how=one.how, why=one.apart)
                  for one in first.results if one.kind is CellKind.TEST)
    earned = [one.points for one in first.results]
    alike = all([one.points for one in other.results] == earned for other in others)
    return replace(known, tests=tests, shares=alike)


@contextmanager
def _written(
    release: Release, handed_out: Mapping[str, dict[str, Any]], name: str
) -> Iterator[tuple[Path, Path]]:
    """A folder with the solution as a learner would hand it in, and one for what is graded."""
    base = Path(tempfile.mkdtemp(prefix="kit-solution-"))
    try:
        folder = base / name
        folder.mkdir()
        for book in release.notebooks:
            solved = {cell.grade_id: cell.solution for cell in book.cells if cell.solution}
            cells = [{**cell, "source": solved.get(
                notebooks.grade_id(cell) or "", notebooks.source(cell))}
                for cell in handed_out[book.name]["cells"]]
            notebooks.write({**handed_out[book.name], "cells": cells},
                            folder / f"{book.name}.ipynb")
        yield folder, base / "graded"
    finally:
        folders.remove(base)


def recorded(course: Course, assignment: Assignment) -> Calibration | None:
    """What was written down last, or None."""
    try:
        said = json.loads(_path(course, assignment).read_text(encoding="utf-8"))
        return Calibration(**{**said, "tests": tuple(Tried(**one) for one in said["tests"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_down(course: Course, assignment: Assignment, known: Calibration) -> None:
    """Keep it for the next time, where that can be written."""
    with contextlib.suppress(OSError):
        write_text(_path(course, assignment), json.dumps(asdict(known), indent=1) + "\n")


def _path(course: Course, assignment: Assignment) -> Path:
    return course.records / "releases" / assignment.name / "calibration.json"

"""The engine `reference`: stock nbgrader on a copy of the course, its result read back."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kit.files import replace_tree
from kit.grading import folder as folders
from kit.grading.job import Engine, GradeOne, Job
from kit.grading.local import unjudged
from kit.model import Assignment, CellKind, CheckResult, Course, Release, Review, Score

_LOCK = threading.Lock()
_STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"


@contextmanager
def open_reference(
    course: Course, assignment: Assignment, release: Release
) -> Iterator[GradeOne]:
    """A copy of what stock nbgrader needs of the course."""
    del release
    with tempfile.TemporaryDirectory(prefix="kit-reference-") as name:
        root = Path(name)
        for item in ("nbgrader_config.py", "gradebook.db"):
            if (course.root / item).is_file():
                shutil.copy(course.root / item, root / item)
        source = course.root / "source" / assignment.name
        if source.is_dir():
            shutil.copytree(source, root / "source" / assignment.name)
        yield partial(_grade, root)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nbgrader")
    except PackageNotFoundError:
        return "missing"


def _grade(root: Path, job: Job) -> Score:
    learner, name = job.submission.learner, job.assignment.name
    handed_in = root / "submitted" / learner / name
    if handed_in.exists():
        shutil.rmtree(handed_in)
    shutil.copytree(job.submission.folder, handed_in, symlinks=True)
    received = job.submission.received_at
    if received is not None:
        (handed_in / "timestamp.txt").write_text(received.astimezone(UTC).strftime(_STAMP))
    started = datetime.now(UTC)
    with _LOCK:
        said = _autograde(root, job)
        results, penalties, why = _read(root, job) if said["success"] else ((), {}, "")
    if not said["success"] or not results:
        lines = [line for line in (said.get("log") or why).splitlines() if line.strip()]
        reason = lines[-1] if lines else "no reason given"
        folders.remove(job.folder)
        return unjudged(job, "reference", _version(), Review(
            code="nbgrader-failed", reason=f"nbgrader could not grade it: {reason[:300]}"))
    graded = root / "autograded" / learner / name
    with replace_tree(job.folder) as beside:
        shutil.copytree(graded, beside, dirs_exist_ok=True, symlinks=True)
        folders.make_safe(beside)
    return replace(
        unjudged(job, "reference", _version()), results=results, penalties=penalties,
        seconds=(datetime.now(UTC) - started).total_seconds(),
    )


def _autograde(root: Path, job: Job) -> dict[str, Any]:
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config()
    if (root / "nbgrader_config.py").is_file():
        config.merge(PyFileConfigLoader(str(root / "nbgrader_config.py")).load_config())
    config.CourseDirectory.root = str(root)
    before = Path.cwd()
    try:
        os.chdir(root)
        said: dict[str, Any] = NbGraderAPI(config=config).autograde(
            job.assignment.name, job.submission.learner, force=True, create=True)
    finally:
        os.chdir(before)
    return said


def _read(root: Path, job: Job) -> tuple[tuple[CheckResult, ...], dict[str, float], str]:
    from nbgrader.api import Gradebook

    results: list[CheckResult] = []
    penalties: dict[str, float] = {}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(job.assignment.name, job.submission.learner)
        for book in submission.notebooks:
            kinds = _kinds(job.release, book.name)
            for grade in book.grades:
                kind = kinds.get(grade.name, CellKind.TEST)
                full = float(grade.max_score)
                points = grade.auto_score
                if points is not None:
                    points = min(max(float(points), 0.0), full)
                results.append(CheckResult(notebook=book.name, grade_id=grade.name, kind=kind,
                                           points=points, max_points=full))
            if book.late_submission_penalty is not None:
                penalties[book.name] = float(book.late_submission_penalty)
    return tuple(results), penalties, "nbgrader wrote no grades"


def _kinds(release: Release, name: str) -> dict[str, CellKind]:
    released = release.notebook(name)
    return {} if released is None else {cell.grade_id: cell.kind for cell in released.cells}


ENGINE = Engine(name="reference", version=_version(), parallel=False, open=open_reference,
                note="stock nbgrader on a copy, one after another (not sealed)")

"""The engine `reference`: stock nbgrader on a copy of the course, its result read back."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.files import replace_tree
from kit.grading import folder as folders
from kit.grading.job import Engine, GradeOne, Job, unjudged
from kit.model import Assignment, CellKind, CheckResult, Course, Release, Review, Score

_RAISED = re.compile(r"(?:[a-z_]\w*\.)*[A-Z]\w+: .+")
_STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"


@contextmanager
def open_reference(
    course: Course, assignment: Assignment, release: Release
) -> Iterator[GradeOne]:
    """A copy of what stock nbgrader needs of the course, and a process that runs it there."""
    del release
    if course.require_sandbox:
        raise GradingError("nothing was graded: stock nbgrader runs submissions unsealed",
                           hint="use --engine local, or drop --require-sandbox and "
                                "require_sandbox in course.yml")
    with tempfile.TemporaryDirectory(prefix="kit-reference-") as name:
        root = Path(name)
        if (course.root / "gradebook.db").is_file():
            shutil.copy(course.root / "gradebook.db", root)
        source = course.root / "source" / assignment.name
        if source.is_dir():
            shutil.copytree(source, root / "source" / assignment.name)
        with subprocess.Popen(
            [sys.executable, "-m", "kit.grading.stock", name, str(course.root.resolve())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8", start_new_session=True,
        ) as stock:
            try:
                yield partial(_grade, root, stock)
            except BaseException:  # stopped: nobody waits for the one at work
                os.killpg(stock.pid, signal.SIGKILL)
                raise
            assert stock.stdin is not None
            stock.stdin.close()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nbgrader")
    except PackageNotFoundError:
        return "missing"


def _grade(root: Path, stock: subprocess.Popen[str], job: Job) -> Score:
    learner, name = job.submission.learner, job.assignment.name
    started = datetime.now(UTC)
    handed_in = root / "submitted" / learner / name
    if handed_in.exists():
        shutil.rmtree(handed_in)
    shutil.copytree(job.submission.folder, handed_in, symlinks=True)
    received = job.submission.received_at
    if received is not None:
        (handed_in / "timestamp.txt").write_text(received.astimezone(UTC).strftime(_STAMP))
    said = _ask(stock, {"assignment": name, "learner": learner, "points": {
        book.name: {cell.grade_id: cell.points for cell in book.cells if cell.kind.graded}
        for book in job.release.notebooks}})
    if not said["success"]:
        folders.remove(job.folder)
        return unjudged(job, "reference", _version(), Review(
            code="nbgrader-failed", reason=f"nbgrader could not grade it: {_last(said['log'])}"))
    with replace_tree(job.folder) as beside:
        shutil.copytree(root / "autograded" / learner / name, beside, dirs_exist_ok=True,
                        symlinks=True)
        folders.make_safe(beside)
    return replace(
        unjudged(job, "reference", _version()), results=_results(job.release, said),
        penalties=said["penalties"], seconds=(datetime.now(UTC) - started).total_seconds(),
    )


def _ask(stock: subprocess.Popen[str], request: Mapping[str, Any]) -> dict[str, Any]:
    assert stock.stdin is not None
    assert stock.stdout is not None
    try:
        stock.stdin.write(json.dumps(request) + "\n")
        stock.stdin.flush()
        line = stock.stdout.readline()
    except OSError:
        line = ""
    if not line:
        raise GradingError("stock nbgrader ended", hint="is nbgrader installed? kit doctor tells")
    said: dict[str, Any] = json.loads(line)
    return said


def _last(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if _RAISED.fullmatch(line)]
    return (errors or lines or ["no reason given"])[-1][:300]


def _results(release: Release, said: Mapping[str, Any]) -> tuple[CheckResult, ...]:
    results = []
    for cell in said["cells"]:
        book = release.notebook(cell["notebook"])
        known = book.cell(cell["name"]) if book else None
        auto = cell["auto"]
        results.append(CheckResult(
            notebook=cell["notebook"], grade_id=cell["name"],
            kind=known.kind if known else CellKind.TEST, max_points=cell["max"],
            points=None if auto is None else min(max(float(auto), 0.0), cell["max"])))
    return tuple(results)


ENGINE = Engine(name="reference", version=_version(), parallel=False, open=open_reference,
                note="stock nbgrader on a copy, one after another (not sealed)")

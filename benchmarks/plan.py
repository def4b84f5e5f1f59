"""What it costs to find out what has to be graded: here, and as nbgrader lists it.

    python benchmarks/plan.py --quick --json

- `api_over_ours`: seconds a submission of `NbGraderAPI.get_submissions`, which is how nbgrader's
  own pages and scripts find what is left to grade, over those of `kit grade --explain`. Both
  look at the same class, in which everything is graded.
- `students_over_ours`: the same for the cheapest way that its API has: the submitted students
  without the autograded ones. It compares time stamps alone: a changed file is not noticed.
- `rows`, `rows_a_second`, `mb_more`: a plan of a class of that size whose scores are all in the
  gradebook, and by how many megabytes it is the most that the process ever held. Their folder
  is one and the same, so that no million of folders has to be made; it is looked at each time.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grading
from road import BESIDE
from telling import parser, tell

from kit import gradebook, graded, workflow
from kit.course import assignment_of, load_roster, submitted
from kit.course.submitted import Folder
from kit.grading import engine_of, key_of, plan
from kit.model import CheckResult, Course, Release, Score

WARM = 20_000


def scored(release: Release, learner: str, seen: submitted.Seen, environment: str) -> Score:
    """Full marks, as a run of now would record them."""
    engine = engine_of("local")
    return Score(
        assignment=release.assignment, learner=learner, submission_digest=seen.digest,
        release_digest=release.digest, engine=engine.name, engine_version=engine.version,
        environment=environment, fingerprint=seen.fingerprint, graded_at=datetime.now(UTC),
        results=tuple(CheckResult(notebook=book.name, grade_id=cell.grade_id, kind=cell.kind,
                                  max_points=cell.points, points=cell.points)
                      for book in release.notebooks for cell in book.cells if cell.kind.graded),
        unanswered=frozenset())


def class_of(root: Path, count: int) -> Course:
    """A course in which everybody handed in long ago and is graded."""
    course = workflow.load(grading.course(root, grading.TRIVIAL))
    assignment = assignment_of(course, "ps1")
    release = workflow.release_of(course, assignment)
    key = key_of(course, release, engine_of("local"))
    book = grading.notebook(grading.TRIVIAL, [right for right, _, _ in grading.TRIVIAL.questions])
    for number in range(count):
        for step in ("submitted", "autograded"):
            folder = root / step / f"learner-{number:06d}" / "ps1"
            folder.mkdir(parents=True)
            (folder / "ps1.ipynb").write_text(book, encoding="utf-8")
    time.sleep(submitted.SETTLED_NS / 1e9)  # what is younger is read again
    scores = (scored(release, one.learner, submitted.look(one), key.environment)
              for one in submitted.folders(root / "submitted", "ps1"))
    gradebook.record(course, scores, roster=load_roster(course), release=release)
    return course


def seconds(work: Callable[[], object]) -> float:
    """The best of three."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def api_of(root: Path) -> Any:
    """nbgrader's API on a course."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def beside_nbgrader(root: Path, count: int) -> dict[str, float]:
    """Both ask what is left to grade of the same class."""
    course = class_of(root, count)
    assignment = assignment_of(course, "ps1")
    release = workflow.release_of(course, assignment)
    told = graded.explain_class(course, assignment, release)
    if (told.to_run, told.unchanged) != (0, count):
        raise SystemExit(f"{told.to_run} of the class would run: {told.counts}")
    here = seconds(lambda: graded.explain_class(course, assignment, release))
    with contextlib.chdir(root):
        api = api_of(root)
        listed = api.get_submissions("ps1")
        if len(listed) != count or not all(one["autograded"] for one in listed):
            raise SystemExit("nbgrader does not see the class as graded")
        there = seconds(lambda: api.get_submissions("ps1"))
        least = seconds(lambda: (api.get_submitted_students("ps1")
                                 - api.get_autograded_students("ps1")))
    return {"api_over_ours": there / here, "students_over_ours": least / here,
            "us_ours": 1e6 * here / count, "us_api": 1e6 * there / count,
            "us_students": 1e6 * least / count}


def fill(course: Course, count: int, like: str) -> None:
    """Copy one learner's row for a class of `count`."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book, book:
        book.execute("PRAGMA synchronous = OFF")
        names = [row[1] for row in book.execute("PRAGMA table_info(kit_graded)")]
        row = dict(zip(names, book.execute("SELECT * FROM kit_graded WHERE learner = ?",
                                           (like,)).fetchone(), strict=True))
        marks = ", ".join("?" * len(names))
        book.executemany(
            f"INSERT INTO kit_graded VALUES ({marks})",
            ([*{**row, "learner": f"many-{number:07d}"}.values()] for number in range(count)))


def many(root: Path, count: int) -> dict[str, float]:
    """A plan of a class of `count`."""
    course = class_of(root, 1)
    (one,) = submitted.folders(root / "submitted", "ps1")
    fill(course, count, one.learner)
    release = workflow.release_of(course, assignment_of(course, "ps1"))
    key = key_of(course, release, engine_of("local"))

    def folders(number: int) -> Iterator[Folder]:
        return (replace(one, learner=f"many-{place:07d}") for place in range(number))

    def planned(number: int) -> int:
        with gradebook.recorded(course, assignment_of(course, "ps1")) as lookup:
            return sum(one.reason is not None for one in plan(
                folders(number), lookup, key, autograded=root / "autograded"))

    planned(min(WARM, count))
    before = peak()
    began = time.perf_counter()
    planned(count)
    took = time.perf_counter() - began
    return {"rows": count, "rows_a_second": count / took, "mb_more": peak() - before}


def peak() -> float:
    """The most megabytes that this process ever held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Measure and print."""
    chosen = parser(__doc__, "a hundred thousand rows rather than a million").parse_args()
    os.environ["PATH"] = f"{BESIDE}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        figures = many(Path(folder) / "many", 100_000 if chosen.quick else 1_000_000)
        figures |= beside_nbgrader(Path(folder) / "class", 300 if chosen.quick else 2_000)
    tell(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()

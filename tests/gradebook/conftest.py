"""Courses whose gradebook nbgrader itself made, and Scores of our own making."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.model import (
    Assignment,
    CellKind,
    CheckResult,
    Course,
    Learner,
    Release,
    Roster,
    Score,
)

DUE = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def programs_on_path() -> Iterator[None]:
    """nbgrader calls `alembic` by name when it makes a gradebook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        yield


def wheel_file(name: str) -> Path:
    import nbgrader

    return Path(nbgrader.__file__).parent / "tests" / "apps" / "files" / name


def make_course(root: Path, *names: str, due: datetime | None = DUE) -> Course:
    names = names or ("ps1",)
    return Course(
        root=root, id="demo-101", title="Demo", timezone=ZoneInfo("UTC"),
        assignments=tuple(
            Assignment(name=name, title=name.upper(), due=due, notebooks=("p1",))
            for name in names
        ),
    )


def nbgrader_release(root: Path, assignment: str = "ps1", notebook: str = "test.ipynb") -> None:
    """Release a notebook of nbgrader's own tests with nbgrader's own converter."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    source = root / "source" / assignment
    source.mkdir(parents=True)
    shutil.copy(wheel_file(notebook), source / "p1.ipynb")
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "demo-101"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    result = api.generate_assignment(assignment)
    assert result["success"], result["log"]


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory, programs_on_path: None) -> Path:
    root = tmp_path_factory.mktemp("stock")
    nbgrader_release(root)
    return root


@pytest.fixture
def course(stock: Path, tmp_path: Path) -> Course:
    """A course with ps1 released by stock nbgrader."""
    root = tmp_path / "course"
    shutil.copytree(stock, root)
    return make_course(root)


@pytest.fixture
def roster() -> Roster:
    return Roster(learners=tuple(
        Learner(id=f"learner-{n:04d}", first_name=f"First{n}", last_name=f"Last{n}",
                email=f"l{n}@example.org", lms_id=str(100 + n), section="A")
        for n in range(1, 5)
    ))


@pytest.fixture
def release(course: Course) -> Release:
    from kit.gradebook import read_release

    found = read_release(course, course.assignments[0])
    assert found is not None
    return found


Scored = Callable[..., Score]


def score_of(
    release: Release, learner: str, *, share: float = 1.0, digest: str = "d1",
    manual: float | None = None, **more: object,
) -> Score:
    """A score with this share of each test's points; `manual` None leaves answers to mark."""
    results = tuple(
        CheckResult(
            notebook=book.name, grade_id=cell.grade_id, kind=cell.kind, max_points=cell.points,
            points=cell.points * share if cell.kind is CellKind.TEST else manual,
        )
        for book in release.notebooks for cell in book.cells if cell.kind.graded
    )
    fields: dict[str, object] = {
        "assignment": release.assignment, "learner": learner, "submission_digest": digest,
        "release_digest": release.digest, "engine": "local", "engine_version": "1",
        "results": results, "received_at": datetime(2026, 3, 9, 12, tzinfo=UTC),
        "graded_at": datetime(2026, 3, 11, tzinfo=UTC), **more,
    }
    return Score(**fields)  # type: ignore[arg-type]

"""Courses scaffolded and released once, for all tests of the road."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from labpage import running_lab

from kit.course import load_course
from kit.course.scaffold import scaffold, template_names
from kit.model import Course

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.append(HERE)  # messy.py


@pytest.fixture(scope="session")
def course_of(tmp_path_factory) -> Callable[[str], Course]:
    """A course of a template, its assignments released."""
    from kit import workflow

    @cache
    def make(template: str) -> Course:
        root = tmp_path_factory.mktemp("road") / f"{template}-1"
        course = scaffold(template, root, {"start": "2027-01-11"})
        for assignment in course.assignments:
            workflow.release(course, assignment, force=True)
        return course

    return make


@pytest.fixture(scope="session")
def site_of(course_of: Callable[[str], Course]) -> Callable[[str], Path]:
    """The built site of a template's course, its homework released."""
    from kit import workflow

    @cache
    def built(template: str) -> Path:
        site = workflow.build(course_of(template))
        assert site.warnings == ()
        return site.folder

    return built


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab of this Python on this machine alone: (address, its folder)."""
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder) as address:
        yield address, folder


@pytest.fixture(params=template_names())
def released(request, course_of) -> Course:
    """A released course of each template in turn."""
    return course_of(request.param)


@pytest.fixture
def copy_of(tmp_path) -> Callable[[Course], Course]:
    """A copy of a course to hand in to, so that tests do not see one another's work."""

    def copy(course: Course) -> Course:
        target = tmp_path / course.root.name
        shutil.copytree(course.root, target)
        return load_course(target)

    return copy


@pytest.fixture(scope="session")
def hand_in() -> Callable[[Course, str, str, Path], None]:
    """Lay the files of a folder where nbgrader expects a learner's work."""

    def lay(course: Course, assignment: str, learner: str, origin: Path) -> None:
        target = course.root / "submitted" / learner / assignment
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(origin, target)

    return lay

"""Courses scaffolded and released once, for all tests of the road."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from labpage import running_lab
from once import once

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

    def make(template: str, folder: Path) -> Path:
        root = folder / f"{template}-1"
        course = scaffold(template, root, {"start": "2027-01-11"})
        for assignment in course.assignments:
            workflow.release(course, assignment, force=True)
        return root

    return cache(lambda template: load_course(
        once(tmp_path_factory, f"course-{template}", partial(make, template))))


@pytest.fixture(scope="session")
def site_of(
    tmp_path_factory: pytest.TempPathFactory, course_of: Callable[[str], Course]
) -> Callable[[str], Path]:
    """The built site of a template's course, its homework released."""
    from kit import workflow

    def built(template: str, folder: Path) -> Path:
        course = course_of(template)  # which another process may be copying
        site = workflow.build(load_course(
            shutil.copytree(course.root, folder / course.root.name)))
        assert site.warnings == ()
        return site.folder

    return cache(lambda template: once(
        tmp_path_factory, f"site-{template}", partial(built, template)))


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

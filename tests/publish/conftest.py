"""Courses that are built and published once."""

from __future__ import annotations

from pathlib import Path

import pytest
from canaries import write_planted

from kit import workflow
from kit.model import Course
from kit.publish import Published
from kit.release import make_release


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path, Published]:
    """The course with a word in every private place: (course, its site, what was published)."""
    home = tmp_path_factory.mktemp("planted")
    course = write_planted(home / "course")
    for assignment in course.assignments:
        if assignment.name != "ps2":
            make_release(course, assignment)
    site, made = workflow.publish(course, home / "public")
    return course, site.folder, made

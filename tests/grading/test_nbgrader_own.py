"""nbgrader's own autograde tests, with its command `autograde` carried out by our engine.

Those that need an option which `kit grade` does not have are skipped; docs/differences.md
lists them with the reason.
"""

from __future__ import annotations

import shutil
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from nbgrader.tests.apps import test_nbgrader_autograde as theirs
from nbgrader.tests.apps.conftest import course_dir, db, temp_cwd

from kit import gradebook
from kit.course import submitted
from kit.grading import engine_of, grade, key_of, plan
from kit.model import Assignment, Course, Grading, LatePolicy, Limits, Roster

__all__ = ["course_dir", "db", "temp_cwd"]

# Not ours: nbgrader's test helpers leave database connections and kernels' loops behind.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SKIPPED = {
    "test_help": "nbgrader's own help",
    "test_missing_student": "option create_student",
    "test_student_id_exclude": "option student_id_exclude",
    "test_grade_empty_timestamp": "a stamp that is no date is unknown here, not a failure",
    "test_late_submission_penalty_plugin": "tested in test_author_config",
    "test_filter_notebook": "option notebook",
    "test_force_single_notebook": "option notebook",
    "test_update_newer_single_notebook": "option notebook",
    "test_handle_failure_single_notebook": "option notebook",
    "test_handle_failure": "cells that the release does not know are repaired, not a failure",
    "test_permissions": "option groupshared",
    "test_custom_permissions": "option permissions",
    "test_no_execute": "option no-execute",
    "test_many_students": "skipped by nbgrader",
    "test_infinite_loop_with_output": "skipped by nbgrader",
    "test_missing_files": "an empty folder is a submission that needs review, not a failure",
}

_run_nbgrader = theirs.run_nbgrader


def run_nbgrader(arguments: list[str], retcode: int = 0, **options: Any) -> str:
    if arguments[0] != "autograde":
        return str(_run_nbgrader(arguments, retcode, **options))
    code = autograde(arguments[1:])
    assert code == retcode, f"exit code {code}, not {retcode}"
    return ""


def autograde(arguments: list[str]) -> int:
    course, assignment, learners = described(arguments)
    release = gradebook.read_release(course, assignment)
    if release is None:
        return 1
    force = bool({"--force", "-f"} & set(arguments))
    found = [one for one in submitted.folders(course.root / "submitted", assignment.name)
             if not learners or one.learner in learners]
    with gradebook.recorded(course, assignment) as lookup:
        planned = list(plan(found, lookup, key_of(course, release, engine_of("local")),
                            autograded=course.root / "autograded", force=force))
    work = [one.ready() for one in planned if one.reason is not None]
    scores = list(grade(course, assignment, release, work, roster=Roster()))
    gradebook.record(course, scores, roster=Roster(), release=release)
    return int(any(r.code in ("no-kernel", "no-notebook", "unreadable")
                   for score in scores for r in score.review))


def described(arguments: list[str]) -> tuple[Course, Assignment, list[str]]:
    from nbgrader.api import Gradebook
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py").load_config()
    root = Path(config.CourseDirectory.root)
    shutil.copy("nbgrader_config.py", root)
    given = {key: value for key, value in pairwise(arguments) if key.startswith("--")}
    file = Path(given.get("--db", f"sqlite:///{root}/gradebook.db").removeprefix("sqlite:///"))
    if not (root / "gradebook.db").exists():
        (root / "gradebook.db").symlink_to(file)
    timeout = config.get("Execute", {}).get("timeout", 30) or 30
    for argument in arguments:
        if argument.startswith("--Execute.timeout="):
            timeout = float(argument.split("=")[1])
    name = next(one for one in arguments if not one.startswith("-"))
    with Gradebook(f"sqlite:///{file}") as book:
        due = next((one.duedate for one in book.assignments if one.name == name), None)
    assignment = Assignment(name=name, title=name, limits=Limits(cell_seconds=float(timeout)),
                            due=due.replace(tzinfo=UTC) if due else None)
    late = config.get("LateSubmissionPlugin", {}).get("penalty_method", "none")
    course = Course(root=root, id="course", title="Course", timezone=ZoneInfo("UTC"),
                    assignments=(assignment,), grading=Grading(late=LatePolicy(name=late)))
    return course, assignment, [given["--student"]] if "--student" in given else []


class TestTheirs(theirs.TestNbGraderAutograde):  # type: ignore[misc]
    """All of nbgrader's tests of `nbgrader autograde`."""

    @pytest.fixture(autouse=True)
    def redirected(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        name = request.node.originalname
        if name in SKIPPED:
            pytest.skip(SKIPPED[name])
        monkeypatch.setattr(theirs, "run_nbgrader", run_nbgrader)

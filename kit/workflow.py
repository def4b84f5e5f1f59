"""The whole flow on one page: each stage hands its nouns to the next.

    course folder ─► Course ─► Release ─► (learner works) ─► Submission ─► Score ─► gradebook
                        └─► site                                             └─► feedback, exports

The rooms below know nothing of one another; what one needs from another passes through here.
Rooms are imported inside the stages, so that a command pays only for what it uses.
"""

from __future__ import annotations

from pathlib import Path

from kit.errors import ReleaseError
from kit.model import Assignment, Course, Release


def load(course_dir: Path | None = None) -> Course:
    """The course in `course_dir`, or in the nearest folder upwards that has one."""
    from kit.course import find_course, load_course

    return load_course(find_course(course_dir))


def release_of(course: Course, assignment: Assignment) -> Release:
    """What was handed out: our manifest, else what stock nbgrader's gradebook remembers.

    Raises ReleaseError where the assignment was never released.
    """
    from kit import gradebook, release

    found = release.read_release(course, assignment) or gradebook.read_release(course, assignment)
    if found is None:
        raise ReleaseError(
            f"{assignment.name} has not been released", where=f"source/{assignment.name}",
            hint=f"kit release {assignment.name}",
        )
    return found


def adopt(folder: Path) -> tuple[Course, tuple[str, ...]]:
    """Write `course.yml` for the nbgrader course in `folder`; also what was left alone."""
    from dataclasses import replace

    from kit import gradebook
    from kit.course.adopt import adopt as write
    from kit.course.adopt import survey

    found = survey(folder)
    due = {**gradebook.due_dates(folder / "gradebook.db"), **found.due}
    course = write(folder, replace(found, due=due))
    return course, found.notes

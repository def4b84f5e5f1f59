"""The whole flow on one page: each stage hands its nouns to the next.

    course folder ─► Course ─► Release ─► (learner works) ─► Submission ─► Score ─► gradebook
                        └─► site                                             └─► feedback, exports

The rooms below know nothing of one another; what one needs from another passes through here.
Rooms are imported inside the stages, so that a command pays only for what it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import ReleaseError
from kit.model import Assignment, Course, Finding, Progress, Release

if TYPE_CHECKING:
    from kit.release import Made


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


def check(
    root: Path, *, assignments: Sequence[str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with the course in `root`; of all of it, or of some assignments."""
    from kit.check import check_folder

    return check_folder(root, assignments=assignments, on_progress=on_progress)


def release(
    course: Course, assignment: Assignment, *, force: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Made:
    """Make the learners' version: checked first, unless forced, then written.

    Raises CheckFailed when the check finds errors, ReleaseError when it cannot be made.
    """
    from kit import gradebook
    from kit.check import check_course
    from kit.course import derive_nbgrader_config
    from kit.errors import CheckFailed
    from kit.model import Severity
    from kit.release import make_release

    if not force:
        found = check_course(course, assignments=(assignment.name,), on_progress=on_progress)
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        if errors:
            first = errors[0]
            spot = f"{first.path}, cell {first.cell}" if first.cell else first.path
            many = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise CheckFailed(
                f"{first.code} {first.message}{many}", where=spot,
                hint=f"kit check {assignment.name} lists all of it; --force releases anyway",
            )
    derive_nbgrader_config(course)
    previous = None
    if not (course.records / "releases" / assignment.name / "manifest.json").is_file():
        previous = gradebook.read_release(course, assignment)
    return make_release(course, assignment, force=force, previous=previous)

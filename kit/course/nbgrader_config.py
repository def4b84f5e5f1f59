"""The derived `nbgrader_config.py`, so that stock nbgrader works in the folder as it is."""

from __future__ import annotations

from kit.course.derived import DerivedFile, write_derived
from kit.model import Course
from kit.notebook import AUTHOR_TAGS


def derive_nbgrader_config(course: Course) -> DerivedFile:
    """Write `nbgrader_config.py` from the course; an author's own is left alone."""
    return write_derived(course.root / "nbgrader_config.py", nbgrader_config(course))


def nbgrader_config(course: Course) -> str:
    """The text of the config, without the header."""
    seconds = max(1, round(max((a.limits.cell_seconds for a in course.assignments), default=30)))
    lines = [
        "c = get_config()  # noqa: F821",
        "",
        f"c.CourseDirectory.course_id = {course.id!r}",
        f"c.Exchange.timezone = {course.timezone.key!r}",
        f"c.ExecutePreprocessor.timeout = {seconds}",
    ]
    lines += _release()
    if course.grading.late.name == "zero":
        lines.append("c.LateSubmissionPlugin.penalty_method = 'zero'")
    return "\n".join([*lines, ""])


def _release() -> list[str]:
    """Stock nbgrader leaves the author's wrong and other answers and comments out of a release as
    well, and seals its tests: after SaveCells, before the checksums that learners' cells get."""
    return [
        "",
        "from kit.release.preprocessors import (  # noqa: E402",
        "    DropComments,",
        "    KeepSolution,",
        "    SealTests,",
        ")",
        "from nbconvert.preprocessors import TagRemovePreprocessor  # noqa: E402",
        "",
        "c.TagRemovePreprocessor.enabled = True",
        f"c.TagRemovePreprocessor.remove_cell_tags = {sorted(AUTHOR_TAGS)!r}",
        "c.GenerateAssignment.preprocessors.prepend([TagRemovePreprocessor, KeepSolution])",
        "c.GenerateAssignment.preprocessors.insert(-2, SealTests)",
        "c.GenerateAssignment.preprocessors.insert(-2, DropComments)",
    ]

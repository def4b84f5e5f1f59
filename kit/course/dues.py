"""When the last learner's work on an assignment is due."""

from __future__ import annotations

from datetime import datetime

from kit.course.roster import load_roster
from kit.model import Assignment, Course


def last_due(course: Course, assignment: Assignment) -> datetime | None:
    """The assignment's date, or the latest extension of it; None where no date is stated.

    Raises CourseError where `extensions.csv` or the roster cannot be read: then nobody knows.
    """
    dates = [one.due for one in load_roster(course).extensions
             if one.assignment == assignment.name and one.due is not None]
    return max([assignment.due, *dates]) if assignment.due is not None else None

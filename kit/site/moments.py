"""Moments as readers of a site see them."""

from __future__ import annotations

from datetime import datetime

from kit.language import language_of
from kit.model import Course


def moment(course: Course, when: datetime) -> str:
    """A date as learners read it: `21 January 2027, 23:59`, in the course's timezone
    and language."""
    return language_of(course).moment(when.astimezone(course.timezone))

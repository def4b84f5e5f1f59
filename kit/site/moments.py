"""Dates as readers of a site see them."""

from __future__ import annotations

from datetime import datetime

from kit.model import Course


def moment(course: Course, when: datetime) -> str:
    """A date as learners read it: `21 January 2027, 23:59`, in the course's timezone."""
    local = when.astimezone(course.timezone)
    return f"{local.day} {local:%B %Y, %H:%M}"

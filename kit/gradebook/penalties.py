"""What lateness costs, once manual marks have had their say."""

from __future__ import annotations

import logging
import math

from kit import plugins
from kit.course.author import AuthorsPolicy
from kit.errors import CourseError
from kit.model import Course, Score

log = logging.getLogger(__name__)


def penalty(
    course: Course, score: Score, learner: str, notebook: str, earned: float
) -> float | None:
    """The penalty of one notebook, 0 to what it earned; None for a submission in time.

    The grading run worked it out from automatic points. Where manual marks changed what the
    notebook earned, it is worked out again, as nbgrader's AssignLatePenalties does.
    """
    if score.late_seconds <= 0:
        return None
    given = score.penalties.get(notebook)
    automatic = sum(r.points or 0.0 for r in score.results if r.notebook == notebook)
    if given is None or abs(earned - automatic) > 1e-9:
        given = _again(course, learner, earned, score.late_seconds, given, automatic)
    return None if given is None else clamped(given, earned)


def by_policy(course: Course, learner: str, earned: float, late_seconds: float) -> float | None:
    """The course's late policy on what was earned; None where the policy asks for nothing."""
    policy = course.grading.late
    if policy.name == "none" or late_seconds <= 0:
        return None
    ask = policy.ask if isinstance(policy, AuthorsPolicy) else plugins.find(
        "kit.late_policies", policy.name)
    asked = ask(policy, learner, earned, late_seconds)
    if asked is None or not math.isfinite(asked):
        return None
    return clamped(float(asked), earned)


def _again(
    course: Course, learner: str, earned: float, late_seconds: float,
    given: float | None, automatic: float,
) -> float | None:
    policy = course.grading.late
    try:
        if policy.name != "none":
            return by_policy(course, learner, earned, late_seconds)
    except CourseError as error:
        log.warning("%s: %s", learner, error)
        if not isinstance(policy, AuthorsPolicy):
            raise
    # A penalty of a plugin that is not at hand: its share of the score stays the same.
    if given is None or automatic <= 0:
        return given
    return given * earned / automatic


def clamped(penalty: float, earned: float) -> float:
    """nbgrader's bounds: no less than nothing, no more than what was earned."""
    return min(max(penalty, 0.0), max(earned, 0.0))

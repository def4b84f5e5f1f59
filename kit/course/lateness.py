"""What a late policy takes: the one place that asks policies, the author's and plugins' too."""

from __future__ import annotations

import logging
import math

from kit import plugins
from kit.course.author import AuthorsPolicy
from kit.errors import CourseError, KitError
from kit.model import LatePolicy

logger = logging.getLogger(__name__)

NOT_WORKED_OUT = "late-policy"
"""The code of a review: the policy failed, so what lateness costs is not known."""


def cost(policy: LatePolicy, learner: str, earned: float, late_seconds: float) -> float | None:
    """The points that lateness takes from what a notebook earned, within 0..earned.

    None for work in time and where the policy takes nothing. A policy may be anybody's code:
    whatever it raises comes out as CourseError, which says what failed.
    """
    if late_seconds <= 0 or policy.name == "none":
        return None
    try:
        ask = policy.ask if isinstance(policy, AuthorsPolicy) else plugins.find(
            "kit.late_policies", policy.name)
        asked = ask(policy, learner, earned, late_seconds)
        taken = None if asked is None else float(asked)
    except KitError as error:
        raise CourseError(f"the late penalty is not known: {error.message}", where=error.where,
                          hint=error.hint) from error
    except Exception as error:
        logger.exception("the late policy %s failed on %s", policy.name, learner)
        raise CourseError(
            f"the late penalty is not known: the policy {policy.name!r} failed: "
            f"{type(error).__name__}: {error}") from error
    if taken is None or not math.isfinite(taken):
        return None
    return min(max(taken, 0.0), max(earned, 0.0))

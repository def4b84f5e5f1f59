"""What a late policy takes: the one place that asks policies, the author's and plugins' too."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

from kit import plugins
from kit.course.author import AuthorsPolicy
from kit.errors import CourseError, KitError
from kit.model import LatePolicy

Ask = Callable[[LatePolicy, str, float, float], float | None]

logger = logging.getLogger(__name__)

NOT_WORKED_OUT = "late-policy"
"""The code of a review: the policy failed, so what lateness costs is not known."""


def asked_of(policy: LatePolicy) -> Ask:
    """The function behind a policy. Looking through what is installed takes a moment: who asks
    often finds it once. Raises CourseError."""
    if isinstance(policy, AuthorsPolicy):
        return policy.ask
    try:
        found: Ask = plugins.find("kit.late_policies", policy.name)
    except KitError as error:
        raise _unknown(error) from error
    return found


def _unknown(error: KitError) -> CourseError:
    return CourseError(f"the late penalty is not known: {error.message}", where=error.where,
                       hint=error.hint)


def cost(
    policy: LatePolicy, learner: str, earned: float, late_seconds: float, *,
    ask: Ask | None = None,
) -> float | None:
    """The points that lateness takes from what a notebook earned, within 0..earned.

    None for work in time and where the policy takes nothing. A policy may be anybody's code:
    whatever it raises comes out as CourseError, which says what failed.
    """
    if late_seconds <= 0 or policy.name == "none":
        return None
    ask = ask or asked_of(policy)
    try:
        asked = ask(policy, learner, earned, late_seconds)
        taken = None if asked is None else float(asked)
    except KitError as error:
        raise _unknown(error) from error
    except Exception as error:
        logger.exception("the late policy %s failed on %s", policy.name, learner)
        raise CourseError(
            f"the late penalty is not known: the policy {policy.name!r} failed: "
            f"{type(error).__name__}: {error}") from error
    if taken is None or not math.isfinite(taken):
        return None
    return min(max(taken, 0.0), max(earned, 0.0))

"""What lateness costs. A policy is `(policy, learner, score, late_seconds) -> penalty | None`.

`score` is what a notebook earned; None means that there is no penalty to write down. What a
policy says is held between 0 and the score.
"""

from __future__ import annotations

import math

from kit.model import LatePolicy

_DAY = 86_400.0


def none(policy: LatePolicy, learner: str, score: float, late_seconds: float) -> float | None:
    """Late work costs nothing."""
    del policy, learner, score, late_seconds
    return None


def zero(policy: LatePolicy, learner: str, score: float, late_seconds: float) -> float | None:
    """Late work earns nothing, once the grace is over."""
    del learner
    return score if late_seconds > policy.grace.total_seconds() else None


def percent(policy: LatePolicy, learner: str, score: float, late_seconds: float) -> float | None:
    """Each started day after the grace costs a share; at least the floor is kept."""
    del learner
    over = late_seconds - policy.grace.total_seconds()
    if over <= 0:
        return None
    lost = min(math.ceil(over / _DAY) * policy.percent_a_day, 100.0 - policy.floor)
    return score * lost / 100.0

"""Nothing raises or passes for any value of a learner: functions, plots, draws, test results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import checking
import hostile
import pytest

import autograders as ag


def _draws() -> ag.Check | None:
    try:
        from scipy import stats
    except ModuleNotFoundError:
        return None
    return ag.distribution("x", stats.norm(0, 1))


CHECKS: dict[str, Callable[[], ag.Check | None]] = {
    "function": lambda: ag.function("x", [((1,), 77)], seconds=1.0),
    "plot": lambda: ag.plot("x", kind="line", title="Sales"),
    "hypothesis_test": lambda: ag.hypothesis_test(
        "x", statistic=2.5, p=0.02, interval=(1.0, 4.0), reject=True),
    "distribution": _draws,
}


@pytest.mark.parametrize("checker", CHECKS)
@hostile.over_all
def test_a_hostile_value_earns_nothing_and_needs_no_review(
    checker: str, name: str, make: Callable[[], Any]
) -> None:
    value, check = hostile.made(make), CHECKS[checker]()
    if check is None:
        pytest.skip("scipy is not installed")
    outcome = checking.check(check, x=value)
    assert (outcome.credit, outcome.state) == (0.0, "failed"), name


@hostile.over_all
def test_a_function_that_returns_a_hostile_value_is_wrong(
    name: str, make: Callable[[], Any]
) -> None:
    value = hostile.made(make)
    for expected in (77, "two", [1, 77], {"a": "77"}, {1, 77}, None):
        if value is None and expected is None:
            continue
        outcome = checking.check(ag.function("f", [((), expected)]), f=lambda: value)
        assert (outcome.credit, outcome.state) == (0.0, "failed"), (name, expected)

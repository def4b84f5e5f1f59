"""A question: its checks, run one by one, and what they earn together."""

from __future__ import annotations

import linecache
import sys
from types import FrameType

from autograders import guard
from autograders.outcome import Check, Failure, Outcome, Scope, failed, review
from autograders.result import Judged, Report, Result

_HIDDEN_BEGINS, _HIDDEN_ENDS = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


class Question:
    """A question worth `points`, made of checks.

    Add checks, and let `question.result()` be the last expression of the test cell:

        q = ag.Question("npv", points=3)
        q.add(ag.number("npv", 1234.5, rtol=1e-3))
        q.result()

    A check counts by its `weight` among the weights of all; one of weight 0 only tells. `names`
    are the learner's, by default those of the notebook.
    """

    def __init__(self, name: str, points: float, *, names: Scope | None = None) -> None:
        if not 0 <= points < float("inf"):
            raise ValueError(f"points are a number from 0, not {points!r}")
        self.name = name
        self.points = float(points)
        self._names = sys._getframe(1).f_globals if names is None else names
        self._checks: list[tuple[Check, float, bool]] = []

    def add(self, check: Check, *, weight: float | None = None,
            hidden: bool | None = None) -> None:
        """Add a check. Of a hidden one the learner is told the tag alone.

        Its weight is 1 unless told; one that looks at the form of an answer alone has 0.
        Unless `hidden` says so, a check is hidden where it stands between nbgrader's markers
        of hidden tests.
        """
        if not isinstance(check, Check):
            raise TypeError(f"add() takes a check such as ag.number(...), not {check!r}")
        if weight is None:
            weight = 1.0 if check.counts else 0.0
        if not 0 <= weight < float("inf"):
            raise ValueError(f"a weight is a number from 0, not {weight!r}")
        if hidden is None:
            hidden = _in_hidden_region(sys._getframe(1))
        self._checks.append((check, float(weight), hidden))

    def result(self) -> Result:
        """Run the checks in order, and say what they earn. It never raises for a learner's
        value."""
        judged: list[Judged] = []
        for check, weight, hidden in self._checks:
            outcome = examine(check, self._names)
            judged.append(Judged(label=check.label, kind=check.kind, weight=weight,
                                 hidden=hidden, outcome=outcome))
        guard.fix_display(Result)
        return Result(Report(question=self.name, max_points=self.points, checks=tuple(judged)))


def examine(check: Check, names: Scope) -> Outcome:
    """Run one check. What it cannot judge needs review; it never raises but when interrupted."""
    try:
        with guard.quiet(), guard.time_limit(check.seconds), guard.seeded():
            outcome = check.examine(names)
        if not isinstance(outcome, Outcome):
            raise TypeError(f"a check returns an outcome such as passed(), not {outcome!r}")
        return outcome
    except Failure as failure:
        return failure.outcome
    except guard.TimeUp:
        return failed(f"It took longer than {check.seconds:g} seconds. Is there a loop that does "
                      "not end?", "timeout")
    except (RecursionError, MemoryError) as error:
        return review(f"This could not be checked: {type(error).__name__}.", "checker-error")
    except Exception as error:  # noqa: BLE001 - a fault of the check must cost nobody a mark
        return review(f"This could not be checked ({type(error).__name__} in the check "
                      "itself). Your grader will look at it.", "checker-error")


def _in_hidden_region(frame: FrameType) -> bool:
    """Whether the line that the frame is at lies between the markers of hidden tests."""
    hidden = False
    for number, line in enumerate(linecache.getlines(frame.f_code.co_filename), start=1):
        if number >= frame.f_lineno:
            return hidden
        if _HIDDEN_BEGINS in line:
            hidden = True
        elif _HIDDEN_ENDS in line:
            hidden = False
    return False

"""What a question earned: a number for nbgrader, a page for the learner, facts for the kit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor, fsum  # bound now: a notebook may replace those of `math` later
from typing import Any, SupportsIndex

from autograders import guard
from autograders.outcome import Outcome

MIME = "application/vnd.autograders+json"
VERSION = 1

_MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "review": "?", "later": "…"}
_WORDS = {"passed": "passed", "partial": "partly right", "failed": "not yet",
          "review": "for your grader to look at", "later": "graded after hand-in"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A check that was run: its place in the question and what came of it."""

    label: str
    kind: str
    weight: float
    hidden: bool
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Report:
    """A question's checks and what they earn together."""

    question: str
    max_points: float
    checks: tuple[Judged, ...]

    @cached_property
    def points(self) -> float:
        """The weighted share of the points, rounded down to hundredths, within 0..max_points."""
        weights = fsum(check.weight for check in self.checks)
        if weights <= 0:
            return 0.0
        share = fsum(check.weight * check.outcome.credit for check in self.checks) / weights
        if share >= 1:
            return self.max_points  # which may have more than two decimals
        # Rounding at the eighth place first: 0.29 * 100 is 28.999999999999996.
        cents = floor(round(share * self.max_points * 100, 8))
        return min(max(cents / 100, 0.0), self.max_points)

    @property
    def needs_review(self) -> bool:
        """Whether some check that counts could not judge."""
        return any(check.outcome.review and check.weight > 0 for check in self.checks)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all checks, each once, in order."""
        return tuple(dict.fromkeys(tag for check in self.checks for tag in check.outcome.tags))


class Result(float):
    """The points of a question: a float that shows itself as a page.

    nbgrader reads its plain text as the partial credit of the test cell.
    """

    report: Report

    def __new__(cls, report: Report) -> Result:
        """The result of a report."""
        self = super().__new__(cls, report.points)
        self.report = report
        return self

    def __repr__(self) -> str:
        """The plain number, as nbgrader reads it."""
        return float.__repr__(self)

    __str__ = __repr__

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        """A copy is a result again."""
        return Result, (self.report,)

    def as_json(self) -> dict[str, Any]:
        """What a program reads: the points, and of each check its state, message and tags."""
        report = self.report
        return {
            "version": VERSION, "question": report.question, "points": report.points,
            "max_points": report.max_points, "needs_review": report.needs_review,
            "tags": list(report.tags),
            "checks": [
                {"label": check.label, "kind": check.kind, "weight": check.weight,
                 "hidden": check.hidden, "state": check.outcome.state,
                 "credit": check.outcome.credit, "message": check.outcome.message,
                 "tags": list(check.outcome.tags),
                 **({"rows": [list(row) for row in check.outcome.rows]}
                    if check.outcome.rows else {})}
                for check in report.checks
            ],
        }

    def as_text(self) -> str:
        """What the learner reads where no page can be shown."""
        checks = [line for one in self.report.checks
                  for line in (f"{_MARKS[one.outcome.state]} {_told(one)}", *_aligned(one))]
        return "\n".join([headline(self.report), *checks])

    def _repr_html_(self) -> str:
        from autograders.page import page

        return page(self.report)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        import json

        return {"text/plain": repr(self), "text/html": self._repr_html_(),
                MIME: json.loads(json.dumps(self.as_json(), allow_nan=False))}


def state_of(report: Report) -> str:
    """The state of the whole question, by the checks that count."""
    if report.needs_review:
        return "review"
    counted = [check.outcome.credit for check in report.checks if check.weight > 0] or [
        check.outcome.credit for check in report.checks]
    if counted and all(credit >= 1 for credit in counted):
        return "passed"
    told = [check for check in report.checks if not check.outcome.later]
    if len(told) < len(report.checks) and all(check.outcome.credit >= 1 for check in told):
        return "later"
    if not report.checks:
        return "later"
    return "partial" if any(credit > 0 for credit in counted) else "failed"


def headline(report: Report) -> str:
    """What is told of the whole question; it begins with its name."""
    if guard.in_grading():
        told = f"{report.question}: {report.points:g} of {report.max_points:g}"
        return told + (", to be looked at" if report.needs_review else "")
    here = [check for check in report.checks if not check.outcome.later]
    later = len(report.checks) - len(here)
    right = sum(check.outcome.state == "passed" for check in here)
    plural = "" if len(here) == 1 else "s"
    points = "point" if report.max_points == 1 else "points"
    if not here:
        return (f"{report.question}: graded after hand-in (worth {report.max_points:g} "
                f"{points})")
    passed = f"{report.question}: {right} of {len(here)} check{plural}"
    if later:
        return (f"{passed} passed, {later} graded after hand-in (worth {report.max_points:g} "
                f"{points})")
    if not any(check.weight > 0 for check in report.checks):
        return (f"{passed} of the form passed. Whether it is right is checked after you hand in "
                f"(worth {report.max_points:g} {points}).")
    return f"{passed} passed (worth {report.max_points:g} {points} when it is graded)"


def _told(check: Judged) -> str:
    """What a learner may read of a check: of a hidden one its tags."""
    if check.hidden:
        tags = ", ".join(check.outcome.tags)
        return f"hidden check: {_WORDS[check.outcome.state]}" + (f" ({tags})" if tags else "")
    told = check.outcome.message or _WORDS[check.outcome.state]
    return f"{check.label}: {told}"


def _aligned(check: Judged) -> list[str]:
    """The rows of a check in columns of text."""
    rows = () if check.hidden else check.outcome.rows
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]

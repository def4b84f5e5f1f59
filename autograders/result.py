"""What a question earned: a number for nbgrader, a page for the learner, facts for the kit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, SupportsIndex

from autograders import guard
from autograders.outcome import Outcome

MIME = "application/vnd.autograders+json"
VERSION = 1

_NAMED = re.compile(r"`([^`\n]+)`")  # as messages name things

_MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "review": "?"}
_WORDS = {"passed": "passed", "partial": "partly right", "failed": "not yet",
          "review": "for your grader to look at"}


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
        weights = math.fsum(check.weight for check in self.checks)
        if weights <= 0:
            return 0.0
        share = math.fsum(check.weight * check.outcome.credit for check in self.checks) / weights
        if share >= 1:
            return self.max_points  # which may have more than two decimals
        # Rounding at the eighth place first: 0.29 * 100 is 28.999999999999996.
        cents = math.floor(round(share * self.max_points * 100, 8))
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
        return "\n".join([_headline(self.report), *checks])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<li style="margin:.3em 0;padding-left:1.4em;text-indent:-1.4em">'
            f'<span aria-hidden="true" style="display:inline-block;text-indent:0;width:1.4em;'
            f'font-weight:600;color:{_COLOURS[check.outcome.state]}">'
            f'{_MARKS[check.outcome.state]}</span>{_html_of(check)}</li>'
            for check in self.report.checks)
        return (
            '<div class="autograders-result" style="border-left:3px solid '
            f'{_COLOURS[_state(self.report)]};padding:.2em 0 .2em .9em;max-width:46em">'
            f'<p style="margin:.2em 0"><strong>{escape(_headline(self.report))}</strong></p>'
            f'<ul style="list-style:none;margin:0;padding:0">{rows}</ul></div>')

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        import json

        return {"text/plain": repr(self), "text/html": self._repr_html_(),
                MIME: json.loads(json.dumps(self.as_json(), allow_nan=False))}


# Legible on white and on the dark page alike (contrast over 4.5 on both).
_COLOURS = {"passed": "#2f8f5b", "partial": "#a8741a", "failed": "#c8553d", "review": "#6b7f99"}


def _state(report: Report) -> str:
    if report.needs_review:
        return "review"
    counted = [check.outcome.credit for check in report.checks if check.weight > 0] or [
        check.outcome.credit for check in report.checks]
    if counted and all(credit >= 1 for credit in counted):
        return "passed"
    return "partial" if any(credit > 0 for credit in counted) else "failed"


def _headline(report: Report) -> str:
    if guard.in_grading():
        told = f"{report.question}: {report.points:g} of {report.max_points:g}"
        return told + (", to be looked at" if report.needs_review else "")
    right = sum(check.outcome.state == "passed" for check in report.checks)
    plural = "" if len(report.checks) == 1 else "s"
    points = "point" if report.max_points == 1 else "points"
    passed = f"{report.question}: {right} of {len(report.checks)} check{plural}"
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


def _table(check: Judged) -> str:
    """The rows of a check as a table of a page."""
    rows = () if check.hidden else check.outcome.rows
    if not rows:
        return ""
    style = "text-align:left;padding:.1em 1em .1em 0;font-variant-numeric:tabular-nums"
    head, *body = (
        "".join(f'<{tag} style="{style}">{escape(cell)}</{tag}>' for cell in row)
        for tag, row in zip(("th", *["td"] * len(rows)), rows, strict=False))
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    return ('<table style="margin:.2em 0;border-collapse:collapse;text-indent:0;font-size:inherit">'
            f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>")


def _html_of(check: Judged) -> str:
    text = _NAMED.sub(r"<code>\1</code>", escape(_told(check))).replace("\n", "<br>")
    if not check.hidden:
        label = escape(check.label)
        text = text.replace(f"{label}:", f"<code>{label}</code>:", 1)
    spoken = escape(_WORDS[check.outcome.state])
    return (f'<span style="position:absolute;clip-path:inset(50%);width:1px;height:1px;'
            f'overflow:hidden">{spoken}. </span>{text}{_table(check)}')

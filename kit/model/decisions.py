"""What people decided after grading: over a question, over a reason for review, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

VOID, FULL = "void", "full-credit"

VerdictKind = Literal["points", "full", "accept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question that counts for nobody (`void`), or that gives everyone its full points.

    It holds for every grading of the assignment until it is taken back. `max_points` is what
    the question was worth before.
    """

    notebook: str
    grade_id: str
    kind: str
    max_points: float
    reason: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person said of a reason for review: points, full points, or `accept` what stands.

    It holds for the work and the release that it was given for; `learner` is whose hand-in it
    is. An empty `grade_id` is the whole notebook.
    """

    learner: str
    notebook: str
    grade_id: str
    code: str
    kind: VerdictKind
    points: float | None = None
    who: str = ""
    at: datetime | None = None
    reason: str = ""
    submission_digest: str = ""
    release_digest: str = ""

    def given(self, max_points: float) -> float | None:
        """The points that it gives to a question worth `max_points`; None where it accepts."""
        return max_points if self.kind == "full" else self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A score that an act changed: of a question, of a penalty, or of the whole (`total`)."""

    learner: str
    notebook: str
    grade_id: str
    before: float | None
    after: float | None
    before_max: float | None = None
    after_max: float | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person did to scores that stood there: when, who, why, and what it changed.

    `kind` is `regrade` or `review`; `decisions` are the questions decided by it, as
    `void ps1/test-3`.
    """

    assignment: str
    number: int
    kind: str
    at: datetime
    who: str
    reason: str
    decisions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

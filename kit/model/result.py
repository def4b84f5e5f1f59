"""What was earned: checks, scores, grades, feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from kit.model.decisions import Decision
from kit.model.release import CellKind

How = Literal["", "verified", "shared", "disagrees"]

COMMENT_OF_CHECKS = "Checks: "
"""How a comment begins that only repeats the tags of checks, for nbgrader's own pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check of a test cell, as its checker told it: what it looked at, what came of it.

    `state` is passed, partial, failed or review; `credit` is the share earned, 0 to 1; `weight`
    is what it counts among the others. Of a hidden one learners may read the tags alone.
    """

    label: str
    kind: str
    state: str
    credit: float
    weight: float
    message: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a graded cell earned. `points` is None while a person still has to mark it.

    `how` says where a test was judged: "verified" apart from the learner's code, "shared" in one
    process with it; "disagrees" where the two did not come to the same. `apart` says why it could
    not be judged apart.
    """

    notebook: str
    grade_id: str
    kind: CellKind
    points: float | None
    max_points: float
    message: str = ""
    tags: tuple[str, ...] = ()
    checks: tuple[Checked, ...] = ()
    how: How = ""
    apart: str = ""

    def __post_init__(self) -> None:
        if self.points is not None and not 0 <= self.points <= self.max_points:
            raise ValueError(f"{self.grade_id}: {self.points} is not within 0..{self.max_points}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Something mended by a stated rule before grading; the score stands."""

    code: str
    message: str
    notebook: str = ""
    grade_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Why a person has to look before the score may be shown."""

    code: str
    reason: str
    notebook: str = ""
    grade_id: str = ""

    def concerns(self, notebook: str, grade_id: str) -> bool:
        """Whether it is about this question: a review without one is about all of them."""
        return self.notebook in ("", notebook) and self.grade_id in ("", grade_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The result of grading one submission. While `review` has rows the score is pending."""

    assignment: str
    learner: str
    submission_digest: str
    release_digest: str
    engine: str
    engine_version: str
    results: tuple[CheckResult, ...]
    repairs: tuple[Repair, ...] = ()
    review: tuple[Review, ...] = ()
    received_at: datetime | None = None
    late_seconds: float = 0.0
    penalties: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    graded_at: datetime | None = None
    layers: tuple[str, ...] = ()
    """The layers of the sandbox that it ran under."""
    environment: str = ""
    """The versions of Python and of the course's packages that it ran with, in words."""
    fingerprint: str = ""
    """How the submission's files looked; empty where that was not noted."""
    unanswered: frozenset[tuple[str, str]] | None = None
    """(notebook, grade_id) of answers left as they were released; None where nobody looked."""

    @property
    def points(self) -> float:
        """What is earned so far, before any penalty; unmarked cells count 0."""
        return sum(result.points or 0.0 for result in self.results)

    @property
    def needs_manual(self) -> bool:
        """Whether a person still has to mark a cell."""
        return any(result.points is None for result in self.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What a recorded score was made from, and when.

    `environment` is empty in what was written before it was recorded. `left_folder` says
    whether grading left a folder in `autograded/`; what cannot be read leaves none.
    """

    submission: str
    release: str
    engine: str
    engine_version: str
    environment: str = ""
    fingerprint: str = ""
    received_at: datetime | None = None
    graded_at: datetime | None = None
    left_folder: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow:
    """A learner's standing in one assignment, as the gradebook holds it.

    `score` already carries manual marks and the penalty; it is None where nothing was handed
    in. `pending` says why it may not be shown yet (empty: it may).
    """

    assignment: str
    learner: str
    score: float | None
    max_score: float
    penalty: float = 0.0
    needs_manual: bool = False
    pending: tuple[Review, ...] = ()
    excused: bool = False
    received_at: datetime | None = None
    late_seconds: float = 0.0
    cells: tuple[CellGrade, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellGrade:
    """One graded cell in the gradebook: automatic and manual points, comment, tags.

    Where a `decision` holds, the points are those that it gives. `how` is the result's, and empty
    where the points were verified.
    """

    notebook: str
    grade_id: str
    kind: CellKind
    max_points: float
    auto: float | None = None
    manual: float | None = None
    extra: float | None = None
    needs_manual: bool = False
    comment: str = ""
    message: str = ""
    tags: tuple[str, ...] = ()
    checks: tuple[Checked, ...] = ()
    how: How = ""
    decision: Decision | None = None

    @property
    def points(self) -> float:
        """nbgrader's score: manual, else automatic, else 0, plus extra credit."""
        base = self.manual if self.manual is not None else self.auto
        return (base or 0.0) + (self.extra or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A page written for a learner."""

    assignment: str
    learner: str
    path: Path

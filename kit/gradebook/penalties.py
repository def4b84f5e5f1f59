"""How late a hand-in is and what that costs, by what holds now: dates, people, policy, marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.course.author import configured
from kit.course.lateness import NOT_WORKED_OUT, Ask, asked_of, cost
from kit.errors import CourseError
from kit.model import Assignment, Course, LatePolicy, Review, Roster

WAY = "late-penalty"
"""The row of docs/differences.md under which a penalty stays as grading wrote it."""


@dataclass(slots=True, kw_only=True)
class Rules:
    """What decides over lateness in one assignment.

    `stated` is the due date that the gradebook holds; it counts where course.yml states none.
    Of a team each member's own due date counts, as in nbgrader's tables.
    """

    course: Course
    assignment: Assignment
    roster: Roster
    stated: datetime | None = None
    _policy: tuple[LatePolicy, Ask] | None = field(default=None, repr=False)
    _trouble: CourseError | None = field(default=None, repr=False)

    @property
    def kept(self) -> bool:
        """Whether a penalty stays as it was when the work was graded, as nbgrader's does."""
        return WAY in self.course.nbgrader_ways

    def own_extension(self, learner: str) -> timedelta | None:
        """The extension that the roster gives; None where it gives none."""
        due = self.roster.due(self.assignment, learner)
        if due is None or self.assignment.due is None or due == self.assignment.due:
            return None
        return due - self.assignment.due

    def extension(
        self, learner: str, held: timedelta | None, *, ours: bool
    ) -> timedelta | None:
        """The roster's extension; else what formgrader set, unless it was `ours` before."""
        own = self.own_extension(learner)
        if own is not None:
            return own
        return None if ours else held

    def late_seconds(
        self, learner: str, received: datetime | None, extension: timedelta | None
    ) -> float:
        """How late; 0 where either moment is unknown, and where learners set the pace."""
        if self.course.self_paced:
            return 0.0
        due = self.assignment.due or self.stated
        if due is None:
            due = self.roster.due(self.assignment, learner)
        elif extension is not None:
            due += extension
        if due is None or received is None:
            return 0.0
        return max(0.0, (received - due).total_seconds())

    def penalty(self, learner: str, earned: float, late_seconds: float) -> float | None:
        """The penalty of one notebook, 0 to what it earned; None where there is none.

        Raises CourseError where the policy, or what names it, fails.
        """
        if late_seconds <= 0:
            return None
        policy, ask = self._now()
        return cost(policy, learner, earned, late_seconds, ask=ask)

    def _now(self) -> tuple[LatePolicy, Ask]:
        if self._trouble is not None:
            raise self._trouble
        if self._policy is None:
            try:
                course, _ = configured(self.course, self.assignment)
                policy = course.grading.late
                self._policy = policy, asked_of(policy)
            except CourseError as error:
                self._trouble = error
                raise
        return self._policy


def review(error: CourseError, notebook: str) -> Review:
    """Why a score with a penalty that is not known cannot stand."""
    return Review(code=NOT_WORKED_OUT, reason=str(error), notebook=notebook)


def clamped(penalty: float, earned: float) -> float:
    """nbgrader's bounds: no less than nothing, no more than what was earned."""
    return min(max(penalty, 0.0), max(earned, 0.0))

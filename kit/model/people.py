"""Who takes the course: learners, extensions, teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kit.model.course import Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One line of `roster.csv`. `id` is the folder name under `submitted/`."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    section: str = ""

    @property
    def name(self) -> str:
        """Full name, or the id where the roster has none."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A learner's own due date for an assignment, or being excused from it."""

    learner: str
    assignment: str
    due: datetime | None = None
    excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who takes the course. `teams`: assignment -> learner -> all members of that team.

    `binds` is False where learners set the pace: then nothing is ever due.
    """

    learners: tuple[Learner, ...] = ()
    extensions: tuple[Extension, ...] = ()
    teams: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    binds: bool = True

    def due(self, assignment: Assignment, learner: str) -> datetime | None:
        """When this learner's work is due: an extension wins over the assignment's date.

        None where no date is stated, or none binds.
        """
        if not self.binds:
            return None
        for extension in self.extensions:
            if (extension.learner, extension.assignment) == (learner, assignment.name):
                return extension.due or assignment.due
        return assignment.due

    def excused(self, assignment: str, learner: str) -> bool:
        """Whether this learner's grade leaves this assignment out."""
        return any(
            e.excused and (e.learner, e.assignment) == (learner, assignment)
            for e in self.extensions
        )

    def team(self, assignment: str, learner: str) -> tuple[str, ...]:
        """Everyone who gets this learner's score for the assignment, the learner included."""
        return self.teams.get(assignment, {}).get(learner, (learner,))

"""What an engine gets, and what an engine is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kit.grading.config import USUAL, Settings
from kit.model import Assignment, Course, Release, Review, Score, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One submission to grade. `autograded` is the folder that holds a folder a learner.

    `settings` are those of the author's nbgrader_config.py; an engine that is not nbgrader
    fills them in.
    """

    course: Course
    assignment: Assignment
    release: Release
    submission: Submission
    autograded: Path
    due: datetime | None = None
    settings: Settings = USUAL

    @property
    def folder(self) -> Path:
        """Where the graded notebooks go."""
        return self.autograded / self.submission.learner / self.assignment.name

    @property
    def late_seconds(self) -> float:
        """How late it came; 0 where either moment is unknown."""
        received = self.submission.received_at
        if received is None or self.due is None:
            return 0.0
        return max(0.0, (received - self.due).total_seconds())


GradeOne = Callable[[Job], Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A way to grade. `open` is entered once a batch and gives `grade(job) -> Score`.

    `parallel` says whether threads may call that function side by side; `note` is what a user
    must know of the engine.
    """

    name: str
    version: str
    note: str
    parallel: bool
    open: Callable[[Course, Assignment, Release], AbstractContextManager[GradeOne]]


def unjudged(job: Job, engine: str, version: str, *reasons: Review) -> Score:
    """The Score of a submission that says nothing about what the learner can do."""
    return Score(
        assignment=job.assignment.name, learner=job.submission.learner,
        submission_digest=job.submission.digest, release_digest=job.release.digest,
        engine=engine, engine_version=version, results=(), review=reasons,
        received_at=job.submission.received_at, late_seconds=job.late_seconds,
        graded_at=datetime.now(UTC),
    )

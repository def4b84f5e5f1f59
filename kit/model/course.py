"""The course: lessons, assignments, policies, outcomes, limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from kit.model.publishing import NOWHERE, Publishing


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the course."""

    name: str
    email: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One page of the book. `path` is relative to the course folder, with its suffix."""

    path: str
    part: str = ""

    @property
    def docname(self) -> str:
        """The path without suffix, as Sphinx and `_toc.yml` name a page."""
        return self.path.rsplit(".", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A titled run of lessons; `start` is its first day, where the course has a timetable."""

    title: str
    lessons: tuple[Lesson, ...]
    start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may use. Sizes in bytes, times in seconds."""

    cell_seconds: float = 30.0
    cpu_seconds: float = 300.0
    memory_bytes: int = 2 * 1024**3
    output_bytes: int = 5 * 1024**2
    file_bytes: int = 100 * 1024**2
    processes: int = 64

    def __post_init__(self) -> None:
        for name in ("cell_seconds", "cpu_seconds", "memory_bytes", "output_bytes", "file_bytes",
                     "processes"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be more than 0")


SelfStudy = Literal["never", "after_due", "always"]
"""When an assignment's full tests and worked solutions are published for those who audit."""

HiddenTests = Literal["tag", "message", "source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPolicy:
    """What a feedback page shows.

    Of a hidden test: only its tag, its message, or its source; message and source only from
    `after` on. `expected` shows the author's solution from `after` on.
    """

    hidden_tests: HiddenTests = "tag"
    expected: bool = False
    after: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        """Whether what waits for `after` may be shown at `now`."""
        return self.after is None or now >= self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """What lateness costs. `name` is a built-in (none, zero, percent) or a plugin.

    For `percent`: after `grace` each started day costs `percent_a_day` of the score, but a
    late submission keeps at least `floor` percent of it.
    """

    name: str = "none"
    grace: timedelta = timedelta(0)
    percent_a_day: float = 10.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.floor <= 100 or not 0 <= self.percent_a_day <= 100:
            raise ValueError("percentages run from 0 to 100")
        if self.grace < timedelta(0):
            raise ValueError("grace cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Assignments that count together. `number` of them are expected, the `drop` lowest fall."""

    name: str
    title: str
    weight: float
    number: int | None = None
    drop: int = 0

    def __post_init__(self) -> None:
        if self.weight < 0 or self.drop < 0:
            raise ValueError("weight and drop cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """How scores become a course grade. `cutoffs`: letter -> least percent, highest first."""

    groups: tuple[Group, ...] = ()
    cutoffs: tuple[tuple[str, float], ...] = ()
    late: LatePolicy = LatePolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRef:
    """A graded cell: `assignment/grade_id`."""

    assignment: str
    grade_id: str

    def __str__(self) -> str:
        return f"{self.assignment}/{self.grade_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a learner can do at the end, and the graded cells that give evidence of it."""

    id: str
    statement: str
    evidence: tuple[CellRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Homework. `notebooks` are names without suffix, found in `source/<name>/`, sorted."""

    name: str
    title: str
    opens: datetime | None = None
    due: datetime | None = None
    group: str = ""
    notebooks: tuple[str, ...] = ()
    feedback: FeedbackPolicy = FeedbackPolicy()
    limits: Limits = Limits()
    selfstudy: SelfStudy = "never"

    def __post_init__(self) -> None:
        for moment in (self.opens, self.due):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("opens and due need a timezone")
        if self.opens and self.due and self.opens >= self.due:
            raise ValueError("an assignment opens before it is due")


NBGRADER_WAYS = ("late-penalty", "manual-again", "partial-credit-values", "stderr-noise",
                 "timeout")
"""The rows of docs/differences.md that a course may set back to nbgrader's behaviour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course as `course.yml` describes it; `root` is the folder that holds that file."""

    root: Path
    id: str
    title: str
    timezone: ZoneInfo
    description: str = ""
    language: str = "en"
    authors: tuple[Author, ...] = ()
    institution: str = ""
    licence: str = ""
    effort: str = ""
    start: date | None = None
    pace: Literal["instructor", "self"] = "instructor"
    parts: tuple[Part, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    grading: Grading = Grading()
    outcomes: tuple[Outcome, ...] = ()
    packages: tuple[str, ...] = ()
    site: Publishing = NOWHERE
    nbgrader_ways: frozenset[str] = frozenset()
    require_sandbox: bool = False
    require_verified: bool = False

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in reading order."""
        return tuple(lesson for part in self.parts for lesson in part.lessons)

    @property
    def self_paced(self) -> bool:
        """Whether learners set the pace: then due dates are advice, and nothing is late."""
        return self.pace == "self"

    @property
    def records(self) -> Path:
        """Where the kit keeps its own records: caches, manifests, every submitted version."""
        return self.root / ".kit"

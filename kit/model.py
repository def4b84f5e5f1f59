"""The nouns of the kit: frozen, and valid from the moment they exist. No I/O here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

# ---------------------------------------------------------------------------- the course


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
    """A titled run of lessons."""

    title: str
    lessons: tuple[Lesson, ...]


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
    start: date | None = None
    pace: Literal["instructor", "self"] = "instructor"
    parts: tuple[Part, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    grading: Grading = Grading()
    outcomes: tuple[Outcome, ...] = ()
    packages: tuple[str, ...] = ()
    nbgrader_ways: frozenset[str] = frozenset()

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


# ------------------------------------------------------------------------------- people


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


# ------------------------------------------------------------------------ release, hand-in


class CellKind(StrEnum):
    """What nbgrader's metadata (schema version 3) makes of a cell."""

    TEST = "autograder test"
    ANSWER = "autograded answer"
    MANUAL = "manual answer"
    TASK = "manual task"
    LOCKED = "read-only"

    @property
    def graded(self) -> bool:
        """Whether the cell carries points."""
        return self in (CellKind.TEST, CellKind.MANUAL, CellKind.TASK)

    @property
    def protected(self) -> bool:
        """Whether grading restores the author's text over the learner's."""
        return self in (CellKind.TEST, CellKind.LOCKED, CellKind.TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimiters:
    """The texts whose lines begin and end a region. `enforced`: nbgrader refuses the region in a
    cell of another kind; otherwise it clears it there too."""

    begin: str
    end: str
    enforced: bool = True

    def __post_init__(self) -> None:
        if not self.begin or not self.end:
            raise ValueError("a delimiter is a text that is not empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """What encloses solutions, hidden tests and mark schemes: nbgrader's texts or the author's."""

    solution: Delimiters = Delimiters(begin="BEGIN SOLUTION", end="END SOLUTION")
    hidden_tests: Delimiters = Delimiters(begin="BEGIN HIDDEN TESTS", end="END HIDDEN TESTS")
    mark_scheme: Delimiters = Delimiters(begin="BEGIN MARK SCHEME", end="END MARK SCHEME")

    @property
    def all(self) -> tuple[Delimiters, Delimiters, Delimiters]:
        """The three pairs."""
        return self.solution, self.hidden_tests, self.mark_scheme

    def in_text(self, text: str) -> str:
        """The first of the six texts that stands in `text`, or ""."""
        return next((one for pair in self.all for one in (pair.begin, pair.end) if one in text),
                    "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedCell:
    """A nbgrader cell of a release.

    `source` is the author's full text, hidden tests included, as the gradebook keeps it;
    `released` is what learners get. `checksum` is nbgrader's, over the released text.
    `solution` is the author's answer, without markers; "" where it is not known.
    """

    grade_id: str
    kind: CellKind
    cell_type: str
    source: str
    released: str
    points: float = 0.0
    checksum: str = ""
    solution: str = ""

    def __post_init__(self) -> None:
        if self.points < 0:
            raise ValueError("points cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedNotebook:
    """A notebook of a release: its nbgrader cells in order, and its kernel."""

    name: str
    cells: tuple[ReleasedCell, ...]
    kernelspec: Mapping[str, Any] = field(default_factory=dict)

    def cell(self, grade_id: str) -> ReleasedCell | None:
        """The cell of that id, or None."""
        return next((cell for cell in self.cells if cell.grade_id == grade_id), None)

    @property
    def max_points(self) -> float:
        """Points of all graded cells."""
        return sum(cell.points for cell in self.cells if cell.kind.graded)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFile:
    """A file other than a notebook that comes with the assignment. `path` is relative."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was handed out, with the full tests. `digest` changes when anything in it does."""

    assignment: str
    notebooks: tuple[ReleasedNotebook, ...]
    files: tuple[ReleasedFile, ...] = ()
    digest: str = ""
    made_at: datetime | None = None

    def notebook(self, name: str) -> ReleasedNotebook | None:
        """The notebook of that name, or None."""
        return next((notebook for notebook in self.notebooks if notebook.name == name), None)

    @property
    def max_points(self) -> float:
        """Points of the whole assignment."""
        return sum(notebook.max_points for notebook in self.notebooks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a learner handed in: a folder of files. `received_at` is None where unknown."""

    assignment: str
    learner: str
    folder: Path
    digest: str
    received_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.received_at is not None and self.received_at.tzinfo is None:
            raise ValueError("received_at needs a timezone")


# ------------------------------------------------------------------------------ execution


class RunState(StrEnum):
    """Did the code run: a matter apart from whether its answer is right."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """One executed cell. `outputs` are nbformat v4 outputs; `index` is its place in the list."""

    index: int
    state: RunState
    outputs: tuple[Mapping[str, Any], ...] = ()
    execution_count: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What came of running cells: the state of the whole, and each cell's run in order."""

    state: RunState
    cells: tuple[CellRun, ...]
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    reason: str = ""


# -------------------------------------------------------------------------------- scoring


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
    """What a graded cell earned. `points` is None while a person still has to mark it."""

    notebook: str
    grade_id: str
    kind: CellKind
    points: float | None
    max_points: float
    message: str = ""
    tags: tuple[str, ...] = ()
    checks: tuple[Checked, ...] = ()

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

    @property
    def points(self) -> float:
        """What is earned so far, before any penalty; unmarked cells count 0."""
        return sum(result.points or 0.0 for result in self.results)

    @property
    def needs_manual(self) -> bool:
        """Whether a person still has to mark a cell."""
        return any(result.points is None for result in self.results)


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
    """One graded cell in the gradebook: automatic and manual points, comment, tags."""

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


# -------------------------------------------------------------------------- checks, progress


class Severity(StrEnum):
    """How bad a finding is. Only errors make `kit check` fail."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `kit check`: a code, where, what, and what to do."""

    code: str
    severity: Severity
    path: str
    message: str
    hint: str = ""
    cell: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far long work has come. `failed` counts what went wrong, `note` names the latest."""

    done: int
    total: int
    failed: int = 0
    note: str = ""

"""What is handed out and handed in: cells, notebooks, releases, submissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


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
    fingerprint: str = ""
    """How its files looked when the digest was made; empty where that was not noted."""

    def __post_init__(self) -> None:
        if self.received_at is not None and self.received_at.tzinfo is None:
            raise ValueError("received_at needs a timezone")

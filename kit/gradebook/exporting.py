"""Grades for other programs. An exporter is one function: `Gradesheet -> Document`.

It is found by its name in the entry points `kit.exporters`; `Cells` keeps what it writes from
being run as a formula by a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from kit import plugins
from kit.errors import ExportError, typed
from kit.gradebook.standing import Standing, State, binding, dues, standing, state
from kit.model import Assignment, Course, GradeRow, Learner, Roster

By = Literal["assignment", "question", "outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an exporter made: text, and the suffix of the file it belongs in."""

    text: str
    suffix: str = ".csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradesheet:
    """All that an exporter may want: who, which assignments, the rows, where each stands.

    `learners` holds everyone who has a row, with the roster's details where it has them.
    """

    course: Course
    learners: tuple[Learner, ...]
    assignments: tuple[Assignment, ...]
    rows: Mapping[tuple[str, str], GradeRow]
    standings: Mapping[str, Standing]
    dues: Mapping[tuple[str, str], datetime | None] = field(default_factory=dict)
    now: datetime
    by: By = "assignment"

    def row(self, learner: str, assignment: str) -> GradeRow:
        """The learner's row for the assignment."""
        return self.rows[learner, assignment]

    def due(self, learner: str, assignment: Assignment) -> datetime | None:
        """The learner's own due date; None where none binds."""
        return self.dues.get((assignment.name, learner), binding(self.course, assignment))

    def state(self, learner: str, assignment: Assignment) -> State:
        """graded, pending, missing (due and not handed in), open (not due yet) or excused."""
        return state(self.row(learner, assignment.name), self.due(learner, assignment), self.now)

    def score(self, learner: str, assignment: Assignment) -> float | None:
        """What to hand on: the score, 0 for what is missing, None for anything else."""
        where = self.state(learner, assignment)
        if where == "missing":
            return 0.0
        return self.row(learner, assignment.name).score if where == "graded" else None

    def max_score(self, assignment: Assignment) -> float:
        """The assignment's points."""
        return max((self.row(learner.id, assignment.name).max_score for learner in self.learners),
                   default=0.0)


def sheet(
    course: Course, roster: Roster, rows: Iterable[GradeRow], *, by: By = "assignment",
    now: datetime | None = None,
) -> Gradesheet:
    """Put rows of any assignments together for an exporter."""
    moment = now or datetime.now(UTC)
    found = list(rows)
    names = dict.fromkeys(row.assignment for row in found)
    by_key = {(row.learner, row.assignment): row for row in found}
    people = {learner.id: learner for learner in roster.learners}
    learners = tuple(people.get(name, Learner(id=name))
                     for name in dict.fromkeys(row.learner for row in found))
    known = {assignment.name: assignment for assignment in course.assignments}
    assignments = tuple(known.get(name, Assignment(name=name, title=name)) for name in names)
    # Who is known from one assignment only has nothing in the others.
    points = {row.assignment: row.max_score for row in found}
    for learner in learners:
        for assignment in assignments:
            by_key.setdefault((learner.id, assignment.name), GradeRow(
                assignment=assignment.name, learner=learner.id, score=None,
                max_score=points[assignment.name]))
    return Gradesheet(
        course=course, learners=learners, assignments=assignments, rows=by_key, now=moment, by=by,
        dues=dues(course, roster),
        standings={s.learner: s for s in standing(course, roster, found, now=moment)},
    )


def export(name: str, grades: Gradesheet, *, allow_pending: bool = False) -> Document:
    """Let the exporter of that name write the sheet.

    Raises UnknownName, and ExportError when something is pending and that was not allowed:
    what is pending is left empty by every exporter, never 0.
    """
    exporter = plugins.find("kit.exporters", name)
    waiting = [
        (learner.id, assignment.name)
        for assignment in grades.assignments for learner in grades.learners
        if grades.state(learner.id, assignment) == "pending"
    ]
    if waiting and not allow_pending:
        shown = ", ".join(f"{learner} ({assignment})" for learner, assignment in waiting[:3])
        more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""
        raise ExportError(
            f"{len(waiting)} {'score is' if len(waiting) == 1 else 'scores are'} pending: "
            f"{shown}{more}",
            hint=f"see why: {typed('kit', 'review', waiting[0][1])}\n"
                 f"or leave them empty: {typed(*_asked(name, grades), '--allow-pending')}",
        )
    made = exporter(grades)
    if not isinstance(made, Document):
        raise ExportError(f"the exporter {name!r} did not return a Document",
                          hint="see docs: how to write an exporter")
    return made


def _asked(name: str, grades: Gradesheet) -> list[str]:
    one = [grades.assignments[0].name] if len(grades.assignments) == 1 else []
    return ["kit", "grades", *one, "--export", name]


# ---------------------------------------------------------------------------------- cells


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV as spreadsheets and LMS read it: quoted where needed, UTF-8, CRLF, no formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: object) -> str:
    """A cell's text. Numbers stay numbers; a text that would be a formula gets an apostrophe.

    A lone `-`, which Moodle writes for "no grade", is no formula.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (int, float)):
        return number(value)
    text = str(value).replace("\0", "")
    if text != "-" and text.lstrip(" ").startswith(_FORMULA):
        return f"'{text}"
    return text


def number(value: float) -> str:
    """At most five decimals, no trailing zeros: `7`, `7.5`, `0.33333`."""
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text

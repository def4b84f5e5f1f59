"""Scores into the gradebook: exactly the rows that nbgrader would write, many at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select

from kit import notebook as notebooks
from kit.course.lateness import NOT_WORKED_OUT
from kit.errors import CourseError, NotebookError
from kit.gradebook import database, schema
from kit.gradebook.comments import NO_RESPONSE, comments_of_checks
from kit.gradebook.decisions import before_scores, lay
from kit.gradebook.due import due_column
from kit.gradebook.penalties import Rules
from kit.gradebook.people import add_students, write_students
from kit.gradebook.recorded import write_environment
from kit.gradebook.released import KnownCell, cells_of, ensure_released
from kit.model import Assignment, CheckResult, Course, How, Release, Review, Roster, Score

BATCH = 500
BATCH_SECONDS = 2.0
"""A batch is written when it is full, or when the last one was written this long ago."""

Row = dict[str, Any]


def record(
    course: Course, scores: Iterable[Score], *, roster: Roster, release: Release,
    on_written: Callable[[Sequence[str]], None] | None = None,
) -> int:
    """Write scores, many in one transaction, and return how many were written.

    Grades, comments, flags, times and penalties become what nbgrader's autograde makes of
    them; manual marks and comments stay and win. Everyone of the roster gets a row in nbgrader's
    table of students, and every member of a team gets the team's grade. What was written stays
    when `scores` raises. `on_written` is told the learners whose scores are in the gradebook
    now, a batch at a time. Raises GradebookError.
    """
    written = 0
    batch: list[Score] = []
    since = time.monotonic()

    def write() -> None:
        nonlocal written, since, batch
        _write(course, batch, roster, release, first=not written)
        written += len(batch)
        if on_written is not None:
            on_written([score.learner for score in batch])
        batch, since = [], time.monotonic()

    try:
        for score in scores:
            batch.append(score)
            if len(batch) >= BATCH or time.monotonic() - since >= BATCH_SECONDS:
                write()
    finally:
        if batch:
            write()
    return written


def _write(
    course: Course, scores: Sequence[Score], roster: Roster, release: Release, *, first: bool
) -> None:
    with database.writing(course) as connection:
        everyone = {m for s in scores for m in roster.team(s.assignment, s.learner)}
        everyone |= {score.learner for score in scores}
        if first:
            write_students(connection, roster, everyone)
        else:  # the roster is in already; who is not on it comes with a score
            add_students(connection, everyone)
        for part in _apart(scores, roster):
            batch = _Batch(connection, course, roster, release)
            concerned = {member for score in part for member in batch.members(score)}
            before_scores(connection, part, concerned, batch.members)
            batch.load(concerned)
            for score in part:
                batch.add(score)
            batch.flush()
            lay(connection, release.assignment, concerned)


def _apart(scores: Sequence[Score], roster: Roster) -> Iterator[list[Score]]:
    """Runs of scores in which nobody gets two: the second must see what the first wrote."""
    part: list[Score] = []
    seen: set[str] = set()
    for score in scores:
        members = {score.learner, *roster.team(score.assignment, score.learner)}
        if members & seen:
            yield part
            part, seen = [], set()
        part.append(score)
        seen |= members
    if part:
        yield part


@dataclass(slots=True)
class _Known:
    """What the gradebook already holds of a learner's submission."""

    id: str
    timestamp: datetime | None = None
    extension: timedelta | None = None
    notebooks: dict[str, str] = field(default_factory=dict)
    grades: dict[tuple[str, str], Any] = field(default_factory=dict)
    comments: dict[tuple[str, str], Any] = field(default_factory=dict)


class _Batch:
    """One transaction's rows, gathered first and written by a few executemany calls."""

    def __init__(
        self, connection: Connection, course: Course, roster: Roster, release: Release
    ) -> None:
        self.connection = connection
        self.course = course
        self.roster = roster
        self.release = release
        self.key = ensure_released(connection, course, release)
        self.assignment = next(
            (a for a in course.assignments if a.name == release.assignment),
            Assignment(name=release.assignment, title=release.assignment),
        )
        self._due_date()
        self.rules = Rules(
            course=course, assignment=self.assignment, roster=roster,
            stated=database.aware(connection.execute(
                select(schema.assignment.c.duedate)
                .where(schema.assignment.c.id == self.key)).scalar()))
        self.cells = cells_of(connection, self.key)
        self.books: dict[str, str] = {
            row.name: row.id for row in connection.execute(
                select(schema.notebook).where(schema.notebook.c.assignment_id == self.key))}
        self.checksums = {(book.name, cell.grade_id): cell.checksum
                          for book in release.notebooks for cell in book.cells}
        self.known: dict[str, _Known] = {}
        self.graded: dict[str, Any] = {}
        self.credit: dict[str, Any] = {}
        self.environments: dict[str, str] = {}
        self.inserts: dict[Table, list[Row]] = {}
        self.updates: dict[Table, list[Row]] = {}

    def members(self, score: Score) -> tuple[str, ...]:
        """Everyone who gets this score."""
        return tuple({score.learner: None} | dict.fromkeys(
            self.roster.team(score.assignment, score.learner)))

    def _due_date(self) -> None:
        # formgrader and nbgrader's own late penalties read it; a date set there alone stays.
        if column := due_column(self.course, self.assignment):
            self.connection.execute(
                schema.assignment.update().where(schema.assignment.c.id == self.key)
                .values(**column))

    # -------------------------------------------------------------------------- what is there

    def load(self, learners: Iterable[str]) -> None:
        """Read all that the gradebook holds of these learners for this assignment."""
        for part in database.parts(sorted(learners)):
            self._load_submissions(part)
        by_id = {known.id: known for known in self.known.values()}
        owner: dict[str, tuple[_Known, str]] = {}
        table = schema.submitted_notebook
        for part in database.parts(sorted(by_id)):
            for row in self.connection.execute(select(table).where(
                    table.c.assignment_id.in_(part))):
                by_id[row.assignment_id].notebooks[row.notebook_id] = row.id
                owner[row.id] = (by_id[row.assignment_id], row.notebook_id)
        for part in database.parts(sorted(owner)):
            for row in self.connection.execute(
                    select(schema.grade).where(schema.grade.c.notebook_id.in_(part))):
                known, book = owner[row.notebook_id]
                known.grades[book, row.cell_id] = row
            for row in self.connection.execute(
                    select(schema.comment).where(schema.comment.c.notebook_id.in_(part))):
                known, book = owner[row.notebook_id]
                known.comments[book, row.cell_id] = row

    def _load_submissions(self, learners: Sequence[str]) -> None:
        table = schema.submitted_assignment
        for row in self.connection.execute(select(table).where(
                table.c.assignment_id == self.key, table.c.student_id.in_(learners))):
            self.known[row.student_id] = _Known(
                id=row.id, timestamp=row.timestamp, extension=row.extension)
        name = self.release.assignment
        for ours, into in ((schema.kit_graded, self.graded), (schema.kit_credit, self.credit)):
            for row in self.connection.execute(select(ours).where(
                    ours.c.assignment == name, ours.c.learner.in_(learners))):
                into[row.learner] = row

    # -------------------------------------------------------------------------------- rows

    def add(self, score: Score) -> None:
        """Gather the rows of one score, for everyone who gets it."""
        before = self.graded.get(score.learner)
        same_work = before is not None and before.submission_digest == score.submission_digest
        self._own_rows(score)
        unanswered = _unanswered(self.course, score, self.checksums)
        for member in self.members(score):
            if self._counts(score, member):
                self._credit(score, member, unanswered, same_work=same_work)

    def _counts(self, score: Score, member: str) -> bool:
        """Of a team's hand-ins the latest counts; of a learner alone there is only one."""
        credit = self.credit.get(member)
        if credit is None or credit.handed_in_by == score.learner:
            return True
        other = self.graded.get(credit.handed_in_by)
        if other is None or credit.handed_in_by not in self.members(score):
            return True
        mine = database.naive_utc(score.received_at)
        return mine is None or other.received_at is None or mine >= other.received_at

    def _credit(
        self, score: Score, member: str, unanswered: frozenset[tuple[str, str]], *, same_work: bool
    ) -> None:
        known = self._submission(score, member)
        results = {(r.notebook, r.grade_id): r for r in score.results}
        told = comments_of_checks(score, self.release)
        own: dict[str, float] = dict.fromkeys(self.books, 0.0)
        for cell in self.cells:
            book = known.notebooks[cell.notebook_id]
            if cell.type != "SolutionCell":
                own[cell.notebook] += self._grade(
                    known, book, cell, _auto(score, results, cell), same_work=same_work)
            if cell.type != "GradeCell":
                answer = (cell.notebook, cell.grade_id)
                silent = cell.type == "SolutionCell" and answer in unanswered
                said = NO_RESPONSE if silent else told.get(answer)
                self._comment(known, book, cell, said)
        late = self.rules.late_seconds(member, score.received_at, self._extension(member, known))
        for name, key in self.books.items():
            try:
                penalty = self.rules.penalty(member, own[name], late)
            except CourseError:
                continue  # whoever reads the score is told
            self.updates.setdefault(schema.submitted_notebook, []).append({
                "b_id": known.notebooks[key], "late_submission_penalty": penalty})

    def _submission(self, score: Score, member: str) -> _Known:
        """The learner's rows in submitted_assignment and submitted_notebook, made if missing."""
        known = self.known.get(member)
        extension = self._extension(member, known)
        values = {"timestamp": database.naive_utc(score.received_at), "extension": extension}
        if known is None:
            known = self.known[member] = _Known(id=schema.new_id())
            self.inserts.setdefault(schema.submitted_assignment, []).append({
                "id": known.id, "assignment_id": self.key, "student_id": member, **values})
        else:
            # As nbgrader: a hand-in without a time leaves the time that is known.
            values["timestamp"] = values["timestamp"] or known.timestamp
            self.updates.setdefault(schema.submitted_assignment, []).append(
                {"b_id": known.id, **values})
        for key in self.books.values():
            if key not in known.notebooks:
                known.notebooks[key] = schema.new_id()
                self.inserts.setdefault(schema.submitted_notebook, []).append({
                    "id": known.notebooks[key], "assignment_id": known.id, "notebook_id": key,
                    "flagged": False, "late_submission_penalty": None})
        self._replace(schema.kit_credit, member, [{
            "handed_in_by": score.learner,
            "extension_seconds": database.seconds(self.rules.own_extension(member)),
        }])
        return known

    def _extension(self, member: str, known: _Known | None) -> timedelta | None:
        credit = self.credit.get(member)
        return self.rules.extension(
            member, known.extension if known else None,
            ours=credit is not None and credit.extension_seconds is not None)

    def _grade(
        self, known: _Known, book: str, cell: KnownCell, auto: float | None, *, same_work: bool
    ) -> float:
        """nbgrader's SaveAutoGrades._add_score; returns what the cell earns."""
        row = known.grades.get((cell.notebook_id, cell.cell_id))
        manual = None if row is None else row.manual_score
        needs = auto is None or manual is not None
        if row is None:
            self.inserts.setdefault(schema.grade, []).append({
                "id": schema.new_id(), "notebook_id": book, "cell_id": cell.cell_id,
                "auto_score": auto, "manual_score": None, "extra_credit": None,
                "needs_manual_grade": needs})
            return auto or 0.0
        if manual is not None and same_work and "manual-again" not in self.course.nbgrader_ways:
            # The mark was given for this very work: it need not be given again.
            needs = bool(row.needs_manual_grade)
        self.updates.setdefault(schema.grade, []).append(
            {"b_id": row.id, "auto_score": auto, "needs_manual_grade": needs})
        base = manual if manual is not None else auto
        return (base or 0.0) + (row.extra_credit or 0.0)

    def _comment(self, known: _Known, book: str, cell: KnownCell, auto: str | None) -> None:
        row = known.comments.get((cell.notebook_id, cell.cell_id))
        if row is None:
            self.inserts.setdefault(schema.comment, []).append({
                "id": schema.new_id(), "notebook_id": book, "cell_id": cell.cell_id,
                "auto_comment": auto, "manual_comment": None})
        elif row.auto_comment != auto:
            self.updates.setdefault(schema.comment, []).append(
                {"b_id": row.id, "auto_comment": auto})

    # ------------------------------------------------------------------------ our own tables

    def _own_rows(self, score: Score) -> None:
        self._replace(schema.kit_graded, score.learner, [{
            "submission_digest": score.submission_digest,
            "release_digest": score.release_digest,
            "engine": score.engine, "engine_version": score.engine_version,
            "received_at": database.naive_utc(score.received_at),
            "late_seconds": self.rules.late_seconds(
                score.learner, score.received_at,
                self._extension(score.learner, self.known.get(score.learner))),
            "seconds": score.seconds,
            "graded_at": database.naive_utc(score.graded_at),
            "layers": json.dumps(list(score.layers)),
            "environment": self._environment(score.environment),
            "fingerprint": score.fingerprint,
            "left_folder": _graded_folder(self.course, score).is_dir(),
        }])
        self._replace(schema.kit_result, score.learner, [
            {"notebook": r.notebook, "grade_id": r.grade_id, "message": r.message,
             "tags": json.dumps(list(r.tags)),
             "checks": json.dumps([asdict(one) for one in r.checks]),
             "how": _odd(r.how), "apart": r.apart}
            for r in {(r.notebook, r.grade_id): r for r in score.results}.values()
            if r.message or r.tags or r.checks or _odd(r.how)
        ])
        self._replace(schema.kit_repair, score.learner, [
            {"place": place, "code": r.code, "message": r.message, "notebook": r.notebook,
             "grade_id": r.grade_id} for place, r in enumerate(score.repairs)
        ])
        self._replace(schema.kit_review, score.learner, [
            {"place": place, "code": r.code, "reason": r.reason, "notebook": r.notebook,
             "grade_id": r.grade_id} for place, r in enumerate(self._reviews(score))
        ])

    def _environment(self, words: str) -> str:
        if words not in self.environments:
            self.environments[words] = write_environment(self.connection, words)
        return self.environments[words]

    def _reviews(self, score: Score) -> Iterator[Review]:
        """The score's reasons, and one for each graded cell that it says nothing of."""
        # A policy that failed is asked again whenever the score is read.
        yield from (r for r in score.review if r.code != NOT_WORKED_OUT)
        if not score.results:
            return
        told = {(r.notebook, r.grade_id) for r in score.results}
        told |= {(r.notebook, r.grade_id) for r in score.review}
        for cell in self.cells:
            if cell.type != "SolutionCell" and (cell.notebook, cell.grade_id) not in told:
                yield Review(code="missing-result", reason=f"{cell.grade_id} has no result",
                             notebook=cell.notebook, grade_id=cell.grade_id)

    def _replace(self, table: Table, learner: str, rows: Iterable[Row]) -> None:
        name = self.release.assignment
        pending = self.inserts.setdefault(table, [])
        pending[:] = [row for row in pending if row["learner"] != learner]
        pending.extend({"assignment": name, "learner": learner, **row} for row in rows)
        gone = self.updates.setdefault(table, [])
        gone.append({"b_assignment": name, "b_learner": learner})

    def flush(self) -> None:
        """Write everything gathered: what is ours is replaced, then new rows, then changes."""
        for table, rows in self.updates.items():
            if table.metadata is schema.ours:
                self.connection.execute(
                    delete(table).where(table.c.assignment == bindparam("b_assignment"),
                                        table.c.learner == bindparam("b_learner")), rows)
        for table, rows in self.inserts.items():
            if rows:
                self.connection.execute(table.insert(), rows)
        for table, rows in self.updates.items():
            if table.metadata is schema.ours:
                continue
            names = [key for key in rows[0] if key != "b_id"]
            self.connection.execute(
                table.update().where(table.c.id == bindparam("b_id"))
                .values({name: bindparam(name) for name in names}), rows)


def _auto(
    score: Score, results: Mapping[tuple[str, str], CheckResult], cell: KnownCell
) -> float | None:
    """The automatic score: unknown where nothing could be judged, 0 where one result is missing."""
    result = results.get((cell.notebook, cell.grade_id))
    if result is not None:
        return result.points
    return 0.0 if score.results else None


def _odd(how: How) -> str:
    """What is written of how points are known: nothing where it is as it should be."""
    return "" if how == "verified" else how


def _graded_folder(course: Course, score: Score) -> Path:
    return course.root / "autograded" / score.learner / score.assignment


def _unanswered(
    course: Course, score: Score, checksums: Mapping[tuple[str, str], str]
) -> frozenset[tuple[str, str]]:
    """The answers that the learner left as they were released."""
    found = {(r.notebook, r.grade_id) for r in score.results if r.message == NO_RESPONSE}
    if score.unanswered is not None:
        return frozenset(found | score.unanswered)
    folder = _graded_folder(course, score)
    for name in {r.notebook for r in score.results}:
        try:
            graded = notebooks.read(folder / f"{name}.ipynb")
        except NotebookError:
            continue
        for cell in graded["cells"]:
            key = (name, notebooks.grade_id(cell) or "")
            if key in checksums and notebooks.checksum(cell) == checksums[key]:
                found.add(key)
    return frozenset(found)

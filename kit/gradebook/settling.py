"""What is graded brought up to date without running it: lateness, penalties, whose grade it is.

Dates, extensions, teams, the policy and marks change after grading. Nothing here needs a
notebook; what would (a hand-in whose own points were overwritten by a team mate's) is forgotten,
so that the run that follows grades it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from kit.errors import CourseError
from kit.gradebook import database, schema
from kit.gradebook.decisions import lay, lift
from kit.gradebook.due import due_column
from kit.gradebook.penalties import Rules
from kit.gradebook.people import write_students
from kit.gradebook.released import assignment_id
from kit.model import Assignment, Course, Roster, Submission

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Who was changed: by a penalty, by a team mate's grade, by losing a former team's."""

    penalties: frozenset[str] = frozenset()
    credited: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


def settle(
    course: Course, assignment: Assignment, *, roster: Roster, handed_in: Iterable[Submission]
) -> Settled:
    """Bring what is recorded up to date with dates, people, policy and marks.

    `handed_in` is all that lies in `submitted/`; its times count where the work is the one that
    was graded. Where a grade comes or goes with a team, the gradebook is backed up first.
    Scores that the kit did not grade stay as they are. Raises GradebookError.
    """
    with database.reading(course) as connection:
        if connection is None or schema.kit_graded.name not in database.tables(connection):
            return Settled()
    with database.writing(course) as connection:
        key = assignment_id(connection, assignment.name)
        if key is None:
            return Settled()
        # formgrader and nbgrader's own penalties read it
        if column := due_column(course, assignment):
            connection.execute(
                schema.assignment.update().where(schema.assignment.c.id == key)
                .values(**column))
        work = _Work(connection, course, assignment, roster, key)
        here = set()  # their names alone: a class may be larger than memory
        for one in handed_in:
            here.add(one.learner)
            work.take_time(one)
        lift(connection, assignment.name)
        credited, withdrawn = work.settle_teams(here)
        lay(connection, assignment.name)
        return Settled(penalties=work.settle_penalties() - credited, credited=credited,
                       withdrawn=withdrawn)


class _Work:
    """What is recorded of one assignment, and the changes to it."""

    def __init__(
        self, connection: Connection, course: Course, assignment: Assignment, roster: Roster,
        key: str,
    ) -> None:
        self.connection = connection
        self.course = course
        self.name = assignment.name
        self.roster = roster
        self.key = key
        self.rules = Rules(
            course=course, assignment=assignment, roster=roster,
            stated=database.aware(connection.execute(
                select(schema.assignment.c.duedate)
                .where(schema.assignment.c.id == key)).scalar()))
        graded, credit = schema.kit_graded.c, schema.kit_credit.c
        self.graded: dict[str, Any] = {row.learner: row for row in self._rows(
            graded.learner, graded.submission_digest, graded.received_at, graded.late_seconds)}
        self.received: dict[str, datetime | None] = {
            learner: database.aware(row.received_at) for learner, row in self.graded.items()}
        self.credit: dict[str, Any] = {row.learner: row for row in self._rows(
            credit.learner, credit.handed_in_by, credit.extension_seconds)}
        self.owner: dict[str, str] = {
            learner: row.handed_in_by for learner, row in self.credit.items()}
        self.saved = False

    def _rows(self, *columns: Any) -> Iterator[Any]:
        return iter(self.connection.execute(
            select(*columns).where(columns[0].table.c.assignment == self.name)))

    # --------------------------------------------------------------------------------- times

    def take_time(self, one: Submission) -> None:
        """A time corrected in `submitted/` counts; a hand-in without one keeps what is known."""
        row = self.graded.get(one.learner)
        if (row is None or one.received_at is None or one.digest != row.submission_digest
                or one.received_at == self.received[one.learner]):
            return
        self.received[one.learner] = one.received_at
        self._update(schema.kit_graded, one.learner,
                     received_at=database.naive_utc(one.received_at))

    # --------------------------------------------------------------------------------- teams

    def settle_teams(self, here: Set[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Give each member the grade of the team's hand-in; who got one, who lost one. `here` are
        the learners whose work lies in `submitted/`."""
        for learner in list(self.graded):
            if learner not in here and (self._team(learner) - {learner}) & here:
                self._forget(learner)  # a team mate's hand-in took its place
        credited, withdrawn = set(), set()
        people = self.owner.keys() | {
            member for learner in self.graded for member in self._team(learner)}
        before = dict(self.owner)
        for member in sorted(people):
            best = self._best(member)
            current = before.get(member)
            if best == current and best is not None:
                continue
            if best is not None and before.get(best) == best:
                self._copy(best, member)
                credited.add(member)
                continue
            if best is not None:
                self._forget(best)  # its points are no longer known: it is graded again
            if current is not None and current != member and current not in self._team(member):
                self._drop(member)
                withdrawn.add(member)
        return frozenset(credited), frozenset(withdrawn)

    def _team(self, learner: str) -> set[str]:
        return {learner, *self.roster.team(self.name, learner)}

    def _best(self, member: str) -> str | None:
        """Of the team's graded hand-ins the latest; the present one unless another is later."""
        found = sorted(self._team(member) & self.graded.keys())
        if not found:
            return None
        earliest = datetime.min.replace(tzinfo=UTC)
        latest = max(found, key=lambda learner: self.received[learner] or earliest)
        current = self.owner.get(member)
        if current in found:
            known, other = self.received[current], self.received[latest]
            if known is None or other is None or other <= known:
                return current
        return latest

    def _save(self) -> None:
        if not self.saved:
            # Reading while we hold the write lock: the copy is what was there before.
            database.backup(self.course)
            self.saved = True

    def _forget(self, learner: str) -> None:
        """As if this hand-in had not been graded."""
        self.graded.pop(learner, None)
        for table in (schema.kit_graded, schema.kit_result, schema.kit_repair, schema.kit_review):
            self.connection.execute(delete(table).where(
                table.c.assignment == self.name, table.c.learner == learner))

    def _drop(self, member: str) -> None:
        """Take away a grade that was a team's to which the learner does not belong any more."""
        self._save()
        self._empty(member)
        sub, credit = schema.submitted_assignment, schema.kit_credit
        self.connection.execute(delete(sub).where(
            sub.c.assignment_id == self.key, sub.c.student_id == member))
        self.connection.execute(delete(credit).where(
            credit.c.assignment == self.name, credit.c.learner == member))
        self.owner.pop(member, None)
        self.credit.pop(member, None)

    def _empty(self, member: str) -> None:
        books = [row.id for row in self._books(member)]
        for table in (schema.grade, schema.comment):
            self.connection.execute(delete(table).where(table.c.notebook_id.in_(books)))
        table = schema.submitted_notebook
        self.connection.execute(delete(table).where(table.c.id.in_(books)))

    def _books(self, learner: str) -> list[Any]:
        sub, book = schema.submitted_assignment, schema.submitted_notebook
        return list(self.connection.execute(
            select(book).join(sub, sub.c.id == book.c.assignment_id)
            .where(sub.c.assignment_id == self.key, sub.c.student_id == learner)).all())

    def _copy(self, owner: str, member: str) -> None:
        """Everything that is recorded of the owner's hand-in, for the member too."""
        write_students(self.connection, self.roster, [member])
        sub, credit = schema.submitted_assignment, schema.kit_credit
        held = self._submission(member)
        if held is None:
            theirs = self._submission(owner)
            held = {"id": schema.new_id(), "timestamp": theirs["timestamp"] if theirs else None}
            self.connection.execute(insert(sub), {
                **held, "assignment_id": self.key, "student_id": member, "extension": None})
        else:
            self._save()
            self._empty(member)
        for row in self._books(owner):
            book = {**row._mapping, "id": schema.new_id(), "assignment_id": held["id"]}
            self.connection.execute(insert(schema.submitted_notebook), book)
            for table in (schema.grade, schema.comment):
                copies = [{**one._mapping, "id": schema.new_id(), "notebook_id": book["id"]}
                          for one in self.connection.execute(
                              select(table).where(table.c.notebook_id == row.id)).all()]
                if copies:
                    self.connection.execute(insert(table), copies)
        if member in self.credit:
            self.connection.execute(credit.update().where(
                credit.c.assignment == self.name, credit.c.learner == member)
                .values(handed_in_by=owner))
        else:
            self.connection.execute(insert(credit), {
                "assignment": self.name, "learner": member, "handed_in_by": owner,
                "extension_seconds": None})
        self.owner[member] = owner

    def _submission(self, learner: str) -> Row | None:
        table = schema.submitted_assignment
        row = self.connection.execute(select(table).where(
            table.c.assignment_id == self.key, table.c.student_id == learner)).first()
        return None if row is None else dict(row._mapping)

    # ----------------------------------------------------------------------------- penalties

    def settle_penalties(self) -> frozenset[str]:
        """Dates, extensions and penalties of everyone whose hand-in the kit graded."""
        changed = set()
        books: list[Row] = []
        sub = schema.submitted_assignment
        held = {row.student_id: row for row in self.connection.execute(
            select(sub).where(sub.c.assignment_id == self.key))}
        notebooks = self._earned()
        for member, owner in self.owner.items():
            if owner not in self.graded or member not in held:
                continue
            late = self._dates(member, owner, held[member])
            if self.rules.kept:
                continue
            for book in notebooks.get(member, ()):
                try:
                    now = self.rules.penalty(member, book.earned, late)
                except CourseError:
                    continue  # whoever reads the score is told
                if now != book.penalty:
                    books.append({"b_id": book.id, "b_penalty": now})
                    if abs((now or 0.0) - (book.penalty or 0.0)) > 1e-9:
                        changed.add(member)
        if books:
            table = schema.submitted_notebook
            self.connection.execute(
                table.update().where(table.c.id == bindparam("b_id"))
                .values(late_submission_penalty=bindparam("b_penalty")), books)
        return frozenset(changed)

    def _dates(self, member: str, owner: str, held: Any) -> float:
        """Write the time, the extension and the lateness where they changed; how late it is."""
        credit = self.credit.get(member)
        extension = self.rules.extension(
            member, held.extension,
            ours=credit is not None and credit.extension_seconds is not None)
        received = self.received[owner]
        late = self.rules.late_seconds(member, received, extension)
        stamp = database.naive_utc(received) or held.timestamp
        if (stamp, extension) != (held.timestamp, held.extension):
            sub = schema.submitted_assignment
            self.connection.execute(sub.update().where(sub.c.id == held.id)
                                    .values(timestamp=stamp, extension=extension))
        own = database.seconds(self.rules.own_extension(member))
        if credit is None or own != credit.extension_seconds:
            self._update(schema.kit_credit, member, extension_seconds=own)
        if member == owner and late != self.graded[owner].late_seconds:
            self._update(schema.kit_graded, owner, late_seconds=late)
        return late

    def _update(self, table: Any, learner: str, **values: Any) -> None:
        self.connection.execute(table.update().where(
            table.c.assignment == self.name, table.c.learner == learner).values(**values))

    def _earned(self) -> dict[str, list[Any]]:
        """Learner -> notebooks with `id`, `penalty` and the points `earned` before it."""
        sub, book, own = schema.submitted_assignment, schema.submitted_notebook, schema.grade
        points = (func.coalesce(own.c.manual_score, own.c.auto_score, 0.0)
                  + func.coalesce(own.c.extra_credit, 0.0))
        found: dict[str, list[Any]] = {}
        for row in self.connection.execute(
                select(sub.c.student_id, book.c.id,
                       book.c.late_submission_penalty.label("penalty"),
                       func.coalesce(func.sum(points), 0.0).label("earned"))
                .select_from(sub.join(book, book.c.assignment_id == sub.c.id)
                             .outerjoin(own, own.c.notebook_id == book.c.id))
                .where(sub.c.assignment_id == self.key).group_by(sub.c.student_id, book.c.id)):
            found.setdefault(row.student_id, []).append(row)
        return found

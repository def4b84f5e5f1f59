"""Manual marks without a server: what is left, bundles for graders, and their merge."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from kit.errors import CourseError, MarksError, typed
from kit.files import replace_tree, write_text
from kit.gradebook import database, schema
from kit.gradebook.decisions import lay, lift
from kit.gradebook.exporting import number, table
from kit.gradebook.marksfile import COLUMNS, Line, read_marks
from kit.gradebook.penalties import Rules, clamped
from kit.gradebook.reading import _table
from kit.gradebook.released import assignment_id
from kit.model import Assignment, CellGrade, CellKind, Course, GradeRow, Roster

# No vowels and no digits: a code is never a word, a number or a date to a spreadsheet.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One answer to mark. `learner` is whose hand-in it is; graders see only the code."""

    code: str
    learner: str
    notebook: str
    grade_id: str
    kind: CellKind
    max_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What one grader marks, and the folder it was written to."""

    grader: str
    folder: Path
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a merge did: marks written, lines that were the same already, lines left empty."""

    written: int
    same: int
    empty: int
    backup: Path | None = None


# --------------------------------------------------------------------------------- to mark


def to_mark(rows: Iterable[GradeRow]) -> tuple[tuple[GradeRow, CellGrade], ...]:
    """Each (row, cell) that waits for a mark; what is flagged for review waits for that instead."""
    return tuple((row, cell) for row in rows if not _unjudged(row) for cell in row.cells
                 if cell.kind.graded and cell.needs_manual and not _in_review(row, cell))


def waiting(course: Course, assignment: Assignment, rows: Iterable[GradeRow]) -> int:
    """How many hand-ins wait for a mark; a team's is one. Raises GradebookError."""
    learners = {row.learner for row, _ in to_mark(rows)}
    owners = _owners(course, assignment) if learners else {}
    return len({owners.get(learner, learner) for learner in learners})


def _in_review(row: GradeRow, cell: CellGrade) -> bool:
    return any(one.grade_id and one.concerns(cell.notebook, cell.grade_id) for one in row.pending)


def _unjudged(row: GradeRow) -> bool:
    return bool(row.pending) and all(
        cell.auto is None and cell.manual is None for cell in row.cells
        if cell.kind.graded and cell.decision is None)


# ----------------------------------------------------------------------------------- split


def split_marks(
    course: Course, assignment: Assignment, rows: Iterable[GradeRow], graders: Sequence[str], *,
    to: Path | None = None,
) -> tuple[Bundle, ...]:
    """Deal what is left to mark out to graders, a whole hand-in to one of them.

    Writes `<to>/<grader>/marks.csv` (default `marks/<assignment>/`). A hand-in is named by a
    code; the key stays in `.kit/marks/` and codes stay the same when it is split again. A
    team's work is there once. Raises MarksError when there is nothing to mark.
    """
    if not graders or len(set(graders)) != len(graders):
        raise MarksError("every grader needs a name of their own",
                         hint="kit marks split ps1 --graders a,b")
    for grader in graders:
        if grader.startswith(".") or not grader.replace("-", "").replace("_", "").replace(
                ".", "").isalnum():
            raise MarksError(f"{grader!r} cannot be a folder's name",
                             hint="use letters, digits, dots, - and _ for graders")
    waiting = to_mark(rows)
    if not waiting:
        raise MarksError(f"nothing of {assignment.name} waits for a mark",
                         hint=f"see what else does: {typed('kit', 'marks')}")
    owners = _owners(course, assignment)
    work: dict[str, dict[tuple[str, str], CellGrade]] = {}
    for row, cell in waiting:
        owner = owners.get(row.learner, row.learner)
        work.setdefault(owner, {})[cell.notebook, cell.grade_id] = cell
    codes = _codes(course, assignment, work)
    dealt: dict[str, list[Item]] = {grader: [] for grader in graders}
    # In the order of the codes: that order says nothing about names.
    for place, learner in enumerate(sorted(work, key=lambda name: codes[name])):
        dealt[graders[place % len(graders)]].extend(
            Item(code=codes[learner], learner=learner, notebook=cell.notebook,
                 grade_id=cell.grade_id, kind=cell.kind, max_points=cell.max_points)
            for cell in work[learner].values()
        )
    folder = to or course.root / "marks" / assignment.name
    return tuple(_bundle(folder, grader, items) for grader, items in dealt.items() if items)


def _bundle(folder: Path, grader: str, items: list[Item]) -> Bundle:
    # By question: a grader is fairer over one question at a time.
    items.sort(key=lambda item: (item.notebook, item.grade_id, item.code))
    target = folder / grader
    if _has_marks(target / "marks.csv"):
        raise MarksError("holds marks already", where=str(target / "marks.csv"),
                         hint="import them first, or split to another folder with --to")
    with replace_tree(target) as partial:
        # The byte order mark tells Excel that it is UTF-8.
        write_text(partial / "marks.csv", "\ufeff" + table(COLUMNS, (
            (item.code, item.notebook, item.grade_id, item.max_points, None, None)
            for item in items
        )))
    return Bundle(grader=grader, folder=target, items=tuple(items))


def _has_marks(path: Path) -> bool:
    if not path.exists():
        return False
    return any(line.mark is not None or line.comment or line.trouble for line in read_marks(path))


def _key_file(course: Course, assignment: Assignment) -> Path:
    return course.records / "marks" / f"{assignment.name}.json"


def _key(course: Course, assignment: Assignment) -> dict[str, str]:
    """code -> learner."""
    path = _key_file(course, assignment)
    if not path.exists():
        return {}
    try:
        value = json.loads(path.read_text("utf-8"))
        return {str(code): str(learner) for code, learner in value.items()}
    except (ValueError, AttributeError) as error:
        raise MarksError("the key of the codes cannot be read", where=str(path),
                         hint="put the file back from a backup; without it codes mean nothing",
                         ) from error


def _codes(course: Course, assignment: Assignment, learners: Iterable[str]) -> dict[str, str]:
    key = _key(course, assignment)
    codes = {learner: code for code, learner in key.items()}
    for learner in learners:
        while learner not in codes:
            code = "".join(secrets.choice(_LETTERS) for _ in range(5))
            if code not in key:
                key[code] = learner
                codes[learner] = code
    write_text(_key_file(course, assignment), json.dumps(key, indent=1, sort_keys=True) + "\n")
    return codes


def _owners(course: Course, assignment: Assignment) -> dict[str, str]:
    """Learner -> who handed in the work that the grade is for."""
    with database.reading(course) as connection:
        return {} if connection is None else dict(_table(connection, assignment.name).credit)


# ---------------------------------------------------------------------------------- import


def import_marks(
    course: Course, assignment: Assignment, files: Sequence[Path], *, force: bool = False
) -> Imported:
    """Merge marks files into the gradebook, all or nothing.

    A mark becomes nbgrader's manual score, its comment the manual comment; a team's mark goes
    to every member. Raises MarksError with every problem found: unknown codes and questions,
    marks out of range, two graders who differ, and marks that differ from ones already given,
    which `force` overwrites.
    """
    lines = [line for file in files for line in read_marks(file)]
    with database.writing(course) as connection:
        lift(connection, assignment.name)  # a mark of a void question is kept for later
        merge = _Merge(connection, course, assignment, force=force)
        for line in lines:
            merge.take(line)
        if merge.problems:
            raise MarksError(
                f"nothing was written: {len(merge.problems)} "
                f"{'problem' if len(merge.problems) == 1 else 'problems'}",
                hint="\n".join(merge.problems),
            )
        if not merge.changes:
            lay(connection, assignment.name)
            return Imported(written=0, same=merge.same, empty=merge.empty)
        # Reading while we hold the write lock: the copy is what was there before.
        saved = database.backup(course)
        merge.write()
        return Imported(written=len(merge.marks) - merge.same, same=merge.same, empty=merge.empty,
                        backup=saved)


class _Merge:
    """Lines checked one by one, then written together."""

    def __init__(
        self, connection: Connection, course: Course, assignment: Assignment, *, force: bool
    ) -> None:
        self.connection = connection
        self.course = course
        self.force = force
        self.key = {code.upper(): name for code, name in _key(course, assignment).items()}
        self.assignment = assignment
        self.table = _table(connection, assignment.name)
        self.rules = Rules(course=course, assignment=assignment, roster=Roster())
        self.members: dict[str, list[str]] = {}
        for learner in self.table.held:
            self.members.setdefault(self.table.credit.get(learner, learner), []).append(learner)
        self.cells = {(c.notebook, c.grade_id): c for c in self.table.cells
                      if c.type != "SolutionCell"}
        self.marks: dict[tuple[str, str, str], Line] = {}
        self.changes: list[tuple[str, Line, tuple[str, str]]] = []
        self.problems: list[str] = []
        self.same = 0
        self.empty = 0

    def take(self, line: Line) -> None:
        """Check a line, and keep it or say what is wrong."""
        if line.mark is None and not line.trouble:
            self.empty += 1
            if line.comment:
                self._problem(line, f"{line.question} has a comment but no mark")
            return
        learner = self._learner(line)
        question = self._question(line)
        if learner is None or question is None:
            return
        most = self.cells[question].max_score
        if line.trouble:
            self._problem(line, line.trouble)
        elif not 0 <= (line.mark or 0.0) <= most:
            self._problem(line, f"{number(line.mark or 0.0)} is not within 0 and {number(most)} "
                                f"for {line.question}")
        else:
            self._keep(line, learner, question)

    def _problem(self, line: Line, message: str) -> None:
        self.problems.append(f"{line.where}: {message}")

    def _learner(self, line: Line) -> str | None:
        learner = self.key.get(line.code.upper(), line.code)
        learner = self.table.credit.get(learner, learner)
        if learner in self.members:
            return learner
        self._problem(line, f"no hand-in has the code or id {line.code!r}")
        return None

    def _question(self, line: Line) -> tuple[str, str] | None:
        found = [key for key in self.cells
                 if key[1] == line.question and line.notebook in ("", key[0])]
        if len(found) == 1:
            return found[0]
        choices = ", ".join(dict.fromkeys(key[1] for key in self.cells))
        self._problem(line, f"no graded cell is called {line.question!r}; there are: {choices}"
                      if not found else f"{line.question} is in several notebooks: name one")
        return None

    def _keep(self, line: Line, learner: str, question: tuple[str, str]) -> None:
        key = (learner, *question)
        before = self.marks.get(key)
        if before is not None:
            if before.mark != line.mark or before.comment != line.comment:
                self._problem(line, f"{line.question} of {line.code} differs from {before.where}: "
                                    f"{number(line.mark or 0.0)} and {number(before.mark or 0.0)}")
            return
        changed = False
        for member in self.members[learner]:
            grade = self.table.held[member].grades.get(self.cells[question].cell_id)
            given = None if grade is None else grade.manual_score
            settled = grade is not None and not grade.needs_manual_grade
            if given is not None and settled and given != line.mark and not self.force:
                self._problem(line, f"{line.question} of {line.code} has the mark "
                                    f"{number(given)} already; --force gives it "
                                    f"{number(line.mark or 0.0)}")
                return
            comment = self.table.held[member].comments.get(question, "")
            if not (settled and given == line.mark and line.comment in ("", comment)):
                changed = True
                self.changes.append((member, line, question))
        self.marks[key] = line
        self.same += not changed

    # --------------------------------------------------------------------------------- write

    def write(self) -> None:
        """Write marks and comments, then what lateness costs of the new scores."""
        books = self._notebooks()
        before = self._earned()
        touched: dict[tuple[str, str], None] = {}
        for member, line, (notebook, grade_id) in self.changes:
            book = books[member, notebook]
            self.connection.execute(
                schema.grade.update().where(
                    schema.grade.c.notebook_id == book,
                    schema.grade.c.cell_id == self.cells[notebook, grade_id].cell_id)
                .values(manual_score=line.mark, needs_manual_grade=False))
            if line.comment:
                self._comment(book, notebook, grade_id, line.comment)
            touched[member, notebook] = None
        lay(self.connection, self.assignment.name)
        after = self._earned()
        for member, notebook in touched:
            self._penalty(member, books[member, notebook],
                          before[member, notebook], after[member, notebook])

    def _notebooks(self) -> dict[tuple[str, str], str]:
        sub, book, base = (schema.submitted_assignment, schema.submitted_notebook,
                           schema.notebook)
        key = assignment_id(self.connection, self.assignment.name)
        return {
            (row.student_id, row.name): row.id
            for row in self.connection.execute(
                select(sub.c.student_id, base.c.name, book.c.id)
                .select_from(sub.join(book, book.c.assignment_id == sub.c.id)
                             .join(base, base.c.id == book.c.notebook_id))
                .where(sub.c.assignment_id == key))
        }

    def _comment(self, book: str, notebook: str, grade_id: str, text: str) -> None:
        # A manual answer's comment hangs on its solution cell, a task's on the task cell.
        holders = {c.type: c.cell_id for c in self.table.cells
                   if (c.notebook, c.grade_id) == (notebook, grade_id)}
        holder = holders.get("SolutionCell") or holders.get("TaskCell")
        if holder is not None:
            self.connection.execute(
                schema.comment.update()
                .where(schema.comment.c.notebook_id == book, schema.comment.c.cell_id == holder)
                .values(manual_comment=text))

    def _earned(self) -> Mapping[tuple[str, str], float]:
        """(learner, notebook) -> points before the penalty."""
        sub, book, base, own = (schema.submitted_assignment, schema.submitted_notebook,
                                schema.notebook, schema.grade)
        points = (func.coalesce(own.c.manual_score, own.c.auto_score, 0.0)
                  + func.coalesce(own.c.extra_credit, 0.0))
        key = assignment_id(self.connection, self.assignment.name)
        found: Any = self.connection.execute(
            select(sub.c.student_id, base.c.name, func.sum(points))
            .select_from(sub.join(book, book.c.assignment_id == sub.c.id)
                         .join(base, base.c.id == book.c.notebook_id)
                         .join(own, own.c.notebook_id == book.c.id))
            .where(sub.c.assignment_id == key)
            .group_by(sub.c.student_id, base.c.name)
        )
        return {(learner, name): float(total) for learner, name, total in found}

    def _penalty(self, member: str, book: str, before: float, after: float) -> None:
        graded = self.table.graded.get(self.table.credit.get(member, member))
        try:
            given = self.rules.penalty(member, after, graded.late_seconds if graded else 0.0)
        except CourseError:
            given = None
        if given is None:
            old = self.connection.execute(
                select(schema.submitted_notebook.c.late_submission_penalty)
                .where(schema.submitted_notebook.c.id == book)).scalar()
            if not old:
                return
            # nbgrader's own plugin took this share; it stays the same share.
            given = clamped(old * after / before if before > 0 else old, after)
        self.connection.execute(
            schema.submitted_notebook.update()
            .where(schema.submitted_notebook.c.id == bindparam("b_id"))
            .values(late_submission_penalty=given), {"b_id": book})

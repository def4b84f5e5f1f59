"""One page a submission, from one template environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit import notebook as notebooks
from kit.course import markers_of
from kit.errors import NotebookError
from kit.feedback import hidden, outputs
from kit.feedback.changes import Told, decided, shown, told
from kit.feedback.checks import CheckLine, check_lines
from kit.feedback.expected import answers
from kit.files import write_text
from kit.model import (
    COMMENT_OF_CHECKS,
    VOID,
    Act,
    Assignment,
    CellGrade,
    CellKind,
    Course,
    Feedback,
    GradeRow,
    Learner,
    Markers,
    Progress,
    Release,
    ReleasedCell,
    ReleasedNotebook,
    Repair,
    Review,
    Roster,
    advice_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of the table at the top, and where on the page it is."""

    name: str
    anchor: str
    earned: str
    out_of: str
    state: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One cell of the page. `style` is prose, given, answer or test."""

    style: str
    body: Markup
    anchor: str = ""
    label: str = ""
    state: str = ""
    word: str = ""
    outputs: tuple[Markup, ...] = ()
    lines: tuple[str, ...] = ()
    message: str = ""
    tags: tuple[str, ...] = ()
    comment: str = ""
    checks: tuple[CheckLine, ...] = ()
    expected: Markup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """All that the pages of one assignment share."""

    course: Course
    assignment: Assignment
    release: Release
    autograded: Path
    people: Mapping[str, Learner]
    roster: Roster
    secrets: hidden.Secrets
    markers: Markers
    open: bool
    solutions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    repairs: Mapping[str, tuple[Repair, ...]] = field(default_factory=dict)
    changes: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)


def write_feedback(  # noqa: PLR0913 - the rooms' nouns, handed over by the workflow
    course: Course, assignment: Assignment, release: Release, rows: Iterable[GradeRow], *,
    autograded: Path, roster: Roster | None = None,
    repairs: Mapping[str, tuple[Repair, ...]] | None = None, acts: Sequence[Act] = (),
    now: datetime | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Feedback]:
    """Write `feedback/<learner>/<assignment>/<notebook>.html` for everyone who handed in.

    `autograded` is the course's folder of that name. Several notebooks get an `index.html`
    too. `repairs` tells a learner what was mended before grading, `acts` why a score changed
    after it. A hand-in that could not be
    graded gets a page with the reason. Of a hidden test a page holds what
    `assignment.feedback` allows at `now`, by default its tags alone. Yields each page (the
    index, or the only one) as it is written.
    """
    graded = [row for row in rows if row.score is not None or row.pending]
    job = _job(course, assignment, release, autograded, roster or Roster(),
               now or datetime.now(UTC))
    job = replace(job, repairs=repairs or {}, changes=told(acts, course.timezone))
    for done, row in enumerate(graded, 1):
        yield _write(job, row)
        if on_progress is not None:
            on_progress(Progress(done=done, total=len(graded)))


def _job(
    course: Course, assignment: Assignment, release: Release, autograded: Path, roster: Roster,
    now: datetime,
) -> _Job:
    markers = markers_of(course)
    is_open = assignment.feedback.open_at(now)
    shown = assignment.feedback.hidden_tests if is_open else "tag"
    return _Job(
        course=course, assignment=assignment, release=release, autograded=autograded,
        people={learner.id: learner for learner in roster.learners}, roster=roster, open=is_open,
        secrets=hidden.Secrets() if shown == "source" else hidden.secrets_of(
            release, markers, messages=shown == "tag"),
        markers=markers, solutions=answers(course, release, markers)
        if is_open and assignment.feedback.expected else {},
    )


def _write(job: _Job, row: GradeRow) -> Feedback:
    folder = job.course.root / "feedback" / row.learner / job.assignment.name
    for book in job.release.notebooks:
        write_text(folder / f"{book.name}.html", _page(job, row, book))
    names = [book.name for book in job.release.notebooks]
    page = folder / f"{names[0]}.html" if names else folder / "index.html"
    if len(names) != 1:
        page = folder / "index.html"
        write_text(page, _template("index.html.jinja").render(
            **_head(job, row), questions=[_question(c, row, page=f"{c.notebook}.html")
                                          for c in _graded(row)],
            pages=[(name, f"{name}.html") for name in names]))
    return Feedback(assignment=job.assignment.name, learner=row.learner, path=page)


def _page(job: _Job, row: GradeRow, book: ReleasedNotebook) -> str:
    notebook = _autograded(job, row, book)
    several = len(job.release.notebooks) > 1
    return str(_template("page.html.jinja").render(
        **_head(job, row),
        notebook=book.name if several else "",
        questions=[_question(c, row) for c in _graded(row) if c.notebook == book.name],
        parts=list(_parts(job, row, book, notebook)) if notebook else [],
        unread=notebook is None,
    ))


def _autograded(job: _Job, row: GradeRow, book: ReleasedNotebook) -> notebooks.Notebook | None:
    team = job.roster.team(job.assignment.name, row.learner)
    for learner in dict.fromkeys((row.learner, *team)):
        path = job.autograded / learner / job.assignment.name / f"{book.name}.ipynb"
        if path.is_file():
            try:
                return notebooks.read(path)
            except NotebookError:
                return None
    return None


def _graded(row: GradeRow) -> list[CellGrade]:
    return [cell for cell in row.cells if cell.kind.graded]


def _head(job: _Job, row: GradeRow) -> dict[str, Any]:
    learner = job.people.get(row.learner)
    waiting = bool(row.pending) or row.needs_manual
    return {
        "language": job.course.language, "course": job.course.title or job.course.id,
        "title": job.assignment.title, "learner": row.learner,
        "name": learner.name if learner and learner.name != learner.id else "",
        "pending": waiting, "score": points(row.score or 0.0), "out_of": points(row.max_score),
        "penalty": points(row.penalty) if row.penalty else "",
        "late": _span(row.late_seconds) if row.late_seconds > 0 else "",
        "reasons": [job.secrets.redact(_reason(review)) for review in row.pending],
        "to_mark": row.needs_manual,
        "repairs": [job.secrets.redact(repair.message)
                    for repair in job.repairs.get(row.learner, ())],
        "decided": decided(row),
        "changes": shown(job.changes.get(row.learner, ()), row, waiting=waiting),
    }


def _reason(review: Review) -> str:
    """Why it is pending; of a file that cannot be read also which, as there may be several."""
    words = advice_of(review.code).told
    if words:
        return f"{review.grade_id or review.notebook}: {words}"
    if review.code == "unreadable" and review.notebook:
        return f"{review.notebook}.ipynb {review.reason}"
    return review.reason


def points(value: float) -> str:
    """Points as people write them: `7`, `7.5`, `6.67`."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _span(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _question(cell: CellGrade, row: GradeRow, page: str = "") -> Question:
    state, word = _state(cell, row)
    anchor = f"{page}#{_anchor(cell.grade_id)}"
    return Question(
        name=cell.grade_id, anchor=anchor, state=state, word=word, out_of=points(cell.max_points),
        earned="" if state == "wait" else points(cell.points),
    )


def _anchor(name: str) -> str:
    return "q-" + "".join(c if c.isalnum() and c.isascii() else "-" for c in name)


def _state(cell: CellGrade, row: GradeRow) -> tuple[str, str]:
    """(style, word): state is never told by colour alone."""
    if cell.decision is not None:
        return ("void", "does not count") if cell.decision.kind == VOID else (
            "right", "full points for everyone")
    if _reviews(cell, row):
        return "wait", "being looked at"
    if cell.needs_manual:
        return "wait", "to be marked"
    if cell.points >= cell.max_points:
        return "right", "full points"
    return ("part", "partly") if cell.points > 0 else ("none", "no points yet")


def _reviews(cell: CellGrade, row: GradeRow) -> list[Review]:
    """Why this question's points are pending; a late policy says nothing of a question."""
    return [one for one in row.pending if one.concerns(cell.notebook, cell.grade_id)
            and advice_of(one.code).settled_by != "course"]


# ------------------------------------------------------------------------------------ parts


def _parts(
    job: _Job, row: GradeRow, book: ReleasedNotebook, notebook: notebooks.Notebook
) -> Iterator[Part]:
    released = {cell.grade_id: cell for cell in book.cells}
    grades = {cell.grade_id: cell for cell in row.cells if cell.notebook == book.name}
    tests = frozenset(
        count for cell in notebook["cells"]
        if (known := released.get(notebooks.grade_id(cell) or "")) is not None
        and known.kind.protected and isinstance(count := cell.get("execution_count"), int)
    )
    language = str(book.kernelspec.get("language") or "python")
    seen: set[str] = set()
    for cell in notebook["cells"]:
        name = notebooks.grade_id(cell) or ""
        known = released.get(name)
        if known is None or name in seen:
            yield _own(job, cell, tests, language)
            continue
        seen.add(name)
        grade = grades.get(name)
        if known.kind.protected:
            yield _given(job, row, known, cell, grade, language)
        else:
            yield _answer(job, row, book, known, cell, grade, tests=tests, language=language)


def _own(job: _Job, cell: notebooks.Cell, tests: frozenset[int], language: str) -> Part:
    """A cell of no account: the author's prose, or something that the learner added."""
    text = notebooks.source(cell)
    if job.secrets.found_in(text):
        # Only the grader can have put it there.
        text = job.secrets.redact(text)
    if cell["cell_type"] == "markdown":
        return Part(style="prose", body=outputs.markdown(text, cell.get("attachments")))
    return Part(style="own", body=outputs.code(text, language),
                outputs=tuple(outputs.outputs_html(cell, job.secrets, tests)))


def _answer(
    job: _Job, row: GradeRow, book: ReleasedNotebook, known: ReleasedCell, cell: notebooks.Cell,
    grade: CellGrade | None, *, tests: frozenset[int], language: str,
) -> Part:
    text = notebooks.source(cell)
    is_code = cell["cell_type"] == "code"
    state, word = ("", "")
    if grade is not None and grade.kind.graded:
        state, word = _state(grade, row)
    solution = job.solutions.get((book.name, known.grade_id), "")
    body = outputs.code(text, language) if is_code else (
        outputs.markdown(text, cell.get("attachments")))
    expected = None
    if solution:
        expected = outputs.code(solution, language) if is_code else outputs.markdown(solution)
    return Part(
        style="answer", body=body, anchor=_anchor(known.grade_id), state=state, word=word,
        label=_label(known, grade, state, "your answer"), expected=expected,
        outputs=tuple(outputs.outputs_html(cell, job.secrets, tests)),
        comment=_comment(grade),
        message="" if grade is None else job.secrets.redact(_message(grade)),
    )


def _comment(grade: CellGrade | None) -> str:
    if grade is None or grade.comment.startswith(COMMENT_OF_CHECKS):
        return ""
    return grade.comment


def _message(grade: CellGrade) -> str:
    return "" if grade.message == grade.comment else grade.message


def _given(
    job: _Job, row: GradeRow, known: ReleasedCell, cell: notebooks.Cell,
    grade: CellGrade | None, language: str,
) -> Part:
    """A cell of the author's: always as it was released, its outcome told anew."""
    policy = job.assignment.feedback
    text = known.source if job.open and policy.hidden_tests == "source" else known.released
    is_code = known.cell_type == "code"
    body = outputs.code(text, language) if is_code else outputs.markdown(text)
    if not text.strip():
        body = Markup("")
    if grade is None or not known.kind.graded:
        shown = known.kind is CellKind.LOCKED and not hidden.is_mixed(known, job.markers)
        quiet = tuple(outputs.outputs_html(cell, job.secrets, frozenset())) if shown else ()
        return Part(style="given" if is_code else "prose", body=body,
                    outputs=quiet)
    state, word = _state(grade, row)
    if any(advice_of(one.code).told for one in _reviews(grade, row)):
        # What the test said is not known to be true; it would only teach whom it concerns.
        grade, cell = replace(grade, message="", tags=(), checks=()), {**cell, "outputs": []}
    lines, message = _told(job, known, cell, grade)
    checks = check_lines(
        grade, known, mixed=hidden.is_mixed(known, job.markers), secrets=job.secrets,
        open_messages=job.open and policy.hidden_tests != "tag",
        written=hidden.texts_shown(known, job.markers))
    return Part(
        style="test", body=body, anchor=_anchor(known.grade_id), state=state, word=word,
        label=_label(known, grade, state, "a task" if known.kind is CellKind.TASK else "a test"),
        lines=lines, message="" if checks else message, tags=() if checks else grade.tags,
        comment=grade.comment, checks=checks,
    )


def _label(known: ReleasedCell, grade: CellGrade | None, state: str, what: str) -> str:
    if grade is None or not known.kind.graded:
        return known.grade_id
    if state == "wait":
        return f"{known.grade_id}: {what}, {points(grade.max_points)} points"
    if state == "void":
        return f"{known.grade_id}: {what}"
    return f"{known.grade_id}: {points(grade.points)} of {points(grade.max_points)} points"


def _told(
    job: _Job, known: ReleasedCell, cell: notebooks.Cell, grade: CellGrade
) -> tuple[tuple[str, ...], str]:
    """(the failing lines, a message) that may be shown of a test."""
    failure = hidden.failure_of(cell)
    mixed = hidden.is_mixed(known, job.markers)
    policy = job.assignment.feedback
    if failure is None:
        # The engine's own words, of a cell where it has nothing to give away.
        if mixed or grade.points >= grade.max_points:
            return (), ""
        return (), job.secrets.redact(_message(grade))
    seen = hidden.visible_failure(known, failure, job.markers)
    if seen is not None:
        line, message = seen
        shown = f"{failure.name}: {message}" if message else (
            "" if mixed else failure.name)
        return ((line,) if line else ()), job.secrets.redact(shown)
    if job.open and policy.hidden_tests == "source":
        return (), f"{failure.name}: {failure.message}"
    if job.open and policy.hidden_tests == "message":
        return (), job.secrets.redact(
            f"{failure.name}: {failure.message}" if failure.message else failure.name)
    return (), "A test that is not shown did not pass."


# --------------------------------------------------------------------------------- template


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kit.feedback", "templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )


def _template(name: str) -> Any:
    return _environment().get_template(name)

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from gradebookfile import opened

from kit import gradebook, notebook
from kit.model import (
    CellKind,
    CheckResult,
    Course,
    Extension,
    Grading,
    LatePolicy,
    Review,
    Roster,
    Score,
)

from .conftest import DUE, make_course, score_of


def query(course: Course, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with opened(course.root / "gradebook.db") as connection:
        return connection.execute(sql, values).fetchall()


CELLS = """
SELECT s.student_id, n.name, b.name, b.type, g.auto_score, g.manual_score, g.needs_manual_grade
FROM grade g JOIN base_cell b ON b.id = g.cell_id JOIN submitted_notebook sn
ON sn.id = g.notebook_id JOIN submitted_assignment s ON s.id = sn.assignment_id
JOIN notebook n ON n.id = sn.notebook_id ORDER BY 1, 2, 3"""
COMMENTS = CELLS.replace("g.auto_score, g.manual_score, g.needs_manual_grade",
                         "g.auto_comment, g.manual_comment").replace("grade g", "comment g")
SUBMISSIONS = """
SELECT s.student_id, s.timestamp, s.extension, sn.flagged, sn.late_submission_penalty
FROM submitted_assignment s JOIN submitted_notebook sn ON sn.assignment_id = s.id ORDER BY 1"""


def stock_autograde(
    course: Course, answers: dict[str, dict[str, str]], stamp: str = ""
) -> None:
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = "demo-101"
    config.LateSubmissionPlugin.penalty_method = "zero"
    config.ExecutePreprocessor.timeout = 60
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    for learner, given in answers.items():
        folder = course.root / "submitted" / learner / "ps1"
        folder.mkdir(parents=True, exist_ok=True)
        work = notebook.read(course.root / "release" / "ps1" / "p1.ipynb")
        for cell in work["cells"]:
            name = notebook.grade_id(cell) or ""
            cell["source"] = given.get(name, cell["source"])
        notebook.write(work, folder / "p1.ipynb")
        if stamp:
            (folder / "timestamp.txt").write_text(stamp)
        result = api.autograde("ps1", learner, force=True)
        assert result["success"], result["log"]


@pytest.fixture(scope="module")
def graded_by_stock(stock: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(stock, root)
    course = make_course(root)
    with opened(root / "gradebook.db") as connection:
        connection.execute("UPDATE assignment SET duedate = ?", ("2026-03-10 12:00:00.000000",))
    right = "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"
    stock_autograde(
        course, {"learner-0001": {"squares": right, "sum_of_squares_equation": "$1 + 4$"},
                 "learner-0002": {}}, stamp="2026-03-11 12:00:00 UTC")
    return course


def scores_from(course: Course, release: Any) -> list[Score]:
    """What a grading run would have found, read back from stock nbgrader's rows."""
    found = []
    for learner in ("learner-0001", "learner-0002"):
        rows = {row[2]: row for row in query(course, CELLS) if row[0] == learner}
        results = tuple(
            CheckResult(notebook="p1", grade_id=cell.grade_id, kind=cell.kind,
                        points=rows[cell.grade_id][4], max_points=cell.points)
            for cell in release.notebooks[0].cells if cell.kind.graded)
        total = sum(r.points or 0.0 for r in results)
        found.append(replace(
            score_of(release, learner), results=results, penalties={"p1": total},
            received_at=DUE + timedelta(days=1), late_seconds=86400.0))
    return found


def test_rows_are_those_of_stock_autograde(
    graded_by_stock: Course, course: Course, release: Any
) -> None:
    shutil.copytree(graded_by_stock.root / "autograded", course.root / "autograded")
    roster = Roster()
    course = replace(course, grading=Grading(late=LatePolicy(name="zero")))
    count = gradebook.record(course, scores_from(graded_by_stock, release), roster=roster,
                             release=release)
    assert count == 2
    assert any(row[4] for row in query(course, CELLS))
    for sql in (CELLS, COMMENTS, SUBMISSIONS):
        assert query(course, sql) == query(graded_by_stock, sql)
    assert ("No response.", None) in [row[-2:] for row in query(course, COMMENTS)]


def test_rows_of_stock_nbgrader_are_read(graded_by_stock: Course) -> None:
    rows = gradebook.rows(graded_by_stock, Roster(), graded_by_stock.assignments[0])
    assert [row.learner for row in rows] == ["learner-0001", "learner-0002"]
    assert rows[0].max_score == 6
    assert rows[0].needs_manual
    assert rows[0].penalty == sum(cell.points for cell in rows[0].cells) > 0
    assert rows[0].score == 0
    assert rows[0].late_seconds == 86400


def test_manual_marks_and_comments_stay_and_win(
    course: Course, release: Any, roster: Roster
) -> None:
    gradebook.record(course, [score_of(release, "learner-0001")], roster=roster, release=release)
    with opened(course.root / "gradebook.db") as connection:
        connection.execute("UPDATE grade SET manual_score = 0.25, needs_manual_grade = 0")
        connection.execute("UPDATE comment SET manual_comment = 'read section 2'")
    again = score_of(release, "learner-0001", share=0.5)
    gradebook.record(course, [again], roster=roster, release=release)
    row = gradebook.rows(course, roster, course.assignments[0])[0]
    assert {cell.manual for cell in row.cells if cell.kind.graded} == {0.25}
    assert not row.needs_manual, "the mark was given for this very work"
    assert row.score == 0.25 * sum(c.kind.graded for c in row.cells)
    assert {c.comment for c in row.cells if c.kind is CellKind.MANUAL} == {"read section 2"}
    gradebook.record(course, [score_of(release, "learner-0001", digest="d2")], roster=roster,
                     release=release)
    row = gradebook.rows(course, roster, course.assignments[0])[0]
    assert row.needs_manual, "other work: the marks have to be looked at again"
    assert row.score == 0.25 * sum(c.kind.graded for c in row.cells)


def test_an_answer_left_as_it_was_gets_no_response(course: Course, release: Any) -> None:
    folder = course.root / "autograded" / "learner-0001" / "ps1"
    folder.mkdir(parents=True)
    shutil.copy(course.root / "release" / "ps1" / "p1.ipynb", folder / "p1.ipynb")
    changed = notebook.read(folder / "p1.ipynb")
    for cell in changed["cells"]:
        if notebook.grade_id(cell) == "squares":
            cell["source"] = "def squares(n): return []"
    notebook.write(changed, folder / "p1.ipynb")
    gradebook.record(course, [score_of(release, "learner-0001", manual=0.0)], roster=Roster(),
                     release=release)
    said = {row[2]: row[4] for row in query(course, COMMENTS)}
    assert said["squares"] is None
    assert said["sum_of_squares"] == "No response."
    assert said["sum_of_squares_equation"] == "No response."


def test_a_team_shares_one_hand_in_and_the_latest_counts(
    course: Course, release: Any, roster: Roster
) -> None:
    team = ("learner-0001", "learner-0002")
    teamed = replace(roster, teams={"ps1": dict.fromkeys(team, team)})
    early = score_of(release, "learner-0001", share=0.0,
                     received_at=datetime(2026, 3, 1, tzinfo=UTC))
    late = score_of(release, "learner-0002", received_at=datetime(2026, 3, 2, tzinfo=UTC))
    for order in ((early, late), (late, early)):
        gradebook.record(course, order, roster=teamed, release=release)
        rows = gradebook.rows(course, teamed, course.assignments[0])
        assert [row.score for row in rows[:2]] == [3.0, 3.0]
        assert rows[2].score is None
    assert set(gradebook.graded(course, course.assignments[0])) == set(team)


def test_what_cannot_be_graded_is_pending_and_never_zero(
    course: Course, release: Any, roster: Roster
) -> None:
    unread = replace(score_of(release, "learner-0001"), results=(),
                     review=(Review(code="unreadable", reason="line 1 is not JSON"),))
    partial = score_of(release, "learner-0002")
    partial = replace(partial, results=partial.results[1:])
    gradebook.record(course, [unread, partial], roster=roster, release=release)
    first, second, third, _ = gradebook.rows(course, roster, course.assignments[0])
    assert first.pending[0].reason == "line 1 is not JSON"
    assert all(cell.auto is None and cell.needs_manual for cell in first.cells)
    assert [r.code for r in second.pending] == ["missing-result"]
    assert third.score is None
    assert not third.pending
    assert gradebook.state(first, DUE, DUE) == gradebook.state(second, DUE, DUE) == "pending"


def test_a_mark_settles_the_review_of_its_question(
    course: Course, release: Any, roster: Roster
) -> None:
    score = score_of(release, "learner-0001")
    asked = next(result for result in score.results if result.kind.graded)
    reviews = (
        Review(code="timeout", reason="ran past its time", notebook=asked.notebook,
               grade_id=asked.grade_id),
        Review(code="killed", reason="was killed", notebook=asked.notebook),
    )
    gradebook.record(course, [replace(score, review=reviews)], roster=roster, release=release)

    def codes() -> list[str]:
        row = gradebook.rows(course, roster, course.assignments[0])[0]
        return [review.code for review in row.pending]

    def mark(condition: str) -> None:
        with opened(course.root / "gradebook.db") as connection:
            connection.execute("UPDATE grade SET manual_score = 0.5, needs_manual_grade = 0 "
                               f"WHERE {condition}")

    assert codes() == ["timeout", "killed"]
    mark(f"cell_id IN (SELECT id FROM base_cell WHERE name = '{asked.grade_id}')")
    assert codes() == ["killed"]
    mark("1 = 1")
    assert codes() == []


def test_handed_in_but_not_graded_is_pending(course: Course, roster: Roster) -> None:
    (course.root / "submitted" / "learner-0003" / "ps1").mkdir(parents=True)
    rows = {row.learner: row for row in gradebook.rows(course, roster, course.assignments[0])}
    assert rows["learner-0003"].pending[0].code == "not-graded"
    assert len(rows) == 4


def test_an_extension_is_written_and_taken_back(
    course: Course, release: Any, roster: Roster
) -> None:
    extended = replace(roster, extensions=(
        Extension(learner="learner-0001", assignment="ps1", due=DUE + timedelta(days=2)),))
    gradebook.record(course, [score_of(release, "learner-0001")], roster=extended,
                     release=release)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "demo-101") as book:
        theirs = book.find_submission("ps1", "learner-0001")
        assert theirs.extension == timedelta(days=2)
        assert theirs.duedate == (DUE + timedelta(days=2)).replace(tzinfo=None)
        assert theirs.total_seconds_late == 0
    gradebook.record(course, [score_of(release, "learner-0001")], roster=roster, release=release)
    assert query(course, "SELECT extension FROM submitted_assignment") == [(None,)]
    # One that formgrader granted is not ours to take.
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "demo-101") as book:
        book.grant_extension("ps1", "learner-0001", hours=1)
    gradebook.record(course, [score_of(release, "learner-0001")], roster=roster, release=release)
    assert query(course, "SELECT extension FROM submitted_assignment") != [(None,)]


def test_what_was_written_stays_when_grading_stops(
    course: Course, release: Any, roster: Roster
) -> None:
    def stopped() -> Any:
        yield score_of(release, "learner-0001")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gradebook.record(course, stopped(), roster=roster, release=release)
    assert gradebook.graded(course, course.assignments[0])["learner-0001"].submission == "d1"


def test_the_release_makes_its_own_rows_where_nbgrader_made_none(
    course: Course, release: Any, roster: Roster, tmp_path: Path
) -> None:
    other = make_course(tmp_path / "other")
    other.root.mkdir()
    gradebook.record(other, [score_of(release, "learner-0001")], roster=roster, release=release)
    again = gradebook.read_release(other, other.assignments[0])
    assert again is not None
    assert again.notebooks == release.notebooks
    assert again.digest == release.digest
    for sql in ("SELECT name, type FROM base_cell ORDER BY 1, 2",
                "SELECT name, cell_type, locked, source, checksum FROM source_cell ORDER BY 1"):
        assert query(other, sql) == query(course, sql)


def test_another_set_of_questions_is_refused(course: Course, release: Any) -> None:
    book = release.notebooks[0]
    fewer = replace(release, notebooks=(replace(book, cells=book.cells[:-1]),))
    with pytest.raises(gradebook.database.GradebookError, match="sum_of_squares_application"):
        gradebook.record(course, [score_of(fewer, "learner-0001")], roster=Roster(),
                         release=fewer)


def test_five_hundred_scores_take_seconds(course: Course, release: Any) -> None:
    scores = [score_of(release, f"learner-{n:04d}") for n in range(500)]
    started = time.perf_counter()
    assert gradebook.record(course, scores, roster=Roster(), release=release) == 500
    assert gradebook.record(course, scores, roster=Roster(), release=release) == 500
    written = time.perf_counter() - started
    rows = gradebook.rows(course, Roster(), course.assignments[0])
    assert len(rows) == 500
    assert written < 20


def test_a_late_policy_counts_manual_marks(
    course: Course, release: Any, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit import plugins

    monkeypatch.setattr(plugins, "find", lambda *_: lambda policy, learner, score, late: score / 2)
    late = replace(course, grading=replace(course.grading, late=LatePolicy(name="percent")))
    score = score_of(release, "learner-0001", received_at=DUE + timedelta(minutes=1))
    gradebook.record(late, [score], roster=roster, release=release)
    assert gradebook.rows(late, roster, late.assignments[0])[0].penalty == 1.5
    with opened(course.root / "gradebook.db") as connection:
        connection.execute("UPDATE grade SET manual_score = 1 WHERE auto_score IS NULL")
    gradebook.record(late, [score], roster=roster, release=release)
    for as_written in (False, True):
        row = gradebook.rows(late, roster, late.assignments[0], as_written=as_written)[0]
        assert row.penalty == sum(cell.points for cell in row.cells) / 2

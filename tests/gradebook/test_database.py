from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from formgrader import formgrader
from gradebookfile import opened

from kit import gradebook
from kit.errors import GradebookError
from kit.gradebook import database
from kit.model import CellKind, Course, Roster

from .conftest import make_course, score_of, wheel_file


def test_backups_are_whole_and_few(course: Course) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    made = [gradebook.backup(course, now=start + timedelta(hours=n), keep=3) for n in range(5)]
    left = sorted((course.records / "backups").iterdir())
    assert left == made[2:]
    with opened(left[-1]) as copy:
        assert copy.execute("SELECT name FROM assignment").fetchall() == [("ps1",)]


def test_no_gradebook_is_no_trouble(tmp_path: Path) -> None:
    course = make_course(tmp_path)
    assert gradebook.backup(course) is None
    assert gradebook.upgrade(course) is None
    assert gradebook.rows(course, Roster()) == ()
    assert gradebook.read_release(course, course.assignments[0]) is None
    assert gradebook.graded(course, course.assignments[0]) == {}
    assert list(tmp_path.iterdir()) == []


def _columns(course: Course, table: str) -> set[str]:
    with opened(course.root / "gradebook.db") as file:
        return {row[1] for row in file.execute(f"PRAGMA table_info({table})")}


@pytest.mark.parametrize("put_back", [False, True])
def test_our_tables_are_made_whole_whenever_they_are_not(
    tmp_path: Path, put_back: bool
) -> None:
    """Another program, or a file put in the place of the one that was found whole."""
    course = make_course(tmp_path)
    file = database.ensure(course)
    whole = _columns(course, "kit_graded")
    older = tmp_path / "older.db"
    for _ in range(3):
        database.ensure(course)
        changed = shutil.copyfile(file, older) if put_back else file
        with opened(changed) as connection:
            connection.execute("ALTER TABLE kit_graded DROP COLUMN seconds")
            connection.execute("DROP TABLE kit_act")
            connection.commit()
        if put_back:
            older.replace(file)
        assert _columns(course, "kit_graded") == whole - {"seconds"}
        database.ensure(course)
        assert _columns(course, "kit_graded") == whole
        assert _columns(course, "kit_act")


def test_what_a_failed_write_added_is_added_by_the_next(tmp_path: Path) -> None:
    course = make_course(tmp_path)
    file = database.ensure(course)
    with opened(file) as connection:
        connection.execute("DROP TABLE kit_act")
        connection.commit()
    for _ in range(3):
        with pytest.raises(InterruptedError), database.writing(course):
            raise InterruptedError
        assert not _columns(course, "kit_act")
    database.ensure(course)
    assert _columns(course, "kit_act")


@pytest.mark.parametrize("data", [b"not a database at all, whatever its name says" * 50,
                                  b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_said_to_be_so(tmp_path: Path, data: bytes) -> None:
    course = make_course(tmp_path)
    (tmp_path / "gradebook.db").write_bytes(data)
    for ask in (lambda: gradebook.rows(course, Roster()), lambda: gradebook.backup(course)):
        with pytest.raises(GradebookError) as caught:
            ask()
        assert caught.value.hint


def test_a_busy_gradebook_is_said_to_be_so(
    course: Course, release: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(GradebookError, match="another program") as caught:
            gradebook.record(course, [score_of(release, "learner-0001")], roster=Roster(),
                             release=release)
        assert "formgrader" in caught.value.hint
    finally:
        other.close()


def test_an_old_gradebook_is_upgraded_on_request_after_a_backup(tmp_path: Path) -> None:
    course = make_course(tmp_path)
    shutil.copy(wheel_file("gradebook.db"), tmp_path / "gradebook.db")
    before = (tmp_path / "gradebook.db").read_bytes()
    with pytest.raises(GradebookError, match="older nbgrader") as caught:
        gradebook.rows(course, Roster())
    assert "--upgrade" in caught.value.hint
    assert (tmp_path / "gradebook.db").read_bytes() == before
    saved = gradebook.upgrade(course)
    assert saved is not None
    with opened(tmp_path / "gradebook.db") as now, opened(saved) as old:
        query = "SELECT name FROM assignment ORDER BY 1"
        assert now.execute(query).fetchall() == old.execute(query).fetchall()
    assert gradebook.upgrade(course) is None
    assert isinstance(gradebook.rows(course, Roster()), tuple)


def test_the_release_is_read_in_order_with_its_full_tests(
    tmp_path: Path, programs_on_path: None
) -> None:
    from .conftest import nbgrader_release

    nbgrader_release(tmp_path, notebook="test-hidden-tests.ipynb")
    course = make_course(tmp_path)
    found = gradebook.read_release(course, course.assignments[0])
    assert found is not None
    (book,) = found.notebooks
    assert [cell.grade_id for cell in book.cells][:4] == [
        "jupyter", "squares", "correct_squares", "squares_invalid_input"]
    test = book.cell("correct_squares")
    assert test is not None
    assert test.kind is CellKind.TEST
    assert "BEGIN HIDDEN TESTS" in test.source
    assert "HIDDEN" not in test.released
    released = json.loads((tmp_path / "release/ps1/p1.ipynb").read_text("utf-8"))
    for cell in released["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta:
            known = book.cell(meta["grade_id"])
            assert known is not None
            assert known.checksum == meta["checksum"]
            assert known.released == "".join(cell["source"])
    assert found.max_points == 3


# ----------------------------------------------------- nbgrader's own programs read it


@pytest.mark.slow
def test_nbgrader_export_reads_it(course: Course, release: Any, roster: Roster) -> None:
    gradebook.record(course, [score_of(release, "learner-0001")], roster=roster, release=release)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", f"--db=sqlite:///{course.root}/gradebook.db",
         "--to=out.csv"], cwd=course.root, capture_output=True, text=True, timeout=120,
        check=False)
    assert done.returncode == 0, done.stderr
    lines = (course.root / "out.csv").read_text().splitlines()
    assert len(lines) == 5, "everyone of the roster, whoever handed in nothing too"
    assert "ps1,2026-03-10 12:00:00,2026-03-09 12:00:00,learner-0001,Last1,First1," in lines[1]
    assert lines[1].endswith(",3.0,0.0,3.0,6.0")


def test_formgraders_api_reads_it(course: Course, release: Any, roster: Roster) -> None:
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    gradebook.record(course, [score_of(release, "learner-0001")], roster=roster, release=release)
    folder = course.root / "autograded" / "learner-0001" / "ps1"
    folder.mkdir(parents=True)
    shutil.copy(course.root / "release/ps1/p1.ipynb", folder / "p1.ipynb")
    # nbgrader takes a hand-in for graded when its stamp is the one in the gradebook.
    submitted = shutil.copytree(folder, course.root / "submitted" / "learner-0001" / "ps1")
    (submitted / "timestamp.txt").write_text("2026-03-09 12:00:00 UTC")
    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = "demo-101"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    told = api.get_submission("ps1", "learner-0001")
    assert (told["score"], told["max_score"], told["needs_manual_grade"]) == (3.0, 6.0, True)
    assert told["last_name"] == "Last1"
    (book,) = api.get_notebook_submissions("ps1", "p1")
    assert (book["score"], book["failed_tests"]) == (3.0, False)
    assert api.get_student("learner-0004")["score"] == 0.0


def test_formgraders_pages_read_it(course: Course, release: Any, roster: Roster) -> None:
    """Formgrader itself, in a Jupyter server on this machine, shows our marks and keeps them."""
    gradebook.record(course, [score_of(release, "learner-0001")], roster=roster, release=release)
    folder = course.root / "autograded" / "learner-0001" / "ps1"
    folder.mkdir(parents=True)
    shutil.copy(course.root / "release/ps1/p1.ipynb", folder / "p1.ipynb")
    (course.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(course.root)!r}\n"
        "c.CourseDirectory.course_id = 'demo-101'\n")
    with formgrader(course.root) as get:
        listed = json.loads(get("/api/assignments"))
        assert listed[0]["name"] == "ps1"
        assert listed[0]["max_score"] == 6.0
        submissions = json.loads(get("/api/submitted_notebooks/ps1/p1"))
        assert submissions[0]["score"] == 3.0
        page = get(f"/submissions/{submissions[0]['id']}/")
        assert "sum_of_squares" in page
        assert "formgrade" in page

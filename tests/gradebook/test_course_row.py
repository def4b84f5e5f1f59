"""The course's row in nbgrader's tables: one, and the one that the gradebook has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gradebookfile import opened

from kit.course import load_course
from kit.gradebook import course_id, ensure

NBGRADER = Path(sys.executable).with_name("nbgrader")
LATE = """\
from nbgrader.plugins import BasePlugin

class Late(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.25
"""


def rows(root: Path, query: str) -> list[tuple[object, ...]]:
    with opened(root / "gradebook.db") as db:
        return db.execute(query).fetchall()


@pytest.mark.parametrize(("config", "name"), [
    ("", "doubles"), ("c.CourseDirectory.course_id = ' Doubles 101 '", "Doubles 101")])
def test_a_new_gradebook_has_the_id_that_nbgrader_will_use(tree, config, name) -> None:
    root = tree({"course.yml": "id: doubles\ntitle: D\n",
                 "nbgrader_config.py": f"c = get_config()\n{config}\n"})
    course = load_course(root)
    assert course_id(course) == name
    ensure(course)
    assert rows(root, "SELECT id FROM course") == [(name,)]
    assert course_id(course) == name


@pytest.mark.parametrize(("there", "assignments", "name"), [
    (["default_course"], [""], "default_course"),
    (["default_course"], [], "default_course"),
    (["default_course", "old"], ["old", "old", "default_course"], "old"),
    (["default_course", "doubles"], ["default_course"], "doubles"),
])
def test_a_gradebook_that_is_there_keeps_its_name(tree, there, assignments, name) -> None:
    root = tree({"course.yml": "id: doubles\ntitle: D\n"})
    course = load_course(root)
    ensure(course)
    with opened(root / "gradebook.db") as db:
        db.execute("DELETE FROM course")
        db.executemany("INSERT INTO course VALUES (?)", [(one,) for one in there])
        for number, one in enumerate(assignments):
            db.execute("INSERT INTO assignment (id, name, course_id) VALUES (?, ?, ?)",
                       (f"{number:032}", f"ps{number}", one))
    assert course_id(course) == name


def stock(root: Path, *arguments: str) -> None:
    done = subprocess.run([NBGRADER, *arguments], cwd=root, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("own_id", ["", "doubles-101"])
@pytest.mark.slow
def test_release_and_grade_leave_exactly_the_courses_row(
    tree, kit, monkeypatch, repository, own_id
) -> None:
    """Adopted after stock nbgrader without a course_id, and a course of the kit's own."""
    import nbgrader

    root = tree({"lateness.py": LATE, "nbgrader_config.py": "c = get_config()\n"
                 "c.AssignLatePenalties.plugin_class = 'lateness.Late'\n"
                 "c.Execute.kernel_name = 'x'\n"})
    shipped = Path(nbgrader.__file__).parent / "docs/source/user_guide/source/ps1"
    for name in ("ps1", "ps2"):
        (root / "source" / name).mkdir(parents=True)
        shutil.copy(shipped / "problem1.ipynb", root / "source" / name / "p.ipynb")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", str(NBGRADER.parent), prepend=":")
    if own_id:
        (root / "course.yml").write_text(
            f"id: {own_id}\ntitle: D\nassignments: [{{name: ps1}}, {{name: ps2}}]\n")
    else:
        stock(root, "generate_assignment", "ps1")
        assert kit("adopt")[0] == 0
    expected = [(own_id or "default_course",)]
    code, out, err = kit("release", "ps2", "--force")
    assert code == 0, out + err
    if own_id:
        kit("release", "ps1", "--force")
    assert rows(root, "SELECT id FROM course") == expected
    handed_in = root / "submitted" / "learner-0042" / "ps1"
    shutil.copytree(root / "source" / "ps1", handed_in)
    (handed_in / "timestamp.txt").write_text("2030-01-02 00:00:00 UTC")
    with opened(root / "gradebook.db") as db:
        db.execute("UPDATE assignment SET duedate = '2030-01-01 00:00:00.000000'")
    text = (root / "course.yml").read_text()
    (root / "course.yml").write_text(text.replace("name: ps1", "name: ps1, due: 2030-01-01")
                                     if own_id else text.replace(
        "  - name: ps1\n", "  - name: ps1\n    due: 2030-01-01 00:00\n"))
    code, out, err = kit("grade", "ps1")
    assert code == 0, out + err
    assert ("nbgrader_config.py sets Execute.kernel_name, which this engine does not use; "
            "--engine reference does") in " ".join(out.split())
    assert rows(root, "SELECT id FROM course") == expected
    ids = {one for one, in rows(root, "SELECT course_id FROM assignment")}
    assert ids == ({own_id} if own_id else {"", "default_course"})
    (scores,) = rows(root, "SELECT sum(g.auto_score), max(n.late_submission_penalty) FROM grade g "
                     "JOIN submitted_notebook n ON n.id = g.notebook_id")
    assert scores[0] > 0
    assert scores[1] == pytest.approx(scores[0] * 0.25)
    stock(root, "export")
    assert "learner-0042" in (root / "grades.csv").read_text()

"""Adopting nbgrader courses as they are: a course.yml appears, nothing else changes."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.errors import CourseError
from kit.files import digest_tree
from kit.workflow import adopt

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "Stats 101: spring"
c.Exchange.timezone = "Europe/Rome"
c.ExecutePreprocessor.timeout = 90
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def test_what_stands_in_the_folder_is_described(tree) -> None:
    root = tree({"nbgrader_config.py": CONFIG, "source/ps1/b.ipynb": "{}",
                 "source/ps1/a.ipynb": "{}", "source/Week 2/x.ipynb": "{}",
                 "source/data/x.csv": "", "source/header.ipynb": "{}",
                 "_toc.yml": "format: jb-book\nroot: intro\nparts:\n- caption: One\n  chapters:\n"
                             "  - file: notes/first\n"})
    before = digest_tree(root)
    course, notes = adopt(root)
    assert (course.id, course.timezone.key) == ("Stats-101--spring", "Europe/Rome")
    assert [a.name for a in course.assignments] == ["Week 2", "ps1"]
    assert course.assignments[1].notebooks == ("a", "b")
    assert course.assignments[0].limits.cell_seconds == 90
    assert course.grading.late.name == "zero"
    assert course.lessons[0].docname == "notes/first"
    assert notes == ("source/data holds no notebook and is left out",)
    (root / "course.yml").unlink()
    assert digest_tree(root) == before


def test_due_dates_come_from_the_gradebook(tree) -> None:
    from nbgrader.api import Gradebook

    root = tree({"source/ps1/a.ipynb": "{}"})
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.update_or_create_assignment("ps1", duedate="2027-01-25 22:59:00 UTC")
    before = (root / "gradebook.db").read_bytes()
    course, _ = adopt(root)
    assert course.assignments[0].due.astimezone(UTC) == datetime(2027, 1, 25, 22, 59, tzinfo=UTC)
    assert (root / "gradebook.db").read_bytes() == before


@pytest.mark.parametrize(("files", "message"), [
    ({"x.txt": ""}, "no source/ folder"),
    ({"source/a/x.ipynb": "{}", "course.yml": ""}, "has a course.yml already"),
    ({"source/a/x.ipynb": "{}", "nbgrader_config.py": "c = ("}, "cannot be read"),
    ({"source/a/x.ipynb": "{}", "nbgrader_config.py":
      "c = get_config()\nc.CourseDirectory.source_directory = 'src'\n"}, "puts source/ elsewhere"),
])
def test_what_cannot_be_adopted_is_told_and_nothing_is_written(tree, files, message) -> None:
    root = tree(files)
    before = digest_tree(root)
    with pytest.raises(CourseError, match=message):
        adopt(root)
    assert digest_tree(root) == before


def test_a_damaged_gradebook_does_not_stop_it(tree) -> None:
    course, _ = adopt(tree({"source/ps1/a.ipynb": "{}", "gradebook.db": "not a database" * 100}))
    assert course.assignments[0].due is None


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory) -> Path:
    """nbgrader's own documentation course, made by nbgrader."""
    folder = tmp_path_factory.mktemp("quickstart")
    subprocess.run([Path(sys.executable).with_name("nbgrader"), "quickstart", "course101"],
                   cwd=folder, check=True, capture_output=True)
    return folder / "course101"


@pytest.mark.slow
def test_nbgraders_own_course_goes_the_whole_road(quickstart, kit, monkeypatch) -> None:
    monkeypatch.chdir(quickstart)
    assert kit("adopt")[0] == 0
    code, out, err = kit("check", "--json")
    assert '"severity": "error"' not in out, out + err
    assert kit("release", "ps1")[0] == 0
    handed_in = quickstart / "submitted" / "learner-0042" / "ps1"
    handed_in.parent.mkdir(parents=True)
    import shutil

    shutil.copytree(quickstart / "source" / "ps1", handed_in)
    assert kit("grade", "ps1")[0] == 0
    assert kit("feedback", "ps1")[0] == 0
    code, out, _ = kit("grades", "--allow-pending")
    assert code == 0
    assert "learner-0042" in out
    done = subprocess.run([Path(sys.executable).with_name("nbgrader"), "export"], cwd=quickstart,
                          check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "learner-0042" in (quickstart / "grades.csv").read_text()

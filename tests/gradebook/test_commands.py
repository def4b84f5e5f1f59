"""The commands grades, status, marks and feedback, over a folder that is a whole course."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kit import gradebook
from kit.cli.main import cli
from kit.errors import ExportError, GradebookError, GradingError, KitError, MarksError, UnknownName
from kit.model import Course, Review, Roster

from .conftest import score_of

YML = """\
id: demo-101
title: Demo
timezone: UTC
assignments:
  - name: ps1
    title: Problem set 1
    due: 2026-03-10 12:00
"""


@pytest.fixture
def root(course: Course, release: Any, roster: Roster) -> Path:
    folder = course.root
    (folder / "course.yml").write_text(YML)
    (folder / "roster.csv").write_text("id,first_name,last_name\n" + "".join(
        f"{each.id},{each.first_name},{each.last_name}\n" for each in roster.learners))
    pending = replace(
        score_of(release, "learner-0002"), review=(Review(
            code="timeout", reason="correct_squares ran past its 30 s", notebook="p1",
            grade_id="correct_squares"),))
    gradebook.record(course, [
        score_of(release, "learner-0001", manual=1.0), pending,
        score_of(release, "learner-0003", share=0.5),
    ], roster=roster, release=release)
    for number in (1, 2, 3):
        target = folder / "autograded" / f"learner-{number:04d}" / "ps1"
        target.mkdir(parents=True)
        shutil.copy(folder / "release/ps1/p1.ipynb", target / "p1.ipynb")
    return folder


def kit(root: Path, *arguments: str) -> str:
    result = attempt(root, *arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def attempt(root: Path, *arguments: str) -> Result:
    command, *rest = arguments
    return CliRunner().invoke(cli, [command, "--course", str(root), *rest]
                              if command != "marks" else [*arguments, "--course", str(root)])


def failure(root: Path, *arguments: str) -> KitError:
    result = attempt(root, *arguments)
    assert isinstance(result.exception, KitError), (result.output, result.exception)
    return result.exception


def test_grades_shows_everyone_and_a_distribution(root: Path) -> None:
    shown = kit(root, "grades", "ps1")
    for words in ("learner-0001", "pending", "learner-0004", "nothing handed in", "mean 5.0 of 6"):
        assert words in shown
    assert shown.count("█") == 1
    assert "learner-0004" in kit(root, "grades")
    assert "correct_squares" in kit(root, "grades", "--by", "question")
    value = json.loads(kit(root, "grades", "ps1", "--json"))
    assert [x["scores"]["ps1"]["status"] for x in value["learners"]] == [
        "graded", "pending", "pending", "missing"]


def test_grades_tell_who_showed_which_outcome(root: Path) -> None:
    assert "none has evidence" in kit(root, "grades", "--by", "outcome")
    with (root / "course.yml").open("a", encoding="utf-8") as course:
        course.write("outcomes:\n  - {id: squares, statement: Sum squares., "
                     "evidence: [ps1/correct_squares]}\n")
    shown = kit(root, "grades", "--by", "outcome")
    line = next(line for line in shown.splitlines() if line.startswith("squares "))
    # Full, half, and nothing handed in; one ran past its time and needs review.
    assert line.split()[:7] == ["squares", "1", "3", "50", "%", "1", "1"]
    assert "Sum squares." in shown
    value = json.loads(kit(root, "grades", "--by", "outcome", "--json"))
    assert [x["share"] for x in value["outcomes"][0]["learners"]] == [1.0, None, 0.5, 0.0]
    kit(root, "grades", "--by", "outcome", "--export", "csv", "--allow-pending")
    assert len((root / "grades-csv.csv").read_text().splitlines()) == 5


def test_where_learners_set_the_pace_nothing_is_missing(root: Path) -> None:
    with (root / "course.yml").open("a", encoding="utf-8") as course:
        course.write("pace: self\n")
    shown = kit(root, "grades", "ps1")
    assert "nothing handed in yet" in shown
    assert "not due" not in shown
    value = json.loads(kit(root, "grades", "ps1", "--json"))
    assert [x["scores"]["ps1"]["status"] for x in value["learners"]][-1] == "open"


def test_grades_exports_a_file_and_refuses_pending(root: Path) -> None:
    error = failure(root, "grades", "--export", "canvas")
    assert isinstance(error, ExportError)
    assert not (root / "grades-canvas.csv").exists()
    kit(root, "grades", "--export", "canvas", "--allow-pending")
    lines = (root / "grades-canvas.csv").read_text().splitlines()
    assert lines[0] == "Student,ID,SIS User ID,SIS Login ID,Section,Problem set 1"
    assert lines[3].endswith(",")
    assert isinstance(failure(root, "grades", "--export", "canvs"), UnknownName)
    assert isinstance(failure(root, "grades", "ps9"), UnknownName)


def test_status_tells_where_each_stands_and_why(root: Path) -> None:
    (root / "submitted" / "learner-0004" / "ps1").mkdir(parents=True)
    table = kit(root, "status")
    assert "4 of 4" in table
    assert "kit grade ps1" in table
    review = kit(root, "review", "ps1")
    assert "correct_squares ran past its 30 s" in review
    assert "handed in, not graded yet" in review
    (value,) = json.loads(kit(root, "status", "--json"))["assignments"]
    assert (value["graded"], value["to_mark"], value["not_graded"]) == (3, 1, ["learner-0004"])
    (root / "gradebook.db").write_bytes(b"x" * 2000)
    assert isinstance(failure(root, "status"), GradebookError)


def test_marks_are_split_and_imported(root: Path) -> None:
    assert "sum_of_squares_equation" in kit(root, "marks")
    assert json.loads(kit(root, "marks", "ps1", "--json"))["to_mark"][0]["left"] == 2
    kit(root, "marks", "split", "ps1", "--graders", "2")
    files = sorted((root / "marks/ps1").glob("*/marks.csv"))
    assert len(files) == 2
    page = (files[0].parent / "answers.html").read_text("utf-8")
    assert "sum_of_squares_equation, 1 points" in page
    assert "learner-" not in page
    assert "i^2" in page, "the author's answer is there to mark by"
    for file in files:
        lines = file.read_text("utf-8-sig").splitlines()
        file.write_text("\n".join([lines[0], *(f"{line[:-1]}1," for line in lines[1:])]))
    assert "4 marks written" in kit(root, "marks", "import", "ps1", *map(str, files))
    assert "nothing of ps1" in kit(root, "marks", "ps1")
    assert isinstance(failure(root, "marks", "split", "ps1", "--graders", "2"), MarksError)
    assert isinstance(failure(root, "marks", "ps9"), UnknownName)


def test_feedback_writes_pages_and_packs_them_for_an_lms(root: Path) -> None:
    shown = kit(root, "feedback", "ps1")
    assert "3 pages written" in shown
    assert "<b>5</b>" in (root / "feedback/learner-0001/ps1/p1.html").read_text("utf-8")
    error = failure(root, "feedback", "ps1", "--for", "moodle")
    assert "did not come from a moodle download" in error.hint
    records = root / ".kit/submissions/ps1/records.jsonl"
    assert not records.exists()
    assert isinstance(failure(root, "feedback", "ps1", "--for", "canvsa"), UnknownName)


def test_feedback_before_anything_is_graded_says_so(root: Path) -> None:
    (root / "gradebook.db").unlink()
    shutil.rmtree(root / "autograded")
    assert isinstance(failure(root, "feedback", "ps1"), KitError)
    assert issubclass(GradingError, KitError)


@pytest.mark.parametrize(("lms", "origin", "entry"), [
    ("canvas", "lastfirst_LATE_501_9001_p1.ipynb", "lastfirst_501_9001_p1.html"),
    ("canvas", "export.zip/lastfirst_501_9001_p1-1.ipynb", "lastfirst_501_9001_p1.html"),
    ("moodle", "First Last_77_assignsubmission_file/p1.ipynb",
     "First Last_77_assignfeedback_file/p1.html"),
    ("moodle", "First Last_77", "First Last_77_assignfeedback_file/p1.html"),
    ("canvas", "lastfirst_501_9001", "lastfirst_501_9001_p1.html"),
    ("moodle", "First Last_77_assignsubmission_file_", "First Last_77_assignfeedback_file/p1.html"),
])
def test_archives_have_the_names_that_the_lms_looks_for(
    root: Path, course: Course, roster: Roster, lms: str, origin: str, entry: str
) -> None:
    from kit.feedback import pack

    kit(root, "feedback", "ps1")
    made = pack(course, course.assignments[0], roster, lms,
                origins={"learner-0001": ["other", origin], "learner-0002": ["p1.ipynb"]})
    with zipfile.ZipFile(made.path) as archive:
        assert archive.namelist() == [entry]
    assert made.packed == ("learner-0001",)
    assert made.unknown == ("learner-0002", "learner-0003")
    assert made.without_page == ("learner-0004",)


@pytest.mark.parametrize("command", [
    ["grades"], ["status"], ["marks"], ["marks", "split"], ["marks", "import"], ["feedback"]])
def test_help_has_an_example(command: list[str]) -> None:
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert result.exit_code == 0
    assert f"kit {' '.join(command)}" in result.output.split("Options")[0]

"""Bad input ends in a message that says what, where and what next; never in a traceback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from gradebookfile import opened

Kit = Callable[..., tuple[int, str, str]]

UNKNOWN = [
    ("new x --template nope", 1, "no template named 'nope'"),
    ("new x --template blank --start nope", 2, "write it as 2027-01-11"),
    ("new x --template blank --timezone Mars/Base", 2, "no timezone is named 'Mars/Base'"),
    ("new course.yml --template blank", 1, "a file has that name"),
    ("new course.yml/x --template blank", 1, "move it away"),
    ("new lessons --template blank", 1, "not empty"),
    ("new", 1, "a folder and a template are needed"),
    ("adopt", 1, "has a course.yml already"),
    ("adopt nowhere", 1, "has no source/ folder"),
    ("add bogus", 2, "No such command 'bogus'"),
    ("add lesson  ", 2, "Missing argument 'TITLE'"),
    ("add assignment ../x", 1, "cannot name an assignment"),
    ("add assignment ps1", 1, "there is an assignment 'ps1' already"),
    ("add question ps1 X --kind nope", 1, "no kind of question named 'nope'"),
    ("add question ps1 X --notebook nope", 1, "no notebook named 'nope'"),
    ("check nope", 1, "no assignment named 'nope'"),
    ("check --explain E999", 1, "no check named 'E999'"),
    ("build --workers 0", 2, "not in the range"),
    ("preview --port 99999", 2, "not in the range"),
    ("release", 2, "Missing argument 'ASSIGNMENT'. The course has ps1, ps2."),
    ("grade", 2, "The course has ps1, ps2."),
    ("collect ps1 nowhere", 1, "there is no such folder or zip"),
    ("collect ps1 course.yml", 1, "neither a folder nor a zip"),
    ("collect ps1 . --times nowhere.csv", 2, "does not exist"),
    ("collect ps1 . --received-at yesterday", 2, "is not a time"),
    ("collect ps1 . --match foo", 2, "is not LABEL=LEARNER"),
    ("grade ps2", 1, "ps2 has not been released"),
    ("grade ps1 --learner nobody", 1, "no submission of a learner named 'nobody'"),
    ("grade ps1 --engine warp", 1, "no engine named 'warp'"),
    ("feedback ps2", 1, "ps2 has not been released"),
    ("feedback ps1 --for pigeon", 1, "no LMS named 'pigeon'"),
    ("feedback ps1 --for moodle", 1, "did not come from a moodle download"),
    ("marks spilt", 2, "nearest: kit marks split"),
    ("marks spilt ps1 --graders 2", 2, "nearest: kit marks split"),
    ("marks improt ps1 x.csv", 2, "nearest: kit marks import"),
    ("marks nope", 1, "no assignment named 'nope'"),
    ("marks split ps1 --graders 0", 1, "1 to 100 graders"),
    ("marks split ps1 --graders a,../b", 1, "cannot be a folder's name"),
    ("marks import ps1 nowhere.csv", 2, "does not exist"),
    ("marks import ps1 course.yml", 1, "course.yml"),
    ("grades nope", 1, "no assignment named 'nope'"),
    ("grades --export cvs", 1, "no exporter named 'cvs'"),
    ("grades --export csv", 1, "are pending"),
    ("grades --to x.csv", 2, "--export NAME"),
    ("grades --export json --allow-pending --to course.yml/x", 1, "move it away"),
    ("status nope", 1, "no assignment named 'nope'"),
    ("status --course nowhere", 1, "there is no course.yml"),
    ("status --course course.yml", 2, "is a file"),
    ("roster import nowhere.csv", 2, "does not exist"),
    ("roster import lessons", 2, "is a directory"),
    ("roster import lessons/one.md", 1, "one.md"),
    ("vendor pyodide --from nope", 1, "is no release of Pyodide"),
    ("vendor pyodide --from http://example.org/x", 1, "begins with https://"),
    ("reschedule --start nope", 2, "write it as 2027-01-11"),
    ("reschedule --start 9999-12-31", 1, "leave the years 1 to 9999"),
    ("simulate ps1 --count 0", 2, "not in the range"),
    ("simulate ps2", 1, "is not released yet"),
    ("simulate ps1 --count 2 --to lessons", 1, "did not write"),
    ("simulate ps1 --count 2 --to course.yml/x", 1, "move it away"),
    ("validate nowhere.ipynb", 1, "no such notebook"),
    ("validate lessons", 1, "holds no notebook"),
    ("validate source/ps1 --against nowhere", 2, "does not exist"),
    ("demo lessons", 1, "the folder exists"),
    ("demo x --template nope", 1, "no template named 'nope'"),
    ("schema extra", 2, "unexpected extra argument"),
    ("doctor --bogus", 2, "No such option"),
]


@pytest.mark.parametrize(("line", "code", "says"), UNKNOWN, ids=[line for line, _, _ in UNKNOWN])
def test_what_cannot_be_is_told(kit: Kit, root: Path, line: str, code: int, says: str) -> None:
    before = snapshot(root)
    found, _, err = kit(*line.split())
    assert (found, says in err) == (code, True), err
    assert snapshot(root) == before


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*") if path.is_file()}


def test_an_empty_title_is_refused(kit: Kit, root: Path) -> None:
    for words in (("lesson", " "), ("question", "ps1", "")):
        code, _, err = kit("add", *words)
        assert code == 1
        assert "the title is empty" in err


def test_a_title_in_german_makes_a_file_name(kit: Kit, root: Path) -> None:
    code, out, _ = kit("add", "lesson", "Größen und Maße")
    assert code == 0
    assert "lessons/grossen-und-masse.ipynb" in out


# ---------------------------------------------------------------------- files that are not


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 8)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)


def other_json(path: Path) -> None:
    path.write_text('{"version": 1, "nbformat": 4, "cells": [1, null], "notebooks": 3}')


def looped(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


BROKEN = {
    "course.yml": ["status", "check ps1", "build", "reschedule --start 2028-01-10"],
    "roster.csv": ["grades", "roster", "simulate ps1 --count 2",
                   "marks import ps1 marks/ps1/grader-1/marks.csv"],
    "extensions.csv": ["grades", "status"],
    "gradebook.db": ["grades ps1", "status", "marks", "feedback ps1", "grade ps1 --force"],
    ".kit/releases/ps1/manifest.json": ["grade ps1", "feedback ps1", "simulate ps1 --count 2"],
    "marks/ps1/grader-1/marks.csv": ["marks import ps1 marks/ps1/grader-1/marks.csv"],
    "source/ps1/doubling.ipynb": ["check ps1", "release ps1 --force", "validate source/ps1",
                                  "add question ps1 X"],
}
AS_IF_ABSENT = {("gradebook.db", empty)}
NO_NOTEBOOK = {("source/ps1/doubling.ipynb", folder), ("source/ps1/doubling.ipynb", looped)}


@pytest.mark.parametrize("make", [binary, empty, folder, other_json, looped])
@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for name, lines in BROKEN.items() for line in lines])
def test_a_broken_file_is_named(
    kit: Kit, root: Path, name: str, line: str, make: Callable[[Path], None]
) -> None:
    make(root / name)
    code, out, err = kit(*line.split())
    assert "Traceback" not in out + err
    if (name, make) not in AS_IF_ABSENT:
        assert code in (1, 2), out + err
        named = Path(name).name in out + err
        assert named or ((name, make) in NO_NOTEBOOK and "notebook" in out + err)
    assert not [*root.rglob("*.part"), *root.rglob(".staging*")]


@pytest.mark.parametrize(("target", "says"), [
    ("gradebook.db", "a link that leads back to itself"),
    ("not there", "a link that leads nowhere"),
])
def test_a_gradebook_that_links_nowhere_is_told(
    kit: Kit, root: Path, target: str, says: str
) -> None:
    (root / "gradebook.db").unlink()
    (root / "gradebook.db").symlink_to(target)
    for line in ("grades", "grade ps1 --force", "release ps1 --force", "status --upgrade"):
        code, _, err = kit(*line.split())
        assert (code, says in err) == (1, True), (line, err)
    assert not (root / "not there").exists()


@pytest.mark.parametrize("make", [binary, empty, folder, other_json, looped])
def test_a_broken_submission_leaves_the_others_graded(
    kit: Kit, root: Path, make: Callable[[Path], None]
) -> None:
    make(root / "submitted" / "learner-0001" / "ps1" / "doubling.ipynb")
    code, out, err = kit("grade", "ps1", "--force")
    assert code == 0, err
    assert "2 submissions graded" in out
    assert "learner-0001" in out
    assert "1 needs review" in out


def test_a_submission_with_nothing_in_it_is_named(kit: Kit, root: Path) -> None:
    place = root / "submitted" / "learner-0001" / "ps1"
    shutil.rmtree(place)
    place.mkdir()
    code, out, _ = kit("grade", "ps1", "--force")
    assert code == 0
    assert "learner-0001" in out


def test_a_link_in_submitted_is_not_followed(kit: Kit, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.move(root / "submitted" / "learner-0001", outside)
    (root / "submitted" / "learner-0001").symlink_to(outside)
    code, out, _ = kit("grade", "ps1", "--force", "--json")
    assert code == 0
    assert '"submissions": 1' in out


def test_a_folder_that_cannot_be_copied_names_the_file(kit: Kit, root: Path) -> None:
    looped(root / "source" / "ps1" / "doubling.ipynb")
    code, _, err = kit("grade", "ps1", "--force", "--engine", "reference")
    assert code == 1
    assert "doubling.ipynb" in err
    assert "cannot be copied" in err


def test_an_assignment_without_notebooks_is_told(kit: Kit, root: Path) -> None:
    (root / "source" / "ps1" / "doubling.ipynb").unlink()
    for line in ("release ps1 --force", "check ps1"):
        code, out, err = kit(*line.split())
        assert code == 1
        assert "ps1" in out + err
        assert "notebook" in out + err


def test_a_gradebook_that_another_writes_is_waited_for_then_told(
    kit: Kit, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.gradebook.database.BUSY_SECONDS", 0.2)
    with opened(root / "gradebook.db") as lock:
        lock.execute("BEGIN EXCLUSIVE")
        code, _, err = kit("grade", "ps1", "--force")
        lock.rollback()
    assert code == 1
    assert "another program" in err
    assert "gradebook.db" in err


def test_records_of_nonsense_lose_no_version_that_is_there(kit: Kit, root: Path) -> None:
    records = root / ".kit" / "submissions" / "ps1" / "records.jsonl"
    records.write_bytes(b'\xff\x00 not json\n{"kind": 3}\n[]\n' + records.read_bytes())
    code, out, err = kit("collect", "ps1", ".kit/simulated/ps1")
    assert code == 0, err
    assert "0 new versions" in out


def test_a_read_only_folder_is_told(kit: Kit, root: Path) -> None:
    # Root may write into any folder of a disk, but not make files in the kernel's.
    place = Path("/sys/kernel") if hasattr(os, "geteuid") and os.geteuid() == 0 else root
    if place == root:
        root.chmod(0o555)
    try:
        code, _, err = kit("grades", "--export", "csv", "--allow-pending", "--to", place / "g.csv")
    finally:
        root.chmod(0o755)
    assert code == 1
    assert "check who owns it" in err

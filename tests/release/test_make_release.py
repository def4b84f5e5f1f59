"""Making a release: nbgrader's folder and rows, our manifest and zip, what may change later."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from gradebookfile import opened

from kit import notebook as nb
from kit.course.public import is_public
from kit.errors import ReleaseError
from kit.release import generate, make_release, read_release

SOURCE = "source/ps1/doubling.ipynb"


def hand_in(course, learner="learner-0042"):
    folder = course.root / "submitted" / learner / "ps1"
    folder.mkdir(parents=True)
    (folder / "doubling.ipynb").write_text("{}", encoding="utf-8")


def rows(course, query):
    with opened(course.root / "gradebook.db") as db:
        found = db.execute(query).fetchall()
    db.close()
    return found


def test_writes_folder_rows_manifest_and_zip(course, ps1, capfd):
    here = Path.cwd()
    made = make_release(course, ps1)
    assert Path.cwd() == here
    assert capfd.readouterr() == ("", "")
    assert made.changes == ()
    assert made.folder == course.root / "release/ps1"
    assert (made.folder / "data/figures.csv").is_file()
    written = nb.read(made.folder / "doubling.ipynb")
    assert "2 * x" not in nb.dumps(written)
    assert rows(course, "select name from assignment") == [("ps1",)]
    points = rows(course, "select sum(max_score) from grade_cells")
    assert points == [(5.0,)]
    assert read_release(course, ps1) == made.release
    assert made.release.digest == generate(course, ps1).digest


def test_a_release_says_which_language_its_course_has_unless_that_is_english(course, ps1):
    english = nb.read(make_release(course, ps1).folder / "doubling.ipynb")
    spanish = nb.read(make_release(replace(course, language="es"), ps1).folder / "doubling.ipynb")
    assert [one["metadata"].get("lang") for one in (english, spanish)] == [None, "es"]
    assert is_public(spanish)


def test_zip_is_the_same_each_time_and_says_what_to_do(released, ps1):
    first = make_release(released, ps1).archive.read_bytes()
    made = make_release(released, ps1)
    assert made.archive.read_bytes() == first
    with zipfile.ZipFile(made.archive) as archive:
        assert archive.namelist() == ["ps1/README.md", "ps1/data/figures.csv",
                                      "ps1/doubling.ipynb", "ps1/requirements.txt"]
        assert "kit validate doubling.ipynb" in archive.read("ps1/README.md").decode()
        assert "numpy" in archive.read("ps1/requirements.txt").decode()
        assert b"double(21)" not in archive.read("ps1/doubling.ipynb")


def test_changes_after_submissions_are_told_plainly(released, ps1, cells, write_notebook):
    hand_in(released)
    cells[3]["source"] = cells[3]["source"].replace("42", "42.0")
    cells[3]["metadata"]["nbgrader"]["points"] = 4
    cells[1]["source"] = "import math  # for the bold"
    write_notebook(released.root / SOURCE, cells)
    (released.root / "source/ps1/data/figures.csv").unlink()
    made = make_release(released, ps1)
    assert made.after_submissions
    assert [(change.where, change.message) for change in made.changes] == [
        ("doubling, cell setup", "the text that learners see changed"),
        ("doubling, cell test_double", "3 points became 4"),
        ("doubling, cell test_double", "the hidden part changed"),
        ("data/figures.csv", "the file is gone"),
    ]
    assert read_release(released, ps1).notebooks[0].cell("test_double").points == 4


@pytest.mark.parametrize("fault", ["added", "removed", "renamed"])
def test_cells_cannot_come_or_go_after_submissions(released, ps1, cells, make_cell, write_notebook,
                                                   fault):
    hand_in(released)
    release = read_release(released, ps1)
    before = (released.root / "release/ps1/doubling.ipynb").read_bytes()
    if fault == "added":
        cells.append(make_cell("test", "assert double(0) == 0", "test_zero", 1))
    elif fault == "removed":
        del cells[3]
    else:
        cells[3]["metadata"]["nbgrader"]["grade_id"] = "test_twice"
    write_notebook(released.root / SOURCE, cells)
    with pytest.raises(ReleaseError, match="already handed in ps1") as caught:
        make_release(released, ps1)
    assert "points to 0" in caught.value.hint
    assert (released.root / "release/ps1/doubling.ipynb").read_bytes() == before
    assert read_release(released, ps1) == release


def test_cells_may_come_and_go_before_submissions(released, ps1, cells, write_notebook):
    del cells[3]
    write_notebook(released.root / SOURCE, cells)
    made = make_release(released, ps1)
    assert [change.message for change in made.changes] == ["the cell is gone"]
    assert rows(released, "select count(*) from grade_cells") == [(1,)]


def test_nbgraders_own_refusal_leaves_the_release(released, ps1, cells, write_notebook):
    from nbgrader.api import Gradebook

    made = make_release(released, ps1)
    with Gradebook(f"sqlite:///{released.root / 'gradebook.db'}", released.id) as gradebook:
        gradebook.add_student("learner-0042")
        gradebook.add_submission("ps1", "learner-0042")
    before = (made.folder / "doubling.ipynb").read_bytes()
    del cells[3]
    write_notebook(released.root / SOURCE, cells)
    with pytest.raises(ReleaseError, match="cannot add or remove cells"):
        make_release(released, ps1, force=True)
    assert (made.folder / "doubling.ipynb").read_bytes() == before
    assert not list((released.root / "release").glob(".*"))


def test_a_killed_run_is_mended(released, ps1):
    make_release(released, ps1)
    (released.root / "release/ps1").rename(released.root / "release/.ps1.before")
    made = make_release(released, ps1)
    assert (made.folder / "doubling.ipynb").is_file()
    assert not list((released.root / "release").glob(".*"))


def test_a_damaged_manifest_is_named_and_made_again(released, ps1):
    made = make_release(released, ps1)
    manifest = released.root / ".kit/releases/ps1/manifest.json"
    manifest.write_text('{"version": 1}', encoding="utf-8")
    with pytest.raises(ReleaseError, match="cannot be read"):
        read_release(released, ps1)
    make_release(released, ps1)
    assert read_release(released, ps1).digest == made.release.digest


def test_a_record_without_the_authors_answers_is_read(released, ps1):
    manifest = released.root / ".kit/releases/ps1/manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    for cell in content["notebooks"][0]["cells"]:
        del cell["solution"]
    manifest.write_text(json.dumps(content), encoding="utf-8")
    found = read_release(released, ps1)
    assert {cell.solution for cell in found.notebooks[0].cells} == {""}
    assert found.digest == generate(released, ps1).digest


def test_no_release_yet(course, ps1):
    assert read_release(course, ps1) is None


def test_stock_nbgrader_overwrites_and_reads_it(released, ps1):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    made = make_release(released, ps1)
    ours = (made.folder / "doubling.ipynb").read_bytes()
    config = Config()
    config.CourseDirectory.root = str(released.root)
    config.CourseDirectory.course_id = released.id
    result = NbGraderAPI(config=config).generate_assignment("ps1")
    assert result["success"], result
    # Stock nbgrader writes the same but for the list that a learner's check reads.
    without = json.loads(ours)
    assert without["metadata"].pop("coursewright")["cells"]
    assert (made.folder / "doubling.ipynb").read_text(encoding="utf-8") == nb.dumps(without)


def test_a_released_notebook_says_what_it_was_handed_out_with(released, ps1, tmp_path):
    import nbformat

    from kit.check.handin import validate

    made = make_release(released, ps1)
    path = made.folder / "doubling.ipynb"
    assert path.stat().st_mode & 0o777 == 0o644
    node = nbformat.read(path, as_version=4)
    nbformat.validate(node)
    assert node.metadata["coursewright"] == {
        "version": 1, "assignment": "ps1", "notebook": "doubling", "cells": [
            ["setup", "read-only", 0], ["double", "autograded answer", 0],
            ["test_double", "autograder test", 3.0], ["why", "manual answer", 2.0],
            ["draw", "manual task", 1.0]]}
    node.cells = [cell for cell in node.cells
                  if cell.metadata.get("nbgrader", {}).get("grade_id") != "test_double"]
    handed_in = tmp_path / "hand-in" / "doubling.ipynb"
    handed_in.parent.mkdir()
    nbformat.write(node, handed_in)
    (one,) = validate(handed_in).notebooks
    assert {problem.cell: problem.message for problem in one.problems}["test_double"] == "is gone"
    assert (one.points, one.max_points) == (0.0, 3.0)

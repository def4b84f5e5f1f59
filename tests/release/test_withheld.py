"""What lies beside an author's notebook, or in it, and is not handed out."""

from __future__ import annotations

import json
import zipfile

import pytest

from kit import notebook as nb
from kit.course import load_course
from kit.model import Markers
from kit.release import generate, make_release
from kit.release.withheld import withheld

DRAWN = """import matplotlib.pyplot as plt
%matplotlib inline
### BEGIN SOLUTION
figure.savefig("drawn.png")
table.to_csv("out/table.csv")
open("notes.txt", "w").write(open("prices.csv").read())
### END SOLUTION"""


@pytest.fixture
def folder(tmp_path, make_cell, write_notebook):
    source = tmp_path / "source/ps1"
    write_notebook(source / "p.ipynb", [
        make_cell("text", "Save it as `table.csv`; the prices are in `prices.csv`."),
        make_cell("answer", DRAWN, "draw"), make_cell("test", "assert True", "draw-test", 1)])
    return source


def test_what_the_solution_writes_is_withheld_unless_learners_are_told_of_it(folder):
    assert set(withheld(folder, Markers())) == {".*", "drawn.png", "notes.txt"}


def test_hidden_files_drawings_notes_and_private_metadata_stay_at_home(folder, make_cell):
    for name in (".secret", "drawn.png", "prices.csv", "out/table.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    path = folder / "p.ipynb"
    content = json.loads(path.read_text())
    note = make_cell("text", "Ask why.")
    note["metadata"]["tags"] = ["instructor-note"]
    content["cells"].append({"id": "note", **note})
    content["cells"][0]["metadata"] |= {"secret": 1, "tags": ["hide-input", "mine"]}
    content["cells"][1]["attachments"] = {"model.png": {"image/png": "QUJD"}}
    content["metadata"]["author_notes"] = "secret"
    path.write_text(json.dumps(content))
    root = folder.parent.parent
    (root / "course.yml").write_text("id: c\ntitle: C\nassignments: [{name: ps1}]\n")
    course = load_course(root)
    made = make_release(course, course.assignments[0])
    assert [file.path for file in made.release.files] == ["out/table.csv", "prices.csv"]
    there = {path.name for path in made.folder.rglob("*") if path.is_file()}
    assert there == {"p.ipynb", "table.csv", "prices.csv"}
    with zipfile.ZipFile(made.archive) as archive:
        assert {name.rpartition("/")[2] for name in archive.namelist()} == {
            *there, "README.md", "requirements.txt"}
    out = nb.read(made.folder / "p.ipynb")
    assert [nb.source(cell)[:7] for cell in out["cells"]] == ["Save it", "import ", "assert "]
    assert out["cells"][0]["metadata"] == {"tags": ["hide-input"]}
    assert set(out["metadata"]) == {"kernelspec", "coursewright"}
    assert not any("attachments" in cell for cell in out["cells"])
    assert generate(course, course.assignments[0]).digest == made.release.digest

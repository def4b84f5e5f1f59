"""A learner's check before handing in: in any folder, with nothing but the base install."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kit import notebook
from kit.check.handin import validate
from kit.cli.validate import command
from kit.errors import KitError
from kit.model import Limits

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def cell(kind: str, identity: str, released: str, text: str | None = None) -> dict[str, Any]:
    """A nbgrader cell with the checksum of what was released, holding `text` now."""
    code = kind != "written"
    made: dict[str, Any] = {
        "cell_type": "code" if code else "markdown", "source": released,
        "metadata": {"nbgrader": {
            "grade": kind in ("test", "written"), "solution": kind in ("answer", "written"),
            "locked": kind == "test", "task": False, "grade_id": identity, "schema_version": 3,
            "cell_type": "code" if code else "markdown"}}}
    if code:
        made |= {"outputs": [], "execution_count": None}
    if kind in ("test", "written"):
        made["metadata"]["nbgrader"]["points"] = 2
    made["metadata"]["nbgrader"]["checksum"] = notebook.checksum(made)
    if text is not None:
        made["source"] = text
    return made


def code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": [],
            "execution_count": None}


def write(path: Path, *cells: dict[str, Any]) -> Path:
    notebook.write({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}, path)
    return path


def good() -> list[dict[str, Any]]:
    return [
        code("import math"), cell("answer", "q1", STUB, "x = math.floor(2.5)"),
        cell("test", "q1-test", "assert x == 2"),
        cell("answer", "q2", STUB, "y = .5"), cell("test", "q2-test", "2 * y"),
        cell("written", "q3", "YOUR ANSWER HERE", "Because it is so."),
    ]


def messages(path: Path, **options: Any) -> dict[str, str]:
    found = validate(path, **options)
    return {problem.cell: problem.message for one in found.notebooks for problem in one.problems}


def test_a_finished_notebook_is_ready(tmp_path):
    path = write(tmp_path / "ps1.ipynb", *good())
    before = path.read_bytes()
    (one,) = validate(path).notebooks
    assert one.ready
    assert one.ran
    assert [(q.grade_id, q.points) for q in one.questions] == [
        ("q1-test", 2.0), ("q2-test", 1.0), ("q3", None)]
    assert (one.points, one.max_points) == (3.0, 4.0)
    assert path.read_bytes() == before


def test_what_is_left_to_do_is_named(tmp_path):
    cells = good()
    cells[1] = cell("answer", "q1", STUB)
    cells[2] = cell("test", "q1-test", "assert x == 2", "assert True")
    cells[5] = cell("written", "q3", "YOUR ANSWER HERE")
    cells.insert(4, code("undefined + 1"))  # the fifth cell
    cells += [cells[3], cells[2]]
    path = write(tmp_path / "ps1.ipynb", *cells)
    told = messages(path)
    assert validate(path).notebooks[0].max_points == 4.0
    assert told["q1"] == "is not answered"
    assert told["q1-test"].startswith("was altered")
    assert told["q2"] == "is there 2 times"
    assert told["q3"] == "is not answered"
    assert told["5"] == "raises NameError: name 'undefined' is not defined"


def test_a_failing_visible_test_is_scored_and_named(tmp_path):
    cells = good()
    cells[1] = cell("answer", "q1", STUB, "# YOUR CODE HERE\nx = 3")
    (one,) = validate(write(tmp_path / "ps1.ipynb", *cells)).notebooks
    assert [problem.message for problem in one.problems] == ["a visible test fails: q1-test"]
    assert one.questions[0].message == "AssertionError"
    assert not one.ready


def test_a_visible_test_that_gives_no_point_is_named_as_one_that_raises(tmp_path):
    cells = good()
    cells[3] = cell("answer", "q2", STUB, "y = 0")
    (one,) = validate(write(tmp_path / "ps1.ipynb", *cells)).notebooks
    assert [problem.message for problem in one.problems] == ["a visible test fails: q2-test"]
    assert not one.ready


def test_gone_cells_are_named_against_the_handout(tmp_path):
    handout = write(tmp_path / "handout.ipynb", *good())
    told = messages(write(tmp_path / "ps1.ipynb", *good()[:4]), against=handout)
    assert told == {"q2-test": "is gone", "q3": "is gone"}


def entry(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """What a release writes into the notebook's metadata."""
    made = [(notebook.grade_id(one), notebook.kind(one), notebook.nbgrader_meta(one))
            for one in cells]
    return {"version": 1, "assignment": "ps1", "notebook": "ps1",
            "cells": [[name, kind.value, meta.get("points", 0)]
                      for name, kind, meta in made if meta]}


def write_with(path: Path, told: Any, cells: list[dict[str, Any]]) -> Path:
    notebook.write({"nbformat": 4, "nbformat_minor": 4, "metadata": {"coursewright": told},
                    "cells": cells}, path)
    return path


def test_a_notebook_says_itself_what_is_gone(tmp_path):
    cells = good()
    told = entry(cells)
    path = write_with(tmp_path / "ps1.ipynb", told, cells)
    assert validate(path).ready
    del cells[4], cells[-1]
    write_with(path, told, cells)
    assert messages(path) == {"q2-test": "is gone", "q3": "is gone"}
    (one,) = validate(path).notebooks
    assert (one.points, one.max_points) == (2.0, 4.0)
    assert [(q.grade_id, q.message) for q in one.questions] == [
        ("q1-test", ""), ("q2-test", "is gone"), ("q3", "is gone")]


@pytest.mark.parametrize("told", [
    [], "x", 3, {}, {"cells": "all"}, {"cells": [["q1"]]}, {"cells": [["q1", "no kind", 1]]},
    {"cells": [["q1", "autograder test", -1]]}, {"cells": [["q1", "autograder test", True]]},
    {"cells": [["q1", ["autograder test"], 1]]}, {"cells": [["\x1b[2J", "autograder test", 1]]},
    {"cells": [["q" * 5000, "autograder test", 1]]}, {"cells": [[None, "autograder test", 1]]},
    {"cells": [["q1", "autograder test", 1e300]]}, {"cells": [["q1", {}, 1]]},
    {"cells": [[f"q{n}", "autograder test", 1] for n in range(5000)]},
])
def test_a_damaged_list_is_a_note_and_no_more(tmp_path, told):
    (one,) = validate(write_with(tmp_path / "ps1.ipynb", told, good())).notebooks
    assert one.ready
    assert [problem.message for problem in one.problems] == [
        "its own list of cells is damaged, so what is gone is not known"]
    assert (one.points, one.max_points) == (3.0, 4.0)


def test_a_notebook_without_points_is_never_ready(tmp_path):
    path = write(tmp_path / "ps1.ipynb", cell("answer", "q1", STUB, "x = 2"))
    assert "carries points" in messages(path)[""]
    assert not validate(path).ready


def test_one_that_was_handed_out_without_points_needs_another_beside_it(tmp_path):
    warm_up = [cell("answer", "try", STUB, "x = 2")]
    alone = write_with(tmp_path / "a.ipynb", entry(warm_up), warm_up)
    assert not validate(alone).ready
    result = CliRunner().invoke(command, [str(alone)])
    assert result.exit_code == 1
    assert "nothing here carries points" in result.output
    write_with(tmp_path / "b.ipynb", entry(good()), good())
    assert validate(tmp_path).ready


@pytest.mark.parametrize(("name", "package"), [
    ("no_such_module", "no_such_module"), ("skimage.filters", "scikit-image")])
def test_a_package_that_is_missing_is_told_with_what_to_install(tmp_path, name, package):
    cells = good()
    cells[0] = code(f"import {name}")
    top = name.split(".")[0]
    path = write(tmp_path / "ps1.ipynb", *cells)
    (one,) = validate(path).notebooks
    told = {problem.message: problem.hint for problem in one.problems}
    hint = told[f"imports {top}, which is not installed here"]
    assert f"python -m pip install {package}\n" in hint
    (tmp_path / "requirements.txt").write_text(f"{package}\n", encoding="utf-8")
    (again,) = validate(path).notebooks
    assert any("pip install -r requirements.txt" in problem.hint for problem in again.problems)


def test_another_language_is_not_run_and_may_be_ready(tmp_path):
    path = tmp_path / "ps1.ipynb"
    notebook.write({"nbformat": 4, "nbformat_minor": 4, "cells": good(), "metadata": {
        "kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}}, path)
    found = validate(path)
    assert found.ready
    assert {question.message for question in found.notebooks[0].questions} == {"was not run"}


def test_an_endless_loop_is_stopped(tmp_path):
    cells = good()
    cells[3] = cell("answer", "q2", STUB, "y = .5\nwhile True: pass")
    told = messages(write(tmp_path / "ps1.ipynb", *cells), limits=Limits(cell_seconds=1))
    assert told["q2"] == "ran too long and was stopped"


def test_old_outputs_are_a_note(tmp_path):
    cells = good()
    cells[4]["outputs"] = [{"output_type": "execute_result", "metadata": {}, "execution_count": 9,
                            "data": {"text/plain": "0.25"}}]
    cells[0]["execution_count"], cells[4]["execution_count"] = 12, 9
    (one,) = validate(write(tmp_path / "ps1.ipynb", *cells)).notebooks
    assert one.ready
    assert [problem.message for problem in one.problems] == [
        "its cells were not run in order",
        "saved output is not what a clean run gives: cell q2-test"]


def test_what_is_no_homework(tmp_path):
    (tmp_path / "bad.ipynb").write_text("{ not json")
    assert "line 1 is not JSON" in messages(tmp_path / "bad.ipynb")[""]
    write(tmp_path / "plain.ipynb", code("1 + 1"))
    assert "holds no graded cell" in messages(tmp_path / "plain.ipynb")[""]
    with pytest.raises(KitError, match="no such notebook"):
        validate(tmp_path / "none.ipynb")
    (tmp_path / "empty").mkdir()
    with pytest.raises(KitError, match="holds no notebook"):
        validate(tmp_path / "empty")


def test_the_command_says_and_exits(tmp_path):
    write(tmp_path / "ps1.ipynb", *good())
    result = CliRunner().invoke(command, [str(tmp_path)])
    assert result.exit_code == 0
    assert "visible score 3 of 4" in result.output
    assert "Ready to hand in." in result.output
    write(tmp_path / "ps2.ipynb", cell("answer", "q", STUB))
    result = CliRunner().invoke(command, [str(tmp_path), "--json"])
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert not told["ready"]
    assert [one["ready"] for one in told["notebooks"]] == [True, False]


def test_the_base_install_is_enough(tmp_path):
    write(tmp_path / "ps1.ipynb", *good())
    script = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pydantic", "nbgrader", "sqlalchemy", "ruamel", "copier",
                                  "pandas", "numpy", "jupytext", "sphinx", "jinja2", "yaml"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocked())
from kit.cli.main import run
sys.exit(run(["validate", sys.argv[1]]))
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "ps1.ipynb")], text=True,
                          capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ready to hand in." in done.stdout

"""A release in memory is what nbgrader's generate step makes, with the tests kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import notebook as nb
from kit.errors import ReleaseError
from kit.files import digest_tree
from kit.model import CellKind
from kit.release import generate, generated


def test_released_text_has_no_solution_hidden_test_or_mark_scheme(course, ps1):
    made = generated(course, ps1)
    handed = nb.dumps(made.notebooks[0].released)
    for secret in ("2 * x", "double(21)", "1 point for the axes", "twice as much"):
        assert secret not in handed
    assert "raise NotImplementedError()" in handed
    assert "YOUR ANSWER HERE" in handed


def test_full_text_keeps_hidden_tests_and_mark_scheme(course, ps1):
    cells = {cell.grade_id: cell for cell in generate(course, ps1).notebooks[0].cells}
    assert "double(21)" in cells["test_double"].source
    assert "1 point for the axes" in cells["draw"].source
    assert "2 * x" not in cells["double"].source


def test_cells_have_kind_points_and_nbgraders_checksum(course, ps1):
    release = generate(course, ps1)
    cells = release.notebooks[0].cells
    assert [(c.grade_id, c.kind, c.points) for c in cells] == [
        ("setup", CellKind.LOCKED, 0.0),
        ("double", CellKind.ANSWER, 0.0),
        ("test_double", CellKind.TEST, 3.0),
        ("why", CellKind.MANUAL, 2.0),
        ("draw", CellKind.TASK, 1.0),
    ]
    assert release.max_points == 6
    released = generated(course, ps1).notebooks[0].released
    for cell in released["cells"]:
        if nb.kind(cell) is not None:
            assert release.notebooks[0].cell(nb.grade_id(cell)).checksum == nb.checksum(cell)


def test_nothing_is_written_and_the_folder_stays(course, ps1):
    before, here = digest_tree(course.root), Path.cwd()
    generate(course, ps1)
    assert digest_tree(course.root) == before
    assert Path.cwd() == here


def test_files_follow_nbgraders_ignore_list(course, ps1):
    assert [file.path for file in generate(course, ps1).files] == ["data/figures.csv"]


def test_digest_changes_with_a_hidden_test_and_with_nothing_else(course, ps1, cells,
                                                                write_notebook):
    first = generate(course, ps1).digest
    assert generate(course, ps1).digest == first
    cells[3]["source"] = cells[3]["source"].replace("42", "43")
    write_notebook(course.root / "source/ps1/doubling.ipynb", cells)
    assert generate(course, ps1).digest != first


def test_the_authors_answers_are_kept_with_the_release_and_are_no_part_of_its_digest(
    course, ps1, cells, write_notebook
):
    before = generate(course, ps1)
    kept = {cell.grade_id: cell.solution for cell in before.notebooks[0].cells}
    assert kept == {"setup": "", "double": "def double(x):\n    return 2 * x", "test_double": "",
                    "why": "Because it is twice as much.", "draw": ""}
    cells[2]["source"] = cells[2]["source"].replace("2 * x", "x + x")
    write_notebook(course.root / "source/ps1/doubling.ipynb", cells)
    after = generate(course, ps1)
    assert after.notebooks[0].cell("double").solution.endswith("return x + x")
    assert after.digest == before.digest


def test_markers_and_preprocessors_of_the_author_count(course, ps1, cells, write_notebook):
    (course.root / "shouting.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Shout(NbGraderPreprocessor):\n"
        "    def preprocess_cell(self, cell, resources, index):\n"
        "        cell.source = cell.source.replace('# Doubling', '# DOUBLING')\n"
        "        return cell, resources\n", encoding="utf-8")
    (course.root / "nbgrader_config.py").write_text(
        "from nbgrader.preprocessors import *\nimport shouting\n"
        "c.ClearSolutions.begin_solution_delimeter = 'VON HIER'\n"
        "c.ClearSolutions.end_solution_delimeter = 'BIS HIER'\n"
        "c.ClearSolutions.code_stub = {'python': '...'}\n"
        "c.GenerateAssignment.preprocessors = [ClearSolutions, ClearOutput, SaveCells,\n"
        "    ClearHiddenTests, ClearMarkScheme, ComputeChecksums, shouting.Shout]\n",
        encoding="utf-8")
    cells[2]["source"] = "def double(x):\n    # VON HIER\n    return 2 * x\n    # BIS HIER"
    write_notebook(course.root / "source/ps1/doubling.ipynb", cells)
    made = generated(course, ps1)
    assert made.release.notebooks[0].cell("double").released == "def double(x):\n    ..."
    assert made.notebooks[0].released["cells"][0]["source"] == "# DOUBLING"


def test_header_is_read_from_the_course_folder(course, ps1, make_cell, write_notebook):
    top = {**make_cell("text", "Welcome"), "id": "top"}
    write_notebook(course.root / "source/header.ipynb", [top])
    (course.root / "nbgrader_config.py").write_text(
        "c.IncludeHeaderFooter.header = 'source/header.ipynb'\n", encoding="utf-8")
    assert generated(course, ps1).notebooks[0].solved["cells"][0]["source"] == "Welcome"


@pytest.mark.parametrize("version", [0, 1, 2])
def test_old_metadata_is_upgraded_in_memory(course, ps1, cells, write_notebook, version):
    for cell in cells[:-1]:
        meta = cell["metadata"].get("nbgrader")
        if meta:
            meta["schema_version"] = version
            del meta["task"]
    write_notebook(course.root / "source/ps1/doubling.ipynb", cells)
    before = digest_tree(course.root)
    assert generate(course, ps1).max_points == 6
    assert digest_tree(course.root) == before


@pytest.mark.parametrize(("place", "source", "says"), [
    (2, "### BEGIN SOLUTION\nx = 1", "has no END SOLUTION"),
    (1, "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "not an answer"),
    (1, "### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS", "not a test"),
    (0, "### BEGIN MARK SCHEME\nx\n### END MARK SCHEME", "not a task"),
])
def test_a_fault_is_told_with_file_and_cell(course, ps1, cells, write_notebook, place, source,
                                            says):
    cells[place]["source"] = source
    write_notebook(course.root / "source/ps1/doubling.ipynb", cells)
    with pytest.raises(ReleaseError, match=says) as caught:
        generate(course, ps1)
    name = cells[place]["metadata"].get("nbgrader", {}).get("grade_id", "1")
    assert caught.value.where == f"source/ps1/doubling.ipynb, cell {name}"
    assert caught.value.hint


def test_doubled_grade_id_is_named(course, ps1, cells, write_notebook):
    cells[3]["metadata"]["nbgrader"]["grade_id"] = "double"
    write_notebook(course.root / "source/ps1/doubling.ipynb", cells)
    with pytest.raises(ReleaseError, match="Duplicate grade id: double"):
        generate(course, ps1)


def test_unreadable_notebook_and_empty_folder(course, ps1):
    (course.root / "source/ps1/doubling.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ReleaseError, match="line 1 is not JSON"):
        generate(course, ps1)
    (course.root / "source/ps1/doubling.ipynb").unlink()
    with pytest.raises(ReleaseError, match="no notebook to release"):
        generate(course, ps1)


@pytest.mark.parametrize(("text", "where"), [
    ("c.X = (", "nbgrader_config.py, line 1"),
    ("import no_such_module_here", "nbgrader_config.py"),
    ("c.GenerateAssignment.create_assignment = 'perhaps'", "nbgrader_config.py"),
])
def test_broken_configuration_is_named(course, ps1, text, where):
    (course.root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError) as caught:
        generate(course, ps1)
    assert caught.value.where == where

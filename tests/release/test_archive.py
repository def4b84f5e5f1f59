"""The zip can be used as its own README says."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from importlib.metadata import entry_points, metadata, version
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kit import notebook as nb
from kit.course.scaffold import template_names, templates_folder
from kit.errors import ReleaseError
from kit.release import read_release
from kit.release.archive import write_archive


def contents(course, assignment):
    made = write_archive(course, assignment, read_release(course, assignment),
                         course.root / "release" / assignment.name)
    with zipfile.ZipFile(made) as archive:
        return {Path(name).name: archive.read(name).decode() for name in archive.namelist()
                if name.endswith((".md", ".txt"))}


def names(requirements):
    return [re.split(r"[\s<>=!~;\[]", line)[0].casefold() for line in requirements.splitlines()
            if line and not line.startswith(("#", "-"))]


def called(readme):
    """The distributions whose commands a README tells to type."""
    commands = re.findall(r"`([^`]+)`", readme)
    scripts = {script.name: script.dist.name for script in entry_points(group="console_scripts")}
    found = set()
    for command in commands:
        program, *rest = command.split()
        if program == "jupyter":
            found.add(scripts[f"jupyter-{rest[0]}"])
        elif program in scripts and program != "python":
            found.add(scripts[program])
    return found


@pytest.mark.parametrize("own", [
    None, "", "# nothing yet\n", "pandas", "pandas\nCourseWright >= 0\n", "jupyter\n",
    "notebook<8\ncoursewright[author]\n", "\ufeffpandas\n"])
def test_what_the_readme_calls_is_required(released, ps1, own):
    if own is not None:
        (released.root / "requirements.txt").write_text(own, encoding="utf-8")
    made = contents(released, ps1)
    assert called(made["README.md"]) == {"coursewright", "notebook"}
    required = names(made["requirements.txt"])
    assert {"coursewright", "numpy"} <= set(required)
    assert {"notebook", "jupyter"} & set(required)
    assert len(required) == len(set(required))
    for line in (own or "").lstrip("\ufeff").splitlines():
        assert line.startswith("#") or names(line)[0] in required


def test_an_assignments_own_requirements_win_and_are_completed(released, ps1):
    (released.root / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    (released.root / "release/ps1/requirements.txt").write_text("sympy\n", encoding="utf-8")
    required = names(contents(released, ps1)["requirements.txt"])
    assert required == ["sympy", "coursewright", "notebook", "numpy"]


def test_what_is_required_is_what_is_installed_here(released, ps1):
    (released.root / "requirements.txt").write_text(
        "pandas  # tables\nscipy==1.0\nsympy-of-nobody>=2\nnumpy<1\n-r other.txt\n",
        encoding="utf-8")
    required = contents(released, ps1)["requirements.txt"].splitlines()
    assert required == [
        f"pandas=={version('pandas')} # tables", "scipy==1.0", "sympy-of-nobody>=2", "numpy<1",
        "-r other.txt", f"coursewright=={version('coursewright')}",
        f"notebook=={version('notebook')}"]


def test_the_readme_tells_what_python_and_how_it_goes_elsewhere(released, ps1):
    (released.root / "requirements.txt").write_text("numpy\n", encoding="utf-8")
    readme = contents(released, ps1)["README.md"]
    lowest = re.search(r">=(3\.\d+)", metadata("numpy")["Requires-Python"])
    assert f"It takes Python {lowest[1]} or later." in readme
    assert "!unzip -oq doubles-101-ps1.zip\n       %cd ps1\n" in readme
    assert "VS Code" in readme


def test_the_notebook_runs_from_the_unzipped_folder_alone(released, ps1, tmp_path):
    """With the author's answers in the place of the stubs; the course folder is gone."""
    release = read_release(released, ps1)
    source = nb.read(released.root / "release/ps1/doubling.ipynb")
    made = write_archive(released, ps1, release, released.root / "release/ps1")
    with tempfile.TemporaryDirectory() as elsewhere:
        with zipfile.ZipFile(made) as archive:
            archive.extractall(elsewhere)
        for path in tmp_path.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        path = Path(elsewhere, "ps1/doubling.ipynb")
        worked = nb.read(path)
        assert worked["cells"] == source["cells"]
        answers = {cell.grade_id: cell.solution for cell in release.notebook("doubling").cells}
        for cell in worked["cells"]:
            if solution := answers.get(nb.grade_id(cell)):
                cell["source"] = solution
        worked["cells"].append({"cell_type": "code", "id": "data", "metadata": {}, "outputs": [],
                                "execution_count": None,
                                "source": "print(open('data/figures.csv').read())"})
        node = nbformat.from_dict(worked)
        NotebookClient(node, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert node.cells[-1].outputs[0].text.split() == ["x", "1"]


def test_requirements_that_are_no_text_are_named(released, ps1):
    (released.root / "requirements.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(ReleaseError, match="not UTF-8 text"):
        contents(released, ps1)


@pytest.mark.parametrize("template", template_names())
def test_each_template_requires_what_its_readme_and_the_zips_call(template):
    text = (templates_folder() / template / "requirements.txt").read_text(encoding="utf-8")
    assert {"coursewright", "notebook"} <= set(names(text))

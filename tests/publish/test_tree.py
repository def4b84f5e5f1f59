"""What is published works: the notebooks run, the course loads, stock tools read it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from kit import notebook as nb
from kit.course import load_course
from kit.model import Course
from kit.publish import Published
from kit.publish.tree import public_tree

Planted = tuple[Course, Path, Published]


@pytest.fixture
def public(planted: Planted) -> Path:
    return planted[2].folder


def run(path: Path) -> Any:
    node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(node, resources={"metadata": {"path": str(path.parent)}}).execute()
    return node


def names(public: Path) -> set[str]:
    found = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith("site/")}


def test_the_folder_holds_these_files_and_no_others(public: Path) -> None:
    assert names(public) == {
        ".github/workflows/pages.yml", ".kit-publish.json", "LICENCE.txt", "README.md",
        "_config.yml", "_toc.yml", "course.yml", "data/prices.csv", "lessons/numbers.ipynb",
        "lessons/numbers.md", "lessons/words.ipynb", "myst.yml", "release/ps1/table.csv",
        "release/ps1/word.ipynb", "release/ps3/word.ipynb", "requirements.txt"}
    assert (public / "site/index.html").is_file()
    assert (public / "site/.nojekyll").is_file()


def test_a_module_comes_with_the_modules_and_data_that_it_reads(tmp_path: Path) -> None:
    course, site = tmp_path / "course", tmp_path / "site"
    (course / "lessons").mkdir(parents=True)
    site.mkdir()
    for name, text in {
        "course.yml": "id: c\ntitle: C\nlicence: CC-BY-4.0\ntimezone: Europe/Berlin\n"
                      "start: 2027-01-11\nparts: [{title: One, lessons: [lessons/a]}]\n",
        "lessons/a.md": "---\nfile_format: mystnb\n"
                        "kernelspec: {name: python3, display_name: Python 3}\n---\n\n# A\n\n"
                        "```{code-cell} python\nimport town\n```\n",
        "lessons/town.py": "from slips import others\n", "lessons/others.py": "",
        "lessons/slips.py": 'import town\n\nothers = open("slips.json").read()\n',
        "lessons/slips.json": "[]", "lessons/answers.json": "[]",
    }.items():
        (course / name).write_text(text, encoding="utf-8")
    tree = public_tree(load_course(course), {}, site)
    assert {name for name in tree if name.startswith("lessons/")} == {
        "lessons/a.md", "lessons/a.ipynb", "lessons/town.py", "lessons/slips.py",
        "lessons/slips.json"}


def test_a_lesson_of_text_runs_as_a_notebook_with_its_data(public: Path) -> None:
    node = run(public / "lessons/numbers.ipynb")
    printed = [output.text for cell in node.cells if cell.cell_type == "code"
               for output in cell.outputs]
    assert printed == ["total 7\n"]
    shown = "".join(cell.source for cell in node.cells if cell.cell_type == "markdown")
    assert "See  the table." in shown
    assert "%" not in shown


def test_the_first_cell_installs_in_colab_alone_and_is_on_no_page(
    public: Path, planted: Planted
) -> None:
    for name in ("lessons/numbers.ipynb", "release/ps1/word.ipynb"):
        first = nb.read(public / name)["cells"][0]
        assert first["metadata"] == {"tags": ["remove-cell"]}
        (condition,) = (node for node in ast.parse(first["source"]).body
                        if isinstance(node, ast.If))
        assert ast.unparse(condition.test) == "'google.colab' in sys.modules"
        assert f"/content/planted/{Path(name).parent}" in first["source"]
        assert '"coursewright==' in first["source"]
        assert "notebook==" not in first["source"]
        page = (public / "site" / name.replace("release", "homework")).with_suffix(".html")
        assert "google.colab" not in page.read_text(encoding="utf-8")
        assert "colab.research.google.com" in page.read_text(encoding="utf-8")
    course = planted[0]
    assert "google.colab" not in (course.root / "release/ps1/word.ipynb").read_text()


def test_a_published_homework_can_be_checked_before_it_is_handed_in(
    public: Path, tmp_path: Path, kit: Any
) -> None:
    """The cell that came first is none of a learner's doing."""
    copy = tmp_path / "word.ipynb"
    copy.write_bytes((public / "release/ps1/word.ipynb").read_bytes())
    _, out, err = kit("validate", copy)
    assert "colab" not in (out + err).casefold()
    assert "word-test" in out


def test_the_course_loads_and_says_what_pages_show(public: Path, planted: Planted) -> None:
    original, made = planted[0], load_course(public)
    for name in ("id", "title", "description", "licence", "timezone", "parts", "site", "pace"):
        assert getattr(made, name) == getattr(original, name), name
    assert [(one.name, one.title, one.due) for one in made.assignments] == [
        (one.name, one.title, one.due) for one in original.assignments]
    assert {one.selfstudy for one in made.assignments} == {"never"}


def test_the_workflow_uploads_the_site_and_has_the_rights_for_it(public: Path) -> None:
    said = yaml.safe_load((public / ".github/workflows/pages.yml").read_text())
    assert said[True]["push"]["branches"] == ["main"]
    assert said["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    (job,) = said["jobs"].values()
    steps = {step["uses"].split("@")[0]: step for step in job["steps"]}
    assert (public / steps["actions/upload-pages-artifact"]["with"]["path"]).is_dir()
    assert job["environment"]["url"] == "${{ steps.deployment.outputs.page_url }}"


@pytest.mark.slow
def test_stock_jupyter_book_builds_the_public_folder(public: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build",
         str(public), "--path-output", str(tmp_path)], capture_output=True, text=True, check=False,
        env={**os.environ, "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "build succeeded." in done.stdout  # without a warning
    made = tmp_path / "_build/html"
    assert "total 7" in (made / "lessons/numbers.html").read_text(encoding="utf-8")
    assert "google.colab" not in (made / "lessons/words.html").read_text(encoding="utf-8")
    assert (made / "release/ps1/word.html").is_file()


def test_a_second_run_changes_nothing(planted: Planted, kit: Any) -> None:
    course, _, made = planted
    code, out, err = kit("publish", "--to", made.folder, "--course", course.root)
    assert code == 0, err
    assert "nothing has changed" in out
    assert f"git -C {made.folder} push -u origin main" in out
    code, out, _ = kit("publish", "--to", made.folder, "--course", course.root, "--json")
    said = yaml.safe_load(out)
    assert code == 0
    assert (said["added"], said["changed"], said["removed"]) == ([], [], [])
    assert said["unchanged"] == len(made.added)


def test_git_takes_the_folder_as_the_command_says(planted: Planted, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "public"
    shutil.copytree(planted[2].folder, copy)
    bare = tmp_path / "bare.git"
    git = ("git", "-C", str(copy), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("git", "init", "-q", "--bare", str(bare)), (*git, "init", "-q", "-b", "main"),
                  (*git, "remote", "add", "origin", str(bare)), (*git, "add", "-A"),
                  (*git, "commit", "-q", "-m", "Publish the course"),
                  (*git, "push", "-q", "-u", "origin", "main")):
        subprocess.run(words, check=True, capture_output=True)
    listed = subprocess.run(["git", "-C", str(bare), "ls-tree", "-r", "--name-only", "main"],
                            check=True, capture_output=True, text=True).stdout.split("\n")
    assert {name for name in listed if name and not name.startswith("site/")} == names(copy) - {
        name for name in names(copy) if name.startswith(".git/")}
    assert "site/index.html" in listed

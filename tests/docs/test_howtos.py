"""Type README's start, and the pages on marks and on grading again, in one course."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import doc_pages as pages
import pytest

from kit import notebook
from kit.model import CellKind

Kit = Callable[..., tuple[int, str, str]]

BUILD = "kit build"
README = (pages.REPOSITORY / "README.md").read_text(encoding="utf-8")
MARKS = (pages.DOCS / "marks.md").read_text(encoding="utf-8")
REGRADE = (pages.DOCS / "regrade.md").read_text(encoding="utf-8")


def start() -> list[str]:
    """The block below "Start a course", up to the sentence after it."""
    section = README.split("## Start a course\n", 1)[1]
    lines = section.lstrip("\n").split("\n\n", 1)[0].splitlines()
    return [line.strip() for line in lines]


def typed(kit: Kit, command: str) -> str:
    """What it prints; a shell's stars are expanded, as one would. It must exit with 0."""
    words: list[str] = []
    for word in pages.words(command):
        words += sorted(map(str, Path().glob(word))) if "*" in word else [word]
    code, out, err = kit(*words)
    assert code == 0, f"$ {command}\n{out}{err}"
    return out


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where README's commands are typed, by whichever test comes first."""
    return tmp_path_factory.mktemp("readme")


@pytest.fixture
def root(begun: Path, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course of README's block, typed once, and one's own working directory in it."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(begun)
    commands = start()
    course = begun / commands[1].removeprefix("cd ")
    for command in [] if course.exists() else commands:
        if command.startswith("cd "):
            monkeypatch.chdir(command.removeprefix("cd "))
        elif command != BUILD:  # a minute, and the pages do not look at the site
            typed(kit, command)
    monkeypatch.chdir(course)
    return course


@pytest.fixture
def graded(root: Path, kit: Kit) -> Path:
    """A class of four in it, collected and graded once."""
    if not (root / "gradebook.db").exists() or not (root / "autograded").exists():
        typed(kit, "kit simulate ps1 --count 4 --to class")
        typed(kit, "kit collect ps1 class")
        typed(kit, "kit grade ps1")
    return root


def test_the_start_of_the_readme_makes_a_course_and_a_release(root: Path) -> None:
    assert start()[0].startswith("kit new ")
    assert list((root / "release").glob("*.zip"))
    assert list((root / "release/ps1").glob("*.ipynb"))


@pytest.mark.slow
def test_it_makes_a_site_too(root: Path, kit: Kit) -> None:
    assert BUILD in start()
    typed(kit, BUILD)
    assert (root / "_build/html/index.html").is_file()


def test_marks_are_handed_in_as_the_page_says(graded: Path, kit: Kit) -> None:
    commands = [line.removeprefix("$ ") for block in pages.blocks(MARKS, "console")
                for line in block.splitlines() if line.startswith("$ kit ")]
    assert [command.split()[1] for command in commands] == ["marks", "marks", "marks", "review"]
    listed, split, back, review = commands
    assert "ps1" in typed(kit, listed)
    typed(kit, split)
    bundles = sorted((graded / "marks/ps1").iterdir())
    assert [bundle.name for bundle in bundles] == ["grader-1", "grader-2"]
    given = 0
    for bundle in bundles:
        assert "learner-0" not in (bundle / "answers.html").read_text(encoding="utf-8")
        with (bundle / "marks.csv").open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.DictReader(stream))
        given += len(lines)
        with (bundle / "marks.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, lines[0].keys(), delimiter=";")
            writer.writeheader()
            writer.writerows({**line, "mark": "0,5"} for line in lines)
    assert f"{given} marks written" in typed(kit, back)
    assert "nothing" in typed(kit, listed)
    assert "ps1" in typed(kit, review)


def mend(source: Path) -> str:
    """Give the first question a point more; what it earns for wrong answers was stated too."""
    author = notebook.read(source)
    author["cells"] = [cell for cell in author["cells"] if not notebook.TRIAL_TAGS.intersection(
        cell["metadata"].get("tags", ()))]
    cell = next(cell for _, cell, kind in notebook.graded_cells(author)
                if kind is CellKind.TEST)
    assert (cell["metadata"]["nbgrader"]["points"], "points=3" in cell["source"]) == (3, True)
    cell["metadata"]["nbgrader"]["points"] = 4
    cell["source"] = cell["source"].replace("points=3", "points=4")
    notebook.write(author, source)
    return str(notebook.grade_id(cell))


@pytest.mark.slow
def test_a_test_is_mended_and_graded_again_as_the_page_says(graded: Path, kit: Kit) -> None:
    mended = mend(next((graded / "source/ps1").glob("*.ipynb")))
    shutil.rmtree(graded / ".kit/backups", ignore_errors=True)
    commands = [line.strip().removeprefix("$ ") for block in pages.blocks(REGRADE, "console")
                for line in block.splitlines() if line.strip().startswith("$ ")]
    assert [" ".join(command.split()[:2]) for command in commands] == [
        "kit release", "kit grade", "kit grade", "kit feedback", "kit grades", "kit grade"]
    release, diff, apply, feedback, changes, again = commands
    assert "points became" in typed(kit, release)
    before = (graded / "gradebook.db").read_bytes()
    told = typed(kit, diff)
    assert mended in told
    assert (graded / "gradebook.db").read_bytes() == before
    written = typed(kit, apply)
    assert "4 submissions graded on a copy" in written
    assert "written: " in written
    assert list((graded / ".kit/backups").iterdir())
    assert "was one point short" in typed(kit, changes)
    assert "4 pages written" in typed(kit, feedback)
    assert "submissions graded" not in typed(kit, again)  # no work has to be run for it
    one = next(command for command in pages.mentioned(REGRADE) if "--force" in command)
    assert "1 submission graded" in typed(kit, one.replace("learner-0042", "learner-0001"))

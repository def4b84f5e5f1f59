"""Full tests and worked solutions: when they come, and that they work."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from tinycourse import homework

from kit import notebook as nb
from kit.course import load_course
from kit.errors import BuildError
from kit.model import Assignment, Course
from kit.release import read_release
from kit.site import build
from kit.site.inputs import good_until
from kit.site.pages.selfstudy import bundle, is_open, notice

DUE = datetime(2027, 1, 21, 22, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)


def extended(course: Course, when: str) -> None:
    (course.root / "extensions.csv").write_text(
        f"learner,assignment,due\nlearner-0042,ps1,{when}\n", encoding="utf-8")


@pytest.fixture
def work(copied: Course) -> Callable[..., tuple[Course, Assignment]]:
    """The tiny course with ps1 for self-study; an extension until the 30th where asked for."""

    def set_up(selfstudy: str, *, extension: str = "", due: bool = True) -> Any:
        if extension:
            extended(copied, extension)
        first = replace(copied.assignments[0], selfstudy=selfstudy)  # type: ignore[arg-type]
        first = first if due else replace(first, due=None)
        return replace(copied, assignments=(first, *copied.assignments[1:])), first

    return set_up


@pytest.mark.parametrize(("selfstudy", "extension", "due", "now", "opened"), [
    ("never", "", True, DUE + HOUR, False),
    ("always", "", True, DUE - HOUR, True),
    ("after_due", "", True, DUE - HOUR, False),
    ("after_due", "", True, DUE - HOUR / 60, False),
    ("after_due", "", True, DUE, True),
    ("after_due", "", True, DUE + HOUR, True),
    ("after_due", "2027-01-30 12:00", True, DUE + HOUR, False),
    ("after_due", "2027-01-30 12:00", True, datetime(2027, 1, 30, 11, 1, tzinfo=UTC), True),
    ("after_due", "2027-01-10 12:00", True, DUE - HOUR, False),
    ("after_due", "", False, DUE + HOUR, False),
])
def test_solutions_wait_for_the_last_learner(
    work: Any, selfstudy: str, extension: str, due: bool, now: datetime, opened: bool
) -> None:
    course, assignment = work(selfstudy, extension=extension, due=due)
    assert is_open(course, assignment, now) is opened


def test_the_page_says_when_they_come_and_nothing_of_an_extension(work: Any) -> None:
    course, assignment = work("after_due", extension="2027-01-30 12:00")
    assert "after 21 January 2027, 23:59" in notice(course, assignment, DUE - HOUR)
    assert "30" not in notice(course, assignment, DUE + HOUR)
    assert "when all work is handed in" in notice(course, assignment, DUE + HOUR)
    assert notice(course, assignment, DUE + timedelta(days=30)) == ""
    assert notice(*work("never"), DUE - HOUR) == ""


def test_extensions_that_cannot_be_read_publish_nothing(work: Any) -> None:
    course, assignment = work("after_due")
    (course.root / "extensions.csv").write_text("no,such\n", encoding="utf-8")
    with pytest.raises(Exception, match="column"):
        is_open(course, assignment, DUE + HOUR)


def test_a_build_after_the_due_date_offers_them(work: Any) -> None:
    course, _ = work("after_due")
    (release,) = [read_release(course, course.assignments[0])]
    assert release is not None
    page = course.root / "_build/html/homework/ps1/doubling.html"
    build(course, {"ps1": release}, now=DUE - HOUR)
    assert "come after 21 January 2027, 23:59" in page.read_text(encoding="utf-8")
    assert not list((course.root / "_build/html/files/ps1").glob("*selfstudy*"))
    assert build(course, {"ps1": release}, now=DUE - 2 * HOUR).state == "unchanged"
    assert build(course, {"ps1": release}, now=DUE + HOUR).state == "built"
    text = page.read_text(encoding="utf-8")
    assert "come after" not in text
    assert 'href="../../files/ps1/tiny-ps1-selfstudy.zip" download' in text
    assert (course.root / "_build/html/files/ps1/tiny-ps1-selfstudy.zip").is_file()


def test_a_quick_look_is_trusted_until_the_last_extension(work: Any) -> None:
    course, _ = work("after_due", extension="2027-01-30 12:00")
    last = datetime(2027, 1, 30, 11, tzinfo=UTC)
    only = replace(course, assignments=course.assignments[:1])
    assert good_until(only, DUE - HOUR) == DUE.timestamp()
    assert good_until(only, DUE + HOUR) == last.timestamp()
    assert is_open(only, only.assignments[0], last)
    assert good_until(only, last) == float("inf")


def unpacked(work: Any, folder: Path) -> Path:
    course, assignment = work("always")
    release = read_release(course, assignment)
    assert release is not None
    _, _, data = bundle(course, assignment, release, course.root / "release/ps1")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder / "ps1-selfstudy"


def run(path: Path, **how: Any) -> Any:
    node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(node, resources={"metadata": {"path": str(path.parent)}}, **how).execute()
    return node


def test_the_first_notebook_tells_what_is_wrong_and_holds_no_answer(
    work: Any, tmp_path: Path
) -> None:
    folder = unpacked(work, tmp_path / "out")
    node = run(folder / "doubling.ipynb", allow_errors=True)
    text = "\n".join(cell.source for cell in node.cells)
    assert "CANARYHIDDEN = 6" in text
    assert "CANARYSOLUTION" not in text
    assert "CANARYMARKS" not in text
    assert "HIDDEN TESTS" not in text
    (answer, test) = [cell for cell in node.cells if cell.cell_type == "code"]
    assert "NotImplementedError" in answer.source
    assert test.outputs[0].output_type == "error"
    assert not any("nbgrader" in cell.metadata for cell in node.cells)
    answer.source = "def double(x):\n    return 3 * x"
    nbformat.write(node, folder / "mine.ipynb")  # type: ignore[no-untyped-call]
    again = run(folder / "mine.ipynb", allow_errors=True)
    assert again.cells[2].outputs[0].ename == "AssertionError"


def test_the_second_notebook_runs_and_tells_how_words_are_marked(
    work: Any, tmp_path: Path
) -> None:
    folder = unpacked(work, tmp_path / "out")
    node = run(folder / "doubling-solutions.ipynb")
    text = "\n".join(cell.source for cell in node.cells)
    assert "return CANARYSOLUTION * x" in text
    assert "**How it is marked**\n\nCANARYMARKS" in text
    assert not any(mark in text for mark in ("BEGIN", "END SOLUTION", "MARK SCHEME"))
    assert {path.name for path in folder.iterdir()} == {
        "doubling.ipynb", "doubling-solutions.ipynb", "requirements.txt", "README.md"}
    assert "This is not the notebook to hand in." in (folder / "README.md").read_text()


def test_a_release_that_knows_no_solutions_is_named(work: Any) -> None:
    course, assignment = work("always")
    release = read_release(course, assignment)
    assert release is not None
    bare = replace(release, notebooks=tuple(
        replace(one, cells=tuple(replace(cell, solution="") for cell in one.cells))
        for one in release.notebooks))
    with pytest.raises(BuildError, match="no solutions") as caught:
        bundle(course, assignment, bare, course.root / "release/ps1")
    assert caught.value.hint == "kit release ps1"


def test_what_is_published_is_of_what_was_released(work: Any, tmp_path: Path) -> None:
    """Not of `source/`, where the author may be at the next version already."""
    course, _ = work("always")
    (course.root / "source/ps1/doubling.ipynb").unlink()
    changed = homework()
    changed["cells"][1]["source"] = "LATER = 1"
    nb.write(changed, course.root / "source/ps1/doubling.ipynb")
    text = (unpacked(work, tmp_path / "out") / "doubling-solutions.ipynb").read_text()
    assert "LATER" not in text
    assert load_course(course.root).assignments[0].selfstudy == "never"

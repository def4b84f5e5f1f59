"""Delimiters of the author's own, the whole road: nothing between them reaches a learner."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import messy
import pytest

from kit import workflow
from kit.course import load_course, load_roster
from kit.gradebook import rows
from kit.model import Course

Kit = Callable[..., tuple[int, str, str]]

CONFIG = """\
c = get_config()
c.ClearSolutions.begin_solution_delimeter = "VANISH"
c.ClearSolutions.end_solution_delimeter = "REAPPEAR"
c.ClearHiddenTests.begin_test_delimeter = "SECRET FROM HERE"
c.ClearHiddenTests.end_test_delimeter = "SECRET TO HERE"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "FOR GRADERS"
c.ClearMarkScheme.end_mark_scheme_delimeter = "FOR ALL"
"""
CANARIES = ("canarysolution", "canarytest", "canarymessage", "canaryscheme", "VANISH",
            "SECRET FROM HERE", "FOR GRADERS")
SPY = """\
import sys, linecache, traceback
def triple(x):
    traceback.print_stack()
    print("".join(linecache.getlines(sys._getframe(1).f_code.co_filename)))
    return x and 7
"""


@pytest.fixture(autouse=True)
def programs_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls `alembic` by name."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")


@pytest.fixture
def root(by_nbgrader: Path, tmp_path: Path, kit: Kit) -> Path:
    """A course that stock nbgrader released, adopted."""
    made = messy.copied(by_nbgrader, tmp_path / "own")
    assert kit("adopt", made)[0] == 0
    return made


@pytest.fixture(scope="module")
def by_nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that was released by stock nbgrader alone."""
    made = tmp_path_factory.mktemp("own") / "own"
    messy.save(made / "nbgrader_config.py", CONFIG)
    messy.save(made / "source" / "ps1" / "p.ipynb", messy.notebook([
        messy.cell("markdown", "# Three times"),
        messy.answer("triple", "def triple(x):\n    # VANISH\n    canarysolution = 3\n"
                     "    return canarysolution * x\n    # REAPPEAR"),
        messy.graded("t", "assert triple(0) == 0\n# SECRET FROM HERE\ncanarytest = 42\n"
                     "assert triple(14) == canarytest, 'canarymessage: not it'\n"
                     "# SECRET TO HERE", 3),
        messy.cell("markdown", "Draw it.\n\nFOR GRADERS\ncanaryscheme: a point a line\nFOR ALL",
                   grade_id="draw", task=True, locked=True, points=4),
    ]))
    messy.stock(made, "generate_assignment", "ps1")
    return made


def _spied(root: Path) -> dict[str, Any]:
    books = messy.released(root, "ps1")
    for one in books["p.ipynb"]["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") == "triple":
            one["source"] = SPY
    return books


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
            for path in folder.rglob("*") if path.is_file()}


def test_feedback_hides_without_a_release_folder(root, kit: Kit) -> None:
    at = ("--course", root)
    messy.hand_in(root, "ps1", "solved", messy.solved(root, "ps1"))
    messy.hand_in(root, "ps1", "spy", _spied(root))
    shutil.rmtree(root / "release")
    assert kit("grade", "ps1", *at)[0] == 0
    assert kit("feedback", "ps1", *at)[0] == 0
    pages = _texts(root / "feedback")
    assert set(pages) == {"solved/ps1/p.html", "spy/ps1/p.html"}
    hidden = [word for word in CANARIES if word not in ("canarysolution", "VANISH")]
    for page in pages.values():
        assert not [word for word in hidden if word in page]
        # What learners got is no change of theirs.
        assert "altered" not in page
        assert "had been changed" not in page
    assert "canarysolution" in pages["solved/ps1/p.html"]  # it is that learner's own answer
    assert "canarysolution" not in pages["spy/ps1/p.html"]
    assert "is not shown" in pages["spy/ps1/p.html"]
    course = load_course(root)
    (row,) = (one for one in rows(course, load_roster(course), course.assignments[0])
              if one.learner == "spy")
    assert {cell.grade_id: cell.tags for cell in row.cells}["t"] == ("hidden",)


def test_what_nbgrader_released_is_read_without_its_hidden_parts(root) -> None:
    course = load_course(root)
    with_folder = workflow.release_of(course, course.assignments[0])
    shutil.rmtree(root / "release")
    without = workflow.release_of(course, course.assignments[0])
    assert with_folder == without
    (book,) = without.notebooks
    assert not [word for cell in book.cells for word in CANARIES if word in cell.released]
    assert "canarytest" in next(cell.source for cell in book.cells if cell.grade_id == "t")


def test_a_site_shows_the_released_homework_and_refuses_any_other(root, kit: Kit) -> None:
    course = load_course(root)
    assert kit("build", "--course", root)[0] == 0
    built = _texts(root / "_build" / "html")
    assert any("Three times" in text for text in built.values())
    assert not [(name, word) for name, text in built.items() for word in CANARIES if word in text]
    shutil.copy(root / "source" / "ps1" / "p.ipynb", root / "release" / "ps1" / "p.ipynb")
    _refused(course, kit, "VANISH")
    # A hidden test alone, in a cell that is nobody's.
    book = messy.notebook([messy.cell("code", "# SECRET FROM HERE\ncanarytest\n# SECRET TO HERE")])
    messy.save(root / "release" / "ps1" / "p.ipynb", book)
    _refused(course, kit, "SECRET FROM HERE")


def _refused(course: Course, kit: Kit, marker: str) -> None:
    code, _, err = kit("build", "--course", course.root)
    assert (code, f"holds the marker {marker!r}" in err) == (1, True), err


def test_a_lesson_with_a_solution_is_refused(root, kit: Kit) -> None:
    book = json.loads((root / "source" / "ps1" / "p.ipynb").read_text())
    messy.save(root / "lessons" / "one.ipynb", book)
    text = (root / "course.yml").read_text()
    (root / "course.yml").write_text(text + "parts:\n  - title: One\n    lessons: [lessons/one]\n")
    code, _, err = kit("build", "--course", root)
    assert (code, "would publish it" in err) == (1, True), err


def test_a_simulated_class_answers_without_the_marker_lines(root, kit: Kit) -> None:
    at = ("--course", root)
    assert kit("release", "ps1", "--force", *at)[0] == 0
    assert kit("simulate", "ps1", "--count", "4", *at)[0] == 0
    handed = "\n".join(_texts(root / ".kit" / "simulated").values())
    assert "return canarysolution * x" in handed
    assert "VANISH" not in handed
    assert "REAPPEAR" not in handed
    assert "canarytest" not in handed

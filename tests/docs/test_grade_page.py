"""Follow docs/grade.md: what would run, a run, and the script that grades a folder."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import doc_pages as pages
import pytest
import tinycourse

from kit.grading import Reason

PAGE = (pages.DOCS / "grade.md").read_text(encoding="utf-8")
Kit = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of the page are typed first."""
    course = tinycourse.write_course(tmp_path_factory.mktemp("grade page") / "tiny")
    tinycourse.released(course)
    for number in range(1, 4):
        shutil.copytree(course.root / "release" / "ps1",
                        course.root / "submitted" / f"learner-{number:04d}" / "ps1")
    return course.root


@pytest.fixture
def root(graded: Path, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(graded)
    assert kit("grade", "ps1")[0] == 0
    return graded


def typed(kit: Kit, line: str) -> str:
    assert line in list(pages.typed(PAGE)), f"the page does not show {line!r}"
    code, out, err = kit(*pages.words(line))
    assert code == 0, err
    return out


def test_what_would_run_looks_as_shown(root: Path, kit: Kit) -> None:
    sheet = root / "submitted" / "learner-0002" / "ps1" / "doubling.ipynb"
    sheet.write_text(sheet.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    shutil.copytree(sheet.parent, root / "submitted" / "learner-0004" / "ps1")
    shown = next(block for block in pages.blocks(PAGE, "console") if "--explain" in block)

    def form(text: str) -> list[str]:
        """Without numbers of its own, and however wide the table is."""
        text = re.sub(r"Python [\d.]+.*", "ENVIRONMENT", text)
        text = re.sub(r"learner-[\d, .a-z-]+", "LEARNERS", text)
        return [" ".join(re.sub(r"[─\d]+", "#", line).split()) for line in text.splitlines()]

    assert sorted(form(shown)[1:]) == sorted(form(typed(kit, "kit grade ps1 --explain")))
    assert "2 submissions graded" in typed(kit, "kit grade ps1")


def test_every_reason_is_named() -> None:
    text = " ".join(PAGE.split())
    assert [reason.value for reason in Reason if f"`{reason.value}`" not in text] == []


def test_the_script_grades_a_folder_and_leaves_the_gradebook_alone(root: Path) -> None:
    def recorded() -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(root / "gradebook.db")) as book:
            return book.execute("SELECT * FROM kit_graded ORDER BY learner").fetchall()

    before = recorded()
    (script,) = pages.blocks(PAGE, "python")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(script, "grade.md", "exec"), {})
    learners = sorted(path.name for path in (root / "submitted").iterdir())
    assert sorted(line.split(":")[0] for line in said.getvalue().splitlines()) == learners
    assert re.fullmatch(r"learner-\d+: [\d.]+ of [\d.]+( and waits for a person)?",
                        said.getvalue().splitlines()[0])
    for learner in learners:
        json.loads((root / "tried" / learner / "ps1" / "doubling.ipynb").read_text())
    assert recorded() == before

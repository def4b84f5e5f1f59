"""Adopt the course of nbgrader's own quickstart, as docs/adopt.md does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import doc_pages as pages
import pytest

PAGE = (pages.DOCS / "adopt.md").read_text(encoding="utf-8")


@pytest.fixture
def quickstart(tmp_path: Path) -> Path:
    """What `nbgrader quickstart course101` makes: its documentation's course and a config."""
    spec = find_spec("nbgrader")
    assert spec is not None
    assert spec.origin is not None
    root = tmp_path / "course101"
    shipped = Path(spec.origin).parent / "docs/source/user_guide/source"
    shutil.copytree(shipped / "ps1", root / "source" / "ps1")
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'course101'\n"
        f"c.CourseDirectory.root = {str(root)!r}\n")
    return root


def test_adopting_prints_what_the_page_shows_and_adds_one_file(
    kit: Callable[..., tuple[int, str, str]], quickstart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(quickstart)
    monkeypatch.setenv("NO_COLOR", "1")
    before = {path: path.read_bytes() for path in quickstart.rglob("*") if path.is_file()}
    code, printed, _ = kit("adopt")
    assert code == 0
    shown = next(one for one in pages.blocks(PAGE, "console") if one.startswith("$ kit adopt\n"))
    assert printed == shown.removeprefix("$ kit adopt\n")
    after = {path: path.read_bytes() for path in quickstart.rglob("*") if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} == {"course.yml"}
    assert {path: after[path] for path in before} == before
    code, printed, _ = kit("check")
    shown = next(one for one in pages.blocks(PAGE, "console") if one.startswith("$ kit check\n"))
    assert (code, printed) == (0, shown.removeprefix("$ kit check\n"))


def test_a_row_that_the_page_sets_back_is_one_of_the_differences() -> None:
    row = pages.blocks(PAGE, "yaml")[0].partition("[")[2].partition("]")[0]
    line = next(line for line in (pages.DOCS / "differences.md").read_text().splitlines()
                if line.startswith(f"| `{row}` |"))
    assert line.split("|")[5].strip() == "yes"

"""A tiny course that a class has been through, made once and copied for each test."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import pytest
from tinycourse import homework
from wheelrelease import write_release

from kit.cli.main import run

COURSE = """\
id: tiny
title: Tiny
timezone: Europe/Berlin
start: 2027-01-11
parts:
  - {title: First, lessons: [lessons/one]}
assignments:
  - {name: ps1, title: Problem set 1, due: 2027-01-21 23:59, group: sets}
  - {name: ps2, title: Problem set 2, due: 2027-02-21 23:59, group: sets}
grading:
  groups: [{name: sets, title: Problem sets, weight: 100}]
"""

ROAD = (
    ("release", "ps1", "--force"),
    ("simulate", "ps1", "--count", "2"),
    ("collect", "ps1", ".kit/simulated/ps1"),
    ("grade", "ps1"),
    ("marks", "split", "ps1", "--graders", "1"),
    ("feedback", "ps1"),
)


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course after grading and feedback; the folder's name has a space and an umlaut."""
    root = tmp_path_factory.mktemp("ein kürs") / "tiny"
    for name in ("ps1", "ps2"):
        source = root / "source" / name / "doubling.ipynb"
        source.parent.mkdir(parents=True)
        source.write_text(json.dumps(homework()), encoding="utf-8")
    (root / "lessons").mkdir()
    (root / "lessons" / "one.md").write_text("# One\n\nWords.\n", encoding="utf-8")
    (root / "course.yml").write_text(COURSE, encoding="utf-8")
    with contextlib.chdir(root):
        for step in ROAD:
            assert run(list(step)) == 0, step
    write_release(root / ".kit" / "pyodide-release")
    return root


@pytest.fixture
def root(taught: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to break, and the current folder."""
    copy = tmp_path / "ein kürs" / "tiny"
    shutil.copytree(taught, copy, symlinks=True)
    monkeypatch.chdir(copy)
    return copy

"""A run that is killed outright at any moment: the next one goes on, and nothing is left behind.

Twenty moments by chance (of a fixed seed) over the time that a run takes. Every other run grades
hand-ins that changed, over scores that are there; in every fourth the hand-ins go back to what
they were before the next run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
import tinycourse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes end another way there")

CLASS = 16
MOMENTS = 20
QUICK = 2
"""How many of the moments the quick tests try: one of each kind."""

TIMES = frozenset({"timestamp", "graded_at", "seconds", "received_at"})
"""Columns that tell when and how fast."""

Kit = Callable[..., tuple[int, str, str]]


def _hand_in(root: Path, factor: int) -> None:
    """Everyone's answer; two notebooks of the class cannot be read."""
    sheet = json.loads((root / "release/ps1/doubling.ipynb").read_text(encoding="utf-8"))
    (answer,) = (cell for cell in sheet["cells"]
                 if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double")
    for number in range(1, CLASS + 1):
        answer["source"] = f"def double(x):\n    return {factor + number % 2} * x\n"
        folder = root / "submitted" / f"learner-{number:04d}" / "ps1"
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(sheet) if number % 8 else f"{{ not json {factor}"
        (folder / "doubling.ipynb").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ready to be graded for the first time."""
    course = tinycourse.write_course(tmp_path_factory.mktemp("killed") / "tiny")
    tinycourse.released(course)
    _hand_in(course.root, 2)
    return course.root


@pytest.fixture(scope="module")
def graded(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first hand-ins, graded without a disturbance."""
    root = tmp_path_factory.mktemp("graded") / "tiny"
    shutil.copytree(handed_in, root)
    _grade(root, root.parent / "scratch")
    return root


@pytest.fixture(scope="module")
def changed(graded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """Then other hand-ins, graded without a disturbance; and how many seconds that took."""
    root = tmp_path_factory.mktemp("changed") / "tiny"
    shutil.copytree(graded, root)
    _hand_in(root, 1)
    began = time.monotonic()
    _grade(root, root.parent / "scratch")
    return root, time.monotonic() - began


def _command(root: Path, scratch: Path) -> subprocess.Popen[str]:
    scratch.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "kit", "grade", "ps1", "--workers", "2", "--json",
         "--course", str(root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "TMPDIR": str(scratch)})


def _grade(root: Path, scratch: Path) -> dict[str, Any]:
    with _command(root, scratch) as running:
        out, err = running.communicate()
    assert running.returncode == 0, err
    told: dict[str, Any] = json.loads(out)
    return told


def _killed(root: Path, scratch: Path, seconds: float) -> list[psutil.Process]:
    """Start to grade, kill the process after so long; what ran below it."""
    with _command(root, scratch) as running:
        try:
            running.wait(seconds)
            below = []
        except subprocess.TimeoutExpired:
            below = psutil.Process(running.pid).children(recursive=True)
            running.kill()
        running.communicate()
    return below


def _table(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the gradebook, without times; ids are named by what they stand for."""
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        book.row_factory = sqlite3.Row
        names = [name for (name,) in book.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        assert book.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        found = {name: [dict(row) for row in book.execute(f"SELECT * FROM {name}")]
                 for name in names}
    labels: dict[str, str] = {}
    for name in ("assignment", "notebook", "base_cell", "submitted_assignment",
                 "submitted_notebook"):
        for row in found[name]:
            key = row["id"]
            labels[key] = name + str(sorted(
                (column, labels.get(str(value), str(value))) for column, value in row.items()
                if column not in TIMES | {"id"}))
    return {name: sorted(
        tuple((column, labels.get(str(value), str(value))) for column, value in row.items()
              if column not in TIMES | {"fingerprint"} and not (
                  column == "id" and str(value) not in labels))
        for row in rows) for name, rows in found.items()}


def _graded_work(root: Path) -> dict[str, object]:
    """What lies in `autograded/`, without the times of runs."""
    found: dict[str, object] = {}
    for path in sorted((root / "autograded").rglob("*")):
        if path.is_file():
            book = json.loads(path.read_text(encoding="utf-8"))
            for cell in book["cells"]:
                cell["metadata"].pop("execution", None)
                cell.pop("id", None)
            found[path.relative_to(root).as_posix()] = book
    return found


def _recorded(root: Path) -> int:
    if not (root / "gradebook.db").exists():
        return 0
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        try:
            return int(book.execute("SELECT count(*) FROM kit_graded").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def _moments() -> list[object]:
    chance = random.Random(20300101)
    return [pytest.param(number, chance.random(), id=f"{number}",
                         marks=[] if number < QUICK else pytest.mark.slow)
            for number in range(MOMENTS)]


@pytest.mark.parametrize(("number", "share"), _moments())
def test_a_killed_run_is_gone_on_from(
    handed_in: Path, graded: Path, changed: tuple[Path, float], tmp_path: Path, number: int,
    share: float,
) -> None:
    after, seconds = changed
    root, scratch = tmp_path / "tiny", tmp_path / "scratch"
    again = number % 2 == 1
    shutil.copytree(graded if again else handed_in, root)
    if again:
        _hand_in(root, 1)
    below = _killed(root, scratch, share * seconds)
    kept = _recorded(root)
    if number % 4 == 3:
        _hand_in(root, 2)  # the learners take their change back
    told = _grade(root, scratch)

    assert told["submissions"] == CLASS
    if not again:
        assert (told["unchanged"], told["graded"]) == (kept, CLASS - kept)
    undisturbed = graded if number % 4 != 1 else after
    assert _table(root) == _table(undisturbed)
    assert _graded_work(root) == _graded_work(undisturbed)
    assert list(scratch.iterdir()) == []
    assert not [path for path in root.rglob("*") if path.suffix in {".part", ".old"}
                or path.name == "gradebook.db-journal"]
    assert (root / ".kit/grading/ps1.journal").read_bytes() == b""
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []
    assert _grade(root, scratch)["graded"] == 0

"""The demo, and what stock tools and a browser make of the folder that it leaves."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser import Visit, served
from formgrader import formgrader

STEPS = ("new", "check", "build", "release", "simulate", "collect", "grade", "marks split",
         "marks import", "feedback", "grades")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, str]:
    """The folder that `kit demo` leaves, and what it printed."""
    home = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "kit", "demo", "accounting-demo", "--count", "16", "--seed", "7"],
        cwd=home, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return home / "accounting-demo", done.stdout


def _stock(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run([beside / command[0], *command[1:]], cwd=folder, capture_output=True,
                          text=True, check=False, env=environment)


def test_it_shows_each_step_as_the_command_that_a_user_would_type(demo) -> None:
    _, shown = demo
    typed = [line for line in shown.splitlines() if line.startswith("$ ")]
    assert typed[0].startswith("$ kit new accounting-demo --template accounting")
    assert [line for line in typed if "kit grade ps1" in line] == ["$ kit grade ps1"]
    summary = shown.split("what it did")[1]
    for step in STEPS:
        assert f"\n{step} " in summary
    assert "0 errors, 0 warnings" in shown
    assert "16 submissions from hand-in to gradebook" in shown
    assert "kit preview --open --course accounting-demo" in shown


def test_nobody_is_lost_and_the_planted_bad_ones_are_named(demo) -> None:
    folder, shown = demo
    assert "16 submissions graded" in shown
    assert len(list((folder / "feedback").glob("*/ps1"))) == 16
    planted = shown.split("$ kit simulate")[1].split("$ kit collect")[0]
    bad = [line.split()[0] for line in planted.splitlines() if "not JSON" in line
           and line.strip().startswith("learner-")]
    assert bad
    graded = shown.split("$ kit grade ps1\n")[1].split("$ kit")[0]
    for learner in bad:
        assert f"{learner}   cannot be read" in graded


@pytest.mark.slow
def test_nbgrader_export_reads_the_gradebook(demo, tmp_path) -> None:
    folder, _ = demo
    done = _stock(folder, "nbgrader", "export", f"--to={tmp_path / 'grades.csv'}")
    assert done.returncode == 0, done.stderr
    lines = list(csv.DictReader((tmp_path / "grades.csv").read_text().splitlines()))
    assert len(lines) == 16
    assert {line["assignment"] for line in lines} == {"ps1"}
    assert max(float(line["score"]) for line in lines) > 20


@pytest.mark.slow
def test_formgrader_shows_the_class_and_an_answer(demo) -> None:
    folder, _ = demo
    with formgrader(folder) as get:
        (listed,) = json.loads(get("/api/assignments"))
        assert (listed["name"], listed["max_score"]) == ("ps1", 30.0)
        submissions = json.loads(get("/api/submitted_notebooks/ps1/march"))
        assert max(one["score"] for one in submissions) > 20
        page = get(f"/submissions/{submissions[0]['id']}/")
        assert "q1-test" in page
        assert "formgrade" in page


@pytest.mark.slow
def test_stock_autograde_agrees_with_what_is_recorded(demo, tmp_path) -> None:
    folder, _ = demo
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    done = _stock(copy, "nbgrader", "autograde", "ps1", "--student=learner-0001", "--force")
    assert done.returncode == 0, done.stderr
    before = _score(folder, tmp_path / "a.csv")
    assert _score(copy, tmp_path / "b.csv") == before


def _score(folder: Path, to: Path) -> str:
    assert _stock(folder, "nbgrader", "export", f"--to={to}").returncode == 0
    lines = csv.DictReader(to.read_text().splitlines())
    return next(line["score"] for line in lines if line["student_id"] == "learner-0001")


def test_a_second_run_grades_nothing(demo, kit) -> None:
    folder, _ = demo
    code, out, _ = kit("grade", "ps1", "--course", folder)
    assert code == 0
    assert "16" in out
    assert "all 16 are graded already" in out


def test_no_page_asks_for_anything_beyond_its_origin(demo, browser) -> None:
    folder, _ = demo
    site = folder / "_build" / "html"
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")
                   if "_static" not in path.parts)
    assert len(pages) >= 5
    with served(site) as base:
        for page in pages:
            looked = Visit(browser.new_page(), base)
            looked.page.goto(base + page, wait_until="networkidle")
            assert (page, looked.foreign, looked.errors) == (page, [], [])
            looked.page.close()


@pytest.mark.slow
def test_stock_jupyter_book_builds_in_the_folder(demo, tmp_path) -> None:
    folder, _ = demo
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("_build", ".kit"))
    done = _stock(copy, "jupyter-book", "build", ".")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Cash is not profit" in (copy / "_build/html/lessons/cash-is-not-profit.html"
                                    ).read_text()

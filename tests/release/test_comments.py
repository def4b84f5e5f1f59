"""HTML comments in homework are the author's notes: learners get none, the gradebook keeps them."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sourcecells import cell
from stockrelease import stock_api
from tinycourse import write_course

from kit import notebook as nb
from kit.course import load_course
from kit.model import Course
from kit.release import make_release

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

CELLS = [
    cell("text", "# Doubling\n\nRead. <!-- NOTE 1\nover two lines --> On."),
    cell("manual", "### BEGIN SOLUTION\nBecause.\n### END SOLUTION\n<!-- two sentences -->",
         "why", 1),
    cell("task", "Draw `<!-- a comment -->`.\n<!-- NOTE 2 -->\n### BEGIN MARK SCHEME\nlong\n"
         "### END MARK SCHEME", "draw", 1),
    cell("code", "html = '<!-- shown -->'"),
    cell("text", "100 % sure\n% is no comment here"),
]


def by_kit(course: Course) -> None:
    make_release(course, course.assignments[0])


def by_nbgrader(course: Course) -> None:
    with contextlib.chdir(course.root):
        said = stock_api(course).generate_assignment("ps1", create=True)
    assert said["success"], said.get("log")
    gc.collect()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = write_course(tmp_path)
    (tmp_path / "source" / "ps1" / "doubling.ipynb").write_text(json.dumps({
        "nbformat": 4, "nbformat_minor": 4, "cells": CELLS, "metadata": {"kernelspec": {
            "name": "python3", "display_name": "Python 3", "language": "python"}}}))
    return made


def handed_out(course: Course) -> list[str]:
    notebook = nb.read(course.root / "release" / "ps1" / "doubling.ipynb")
    return [nb.source(one) for one in notebook["cells"]]


@pytest.mark.parametrize("release", [
    by_kit, pytest.param(by_nbgrader, marks=pytest.mark.slow)])
def test_learners_get_the_texts_without_them(
    course: Course, release: Callable[[Course], None]
) -> None:
    release(course)
    text, why, draw, code, last = handed_out(course)
    assert text == "# Doubling\n\nRead.  On."
    assert why.endswith("<!-- two sentences -->")
    assert draw == "Draw `<!-- a comment -->`.\n"
    assert (code, last) == (CELLS[3]["source"], CELLS[4]["source"])


@pytest.mark.parametrize("release", [
    by_kit, pytest.param(by_nbgrader, marks=pytest.mark.slow)])
def test_the_gradebook_keeps_what_the_grader_may_need(
    course: Course, release: Callable[[Course], None]
) -> None:
    from nbgrader.api import Gradebook

    release(course)
    if release is by_kit:
        full = {one.grade_id: one.source
                for one in make_release(course, course.assignments[0]).release.notebooks[0].cells}
        assert "NOTE 2" in full["draw"]
        return
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        assert "NOTE 2" in gradebook.find_source_cell("draw", "doubling", "ps1").source
    gc.collect()


def test_a_course_can_keep_them(course: Course) -> None:
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.DropComments.enabled = False\n")
    by_kit(load_course(course.root))
    assert "NOTE 1" in handed_out(course)[0]

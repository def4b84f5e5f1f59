"""A small course, written by hand so that each test sees all of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sourcecells import cell

from kit import notebook as nb
from kit.model import Assignment, Course
from kit.release import make_release

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

ANSWER = """def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
TEST = """assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(21) == 42
### END HIDDEN TESTS"""
TASK = """Draw it.

### BEGIN MARK SCHEME
1 point for the axes.
### END MARK SCHEME"""


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    ready = [{"id": f"cell-{place}", **made} for place, made in enumerate(cells)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL},
            "cells": ready}


def problem_cells() -> list[dict[str, Any]]:
    return [
        cell("text", "# Doubling"),
        cell("locked", "import math", "setup"),
        cell("answer", ANSWER, "double"),
        cell("test", TEST, "test_double", 3),
        cell("manual", "Because it is twice as much.", "why", 2),
        cell("task", TASK, "draw", 1),
    ]


@pytest.fixture
def make_cell() -> Callable[..., dict[str, Any]]:
    return cell


@pytest.fixture
def cells() -> list[dict[str, Any]]:
    return problem_cells()


@pytest.fixture
def write_notebook() -> Callable[[Path, list[dict[str, Any]]], None]:
    return lambda path, cells: nb.write(notebook(*cells), path)


def describe(root: Path) -> Course:
    return Course(root=root, id="doubles-101", title="Doubles", timezone=ZoneInfo("UTC"),
                  assignments=(Assignment(name="ps1", title="Doubling"),), packages=("numpy",))


def write_course(root: Path) -> Course:
    source = root / "source" / "ps1"
    nb.write(notebook(*problem_cells()), source / "doubling.ipynb")
    (source / "data").mkdir()
    (source / "data" / "figures.csv").write_text("x\n1\n", encoding="utf-8")
    (source / ".ipynb_checkpoints").mkdir()
    (source / ".ipynb_checkpoints" / "old.txt").write_text("old", encoding="utf-8")
    return describe(root)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path)


@pytest.fixture(scope="session")
def _released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released course, made once: nbgrader starts alembic for each new gradebook (2 s)."""
    root = tmp_path_factory.mktemp("released")
    made = write_course(root)
    make_release(made, made.assignments[0])
    return root


@pytest.fixture
def released(_released_once: Path, tmp_path: Path) -> Course:
    """A course of one's own whose ps1 is released."""
    shutil.copytree(_released_once, tmp_path, dirs_exist_ok=True)
    return describe(tmp_path)


@pytest.fixture
def ps1() -> Assignment:
    return Assignment(name="ps1", title="Doubling", notebooks=("doubling",))

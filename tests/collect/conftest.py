"""A course with one assignment of two notebooks, and makers of what learners hand in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit import notebook
from kit.course import load_course, load_roster
from kit.model import Course, Roster

COURSE = """\
id: tiny
title: A tiny course
timezone: Europe/Berlin
start: 2027-09-06
assignments:
  - name: ps1
    due: 2027-09-20 18:00
  - name: ps2
"""

ROSTER = """\
id,first_name,last_name,email,lms_id,section
learner-0001,Given Second,Fämily,learner-0001@example.org,900001,A
learner-0002,Łater,Øther,second@example.org,900002,A
learner-0003,Quite-Somebody,Else,third@example.org,900003,B
learner-0004,Somebody,Else,fourth@example.org,900004,B
"""


def cell(kind: str, identity: str, text: str = "") -> dict[str, Any]:
    flags = {"grade": kind == "test", "solution": kind == "answer", "locked": kind == "test"}
    meta: dict[str, Any] = {**flags, "grade_id": identity, "schema_version": 3, "task": False}
    if kind == "test":
        meta["points"] = 1
    return {"cell_type": "code", "metadata": {"nbgrader": meta}, "source": text, "outputs": [],
            "execution_count": None}


def make_notebook(*identities: str, text: str = "x = 1") -> bytes:
    cells = [made for identity in identities
             for made in (cell("answer", identity, text), cell("test", f"{identity}-test", "pass"))]
    whole = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    return notebook.dumps(whole).encode()


def make_zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def fill(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "tiny"
    fill(root, {
        "course.yml": COURSE.encode(), "roster.csv": ROSTER.encode(),
        "source/ps1/first.ipynb": make_notebook("a", "b"),
        "source/ps1/second.ipynb": make_notebook("c"),
        "source/ps2/only.ipynb": make_notebook("z"),
    })
    return load_course(root)


@pytest.fixture
def roster(course: Course) -> Roster:
    return load_roster(course)


@pytest.fixture
def origin(tmp_path: Path) -> Callable[[Mapping[str, bytes]], Path]:
    """Writes a download and returns its folder."""
    def write(files: Mapping[str, bytes]) -> Path:
        folder = tmp_path / "download"
        folder.mkdir(exist_ok=True)
        return fill(folder, files)
    return write


@pytest.fixture
def make() -> Callable[..., bytes]:
    return make_notebook


@pytest.fixture
def zipped() -> Callable[[Mapping[str, bytes]], bytes]:
    return make_zip

"""Courses as untidy as those that people teach with; none of them was made for the kit.

Each function writes a nbgrader course into a folder. What is in them was counted over public
courses: metadata of every version, kernels by other names, helper modules, tests that lean on
one another, cells that fail on purpose, markers of the author's own.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Cell = dict[str, Any]
Notebook = dict[str, Any]

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
SIX = {"name": "python3.6-env", "display_name": "Python [conda env:six]", "language": "python"}
CONDA = {"name": "conda-env-x", "display_name": "Python [conda env:x]"}
R = {"name": "ir", "display_name": "R", "language": "R"}

# ------------------------------------------------------------------------------- notebooks


def cell(kind: str, source: str, version: int = 3, **nbgrader: Any) -> Cell:
    """A cell; with keywords, one of nbgrader's in metadata of that version."""
    made: Cell = {"cell_type": kind, "metadata": {}, "source": source.strip("\n")}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    if nbgrader:
        made["metadata"]["nbgrader"] = _meta(version, nbgrader)
    return made


def _meta(version: int, stated: Mapping[str, Any]) -> dict[str, Any]:
    if version == 0:
        # The first nbgrader left out what was false, and kept points as they were typed.
        meta = dict(stated)
        if "points" in meta:
            meta["points"] = str(meta["points"])
        return meta
    full = {"grade": False, "solution": False, "locked": False, **stated}
    if version == 3:
        full = {"task": False, **full}
    return {**full, "schema_version": version}


def notebook(cells: list[Cell], kernel: Mapping[str, str] = PYTHON, minor: int = 2) -> Notebook:
    """A notebook of format 4."""
    return {"nbformat": 4, "nbformat_minor": minor, "cells": cells,
            "metadata": {"kernelspec": dict(kernel)}}


def save(path: Path, what: Notebook | str) -> None:
    """Write a notebook or a text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = what if isinstance(what, str) else json.dumps(what, indent=1)
    path.write_text(text, encoding="utf-8")


def answer(name: str, source: str, version: int = 3) -> Cell:
    """An autograded answer."""
    return cell("code", source, version, grade_id=name, solution=True)


def graded(name: str, source: str, points: float, version: int = 3) -> Cell:
    """An autograder test."""
    return cell("code", source, version, grade_id=name, grade=True, locked=True, points=points)


def given(name: str, source: str, version: int = 3) -> Cell:
    """A locked cell."""
    return cell("code", source, version, grade_id=name, locked=True)


def written(name: str, source: str, points: float, version: int = 3) -> Cell:
    """A written answer, marked by a person."""
    return cell("markdown", source, version, grade_id=name, grade=True, solution=True,
                points=points)


def double(version: int = 3) -> list[Cell]:
    """One question with visible and hidden tests."""
    return [
        answer("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n"
               "    ### END SOLUTION", version),
        graded("test_double", "assert double(0) == 0\n### BEGIN HIDDEN TESTS\n"
             "assert double(21) == 42\n### END HIDDEN TESTS", 2, version),
    ]


# ---------------------------------------------------------------------- an old, untidy course


def old(root: Path) -> Path:
    """Metadata of v0, v1 and v2 and everything that has gathered in a course over the years."""
    save(root / "nbgrader_config.py", "c = get_config()\nc.CourseDirectory.course_id = 'old 101'\n")
    save(root / "source" / "header.ipynb", notebook([cell("markdown", "# Read this first")]))
    save(root / "source" / "images" / "logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    save(root / "lecture 1.ipynb", notebook([cell("code", "1 / 0")]))
    _week_two(root / "source" / "Week 2")
    save(root / "source" / "ps0" / "first.ipynb", notebook(
        [cell("markdown", "# Old", 0, grade_id="", points="", solution=False), *double(0),
         written("why", "Because.", 3, 0)], CONDA, minor=0))
    save(root / "source" / "ps1" / "second.ipynb", notebook(
        [*double(1), written("why", "Because.", 3, 1)], SIX, minor=1))
    return root


def _week_two(folder: Path) -> None:
    save(folder / "Problem 1.ipynb", notebook([
        cell("markdown", "# Prices\n\n![A logo](../images/logo.svg)"),
        given("imports", "import csv\nimport os\nimport helper\nfrom tools.near import near", 2),
        cell("code", "# Mine, and it fails on purpose.\nint('twelve')") | {
            "metadata": {"tags": ["raises-exception"]}},
        answer("load", "def load(name):\n    ### BEGIN SOLUTION\n    with open(name) as file:\n"
               "        return [float(row['price']) for row in csv.DictReader(file)]\n"
               "    ### END SOLUTION", 2),
        graded("test_load", "prices = load(os.path.join('data', 'prices.csv'))\n"
             "assert len(prices) == 3, 'three prices'", 1, 2),
        answer("mean", "def mean(values):\n    ### BEGIN SOLUTION\n"
               "    return sum(values) / len(values)\n    ### END SOLUTION", 2),
        # Leans on what an earlier test bound.
        graded("test_mean", "assert near(mean(prices), 2.0)", 2, 2),
        # No assert: a helper raises, or it does not.
        graded("test_helper", "helper.must_be_near(mean([1, 2]), 1.5)", 2, 2),
        # The last line is a value.
        graded("test_part", "score = 0\nif mean([1, 1]) == 1:\n    score += 1\n"
             "if mean([2]) == 2:\n    score += 1\nscore", 2, 2),
        graded("test_hash", "from hashlib import md5\n"
             "assert md5(repr(mean([4, 4])).encode()).hexdigest() =="
             " '07078a97d66756f213dbca3e379bf084'", 1, 2),
        written("explain", "Because most are near it.", 5, 2),
        cell("code", "%matplotlib inline\nx = !echo 3"),
    ], SIX))
    save(folder / "Problem 2.ipynb", notebook(
        [*double(2), graded("test_runs", "_ = double(1)", 1, 2)], SIX))
    save(folder / "data" / "prices.csv", "price\n1\n2\n3\n")
    save(folder / "helper.py", "def must_be_near(a, b):\n    if abs(a - b) > 1e-9:\n"
         "        raise ValueError(f'{a} is not {b}')\n")
    save(folder / "tools" / "__init__.py", "")
    save(folder / "tools" / "near.py", "def near(a, b):\n    return abs(a - b) < 1e-9\n")
    save(folder / "notes" / "draft.ipynb", notebook([cell("code", "1 / 0")]))
    save(folder / ".ipynb_checkpoints" / "Problem 1-checkpoint.ipynb", notebook([]))


# ------------------------------------------------------------------------ markers of its own

CONFIG = '''\
import os

c = get_config()
c.CourseDirectory.course_id = "custom"
c.CourseDirectory.db_assignments = [dict(name="ps1", duedate="2027-01-25 23:59:00 UTC"),
                                    dict(name="extra")]
c.CourseDirectory.db_students = [dict(id="bitdiddle", first_name="B", last_name="D")]
c.ClearSolutions.begin_solution_delimeter = "VANISH"
c.ClearSolutions.end_solution_delimeter = "REAPPEAR"
c.ClearSolutions.code_stub = {"python": "# YOUR TURN\\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "*Your turn.*"
c.ClearHiddenTests.begin_test_delimeter = "SECRET FROM HERE"
c.ClearHiddenTests.end_test_delimeter = "SECRET TO HERE"
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter", "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells", "course_steps.Shout",
    "nbgrader.preprocessors.ClearSolutions", "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata", "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells", "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme", "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.IncludeHeaderFooter.header = "source/header.ipynb"
'''

STEPS = '''\
from nbgrader.preprocessors import NbGraderPreprocessor


class Shout(NbGraderPreprocessor):
    """Writes the course's name into headings."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("COURSE", "Custom 1")
        return cell, resources
'''

SECRET = "secret_of_the_author"


def custom(root: Path) -> Path:
    """Delimiters, stubs, a header and a preprocessor of the author's own."""
    save(root / "nbgrader_config.py", CONFIG)
    save(root / "course_steps.py", STEPS)
    save(root / "source" / "header.ipynb", notebook([cell("markdown", "Header of COURSE")]))
    save(root / "source" / "ps1" / "problem.ipynb", notebook([
        cell("markdown", "# COURSE"),
        answer("triple", "def triple(x):\n    # VANISH\n    return 3 * x\n    # REAPPEAR"),
        graded("test_triple", f"assert triple(0) == 0\n# SECRET FROM HERE\n{SECRET} = 42\n"
             f"assert triple(14) == {SECRET}, 'not {SECRET}'\n# SECRET TO HERE", 3),
        written("say", "A model answer.", 2),
    ]))
    return root


# ------------------------------------------------------------------ other languages, own cells


def foreign(root: Path) -> Path:
    """R without its kernel, beside a notebook in Python."""
    save(root / "source" / "r1" / "regress.ipynb", notebook([
        answer("square", "square <- function(x) {\n  ### BEGIN SOLUTION\n  x * x\n"
               "  ### END SOLUTION\n}"),
        graded("test_square", "stopifnot(square(2) == 4)", 2)], R))
    save(root / "nbgrader_config.py", "c = get_config()\n"
         "c.ClearSolutions.code_stub = {'R': 'stop()', 'python': 'raise NotImplementedError()'}\n")
    return root


def failing(root: Path) -> Path:
    """The author's own ungraded cells raise and time out, and later tests still count."""
    save(root / "nbgrader_config.py", "c = get_config()\nc.ExecutePreprocessor.timeout = 1\n")
    save(root / "source" / "ps1" / "fails.ipynb", notebook([
        cell("code", "undefined_name"),
        *double(),
        cell("code", "# Shows what an endless loop does.\nwhile True:\n    pass"),
        graded("test_later", "assert double(2) == 4", 1),
    ]))
    return root


# -------------------------------------------------------------------------------- hand-ins

WRONG = {"double": "def double(x):\n    return x + 1", "mean": "def mean(values):\n    return 1.0",
         "triple": "def triple(x):\n    return x and 3", "why": "I think so.",
         "explain": "It is the middle.", "say": "A text."}


def released(root: Path, assignment: str) -> dict[str, Notebook]:
    """The notebooks in `release/`, by file name."""
    return {path.name: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((root / "release" / assignment).glob("*.ipynb"))}


def solved(root: Path, assignment: str) -> dict[str, Notebook]:
    """The released notebooks with the author's answers in them."""
    found = released(root, assignment)
    for name, book in found.items():
        source = json.loads((root / "source" / assignment / name).read_text(encoding="utf-8"))
        texts = {_id(one): one["source"] for one in source["cells"]}
        _answer(book, lambda identity, texts=texts: texts.get(identity))  # type: ignore[misc]
    return found


def wrong(root: Path, assignment: str) -> dict[str, Notebook]:
    """The released notebooks with wrong answers in them, and the rest left as it was."""
    found = released(root, assignment)
    for book in found.values():
        _answer(book, WRONG.get)
    return found


def _id(one: Cell) -> str:
    return str(one["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _answer(book: Notebook, text_of: Callable[[str], str | None]) -> None:
    for one in book["cells"]:
        text = text_of(_id(one)) if one["metadata"].get("nbgrader", {}).get("solution") else None
        if text is not None:
            one["source"] = text


def doubled(books: Mapping[str, Notebook]) -> dict[str, Notebook]:
    """The same with the first test copied, as one does by mistake."""
    found = copy.deepcopy(dict(books))
    for book in found.values():
        place = next(i for i, one in enumerate(book["cells"])
                     if one["metadata"].get("nbgrader", {}).get("grade"))
        book["cells"].insert(place, copy.deepcopy(book["cells"][place]))
        book["cells"][place].pop("id", None)
    return found


def hand_in(root: Path, assignment: str, learner: str, books: Mapping[str, Notebook],
            stamp: str = "") -> Path:
    """Lay a learner's work where nbgrader looks for it."""
    folder = root / "submitted" / learner / assignment
    for name, book in books.items():
        save(folder / name, book)
    if stamp:
        save(folder / "timestamp.txt", stamp)
    return folder


# ------------------------------------------------------------------- a class that was marked

STAMPS = ("2015-02-02 15:58:23.948203 UTC", "2021-03-01 10:00:00 America/Los_Angeles",
          "2021-03-01 10:00:00.5 +0100\n", "2021-03-01T10:00:00+00:00", "")
"""What nbgrader, its exchanges and people's scripts write into timestamp.txt."""


def marked(root: Path) -> Path:
    """Released, collected, graded and marked by hand with stock nbgrader alone."""
    save(root / "nbgrader_config.py", "c = get_config()\nc.CourseDirectory.course_id = 'm1'\n")
    save(root / "source" / "ps1" / "problem.ipynb",
         notebook([*double(), written("why", "Because.", 3),
                   cell("markdown", "Draw it.\n\n### BEGIN MARK SCHEME\nTwo points a line.\n"
                        "### END MARK SCHEME", grade_id="draw", task=True, locked=True,
                        points=4)]))
    stock(root, "generate_assignment", "ps1")
    for number, (stamp, work) in enumerate(zip(
            STAMPS, (solved, wrong, released, solved, wrong), strict=True)):
        books = work(root, "ps1")
        for book in books.values():
            book["cells"].append(cell("code", f"# {number}"))
        hand_in(root, "ps1", f"learner-{number:04}", books, stamp)
    stock(root, "autograde", "ps1", "--create")
    mark(root / "gradebook.db", "learner-0000", "why", 2.5)
    mark(root / "gradebook.db", "learner-0001", "test_double", 1.0)
    # nbgrader stops at this one, so it came after the class was graded.
    hand_in(root, "ps1", "learner-0009", doubled(solved(root, "ps1")))
    return root


def mark(gradebook: Path, learner: str, name: str, points: float) -> None:
    """Give a manual mark, as formgrader does."""
    with closing(sqlite3.connect(gradebook)) as connection, connection:
        done = connection.execute(
            "UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE id IN ("
            " SELECT grade.id FROM grade JOIN base_cell ON base_cell.id = grade.cell_id"
            " JOIN submitted_notebook AS book ON book.id = grade.notebook_id"
            " JOIN submitted_assignment AS work ON work.id = book.assignment_id"
            " WHERE work.student_id = ? AND base_cell.name = ?)", (points, learner, name))
        assert done.rowcount == 1


def stock(root: Path, *arguments: str, fails: bool = False) -> str:
    """Run stock nbgrader in the course; what it said."""
    scripts = Path(sys.executable).parent
    done = subprocess.run(
        [scripts / "nbgrader", *arguments], cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"})
    said = done.stdout + done.stderr
    assert bool(done.returncode) is fails, said
    return said


# ------------------------------------------------------------------------- an old gradebook

OLDER = {
    # Undoes nbgrader's migrations, the newest first; what stays is the schema of that revision.
    "282d30a0218e": (
        ("CREATE TABLE old_assignment (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT"
        " NULL UNIQUE, duedate DATETIME)"),
        "INSERT INTO old_assignment SELECT id, name, duedate FROM assignment",
        "DROP TABLE assignment", "ALTER TABLE old_assignment RENAME TO assignment",
        "DROP TABLE course",
    ),
    "167914646830": ("ALTER TABLE student DROP COLUMN lms_user_id",),
    "724cde206c17": (
        ("CREATE TABLE grade_cell (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,"
        " max_score FLOAT NOT NULL, cell_type VARCHAR(8) NOT NULL, notebook_id VARCHAR(32),"
        " FOREIGN KEY(notebook_id) REFERENCES notebook (id), UNIQUE (name, notebook_id))"),
        ("INSERT INTO grade_cell SELECT b.id, b.name, g.max_score, g.cell_type, b.notebook_id"
        " FROM grade_cells AS g JOIN base_cell AS b ON b.id = g.id"),
        ("CREATE TABLE solution_cell (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT"
        " NULL, notebook_id VARCHAR(32), FOREIGN KEY(notebook_id) REFERENCES notebook (id),"
        " UNIQUE (name, notebook_id))"),
        ("INSERT INTO solution_cell SELECT b.id, b.name, b.notebook_id"
        " FROM solution_cells AS s JOIN base_cell AS b ON b.id = s.id"),
        "DELETE FROM grade WHERE cell_id IN (SELECT id FROM task_cells)",
        "DELETE FROM comment WHERE cell_id IN (SELECT id FROM task_cells)",
        ("DELETE FROM source_cell WHERE name IN (SELECT name FROM base_cell WHERE type="
        "'TaskCell')"),
        "DROP TABLE grade_cells", "DROP TABLE solution_cells", "DROP TABLE task_cells",
        "DROP TABLE base_cell",
    ),
    "50a4d84c131a": ("ALTER TABLE grade DROP COLUMN extra_credit",),
    "b6d005d67074": ("ALTER TABLE notebook DROP COLUMN kernelspec",),
}
"""nbgrader's older schemas, newest first: revision, and how to come to it from the one above."""


def age(gradebook: Path, revision: str, *, stamped: bool = True) -> None:
    """Make a gradebook one of an older nbgrader; before 0.5 there was no stamp at all."""
    with closing(sqlite3.connect(gradebook)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA legacy_alter_table = ON")
        for step, statements in OLDER.items():
            for statement in statements:
                connection.execute(statement)
            connection.execute("UPDATE alembic_version SET version_num = ?", (step,))
            if step == revision:
                break
        if not stamped:
            connection.execute("DROP TABLE alembic_version")
        connection.commit()


def copied(course: Path, target: Path) -> Path:
    """A copy to work on."""
    shutil.copytree(course, target)
    return target

"""A simulated class: varied, reproducible, and taken in by `kit collect` with its times."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kit import notebook
from kit.cli.main import cli
from kit.collect import collect, submissions, versions
from kit.course import assignment_of, load_course, load_roster
from kit.course.roster_import import write_roster
from kit.errors import KitError, ReleaseError
from kit.files import digest_tree
from kit.model import CellKind, Course, Learner
from kit.simulate import answers, roster_rows, simulate

SOLUTION = "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION"


def nbcell(kind: str, identity: str, text: str, cell_type: str = "code") -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell_type, "source": text,
        "metadata": {"nbgrader": {
            "grade": kind in ("test", "written"), "solution": kind in ("answer", "written"),
            "locked": kind == "test", "task": False, "grade_id": identity, "points": 2,
            "schema_version": 3, "cell_type": cell_type}}}
    if cell_type == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def write_notebook(path: Path, *, solved: bool) -> None:
    stub = "# YOUR CODE HERE\nraise NotImplementedError()"
    cells = [
        nbcell("answer", "q1", SOLUTION if solved else stub),
        nbcell("test", "q1-test", "assert double(2) == 4"),
        nbcell("answer", "q2", "total = 3 + 4" if solved else stub),
        nbcell("test", "q2-test", "assert total == 7"),
        nbcell("written", "q3", "It grows." if solved else "YOUR ANSWER HERE", "markdown"),
    ]
    notebook.write({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}, path)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "tiny"
    root.mkdir()
    (root / "course.yml").write_text(
        "id: tiny\ntitle: Tiny\ntimezone: Europe/Berlin\n"
        "assignments:\n  - name: ps1\n    due: 2027-09-20 18:00\n")
    write_notebook(root / "source/ps1/ps1.ipynb", solved=True)
    write_notebook(root / "release/ps1/ps1.ipynb", solved=False)
    return load_course(root)


@pytest.fixture
def ps1(course):
    return assignment_of(course, "ps1")


def test_the_same_seed_gives_the_same_bytes(course, ps1, tmp_path):
    one = simulate(course, ps1, None, 40, seed=7, to=tmp_path / "one")
    two = simulate(course, ps1, None, 40, seed=7, to=tmp_path / "two")
    other = simulate(course, ps1, None, 40, seed=8, to=tmp_path / "other")
    assert digest_tree(one.folder) == digest_tree(two.folder) != digest_tree(other.folder)
    assert one.kinds == two.kinds


def test_a_class_is_varied_and_its_bad_ones_are_named(course, ps1):
    made = simulate(course, ps1, None, 200, seed=1)
    assert sum(made.kinds.values()) == 200
    assert set(made.kinds) >= {"right", "wrong", "missing", "raising", "untouched", "duplicated",
                               "noisy", "not JSON", "deleted test", "stripped metadata",
                               "renamed"}
    assert "endless loop" not in made.kinds
    assert made.late > 0
    assert len(made.planted) == 16
    loop = simulate(course, ps1, None, 10, seed=1, endless=True)
    assert loop.kinds["endless loop"] == 1


def test_right_answers_stand_in_the_releases_frame(course, ps1):
    made = simulate(course, ps1, None, 60, seed=3)
    kinds = {one.learner: one.kind for one in made.planted}
    right = 0
    for path in sorted(made.folder.glob("*/ps1.ipynb")):
        if path.parent.name.split("+")[0] in kinds:
            continue
        cells = notebook.read(path)["cells"]
        text = {notebook.grade_id(cell): notebook.source(cell) for cell in cells}
        assert "BEGIN SOLUTION" not in path.read_text()
        tests = [text for cell in cells if notebook.kind(cell) is CellKind.TEST
                 for text in [notebook.source(cell)]]
        assert {"assert double(2) == 4", "assert total == 7"} == set(tests)
        right += text["q1"].startswith("def double(x):\n    return 2 * x") and (
            text["q2"].startswith("total = 3 + 4"))
    assert right >= made.kinds["right"]


@pytest.mark.parametrize("layout", ["exchange", "moodle"])
def test_collect_takes_the_class_with_its_times(course, ps1, layout):
    made = simulate(course, ps1, None, 30, seed=5, layout=layout)
    write_roster(course, [Learner(**row) for row in roster_rows(made)])
    found = collect(course, load_roster(course), ps1, made.folder)
    assert (found.unmatched, found.refused, found.missing) == ((), (), ())
    assert len(found.taken) == 30
    assert len(found.late) == made.late
    times = {one.learner: one.received_at for one in submissions(course, ps1)}
    for one in made.planted:
        moment = times[one.learner]
        assert moment is not None
        assert moment.replace(second=0) == one.received_at.replace(second=0)
    renamed = [one.learner for one in made.planted if one.kind == "renamed"]
    assert [v.learner for v in versions(course, "ps1") if v.renamed] == renamed


def test_what_is_not_ours_is_not_replaced(course, ps1, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    with pytest.raises(KitError, match="did not write"):
        simulate(course, ps1, None, 3, to=tmp_path / "mine")
    assert (tmp_path / "mine/thesis.txt").read_text() == "years of work"


def test_nothing_released(course, ps1):
    (course.root / "release/ps1/ps1.ipynb").unlink()
    with pytest.raises(ReleaseError, match="not released"):
        simulate(course, ps1, None, 3)
    assert not (course.records / "simulated/ps1").exists()


def test_the_commands_hand_a_class_over(course):
    runner = CliRunner()
    made = runner.invoke(cli, ["simulate", "ps1", "--count", "12", "--seed", "2", "--course",
                               str(course.root), "--json"])
    assert made.exit_code == 0, made.output
    told = json.loads(made.output)
    assert told["enrolled"]
    assert load_roster(course).learners[0].id == "learner-0001"
    shown = runner.invoke(cli, ["collect", "ps1", told["folder"], "--course", str(course.root)])
    assert shown.exit_code == 0, shown.output
    assert "12 learners handed in   12 new versions" in shown.output
    assert "kit grade ps1" in shown.output


def test_a_roster_of_real_learners_is_left_alone(course):
    write_roster(course, [Learner(id="learner-9001")])
    result = CliRunner().invoke(
        cli, ["simulate", "ps1", "--count", "3", "--course", str(course.root)])
    assert "--roster adds them" in result.output
    assert [one.id for one in load_roster(course).learners] == ["learner-9001"]


@given(st.integers(), st.sampled_from([
    "x = 1", "def f(a, b):\n    return a + b", "ok = True", "y = [n ** 2 for n in range(3)]",
    "%matplotlib inline\nz = 12", "label = 'a'\nprint(label)", "mean <- 12", "a < b"]))
def test_a_wrong_answer_differs(seed, text):
    made = answers.wrong(text, random.Random(seed))
    assert made != text
    try:
        ast.parse(text)
    except SyntaxError:
        return
    ast.parse(made)


def test_mistakes_that_the_author_wrote_down_are_made(course: Course, tmp_path: Path) -> None:
    path = course.root / "source/ps1/ps1.ipynb"
    source = notebook.read(path)
    tried = {"cell_type": "code", "metadata": {"tags": ["wrong-answer"]}, "outputs": [],
             "execution_count": None, "source": "# scores 0\nknown_mistake = 1"}
    source["cells"].insert(1, tried)
    notebook.write(source, path)
    simulate(course, course.assignments[0], None, 40, seed=3, to=tmp_path / "class")
    handed_in = [path.read_text() for path in (tmp_path / "class").rglob("*.ipynb")]
    made = [text for text in handed_in if "known_mistake" in text]
    assert made
    assert len(made) < len(handed_in) / 2

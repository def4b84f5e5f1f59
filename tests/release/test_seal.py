"""A release hands out no answer: its checks are sealed, by ours and by stock nbgrader."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sourcecells import cell
from stockrelease import stock_api
from tinycourse import write_course

from kit import notebook as nb
from kit.model import Course, Limits, RunState
from kit.release import generated, make_release
from kit.sandbox import Code, open_pool

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PROFIT = (
    "import math\nimport autograders as ag\nRIGHT = opening * 100 + 17\n"
    "def canary_reference(): return RIGHT\n"
    "assert canary_reference() > 1\n"
    "q = ag.Question('profit', points=2.5)\n"
    "q.add(ag.number('profit', RIGHT, mistakes={8453: ag.mistake('cash', 'CANARYMESSAGE', "
    "credit=0.2)}))\n"
    "for name, word in {'word': 'CANARYWORD'}.items():\n"
    "    q.add(ag.text(name, word), weight=1.5)\n"
    "### BEGIN HIDDEN TESTS\nq.add(ag.number('profit', RIGHT, label='CANARYHIDDEN'))\n"
    "### END HIDDEN TESTS\n"
    "q.result()")
CELLS = [
    cell("locked", "import autograders as ag\nopening = int(open('opening.txt').read())", "setup"),
    cell("answer", "### BEGIN SOLUTION\nprofit, word = 3217, 'Canaryword'\n### END SOLUTION", "a"),
    cell("test", PROFIT, "a-test", 2.5),
    cell("answer", "### BEGIN SOLUTION\nprice = 12.5\n### END SOLUTION", "b"),
    cell("test", "exam = ag.Question('price', points=1)\n"
         "exam.add(ag.Check(label='price', kind='own', examine=lambda names: "
         "ag.passed() if names['price'] == 12.5 else ag.failed('CANARYOWN')))\n"
         "exam.result()", "b-test", 1),
    cell("test", "q = ag.Question('broken', points=3)\n"
         "q.add(ag.number('price', not_there))\nCANARYBROKEN = 1\nq.result()", "c-test", 3),
    cell("test", "assert price > 0", "d-test", 1),
]
CANARIES = ("3217", "8453", "CANARY", "canary", "12.5", "RIGHT", "not_there")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = write_course(tmp_path)
    folder = tmp_path / "source" / "ps1"
    folder.joinpath("doubling.ipynb").write_text(json.dumps({
        "nbformat": 4, "nbformat_minor": 4, "cells": CELLS, "metadata": {"kernelspec": {
            "name": "python3", "display_name": "Python 3", "language": "python"}}}))
    folder.joinpath("opening.txt").write_text("32")
    return made


def handed_out(course: Course) -> dict[str, str]:
    """The cells of the release by grade_id."""
    notebook = nb.read(course.root / "release" / "ps1" / "doubling.ipynb")
    return {str(nb.grade_id(one)): nb.source(one) for one in notebook["cells"]}


def run(course: Course, texts: list[str]) -> list[dict[str, Any]]:
    """What checks say of these cells, run as a learner runs them."""
    with open_pool(()) as pool:
        execution, _ = pool.run([Code(source=text) for text in texts], Limits(),
                                cwd=course.root / "release" / "ps1")
    assert [one.state for one in execution.cells] == [RunState.OK] * len(texts)
    return [output["data"]["application/vnd.autograders+json"] for one in execution.cells
            for output in one.outputs
            if "application/vnd.autograders+json" in output.get("data", {})]


def assert_sealed(course: Course) -> None:
    cells = handed_out(course)
    text = "\n".join(cells.values())
    assert not [canary for canary in CANARIES if canary in text]
    assert cells["d-test"] == "assert price > 0"
    assert "exam = ag.Question" in cells["b-test"]
    said = run(course, [cells["setup"], "profit, word, price = 3217.0, 'canary word', 1",
                        cells["a-test"], "profit, word = 8453, 'canaryword'", cells["a-test"],
                        cells["b-test"], cells["c-test"]])
    assert [(one["question"], one["points"], one["max_points"], [
        check["state"] for check in one["checks"]]) for one in said] == [
        ("profit", 1.0, 2.5, ["passed", "failed"]), ("profit", 1.7, 2.5, ["partial", "passed"]),
        ("price", 0.0, 1.0, ["later"]), ("broken", 0.0, 3.0, [])]
    assert said[1]["checks"][0]["message"] == "CANARYMESSAGE"


def test_our_release_is_sealed_and_checks_at_once(course: Course) -> None:
    (assignment, _) = course.assignments
    made = make_release(course, assignment)
    assert_sealed(course)
    full = {one.grade_id: one.source for one in made.release.notebooks[0].cells}
    assert full["a-test"] == PROFIT  # what grading runs
    assert generated(course, assignment).release.digest == made.release.digest


@pytest.mark.slow
def test_stock_nbgraders_release_is_sealed_and_its_gradebook_keeps_the_test(
    course: Course
) -> None:
    from nbgrader.api import Gradebook
    api = stock_api(course)
    with contextlib.chdir(course.root):
        said = api.generate_assignment("ps1", create=True)
    assert said["success"], said.get("log")
    assert_sealed(course)
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_source_cell("a-test", "doubling", "ps1").source == PROFIT
    gc.collect()


def test_formgraders_button_seals_too(course: Course) -> None:
    """formgrader calls the API where an event loop is running."""
    api = stock_api(course)

    async def clicked() -> dict[str, Any]:
        said: dict[str, Any] = api.generate_assignment("ps1", create=True)
        return said

    with contextlib.chdir(course.root):
        said = ThreadPoolExecutor(1).submit(asyncio.run, clicked()).result()
    gc.collect()
    assert said["success"], said.get("log")
    assert_sealed(course)


@pytest.mark.slow
def test_stock_and_ours_hand_out_the_same(course: Course) -> None:
    (assignment, _) = course.assignments
    make_release(course, assignment)
    ours = handed_out(course)
    api = stock_api(course)
    with contextlib.chdir(course.root):
        api.generate_assignment("ps1", create=True)
    gc.collect()
    assert handed_out(course) == ours


def test_a_test_that_could_not_be_run_is_named_with_the_reason(course: Course) -> None:
    (notebook,) = generated(course, course.assignments[0]).notebooks
    assert notebook.unsealed == {
        "c-test": "the cell raises NameError: name 'not_there' is not defined"}


def test_an_author_may_hand_tests_out_as_they_are(course: Course) -> None:
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.SealTests.enabled = False\n")
    make_release(course, course.assignments[0])
    assert "8453" in handed_out(course)["a-test"]


def test_a_notebook_without_checkers_is_not_run(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    source = tmp_path / "source" / "ps1" / "doubling.ipynb"
    notebook = json.loads(source.read_text())
    notebook["cells"].insert(0, cell("code", "open('was-run', 'w').write('x'); Question = 1"))
    source.write_text(json.dumps(notebook))
    made = make_release(course, course.assignments[0])
    assert all("ag.sealed" not in one.released for one in made.release.notebooks[0].cells)
    assert not list(tmp_path.rglob("was-run"))


def test_variants_get_no_digest_that_fits_one_learner_alone(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    cells = [
        cell("locked", "import autograders as ag\nvariant = ag.variant(assignment='ps1')\n"
             "price = variant.randint(1, 10**6)", "setup"),
        cell("answer", "### BEGIN SOLUTION\ncost, unit = 2 * price, 'euro'\n### END SOLUTION", "a"),
        cell("test", "q = ag.Question('cost', points=1)\nq.add(ag.number('cost', 2 * price))\n"
             "q.add(ag.text('unit', 'euro'))\nq.result()", "a-test", 1)]
    (tmp_path / "source" / "ps1" / "doubling.ipynb").write_text(json.dumps({
        "nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))
    make_release(course, course.assignments[0])
    out = handed_out(course)
    said = run(course, [out["setup"], "cost, unit = 2 * price, 'euro'", out["a-test"],
                        "cost = 'x'", out["a-test"]])
    assert [[check["state"] for check in one["checks"]] for one in said] == [
        ["later", "passed"], ["failed", "passed"]]

"""A notebook that draws parameters for each learner is graded as many of them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from kit.check import check_folder
from kit.check.variant_runs import LEARNERS
from kit.model import Progress

DRAW = """\
import autograders as ag
rng = ag.variant(learner, "ps1")
principal = rng.step(1000, 5000, by=250)
years = rng.randint(0, 12)
rng"""
ANSWER = "### BEGIN SOLUTION\ngrown = principal * 1.5 ** years\n### END SOLUTION"
TEST = """\
assert isinstance(grown, float)
### BEGIN HIDDEN TESTS
assert abs(grown - principal * 1.5 ** years) < 1e-6
### END HIDDEN TESTS"""


@pytest.fixture
def drawing(folder: Any, make_cell: Any) -> Any:
    """The faultless course, with a question whose numbers are each learner's own."""
    folder.insert(
        6, make_cell("code", 'learner = ""'), make_cell("locked", DRAW, "parameters"),
        make_cell("answer", ANSWER, "grown"), make_cell("test", TEST, "test_grown", 2))
    return folder


def told(folder: Any) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in folder.check("ps1")]


def test_a_solution_for_all_learners_has_no_finding(drawing: Any) -> None:
    assert told(drawing) == []


def test_a_number_that_fits_some_learners_is_found_with_the_first_that_it_does_not(
    drawing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import autograders as ag

    def years(learner: str | None) -> int:
        if learner is not None:
            monkeypatch.setenv("KIT_LEARNER", learner)
        rng = ag.variant("", "ps1")
        rng.step(1000, 5000, by=250)
        return rng.randint(0, 12)

    sample = years(None)
    drawing.source("grown", "1.5 ** years", f"1.5 ** {sample}")
    (found,) = drawing.check("ps1")
    others = [learner for learner in LEARNERS if years(learner) != sample]
    assert (found.code, found.cell, found.severity.value) == ("E225", "test_grown", "error")
    assert 0 < len(others) < len(LEARNERS) == 50
    assert f"for {len(others)} of 50 variants, first for {others[0]}: AssertionError" in (
        found.message)
    assert f"KIT_LEARNER={others[0]}" in found.hint


def test_an_answer_that_raises_for_some_is_named(drawing: Any) -> None:
    drawing.source("grown", "grown = principal", "1 / years\ngrown = principal")
    (found,) = (one for one in drawing.check("ps1") if one.code == "E225")
    assert "cell grown before it: ZeroDivisionError" in found.message


@pytest.mark.slow
def test_partial_credit_is_not_full_marks(drawing: Any) -> None:
    drawing.source("test_grown", "### END", "2.0 if years < 11 else 1.5\n### END")
    (found,) = drawing.check("ps1")
    assert (found.code, found.cell) == ("E225", "test_grown")
    assert found.message.endswith("1.5 of 2 points")


@pytest.mark.slow
def test_a_test_that_fails_for_all_is_told_once(drawing: Any) -> None:
    drawing.source("test_grown", "< 1e-6", "< -1")
    assert told(drawing) == [("E201", "test_grown")]


def test_a_question_without_variants_beside_it_is_told_as_before(drawing: Any) -> None:
    drawing.source("test_interest", "150", "151")
    assert told(drawing) == [("E201", "test_interest")]


@pytest.mark.parametrize("drawn", [
    'rng = ag.variant(learner, "ps1")', 'ag.variant(assignment="ps1", student=learner)',
])
def test_variants_that_do_not_differ(drawing: Any, drawn: str) -> None:
    drawing.cell("parameters")["source"] = (
        f"import autograders as ag\n\n{drawn}\nprincipal, years = 1000, 3")
    drawing.save()
    (found,) = drawing.check("ps1")
    assert (found.code, found.cell, found.line) == ("W215", "parameters", 3)


@pytest.mark.slow
def test_another_assignments_variant(drawing: Any) -> None:
    drawing.source("parameters", '"ps1"', '"ps2"')
    (found,) = drawing.check("ps1")
    assert (found.code, found.cell, found.line) == ("W216", "parameters", 2)
    assert "'ps2'" in found.message
    assert 'ag.variant(learner, "ps1")' in found.hint


def test_a_draw_without_a_seed_is_still_found(drawing: Any) -> None:
    drawing.source("parameters", "rng = ", "import random\nlucky = random.random()\nrng = ")
    assert told(drawing) == [("E205", "parameters")]


def test_each_variant_is_counted_where_it_is_drawn_alone(folder: Any, drawing: Any) -> None:
    heard: list[Progress] = []
    check_folder(drawing.root, assignments=["ps1"], on_progress=heard.append, pool=folder.pool)
    assert {one.total for one in heard} == {4 + 50}
    assert Counter(one.done for one in heard) == Counter(range(1, 55))
    folder.cells = [one for one in folder.cells if "years" not in one["source"]]
    folder.save()
    heard.clear()
    check_folder(folder.root, assignments=["ps1"], on_progress=heard.append, pool=folder.pool)
    assert {one.total for one in heard} == {4}


def test_who_is_at_work_here_changes_no_check(
    drawing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import autograders as ag

    sample = ag.variant("", "ps1").step(1000, 5000, by=250)
    drawing.source("grown", "= principal", f"= {sample}")
    monkeypatch.setenv("KIT_LEARNER", "learner-0042")
    monkeypatch.setenv("JUPYTERHUB_USER", "learner-0042")
    assert ag.variant("", "ps1").step(1000, 5000, by=250) != sample
    assert told(drawing) == [("E225", "test_grown")]  # no E201: it was run as the sample


def test_validate_draws_as_the_notebook_does(
    drawing: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import autograders as ag

    monkeypatch.setenv("JUPYTERHUB_USER", "learner-0042")
    own = ag.variant("", "ps1").step(1000, 5000, by=250)
    monkeypatch.delenv("JUPYTERHUB_USER")
    sample = ag.variant("", "ps1").step(1000, 5000, by=250)
    assert own != sample
    drawing.source("grown", ANSWER, "grown = principal * 1.5 ** years")
    drawing.source("test_grown", TEST, f"assert principal == {own}")
    notebook = drawing.root / "source/ps1/interest.ipynb"

    def points() -> float:
        _, out, _ = kit("validate", notebook, "--json")
        (one,) = json.loads(out)["notebooks"]
        return next(q["points"] for q in one["questions"] if q["grade_id"] == "test_grown")

    assert points() == 0
    monkeypatch.setenv("JUPYTERHUB_USER", "learner-0042")
    assert points() == 2

"""The cells that docs/problem-set.md shows work as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import doc_pages as pages
import pytest

PAGE = (pages.DOCS / "problem-set.md").read_text(encoding="utf-8")


def cell(source: str, grade_id: str, cell_type: str = "code", **flags: Any) -> dict[str, Any]:
    meta = {"grade_id": grade_id, "schema_version": 3, "cell_type": cell_type, "grade": False,
            "locked": False, "solution": False, "task": False, **flags}
    made: dict[str, Any] = {"cell_type": cell_type, "id": grade_id, "source": source,
                            "metadata": {"nbgrader": meta}}
    if cell_type == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the assignment and the outcome of the page, its cells in one notebook."""
    from kit import notebook

    folder = tmp_path_factory.mktemp("ps")
    assignments, outcomes = pages.blocks(PAGE, "yaml")
    answer, test, carried, wrong, own_id, parameters, grown, grown_test = pages.blocks(
        PAGE, "python")
    _, task = pages.blocks(PAGE, "text")
    (folder / "course.yml").write_text(
        f"id: c\ntitle: C\ngrading: {{groups: [{{name: problem-sets, weight: 100}}]}}\n"
        f"{assignments}{outcomes}")
    locked = {"grade": True, "locked": True}
    notebook.write({"nbformat": 4, "nbformat_minor": 5, "cells": [
        cell(answer.rstrip(), "margin", solution=True),
        {"cell_type": "code", "id": "wrong", "metadata": {"tags": ["wrong-answer"]},
         "source": wrong.rstrip(), "outputs": [], "execution_count": None},
        cell(test.rstrip(), "margin-test", points=3, **locked),
        cell("### BEGIN SOLUTION\nprofit = 4000\ntax = 0.3 * profit\n### END SOLUTION", "tax",
             solution=True),
        {"cell_type": "code", "id": "carried", "metadata": {"tags": ["other-answer"]},
         "source": "profit = 5000\ntax = 1500", "outputs": [], "execution_count": None},
        cell(f"import autograders as ag\n### BEGIN HIDDEN TESTS\n{carried.rstrip()}\n"
             "### END HIDDEN TESTS\nq.result()", "tax-test", points=1, **locked),
        cell("### BEGIN SOLUTION\nIt leaves out rent.\n### END SOLUTION", "margin-words",
             "markdown", grade=True, solution=True, points=2),
        cell(task.rstrip(), "cash-task", "markdown", task=True, locked=True, points=3),
        {"cell_type": "code", "id": "own-id", "metadata": {}, "source": own_id.rstrip(),
         "outputs": [], "execution_count": None},
        cell(parameters.rstrip(), "parameters", locked=True),
        cell(grown.rstrip(), "balance", solution=True),
        cell(grown_test.rstrip(), "balance-test", points=2, **locked),
    ], "metadata": {"kernelspec": {"name": "python3", "language": "python",
                                   "display_name": "Python 3"}}},
        folder / "source" / "ps2" / "ps2.ipynb")
    return folder


def test_the_set_has_no_finding(root: Path) -> None:
    from kit.check import check_folder

    assert [f"{one.code} {one.cell}: {one.message}" for one in check_folder(root)] == []


def test_learners_see_no_answer_hidden_test_or_mark_scheme(root: Path) -> None:
    from kit.course import load_course
    from kit.release import generate

    course = load_course(root)
    release = generate(course, course.assignments[0])
    handed_out = "\n".join(one.released for one in release.notebooks[0].cells)
    for kept in ("revenue - cost", "175", "over-cost", "leaves out rent", "One point for naming"):
        assert kept not in handed_out
    assert "[((8, 6), 0.25)]" not in handed_out
    shown = pages.blocks(PAGE, "text")[0].partition('"eN')[0]
    assert shown.startswith("q.add(ag.sealed(")
    assert f'{shown}"eN' in handed_out
    assert "Explain to the owner" in handed_out
    assert release.max_points == 11


def test_each_learner_has_a_variant_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's parameters, drawn by its cells: who they are for, and that they differ."""
    for name in ("KIT_LEARNER", "NBGRADER_EXECUTION", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    own_id, parameters = pages.blocks(PAGE, "python")[4:6]
    drawn = {}
    for learner in ("", "learner-0042", "learner-0043"):
        names: dict[str, Any] = {}
        exec(own_id.replace('""', f'"{learner}"') + parameters, names)
        drawn[repr(names["rng"])] = tuple(names[n] for n in ("principal", "rate", "years"))
    assert list(drawn)[1:] == ["variant of learner-0042 for ps2", "variant of learner-0043 for ps2"]
    assert list(drawn)[1] in PAGE
    assert len(set(drawn.values())) == 3

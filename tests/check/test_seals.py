"""What learners get of a test is sealed, runs, and knows the right answer."""

from __future__ import annotations

from typing import Any

SETUP = "\nimport autograders as ag"
HEAD = "q = ag.Question('interest', points=3)\n"


def with_question(folder: Any, body: str) -> None:
    folder.source("setup", "import numpy as np", "import numpy as np" + SETUP)
    folder.cell("test_interest")["source"] = f"{HEAD}{body}\nq.result()"
    folder.save()


def codes(folder: Any) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in folder.check("ps1")]


def test_a_sealed_test_is_no_finding_though_it_holds_the_answer(folder: Any) -> None:
    with_question(folder, "q.add(ag.number('paid', 150.0, mistakes={50.0: 'One year?'}))")
    assert codes(folder) == []


def test_a_value_that_is_drawn_anew_refuses_the_solution(folder: Any) -> None:
    folder.source("setup", "import numpy as np", "import os\nstamp = os.urandom(9).hex()\n"
                  "import numpy as np")
    with_question(folder, "q.add(ag.text('stamp', stamp))")
    found = next(one for one in folder.check("ps1") if one.code == "E226")
    assert (found.cell, found.message) == (
        "test_interest", "with the solution, learners would read: stamp: That is not right.")


def test_a_test_that_does_not_run_without_its_hidden_part_is_named(folder: Any) -> None:
    with_question(folder, "### BEGIN HIDDEN TESTS\nright = 150\n### END HIDDEN TESTS\n"
                          "q.add(ag.number('paid', right))")
    (found,) = folder.check("ps1")
    assert (found.code, found.cell) == ("W214", "test_interest")
    assert "NameError: name 'right' is not defined" in found.message


def test_an_answer_in_a_part_that_is_not_sealed_is_still_a_leak(folder: Any) -> None:
    folder.source("test_draws", "assert len(draws) == 5",
                  "assert len(draws) == 5\nassert sum(draws) == 325")
    assert ("E204", "test_draws") in codes(folder)


def test_a_check_that_raises_for_an_answer_is_told_to_the_author(
    folder: Any, make_cell: Any
) -> None:
    with_question(folder, "q.add(ag.Check(label='paid', kind='own', examine=lambda names: "
                          "ag.passed() if names['paid'].is_integer() else ag.failed('no')))")
    trial = make_cell("code", "paid = 'a lot'")
    trial["metadata"]["tags"] = ["wrong-answer"]
    folder.insert(3, trial)
    (found,) = (one for one in folder.check("ps1") if one.code == "E227")
    assert found.cell == "test_interest"
    assert found.message.startswith("it cannot judge an untouched release: paid: This could not "
                                    "be checked (KeyError in the check itself)")
    folder.source("test_interest", "names['paid'].is", "names.get('paid', 0.5).is")
    (found,) = (one for one in folder.check("ps1") if one.code == "E227")
    assert found.message.startswith("it cannot judge the wrong answer of cell 4: paid: ")

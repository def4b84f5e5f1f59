"""Wrong and other answers are tried in each check; mutants show what no test notices."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.check import mutate_course, total_score
from kit.course import load_course

PS1 = "source/ps1/interest.ipynb"
SOLVED = "def interest(amount, rate):\n    return amount * rate\n\npaid = interest(1250, 0.04) * 3"


def trial(make_cell: Any, tag: str, source: str) -> dict[str, Any]:
    made: dict[str, Any] = make_cell("code", source)
    made["metadata"]["tags"] = [tag]
    return made


def codes(folder: Any) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in folder.check("ps1") if one.code.startswith("E22")]


@pytest.mark.parametrize(("tag", "source", "code"), [
    ("wrong-answer", SOLVED.replace("* 3", "* 2"), None),
    ("wrong-answer", f"# scores 0: forgets a year\n{SOLVED.replace('* 3', '* 2')}", None),
    ("wrong-answer", f"# scores 1\n{SOLVED.replace('* 3', '* 2')}", "E221"),
    ("wrong-answer", f"# pays it all\n{SOLVED}", "E221"),
    ("wrong-answer", "1 / 0", None),
    ("other-answer", SOLVED.replace("amount * rate", "rate * amount"), None),
    ("other-answer", f"# scores: another order\n{SOLVED}", None),
    ("other-answer", SOLVED.replace("* 3", "+ 100.01"), "E222"),
    ("other-answer", f"# scores 9\n{SOLVED}", "E223"),
])
def test_an_answer_to_try(folder: Any, make_cell: Any, tag: str, source: str, code: str | None
                          ) -> None:
    folder.insert(3, trial(make_cell, tag, source))
    assert codes(folder) == ([(code, "cell 4")] if code else [])


def test_the_finding_says_which_mistake_earns_what(folder: Any, make_cell: Any) -> None:
    folder.insert(3, trial(make_cell, "wrong-answer", f"# scores 1: one year short\n{SOLVED}"))
    (found,) = (one for one in folder.check("ps1") if one.code == "E221")
    assert found.message == (
        "the wrong answer (one year short) earns 3 of 3 points, and 1 is stated")


def test_a_trial_in_the_wrong_place(folder: Any, make_cell: Any) -> None:
    folder.insert(0, trial(make_cell, "wrong-answer", "paid = 1"))
    text = make_cell("text", "paid = 1")
    text["metadata"]["tags"] = ["other-answer"]
    folder.insert(4, text)
    assert codes(folder) == [("E223", "cell 1"), ("E223", "cell 5")]


def test_a_questions_points_are_those_of_its_cell(folder: Any) -> None:
    folder.source("test_draws", "assert len(draws) == 5\nscore = float(len(set(draws)) > 1) * 2\n"
                  "score", "import autograders as ag\nq = ag.Question('draws', points=1)\n"
                  "q.add(ag.Check(label='draws', kind='mine', examine=lambda names: "
                  "ag.passed() if len(names['draws']) == 5 else ag.failed('no')))\nq.result()")
    assert ("E224", "test_draws") in codes(folder)


def test_mutants_that_no_test_notices_are_named(folder: Any) -> None:
    folder.source("test_interest", "assert interest(100, 0.5) == 50", "assert interest(0, 9) == 0")
    mutated = mutate_course(load_course(folder.root), assignments=["ps1"], pool=folder.pool)
    by_question = {one.question: one for one in mutated}
    assert set(by_question) == {"interest", "draws"}
    interest = by_question["interest"]
    # `paid` is tested to the cent, so whatever the function does wrong shows there.
    assert (interest.survived, interest.score) == ((), 1.0)
    draws = by_question["draws"]
    assert {trial.what for trial in draws.survived} == {"7 changed", "100 changed", "0 changed"}
    total = total_score(mutated)
    assert total is not None
    assert 0.5 < total < 1.0


@pytest.mark.slow
def test_mutants_on_the_command_line(folder: Any, kit: Any) -> None:
    code, out, err = kit("check", "ps1", "--mutate", "--course", folder.root)
    assert code == 0, err
    assert "draws, line 2: 7 changed, and it still scores full" in out
    assert "the tests noticed" in out
    code, out, _ = kit("check", "ps1", "--mutate", "--json", "--course", folder.root)
    document = json.loads(out)
    assert 0.5 < document["mutation_score"] < 1.0
    assert {one["question"] for one in document["mutants"]} == {"interest", "draws"}

"""Checks of the form alone: for the visible part of a test, which must not hold the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders import accounting

FORMS = (
    ag.number("x"), ag.number("x", mistakes={5: "Five?"}), ag.choice("x", options=["a", "b"]),
    ag.choice("x", options=["a", "b"], items="ab"),
    ag.choice("x", options=["a", "b"], several=True), ag.plot("x"), ag.function("x", parameters=1),
    ag.hypothesis_test("x", parts=["statistic", "p", "interval", "reject"]),
    ag.distribution("x", size=3), ag.table("x"), accounting.journal("x", accounts=["Cash"]),
    accounting.journal("x"), accounting.balance_sheet("x", {"Assets": ["Cash"], "Equity": ["E"]}),
    accounting.trial_balance("x", ["Cash", "Equity"]), accounting.trial_balance("x"),
    accounting.ledger("x"), accounting.income_statement("x"), accounting.balance_sheet("x"),
    accounting.cash_flow("x"), accounting.ratio("x"),
)


@pytest.mark.parametrize("check", FORMS, ids=lambda check: check.kind)
def test_the_form_alone_earns_nothing_unless_it_is_told_to(check: ag.Check) -> None:
    assert not check.counts
    q = ag.Question("q", points=2, names={"x": 5})
    q.add(check)
    assert q.result() == 0
    q.add(ag.number("x", 5))
    assert q.result() == 2
    q.add(check, weight=1)
    assert q.result() <= 2
    assert q.result().report.checks[-1].weight == 1


@hostile.over_all
def test_no_value_trips_a_check_of_the_form_or_runs_its_code(
        name: str, make: Callable[[], Any]) -> None:
    value = hostile.made(make)
    for check in FORMS:
        for placed in (value, [value], {"a": value, "b": value, "Cash": value}):
            found = checking.check(check, x=placed)
            assert hostile.TOUCHED == [], check.kind
            assert not found.review, (check.kind, found.message)
            assert found.message.endswith((".", "?")), found.message


def test_a_number_is_told_to_be_one_and_no_more() -> None:
    assert checking.check(ag.number("x"), x=1).message == checking.check(
        ag.number("x"), x=1.0).message == "1 is a number."


def test_a_mistake_without_an_expected_answer_is_a_predicate_of_a_choice() -> None:
    with pytest.raises(TypeError, match="predicate"):
        ag.choice("x", options=["a", "b"], mistakes={"a": "No."})

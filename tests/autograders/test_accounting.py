"""No learner's value trips a checker of accounts, runs its code there, or passes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders import accounting

JOURNAL = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenue 500
2027-03-05 [b]  Dr Rent expense 200 / Cr Cash 200
"""
SHEET = {"Assets": {"Cash": 300}, "Equity": {"Capital": 300}}
CHECKS = [
    accounting.journal("x", JOURNAL, mistakes={lambda entries: len(entries) > 90: "many"}),
    accounting.journal("x", lambda entries: (*entries, *entries),
                       given={"entries": ag.answer("x", JOURNAL)}),
    accounting.ledger("x", lambda own: {"Cash": 3, "Loan": sum(own.values())},
                      given={"own": ag.answer("x", {"Cash": 5})}),
    accounting.ledger("x", JOURNAL, opening={"Loan": -50, "Cash": 50}),
    accounting.ledger("x", JOURNAL, postings=True,
                      mistakes={lambda own: own["Cash"] == 7_000: "odd"}),
    accounting.trial_balance("x", JOURNAL),
    accounting.income_statement("x", {"Revenue": {"Sales": 500}, "Expenses": {"Rent": 200}}),
    accounting.income_statement("x", {"Sales": 500, "Rent": -200}, total=None),
    accounting.balance_sheet("x", SHEET, income="x", opening_equity=0),
    accounting.cash_flow("x", {"operating": {"Sales": 500}, "investing": {"Van": -200}}),
    accounting.cash_flow("x", {"operating": 500, "investing": -200}, opening=0, closing=300),
    accounting.ratio("x", 3, ag.answer("x", 8), opening=5),
]
PLACES: list[Callable[[Any], Any]] = [
    lambda value: value,
    lambda value: [value],
    lambda value: [value, value],
    lambda value: [("2027-03-02", "Cash", "Revenue", value)],
    lambda value: [(value, "Cash", "Revenue", 500)],
    lambda value: [(value, "Revenue", 500)],
    lambda value: [("Cash", value, 500)],
    lambda value: [("Cash", value)],
    lambda value: [["2027-03-02", [value, ("Revenue", "credit", 500)]]],
    lambda value: {"Cash": value},
    lambda value: {"Assets": {"Cash": value}, "operating": {"Sales": value, "Van": 3}},
    lambda value: {"Cash": {"debit": value, "credit": [value]}},
    lambda value: {"a": {"date": value, "debit": {"Cash": value}, "credit": value}},
    lambda value: [{"account": value, "debit": value, "credit": value, "entry": value}],
    lambda value: {"account": [value], "debit": [value], "credit": [1]},
    lambda value: [accounting_entry(value)],
]


def accounting_entry(value: Any) -> accounting.Entry:
    """An entry that a learner made, and then tampered with."""
    line = accounting.Line(account="Cash", side="debit", amount=500)  # type: ignore[arg-type]
    entry = accounting.Entry(lines=(line,))
    object.__setattr__(line, "amount", value)
    object.__setattr__(line, "account", value)
    object.__setattr__(entry, "date", value)
    return entry


@hostile.over_all
def test_no_value_trips_a_checker_runs_its_code_or_passes(
    name: str, make: Callable[[], Any]
) -> None:
    value = hostile.made(make)
    for place in PLACES:
        placed = place(value)
        for check in CHECKS:
            found = checking.check(check, x=placed)
            assert hostile.TOUCHED == [], check.kind
            assert not found.review, (check.kind, found.message)
            assert found.credit < 1, check.kind
            assert found.message.endswith((".", "?")), found.message
            assert len(found.message) < 1_500


def test_a_missing_name_costs_its_own_check() -> None:
    for check in CHECKS:
        found = checking.check(check, y=1)
        assert (found.credit, found.tags) == (0.0, ("missing",))


@pytest.mark.skipif(sys.platform == "emscripten", reason="a browser starts no other process")
def test_the_pack_is_loaded_when_it_is_asked_for_and_loads_nothing_else() -> None:
    code = (
        "import sys, autograders as ag\n"
        "assert 'autograders.accounting' not in sys.modules\n"
        "assert ag.accounting.journal and ag.finance.npv\n"
        "import autograders.accounting\n"
        "own = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)\n"
        "assert not own & {'numpy', 'pandas', 'polars', 'kit', 'narwhals'}, own\n")
    subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"],
                   check=True)


def test_a_strange_attribute_is_none() -> None:
    with pytest.raises(AttributeError, match="no attribute 'acounting'"):
        _ = ag.acounting  # type: ignore[attr-defined]


@pytest.mark.parametrize(("make", "words"), [
    (lambda: accounting.journal("x", "Dr Cash 5 / Cr Sales 4"), "does not balance"),
    (lambda: accounting.journal("x", "Cash 5"), "line 1"),
    (lambda: accounting.journal("x", []), "no entries"),
    (lambda: accounting.journal("x.y", JOURNAL), "is not a name"),
    (lambda: accounting.journal("x", JOURNAL, accounts=["Cash"]), "not in accounts"),
    (lambda: accounting.journal("x", JOURNAL, accounts=["Cash", "cash", "Revenue",
                                                             "Rent expense"]), "case or spaces"),
    (lambda: accounting.journal("x", JOURNAL, roles={"Cash": "money"}), "a role is"),
    (lambda: accounting.journal("x", JOURNAL, weights={"acount": 1}), "weights are of"),
    (lambda: accounting.journal("x", JOURNAL, weights=dict.fromkeys(
        ("account", "side", "amount"), 0)), "some part counts"),
    (lambda: accounting.journal("x", JOURNAL, period="week"), "a period is"),
    (lambda: accounting.journal("x", JOURNAL, credit="some"), "credit is"),
    (lambda: accounting.journal("x", JOURNAL, mistakes={"Cash 5": "no"}), "line 1"),
    (lambda: accounting.journal("x", JOURNAL, given={"a": ag.answer("a", 3)}), "is a function"),
    (lambda: accounting.ledger("x", {"Cash": 0}), "hold nothing"),
    (lambda: accounting.ledger("x", {"Cash": 5}, opening={"Cash": 3}), "goes with a journal"),
    (lambda: accounting.ledger("x", {"Cash": 5}, mistakes={5: "no"}), "a mistake is"),
    (lambda: accounting.trial_balance("x", {"Cash": 5}), "does not balance"),
    (lambda: accounting.balance_sheet("x", {"Assets": {"Cash": 5}}), "does not balance"),
    (lambda: accounting.balance_sheet("x", {"Cash": 5}), "section of assets"),
    (lambda: accounting.balance_sheet("x", SHEET, income="p"), "go together"),
    (lambda: accounting.income_statement("x", [1]), "a statement is"),
    (lambda: accounting.income_statement("x", {"Sales": "5"}), "a number"),
    (lambda: accounting.cash_flow("x", {"operating": 5}, opening=1, closing=2), "changes by 1"),
    (lambda: accounting.cash_flow("x", {"operating": 5}, opening=1), "go together"),
    (lambda: accounting.cash_flow("x", {"operating": 5}, method="both"), "a method is"),
    (lambda: accounting.ratio("x", 1, 0), "divides by 0"),
    (lambda: accounting.ratio("x", 1, 2, average=True), "opening="),
    (lambda: accounting.ratio("x", "1", 2), "a part of a ratio"),
])
def test_a_wrong_use_by_an_author_is_told(make: Callable[[], Any], words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        make()

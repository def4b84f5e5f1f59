"""Ledgers and trial balances: posted from a journal, in any form, with what is wrong named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import checking
import pytest

import autograders as ag
from autograders.accounting import Account, balances, ledger, post, trial_balance

JOURNAL = """
2027-03-02  Dr Cash 500 / Cr Revenue 500
2027-03-05  Dr Accounts receivable 1,250 / Cr Revenue 1,250
2027-03-09  Dr Parts expense 300 / Cr Accounts payable 300
2027-03-31  Dr Wages expense 700 / Dr Tax expense 100 / Cr Cash 800
"""
OPENING = {"Cash": 1000, "Capital": -1000}
BALANCES = balances(JOURNAL, OPENING)
SIDES = {name: {"debit": list(one.debit), "credit": list(one.credit)}
         for name, one in post(JOURNAL, OPENING).items()}
ROWS = [(name, max(one, 0), max(-one, 0)) for name, one in BALANCES.items()]


def books(learners: Any, **options: Any) -> ag.Outcome:
    return checking.check(ledger("x", JOURNAL, opening=OPENING, **options), x=learners)


def trial(learners: Any, expected: Any = JOURNAL, **options: Any) -> ag.Outcome:
    own = {"opening": OPENING, **options} if expected is JOURNAL else options
    return checking.check(trial_balance("x", expected, **own), x=learners)


def test_a_journal_is_posted() -> None:
    assert BALANCES == {
        "Cash": 700, "Capital": -1000, "Revenue": -1750, "Accounts receivable": 1250,
        "Parts expense": 300, "Accounts payable": -300, "Wages expense": 700, "Tax expense": 100}
    assert post("Dr Cash 5 / Cr cash 5") == {
        "Cash": Account(debit=(Decimal(5),), credit=(Decimal(5),))}
    with pytest.raises(ValueError, match="line 1"):
        post("nonsense")
    with pytest.raises(ValueError, match="a balance is a number"):
        post(JOURNAL, {"Cash": "much"})


FORMS: list[Any] = [
    BALANCES, {name.upper(): float(one) for name, one in BALANCES.items()}, SIDES, ROWS,
    {name: ("debit" if one > 0 else "credit", abs(one)) for name, one in BALANCES.items()},
    {name: (debit, credit) for name, debit, credit in ROWS},
    [[name, "Dr", debit] if debit else [name, "Cr", credit] for name, debit, credit in ROWS],
    [{"account": name, "debit": debit or None, "credit": credit} for name, debit, credit in ROWS],
    [{"account": name, "balance": one} for name, one in BALANCES.items()],
    {"account": [row[0] for row in ROWS], "debit": [row[1] for row in ROWS],
     "credit": [row[2] for row in ROWS]},
    {name: [("debit", one) for one in sides["debit"]] + [("credit", one) for one in sides["credit"]]
     for name, sides in SIDES.items()},
]


@pytest.mark.parametrize("learners", FORMS)
def test_forms_of_one_ledger(learners: Any) -> None:
    assert books(learners).credit == 1
    assert trial(learners).credit == 1


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_tables(library: str) -> None:
    frames = pytest.importorskip(library)
    table = {"Account": [row[0] for row in ROWS], "Debit": [float(row[1]) for row in ROWS],
             "Credit": [float(row[2]) or None for row in ROWS]}
    assert books(frames.DataFrame(table)).credit == 1
    assert trial(frames.DataFrame(table)).credit == 1


def test_a_series_of_balances() -> None:
    pandas = pytest.importorskip("pandas")
    assert trial(pandas.Series({name: float(one) for name, one in BALANCES.items()})).credit == 1


@pytest.mark.parametrize(("change", "tags", "credit"), [
    ({"Cash": -700}, ("wrong-side",), 7.5 / 8), ({"Cash": -300}, ("opening-balance",), 7 / 8),
    ({"Cash": 701}, ("wrong-balance",), 7 / 8), ({"Cash": 70}, ("wrong-balance",), 7 / 8),
    ({"Accounts receivable": 2150}, ("transposed-digits",), 7 / 8),
    ({"Loan": 5}, ("extra-account",), 8 / 9), ({"Loan": 0}, (), 1.0),
    ({"Capitol": -1000, "Capital": None}, ("account-name",), 7.5 / 8),
    ({"Cash": None}, ("missing-account",), 7 / 8),
])
def test_a_slip_in_a_balance_is_named(
    change: dict[str, Any], tags: tuple[str, ...], credit: float
) -> None:
    own = {name: one for name, one in {**BALANCES, **change}.items() if one is not None}
    found = books(own)
    assert (found.tags, found.credit) == (tags, pytest.approx(credit))


@pytest.mark.parametrize(("cash", "tag"), [
    ({"debit": [1500], "credit": [800]}, "missing-posting"),
    ({"debit": [1000], "credit": [800, 500]}, "posted-wrong-side"),
    ({"debit": [1000, 500, 500], "credit": [800]}, "posted-twice"),
    ({"debit": [1000, 500, 9], "credit": [800, 9]}, "wrong-posting"),
    ({"debit": [1000], "credit": [800]}, "missing-posting"), (700, "no-postings"),
])
def test_a_slip_in_posting_is_named(cash: Any, tag: str) -> None:
    found = books({**SIDES, "Cash": cash}, postings=True)
    if cash == {"debit": [1500], "credit": [800]}:
        tag = "wrong-posting"  # two amounts in one: neither is there
    assert found.tags == (tag,)
    assert 7 / 8 <= found.credit < 1
    assert books(SIDES, postings=True).credit == 1


def test_postings_as_rows_of_a_side() -> None:
    rows = [(name, side, amount) for name, sides in SIDES.items()
            for side, amounts in sides.items() for amount in amounts]
    assert books(rows, postings=True).credit == 1
    assert books(rows[1:], postings=True).tags == ("missing-posting",)


@pytest.mark.parametrize(("learners", "tag"), [
    (7, "type"), ([], "unanswered"), ({}, "unanswered"), ([(1, 2, 3, 4)], "type"),
    ({"Cash": "five"}, "type"), ([("Cash",)], "type"), ([{"debit": 5}], "columns"),
    ([{"account": "Cash"}], "columns"), ([{"account": "Cash", "side": "up", "amount": 5}], "side"),
    ({"Cash": 1e30}, "too-large"), ({"Cash": {"debit": ["x"]}}, "amount-text"),
])
def test_what_cannot_be_read_is_told(learners: Any, tag: str) -> None:
    assert (books(learners).tags, books(learners).credit) == ((tag,), 0.0)


def test_the_totals_of_a_trial_balance_come_first() -> None:
    swapped = [(name, credit, debit) if name == "Cash" else (name, debit, credit)
               for name, debit, credit in ROWS]
    found = trial(swapped)
    assert found.tags == ("unequal-totals", "wrong-side")
    assert "Half of it is the balance of `Cash`" in found.message.split("\n")[1]
    nines = [(name, debit + 9 * (name == "Cash"), credit) for name, debit, credit in ROWS]
    assert "divided by 9" in trial(nines).message
    assert "left out" in trial(ROWS[1:]).message


def test_a_row_of_totals() -> None:
    assert trial([*ROWS, ("Total", 3050, 3050)]).credit == 1
    found = trial([*ROWS, ("TOTALS", 3050, 3040)])
    assert (found.tags, found.credit) == (("wrong-total",), pytest.approx(8 / 9))


def test_equal_totals_are_not_enough() -> None:
    assert "do not show" in trial(ROWS).message
    own = {**BALANCES, "Cash": 800, "Wages expense": 600}
    found = trial(own)
    assert "balances-yet-wrong" in found.tags
    assert "unequal-totals" not in found.tags


def test_the_learners_own_journal_is_carried_forward() -> None:
    check = trial_balance("x", balances, given={"journal": ag.answer("own", JOURNAL)})
    t_accounts = ledger("x", post, postings=True, given={"journal": ag.answer("own", JOURNAL)})
    own = JOURNAL.replace("1,250", "1,260").replace("Revenue", "revenue")
    for one, value in ((check, balances(own)), (t_accounts, {
            name: {"debit": list(account.debit), "credit": list(account.credit)}
            for name, account in post(own).items()})):
        found = checking.check(one, x=value, own=own)
        assert (found.credit, found.tags) == (1.0, ("carried-forward",))
        assert checking.check(one, x=value, own=JOURNAL).credit < 1
        assert checking.check(one, x=value, own="nonsense").credit < 1
        assert checking.check(one, x=value).credit < 1
        assert checking.check(one, x=balances(JOURNAL)).credit > 0.8


def test_an_own_journal_that_is_as_wrong_earns_in_part() -> None:
    check = trial_balance("x", balances, given={"journal": ag.answer("own", JOURNAL)})
    own = JOURNAL.replace("1,250", "1,260").replace("300", "330")
    found = checking.check(check, x={**balances(own), "Cash": 5}, own=own)
    assert found.tags[0] == "carried-forward"
    assert found.credit == pytest.approx(6 / 7)


def test_known_mistakes_and_aliases() -> None:
    known = {(lambda own: own["Cash"] == 1500): ag.mistake("no-credits", "Post both sides.")}
    assert books({**BALANCES, "Cash": 1500}, mistakes=known).tags == ("no-credits",)
    assert books({"Loan": 5}, mistakes=known).tags == ("extra-account", "missing-account")
    wrong = {**BALANCES, "Cash": 1}
    assert books({**wrong, "Loan": 0}, mistakes=[(wrong, "Odd.")]).tags == ("mistake-1",)
    assert books({**wrong, "Loan": 5}, mistakes=[(wrong, "Odd.")]).tags != ("mistake-1",)
    own = {"A/R" if name == "Accounts receivable" else name: one
           for name, one in BALANCES.items()}
    assert books(own, aliases={"A/R": "Accounts receivable", "X": "Never used"}).credit == 1

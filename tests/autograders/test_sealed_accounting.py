"""Sealed checks of accounts: journals, ledgers, statements and ratios, known again and not told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import hostile
import pytest
from checking import check
from test_sealed import sealed, text_of

import autograders as ag
from autograders import accounting

MARCH = """
2027-03-02 [a]  Dr Cash 5171 / Cr Revenue 5171
2027-03-05 [b]  Dr Rent expense 2203 / Cr Cash 2203
2027-03-09 [c]
    Dr Equipment 3307
    Cr Cash      1201
    Cr Loan      2106
"""
RIGHT = [("2027-03-05", "rent  expense", "CASH", 2203), ("2027-03-02", "Cash", "Revenue", 5171.0),
         ["2027-03-09", ("Equipment", 3307, None), ("Cash", None, 1201), ("Loan", None, 2106)]]
SWAPPED = [("2027-03-05", "Cash", "Rent expense", 2203), *RIGHT[1:]]
SPLIT = [*RIGHT[:2], ("2027-03-09", "Equipment", "Cash", 1201),
         ("2027-03-09", "Equipment", "Loan", 2106)]
CHART = ["Cash", "Revenue", "Rent expense", "Equipment", "Loan", "Drawings"]
WRONG = MARCH.replace("Equipment", "Rent expense")
ACCOUNTS = {"Cash": 1767, "Revenue": -5171, "Rent expense": 2203, "Equipment": 3307, "Loan": -2106}
INCOME = {"Revenue": {"Repairs": 10307, "Sales": 2203}, "Expenses": {"Rent": 1409, "Wages": 3607}}
LINES = {"Repairs": 10307, "Sales": 2203, "Rent": 1409, "Wages": 3607}
SHEET = {"Assets": {"Cash": 7013, "Van": 2203}, "Liabilities": {"Loan": 5171},
         "Equity": {"Capital": 4045}}
FLAT = {"Cash": 7013, "Van": 2203, "Loan": 5171, "Capital": 4045}
FLOWS = {"operating": {"Received from customers": 9803, "Wages paid": -4807},
         "investing": {"Trailer bought": -2203}, "financing": {"Interest paid": -251}}

JOURNAL = accounting.journal("x", MARCH, accounts=CHART, mistakes=[
    (WRONG, ag.mistake("as-expense", "Used up at once?")), (lambda own: len(own) > 9, "Many.")])
OPEN = accounting.journal("x", MARCH)
LEDGER = accounting.ledger("x", MARCH, mistakes=[({**ACCOUNTS, "Cash": -1767}, "Which side?")])
POSTED = accounting.ledger("x", MARCH, postings=True)
TRIAL = accounting.trial_balance("x", MARCH)
PROFIT = accounting.income_statement("x", INCOME, mistakes=[
    ({**LINES, "Profit": 17526}, ag.mistake("added", "All of it added?"))])
BALANCE = accounting.balance_sheet("x", SHEET)
MOVED = accounting.balance_sheet("x", SHEET, income="profit", opening_equity=3000)
CASH = accounting.cash_flow("x", FLOWS, either={"Interest paid": ["operating", "financing"]})
SUMS = accounting.cash_flow("x", {"operating": 3607, "investing": -2203, "financing": -251},
                            opening=0, closing=1153)
RATIO = accounting.ratio("x", 3217, 9803, mistakes={8453: ag.mistake("cash", "Cash?", credit=0.5)})

POSTINGS = {"Cash": {"debit": [5171], "credit": [2203, 1201]}, "Revenue": ("credit", 5171),
            "Rent expense": 2203, "Equipment": 3307, "Loan": {"credit": [2106]}}


@pytest.mark.parametrize(("one", "value", "state", "told"), [
    (JOURNAL, MARCH, "passed", "All 3 are right."), (JOURNAL, RIGHT, "passed", "All 3"),
    (JOURNAL, RIGHT[:2], "partial", "2 of 3"), (JOURNAL, SWAPPED, "partial", "2 of 3"),
    (JOURNAL, [*RIGHT, ("2027-03-06", "Drawings", "Cash", 1)], "partial", "something else"),
    (JOURNAL, SPLIT, "later", "2 of 3"), (JOURNAL, WRONG, "partial", "Used up at once?"),
    (JOURNAL, [("2027-03-05", "Cash", "Sales", 1)], "failed", "not in the chart"),
    (JOURNAL, "Dr Cash 1 / Cr Revenue 2", "failed", "does not balance"),
    (JOURNAL, MARCH.replace("Rent expense", "Rent expens"), "failed", "Did you mean"),
    (JOURNAL, MARCH.replace("03-05", "03-06"), "partial", "2 of 3"),
    (JOURNAL, 5, "failed", "should be a journal"),
    (OPEN, RIGHT, "passed", "All 3"), (OPEN, SWAPPED, "partial", "2 of 3"),
    (OPEN, SPLIT, "later", "2 of 3"), (OPEN, MARCH.replace("Cash", "Cash account"), "passed", ""),
    (OPEN, "Dr Rubbish 1 / Cr Revenue 1", "failed", "0 of 3 are right."),
    (LEDGER, ACCOUNTS, "passed", "All 5"), (LEDGER, {**ACCOUNTS, "Loan": 2106}, "partial", "4 of"),
    (LEDGER, {**ACCOUNTS, "Cash": -1767}, "partial", "Which side?"),
    (LEDGER, {**ACCOUNTS, "Drawings": 0}, "passed", "All 5"),
    (LEDGER, {**ACCOUNTS, "Drawings": 9}, "partial", "something else"),
    (LEDGER, {**ACCOUNTS, "Revenues": 0}, "later", ""), (LEDGER, [], "failed", "no accounts yet"),
    (POSTED, POSTINGS, "passed", "All 5"), (POSTED, ACCOUNTS, "partial", "4 of 5"),
    (TRIAL, ACCOUNTS, "passed", "All 5"), (TRIAL, {**ACCOUNTS, "Cash": 1}, "failed", "add up"),
    (TRIAL, {**ACCOUNTS, "Total": {"debit": 7277, "credit": 7277}}, "passed", "All 5"),
    (TRIAL, [(name, max(one, 0), max(-one, 0)) for name, one in ACCOUNTS.items()] + [
        ("Total", 7277, 7278)], "failed", "Your totals"),
    (TRIAL, {"Cash": 9, "Loan": -9}, "failed", "0 of 5"),
    (PROFIT, {**INCOME, "Net income": 7494}, "passed", "All 5"),
    (PROFIT, {**LINES, "Rent": -1409, "Wages": -3607, "Profit": 7494}, "passed", "All 5"),
    (PROFIT, {**LINES, "Rent": -1409, "Profit": 7494}, "later", "It may be right"),
    (PROFIT, LINES, "failed", "no line `Net income`"),
    (PROFIT, {**LINES, "Rent": 1, "Profit": 7494}, "partial", "4 of 5"),
    (PROFIT, {**LINES, "Net profit": 17526}, "partial", "All of it added?"),
    (BALANCE, SHEET, "passed", "All 4"), (BALANCE, list(FLAT.items()), "passed", "All 4"),
    (BALANCE, {**FLAT, "Van": 2}, "partial", "3 of 4"), (BALANCE, 5, "failed", "a statement"),
    (CASH, FLOWS, "passed", "All 4"), (CASH, {"Wages paid": -4807}, "later", "0 of 4"),
    (CASH, {"Operating activities": {**FLOWS["operating"], "Interest paid": -251},
            "Cash flows from investing activities": FLOWS["investing"]}, "passed", "All 4"),
    (CASH, {**FLOWS, "Net cash flow": 1}, "failed", "Your change in cash"),
    (SUMS, {"operating": 3607, "investing": -2203, "financing": -251}, "passed", "All 3"),
    (SUMS, {**FLOWS, "operating": {"in": 3600, "more": 7}}, "passed", "All 3"),
    (SUMS, FLOWS, "partial", "2 of 3"), (RATIO, 3217 / 9803, "passed", "right"),
    (RATIO, 9803 / 3217, "failed", "upside down"), (RATIO, 8453, "partial", "Cash?"),
    (RATIO, 32.817, "failed", "percentage"), (RATIO, 0.4, "failed", "not right"),
    (RATIO, "0.3", "failed", "text"),
])
def test_it_tells_right_known_and_other_answers_apart(
    one: ag.Check, value: Any, state: str, told: str
) -> None:
    found = check(sealed(one), x=value)
    assert (found.state, told in found.message) == (state, True), found.message
    full = check(one, x=value).state
    assert (found.state == "passed") <= (full == "passed")
    assert (found.state == "failed") <= (full != "passed")


def test_the_equity_of_a_balance_sheet_is_judged_with_the_profit_it_follows_from() -> None:
    one = sealed(MOVED)
    assert check(one, x=FLAT, profit=1045).state == "passed"
    assert check(one, x=FLAT).state == "passed"  # as where the full check finds no profit
    assert check(one, x=FLAT, profit=1046).state == "later"
    own = {**FLAT, "Capital": 4046, "Cash": 7014}
    assert check(one, x=own, profit=1046).message.startswith("2 of 4 are right.")


def test_what_follows_from_earlier_answers_stays_open() -> None:
    given = {"journal": ag.answer("own", MARCH)}
    for one in (accounting.ledger("x", accounting.post, given=given),
                accounting.trial_balance("x", accounting.balances, given=given),
                accounting.journal("x", lambda journal: journal, given=given)):
        right = MARCH if one.kind == "journal" else ACCOUNTS
        wrong = "2027-03-02 Dr Cash 1 / Cr Loan 1" if one.kind == "journal" else (
            {"Cash": 1, "Loan": -1})
        assert check(sealed(one), x=right, own=MARCH).state == "passed", one.kind
        assert check(sealed(one), x=wrong, own=MARCH).state == "later", one.kind
    ratio = accounting.ratio("x", ag.answer("profit", 3217), 9803)
    assert check(sealed(ratio), x=3217 / 9803, profit=1).state == "passed"
    assert check(sealed(ratio), x=9803 / 3217, profit=1).state == "later"


def test_other_words_for_an_account_are_known_and_not_told() -> None:
    one = accounting.journal("x", MARCH, aliases={"Turnover": "Revenue", "Bank": "Cash"})
    assert check(sealed(one), x=MARCH.replace("Revenue", "turnover")).state == "passed"
    assert check(sealed(one), x=MARCH.replace("Cash", "Bank")).state == "passed"
    assert check(sealed(one), x=MARCH.replace("Revenue", "Loan")).state == "later"
    assert "urnover" not in text_of(one)
    stated = accounting.journal("x", MARCH, accounts=CHART, aliases={"Turnover": "Revenue"})
    assert check(sealed(stated), x=MARCH.replace("Revenue", "Turnover")).state == "passed"
    assert "Turnover" in text_of(stated)
    flat = accounting.ledger("x", MARCH, aliases={"Bank": "Cash"})
    assert check(sealed(flat), x={**ACCOUNTS, "Bank": 0}).state == "later"


def test_entries_that_happen_twice_and_rows_without_ends_are_read_as_by_the_full_check() -> None:
    twice = "Dr Cash 5 / Cr Sales 5\nDr Cash 5 / Cr Sales 5"
    one = accounting.journal("x", twice)
    assert check(sealed(one), x=twice).state == "passed"
    assert check(sealed(one), x="Dr Cash 5 / Cr Sales 5").message == "1 of 2 are right."
    rows = [("Cash", 5, None), ("Cash", 4, None), ("Sales", None, 5), ("Rent", None, 4)]
    for split, ends in ((rows, 1), ([rows[0], rows[2], rows[1], rows[3]], 2)):
        for journal, count in (("Dr Cash 9 / Cr Sales 5 / Cr Rent 4", 1),
                               ("Dr Cash 5 / Cr Sales 5\nDr Cash 4 / Cr Rent 4", 2)):
            made = accounting.journal("x", journal)
            full, here = check(made, x=split), check(sealed(made), x=split)
            assert (here.state == "passed") or (ends, count) == (1, 2)
            assert (here.state == "passed") <= (full.state == "passed")
            assert (here.state == "failed") <= (full.state != "passed")


ALL = {
    "journal": JOURNAL, "open": OPEN, "ledger": LEDGER, "posted": POSTED, "trial": TRIAL,
    "income": PROFIT, "sheet": BALANCE, "moved": MOVED, "cash": CASH, "sums": SUMS, "ratio": RATIO,
    "chart": accounting.trial_balance("x", CHART), "form": accounting.journal("x", mistakes=[
        (MARCH, "As in March?")]), "names": accounting.balance_sheet("x", {
            "Assets": ["Cash", "Van"], "Liabilities": ["Loan"], "Equity": ["Capital"]}),
    "lines": accounting.income_statement("x"), "flows": accounting.cash_flow("x"),
    "figures": accounting.ratio("x"), "books": accounting.ledger("x"),
    "rows": accounting.balance_sheet("x"), "sides": accounting.trial_balance("x"),
}
STATED = {"journal": {"accounts"}, "chart": {"expected"}, "names": {"expected"}}
AMOUNT = re.compile(r"(?<![\d.])\d{3,5}\b")
SAID = "Used up|Which side|Cash\\?|As in March|All of it|as-expense|added|upside|percentage"
NAMED = ["Cash", "Revenue", "Rent", "Equipment", "Loan", "Repairs", "Sales", "Wages", "Van",
         "Capital", "Received", "Trailer", "Interest"]


@pytest.mark.parametrize("kind", ALL)
def test_no_answer_no_mistake_and_no_message_can_be_read_in_it(kind: str) -> None:
    held = json.loads(text_of(ALL[kind]))
    for part in ("right", "edge", "mistakes", "together", "salt"):
        held.pop(part)
    for part in ("arguments", "keyed"):
        for stated in STATED.get(kind, ()):
            (held[part] or {}).pop(stated, None)
    text = json.dumps(held)
    assert not AMOUNT.findall(text)
    assert not re.findall(SAID, text)
    assert not [name for name in NAMED if name.lower() in text.lower().replace("in cash", "")
                .replace("cash flow", "")], text


@pytest.mark.parametrize("kind", ALL)
@hostile.over_all
def test_no_hostile_value_trips_it_runs_its_code_or_passes(
    kind: str, name: str, make: Callable[[], Any]
) -> None:
    value, one = hostile.made(make), SEALED[kind]
    for placed in (value, [("Cash", value)], {"Cash": value, "operating": {"Sales": value}},
                   [("2027-03-02", "Cash", "Revenue", value)]):
        found = check(one, x=placed, profit=value)
        assert hostile.TOUCHED == [], (kind, name)
        assert not found.review, found.message
        assert not one.counts or found.credit < 1


SEALED = {kind: sealed(one) for kind, one in ALL.items()}


@pytest.mark.parametrize(("kind", "good", "bad"), [
    ("chart", ACCOUNTS, {"Sales": 1, "Loan": -1}), ("names", FLAT, {"Cash": 1}),
    ("lines", {"a": 1, "Profit": 1}, {"a": 1}), ("flows", {"a": 1, "Net cash flow": 1},
                                                {"a": 1, "Net cash flow": 2}),
    ("figures", 5, "5"), ("books", ACCOUNTS, {}), ("rows", SHEET, {}), ("sides", ACCOUNTS,
                                                                      {"Cash": 1}),
    ("form", SWAPPED, MARCH),
])
def test_a_check_of_the_form_is_handed_out_as_it_is(kind: str, good: Any, bad: Any) -> None:
    one, full = SEALED[kind], ALL[kind]
    assert not one.counts
    assert not full.counts
    assert check(one, x=good) == check(full, x=good)
    assert check(one, x=good).state == "passed"
    assert check(one, x=bad) == check(full, x=bad)
    assert check(one, x=bad).state == "failed"


def test_what_has_no_keys_is_graded_after_hand_in() -> None:
    half_dated = accounting.journal("x", "2027-03-02 Dr A 5 / Cr B 5\n\nDr A 7 / Cr B 7")
    mixed = accounting.income_statement("x", {"Revenue": {"Sales": 9}, "Rent": -3})
    odd = accounting.cash_flow("x", {"Trade": {"Sales": 9}, "Owners": {"Drawings": -3}})
    long = accounting.journal("x", "\n".join(f"Dr A {n} / Cr B {n}" for n in range(1, 63)))
    for one, value in ((half_dated, "Dr A 5 / Cr B 5"), (mixed, {"Sales": 9, "Profit": 9}),
                       (odd, {"Sales": 9}), (long, "Dr A 5 / Cr B 5")):
        assert check(sealed(one), x=value).state == "later"
    assert check(sealed(long), x="\n".join(
        f"Dr A {n} / Cr B {n}" for n in range(62, 0, -1))).state == "passed"
    flat = accounting.cash_flow("x", {"Sales": 9, "Wages": -3})
    cents = accounting.trial_balance("x", {"A": 0.125, "B": 0.125, "C": -0.25})
    assert flat.handout is not None
    assert cents.handout is not None
    assert flat.handout() is cents.handout() is None

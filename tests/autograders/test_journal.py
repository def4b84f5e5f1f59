"""A journal is judged by its entries, whatever form, order and names the learner chose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import checking
import pytest

import autograders as ag
from autograders.accounting import journal, parse_journal

RIGHT = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenue 500
2027-03-05 [b]  Dr Accounts receivable 1,250 / Cr Revenue 1,250
2027-03-09 [c]  Dr Parts expense 300.50 / Cr Accounts payable 300.50
2027-03-31 [d]  Dr Wages expense 700 / Dr Tax expense 100 / Cr Cash 800
"""
ALIASES = {"A/R": "Accounts receivable", "Sales": "Revenue"}
CHART = ["Cash", "Accounts receivable", "Accounts payable", "Revenue", "Parts expense",
         "Wages expense", "Tax expense", "Loan", "Rent expense"]


def outcome(learners: Any, expected: Any = RIGHT, **options: Any) -> ag.Outcome:
    return checking.check(journal("j", expected, **{"aliases": ALIASES, **options}), j=learners)


ROWS: list[tuple[Any, ...]] = [
    ("2027-03-02", "cash", None, 500, None), ("2027-03-02", "SALES", None, None, 500),
    ("2027-03-05", "A/R", None, 1250.0, 0), ("2027-03-05", "Revenue", None, 0, 1250.0),
    ("2027-03-09", "Parts  expense", None, 300.5, ""),
    ("2027-03-09", "Accounts payable", None, "", "300.50"),
    ("2027-03-31", "Wages expense", None, 700, None),
    ("2027-03-31", "Tax expense", None, 100, None),
    ("2027-03-31", "Cash account", None, None, 800),
]
LINES = [{"Date": date, "Account": account, "Debit": debit, "Credit": credit}
         for date, account, _, debit, credit in ROWS]


@pytest.mark.parametrize("learners", [
    RIGHT,
    parse_journal(RIGHT),
    LINES,
    {name: [row[name] for row in LINES] for name in LINES[0]},
    [(date, account, debit, credit) for date, account, _, debit, credit in ROWS],
    [(date, account, "Dr" if debit else "cr", debit or credit)
     for date, account, _, debit, credit in ROWS],
    [("2027-03-02", "Cash", "Revenue", 500), ("2027-03-05", "A/R", "Sales", "1,250"),
     ("2027-03-09", "Parts expense", "Accounts payable", Decimal("300.5")),
     # one entry as two of the same day
     ("2027-03-31", "Wages expense", "Cash", 700), ("2027-03-31", "Tax expense", "Cash", 100)],
    {"a": ("2027-03-02", "Cash", "Revenue", 500), "b": ("2027-03-05", "A/R", "Revenue", 1250),
     "c": {"date": "2027-03-09", "debit": {"Parts expense": 300.5},
           "credit": {"Accounts payable": 300.5}},
     "d": {"date": "2027-03-31", "lines": [("Wages expense", "debit", 700),
                                           ("Tax expense", 100, 0), ("Cash", "credit", 800)]}},
    [("2027-03-02", {"Cash": 500}, {"Revenue": 500}), ("2027-03-05", {"A/R": 1250},
                                                       {"Sales": 1250}),
     ["2027-03-09", {"Parts expense": 300.5}, {"Accounts payable": 300.5}],
     ("2027-03-31", {"Wages expense": 700, "Tax expense": 100}, {"Cash": 800})],
    [(date, "debit" if debit else "credit", account, debit or credit)
     for date, account, _, debit, credit in ROWS],
    [(date, account, debit or credit, "Dr." if debit else "Cr.")
     for date, account, _, debit, credit in ROWS],
    ["2027-03-02 Dr Cash 500 / Cr Revenue 500", "2027-03-05 Dr A/R 1250 / Cr Sales 1250",
     "2027-03-09 Dr Parts expense 300.50 / Cr Accounts payable 300.50",
     "2027-03-31 Dr Wages expense 700 / Dr Tax expense 100 / Cr Cash 800"],
    [["2027-03-02", ("Cash", "debit", 500), ("Revenue", "credit", 500)],
     ["2027-03-05", ("A/R", "debit", 1250), ("Revenue", "credit", 1250)],
     ["2027-03-09", ("Parts expense", "debit", 300.5), ("Accounts payable", "credit", 300.5)],
     ["2027-03-31", [("Wages expense", 700, 0), ("Tax expense", 100, 0), ("Cash", 0, 500)],
      ("Cash", "credit", 300)]],
])
def test_forms_of_one_journal(learners: Any) -> None:
    found = outcome(learners)
    assert (found.credit, found.message) == (1.0, "All 4 entries are right.")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_tables(library: str) -> None:
    frames = pytest.importorskip(library)
    columns = {name: [row[name] if row[name] != "" else None for row in LINES] for name in LINES[0]}
    columns = {name: cells if name in ("Date", "Account") else
               [None if cell is None else float(cell) for cell in cells]
               for name, cells in columns.items()}
    assert outcome(frames.DataFrame(columns)).credit == 1
    short = {"entry": [1, 1], "account": ["Cash", "Revenue"], "side": ["Debit", "Credit"],
             "amount": [5, 5]}
    assert outcome(frames.DataFrame(short), "Dr Cash 5 / Cr Revenue 5").credit == 1
    double = {"Debit": ["Cash"], "credit": ["Revenue"], "AMOUNT": [5]}
    assert outcome(frames.DataFrame(double), "Dr Cash 5 / Cr Revenue 5").credit == 1
    assert outcome(frames.DataFrame({"a": [1], "b": [2]})).tags == ("columns",)


def test_a_table_of_pandas_with_real_dates_and_a_named_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(LINES).replace("", None)
    frame["Date"] = pandas.to_datetime(frame["Date"])
    assert outcome(frame).credit == 1
    assert outcome(frame.set_index("Date")).credit == 1
    frame.loc[[1, 3, 5, 7, 8], "Date"] = pandas.NaT  # written once an entry
    assert outcome(frame).credit == 1


def _changed(before: str, after: str) -> str:
    assert before in RIGHT
    return RIGHT.replace(before, after)


@pytest.mark.parametrize(("before", "after", "tags"), [
    ("Dr Cash 500 / Cr Revenue 500", "Dr Revenue 500 / Cr Cash 500", ("sides-swapped",)),
    ("Accounts receivable", "Cash", ("cash-for-receivable",)),
    ("Accounts payable", "Cash", ("cash-for-payable",)),
    ("Dr Cash 500", "Dr A/R 500", ("receivable-for-cash",)),
    ("Cr Cash 800", "Cr Accounts payable 800", ("payable-for-cash",)),
    ("Cr Cash 800", "Cr Cash 80", ("unbalanced",)),
    ("/ Cr Cash 800", "", ("unbalanced", "missing-line")),
    ("Dr Cash 500 / Cr Revenue 500", "Dr Cash 500 / Cr Cash 500", ("repeated-account",)),
    ("03-31", "04-01", ("wrong-period",)),
    ("03-31", "03-30", ("wrong-date",)),
    ("2027-03-31", "", ("no-date",)),
    ("1,250", "1,520", ("transposed-digits",)),
    ("1,250", "1,300", ("wrong-amount",)),
    ("Parts expense", "Wages expense", ("wrong-account",)),
    ("Parts expense", "Snacks", ("unknown-account",)),
    ("Parts expense", "Part expenses", ("account-name",)),
    ("Dr Cash 500 / Cr Revenue 500", "Dr Cash -500 / Cr Revenue -500",
     ("negative-amount",)),
    ("Dr Tax expense 100 / Cr Cash 800", "Cr Tax expense 100 / Cr Cash 600", ("wrong-side",
                                                                            "wrong-amount")),
    ("Cr Cash 800", "Dr Loan 50 / Cr Cash 850", ("wrong-amount", "extra-line")),
    ("2027-03-09 [c]  Dr Parts expense 300.50 / Cr Accounts payable 300.50", "",
     ("missing-entry",)),
    ("2027-03-09 [c]", "2027-03-09 [x] Dr Loan 8 / Cr Rent expense 8\n2027-03-09 [c]",
     ("extra-entry",)),
    ("2027-03-09 [c]", "2027-03-02 Dr Cash 500 / Cr Revenue 500\n2027-03-09 [c]",
     ("entered-twice",)),
])
def test_a_slip_is_named(before: str, after: str, tags: tuple[str, ...]) -> None:
    found = outcome(_changed(before, after), accounts=CHART)
    assert found.tags == tags
    assert 0.5 < found.credit < 1


def test_what_does_not_balance_is_told_first() -> None:
    learners = _changed("Cr Cash 800", "Cr Cash 80").replace("Dr Cash 500", "Dr A/R 500")
    found = outcome(learners)
    assert found.tags == ("unbalanced", "receivable-for-cash")
    assert found.message.split("\n")[1] == (
        "Entry `d` does not balance: debits 800, credits 80.")


def test_messages_keep_what_is_right_to_themselves() -> None:
    learners = _changed("1,250", "999").replace("300.50", "1").replace("03-31", "01-01")
    told = outcome(learners, accounts=CHART).message
    assert not {"1,250", "300.5", "03-31", "03-09"} & set(told.split())


def test_an_author_names_cash_and_weights_and_wants_all_or_nothing() -> None:
    right = "Dr Debtors 5 / Cr Sales 5"
    learners = "Dr Till 5 / Cr Sales 5"
    found = outcome(learners, right, aliases={}, accounts=["Debtors", "Sales", "Till"],
                    roles={"Till": "cash"})
    assert found.tags == ("cash-for-receivable",)
    assert found.credit == pytest.approx(2 / 3)
    found = outcome(learners, right, aliases={}, weights={"account": 3})
    assert found.credit == pytest.approx(6 / 10)
    assert outcome(learners, right, aliases={}, credit="entries").credit == 0
    assert outcome(_changed("1,250", "999"), credit="entries").credit == 0.75


def test_known_mistakes() -> None:
    wrong = _changed("Accounts receivable", "Loan")
    known = {wrong: ag.mistake("loan", "Nobody lent anything.", credit=0.4),
             (lambda entries: len(entries) == 1): "Only one?"}
    assert outcome(wrong, mistakes=known).tags == ("loan",)
    assert outcome("2027-03-02 Dr Cash 500 / Cr Revenue 500", mistakes=known).credit == 0.25
    assert outcome(RIGHT, mistakes=known).credit == 1
    assert outcome(wrong, mistakes={wrong: "So."}).tags == ("mistake-1",)


def test_an_error_is_carried_forward() -> None:
    def closing(profit: float) -> str:
        return f"2027-12-31 Dr Revenue {profit:.2f} / Cr Capital {profit:.2f}"

    check = journal("j", closing, given={"profit": ag.answer("profit", 3200)})
    own = closing(3000)
    assert checking.check(check, j=closing(3200), profit=3000).credit == 1
    assert checking.check(check, j=own, profit=3200).tags == ("wrong-amount",)
    found = checking.check(check, j=own, profit=3000)
    assert (found.credit, found.tags) == (1.0, ("carried-forward",))
    assert "`profit`" in found.message
    assert checking.check(check, j=own).tags == ("wrong-amount",)
    assert checking.check(check, j=own, profit="no").tags == ("wrong-amount",)


@pytest.mark.parametrize(("learners", "tag"), [
    ("Cash 5", "journal-text"), ([], "unanswered"), ("", "unanswered"), (7, "type"),
    ([("Cash", "Revenue")], "columns"), ([("Cash", "5", "five")], "amount-text"),
    ([("05/01/2027", "Cash", 5, 0)], "date"), ([{"account": "Cash", "amount": 5}], "side"),
    ([{"date": "5.1.2027", "account": "Cash", "debit": 5}], "date"),
    ([("Cash", "Revenue", "five")], "amount-text"), ([("Cash", "Revenue", 1e20)], "too-large"),
    ([("Cash", "Revenue", [5])], "type"), ([(5.5, "Revenue", 5)], "type"),
    ([("Cash", "Revenue", 5)] * 300, "too-large"),
    ([("Cash", "Revenue", 5)] * 9000, "too-large"),
])
def test_what_cannot_be_read_is_told(learners: Any, tag: str) -> None:
    found = outcome(learners)
    assert (found.credit, found.tags) == (0.0, (tag,))


def test_amounts_compare_as_rounded() -> None:
    assert outcome([("Cash", "Revenue", 0.1 + 0.2)], "Dr Cash 0.30 / Cr Revenue 0.30").credit == 1
    right = "Dr Cash 3 / Cr Revenue 3"
    assert outcome([("Cash", "Revenue", 3.04)], right).credit < 1
    assert outcome([("Cash", "Revenue", 3.04)], right, places=1).credit == 1


def test_rows_without_days_may_be_grouped_in_any_way_that_suits() -> None:
    right = "Dr A 5 / Cr B 5 / Dr C 3 / Cr D 3\n\nDr A 7 / Cr C 7"
    rows = [("A", 5, 0), ("B", 0, 5), ("C", 3, 0), ("D", 0, 3), ("A", 7, 0), ("C", 0, 7)]
    assert outcome(rows[:4], "Dr A 5 / Cr B 5 / Dr C 3 / Cr D 3", aliases={}).credit == 1
    assert outcome(rows, "Dr A 5 / Cr B 5\n\nDr C 3 / Cr D 3\n\nDr A 7 / Cr C 7",
                   aliases={}).credit == 1
    numbered = [{"entry": 1 + (place > 3), "account": name, "debit": debit, "credit": credit}
                for place, (name, debit, credit) in enumerate(rows)]
    assert outcome(numbered, right, aliases={}).credit == 1


def test_numbers_of_rows_are_no_references() -> None:
    rows = [{"No": place, **row} for place, row in enumerate(LINES)]
    assert outcome(rows).credit == 1


def test_many_entries_are_matched_in_time() -> None:
    right = "\n".join(f"2027-01-{1 + place % 28:02} Dr A {place + 1} / Cr B {place + 1}"
                      for place in range(100))
    wrong = right.replace("Dr A", "Dr C").replace("2027-01", "2027-02")
    check = journal("j", right, accounts=["A", "B", "C"])
    found = checking.check(replace(check, seconds=10), j=wrong + "\n" + wrong)
    assert "timeout" not in found.tags
    assert 0 < found.credit < 0.5

"""A journal as text is read back as it was written, and a slip in it is told by its line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from autograders.accounting import Entry, JournalError, Line, format_journal, parse_journal
from autograders.accounting.entries import Side


def line(account: str, side: Side, amount: str) -> Line:
    return Line(account=account, side=side, amount=Decimal(amount))


SALE = Entry(date=dt.date(2027, 1, 5), lines=(
    line("Cash", "debit", "500"), line("Revenue", "credit", "500")))


@pytest.mark.parametrize("text", [
    "2027-01-05  Dr Cash 500 / Cr Revenue 500",
    "2027-1-5 dr Cash 500/cr Revenue 500",
    "2027-01-05 Debit: Cash 500 / Credit: Revenue 500  ; a sale",
    "; January\n\n2027-01-05\n  Dr. Cash  500.00\n  Cr. Revenue  $500",
    "2027-01-05\nDr Cash 500\nCr Revenue 500",
    "2027-01-05\nDr Cash 500 ; received\n; nothing else\nCr Revenue 500\n\n",
    "    2027-01-05 Dr Cash 500\n               Cr Revenue 500",
    "\r\n2027-01-05 Dr Cash 500\r\nCr Revenue 500\r\n",
    "2027-01-05 Dr Cash 500 Cr Revenue 500",
])
def test_ways_to_write_one_entry(text: str) -> None:
    assert parse_journal(text) == (SALE,)


@pytest.mark.parametrize(("amount", "value"), [
    ("1,500", "1500"), ("1500.25", "1500.25"), ("1'500", "1500"), ("12,345,678.90", "12345678.90"),
    ("€1,500", "1500"), ("1_500", "1500"), ("1\u202f500", "1500"), ("-5", "-5"), ("0.05", "0.05"),
])
def test_amounts(amount: str, value: str) -> None:
    (entry,) = parse_journal(f"Dr Cash {amount} / Cr Revenue 1")
    assert entry.lines[0].amount == Decimal(value)


def test_entries_begin_with_a_head_after_a_gap_or_where_one_is_complete() -> None:
    text = """
        [a] Dr Cash 5 / Cr Sales 5
        (b) 2027-01-06
            Dr Cash 7
            Cr Sales 7
            Dr Costs 2
            Cr Stock 2

        Dr Rent 3 / Cr Cash 3
        Dr Wages 4 / Cr Cash 4
        Dr Tax 1
        Cr Cash 1
    """
    found = parse_journal(text)
    assert [(entry.ref, len(entry.lines)) for entry in found] == [
        ("a", 2), ("b", 4), ("", 2), ("", 2), ("", 2)]
    assert found[1].date == dt.date(2027, 1, 6)
    assert parse_journal(format_journal(found)) == found


@pytest.mark.parametrize(("text", "number", "words"), [
    ("2027-02-30 Dr Cash 5", 1, "no day of the calendar"),
    ("\n5/1/2027 Dr Cash 5", 2, "year-month-day"),
    ("2027-01-05 Cash 500 / Cr X 500", 1, "expected `Dr` or `Cr`"),
    ("hello", 1, "expected `Dr` or `Cr`, but found `hello`"),
    ("Dr Cash", 1, "expected an account and an amount"),
    ("Dr 500", 1, "expected an account and an amount"),
    ("Dr Cash 5 / Cr Sales 5\nDr Cash 1 500 / Cr Sales 5", 2, "a space in it"),
    ("Dr Cash 1.500,00 / Cr Sales 5", 1, "`1.500,00` is not an amount"),
    ("Dr Cash 1,50 / Cr Sales 5", 1, "`1,50` is not an amount"),
    ("2027-01-05 Dr Cash 500 & Cr Sales 4", 1, "expected `/`"),
    ("[a]", 1, "no lines"),
    ("[a]\n\n[b] Dr Cash 5 / Cr Sales 5", 1, "no lines"),
    ("[a] Dr Cash 5 [b] Cr Sales 5", 1, "expected"),
    ("Dr Cash 9999999999999999 / Cr Sales 5", 1, "too large"),
    (f"Dr {'a' * 300} 5", 1, "a name on one line"),
    ("x" * 500, 1, "longer than"),
    ("\n" * 3000, 2000, "lines"),
    ("x" * 200_000, 1, "longer than"),
])
def test_a_slip_is_told_by_its_line(text: str, number: int, words: str) -> None:
    with pytest.raises(JournalError, match=words) as told:
        parse_journal(text)
    assert told.value.line == number
    assert str(told.value).startswith(f"line {number}: ")
    assert str(told.value).endswith((".", "500."))


def test_how_entries_are_written() -> None:
    rent = Entry(date=dt.date(2027, 1, 8), ref="b", lines=(
        line("Rent expense", "debit", "1200.00"), line("Loan 2", "debit", "300"),
        line("Cash", "credit", "1500.00")))
    assert format_journal([SALE, rent, Entry(lines=SALE.lines)]) == (
        "2027-01-05  Dr Cash 500 / Cr Revenue 500\n"
        "2027-01-08 [b]\n"
        "    Dr Rent expense  1,200.00\n"
        '    Dr "Loan 2"           300\n'
        "    Cr Cash          1,500.00\n"
        "\nDr Cash 500 / Cr Revenue 500\n")


@pytest.mark.parametrize(("make", "words"), [
    (lambda: line("", "debit", "5"), "a name on one line"),
    (lambda: line("a\nb", "debit", "5"), "a name on one line"),
    (lambda: line("Cash", "left", "5"), "a side is"),  # type: ignore[arg-type]
    (lambda: line("Cash", "debit", "NaN"), "an amount is"),
    (lambda: line("Cash", "debit", "1e15"), "smaller than"),
    (lambda: Line(account="Cash", side="debit", amount=0.5), "an amount is"),  # type: ignore[arg-type]
    (lambda: Entry(lines=()), "at least one line"),
    (lambda: Entry(lines=SALE.lines, ref="a]"), "a reference is"),
])
def test_what_is_no_entry_is_refused(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]


def test_an_entry_a_line_that_does_not_balance_leaves_the_next_alone() -> None:
    entries = parse_journal(
        "Dr Cash 500 / Cr Revenue 50\nDr Rent 20 / Cr Cash 20\nDr Bank 3\nCr Cash 3")
    assert [len(entry.lines) for entry in entries] == [2, 2, 2]
    entries = parse_journal(
        "Dr Cash 500 / Cr Revenue 400\nCr Taxes payable 100\nDr Bank 3 / Cr Cash 3")
    assert [len(entry.lines) for entry in entries] == [3, 2]

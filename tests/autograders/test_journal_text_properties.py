"""Journals as text, as hypothesis draws them: read back equal, or told by their line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from autograders.accounting import Entry, JournalError, Line, format_journal, parse_journal

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

same = settings(derandomize=True, database=None, deadline=None, max_examples=300)

WORDS = st.one_of(
    st.sampled_from(["Cash", "A/R", "Loan 2", "Dr", "Cr", "Credit card", "5", "Dr 5", "a; b",
                     "Rent / Cr x", "(a)", "[b]", "Owner's capital", "2027-01-05", "1,500 Cr 3"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
            min_size=1, max_size=20))


def _account(text: str) -> bool:
    try:
        Line(account=text, side="debit", amount=Decimal(1))
    except ValueError:
        return False
    return True


LINES = st.builds(
    Line, account=WORDS.filter(_account), side=st.sampled_from(["debit", "credit"]),
    amount=st.decimals(-10**6, 10**9, places=2) | st.integers(0, 10**9).map(Decimal))
ENTRIES = st.builds(
    Entry, lines=st.lists(LINES, min_size=1, max_size=5).map(tuple),
    date=st.none() | st.dates(), ref=st.sampled_from(["", "a", "A7", "7", "year end"]))


@given(st.lists(ENTRIES, max_size=6).map(tuple))
@same
def test_what_is_written_is_read_back(entries: tuple[Entry, ...]) -> None:
    assert parse_journal(format_journal(entries)) == entries


PIECES = st.sampled_from([
    "2027-01-05", " ", "  ", "\n", "Dr", "Cr", "Cash", "Revenue", "500", "1,500", "/", ";", '"',
    "[a]", "(b)", "-", "5.", "\t", "€", "Debit:", "2027-13-01", "²", "٣", "\u2028"])


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
@same
def test_any_text_is_read_or_told(text: str) -> None:
    found, line = _read(text)
    assert 1 <= line <= text.count("\n") + 1
    assert parse_journal(format_journal(found)) == found


def _read(text: str) -> tuple[tuple[Entry, ...], int]:
    try:
        return parse_journal(text), 1
    except JournalError as error:
        return (), error.line

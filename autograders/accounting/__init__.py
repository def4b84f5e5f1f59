"""Checkers for bookkeeping. Standard library alone, so they run in a browser's Python too.

    from autograders import accounting          # or ag.accounting
    q.add(accounting.journal("entries", "2027-01-05  Dr Cash 500 / Cr Revenue 500"))
"""

from __future__ import annotations

from autograders.accounting.entries import Entry, Line
from autograders.accounting.journal import journal
from autograders.accounting.text import JournalError, format_journal, parse_journal

__all__ = [
    "Entry",
    "JournalError",
    "Line",
    "format_journal",
    "journal",
    "parse_journal",
]

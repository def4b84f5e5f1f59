"""Checkers for bookkeeping. Standard library alone, so they run in a browser's Python too.

    from autograders import accounting          # or ag.accounting
    q.add(accounting.journal("entries", "2027-01-05  Dr Cash 500 / Cr Revenue 500"))
"""

from __future__ import annotations

from autograders.accounting.balance_sheet import balance_sheet
from autograders.accounting.books import Account, balances, post
from autograders.accounting.cash_flow import cash_flow
from autograders.accounting.entries import Entry, Line
from autograders.accounting.income_statement import income_statement
from autograders.accounting.journal import journal
from autograders.accounting.ledger import ledger
from autograders.accounting.ratio import ratio
from autograders.accounting.text import JournalError, format_journal, parse_journal
from autograders.accounting.trial_balance import trial_balance

__all__ = [
    "Account",
    "Entry",
    "JournalError",
    "Line",
    "balance_sheet",
    "balances",
    "cash_flow",
    "format_journal",
    "income_statement",
    "journal",
    "ledger",
    "parse_journal",
    "post",
    "ratio",
    "trial_balance",
]

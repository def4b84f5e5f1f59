"""A chart of accounts as a component shows it: names, kinds and what was there before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from autograders.accounting.books import accounts_of
from autograders.accounting.entries import SIDES, Entry, Line
from autograders.accounting.names import normal
from autograders.accounting.text import JournalError, parse_journal
from autograders.outcome import Failure

KINDS = ("asset", "liability", "equity", "revenue", "expense")
MOST = 26
"""Accounts of a chart: more are too many to choose from."""

# The first that fits. What a name may mean two ways ("Bank charges", "Land tax") fits none.
_BY_NAME = tuple((kind, re.compile(words)) for kind, words in (
    ("asset", r"receivable$|^debtors$|^prepaid\b|^accrued (revenue|income)$"),
    ("asset", r"^accumulated depreciation\b"),
    ("liability", r"payable$|^creditors$|\bloans?$|\bmortgage$|^accrued (expenses?|wages)$"),
    ("liability", r"^(unearned|deferred) (revenue|income)$|^customer deposits$"),
    ("expense", r"\bexpenses?$|^costs? of (goods sold|sales)$|^wages$|^salaries$|^depreciation$"),
    ("asset", r"^(petty )?cash( (at|in) bank| in hand| on hand)?$|^bank( account)?$"),
    ("asset", r"\b(inventory|supplies|equipment|machine|machinery|buildings?|vehicles?)$"),
    ("asset", r"\b(land|furniture)$"),
    ("revenue", r"\brevenues?$|\bsales$|^fees earned$|^interest (earned|income)$"),
    ("equity", r"\bcapital$|\bequity$|^retained earnings$|^(common|ordinary) (stock|shares)$"),
    ("equity", r"\bdrawings$|^dividends( declared| paid)?$"),
))


def chart_of(accounts: Iterable[str] | None, used: Iterable[str]) -> list[str]:
    """The accounts to choose from: the author's, or those that are used anywhere.

    Raises ValueError for one that is used and not in the author's chart, for two that are one
    name, and for too many or too few.
    """
    names = list(accounts if accounts is not None else ())
    found = {normal(name): name for name in reversed(names)}
    if len(found) < len(names):
        raise ValueError("an account is named twice in accounts=")
    for name in used:
        if normal(name) not in found:
            if accounts is not None:
                raise ValueError(f"not in accounts=: {name}. Add it, or mend its spelling")
            found[normal(name)] = name
            names.append(name)
    if not 2 <= len(names) <= MOST:
        raise ValueError(f"a chart to choose from has 2 to {MOST} accounts, not {len(names)}")
    return names


def kinds_of(chart: list[str], kinds: Mapping[str, str] | None) -> list[str]:
    """What each account of a chart is: one of KINDS.

    Raises ValueError for another kind, and for an account whose name does not tell.
    """
    own = {normal(name): kind for name, kind in (kinds or {}).items()}
    strange = next((kind for kind in own.values() if kind not in KINDS), None)
    if strange is not None:
        raise ValueError(f"a kind is {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {strange!r}")
    return [own.get(normal(name)) or _kind(name) for name in chart]


def _kind(name: str) -> str:
    text = normal(name)
    for kind, words in _BY_NAME:
        if words.search(text):
            return kind
    raise ValueError(f"the name {name!r} does not tell what the account is: say "
                     f"kinds={{{name!r}: \"asset\"}} (or {', '.join(KINDS[1:])})")


def opening_of(
    chart: list[str], opening: Mapping[str, Any] | None
) -> list[tuple[list[int], list[int]]]:
    """What stands on the debit and on the credit side of each account before, in cents.

    Raises ValueError for what is no amount, and where the two sides of all accounts differ.
    """
    if not opening:
        return [([], []) for _ in chart]
    try:
        before = {normal(name): one for name, one in accounts_of(opening, "opening").items()}
    except Failure as failure:
        raise ValueError(failure.outcome.message) from None
    found = [([], []) if (one := before.get(normal(name))) is None else
             ([cents(amount) for amount in one.debit], [cents(amount) for amount in one.credit])
             for name in chart]
    debit, credit = (sum(sum(one[side]) for one in found) for side in (0, 1))
    if debit != credit:
        raise ValueError(
            f"opening= does not balance: debits {money(debit)}, credits {money(credit)}. Give what "
            "stands in all accounts, those that the entry does not touch too")
    return found


def cents(amount: Decimal) -> int:
    """An amount in cents. Raises ValueError for parts of a cent."""
    found = amount * 100
    if found != int(found):
        raise ValueError(f"amounts have at most two decimals, not {amount}")
    return int(found)


def money(amount: int) -> str:
    """Cents as people write an amount: 4,000 or 12.50."""
    return f"{amount // 100:,}" if amount % 100 == 0 else f"{amount / 100:,.2f}"


def written(name: str) -> str:
    """An account's name as the text form has it: in quotes where it would be misread.

    Raises ValueError for one that the text form cannot hold.
    """
    lines = [Line(account=name, side=side, amount=Decimal(amount))
             for side in SIDES for amount in ("500", "4000", "12.50")]
    words = name if all(_is_read(name, line) for line in lines) else f'"{name}"'
    if not all(_is_read(words, line) for line in lines):
        raise ValueError(f"{name!r} cannot be written in an entry; give it a plainer name")
    return words


def _is_read(words: str, line: Line) -> bool:
    one = f"{line.side[0].upper()}r {words} {line.amount:,f}"
    try:
        return parse_journal(f"[a] {one} / {one}") == (Entry(lines=(line, line), ref="a"),)
    except JournalError:
        return False

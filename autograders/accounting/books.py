"""Accounts of a ledger: posted from a journal, or read from what a learner wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from autograders.accounting.carried import authored
from autograders.accounting.entries import SIDES, Entry, Side, added, rounded
from autograders.accounting.names import Names, normal
from autograders.accounting.rows import (
    MOST_ROWS,
    Fields,
    amount_of,
    exact,
    fields_of,
    frame_of,
    is_amount,
    is_blank,
    name_of,
    side_of,
    table_of,
)
from autograders.outcome import Failure
from autograders.values import items_of, kind_of, mapping_of, number_of, show, text_of

HOW = ('Write {"Cash": {"debit": [500], "credit": [200]}, ...}, or {"Cash": 300, ...} with debit '
       "balances positive, or a table with the columns account, debit, credit.")
TOTALS = ("total", "totals", "sum", "sums")

Amounts = Mapping[Side, tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account: the amounts on each side. `posted` is false where only a balance is known."""

    debit: tuple[Decimal, ...] = ()
    credit: tuple[Decimal, ...] = ()
    posted: bool = True

    @property
    def balance(self) -> Decimal:
        """Debits less credits: positive for a debit balance."""
        return added(self.debit) - added(self.credit)

    def postings(self, places: int) -> Counter[tuple[Side, Decimal]]:
        """The amounts by side, as often as each stands there."""
        found: Counter[tuple[Side, Decimal]] = Counter()
        found.update(("debit", rounded(one, places)) for one in self.debit)
        found.update(("credit", rounded(one, places)) for one in self.credit)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Accounts by the author's names, what the learner wrote for them, and a row of totals."""

    accounts: Mapping[str, Account]
    written: Mapping[str, str]
    unknown: frozenset[str] = frozenset()
    totals: Account | None = None

    def total(self, side: Side) -> Decimal:
        """What the balances on a side add up to."""
        found = [one.balance for one in self.accounts.values()]
        return added(abs(one) for one in found if (one > 0) == (side == "debit"))


def post(journal: Any, opening: Mapping[str, Any] | None = None) -> dict[str, Account]:
    """The accounts that a journal makes: its lines by account, after the opening balances.

    `journal` has any form that `autograders.accounting.journal` reads; in `opening` debit
    balances are positive. Accounts come in the order in which they are touched.
    """
    names: dict[str, str] = {}
    lines: dict[str, tuple[list[Decimal], list[Decimal]]] = {}
    for name, balance in (opening or {}).items():
        amount = _figure(balance)
        sides = lines.setdefault(names.setdefault(normal(name), name), ([], []))
        if amount:
            sides[0 if amount > 0 else 1].append(abs(amount))
    for entry in _entries(journal):
        for line in entry.lines:
            name = names.setdefault(normal(line.account), line.account)
            sides = lines.setdefault(name, ([], []))
            sides[SIDES.index(line.side)].append(line.amount)
    return {name: Account(debit=tuple(debits), credit=tuple(credits_))
            for name, (debits, credits_) in lines.items()}


def balances(journal: Any, opening: Mapping[str, Any] | None = None) -> dict[str, Decimal]:
    """The balance of every account of a journal: positive on the debit side."""
    return {name: one.balance for name, one in post(journal, opening).items()}


def _entries(journal: Any) -> tuple[Entry, ...]:
    if type(journal) is tuple and all(type(entry) is Entry for entry in journal):
        return journal
    return authored(journal)


def _figure(value: Any) -> Decimal:
    """An author's number. Raises ValueError."""
    number = number_of(value)
    found = exact(number) if number is not None else None
    if found is None:
        raise ValueError(f"a balance is a number, not {value!r}")
    return found


def authored_accounts(expected: Any, opening: Mapping[str, Any] | None) -> dict[str, Account]:
    """An author's accounts: a dict or a table of them, or a journal in any other form, posted.

    Raises ValueError for what is neither.
    """
    if isinstance(expected, Mapping) and all(
            isinstance(one, Account) for one in expected.values()):
        return dict(expected)
    if not isinstance(expected, Mapping) and frame_of(expected) is None:
        return post(expected, opening)
    if opening:
        raise ValueError("opening= goes with a journal: balances have it in them")
    try:
        found = _rows(expected, "expected")
    except Failure as failure:
        raise ValueError(failure.outcome.message) from None
    return _merged(found)


def books_of(value: Any, name: str, names: Names) -> Books:
    """A learner's accounts, in any form. Raises Failure."""
    accounts: dict[str, Account] = {}
    written: dict[str, str] = {}
    unknown: set[str] = set()
    totals = None
    for word, account in accounts_of(value, name).items():
        if normal(word) in TOTALS and names.find(word) is None:
            totals = account
            continue
        known = names.find(word) or names.near(word)
        if known is None:
            known = word
            unknown.add(word)
        elif names.find(word) is None:
            written[known] = word
        accounts[known] = both(accounts.get(known), account)
    if not accounts:
        raise Failure(f"`{name}` has no accounts yet.", tag="unanswered")
    return Books(accounts=accounts, written=written, unknown=frozenset(unknown), totals=totals)


def accounts_of(value: Any, name: str) -> dict[str, Account]:
    """A learner's accounts, in any form, by what each is called. Raises Failure."""
    return _merged(_rows(value, name))


def _merged(rows: Iterable[tuple[str, Account]]) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for name, account in rows:
        found[name] = both(found.get(name), account)
    return found


def both(one: Account | None, other: Account) -> Account:
    """Two accounts of one name as one."""
    if one is None:
        return other
    # Several rows of one account are postings, whatever each looks like.
    return Account(debit=one.debit + other.debit, credit=one.credit + other.credit)


# ------------------------------------------------------------------------ forms


def _rows(value: Any, name: str) -> list[tuple[str, Account]]:
    rows = table_of(value)
    if rows is not None:
        return [_of_fields(row, f"row {place} of `{name}`")
                for place, row in enumerate(rows, start=1)
                if not all(is_blank(cell) for cell in row.values())]
    entries = mapping_of(value, most=MOST_ROWS)
    if entries is not None:
        return [(name_of(key, f"`{name}`"), _account(one, f"`{name}[{show(key, width=30)}]`"))
                for key, one in entries.items()]
    items = items_of(value, most=MOST_ROWS)
    if items is None:
        raise Failure(f"`{name}` should hold accounts, but it is {kind_of(value)}. {HOW}",
                      tag="type")
    return [_of_item(item, f"row {place} of `{name}`") for place, item in enumerate(items, start=1)]


def _of_item(item: Any, where: str) -> tuple[str, Account]:
    fields = fields_of(item)
    if fields is not None:
        return _of_fields(fields, where)
    cells = items_of(item, most=MOST_ROWS) if issubclass(type(item), tuple | list) else None
    if cells is None or not 2 <= len(cells) <= 3:
        raise Failure(f"{where} should be an account with its debit and its credit. {HOW}",
                      tag="type")
    rest = cells[1] if len(cells) == 2 else cells[1:]
    return name_of(cells[0], where), _account(rest, where)


def _of_fields(fields: Fields, where: str) -> tuple[str, Account]:
    if is_blank(fields.get("account")):
        raise Failure(f"{where} names no account. {HOW}", tag="columns")
    return name_of(fields["account"], where), _of_sides(fields, where)


def _of_sides(fields: Fields, where: str) -> Account:
    """An account by its fields: debit and credit, or side and amount, or a balance."""
    if "debit" in fields or "credit" in fields:
        return Account(debit=_amounts(fields.get("debit"), where),
                       credit=_amounts(fields.get("credit"), where))
    amount = amount_of(fields.get("amount", fields.get("balance")), where)
    if "side" in fields and not is_blank(fields["side"]):
        side = side_of(fields["side"])
        if side is None:
            raise Failure(f'{where}: the side should be "debit" or "credit".', tag="side")
        return _balance(amount, side)
    if "amount" not in fields and "balance" not in fields:
        raise Failure(f"{where} has no debit and no credit. {HOW}", tag="columns")
    return _balance(amount, "debit")


def _balance(amount: Decimal | None, side: Side) -> Account:
    """An account that only its balance is known of."""
    if not amount:
        return Account(posted=False)
    if amount < 0:
        side = SIDES[1 - SIDES.index(side)]
    return Account(**{side: (abs(amount),)}, posted=False)


def _account(value: Any, where: str) -> Account:
    fields = fields_of(value)
    if fields is not None:
        return _of_sides(fields, where)
    if is_amount(value) or is_blank(value):
        return _balance(amount_of(value, where), "debit")
    cells = items_of(value, most=MOST_ROWS) if issubclass(type(value), tuple | list) else None
    if cells is None:
        raise Failure(f"{where} should be a balance, or amounts on two sides, but it is "
                      f"{kind_of(value)}. {HOW}", tag="type")
    return _of_pair(cells, where)


def _of_pair(cells: list[Any], where: str) -> Account:
    """A side and an amount in either order, amounts or lists of the two sides, or postings."""
    if len(cells) == 2:
        for side, amount in (cells, cells[::-1]):
            found = side_of(side) if text_of(side) is not None else None
            if found is not None:
                return _balance(amount_of(amount, where), found)
        if not any(_is_posting(cell) for cell in cells):
            return Account(debit=_amounts(cells[0], where), credit=_amounts(cells[1], where))
    account = Account()
    for cell in cells:
        if not _is_posting(cell):
            raise Failure(f"{where} should hold a debit and a credit. {HOW}", tag="type")
        one = _of_pair(items_of(cell) or [], where)
        account = Account(debit=account.debit + one.debit, credit=account.credit + one.credit)
    return account


def _is_posting(value: Any) -> bool:
    """Whether a value is a pair of a side and an amount."""
    cells = items_of(value, most=MOST_ROWS) if issubclass(type(value), tuple | list) else None
    return cells is not None and len(cells) == 2 and any(
        text_of(cell) is not None and side_of(cell) is not None for cell in cells)


def _amounts(value: Any, where: str) -> tuple[Decimal, ...]:
    if is_blank(value):
        return ()
    cells = [value] if is_amount(value) else items_of(value, most=MOST_ROWS)
    if cells is None:
        amount = amount_of(value, where)
        return (amount,) if amount else ()
    found = (amount_of(cell, where) for cell in cells)
    return tuple(amount for amount in found if amount)

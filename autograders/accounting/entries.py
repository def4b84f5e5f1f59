"""The nouns of bookkeeping: an entry of a journal and its lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import Literal, get_args

Side = Literal["debit", "credit"]
SIDES: tuple[Side, ...] = get_args(Side)

LARGEST = Decimal(10) ** 15
"""Amounts are smaller than this."""

EXACT = Context(prec=60)
"""Decimal arithmetic that rounds no amount."""

_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an entry: an account, the side it is written on, and the amount.

    The amount may be handed in as an int. Raises ValueError for an account that is no plain
    text of one line, for another side, and for an amount that is not finite or too large.
    """

    account: str
    side: Side
    amount: Decimal

    def __post_init__(self) -> None:
        if type(self.account) is not str or not _plain(self.account):
            raise ValueError(f"an account is a name on one line, not {self.account!r}")
        if self.side not in SIDES:
            raise ValueError(f"a side is 'debit' or 'credit', not {self.side!r}")
        amount: object = self.amount
        if type(amount) is int:
            object.__setattr__(self, "amount", Decimal(amount))
        if type(self.amount) is not Decimal or not self.amount.is_finite():
            raise ValueError(f"an amount is a Decimal or a whole number, not {self.amount!r}")
        if abs(self.amount) >= LARGEST:
            raise ValueError(f"an amount is smaller than {LARGEST:,f}")

    @property
    def signed(self) -> Decimal:
        """The amount: positive on the debit side, negative on the credit side."""
        return self.amount if self.side == "debit" else -self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a journal: its lines, its day, and what the course calls it (`ref`).

    It need not balance: learners' entries are entries as well. Raises ValueError for no line,
    or a `ref` that the text form could not hold.
    """

    lines: tuple[Line, ...]
    date: dt.date | None = None
    ref: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("an entry has at least one line")
        if self.ref and (not _plain(self.ref) or set(self.ref) & set("[]();")):
            raise ValueError(f"a reference is a short word such as 'a' or 'A7', not {self.ref!r}")

    def total(self, side: Side) -> Decimal:
        """What the lines of a side add up to."""
        return added(line.amount for line in self.lines if line.side == side)

    @property
    def difference(self) -> Decimal:
        """Debits less credits: 0 in an entry that balances."""
        return EXACT.subtract(self.total("debit"), self.total("credit"))


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of Decimals."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def rounded(amount: Decimal, places: int) -> Decimal:
    """An amount to so many decimals, half to even; 0 has no sign."""
    try:
        found = EXACT.quantize(amount, Decimal(1).scaleb(-places))
    except InvalidOperation:
        return amount
    return found if found else Decimal(0)


def _plain(text: str) -> bool:
    return (0 < len(text) <= _LONGEST and text == " ".join(text.split())
            and text.isprintable() and '"' not in text)

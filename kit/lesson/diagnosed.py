"""What the checker of homework says of an entry, for a page on which no Python runs.

The checker is asked here, at the build, about the right entry, the author's known mistakes and
all that is a few slips away from them: another account, another side, another amount, a line too
many or too few. Its answers make a table. An amount that is none of the known ones stands in it
as a letter, so that one row tells of every such amount; a row is kept only where the checker says
the same of two different ones. What is not in the table is not judged on the page.

A row's key is the entry's lines, debits first, each by the chart: a letter for the account (a
capital on the debit side) and the place of its amount among the known ones, or x, y, ... for
others in the order they come; then = or ! for whether the entry balances.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from autograders.accounting.slips import transposed
from autograders.outcome import Outcome
from autograders.values import figure

MOST = 1_000
"""Entries in a table."""

_LETTERS = "xyzuvwst"
_HOLES = {"debit": "\ue000", "credit": "\ue001",
          **{letter: chr(0xe002 + place) for place, letter in enumerate(_LETTERS)}}
"""What stands in a message for an amount that the learner chose."""

Money = tuple[int, int, int]
"""An amount in cents, with how often two amounts that are no known ones go into it."""

Lines = tuple[tuple[tuple[int, int], Money], ...]
"""An entry: its lines by side (0 debit, 1 credit) and account, in order, with their amounts."""

Cents = tuple[tuple[tuple[int, int], int], ...]
"""An entry with its amounts in cents."""

_X: Money = (0, 1, 0)
_Y: Money = (0, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Whom to ask: the checker of an entry given as cents, of a chart with so many accounts."""

    ask: Callable[[Cents], Outcome]
    accounts: int


def table_of(desk: Desk, right: Cents, mistakes: Sequence[Cents]) -> dict[str, Any]:
    """The table: `amounts` that are known, `said`, `outcomes` (each the first letter of a
    state, then places in `said`) and `rows`, keys and places in `outcomes`."""
    known = _known(right, mistakes)
    first, second = _others(known, min(amount for _, amount in right))
    said: dict[str, int] = {}
    outcomes: dict[tuple[Any, ...], int] = {}
    rows: dict[str, int] = {}
    starts = [_of_cents(one) for one in (right, *mistakes)]
    own = [(amount, 0, 0) for amount in dict.fromkeys(amount for _, amount in right)]
    slips = Slips(own=own, known=known, accounts=desk.accounts)
    for lines in _near(starts, slips, (first, second)):
        told = _told(desk, lines, known, first, second)
        if told is None:
            continue
        key, state, message = told
        places = tuple(said.setdefault(one, len(said)) for one in message.split("\n"))
        rows[key] = outcomes.setdefault((state, *places), len(outcomes))
    return {"amounts": known, "said": list(said), "outcomes": " ".join(
        f"{state[0]}{','.join(map(str, places))}" for state, *places in outcomes),
            "rows": " ".join(f"{key} {place}" for key, place in rows.items())}


def key_of(lines: Cents, known: Sequence[int]) -> tuple[str, dict[str, int]]:
    """The key of an entry, and the amounts in it that are no known ones, by letter."""
    letters: dict[int, str] = {}
    words = []
    for (side, account), amount in lines:
        if amount not in known and amount not in letters:
            letters[amount] = _LETTERS[len(letters)]
        label = letters.get(amount) or str(known.index(amount))
        words.append(f"{chr((97 if side else 65) + account)}{label}")
    debit, credit = totals(lines)
    return "".join(words) + ("=" if debit == credit else "!"), {
        letter: amount for amount, letter in letters.items()}


def totals(lines: Cents) -> tuple[int, int]:
    """What the debits and the credits add up to."""
    debit, credit = (sum(amount for (on, _), amount in lines if on == side) for side in (0, 1))
    return debit, credit


# ------------------------------------------------------------------------- a row


def _told(
    desk: Desk, lines: Lines, known: Sequence[int], first: tuple[int, int],
    second: tuple[int, int],
) -> tuple[str, str, str] | None:
    """The key, the state and the message of an entry, with holes for its amounts; None where it
    cannot be told for every amount."""
    one, other = _in_cents(lines, first), _in_cents(lines, second)
    key, letters = key_of(one, known)
    again, others = key_of(other, known)
    if key != again:
        return None
    outcome = desk.ask(one)
    state = {"passed": "right", "partial": "part"}.get(outcome.state, "wrong")
    if not letters:
        return key, state, outcome.message
    message = _with_holes(outcome.message, _figures(one, letters))
    compared = desk.ask(other)
    if (compared.state, _with_holes(compared.message, _figures(other, others))) != (
            outcome.state, message):
        return None
    return key, state, message


def _figures(lines: Cents, letters: dict[str, int]) -> dict[str, int]:
    """The amounts that a message may tell and that the learner chose, by what they are."""
    sums = dict(zip(("debit", "credit"), totals(lines), strict=True))
    return {**letters, **sums}


def _with_holes(message: str, figures: dict[str, int]) -> str:
    """A message with a hole for each of the figures. A total that is an amount as well is told
    as the amount."""
    by_words = {figure(amount / 100): name for name, amount in reversed(figures.items())}
    words = "|".join(re.escape(one) for one in sorted(by_words, key=len, reverse=True))
    return re.sub(rf"(?<![\d.,])(?:{words})(?!\d|[.,]\d)",
                  lambda found: _HOLES[by_words[found[0]]], message)


# ------------------------------------------------------------------------- amounts


def _known(right: Cents, mistakes: Iterable[Cents]) -> list[int]:
    """The amounts that may be told of by themselves: the author's, and the right ones with two
    digits that changed places."""
    own = [amount for entry in (right, *mistakes) for _, amount in entry]
    found = dict.fromkeys(own)
    for _, amount in right:
        digits = f"{amount // 100}.{amount % 100:02d}"
        for at in range(len(digits) - 1):
            turned = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2:]
            if re.fullmatch(r"\d+\.\d\d", turned) and transposed(Decimal(turned), Decimal(digits)):
                found[int(turned.replace(".", ""))] = None
    return [amount for amount in found if amount]


def _others(known: Sequence[int], least: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two pairs of amounts that are no known ones, with sums that are none either."""
    found: list[int] = []
    amount = max(least * 3 // 17, 13)
    while len(found) < 4:
        amount += 37
        taken = {*known, *found}
        if amount not in taken and not any(
                one + amount in taken or abs(one - amount) in taken for one in taken):
            found.append(amount)
    return (found[0], found[1]), (found[2], found[3])


def _of_cents(lines: Cents) -> Lines:
    return tuple((key, (amount, 0, 0)) for key, amount in lines)


def _in_cents(lines: Lines, others: tuple[int, int]) -> Cents:
    return tuple((key, _value(amount, others)) for key, amount in lines)


def _value(amount: Money, others: tuple[int, int]) -> int:
    return amount[0] + amount[1] * others[0] + amount[2] * others[1]


# ------------------------------------------------------------------------- slips


def _near(
    starts: Sequence[Lines], near: Slips, others: tuple[tuple[int, int], tuple[int, int]]
) -> Iterator[Lines]:
    """Entries that are few slips away from these, one for each key, up to MOST: first all that
    are one slip away, then by slips in a line, last those with more or fewer lines."""
    found: dict[str, Lines] = {}
    longest = max(len(one) for one in starts)

    def is_new(lines: Lines) -> bool:
        cents = [_in_cents(lines, pair) for pair in others]
        if not lines or any(amount <= 0 for one in cents for _, amount in one):
            return False
        key, _ = key_of(cents[0], near.known)
        return found.setdefault(key, lines) is lines

    waiting = [one for one in starts if is_new(one)]
    yield from waiting
    rounds = ((waiting[:], (near.in_lines, near.of_lines)), (waiting, (near.in_lines,)),
              (waiting, (near.of_lines,)))
    for entries, ways in rounds:
        for one in entries:
            for lines in (lines for way in ways for lines in way(one)):
                if len(found) >= MOST:
                    return
                if is_new(lines):
                    if len(lines) <= longest:
                        waiting.append(lines)
                    yield lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """The slips that are made with so many accounts, with amounts of the right entry (`own`)
    and with those that are `known`."""

    own: Sequence[Money]
    known: Sequence[int]
    accounts: int

    def in_lines(self, lines: Lines) -> Iterator[Lines]:
        """Entries with one line, or one amount, or the sides, other than in this one."""
        entry = dict(lines)
        yield _ordered({(1 - side, account): amount for (side, account), amount in lines})
        for key, amount in lines:
            rest = {other: one for other, one in lines if other != key}
            for other in self._free(entry):
                if other[0] == key[0] or other[1] == key[1]:
                    yield _ordered({**rest, other: amount})
            for other_amount in (*self.own, _X, _Y, _balancing(rest, key[0])):
                yield _ordered({**rest, key: other_amount})
        for amount in dict.fromkeys(entry.values()):
            for other_amount in (_X, *((one, 0, 0) for one in self.known)):
                yield _ordered({key: other_amount if one == amount else one
                                for key, one in lines})

    def of_lines(self, lines: Lines) -> Iterator[Lines]:
        """Entries with one line less, or one more, than this one."""
        entry = dict(lines)
        for key in entry:
            yield _ordered({other: one for other, one in lines if other != key})
        for key in self._free(entry):
            for amount in (*self.own, _X, _balancing(entry, key[0])):
                yield _ordered({**entry, key: amount})

    def _free(self, entry: dict[tuple[int, int], Money]) -> list[tuple[int, int]]:
        return [(side, account) for side in (0, 1) for account in range(self.accounts)
                if (side, account) not in entry]


def _balancing(entry: dict[tuple[int, int], Money], side: int) -> Money:
    """What is lacking on a side."""
    signed = [(amount if on != side else tuple(-part for part in amount))
              for (on, _), amount in entry.items()]
    first, second, third = (sum(one[part] for one in signed) for part in range(3))
    return first, second, third


def _ordered(entry: dict[tuple[int, int], Money]) -> Lines:
    return tuple(sorted(entry.items()))

"""Compare a learner's entries with the expected ones: which is which, and what each earns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from math import fsum

from autograders.accounting.entries import EXACT, Entry, Side, rounded
from autograders.accounting.matching import best_pairs
from autograders.accounting.names import Names, normal

Key = tuple[str, Side]

PARTS = {"account": 1.0, "side": 1.0, "amount": 1.0, "date": 0.5}
"""How much the parts of an entry count, unless an author says so."""

_BY_ACCOUNT = {**PARTS, "account": 1.5}
_SAME_REF = 1e-3
_LEAST = 0.2
_COMPOUND = 3
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """An entry as it is compared: its amounts by account and side, under the author's names.

    `misspelled` maps an author's name to what the learner wrote for it, `unknown` holds names
    that are like none.
    """

    entry: Entry
    place: int
    amounts: Mapping[Key, Decimal]
    misspelled: Mapping[str, str]
    unknown: frozenset[str]

    def accounts(self) -> set[str]:
        """The accounts of the entry."""
        return {account for account, _ in self.amounts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A learner's entry and the expected one that it was taken for, and the score, 0 to 1."""

    own: Sums
    right: Sums
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of a comparison: the pairs, what is left on either side, and the share earned."""

    pairs: tuple[Pair, ...]
    extra: tuple[Sums, ...]
    missing: tuple[Sums, ...]
    credit: float

    @property
    def right(self) -> bool:
        """Whether every entry is there and right, and none is too many."""
        return not self.extra and not self.missing and all(
            pair.score >= 1 for pair in self.pairs)

    @property
    def count_right(self) -> int:
        """How many entries are right."""
        return sum(pair.score >= 1 for pair in self.pairs)


def sums_of(entries: Iterable[Entry], names: Names, places: int) -> tuple[Sums, ...]:
    """Entries with their lines added up by account and side."""
    return tuple(_sums(entry, place, names, places)
                 for place, entry in enumerate(entries, start=1))


def _sums(entry: Entry, place: int, names: Names, places: int) -> Sums:
    amounts: dict[Key, Decimal] = {}
    misspelled: dict[str, str] = {}
    unknown: set[str] = set()
    for line in entry.lines:
        account = names.find(line.account)
        if account is None:
            account = names.near(line.account)
            if account is None:
                account = normal(line.account)
                unknown.add(account)
            else:
                misspelled[account] = line.account
        key = (account, line.side)
        amounts[key] = EXACT.add(amounts.get(key, Decimal(0)), line.amount)
    kept = {key: amount for key, one in amounts.items() if (amount := rounded(one, places))}
    return Sums(entry=entry, place=place, amounts=kept, misspelled=misspelled,
                unknown=frozenset(unknown))


def compare(
    own: Sequence[Sums], right: Sequence[Sums], weights: Mapping[str, float] | None = None,
    *, whole: bool = False,
) -> Compared:
    """Assign a learner's entries to the expected ones, so that they earn the most.

    The credit is what all pairs score together, over the number of the entries expected, or
    handed in where those are more. With `whole`, an entry earns all or nothing.
    """
    parts = {**PARTS, **(weights or {})}
    own = _joined(own, right)
    left = list(right)
    pairs: list[Pair] = []
    for one in own:  # entries that are right need no search
        equal = next((other for other in left if _is_same(one, other)), None)
        if equal is not None:
            left.remove(equal)
            pairs.append(Pair(own=one, right=equal, score=1.0))
    taken = {id(pair.own) for pair in pairs}
    pairs += _searched([one for one in own if id(one) not in taken], left, parts)
    pairs.sort(key=lambda pair: pair.own.place)
    scores = [pair.score if pair.score >= 1 or not whole else 0.0 for pair in pairs]
    most = max(len(own), len(right), 1)
    own_left = {id(pair.own) for pair in pairs}
    right_left = {id(pair.right) for pair in pairs}
    return Compared(
        pairs=tuple(pairs), credit=min(fsum(scores) / most, 1.0),
        extra=tuple(one for one in own if id(one) not in own_left),
        missing=tuple(one for one in right if id(one) not in right_left))


def _joined(own: Sequence[Sums], right: Sequence[Sums]) -> list[Sums]:
    """A learner's entries, with those joined that make up one expected compound entry: it may
    be written as several simple ones of the same day."""
    kept = list(own)
    for whole in right:
        if len(whole.amounts) < _COMPOUND or any(_is_same(one, whole) for one in kept):
            continue
        parts = [one for one in kept if _is_part(one, whole)][:_MOST_PARTS]
        for size in range(2, len(parts) + 1):
            found = next((group for group in combinations(parts, size)
                          if _together(group) == whole.amounts
                          and len({one.entry.date for one in group}) == 1), None)
            if found is not None:
                kept = [one for one in kept if one not in found]
                kept.append(replace(found[0], amounts=_together(found)))
                break
    return sorted(kept, key=lambda one: one.place)


def _is_part(one: Sums, whole: Sums) -> bool:
    return (not one.misspelled and not one.entry.difference
            and (not one.entry.ref or _same_ref(one, whole))
            and all(0 < amount <= whole.amounts.get(key, 0) for key, amount in
                    one.amounts.items()))


def _together(group: Iterable[Sums]) -> dict[Key, Decimal]:
    total: dict[Key, Decimal] = {}
    for one in group:
        for key, amount in one.amounts.items():
            total[key] = EXACT.add(total.get(key, Decimal(0)), amount)
    return total


def _is_same(own: Sums, right: Sums) -> bool:
    return (own.amounts == right.amounts and not own.misspelled
            and right.entry.date in (None, own.entry.date)
            and (not own.entry.ref or not right.entry.ref or _same_ref(own, right)))


def _same_ref(own: Sums, right: Sums) -> bool:
    return bool(own.entry.ref) and normal(own.entry.ref) == normal(right.entry.ref)


def _searched(own: list[Sums], right: list[Sums], parts: Mapping[str, float]) -> list[Pair]:
    if not own or not right:
        return []
    scores = [[score_of(one, other, parts) for other in right] for one in own]
    # Of equal scores, the entry that the learner calls so, then the one at the same place.
    searched = [[score + _SAME_REF * _same_ref(one, other)
                 - 1e-7 * abs(one.place - other.place)
                 for score, other in zip(row, right, strict=True)]
                for row, one in zip(scores, own, strict=True)]
    return [Pair(own=own[a], right=right[b], score=scores[a][b])
            for a, b in best_pairs(searched)
            if scores[a][b] >= _LEAST or (_same_ref(own[a], right[b]) and scores[a][b] > 0)]


def score_of(own: Sums, right: Sums, parts: Mapping[str, float]) -> float:
    """What an entry earns when it is taken for an expected one, 0 to 1."""
    lines = line_pairs(own, right, parts)
    each = parts["account"] + parts["side"] + parts["amount"]
    most = max(len(own.amounts), len(right.amounts)) * each
    share = fsum(score for _, _, score in lines) / most if most else 0.0
    dated = right.entry.date is not None and parts["date"] > 0
    if not dated or not share:
        return min(share, 1.0)
    on_day = 1.0 if own.entry.date == right.entry.date else 0.0
    # The date earns in the measure in which the lines are right: a date alone is no entry.
    score = (share * each + on_day * share * parts["date"]) / (each + parts["date"])
    return 1.0 if share >= 1 and on_day else min(score, 1.0)


def line_pairs(
    own: Sums, right: Sums, parts: Mapping[str, float] | None = None
) -> list[tuple[Key, Key, float]]:
    """The lines of an entry, each with the expected line that it was taken for, and its score.

    Without weights, a line is taken for one of its account rather than of its amount.
    """
    parts = parts or _BY_ACCOUNT
    ours, theirs = list(own.amounts), list(right.amounts)
    scores = [[_line_score(own, key, right, other, parts) for other in theirs] for key in ours]
    return [(ours[a], theirs[b], scores[a][b]) for a, b in best_pairs(scores) if scores[a][b] > 0]


def _line_score(
    own: Sums, key: Key, right: Sums, other: Key, parts: Mapping[str, float]
) -> float:
    account, side = key[0] == other[0], key[1] == other[1]
    amount = own.amounts[key] == right.amounts[other]
    if not account:
        # An amount on a side is no more than an amount: else swapped sides would earn the most.
        return parts["amount"] * (side and amount)
    spelled = 0.5 if key[0] in own.misspelled else 1.0
    # An amount on the wrong side says the opposite of what happened: it earns nothing.
    return (parts["account"] * spelled + parts["side"] * side
            + parts["amount"] * (amount and side))

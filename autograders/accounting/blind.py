"""Read answers without knowing the right ones: the keys of what a release digests.

A key is a line of an entry, an account or a line of a statement, as it is compared: its name in
its normal form, and its amount, rounded. Where only the author's names would tell how an answer
is read (a name that is misspelled, or stands twice), its keys fit nothing, and leave it open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from autograders.accounting.books import TOTALS, Account, accounts_of, both
from autograders.accounting.entries import EXACT, added, rounded
from autograders.accounting.names import ENDINGS, Names, normal
from autograders.handout import DOUBT, Handout, joined
from autograders.outcome import Failure, Mistakes, Outcome, read_mistakes

MOST_PARTS = 60
"""Parts whose keys are handed out one by one."""

FITS_NONE = "!"
"""A key that no part of an answer has."""

_MOST_WAYS = 16
_MOST_NAMES = 300
_QUARTER = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyName(Names):
    """Names where none is known: each stands for its own normal form, without an ending such as
    " account" (`endings`). Those in `apart` are found nowhere."""

    endings: bool = True
    apart: frozenset[str] = frozenset()

    def find(self, name: str) -> str | None:
        """The normal form of a name."""
        return None if normal(name) in self.apart else bare(name, endings=self.endings)


def any_name(*, endings: bool, apart: Iterable[str] = ()) -> Names:
    """Names where none is known."""
    return AnyName(known={}, endings=endings, apart=frozenset(apart))


def bare(name: str, *, endings: bool) -> str:
    """The normal form of a name, without its ending where `endings` do not count."""
    text = normal(name)
    ending = next((one for one in ENDINGS if text.endswith(one)), "") if endings else ""
    return text.removesuffix(ending)


def key_of(*cells: Any) -> str:
    """Some cells as one key."""
    return json.dumps(cells, separators=(",", ":"))


def words(amount: Decimal, places: int) -> str:
    """A rounded amount in a key."""
    return f"{rounded(amount, places):f}"


# ---------------------------------------------------------------------- the author's names


def drops_endings(names: Names) -> bool:
    """Whether an ending such as " account" tells none of the author's names apart."""
    return not any(known.endswith(ENDINGS) for known in names.known)


def has_aliases(names: Names) -> bool:
    """Whether some of the author's names has another word for it."""
    return any(normal(name) != known for known, name in names.known.items())


def spellings(used: Iterable[str], names: Names) -> Iterator[dict[str, str]]:
    """The author's names that are used, each with its normal form; then with other words for
    them, where those are few."""
    ways = {name: list(dict.fromkeys([normal(name), *(
        known for known, one in names.known.items() if one == name)])) for name in used}
    if prod(map(len, ways.values())) > _MOST_WAYS:
        ways = {name: words[:1] for name, words in ways.items()}
    for chosen in product(*ways.values()):
        yield dict(zip(ways, chosen, strict=True))


def earns(mistakes: Mistakes | None) -> bool:
    """Whether what a known mistake earns is its own."""
    return any(one.stated for one in read_mistakes(mistakes))


# --------------------------------------------------------------------------- what is handed out


def handed(
    name: str, ways: Iterable[Sequence[str]], *, arguments: Mapping[str, Any],
    keyed: Mapping[str, Any], decides: bool,
    mistakes: tuple[tuple[frozenset[str], Outcome], ...] = (),
) -> Handout:
    """The handout of a loose answer: its keys in each of the ways in which it is right, the same
    part at the same place."""
    every = list(ways)
    parts = [[key for key in way if not key.startswith(" ")] for way in every]
    told = bool(parts) and len(parts[0]) <= MOST_PARTS
    return Handout(
        name=name, arguments=arguments, keyed=keyed, loose=True, mistakes=mistakes,
        right=tuple(map(frozenset, zip(*parts, strict=True))) if told else (),
        together=frozenset(map(joined, every)), decides=decides and told)


def boxes(
    mistakes: Mistakes | None, keys: Callable[[Any], Sequence[str]],
    earned: Callable[[Any], float],
) -> tuple[tuple[frozenset[str], Outcome], ...]:
    """The known mistakes that are wrong figures, by their keys, with what each tells. `earned` is
    what the figures earn in parts."""
    found: list[tuple[frozenset[str], Outcome]] = []
    seen: set[str] = set()
    for one in read_mistakes(mistakes):
        if callable(one.match):
            continue
        try:
            own, parts = keys(one.match), earned(one.match)
        except Failure:  # no learner's answer is read as it either
            continue
        whole = joined(own)
        if DOUBT not in own and whole not in seen:
            seen.add(whole)
            found.append((frozenset({whole}), one.outcome_of(parts)))
    return tuple(found)


# ------------------------------------------------------------------------------- accounts


def book_keys(
    value: Any, name: str, *, places: int, endings: bool, aliased: bool, postings: bool = False
) -> tuple[str, ...]:
    """The keys of a learner's accounts: what each holds, and with `postings` what stands on its
    sides. Raises Failure."""
    groups: dict[str, list[Account]] = {}
    for word, account in accounts_of(value, name).items():
        if normal(word) not in TOTALS:
            groups.setdefault(bare(word, endings=endings), []).append(account)
    if not groups:
        raise Failure(f"`{name}` has no accounts yet.", tag="unanswered")
    found: list[str] = []
    held: dict[str, Decimal] = {}
    empty: list[str] = []
    undone = hidden = False
    for word, group in groups.items():
        account = group[0]
        for other in group[1:]:
            account = both(account, other)
        held[word] = rounded(account.balance, places)
        key = account_key(word, account, places=places, postings=postings)
        found += [key] if key else []
        empty += [] if key else [word]
        hidden = hidden or (bool(key) and not held[word])
        undone = undone or (len(group) > 1 and not held[word])
    if undone or is_slip(empty, list(groups), aliased=aliased):
        return (*found, FITS_NONE, DOUBT)
    return (*found, DOUBT) if hidden or _undo(held) else tuple(found)


def account_key(name: str, account: Account, *, places: int, postings: bool) -> str:
    """The key of an account, or nothing for one that may be left out."""
    balance = rounded(account.balance, places)
    if not (balance or (postings and (account.debit or account.credit))):
        return ""
    sides = sorted((side, f"{amount:f}", count) for (side, amount), count in
                   account.postings(places).items()) if postings else []
    return key_of(name, f"{balance:f}", sides)


def _undo(held: Mapping[str, Decimal]) -> bool:
    """Whether one balance undoes that of a name that is nearly the same."""
    amounts: dict[Decimal, list[str]] = {}
    for name, amount in held.items():
        if amount:
            amounts.setdefault(amount, []).append(name)
    return len(held) > _MOST_NAMES or any(
        is_near(name, amounts.get(-amount, [])) for amount, names in amounts.items()
        for name in names)


# ---------------------------------------------------------------------------- names and sums


def is_slip(odd: Sequence[str], others: Sequence[str], *, aliased: bool) -> bool:
    """Whether a name may be another one that is misspelled, which costs something although
    nothing is written there."""
    if not odd:
        return False
    if aliased or len(others) > _MOST_NAMES:
        return True
    return any(is_near(one, [other for other in others if other != one]) for one in odd)


def is_near(one: str, others: Iterable[str]) -> bool:
    """Whether a name is spelled nearly like one of the others."""
    return Names(known={other: other for other in others}).near(one) is not None


def strays(amounts: Iterable[Decimal], places: int) -> bool:
    """Whether sums of these amounts may round to others than sums of the rounded ones."""
    off = added(EXACT.subtract(one, rounded(one, places)).copy_abs() for one in amounts)
    return off >= EXACT.multiply(_QUARTER, Decimal(1).scaleb(-places))


def exactly(amounts: Iterable[Decimal], places: int) -> bool:
    """Whether an author's amounts have no more decimals than are compared."""
    return all(one == rounded(one, places) for one in amounts)

"""Read statements without knowing the right ones: the keys of their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, combinations, islice, product
from typing import Any

from autograders.accounting.blind import (
    FITS_NONE,
    bare,
    exactly,
    is_slip,
    key_of,
    spellings,
    strays,
    words,
)
from autograders.accounting.entries import rounded
from autograders.accounting.names import names_of, normal
from autograders.accounting.statement import (
    Item,
    Shape,
    Statement,
    is_total,
    lines_of,
    statement_of,
)
from autograders.handout import DOUBT

_MOST_WAYS = 64


def public(
    totals: Mapping[str, str], *, sections: Sequence[str] = (), whole: Sequence[str] = ()
) -> Shape:
    """What everybody may know of a statement: the names of totals, with other words for them
    (word -> name), and those of sections, or of sections that are one figure (`whole`)."""
    names = list(dict.fromkeys(totals.values()))
    return Shape(
        items={}, sections=names_of(sections), totals=frozenset(names), whole=frozenset(whole),
        names=names_of([*names, *whole],
                       {**{f"{name} activities": name for name in whole},
                        **{word: name for word, name in totals.items() if word != name}}))


def readable(shape: Shape, known: Shape, places: int) -> bool:
    """Whether an author's lines are read as lines by who knows no more than `known`, and add up
    as they are rounded."""
    totals = {word: name for word, name in known.names.known.items() if name in known.totals}
    return (
        exactly((item.amount for item in shape.items.values()), places)
        and not shape.whole
        and all(shape.names.find(word) == name for word, name in totals.items())
        and all(shape.names.find(name) == name for name in shape.items)
        and not any(is_total(word) or known.names.near(word) in known.totals
                    for word in shape.names.known if word not in totals))


def total_words(shape: Shape, of: str, aliases: Mapping[str, str] | None) -> dict[str, str]:
    """The author's own other words for a total: they name what is asked for."""
    return {alias: name for alias, name in (aliases or {}).items()
            if name == of and shape.names.find(alias) == of}


def has_other_words(shape: Shape) -> bool:
    """Whether some line has another word for it."""
    return any(name in shape.items and normal(name) != word
               for word, name in shape.names.known.items())


# --------------------------------------------------------------------------- the author's


def ways_of(
    shape: Shape, places: int, sections: Callable[[Item], Sequence[str]] = lambda _: ("",)
) -> list[list[str]]:
    """The keys of the author's lines, in each of the ways in which they are right: under other
    words, in another of its `sections`, with the other sign throughout a section. Of many ways
    the first ones."""
    lines = [item for item in shape.items.values() if rounded(item.amount, places)]
    flips = sorted({item.section for item in lines} & shape.flips)
    turned = [*chain.from_iterable(
        combinations(flips, size) for size in range(min(len(flips), 4) + 1))]

    def every() -> Iterator[list[str]]:
        for spelled in spellings([item.name for item in lines], shape.names):
            for stands in product(*map(sections, lines)):
                for other in turned:
                    yield [_key(item, spelled[item.name], where, other, places)
                           for item, where in zip(lines, stands, strict=True)]

    return list(islice(every(), _MOST_WAYS))


def _key(item: Item, name: str, section: str, turned: Sequence[str], places: int) -> str:
    amount = -item.amount if item.section in turned else item.amount
    return key_of(section, name, words(amount, places))


def total_key(name: str, amount: Decimal, places: int) -> str:
    """The key of a line of a total."""
    return key_of("=", name, words(amount, places))


# ----------------------------------------------------------------------- the learner's


def line_keys(
    value: Any, name: str, known: Shape, *, places: int, endings: bool, aliased: bool
) -> tuple[list[str], Statement]:
    """The keys of a learner's lines, and the statement as it is read. Raises Failure."""
    own = statement_of(value, name, known)
    keys: list[str] = []
    seen: list[str] = []
    odd = [bare(line, endings=endings) for _, line, _ in lines_of(value, name)
           if is_total(line) and known.names.find(line) is None]
    for item in own.items:
        line = bare(item.name, endings=endings)
        seen.append(line)
        if rounded(item.amount, places):
            section = item.section if known.sections.known else ""
            keys.append(key_of(section, line, words(item.amount, places)))
        else:
            odd.append(line)
    if (own.written or len(set(seen)) < len(seen)
            or strays((item.amount for item in own.items), places)
            or is_slip(odd, seen, aliased=aliased)):
        keys += [FITS_NONE, DOUBT]
    return keys, own

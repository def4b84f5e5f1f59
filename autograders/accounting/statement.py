"""What statements have in common: lines in sections, read and compared one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import fsum
from typing import Any

from autograders.accounting.entries import added, rounded
from autograders.accounting.names import Names, names_of, normal
from autograders.accounting.rows import (
    MOST_ROWS,
    amount_of,
    exact,
    frame_of,
    is_amount,
    is_blank,
    listed,
    name_of,
    plural,
    table_of,
)
from autograders.accounting.slips import Slip, transposed
from autograders.outcome import Failure, Outcome, partly
from autograders.values import figure, items_of, kind_of, mapping_of, number_of, show, text_of

HOW = ('Write {"Sales": 500, ...}, or groups of lines such as {"Revenue": {"Sales": 500}, ...}, '
       "or a table with the columns line and amount.")
_HALF = 0.5
_TOLD = 3
_THOUSAND = 1000
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a statement. `section` is empty where lines stand in no group."""

    section: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an author expects: lines by name, and the names of lines, totals and sections.

    `whole` holds the sections that are one figure each; `either` the other sections in which
    a line may stand. In the sections of `flips` all amounts may have the other sign.
    """

    items: Mapping[str, Item]
    names: Names
    sections: Names
    totals: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    flips: frozenset[str] = frozenset()
    either: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def section_of(self, item: Item) -> str:
        """The section of a learner's line: the author's for a line that the author knows."""
        known = self.items.get(item.name)
        return known.section if known is not None else item.section


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A learner's statement: lines, totals by name, and the author's names that were
    misspelled, with what was written."""

    items: tuple[Item, ...]
    totals: Mapping[str, Decimal]
    written: Mapping[str, str]

    def find(self, wanted: Item) -> Item | None:
        """The line of this name; of several, the one in the section."""
        found = [item for item in self.items if item.name == wanted.name]
        return next((item for item in found if item.section == wanted.section),
                    found[0] if found else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the parts of a statement earn, 0 to 1, and what is wrong."""

    scores: Mapping[str, float]
    slips: Sequence[Slip] = ()
    tags: tuple[str, ...] = ()

    @property
    def credit(self) -> float:
        """The share earned."""
        return fsum(self.scores.values()) / len(self.scores) if self.scores else 0.0

    @property
    def right(self) -> bool:
        """Whether every part is right."""
        return all(score >= 1 for score in self.scores.values())


# ------------------------------------------------------------------------ the author's


def shape_of(
    expected: Any, *, aliases: Mapping[str, str] | None = None, totals: Sequence[str] = (),
    flips: Callable[[str], bool] = lambda _: False,
    either: Mapping[str, Sequence[str]] | None = None,
) -> Shape:
    """The shape of an author's statement: `{section: {line: amount}}`, or `{line: amount}`.

    Raises ValueError for another form, a name that stands twice, or no line at all.
    """
    if not isinstance(expected, Mapping) or not expected:
        raise ValueError(f"a statement is {{section: {{line: amount}}}}, not {expected!r}")
    nested = any(isinstance(one, Mapping) for one in expected.values())
    items: dict[str, Item] = {}
    whole: set[str] = set()
    for key, one in expected.items():
        group = one if isinstance(one, Mapping) else {key: one}
        if nested and not isinstance(one, Mapping):
            whole.add(key)
        for name, amount in group.items():
            if name in items or name in totals:
                raise ValueError(f"the line {name!r} stands twice")
            items[name] = Item(section=key if isinstance(one, Mapping) else "", name=name,
                               amount=_authored(amount))
    sections = [key for key, one in expected.items() if isinstance(one, Mapping)]
    every = [*items, *totals]
    known = {alias: name for alias, name in (aliases or {}).items() if name in every}
    return Shape(
        items=items, names=names_of(every, known), sections=names_of(sections),
        totals=frozenset(totals), whole=frozenset(whole if nested else ()),
        flips=frozenset(key for key in sections if flips(key)),
        either={name: frozenset(kept) for name, kept in (either or {}).items()})


def sections_alone(shape: Shape) -> Shape:
    """The shape of a statement whose lines are figures of whole sections."""
    return replace(shape, whole=frozenset(shape.items))


def _authored(value: Any) -> Decimal:
    number = number_of(value)
    found = exact(number) if number is not None else None
    if found is None:
        raise ValueError(f"an amount is a number, not {value!r}")
    return found


# ----------------------------------------------------------------------- the learner's


def statement_of(value: Any, name: str, shape: Shape) -> Statement:
    """A learner's statement: groups of lines, lines, pairs, or a table. Raises Failure."""
    items: list[Item] = []
    totals: dict[str, Decimal] = {}
    written: dict[str, str] = {}
    for section, line, amount in lines_of(value, name):
        group, word = _find(shape.sections, section) or section, line
        if _find(shape.names, section) in shape.whole:
            if is_total(line):
                continue
            group, word = "", _find(shape.names, section) or line
        elif _find(shape.names, line) in shape.whole:
            word = _find(shape.names, line) or line
        known = shape.names.find(word) or shape.names.near(word)
        if known is not None and shape.names.find(word) is None:
            written[known] = word
        if known in shape.totals:
            totals[known] = amount
        elif known is not None or not is_total(word):
            items.append(Item(section=group, name=known or word, amount=amount))
    if not items and not totals:
        raise Failure(f"`{name}` has no lines yet.", tag="unanswered")
    return Statement(items=_added(items, shape), totals=totals, written=written)


def _find(names: Names, section: str) -> str | None:
    """The author's section for what a learner calls it, such as "Cash flows from operating
    activities" for "operating"."""
    bare = re.sub(r"^(net )?cash (flows? )?(from|used in|used for|provided by) |^net cash |"
                  r" activities$", "", normal(section))
    return names.find(section) or names.find(bare) or names.find(f"{bare} activities")


def _added(items: list[Item], shape: Shape) -> tuple[Item, ...]:
    """Lines, with those of a section that is one figure added up."""
    sums: dict[str, Item] = {}
    kept: list[Item] = []
    for item in items:
        if item.name not in shape.whole:
            kept.append(item)
            continue
        before = sums.get(item.name)
        amount = item.amount if before is None else before.amount + item.amount
        sums[item.name] = Item(section="", name=item.name, amount=amount)
    return (*kept, *sums.values())


def is_total(word: str) -> bool:
    """Whether a line is by its name what other lines add up to."""
    text = normal(word)
    return text.startswith(("total", "sum of", "net cash", "subtotal")) or text == "sum"


def lines_of(value: Any, name: str) -> Iterator[tuple[str, str, Decimal]]:
    """The lines of a statement: section, name, amount. A blank amount is left out."""
    columns = frame_of(value)
    if columns is not None:
        yield from _of_table(value, columns, name)
        return
    entries = mapping_of(value, most=MOST_ROWS)
    if entries is not None:
        yield from _of_mapping(entries, name, "", _DEEPEST)
        return
    rows = items_of(value, most=MOST_ROWS)
    if rows is None:
        raise Failure(f"`{name}` should be a statement, but it is {kind_of(value)}. {HOW}",
                      tag="type")
    for place, row in enumerate(rows, start=1):
        cells = items_of(row, most=MOST_ROWS) if issubclass(type(row), tuple | list) else None
        if cells is None or len(cells) not in (2, 3):
            raise Failure(f"row {place} of `{name}` should be a line and its amount. {HOW}",
                          tag="type")
        section = "" if len(cells) < 3 or is_blank(cells[0]) else name_of(
            cells[0], f"row {place} of `{name}`")
        yield from _line(section, cells[-2], cells[-1], f"row {place} of `{name}`")


def _of_mapping(
    entries: Mapping[Any, Any], name: str, section: str, depth: int
) -> Iterator[tuple[str, str, Decimal]]:
    for key, one in entries.items():
        where = f"`{name}[{show(key, width=40)}]`"
        inner = mapping_of(one, most=MOST_ROWS)
        if inner is not None and depth:
            yield from _of_mapping(inner, name, name_of(key, where), depth - 1)
        else:
            yield from _line(section, key, one, where)


def _of_table(
    value: Any, columns: list[tuple[Any, list[Any]]], name: str
) -> Iterator[tuple[str, str, Decimal]]:
    rows = table_of(value) or []
    fields = set().union(*rows) if rows else set()
    if not {"account", "amount"} <= fields and not {"account", "balance"} <= fields:
        rows = _guessed(columns, name)
    for place, row in enumerate(rows, start=1):
        where = f"row {place} of `{name}`"
        if all(is_blank(cell) for cell in row.values()):
            continue
        section = text_of(row.get("section")) or ""
        yield from _line(section[:100], row["account"], row.get("amount", row.get("balance")),
                         where)


def _guessed(columns: list[tuple[Any, list[Any]]], name: str) -> list[dict[str, Any]]:
    """Rows of a table without the usual names: the first column of text, and of numbers."""
    words = next((cells for _, cells in columns if cells and all(
        text_of(cell) is not None or is_blank(cell) for cell in cells)), None)
    numbers = next((cells for _, cells in columns if cells and all(
        number_of(cell) is not None or is_blank(cell) for cell in cells)), None)
    if words is None or numbers is None:
        raise Failure(f"`{name}` needs the columns line and amount.", tag="columns")
    return [{"account": word, "amount": number}
            for word, number in zip(words, numbers, strict=True)]


def _line(section: str, word: Any, amount: Any, where: str) -> Iterator[tuple[str, str, Decimal]]:
    if not is_blank(amount) and not is_amount(amount) and text_of(amount) is None:
        raise Failure(f"{where} should be an amount, but it is {kind_of(amount)}.", tag="type")
    found = amount_of(amount, where)
    if found is not None:
        yield section, name_of(word, where), found


# --------------------------------------------------------------------------- comparing


Explain = Callable[[str, str, Decimal], Slip | None]
"""What an extra line, or a line with the other sign, is told: kind, name, amount."""


def marks_of(
    own: Statement, shape: Shape, *, places: int, explain: Explain, sections: bool = False
) -> Marks:
    """Compare lines one by one. With the other sign, or with `sections` in another section, a
    line earns half. A line of nothing may be left out; one too many counts as wrong."""
    scores: dict[str, float] = {}
    slips: list[Slip] = []
    missing = 0
    flipped = _flipped(own, shape, places)
    for name, item in shape.items.items():
        wanted = rounded(-item.amount if item.section in flipped else item.amount, places)
        line = own.find(item)
        if line is None or not (wanted or rounded(line.amount, places)):
            if wanted:
                scores[name] = 0.0
                missing += 1
            continue
        score, slip = _line_marks(line, item, wanted, shape, explain,
                                  places=places, sections=sections)
        if name in own.written:
            score *= _HALF
            slip = slip or Slip(tag="line-name", message=f"There is no line "
                                f"`{own.written[name]}`. Did you mean `{name}`?")
        scores[name] = score
        slips += [slip] if slip is not None else []
    apart = [slip for slip in slips if slip.tag == "no-section"]
    if len(apart) > 1:
        slips = [slip for slip in slips if slip.tag != "no-section"]
        slips.append(Slip(tag="no-section", message=f"{len(apart)} lines stand in no section."))
    slips += _strangers(own, shape, scores, places, explain)
    if missing:
        slips.append(Slip(tag="missing-line", rank=2, message=f"{plural(missing, 'line')} "
                          f"{'is' if missing == 1 else 'are'} missing."))
    return Marks(scores=scores, slips=slips)


def _flipped(own: Statement, shape: Shape, places: int) -> set[str]:
    """The sections that may be written with the other sign, and are throughout."""
    found: set[str] = set()
    for section in shape.flips:
        lines = [(line, item) for item in shape.items.values() if item.section == section
                 and item.amount and (line := own.find(item)) is not None]
        if lines and all(rounded(line.amount, places) * item.amount < 0 for line, item in lines):
            found.add(section)
    return found


def _line_marks(
    line: Item, item: Item, wanted: Decimal, shape: Shape, explain: Explain, *,
    places: int, sections: bool,
) -> tuple[float, Slip | None]:
    given, name = rounded(line.amount, places), item.name
    elsewhere = sections and item.section and line.section != item.section and (
        line.section not in shape.either.get(name, frozenset()))
    if given == wanted:
        if not elsewhere:
            return 1.0, None
        if not line.section:
            return _HALF, Slip(tag="no-section", message=f"`{name}` stands in no section.")
        return _HALF, Slip(tag="wrong-section", message=f"`{name}` does not belong to "
                           f"{line.section}.")
    if given == -wanted:
        score = 0.0 if elsewhere else _HALF
        return score, explain("sign", name, given) or Slip(
            tag="sign", message=f"`{name}` has the other sign.")
    if given == wanted * _THOUSAND or given * _THOUSAND == wanted:
        return 0.0, Slip(tag="thousands", message=f"`{name}`: {figure(given)} is off by a factor "
                         "of a thousand.")
    if transposed(abs(given), abs(wanted)):
        return 0.0, Slip(tag="transposed-digits", message=f"In {figure(given)} of `{name}` two "
                         "digits have changed places.")
    return 0.0, Slip(tag="wrong-amount", message=f"{figure(given)} is not the amount of "
                     f"`{name}`.")


def _strangers(
    own: Statement, shape: Shape, scores: dict[str, float], places: int, explain: Explain
) -> list[Slip]:
    """Lines that are not expected, and lines that stand twice."""
    slips: list[Slip] = []
    odd: list[str] = []
    seen: set[str] = set()
    for place, item in enumerate(own.items):
        known = item.name in shape.items and item.name not in seen
        seen.add(item.name)
        if known or not rounded(item.amount, places):
            continue
        scores[f"{item.name} {place}"] = 0.0
        slip = explain("extra", item.name, item.amount)
        if slip is not None:
            slips.append(slip)
        else:
            odd.append(item.name)
    if odd:
        slips.append(Slip(tag="extra-line", message=f"{listed(odd)} "
                          f"{'does' if len(odd) == 1 else 'do'} not belong here."))
    return slips


def section_total(own: Statement, shape: Shape, wanted: Callable[[str], bool]) -> Decimal:
    """What the learner's lines in some sections add up to."""
    return added(item.amount for item in own.items if wanted(shape.section_of(item)))


def outcome_of(marks: Marks, noun: str = "line") -> Outcome:
    """The outcome of a statement that is not all right."""
    slips = sorted(marks.slips, key=lambda slip: slip.rank)
    count = len(marks.scores)
    right = sum(score >= 1 for score in marks.scores.values())
    lines = [f"{right} of {plural(count, noun)} {'is' if right == 1 else 'are'} right.",
             *(slip.message for slip in slips[:_TOLD])]
    if len(slips) > _TOLD:
        lines.append(f"And {plural(len(slips) - _TOLD, 'more slip')}: mend these first.")
    tags = dict.fromkeys((*marks.tags, *(slip.tag for slip in slips)))
    return partly(min(marks.credit, 0.999), "\n".join(lines), *(tags or ("wrong",)))

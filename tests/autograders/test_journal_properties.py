"""Journals as hypothesis draws them: the reference passes, a slip costs, mending earns."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

import checking
import pytest

import autograders as ag
from autograders.accounting import Entry, Line, format_journal, journal, parse_journal
from autograders.accounting.matching import best_pairs

pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings
from hypothesis import strategies as st


def earned(learners: Any, expected: Any, **options: Any) -> ag.Outcome:
    return checking.check(journal("j", expected, **options), j=learners)


same = settings(derandomize=True, database=None, deadline=None, max_examples=60)
few = settings(same, max_examples=25)
NAMES = [f"{kind} {word}" for kind in ("Asset", "Debt", "Income") for word in "KLMNOP"]
ELSEWHERE = ["First suspense", "Clearing two", "Odds and ends", "Nowhere at all"]


@st.composite
def journals(draw: st.DrawFn, most: int = 6) -> tuple[Entry, ...]:
    """Journals that balance, whose entries have each an amount of their own."""
    entries = []
    for place in range(draw(st.integers(1, most))):
        accounts = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
        amounts = [Decimal(draw(st.integers(1, 99)) + 100 * place) for _ in accounts[1:]]
        side, other = draw(st.sampled_from([("debit", "credit"), ("credit", "debit")]))
        lines = [Line(account=name, side=side, amount=amount)
                 for name, amount in zip(accounts[1:], amounts, strict=True)]
        lines.append(Line(account=accounts[0], side=other, amount=sum(amounts, Decimal(0))))
        day = draw(st.dates(min_value=dt.date(2027, 1, 1), max_value=dt.date(2027, 12, 28)))
        entries.append(Entry(lines=tuple(lines), date=day, ref=f"e{place}"))
    return tuple(entries)


@given(journals(), st.randoms(use_true_random=False))
@same
def test_the_reference_passes_in_any_order_split_and_form(entries: Any, random: Any) -> None:
    def split(line: Line) -> list[Line]:
        part = (line.amount / 3).quantize(Decimal("0.01"))
        return [replace(line, amount=part), replace(line, amount=line.amount - part)]

    own = [replace(entry, lines=tuple(random.sample(
        [one for line in entry.lines for one in split(line)], 2 * len(entry.lines))))
        for entry in entries]
    random.shuffle(own)
    rows = [{"date": entry.date, "entry": entry.ref, "account": line.account.upper(),
             line.side: float(line.amount)} for entry in own for line in entry.lines]
    for form in (tuple(own), list(own), format_journal(own), rows):
        assert earned(form, entries).credit == 1


CELLS = ("account", "side", "amount")


@given(journals(), st.data())
@same
def test_one_cell_that_is_wrong_costs_something(entries: Any, data: Any) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    place = data.draw(st.integers(0, len(entries[at].lines) - 1))
    cell = data.draw(st.sampled_from([*CELLS, "date"]))
    wrong = _spoiled(entries[at], place, cell)
    learners = (*entries[:at], wrong, *entries[at + 1:])
    found = earned(learners, entries, accounts=[*NAMES, *ELSEWHERE])
    assert 0 < found.credit < 1
    assert found.tags


def _spoiled(entry: Entry, place: int, cell: str) -> Entry:
    if cell == "date":
        return replace(entry, date=entry.date + dt.timedelta(days=1))  # type: ignore[operator]
    line = entry.lines[place]
    changed = {
        "account": lambda: replace(line, account=ELSEWHERE[place]),
        "side": lambda: replace(line, side="credit" if line.side == "debit" else "debit"),
        "amount": lambda: replace(line, amount=line.amount + Decimal("0.01")),
    }[cell]()
    return replace(entry, lines=(*entry.lines[:place], changed, *entry.lines[place + 1:]))


@given(journals(most=3), st.randoms(use_true_random=False))
@few
def test_each_cell_that_is_mended_earns_no_less(entries: Any, random: Any) -> None:
    own = list(entries)
    lines = [(at, place) for at, entry in enumerate(entries) for place in range(len(entry.lines))]
    random.shuffle(lines)
    # Line by line, the account first: two lines that are half right may look like each other.
    todo = [(at, place, cell) for at, place in lines for cell in CELLS]
    for at, place, cell in todo:
        own[at] = _spoiled(own[at], place, cell)
    names = [*NAMES, *ELSEWHERE]
    before = earned(tuple(own), entries, accounts=names).credit
    for at, place, cell in todo:
        line, right = own[at].lines[place], entries[at].lines[place]
        mended = replace(line, **{cell: getattr(right, cell)})
        own[at] = replace(own[at], lines=(*own[at].lines[:place], mended,
                                          *own[at].lines[place + 1:]))
        after = earned(tuple(own), entries, accounts=names).credit
        assert after >= before - 1e-9
        before = after
    assert before == 1


@given(journals())
@same
def test_fewer_or_more_entries_earn_less(entries: Any) -> None:
    extra = parse_journal("2027-01-01 Dr Elsewhere 7777 / Cr Nowhere 7777")
    names = [*NAMES, "Elsewhere", "Nowhere"]
    credits_ = [earned(entries[:count] or extra, entries, accounts=names).credit
                for count in range(len(entries) + 1)]
    assert credits_ == sorted(credits_)
    more = [earned(entries + extra * count, entries, accounts=names).credit
            for count in range(4)]
    assert more == sorted(more, reverse=True)
    assert len(set(more)) == 4


@given(st.integers(1, 5), st.integers(1, 5), st.data())
@same
def test_the_assignment_is_the_best_there_is(rows: int, columns: int, data: Any) -> None:
    scores = data.draw(st.lists(st.lists(st.integers(0, 9), min_size=columns, max_size=columns),
                                min_size=rows, max_size=rows))
    pairs = best_pairs(scores)
    assert len(pairs) == min(rows, columns)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    few, many = sorted((rows, columns))
    best = max(sum(scores[a][b] if rows <= columns else scores[b][a]
                   for a, b in zip(range(few), chosen, strict=True))
               for chosen in itertools.permutations(range(many), few))
    assume(best >= 0)
    assert sum(scores[a][b] for a, b in pairs) == best

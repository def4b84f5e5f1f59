"""Sealed checks of accounts as hypothesis draws them: none passes what the full check does not
pass, or fails what it passes, however an answer is written or goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from checking import check

pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_journal_properties import ELSEWHERE, NAMES, journals
from test_sealed import sealed

import autograders as ag
from autograders import accounting, digests
from autograders.accounting.entries import added
from autograders.sealed import _slow


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Few hashes a guess: what is compared is the same."""
    with pytest.MonkeyPatch.context() as patch:
        _slow.cache_clear()
        patch.setattr(digests, "ROUNDS", 1)
        yield
    _slow.cache_clear()


same = settings(derandomize=True, database=None, deadline=None, max_examples=60)
WORDS = ["Cash", "Loan", "Loans given", "Van 1", "Van 2", "Rent paid", "Wages", "Sales",
         "Cost of goods sold", "Bank account", "Bank", "Net earnings on hand", "Capital"]
AMOUNTS = st.one_of(st.integers(1, 10**6).map(lambda cents: Decimal(cents) / 100),
                    st.integers(0, 9).map(Decimal),
                    st.integers(-10**5, 10**5).map(lambda parts: Decimal(parts) / 1000))
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(dict.fromkeys(names, AMOUNTS)))
CHANGES = st.lists(st.tuples(st.sampled_from([
    "upper", "ending", "misspell", "misspelled-zero", "sign", "cent", "dust", "drop", "zero",
    "extra", "extra-zero", "total", "twice", "split", "alias", "signs", "undone"]),
    st.integers(0, 9)), max_size=3)
ALIASES = {"A/R": "Cash", "Van account": "Van 1", "Turnover": "Sales"}
KINDS = ["ledger", "postings", "trial_balance", "income", "flat-income", "balance_sheet",
         "moved", "cash_flow", "sums"]


def closed(lines: dict[str, Decimal]) -> dict[str, Decimal]:
    signed = {name: amount * (-1) ** place for place, (name, amount) in enumerate(lines.items())}
    left = added(signed.values())
    return {**signed, "Suspense": -left} if left else signed


def sectioned(lines: dict[str, Decimal], *sections: str) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {section: {} for section in sections}
    for place, (name, amount) in enumerate(lines.items()):
        found[sections[place % len(sections)]][name] = amount
    return {section: group for section, group in found.items() if group}


def made(kind: str, lines: dict[str, Decimal], **more: Any) -> tuple[ag.Check, list[Any]]:
    """A check of `x`, and its right answer as rows: section, name, amount."""
    if kind in ("ledger", "postings", "trial_balance"):
        right = closed(lines)
        assume(any(right.values()))
        if kind == "trial_balance":
            return accounting.trial_balance("x", right, **more), _rows({"": right})
        return accounting.ledger("x", right, postings=kind == "postings", **more), _rows(
            {"": right})
    if kind == "income":
        groups = sectioned(lines, "Revenue", "Expenses")
        profit = added(groups.get("Revenue", {}).values()) - added(
            groups.get("Expenses", {}).values())
        return accounting.income_statement("x", groups, **more), [
            *_rows(groups), ["", "Net income", profit]]
    if kind == "flat-income":
        return accounting.income_statement("x", lines, total=None, **more), _rows({"": lines})
    if kind in ("balance_sheet", "moved"):
        groups = sectioned(lines, "Assets", "Liabilities")
        rest = added(groups["Assets"].values()) - added(groups.get("Liabilities", {}).values())
        groups["Equity"] = {"Owner": rest}
        moves = {"income": "profit", "opening_equity": rest - 5} if kind == "moved" else {}
        return accounting.balance_sheet("x", groups, **moves, **more), _rows(groups)
    if kind == "sums":
        figures = dict(zip(("operating", "Investing activities", "financing"), lines.values(),
                           strict=False))
        return accounting.cash_flow("x", figures), [
            [section, "In all", amount] for section, amount in figures.items()]
    groups = sectioned(lines, "operating", "Investing activities", "financing")
    first = next(iter(lines))
    total = added(lines.values())
    return accounting.cash_flow("x", groups, either={first: ["operating", "financing"]},
                                opening=0, closing=total, **more), _rows(groups)


def _rows(groups: dict[str, dict[str, Decimal]]) -> list[Any]:
    return [[section, name, amount] for section, group in groups.items()
            for name, amount in group.items()]


def changed(rows: list[Any], change: str, place: int) -> list[Any]:  # noqa: C901, PLR0912
    """The rows of an answer with a slip, or written another way."""
    if not rows:
        return rows
    at = place % len(rows)
    section, name, amount = rows[at]
    one: list[Any] = []
    if change == "upper":
        one = [[section, f"  {name.upper()}", amount]]
    elif change == "ending":
        one = [[section, f"{name} account", amount]]
    elif change == "misspell":
        one = [[section, f"{name}s", amount]]
    elif change == "misspelled-zero":
        one = [rows[at], [section, f"{name}s", 0]]
    elif change in ("sign", "cent", "dust", "zero"):
        one = [[section, name, {"sign": -amount, "cent": amount + Decimal("0.01"), "zero": 0,
                                "dust": amount + Decimal("0.004")}[change]]]
    elif change in ("extra", "extra-zero"):
        one = [rows[at], ["financing", "Odd one out", 5 if change == "extra" else 0]]
    elif change == "total":
        one = [rows[at], [section, f"Total {name.lower()}", amount]]
    elif change == "twice":
        one = [rows[at], rows[at]]
    elif change == "split":
        one = [[section, name, amount - 1], [section, name.upper(), 1]]
    elif change == "undone":
        one = [rows[at], [section, f"{name}s", 7], [section, f"{name}x", -7]]
    elif change == "alias":
        one = [[section, next((word for word, own in ALIASES.items() if own == name), name),
                amount]]
    elif change == "signs":
        return [[where, word, -own if where == section else own] for where, word, own in rows]
    return [*rows[:at], *one, *rows[at + 1:]]


def written(rows: list[Any], form: str) -> Any:
    if form == "triples":
        return [tuple(row) for row in rows]
    if form == "pairs":
        return [tuple(row[1:]) for row in rows]
    groups: dict[str, dict[str, Any]] = {}
    for section, name, amount in rows:
        groups.setdefault(section or "Others", {})[name] = float(amount)
    return groups


def agree(full: ag.Outcome, here: ag.Outcome, seen: Any) -> None:
    """What is right here is right, and what is wrong here, in part or whole, is not."""
    assert (here.state == "passed") <= (full.state == "passed"), (seen, full, here)
    assert (here.state in ("partial", "failed")) <= (full.state != "passed"), (seen, full, here)


@pytest.mark.parametrize("aliased", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_judged_as_by_the_full_check(kind: str, aliased: bool) -> None:
    told: set[str] = set()

    @given(LINES, CHANGES, st.sampled_from(["triples", "pairs", "groups"]), st.integers(4, 6),
           st.randoms(use_true_random=False))
    @same
    def holds(lines: dict[str, Decimal], changes: Any, form: str, profit: int, random: Any) -> None:
        more = {"aliases": {word: name for word, name in ALIASES.items() if name in lines}} if (
            aliased and kind != "sums") else {}
        try:
            full, rows = made(kind, lines, **more)
        except ValueError:  # names that are one, or a sheet without assets
            assume(False)
        assert full.handout is not None
        if full.handout() is None:
            return
        for change, place in changes:
            rows = changed(rows, change, place)
        random.shuffle(rows)
        if kind in ("ledger", "postings", "trial_balance"):
            form = "pairs"
        here = sealed(full)
        answer = written(rows, form)
        names = {"x": answer, "profit": profit}
        one, other = check(full, **names), check(here, **names)
        told.add(other.state)
        agree(one, other, (lines, answer))

    holds()
    assert {"passed", "later"} <= told


@given(journals(), st.lists(st.tuples(st.sampled_from(
    ["drop", "twice", "date", "name", "near", "amount", "side", "ending", "zero", "apart", "ref",
     "negative"]), st.integers(0, 20)), max_size=2),
    st.booleans(), st.booleans(), st.booleans())
@same
def test_journals_are_judged_as_by_the_full_check(
    entries: Any, changes: Any, charted: bool, dated: bool, rows: bool
) -> None:
    right = entries if dated else tuple(replace(entry, date=None) for entry in entries)
    full = accounting.journal("x", right, **(
        {"accounts": [*NAMES, *ELSEWHERE]} if charted else {}))
    own = list(entries)
    for change, place in changes:
        own = _spoiled(own, change, place)
    answer: Any = tuple(own)
    if rows:
        answer = [{"date": entry.date, "account": line.account, line.side: float(line.amount)}
                  for entry in own for line in entry.lines]
    agree(check(full, x=answer), check(sealed(full), x=answer), answer)
    if not changes and not rows:
        assert check(sealed(full), x=answer).state == "passed"


def _spoiled(own: list[Any], change: str, place: int) -> list[Any]:
    if not own:
        return own
    at = place % len(own)
    entry = own[at]
    line = entry.lines[place % len(entry.lines)]
    cut = line.amount - 1
    lines = {
        "name": [replace(line, account="Nowhere at all")],
        "near": [replace(line, account=f"{line.account}s")],
        "amount": [replace(line, amount=line.amount + 1)],
        "side": [replace(line, side="credit" if line.side == "debit" else "debit")],
        "ending": [replace(line, account=f"{line.account.upper()} a/c")],
        "zero": [line, replace(line, account=f"{line.account}s", amount=Decimal(0))],
        "negative": [replace(line, amount=line.amount + 5), replace(line, amount=Decimal(-5))],
        "apart": [replace(line, amount=cut), replace(line, amount=Decimal(1))],
    }.get(change)
    if lines is not None:
        kept = [one for one in entry.lines if one is not line]
        entry = replace(entry, lines=(*kept, *lines))
    elif change == "date":
        entry = replace(entry, date=None)
    elif change == "ref":
        entry = replace(entry, ref="other")
    return [*own[:at], *{"drop": [], "twice": [entry, entry]}.get(change, [entry]), *own[at + 1:]]


@given(journals(most=3), st.randoms(use_true_random=False))
@same
def test_compound_entries_that_are_split_are_never_failed(entries: Any, random: Any) -> None:
    full = accounting.journal("x", entries, accounts=NAMES)
    own = []
    for entry in entries:
        *parts, whole = entry.lines
        own += [replace(entry, ref="", lines=(part, replace(whole, amount=part.amount)))
                for part in parts]
    random.shuffle(own)
    one, here = check(full, x=tuple(own)), check(sealed(full), x=tuple(own))
    assert one.state == "passed"
    assert here.state in ("passed", "later")


@given(st.integers(-10**6, 10**6), st.integers(-10**6, 10**6), st.integers(1, 10**6),
       st.booleans(), st.booleans(), st.sampled_from([
           {}, {"rtol": 0.02}, {"places": 2}, {"digits": 3}]),
       st.floats(-3, 3), st.sampled_from(["right", "up", "percent", "sign", "closing"]))
@same
def test_a_ratio_is_judged_as_by_the_full_check(
    above: int, below: int, opening: int, average: bool, percent: bool, bounds: Any,
    shift: float, slip: str,
) -> None:
    try:
        full = accounting.ratio("x", above, below, percent=percent, **bounds, **(
            {"opening": opening} if average else {}))
    except ValueError:  # it divides by 0
        assume(False)
    mean = (below + opening) / 2 if average else below
    value = above / mean * (100 if percent else 1)
    value = {"right": value, "up": 1 / value if value else 0, "percent": value * 100,
             "sign": -value, "closing": above / (below or 1)}[slip]
    value += shift * 1e-3 * abs(value)
    one, here = check(full, x=value), check(sealed(full), x=value)
    assert here.state in (one.state, "later")

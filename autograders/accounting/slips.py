"""Say what is wrong with an entry, in the words of bookkeeping. Nothing tells what is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from autograders.accounting.compare import Compared, Key, Pair, Sums, line_pairs
from autograders.accounting.entries import SIDES, Entry, added
from autograders.accounting.names import normal, role_of
from autograders.accounting.rows import listed, opposite, plural
from autograders.values import figure

_PAST = {"debit": "debited", "credit": "credited"}
_FOR_CASH = {
    ("receivable", "debit"): "nothing was paid yet. Which account holds what customers owe?",
    ("receivable", "credit"): "here falls what a customer owes. Which account is that?",
    ("payable", "credit"): "nothing was paid yet. Which account holds what the business owes?",
    ("payable", "debit"): "here falls what the business owes. Which account is that?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Something that is wrong: its tag, what it says, and how early it is told."""

    tag: str
    message: str
    rank: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What slips are told by: what an account is (`role`), how long a `period` is, and whether
    there is a `chart` of accounts beyond those that the entries use."""

    role: Callable[[str], str] = role_of
    period: str = "month"
    chart: bool = False


def slips_of(compared: Compared, rules: Rules) -> list[Slip]:
    """What is wrong with a learner's entries: what does not balance first."""
    found: list[Slip] = []
    for pair in compared.pairs:
        if pair.score < 1:
            found += _in_pair(pair, rules)
    for own in compared.extra:
        found += _in_extra(own, compared.pairs)
    found += _missing(compared.missing)
    undated = [slip for slip in found if slip.tag == "no-date"]
    if len(undated) > 1:
        found = [slip for slip in found if slip.tag != "no-date"]
        found.append(Slip(tag="no-date", rank=2, message=f"{len(undated)} entries have no date."))
    return sorted(found, key=lambda slip: slip.rank)


def form_slips(journal: tuple[Sums, ...], *, chart: bool) -> list[Slip]:
    """What is wrong with entries whatever is right: sides that differ, names out of the chart."""
    found: list[Slip] = []
    for own in journal:
        # What rounding or another line undoes is no slip where amounts are compared.
        debit, credit = (added(amount for (_, on), amount in own.amounts.items() if on == side)
                         for side in SIDES)
        uneven = unbalanced(own) if debit != credit or not (debit or credit) else None
        found += [uneven] if uneven is not None else []
        used = replace(own, unknown=own.unknown & own.accounts())
        found += _in_names(used, where(own), Rules(chart=True)) if chart else ()
        if any(amount < 0 for amount in own.amounts.values()):
            found += _in_signs(own.entry, where(own))
    return found


def where(sums: Sums) -> str:
    """What an entry of the learner is called: its reference, or its place and day."""
    entry = sums.entry
    if entry.ref:
        return f"Entry `{entry.ref}`"
    return f"Entry {sums.place}" + (f" ({entry.date.isoformat()})" if entry.date else "")


def unbalanced(sums: Sums) -> Slip | None:
    """The slip of an entry whose sides differ, or None."""
    entry = sums.entry
    debit, credit = entry.total("debit"), entry.total("credit")
    if debit == credit:
        return None
    if not credit or not debit:
        lacking = "credit" if not credit else "debit"
        return Slip(tag="unbalanced", rank=0, message=f"{where(sums)} does not balance: it has no "
                    f"{lacking}. Every entry has both sides.")
    return Slip(tag="unbalanced", rank=0, message=f"{where(sums)} does not balance: debits "
                f"{figure(debit)}, credits {figure(credit)}.")


def _in_pair(pair: Pair, rules: Rules) -> Iterator[Slip]:
    own, right, at = pair.own, pair.right, where(pair.own)
    uneven = unbalanced(own)
    if uneven is not None:
        yield uneven
    yield from _in_names(own, at, rules)
    yield from _in_signs(own.entry, at)
    if own.amounts == right.amounts:
        yield from _in_date(own.entry.date, right.entry.date, at, rules.period)
        return
    if {(account, opposite(side)) for account, side in own.amounts} == set(right.amounts) and (
            set(own.amounts) != set(right.amounts)):
        yield Slip(tag="sides-swapped", message=f"{at}: the sides are swapped. Ask of each account "
                   "whether it rises or falls, and on which side it does.")
        return
    told = uneven is not None or any(line.amount < 0 for line in own.entry.lines)
    yield from _in_lines(own, right, at, rules, told=told)
    yield from _in_date(own.entry.date, right.entry.date, at, rules.period)


def _in_names(own: Sums, at: str, rules: Rules) -> Iterator[Slip]:
    for name, written in own.misspelled.items():
        yield Slip(tag="account-name", message=f"{at}: there is no account `{written}`. Did you "
                   f"mean `{name}`?")
    if own.unknown:
        names = [line.account for line in own.entry.lines]
        strange = sorted({name for name in names if normal(name) in own.unknown})
        verb = "is" if len(strange) == 1 else "are"
        told = f"{verb} not in the chart of accounts" if rules.chart else f"{verb} not used here"
        yield Slip(tag="unknown-account", message=f"{at}: {listed(strange)} {told}.")


def _in_signs(entry: Entry, at: str) -> Iterator[Slip]:
    if any(line.amount < 0 for line in entry.lines):
        yield Slip(tag="negative-amount", message=f"{at} has a negative amount. Amounts in a "
                   "journal are positive: the side says which way.")


def _in_lines(own: Sums, right: Sums, at: str, rules: Rules, *, told: bool) -> Iterator[Slip]:
    twice = [account for account, side in own.amounts
             if side == "debit" and (account, "credit") in own.amounts]
    wanted = {account for account, side in right.amounts if (account, opposite(side)) in
              right.amounts}
    repeated = [account for account in twice if account not in wanted]
    if repeated:
        yield Slip(tag="repeated-account", message=f"{at}: {listed(repeated)} stands on both "
                   "sides, so part of the entry undoes itself. Which other account is touched?")
    pairs = line_pairs(own, right)
    amounts: set[Decimal] = set()
    for key, other, _ in pairs:
        if key[0] != other[0] and key[0] in repeated:
            continue
        if key != other:
            yield from _in_line(own, key, other, at, rules)
        elif own.amounts[key] != right.amounts[other] and own.amounts[key] not in amounts:
            amounts.add(own.amounts[key])  # the same figure on both sides is told once
            yield from _in_amount(key[0], own.amounts[key], right.amounts[other], at,
                                  told=told or bool(repeated))
    yield from _odd_lines(own, right, pairs, at, quiet=bool(repeated))


def _in_line(own: Sums, key: Key, other: Key, at: str, rules: Rules) -> Iterator[Slip]:
    account, side = key
    if account == other[0]:
        yield Slip(tag="wrong-side", message=f"{at}: `{account}` is {_PAST[side]}. Does it rise or "
                   "fall here, and on which side is that?")
    elif account not in own.unknown:
        yield _wrong_account(account, other, at, rules)


def _in_amount(
    account: str, given: Decimal, right: Decimal, at: str, *, told: bool
) -> Iterator[Slip]:
    if transposed(given, right):
        yield Slip(tag="transposed-digits", message=f"{at}: in {figure(given)} of `{account}` "
                   "two digits have changed places. Compare it with the document.")
    elif not told:
        yield Slip(tag="wrong-amount", message=f"{at}: {figure(given)} is not the amount of "
                   f"`{account}`.")


# Written out, so that a grader knows every tag of ours.
_FOR = {
    ("cash", "receivable"): "cash-for-receivable", ("cash", "payable"): "cash-for-payable",
    ("receivable", "cash"): "receivable-for-cash", ("payable", "cash"): "payable-for-cash",
}


def _wrong_account(account: str, other: Key, at: str, rules: Rules) -> Slip:
    role, wanted = rules.role(account), rules.role(other[0])
    if role == "cash" and (wanted, other[1]) in _FOR_CASH:
        return Slip(tag=_FOR[role, wanted], message=f"{at}: `{account}` changes only when money "
                    f"moves; {_FOR_CASH[wanted, other[1]]}")
    if wanted == "cash" and role in ("receivable", "payable"):
        return Slip(tag=_FOR[role, wanted], message=f"{at}: `{account}` is for what is still to be "
                    "paid. Did money move here?")
    return Slip(tag="wrong-account", message=f"{at}: `{account}` is not the account to be "
                f"{_PAST[other[1]]} here.")


def _odd_lines(
    own: Sums, right: Sums, pairs: list[tuple[Key, Key, float]], at: str, *, quiet: bool
) -> Iterator[Slip]:
    """Lines that were taken for none, and expected ones that none was taken for."""
    ours = [key for key in own.amounts if key not in {key for key, _, _ in pairs}]
    lacking = len(right.amounts) - len(pairs)
    for account, side in ours:
        if account in own.unknown or quiet:
            continue
        yield Slip(tag="extra-line", message=f"{at}: `{account}` should not be {_PAST[side]} "
                   "here.")
    if lacking > len(ours) and not quiet:
        count = plural(lacking - len(ours), "more account")
        yield Slip(tag="missing-line", message=f"{at} touches {count}: what else changes?")


def _in_date(own: dt.date | None, right: dt.date | None, at: str, period: str) -> Iterator[Slip]:
    if right is None or own == right:
        return
    if own is None:
        yield Slip(tag="no-date", message=f"{at} has no date.", rank=2)
    elif period_of(own, period) != period_of(right, period):
        yield Slip(tag="wrong-period", message=f"{at} is in the wrong {period}: an entry belongs "
                   f"where the event happened, not where it was paid or billed.", rank=2)
    else:
        yield Slip(tag="wrong-date", message=f"{at}: the {period} is right, the day is not.",
                   rank=2)


def period_of(day: dt.date, period: str) -> tuple[int, int]:
    """The month, quarter or year that a day lies in."""
    part = {"month": day.month, "quarter": (day.month + 2) // 3, "year": 1}[period]
    return day.year, part


def _in_extra(own: Sums, pairs: tuple[Pair, ...]) -> Iterator[Slip]:
    uneven = unbalanced(own)
    if uneven is not None:
        yield uneven
    at = where(own)
    twin = next((pair.own for pair in pairs if pair.own.amounts == own.amounts
                 and pair.own.entry.date == own.entry.date), None)
    if twin is not None:
        first, again = sorted((twin, own), key=lambda one: one.place)
        yield Slip(tag="entered-twice", rank=3, message=f"{where(again)} is the same as "
                   f"entry {first.place}: did it happen twice?")
        return
    yield Slip(tag="extra-entry", rank=3, message=f"{at} is like none of the entries that are "
               "expected. Did it happen, to this business, in this period, and only once?")


def _missing(missing: tuple[Sums, ...]) -> list[Slip]:
    if not missing:
        return []
    refs = [one.entry.ref for one in missing if one.entry.ref]
    if len(refs) == len(missing):
        told = (f"The {'entry' if len(refs) == 1 else 'entries'} for {listed(refs)} "
                f"{'is' if len(refs) == 1 else 'are'} missing.")
    else:
        told = (f"{plural(len(missing), 'entry', 'entries')} "
                f"{'is' if len(missing) == 1 else 'are'} missing. Go through the events once more.")
    return [Slip(tag="missing-entry", rank=3, message=told)]


def transposed(given: Decimal, right: Decimal) -> bool:
    """Whether two amounts differ by two neighbouring digits that changed places."""
    one, other = f"{given:f}", f"{right:f}"
    if len(one) != len(other) or one == other:
        return False
    at = next(place for place in range(len(one)) if one[place] != other[place])
    return (at + 1 < len(one)
            and one[:at] + one[at + 1] + one[at] + one[at + 2:] == other)

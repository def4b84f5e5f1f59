"""A journal: entries that balance, on the right accounts and sides, with amount and date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from autograders.accounting.blind import (
    any_name,
    drops_endings,
    earns,
    handed,
    has_aliases,
    key_of,
    spellings,
)
from autograders.accounting.carried import authored, better, expecting
from autograders.accounting.compare import PARTS, Compared, Sums, compare, sums_of
from autograders.accounting.entries import SIDES, Entry, added
from autograders.accounting.forms import Reading, readings_of
from autograders.accounting.names import Names, names_of, normal, role_of
from autograders.accounting.rows import plural
from autograders.accounting.slips import Rules, Slip, form_slips, slips_of
from autograders.handout import DOUBT, OR, Handout, Keys, joined
from autograders.outcome import (
    Answer,
    Check,
    Failure,
    KnownAs,
    Mistake,
    Mistakes,
    Outcome,
    Scope,
    fits,
    made_of,
    mistake,
    partly,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.values import reader

MOST_ENTRIES = 200
_TOLD = 3


def journal(  # noqa: PLR0913 - what an author may say of a journal, all optional
    name: str, expected: Any = None, *, accounts: Iterable[str] | None = None,
    aliases: Mapping[str, str] | None = None, roles: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None, credit: Literal["parts", "entries"] = "parts",
    period: Literal["month", "quarter", "year"] = "month", places: int = 2,
    mistakes: Mistakes | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the journal `expected`, in whatever form either is written.

    Forms: text (`parse_journal`), a table, a list of tuples or of dictionaries, or entries; see
    `autograders.accounting.forms`. Lines are added up by account and side, and entries are
    assigned to the expected ones so that the learner earns the most; their order is free. Dates
    count where `expected` has them, references only tell entries apart. Amounts compare as
    rounded to `places` decimals.

    `accounts` is the chart of accounts: other names are told as unknown, with the nearest name
    of the chart. Without it, the chart is the accounts of `expected`. `aliases` maps other words
    to names of the chart, such as `{"A/R": "Accounts receivable"}`. `roles` says which account
    is "cash", "receivable" or "payable" where its name does not.

    With `credit="parts"` an entry earns in parts, weighted by `weights` (account 1, side 1,
    amount 1, date 0.5). A side earns on the right account alone, an amount on the right side
    alone. With "entries" an entry earns all or nothing. Entries too many count as wrong; a
    compound entry that is written as several simple ones of one day is the same. A mistake is a
    wrong journal, or a predicate of the learner's tuple of entries; where nothing else is said
    it earns what its parts earn. With `given`, `expected` is a function of earlier answers.

    Without `expected` it looks whether there are entries that balance, on accounts of the chart,
    and for the `mistakes`, and does not count: for the visible part of a test whose hidden part
    has the journal.

    Messages tell how many entries are expected, and nothing else of what is right but the
    spelling of an account. A release hands out the stated chart with its aliases, and a digest
    of each entry; where entries may be split or follow from earlier answers, one that fits none
    is left open. Raises ValueError for an `expected` that does not balance.
    """
    accounts = None if accounts is None else list(accounts)
    stated = {"places": places} if accounts is None else {
        "places": places, "accounts": accounts, "aliases": aliases}
    if expected is None:
        names = names_of(accounts or (), aliases)
        if accounts is None:
            names = any_name(endings=True)
        return _form(name, names, _mistakes(mistakes, names, places), stated, label)
    wanted = expecting(expected, given, aliases)
    right = authored(wanted.right)
    names = names_of(_chart(right, accounts, aliases or {}), aliases)
    rules = Rules(role=_roles(roles), period=_period(period),
                  chart=accounts is not None)
    known = _mistakes(mistakes, names, places)
    parts = _weights(weights)
    if credit not in ("parts", "entries"):
        raise ValueError(f"credit is 'parts' or 'entries', not {credit!r}")
    read = reader(name)
    _measure(right, names, places)

    def examine(scope: Scope) -> Outcome:
        readings = _bounded(readings_of(read(scope), name), name, 3 * len(right))

        def measure(journal: Any) -> Outcome:
            sums = _measure(authored(journal), names, places)
            compared = max(
                (compare(sums_of(reading, names, places), sums, parts, whole=credit == "entries")
                 for reading in readings), key=lambda one: one.credit)
            return _outcome(compared, rules)

        outcome = measure(right)
        if outcome.credit < 1:
            made = _made(readings, known, names, places, outcome.credit)
            if made is not None:
                return made
        return better(outcome, wanted, scope, measure)

    def handout() -> Handout | None:
        sums = _measure(right, names, places)
        return _handout(
            name, sums, names, known, stated,
            lambda wrong: compare(wrong, sums, parts, whole=credit == "entries").credit,
            decides=not (given or earns(mistakes)) and all(parts.values()))

    return Check(label=label or name, kind="journal", examine=examine, handout=handout)


def _bounded(readings: list[Reading], name: str, most: int = 0) -> list[Reading]:
    """The readings of a journal. Raises Failure for one that is too long."""
    if any(len(reading) > max(MOST_ENTRIES, most) for reading in readings):
        raise Failure(f"`{name}` has {plural(len(readings[0]), 'entry', 'entries')}: that is "
                      "more than are read.", tag="too-large")
    return readings


def _form(
    name: str, names: Names, known: list[tuple[Mistake, tuple[Sums, ...]]],
    stated: Mapping[str, Any], label: str | None,
) -> Check:
    """A check of the form of a journal alone."""
    read, places = reader(name), stated["places"]

    def examine(scope: Scope) -> Outcome:
        readings = readings_of(read(scope), name)
        if len(readings[0]) > MOST_ENTRIES:
            raise Failure(f"`{name}` has {plural(len(readings[0]), 'entry', 'entries')}: that is "
                          "more than are read.", tag="too-large")
        slips = min((form_slips(sums_of(reading, names, places), chart=bool(names.known))
                     for reading in readings), key=len)
        if slips:
            return _with_slips(0.0, [], slips)
        made = _made(readings, known, names, places, 0.0)
        if made is not None:
            return made
        count = len(readings[0])
        return well_formed("There is one entry, and it balances." if count == 1 else
                           f"There are {count} entries, and each balances.")

    return Check(
        label=label or name, kind="journal", examine=examine, counts=False,
        handout=lambda: _handout(name, (), names, known, stated, lambda _: 0.0, decides=True))


# ----------------------------------------------------------------------- what a release tells


def _handout(
    name: str, right: tuple[Sums, ...], names: Names,
    known: list[tuple[Mistake, tuple[Sums, ...]]], stated: Mapping[str, Any],
    earned: Callable[[tuple[Sums, ...]], float], *, decides: bool,
) -> Handout | None:
    """The stated chart, and the keys of the entries; None where entries that are right may not
    look so. `earned` is what wrong entries earn in parts."""
    if len(right) * 3 > MOST_ENTRIES or any(_looks_wrong(one) for one in right):
        return None
    journals = [right] if right else [wrong for _, wrong in known if wrong]
    dates = {one.entry.date is not None for journal in journals for one in journal}
    if len(dates) != 1:  # none is asked for, or of some entries alone
        return Handout(name=name, arguments=stated)
    dated, charted = dates.pop(), "accounts" in stated
    endings = drops_endings(names)

    def ways(journal: tuple[Sums, ...]) -> list[list[str]]:
        used = {account for one in journal for account, _ in one.amounts}
        chosen = [{account: account for account in used}] if charted else [
            *spellings(sorted(used), names)]
        return [_numbered([_entry_key(one, way, dated=dated) for one in journal])
                for way in chosen]

    boxes = tuple(
        (frozenset(map(joined, ways(wrong))), one.outcome_of(earned(wrong)))
        for one, wrong in known
        if wrong and {entry.entry.date is not None for entry in wrong} == {dated})
    found = handed(
        name, ways(right) if right else (), arguments=stated, mistakes=boxes,
        keyed={**stated, "dated": dated, "count": len(right), "endings": endings},
        decides=decides and (charted or (endings and not has_aliases(names))))
    return found if found.together or boxes else Handout(name=name, arguments=stated)


def _looks_wrong(right: Sums) -> bool:
    """Whether an author's entry has slips of form where it is rounded."""
    sides = [added(amount for (_, side), amount in right.amounts.items() if side == one)
             for one in SIDES]
    return sides[0] != sides[1] or any(amount < 0 for amount in right.amounts.values())


def keys(
    name: str, *, places: int, dated: bool, count: int, endings: bool,
    accounts: Sequence[str] | None = None, aliases: Mapping[str, str] | None = None,
) -> Keys:
    """Reads the entries of the learner's `name`, in each reading: the sums of their lines, and
    their day where entries are `dated`. `count` entries are expected."""
    names = any_name(endings=endings) if accounts is None else names_of(accounts, aliases)
    read = reader(name)

    def found(scope: Scope) -> tuple[str, ...]:
        told: list[str] = []
        for reading in _bounded(readings_of(read(scope), name), name):
            sums = sums_of(reading, names, places)
            # A line of nothing may have a name that is misspelled, which costs something.
            odd = [bool(one.misspelled) or (accounts is None and len(one.amounts) < len(
                {(names.find(line.account), line.side) for line in one.entry.lines}))
                for one in sums]
            days = [one.entry.date for one in sums]
            unsure = (accounts is None and any(odd)) or (
                len(sums) > count > 0 and len(set(days)) < len(days))
            told += [OR] if told else []
            told += _numbered([_entry_key(one, {}, dated=dated, odd=is_odd)
                               for one, is_odd in zip(sums, odd, strict=True)])
            told += [DOUBT] if unsure else []
        return tuple(told)

    return found


def _entry_key(
    one: Sums, spelled: Mapping[str, str], *, dated: bool, odd: bool = False
) -> str:
    """The key of an entry, with accounts as they are `spelled`."""
    day = one.entry.date.isoformat() if dated and one.entry.date is not None else ""
    lines = sorted((spelled.get(account, account), side, f"{amount:f}")
                   for (account, side), amount in one.amounts.items())
    return key_of(day, lines, *([odd] if odd else []))


def _numbered(entries: list[str]) -> list[str]:
    """Keys of which none is there twice: an entry may happen again."""
    before: Counter[str] = Counter()
    found: list[str] = []
    for key in entries:
        found.append(key_of(key, before[key]) if before[key] else key)
        before[key] += 1
    return found


def _outcome(compared: Compared, rules: Rules) -> Outcome:
    count = len(compared.pairs) + len(compared.missing)
    if compared.right:
        return passed("The entry is right." if count == 1 else f"All {count} entries are right.")
    slips = slips_of(compared, rules)
    verb = "is" if compared.count_right == 1 else "are"
    told = ["The entry is not right yet." if count == 1 else
            f"{compared.count_right} of {count:,} entries {verb} right."]
    # What rounds to full marks is not right all the same.
    return _with_slips(min(compared.credit, 0.999), told, slips)


def _with_slips(credit: float, told: list[str], slips: list[Slip]) -> Outcome:
    told = told + [slip.message for slip in slips[:_TOLD]]
    if len(slips) > _TOLD:
        told.append(f"And {plural(len(slips) - _TOLD, 'more slip')}: mend these first.")
    tags = dict.fromkeys(slip.tag for slip in slips)
    return partly(credit, "\n".join(told), *(tags or ("wrong",)))


def _measure(right: Iterable[Entry], names: Names, places: int) -> tuple[Sums, ...]:
    """The author's entries as they are compared. Raises ValueError for one that is not in
    balance, or that comes to nothing."""
    sums = sums_of(right, names, places)
    for one in sums:
        if one.entry.difference:
            raise ValueError(f"expected entry {one.place} does not balance: debits "
                             f"{one.entry.total('debit')}, credits {one.entry.total('credit')}")
        if not one.amounts:
            raise ValueError(f"expected entry {one.place} has no amount")
    return sums


def _chart(
    right: Iterable[Entry], accounts: Iterable[str] | None, aliases: Mapping[str, str]
) -> list[str]:
    """The names that a learner may use: the author's chart, or what the journal uses."""
    others = {normal(alias) for alias in aliases}
    used = list(dict.fromkeys(line.account for entry in right for line in entry.lines))
    if accounts is None:
        # The author's own spellings of one name are one name.
        names = {normal(name): name for name in (*reversed(used), *aliases.values())}
        return [name for key, name in names.items() if key not in others]
    chart = list(accounts)
    known = {normal(name) for name in chart} | others
    strange = [name for name in used if normal(name) not in known]
    if strange:
        raise ValueError(f"not in accounts=: {', '.join(strange)}")
    return chart


def _roles(roles: Mapping[str, str] | None) -> Callable[[str], str]:
    own = {normal(name): role for name, role in (roles or {}).items()}
    wrong = set(own.values()) - {"cash", "receivable", "payable", ""}
    if wrong:
        raise ValueError(f"a role is 'cash', 'receivable' or 'payable', not {wrong.pop()!r}")
    return lambda name: own[normal(name)] if normal(name) in own else role_of(name)


def _period(period: str) -> str:
    if period not in ("month", "quarter", "year"):
        raise ValueError(f"a period is 'month', 'quarter' or 'year', not {period!r}")
    return period


def _weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    parts = {**PARTS, **(weights or {})}
    if set(parts) != set(PARTS):
        raise ValueError(f"weights are of {', '.join(PARTS)}, not {set(parts) - set(PARTS)}")
    if not all(0 <= weight < float("inf") for weight in parts.values()) or not (
            parts["account"] + parts["side"] + parts["amount"] > 0):
        raise ValueError("weights are numbers from 0, and some part counts")
    return parts


def _mistakes(
    mistakes: Mistakes | None, names: Names, places: int
) -> list[tuple[Mistake, tuple[Sums, ...]]]:
    """An author's mistakes with the entries of those that are journals; a journal is no tag."""
    pairs = mistakes.items() if isinstance(mistakes, Mapping) else mistakes or ()
    known = read_mistakes([
        (match, told if callable(match) or isinstance(told, KnownAs) else
         mistake(f"mistake-{place}", told)) for place, (match, told) in enumerate(pairs, start=1)])
    return [(one, () if callable(one.match) else sums_of(authored(one.match), names, places))
            for one in known]


def _made(
    readings: list[Reading], known: list[tuple[Mistake, tuple[Sums, ...]]], names: Names,
    places: int, earned: float,
) -> Outcome | None:
    def is_made(one: Mistake, wrong: tuple[Sums, ...]) -> bool:
        return any(
            fits(one, reading,
                 lambda own, _: compare(sums_of(own, names, places), wrong).right, earned)
            for reading in readings)

    return made_of([one for one, wrong in known if is_made(one, wrong)], earned)

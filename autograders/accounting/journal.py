"""A journal: entries that balance, on the right accounts and sides, with amount and date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from autograders.accounting.carried import authored, better, expecting
from autograders.accounting.compare import PARTS, Compared, Sums, compare, sums_of
from autograders.accounting.entries import Entry
from autograders.accounting.forms import Reading, readings_of
from autograders.accounting.names import Names, names_of, normal, role_of
from autograders.accounting.rows import plural
from autograders.accounting.slips import Rules, Slip, form_slips, slips_of
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
    spelling of an account. Raises ValueError for an `expected` that does not balance.
    """
    if expected is None:
        names = names_of(accounts or (), aliases)
        return _form(name, names, _mistakes(mistakes, names, places), places, label)
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
        readings = readings_of(read(scope), name)
        if any(len(reading) > max(MOST_ENTRIES, 3 * len(right)) for reading in readings):
            raise Failure(f"`{name}` has {plural(len(readings[0]), 'entry', 'entries')}: that is "
                          "more than are read.", tag="too-large")

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

    return Check(label=label or name, kind="journal", examine=examine)


def _form(
    name: str, names: Names, known: list[tuple[Mistake, tuple[Sums, ...]]], places: int,
    label: str | None,
) -> Check:
    """A check of the form of a journal alone."""
    read = reader(name)

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

    return Check(label=label or name, kind="journal", examine=examine, counts=False)


def _outcome(compared: Compared, rules: Rules) -> Outcome:
    count = len(compared.pairs) + len(compared.missing)
    if compared.right:
        return passed("The entry is right." if count == 1 else f"All {count} entries are right.")
    slips = slips_of(compared, rules)
    verb = "is" if compared.count_right == 1 else "are"
    told = [f"{compared.count_right} of {plural(count, 'entry', 'entries')} {verb} right."]
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

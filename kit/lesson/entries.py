"""Journal entry: an accounting editor whose entry moves the accounts while it is written."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import traitlets

from autograders.accounting import Entry
from autograders.accounting.carried import authored
from autograders.accounting.entries import SIDES
from autograders.accounting.names import normal
from autograders.outcome import Check, KnownAs, Outcome
from kit.lesson.accounts import cents, chart_of, kinds_of, opening_of, written
from kit.lesson.component import Component, identity
from kit.lesson.diagnosed import Cents, Desk, table_of
from kit.lesson.judging import NAME, as_data, check_of, outcome_of, told
from kit.lesson.ledgers import t_account
from kit.lesson.markup import inline
from kit.lesson.saying import say

_MOST_LINES = 8  # as the front end has it

Known = Mapping[Any, str | KnownAs] | Sequence[tuple[Any, str | KnownAs]]
"""Wrong entries, in any form, and what is said to who writes one."""


class JournalEntry(Component):
    """An entry that a learner writes. Made by `journal_entry`.

    In a notebook the kernel answers: the front end counts up `state["check"]`, and `told` is what
    the checker says of `state["text"]`.
    """

    kind: ClassVar[str] = "journal_entry"

    told = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: dict[str, Any], check: Check, **kwargs: Any) -> None:
        super().__init__(spec, **kwargs)
        self._check = check
        self.observe(self._asked, names="state")

    @property
    def answer(self) -> str | None:
        """The learner's entry in text form, as `autograders.accounting` reads it; None where
        nothing is written yet."""
        return self.state.get("text") or None

    @property
    def is_right(self) -> bool:
        """Whether the learner's entry is right as it stands."""
        return self.answer is not None and self._examined().credit >= 1

    def static_html(self) -> str:
        """The question, the chart, two lines to write on, and what stands in the accounts."""
        spec = self.spec
        names = ", ".join(html.escape(one["name"]) for one in spec["accounts"])
        heads = "".join(f'<th scope="col">{one}</th>'
                        for one in (say("Account"), say("Debit"), say("Credit")))
        line = "<tr><td>____________</td><td>________</td><td>________</td></tr>"
        day = f'<p class="cp-note">{html.escape(spec["head"])}</p>' if spec["head"] else ""
        accounts = "".join(t_account(one["name"], one["debit"], one["credit"])
                           for one in spec["accounts"]
                           if one["debit"] or one["credit"])
        return (f'<section class="cp cp-journal_entry"><header><h3>{spec["question"]}</h3>'
                f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>{day}'
                f'<table class="cp-entry"><thead><tr>{heads}</tr></thead>'
                f"<tbody>{line}{line}</tbody></table>"
                f'<p class="cp-note">{say("Accounts: {names}.", names=names)}</p>'
                f'<div class="cp-ts">{accounts}</div></section>')

    def _examined(self) -> Outcome:
        return outcome_of(self._check, self.state.get("text", ""))

    def _asked(self, _: Any) -> None:
        asked = self.state.get("check")
        if asked and asked != self.told.get("check"):
            self.told = {"check": asked, **told(self._examined())}


def journal_entry(
    question: str, *, expected: Any, accounts: Iterable[str] | None = None,
    opening: Mapping[str, Any] | None = None, kinds: Mapping[str, str] | None = None,
    mistakes: Known | None = None, label: str = "",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> JournalEntry:
    """One journal entry, written line by line; T-accounts and the accounting equation move with
    it. It is judged by `autograders.accounting.journal`, as in homework.

    `expected` is the right entry, in any form that the checker reads, such as
    `"2027-01-31 Dr Accounts receivable 4000 / Cr Revenue 4000"`; its day is given to the learner.
    `accounts` is the chart to choose from; without it, all accounts that are named anywhere.
    `opening` is what stands in the accounts before, `{"Cash": (8000, 8500)}` as debit and credit,
    each an amount or a list of them, or a balance, positive on the debit side. `kinds` says which
    account is an "asset", "liability", "equity", "revenue" or "expense" where its name does not.
    `mistakes` maps wrong entries to what is said of them, as for the checker.

    A built page holds the checker's answers to the right entry, the mistakes and all that is a
    few slips away from them; for other entries it starts Python and asks the checker itself. The
    text form of the entry is shown beside it, to copy into a cell.

    Raises ValueError or TypeError for entries that do not balance, are none or several, or name
    an account that is not in the chart.
    """
    right = _one(expected, "expected=")
    wrong = _wrong(mistakes, right)
    chart = chart_of(accounts, [
        *(line.account for entry in (right, *wrong) for line in entry.lines),
        *(opening or {}), *(kinds or {})])
    before = opening_of(chart, opening)
    data = as_data(right, chart, _as_pairs(mistakes))
    check = check_of(data)
    places = {normal(name): place for place, name in enumerate(chart)}
    found = [_cents(entry, places) for entry in (right, *wrong)]
    if found[0] in found[1:]:
        raise ValueError("an entry in mistakes= is the right one")
    shown: list[dict[str, Any]] = [
        {"name": name, "words": written(name), "kind": kind, "debit": debit, "credit": credit}
        for name, kind, (debit, credit) in zip(chart, kinds_of(chart, kinds), before, strict=True)]
    ask = _asking(check, [one["words"] for one in shown], _head(right))
    table = table_of(Desk(ask=ask, accounts=len(chart)), found[0], found[1:])
    spec = {
        "id": identity("journal_entry", id, question, *chart), "question": inline(question),
        "label": label or say("Journal entry"), "head": _head(right), "accounts": shown,
        "checker": data,
        "table": {**table, "said": [inline(one) for one in table["said"]]},
    }
    return JournalEntry(spec, check)


# ------------------------------------------------------------------------ entries


def _one(journal: Any, what: str) -> Entry:
    """An author's entry. Raises ValueError for none or several, and for one that is uneven."""
    entries = authored(journal)
    if len(entries) != 1:
        raise ValueError(f"{what} is one entry, not {len(entries)}: make a component for each")
    entry = entries[0]
    if any(line.amount <= 0 for line in entry.lines):
        raise ValueError(f"{what}: amounts are positive, the side says which way")
    if len(entry.lines) > _MOST_LINES:
        raise ValueError(f"{what} has more than {_MOST_LINES} lines; a page has no room for them")
    return entry


def _as_pairs(mistakes: Known | None) -> list[tuple[Any, str | KnownAs]]:
    return list(mistakes.items() if isinstance(mistakes, Mapping) else mistakes or ())


def _wrong(mistakes: Known | None, right: Entry) -> list[Entry]:
    """The author's wrong entries, each dated as the right one.

    Raises TypeError for a function, which a page cannot ask.
    """
    found = []
    for match, said in _as_pairs(mistakes):
        if isinstance(said, str) and not said.strip():
            raise ValueError(f"say why to who enters {match!r}")
        if callable(match):
            raise TypeError("in a lesson a mistake is a wrong entry; a function can be one in "
                            "homework alone")
        entry = _one(match, "an entry in mistakes=")
        if entry.date not in (None, right.date):
            raise ValueError("an entry in mistakes= has another day than the right one, which "
                             "gives the day to the learner; leave it out")
        found.append(entry)
    return found


def _cents(entry: Entry, places: Mapping[str, int]) -> Cents:
    """An entry by side and account, with its lines added up."""
    found: dict[tuple[int, int], int] = {}
    for line in entry.lines:
        key = (SIDES.index(line.side), places[normal(line.account)])
        found[key] = found.get(key, 0) + cents(line.amount)
    return tuple(sorted(found.items()))


def _asking(
    check: Check, words: Sequence[str], head: str
) -> Callable[[Cents], Outcome]:
    """The checker of a learner's text, asked about entries in cents."""

    def ask(lines: Cents) -> Outcome:
        postings = "\n    ".join(
            f"{'Cr' if side else 'Dr'} {words[account]} {amount // 100}.{amount % 100:02d}"
            for (side, account), amount in lines)
        return check.examine({NAME: f"{head}\n    {postings}" if head else postings})

    return ask


def _head(entry: Entry) -> str:
    """The day and the reference that the learner's text begins with."""
    day = entry.date.isoformat() if entry.date is not None else ""
    return " ".join(part for part in (day, f"[{entry.ref}]" if entry.ref else "") if part)

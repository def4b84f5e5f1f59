"""A trial balance: every account's balance on its side, and two totals that are equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from autograders.accounting.blind import any_name, exactly
from autograders.accounting.books import TOTALS, Account, Books, authored_accounts, books_of
from autograders.accounting.carried import better, expecting, known_mistakes
from autograders.accounting.entries import SIDES, added, rounded
from autograders.accounting.ledger import (
    account_names,
    books_handout,
    figures,
    filled,
    keys,
    under_names,
)
from autograders.accounting.measured import Measured, measure, told
from autograders.accounting.names import names_of
from autograders.accounting.rows import listed
from autograders.accounting.slips import Slip
from autograders.handout import Handout
from autograders.outcome import (
    Answer,
    Check,
    Failure,
    Mistakes,
    Outcome,
    Scope,
    passed,
    well_formed,
)
from autograders.values import figure, reader

__all__ = ["keys", "trial_balance"]

_NINE = 9
_BLIND = ("Equal totals do not show an entry that was left out or made twice, an amount on a wrong "
          "account, or sides that were swapped.")


def trial_balance(
    name: str, expected: Any = None, *, opening: Mapping[str, Any] | None = None,
    aliases: Mapping[str, str] | None = None, places: int = 2,
    mistakes: Mistakes | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the trial balance `expected`.

    Forms are those of `ledger`, most often a table (account, debit, credit); a row of totals,
    called Total, may be there. `expected` is a dict or a table of balances, or a journal in any
    form, which is posted after the `opening` balances.

    The totals are looked at first. Each account counts the same; a balance on the wrong side
    earns half. A row of totals, where there is one, counts as one account. A mistake is a
    predicate of the balances by account, debits positive, or wrong balances (in a list of pairs).
    With `given`, `expected` is a function of earlier answers; `given={"journal":
    ag.answer("entries", J)}` with `expected=ag.accounting.balances` takes the learner's own
    journal.

    An `expected` of names alone, `["Cash", "Revenue", ...]`, asks that the totals are equal and
    that there are no other accounts, and does not count: for the visible part of a test whose
    hidden part has the balances. Without `expected` it asks for equal totals alone.

    A release looks whether the totals are equal, and hands out a digest of each balance, and
    none of their names.

    Raises ValueError for an `expected` whose sides differ.
    """
    if expected is None or (
            isinstance(expected, list | tuple) and all(isinstance(one, str) for one in expected)):
        return _form(name, expected, aliases, places, label)
    wanted = expecting(expected, given, aliases)
    right = filled(authored_accounts(wanted.right, opening))
    if added(account.balance for account in right.values()):
        raise ValueError("the expected trial balance does not balance")
    names = account_names(right, aliases)
    known = known_mistakes(mistakes)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        own = books_of(read(scope), name, names)

        def by(accounts: Any) -> Outcome:
            found = measure(own, under_names(authored_accounts(accounts, opening), names),
                            places=places)
            return _outcome(own, found, places)

        outcome = by(right)
        if outcome.credit < 1:
            made = known(figures(own, places), outcome.credit)
            if made is not None:
                return made
        return better(outcome, wanted, scope, by)

    def handout() -> Handout | None:
        accounts = under_names(right, names)
        if not exactly((one.balance for one in accounts.values()), places):
            return None  # rounded, the totals may differ
        found = books_handout(
            name, accounts, names, mistakes, places=places, postings=False, decides=not given,
            earned=lambda wrong: _outcome(
                own := books_of(wrong, name, names), measure(own, accounts, places=places),
                places).credit)
        return None if found is None else replace(found, arguments={"places": places})

    return Check(label=label or name, kind="trial_balance", examine=examine, handout=handout)


def _form(
    name: str, accounts: list[str] | tuple[str, ...] | None, aliases: Mapping[str, str] | None,
    places: int, label: str | None,
) -> Check:
    """A check of the form of a trial balance alone."""
    read = reader(name)
    names = any_name(endings=True, apart=TOTALS) if accounts is None else (
        names_of(accounts, aliases))
    stated = {"expected": accounts, "places": places, "aliases": aliases}

    def examine(scope: Scope) -> Outcome:
        own = books_of(read(scope), name, names)
        if own.unknown:
            raise Failure(f"{listed(sorted(own.unknown))} "
                          f"{'is' if len(own.unknown) == 1 else 'are'} not in the chart of "
                          "accounts.", tag="unknown-account")
        debit, credit = (rounded(own.total(side), places) for side in SIDES)
        # Balances that are right as they are rounded are right.
        even = not added(rounded(one.balance, places) for one in own.accounts.values())
        uneven = () if even else _uneven(own, debit, credit)
        for slip in (*uneven, *_totals(own, debit, credit, places)):
            raise Failure(slip.message, tag=slip.tag)
        return well_formed(f"The totals are equal: {figure(debit)}.")

    return Check(label=label or name, kind="trial_balance", examine=examine, counts=False,
                 handout=lambda: Handout(name=name, arguments=stated))


def _outcome(own: Books, found: Measured, places: int) -> Outcome:
    debit, credit = (rounded(own.total(side), places) for side in SIDES)
    wrong = list(_totals(own, debit, credit, places))
    if own.totals is not None:
        # The row of totals is one more thing that may be right.
        scores = {**found.scores, " totals": 0.0 if wrong else 1.0}
        found = Measured(scores=scores, slips=found.slips)
    if found.right and not wrong:
        return passed(f"The totals are equal, {figure(debit)}, and every balance is right. "
                      f"{_BLIND}")
    first = list(_uneven(own, debit, credit)) + wrong
    if debit == credit and not found.right and found.slips:
        first.append(Slip(tag="balances-yet-wrong", message=f"The totals are equal, yet that does "
                          f"not make it right. {_BLIND}"))
    return told(found, first)


def _uneven(own: Books, debit: Decimal, credit: Decimal) -> Iterator[Slip]:
    """The slip of sides that differ, with what the difference hints at."""
    difference = abs(debit - credit)
    if not difference:
        return
    heavy = "debit" if debit > credit else "credit"
    hint = "Has an account been left out?"
    suspect = next((name for name, one in own.accounts.items()
                    if 2 * abs(one.balance) == difference
                    and (one.balance > 0) == (heavy == "debit")), None)
    if suspect is not None:
        hint = f"Half of it is the balance of `{suspect}`: does that stand on the right side?"
    elif difference % _NINE == 0:
        hint = "It can be divided by 9: have two digits changed places somewhere?"
    yield Slip(tag="unequal-totals", message=f"The debits add up to {figure(debit)}, the credits "
               f"to {figure(credit)}; the difference is {figure(difference)}. {hint}")


def _totals(own: Books, debit: Decimal, credit: Decimal, places: int) -> Iterator[Slip]:
    """The slip of a row of totals that is not what the rows add up to."""
    if own.totals is None:
        return
    given = tuple(rounded(_total(own.totals, side), places) for side in SIDES)
    if given != (debit, credit):
        yield Slip(tag="wrong-total", message=f"Your totals are {figure(given[0])} and "
                   f"{figure(given[1])}, but your rows add up to {figure(debit)} and "
                   f"{figure(credit)}.")


def _total(account: Account, side: str) -> Decimal:
    return added(account.debit if side == "debit" else account.credit)

"""A ledger: T-accounts, posted from a journal, by their balances or with every posting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograders.accounting.blind import (
    account_key,
    any_name,
    book_keys,
    boxes,
    drops_endings,
    earns,
    handed,
    has_aliases,
    spellings,
)
from autograders.accounting.books import TOTALS, Account, Books, authored_accounts, books_of
from autograders.accounting.carried import better, expecting, known_mistakes
from autograders.accounting.entries import rounded
from autograders.accounting.measured import Measured, measure, told
from autograders.accounting.names import Names, names_of, normal
from autograders.accounting.rows import plural
from autograders.handout import Handout, Keys
from autograders.outcome import Answer, Check, Mistakes, Outcome, Scope, passed, well_formed
from autograders.values import reader


def ledger(  # noqa: PLR0913 - what an author may say of a ledger, all optional
    name: str, expected: Any = None, *, postings: bool = False,
    opening: Mapping[str, Any] | None = None, aliases: Mapping[str, str] | None = None,
    places: int = 2, mistakes: Mistakes | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` holds the accounts of `expected`.

    Forms: `{"Cash": {"debit": [500, 20], "credit": [300]}}`; balances, `{"Cash": 220}` with
    debits positive or `{"Cash": ("debit", 220)}`; a table or rows (account, debit, credit),
    several an account where it likes. `expected` is a dict or a table of accounts, or a journal
    in any form, which is posted after the `opening` balances.

    Each account counts the same: its balance, and with `postings` half of it what stands on its
    sides. A balance on the wrong side earns half. Accounts that hold nothing may be left out. A
    mistake is a predicate of the balances by account, debits positive, or wrong balances (in a
    list of pairs). With `given`, `expected` is a function of earlier answers; `given={"journal":
    ag.answer("entries", J)}` with `expected=ag.accounting.post` posts the learner's own journal.

    Without `expected` it looks whether there are accounts, and does not count. A release hands
    out a digest of each account, and none of their names. Raises ValueError for accounts that
    hold nothing.
    """
    if expected is None:
        return _form(name, label)
    wanted = expecting(expected, given, aliases)
    right = filled(authored_accounts(wanted.right, opening))
    names = account_names(right, aliases)
    start = {names.find(word) or word: one.balance for word, one in
             authored_accounts(opening or {}, None).items()}
    known = known_mistakes(mistakes)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        own = books_of(read(scope), name, names)

        def by(accounts: Any) -> Outcome:
            found = measure(own, under_names(authored_accounts(accounts, opening), names),
                            places=places, postings=postings, opening=start)
            return _outcome(found)

        outcome = by(right)
        if outcome.credit < 1:
            made = known(figures(own, places), outcome.credit)
            if made is not None:
                return made
        return better(outcome, wanted, scope, by)

    def handout() -> Handout | None:
        return books_handout(
            name, under_names(right, names), names, mistakes, places=places, postings=postings,
            decides=not given, earned=lambda wrong: _outcome(measure(
                books_of(wrong, name, names), under_names(right, names), places=places,
                postings=postings, opening=start)).credit)

    return Check(label=label or name, kind="ledger", examine=examine, handout=handout)


def _form(name: str, label: str | None) -> Check:
    """A check of the form of a ledger alone."""
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        own = books_of(read(scope), name, any_name(endings=True, apart=TOTALS))
        count = len(own.accounts)
        return well_formed(f"There {'is' if count == 1 else 'are'} {plural(count, 'account')}.")

    return Check(label=label or name, kind="ledger", examine=examine, counts=False,
                 handout=lambda: Handout(name=name))


def keys(
    name: str, *, places: int, endings: bool, aliased: bool, postings: bool = False
) -> Keys:
    """Reads the accounts of the learner's `name`; see `autograders.accounting.blind`."""
    read = reader(name)
    return lambda scope: book_keys(read(scope), name, places=places, endings=endings,
                                   aliased=aliased, postings=postings)


def books_handout(
    name: str, right: Mapping[str, Account], names: Names, mistakes: Mistakes | None, *,
    places: int, postings: bool, decides: bool, earned: Callable[[Any], float],
) -> Handout | None:
    """The keys of accounts, under the author's `names`; None where names would be misread.
    `earned` is what wrong accounts earn in parts."""
    if any(names.find(one) for one in TOTALS) or any(names.find(one) != one for one in right):
        return None
    endings, aliased = drops_endings(names), has_aliases(names)

    def way(spelled: Mapping[str, str]) -> list[str]:
        found = (account_key(spelled[one], account, places=places, postings=postings)
                 for one, account in right.items())
        return [key for key in found if key]

    return handed(
        name, [way(spelled) for spelled in spellings(right, names)], arguments={},
        keyed={"places": places, "endings": endings, "aliased": aliased, "postings": postings},
        decides=decides and endings and not (aliased or earns(mistakes)),
        mistakes=boxes(mistakes, lambda wrong: book_keys(
            wrong, name, places=places, endings=endings, aliased=aliased, postings=postings),
            earned))


def filled(accounts: dict[str, Account]) -> dict[str, Account]:
    """An author's accounts. Raises ValueError where all hold nothing."""
    if not any(account.balance for account in accounts.values()):
        raise ValueError("the expected accounts hold nothing")
    return accounts


def account_names(
    right: Mapping[str, Account], aliases: Mapping[str, str] | None
) -> Names:
    """The names of accounts, with an author's aliases of those that are there."""
    others = {normal(alias) for alias in aliases or {}}
    names = {normal(name): name for name in (*right, *(aliases or {}).values())}
    return names_of([name for key, name in names.items() if key not in others], aliases)


def under_names(accounts: Mapping[str, Account], names: Names) -> dict[str, Account]:
    """An author's accounts under one name each."""
    return {names.find(name) or name: account for name, account in accounts.items()}


def figures(own: Books, places: int) -> dict[str, Any]:
    """A learner's balances by account: what a predicate of `mistakes` is asked of."""
    return {name: rounded(account.balance, places) for name, account in own.accounts.items()}


def _outcome(measured: Measured) -> Outcome:
    if measured.right:
        return passed(f"All {plural(len(measured.scores), 'account')} are right."
                      if len(measured.scores) > 1 else "The account is right.")
    return told(measured)

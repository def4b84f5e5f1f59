"""T-accounts to look at: what stands on the left and on the right of some accounts."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograders.accounting.books import accounts_of
from autograders.outcome import Failure
from kit.lesson.accounts import cents, money
from kit.lesson.saying import say

Sides = tuple[tuple[int, ...], tuple[int, ...]]
"""The amounts on the debit and on the credit side of an account, in cents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TAccounts:
    """T-accounts side by side. Made by `t_accounts`."""

    accounts: tuple[tuple[str, Sides], ...]

    @property
    def said(self) -> str:
        """The accounts in words, for who cannot see them."""
        return "; ".join(_in_words(name, *sides) for name, sides in self.accounts)

    def _repr_html_(self) -> str:
        """The accounts as tables, beside one another where there is room."""
        drawn = "".join(t_account(name, *sides) for name, sides in self.accounts)
        return f'<div class="cp-ts">{drawn}</div>'


def t_accounts(accounts: Mapping[str, Any]) -> TAccounts:
    """T-accounts side by side: a view for `explore`, an outcome for `predict`.

    `accounts` has for each name what stands on its debit and on its credit side, an amount or a
    list of amounts, such as `{"Cash": ([5000, 3000], 6000)}`, or a balance, positive on the debit
    side.

    Raises ValueError where there is no account, or what is no amount.
    """
    try:
        found = accounts_of(accounts, "t_accounts")
    except Failure as failure:
        raise ValueError(failure.outcome.message) from None
    if not found:
        raise ValueError('t_accounts shows one account or more, such as {"Cash": (500, 0)}')
    return TAccounts(accounts=tuple(
        (name, (_amounts(one.debit), _amounts(one.credit))) for name, one in found.items()))


def t_account(name: str, debit: Iterable[int], credit: Iterable[int]) -> str:
    """One T-account as HTML, of amounts in cents."""
    left, right = list(debit), list(credit)
    rows = "".join(
        "<tr>" + "".join(f"<td>{money(side[at]) if at < len(side) else ''}</td>"
                         for side in (left, right)) + "</tr>"
        for at in range(max(len(left), len(right), 1)))
    return (f'<table class="cp-t"><caption>{html.escape(name)}</caption>'
            f'<thead><tr><th scope="col">{say("Debit")}</th>'
            f'<th scope="col">{say("Credit")}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>")


def _in_words(name: str, debit: Sequence[int], credit: Sequence[int]) -> str:
    sides = [f"{word} {', '.join(map(money, amounts))}"
             for word, amounts in ((say("debit"), debit), (say("credit"), credit)) if amounts]
    return f"{name}: {'; '.join(sides) or say('nothing')}"


def _amounts(amounts: Iterable[Any]) -> tuple[int, ...]:
    return tuple(found for found in map(cents, amounts) if found)

"""Compare accounts with the expected ones: balances, sides and postings, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import fsum

from autograders.accounting.books import Account, Books
from autograders.accounting.entries import rounded
from autograders.accounting.rows import listed, plural
from autograders.accounting.slips import Slip, transposed
from autograders.outcome import Outcome, partly
from autograders.values import figure

_HALF = 0.5
_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of accounts: what each earns, 0 to 1, and what is wrong."""

    scores: Mapping[str, float]
    slips: list[Slip] = field(default_factory=list)

    @property
    def count_right(self) -> int:
        """How many accounts are right."""
        return sum(score >= 1 for score in self.scores.values())

    @property
    def credit(self) -> float:
        """The share of the accounts that is right, in parts."""
        return fsum(self.scores.values()) / len(self.scores) if self.scores else 0.0

    @property
    def right(self) -> bool:
        """Whether every account is."""
        return all(score >= 1 for score in self.scores.values())


def measure(
    own: Books, right: Mapping[str, Account], *, places: int, postings: bool = False,
    opening: Mapping[str, Decimal] | None = None,
) -> Measured:
    """Compare accounts one by one. An account that holds nothing may be left out; one too many
    counts as wrong. With `postings` half of an account is its balance, and half what stands on
    its sides."""
    scores: dict[str, float] = {}
    slips: list[Slip] = []
    missing: list[str] = []
    for name, account in right.items():
        wanted = rounded(account.balance, places)
        ours = own.accounts.get(name)
        used = bool(postings and (account.debit or account.credit))
        if ours is None:
            if wanted or used:
                scores[name] = 0.0
                missing.append(name)
            continue
        given = rounded(ours.balance, places)
        if not (wanted or given or used or (postings and (ours.debit or ours.credit))):
            continue
        score, found = _balance(name, given, wanted, (opening or {}).get(name))
        if postings:
            share, more = _postings(name, ours, account, places)
            score, found = _HALF * score + _HALF * share, more or found
        if name in own.written:
            score *= _HALF
            found = [*found, Slip(tag="account-name", message=f"There is no account "
                                  f"`{own.written[name]}`. Did you mean `{name}`?")]
        scores[name] = score
        slips += found
    slips += _strangers(own, right, scores, places)
    if missing:
        slips.append(Slip(tag="missing-account", message=f"{plural(len(missing), 'account')} "
                          f"{'is' if len(missing) == 1 else 'are'} missing. Which were touched?"))
    return Measured(scores=scores, slips=slips)


def _strangers(
    own: Books, right: Mapping[str, Account], scores: dict[str, float], places: int
) -> list[Slip]:
    """Accounts that hold something and are not expected."""
    extra = [name for name, one in own.accounts.items()
             if name not in right and rounded(one.balance, places)]
    scores.update(dict.fromkeys(extra, 0.0))
    if not extra:
        return []
    verb = "is" if len(extra) == 1 else "are"
    return [Slip(tag="extra-account", message=f"{listed(extra)} {verb} not expected here.")]


def _balance(
    name: str, given: Decimal, wanted: Decimal, opening: Decimal | None
) -> tuple[float, list[Slip]]:
    if given == wanted:
        return 1.0, []
    if given == -wanted:
        side = "debit" if given > 0 else "credit"
        return _HALF, [Slip(tag="wrong-side", message=f"`{name}` has a {side} balance. On which "
                            "side does such an account stand?")]
    if opening and given == wanted - opening:
        return 0.0, [Slip(tag="opening-balance", message=f"`{name}` leaves out what was there at "
                          "the beginning.")]
    if transposed(abs(given), abs(wanted)):
        return 0.0, [Slip(tag="transposed-digits", message=f"In {figure(abs(given))} of `{name}` "
                          "two digits have changed places.")]
    return 0.0, [Slip(tag="wrong-balance", message=f"{figure(abs(given))} is not the balance of "
                      f"`{name}`. Add up each side again.")]


def _postings(
    name: str, own: Account, right: Account, places: int
) -> tuple[float, list[Slip]]:
    """How many of an account's postings are right, 0 to 1, and what is wrong with the first."""
    ours, theirs = own.postings(places), right.postings(places)
    most = max(ours.total(), theirs.total())
    share = (ours & theirs).total() / most if most else 1.0
    if share >= 1:
        return share, []
    if not own.posted and theirs.total() > 1:
        return share, [Slip(tag="no-postings", message=f"`{name}` shows a balance alone. Write "
                            "each amount on its side.")]
    for side, amount in ours - theirs:
        other = "credit" if side == "debit" else "debit"
        if (other, amount) in theirs - ours:
            return share, [Slip(tag="posted-wrong-side", message=f"{figure(amount)} is posted on "
                                f"the {side} side of `{name}`. What does the journal say?")]
        if ours[side, amount] > theirs[side, amount] > 0:
            return share, [Slip(tag="posted-twice", message=f"{figure(amount)} stands in `{name}` "
                                "more often than in the journal.")]
        return share, [Slip(tag="wrong-posting", message=f"The {side} of {figure(amount)} does "
                            f"not belong in `{name}`.")]
    return share, [Slip(tag="missing-posting", message=f"`{name}` lacks a posting. Tick off each "
                        "line of the journal that you post.")]


def told(measured: Measured, first: list[Slip] | None = None) -> Outcome:
    """The outcome of accounts that are not all right."""
    slips = [*(first or []), *measured.slips]
    count, right = len(measured.scores), measured.count_right
    lines = [f"{right} of {plural(count, 'account')} {'is' if right == 1 else 'are'} right.",
             *(slip.message for slip in slips[:_TOLD])]
    if len(slips) > _TOLD:
        lines.append(f"And {plural(len(slips) - _TOLD, 'more slip')}: mend these first.")
    tags = dict.fromkeys(slip.tag for slip in slips)
    return partly(min(measured.credit, 0.999), "\n".join(lines), *(tags or ("wrong",)))

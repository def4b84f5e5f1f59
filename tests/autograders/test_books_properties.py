"""Accounts, statements and ratios as hypothesis draws them: the reference passes, a perturbation
costs, and the more is right, the more is earned."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import checking
import pytest

import autograders as ag
from autograders import accounting
from autograders.accounting.entries import added

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

same = settings(derandomize=True, database=None, deadline=None, max_examples=60)

NAMES = ["Cash", "Loan", "Van", "Rent paid", "Wages", "Sales", "Capital", "Insurance", "Fuel"]
AMOUNTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)
WHOLE = st.integers(1, 10**6).map(Decimal)
LINES = st.lists(st.sampled_from(NAMES), min_size=2, max_size=6, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(dict.fromkeys(names, AMOUNTS)))
SIGNS = st.randoms(use_true_random=False)


def closed(lines: dict[str, Decimal]) -> dict[str, Decimal]:
    """Balances that add up to nothing: every second one a credit, and one that is left."""
    signed = {name: amount * (-1) ** place for place, (name, amount) in enumerate(lines.items())}
    left = added(signed.values())
    return {**signed, "Suspense": -left} if left else signed


def sectioned(lines: dict[str, Decimal], *sections: str) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for place, (name, amount) in enumerate(lines.items()):
        found.setdefault(sections[place % len(sections)], {})[name] = amount
    return found


def made(kind: str, lines: dict[str, Decimal]) -> tuple[ag.Check, dict[str, Any]]:
    """A check of `x` and its right answer as flat figures by name."""
    if kind in ("ledger", "trial_balance"):
        right = closed(lines)
        return getattr(accounting, kind)("x", right), dict(right)
    if kind == "income_statement":
        groups = sectioned(lines, "Revenue", "Expenses")
        return accounting.income_statement("x", groups, total=None), dict(lines)
    if kind == "balance_sheet":
        groups = sectioned(lines, "Assets", "Liabilities")
        rest = added(groups["Assets"].values()) - added(groups["Liabilities"].values())
        groups["Equity"] = {"Owner": rest}
        return accounting.balance_sheet("x", groups), {**lines, "Owner": rest}
    return accounting.cash_flow("x", lines), dict(lines)


KINDS = ["ledger", "trial_balance", "income_statement", "balance_sheet", "cash_flow"]


def credit(check: ag.Check, value: Any) -> float:
    return checking.check(check, x=value).credit


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_passes_and_a_cent_costs(kind: str) -> None:
    @given(LINES, SIGNS)
    @same
    def holds(lines: dict[str, Decimal], random: Any) -> None:
        check, right = made(kind, lines)
        names = random.sample(list(right), len(right))
        shuffled = {name.upper(): float(right[name]) for name in names}
        assert credit(check, shuffled) == 1
        assert credit(check, list(shuffled.items())) == 1
        off = {**right, names[0]: right[names[0]] + Decimal("0.01")}
        assert credit(check, off) < 1
        assert credit(check, {name: right[name] for name in names[1:]}) < 1 or not right[names[0]]
        assert credit(check, {**right, "Odd one out": 5}) < 1

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_the_more_lines_are_right_the_more_is_earned(kind: str) -> None:
    @given(LINES, SIGNS)
    @same
    def holds(lines: dict[str, Decimal], random: Any) -> None:
        check, right = made(kind, lines)
        own = {name: Decimal(3 * 10**8 + 7 * place) for place, name in enumerate(right)}
        before = credit(check, own)
        for name in random.sample(list(right), len(right)):
            own[name] = right[name]
            after = credit(check, own)
            assert after >= before
            before = after
        assert before == 1

    holds()


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0.01, 10))
@same
def test_a_ratio(above: float, below: float, off: float) -> None:
    check = accounting.ratio("x", above, below, rtol=1e-4)
    right = above / below
    assert credit(check, right) == credit(check, right * (1 + 5e-5)) == 1
    assert credit(check, right * (1 + 2e-4 + off)) == 0

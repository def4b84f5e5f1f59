"""The finance helpers agree with numpy-financial."""

from __future__ import annotations

import math

import pytest

from autograders import finance

pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings
from hypothesis import strategies as st

RATES = st.floats(-0.5, 2.0, allow_subnormal=False).filter(
    lambda rate: rate == 0 or abs(rate) > 1e-6)
MONEY = st.floats(-1e6, 1e6, allow_subnormal=False)
AMOUNTS = st.floats(1, 1e6)
PERIODS = st.integers(1, 60)
same = settings(derandomize=True, database=None, deadline=None, max_examples=150)


# numpy-financial divides by a rate of 0 before it sets the quotient aside.
pytestmark = pytest.mark.filterwarnings("ignore:.* divide:RuntimeWarning")


def peer() -> object:
    """numpy-financial, where it is installed."""
    return pytest.importorskip("numpy_financial")


def near(value: float, scale: float = 1.0) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-8 * max(scale, 1.0))


@given(RATES, st.lists(MONEY, min_size=1, max_size=40))
@same
def test_npv(rate: float, flows: list[float]) -> None:
    scale = max(map(abs, flows)) * max(1.0, (1 + rate) ** -len(flows))
    assert finance.npv(rate, flows) == near(float(peer().npv(rate, flows)), scale)


# Whole amounts of one size: the peer finds roots of a polynomial, which tiny returns spoil.
@given(st.integers(100, 10_000), st.lists(st.integers(1, 10_000), min_size=1, max_size=12))
@same
def test_irr_of_one_change_of_sign(outlay: int, returns: list[int]) -> None:
    assume(sum(returns) > 0.1 * outlay)
    rate = finance.irr([-outlay, *returns])
    theirs = float(peer().irr([-outlay, *returns]))
    assert rate == pytest.approx(theirs, rel=1e-6, abs=1e-8)


@given(AMOUNTS, st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
@same
def test_at_the_irr_the_npv_is_nothing(outlay: float, returns: list[float]) -> None:
    assume(sum(returns) > 0.1 * outlay)
    flows = [-outlay, *returns]
    rate = finance.irr(flows)
    scale = math.fsum(abs(flow) * (1 + rate) ** -period for period, flow in enumerate(flows))
    assert abs(finance.npv(rate, flows)) <= 1e-9 * scale


@given(RATES, PERIODS, MONEY, st.booleans())
@same
def test_annuities(rate: float, periods: int, payment: float, due: bool) -> None:
    when = "begin" if due else "end"
    scale = abs(payment) * periods * max(1.0, (1 + rate) ** periods, (1 + rate) ** -periods)
    assert finance.annuity_pv(rate, periods, payment, due=due) == near(
        -float(peer().pv(rate, periods, payment, 0, when)), scale)
    assert finance.annuity_fv(rate, periods, payment, due=due) == near(
        -float(peer().fv(rate, periods, payment, 0, when)), scale)


@given(RATES, PERIODS, MONEY, MONEY, st.booleans())
@same
def test_payments(
    rate: float, periods: int, present: float, future: float, due: bool
) -> None:
    theirs = -float(peer().pmt(rate, periods, present, -future, "begin" if due else "end"))
    scale = (abs(present) + abs(future)) * max(1.0, (1 + rate) ** periods)
    assert finance.annuity_payment(rate, periods, present, future=future, due=due) == near(
        theirs, scale)


@given(st.floats(0.0, 0.5), st.floats(-0.2, 1.0), st.integers(1, 30), st.sampled_from([1, 2, 4]))
@same
def test_bonds(coupon: float, rate: float, years: int, frequency: int) -> None:
    assume(rate == 0 or abs(rate) > 1e-6)
    price = finance.bond_price(1000, coupon, rate, years, frequency=frequency)
    theirs = -float(peer().pv(rate / frequency, years * frequency,
                                 1000 * coupon / frequency, 1000))
    assert price == pytest.approx(theirs, rel=1e-9)
    again = finance.bond_yield(price, 1000, coupon, years, frequency=frequency)
    assert again == pytest.approx(rate, rel=1e-7, abs=1e-9)

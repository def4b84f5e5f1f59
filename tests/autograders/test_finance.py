"""The finance helpers agree with numpy-financial, and refuse what has no value."""

from __future__ import annotations

import math
from collections.abc import Callable

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


def test_worked_examples() -> None:
    assert finance.npv(0.1, [-100, 60, 60]) == pytest.approx(4.132231)
    assert finance.irr([-100, 60, 60]) == pytest.approx(0.13066239)
    assert finance.bond_price(1000, 0.05, 0.05, 10) == pytest.approx(1000)
    assert finance.annuity_pv(0.0, 12, 100) == 1200
    assert finance.annuity_fv(0.05, 2, 100, due=True) == pytest.approx(215.25)
    assert finance.annuity_payment(0.01, 360, 100_000) == pytest.approx(1028.6126)


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: finance.npv(-1, [1]), ValueError, "above -1"),
    (lambda: finance.npv(math.nan, [1]), ValueError, "finite"),
    (lambda: finance.npv(0.1, []), ValueError, "no cash flow"),
    (lambda: finance.npv("5 %", [1]), TypeError, "number"),
    (lambda: finance.npv(0.1, [10**400]), ValueError, "too large"),
    (lambda: finance.npv(-0.999, [1] * 400), ValueError, "too large"),
    (lambda: finance.npv(True, [1]), TypeError, "number"),
    (lambda: finance.irr([100, 50]), ValueError, "goes out"),
    (lambda: finance.irr([-100, 230, -132]), ValueError, "several rates: 0.1, 0.2"),
    (lambda: finance.irr([-100, 100, -100]), ValueError, "no rate"),
    (lambda: finance.bond_price(1000, 0.05, 0.05, 2.5), ValueError, "whole number"),
    (lambda: finance.bond_price(0, 0.05, 0.05, 2), ValueError, "above 0"),
    (lambda: finance.bond_price(1000, -0.05, 0.05, 2), ValueError, "below 0"),
    (lambda: finance.bond_price(1000, 0.05, 0.05, 2, frequency=0), ValueError, "frequency"),
    (lambda: finance.bond_yield(-5, 1000, 0.05, 2), ValueError, "above 0"),
    (lambda: finance.annuity_pv(0.1, -1, 5), ValueError, "below 0"),
    (lambda: finance.annuity_fv(1.0, 1e6, 5), ValueError, "too large"),
    (lambda: finance.annuity_payment(0.1, 0, 5), ValueError, "one period"),
])
def test_what_has_no_value_is_refused(
    call: Callable[[], float], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call()

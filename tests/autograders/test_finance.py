"""The finance helpers give what text books give, and refuse what has no value."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autograders import finance


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

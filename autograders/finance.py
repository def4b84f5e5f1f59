"""Values of money over time: present value, rate of return, bonds, annuities.

Standard library alone. Rates are fractions a period (0.05 for 5 %), money in is positive and
money out negative. Every function raises TypeError for what is no number and ValueError for a
number that the formula has no value for.

Formulas are those of R. Brealey, S. Myers, F. Allen, "Principles of Corporate Finance"
(chapters 2, 3 and 5), and, for bonds, F. Fabozzi, "Bond Markets, Analysis, and Strategies"
(chapters 2 and 3).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

_STEPS = 200
_NARROW = 1e-14
# Rates at which net present values are looked at for a change of sign: from -99.99 % to
# a millionfold, closer together near 0.
_LOWEST, _HIGHEST = math.log(1e-4), math.log(1e6)


def npv(rate: float, cashflows: Iterable[float]) -> float:
    """Net present value: the sum of `cashflows[t] / (1 + rate)**t`; the first is of today.

    Raises ValueError for a rate of -100 % or less, and for no cash flow.
    """
    rate = _rate(rate)
    flows = _flows(cashflows)
    return _finite(math.fsum(_discounted(rate, flows)), "the net present value")


def irr(cashflows: Iterable[float]) -> float:
    """Internal rate of return: the rate above -100 % at which `npv` is 0.

    Raises ValueError where no rate does that, as without a change of sign, and where several
    do: by Descartes' rule there may be as many as the signs change. It looks at rates from
    -99.99 % to a millionfold.
    """
    flows = _flows(cashflows)
    if not any(flow > 0 for flow in flows) or not any(flow < 0 for flow in flows):
        raise ValueError("a rate of return needs money that goes out and money that comes in")
    # In the log of 1 + rate the values stay within a float for longer.
    found = _roots(lambda log: _scaled(log, flows))
    if not found:
        raise ValueError("there is no rate at which the net present value is 0")
    if len(found) > 1:
        rates = ", ".join(f"{math.expm1(log):.4g}" for log in found)
        raise ValueError(f"the net present value is 0 at several rates: {rates}")
    return math.expm1(found[0])


def bond_price(
    face: float, coupon: float, rate: float, years: float, *, frequency: int = 1
) -> float:
    """Price of a bond on a day of payment: `coupons * annuity + face / (1 + rate / m)**n`.

    `coupon` is the coupon rate a year, `rate` the yield a year, compounded `frequency` (m)
    times; n is `years * m`, a whole number of payments.
    """
    face, coupon = _positive(face, "a face value"), _number(coupon)
    if coupon < 0:
        raise ValueError("a coupon rate is not below 0")
    count = _payments(years, frequency)
    each = _rate(_number(rate) / frequency)
    return _finite(annuity_pv(each, count, face * coupon / frequency)
                   + face * _power(each, -count), "the price")


def bond_yield(
    price: float, face: float, coupon: float, years: float, *, frequency: int = 1
) -> float:
    """Yield to maturity a year: the rate at which `bond_price` is `price`.

    The price falls as the rate rises, so there is one. Raises ValueError where it lies beyond
    -99.99 % or a millionfold a period.
    """
    price = _positive(price, "a price")
    count = _payments(years, frequency)
    face, each = _positive(face, "a face value"), _number(coupon) / frequency
    if each < 0:
        raise ValueError("a coupon rate is not below 0")
    flows = [-price, *[face * each] * (count - 1), face * (1 + each)]
    found = _roots(lambda log: _scaled(log, flows))
    if not found:
        raise ValueError("there is no yield at that price")
    return math.expm1(found[0]) * frequency


def annuity_pv(rate: float, periods: float, payment: float, *, due: bool = False) -> float:
    """Present value of `periods` equal payments: `payment * (1 - (1 + rate)**-n) / rate`.

    Payments come at the end of each period, with `due` at its beginning.
    """
    rate, periods = _rate(rate), _periods(periods)
    return _finite(_number(payment) * _factor(rate, periods) * (1 + rate if due else 1.0),
                   "the present value")


def annuity_fv(rate: float, periods: float, payment: float, *, due: bool = False) -> float:
    """Future value of `periods` equal payments: `payment * ((1 + rate)**n - 1) / rate`."""
    rate, periods = _rate(rate), _periods(periods)
    grown = _grown(rate, periods)
    factor = grown / rate if rate else periods
    return _finite(_number(payment) * factor * (1 + rate if due else 1.0), "the future value")


def annuity_payment(
    rate: float, periods: float, present: float, *, future: float = 0.0, due: bool = False
) -> float:
    """The equal payment that repays `present`, so that `future` is left to be paid at the end:
    `(present - future / (1 + rate)**n) / annuity factor`. Positive for a positive loan.
    """
    rate, periods = _rate(rate), _periods(periods)
    if not periods:
        raise ValueError("a payment needs at least one period")
    owed = _number(present) - _number(future) * _power(rate, -periods)
    return _finite(owed / _factor(rate, periods) / (1 + rate if due else 1.0), "the payment")


# ------------------------------------------------------------------------ the numbers


def _number(value: float) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise TypeError(f"a number is asked for, not {value!r}")
    try:
        found = float(value)
    except OverflowError:
        raise ValueError("a number is too large") from None
    if not math.isfinite(found):
        raise ValueError(f"a number is finite, not {found}")
    return found


def _rate(value: float) -> float:
    found = _number(value)
    if found <= -1:
        raise ValueError(f"a rate is above -1, which is -100 %, not {found:g}")
    return found


def _positive(value: float, noun: str) -> float:
    found = _number(value)
    if found <= 0:
        raise ValueError(f"{noun} is above 0, not {found:g}")
    return found


def _periods(value: float) -> float:
    found = _number(value)
    if found < 0:
        raise ValueError(f"a number of periods is not below 0, as {found:g} is")
    return found


def _payments(years: float, frequency: int) -> int:
    if isinstance(frequency, bool) or not isinstance(frequency, int) or frequency < 1:
        raise ValueError(f"a frequency is a whole number from 1, not {frequency!r}")
    count = _positive(years, "a number of years") * frequency
    if abs(count - round(count)) > 1e-9 * count or round(count) < 1:
        raise ValueError(f"{years:g} years are no whole number of payments")
    if count > 100_000:
        raise ValueError("a bond has at most 100,000 payments")
    return round(count)


def _flows(cashflows: Iterable[float]) -> list[float]:
    found = [_number(flow) for flow in cashflows]
    if not found:
        raise ValueError("there is no cash flow")
    return found


def _finite(value: float, noun: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{noun} is too large")
    return value


# ----------------------------------------------------------------------- the formulas


def _power(rate: float, exponent: float) -> float:
    """`(1 + rate)**exponent`, exact for small rates."""
    try:
        return math.exp(exponent * math.log1p(rate))
    except OverflowError:
        raise ValueError("a factor is too large") from None


def _grown(rate: float, periods: float) -> float:
    """`(1 + rate)**periods - 1`, exact for small rates."""
    try:
        return math.expm1(periods * math.log1p(rate))
    except OverflowError:
        raise ValueError("a factor is too large") from None


def _factor(rate: float, periods: float) -> float:
    """The present value of 1 at the end of each period."""
    return -_grown(rate, -periods) / rate if rate else periods


def _discounted(rate: float, flows: Sequence[float]) -> list[float]:
    found: list[float] = []
    for period, flow in enumerate(flows):
        found.append(flow * _power(rate, -period) if flow else 0.0)
    return found


def _scaled(log: float, flows: Sequence[float]) -> float:
    """A number with the sign of the net present value at the rate `exp(log) - 1`.

    Discounted to today for a rate above 0, and to the last day for one below, so that no
    factor is above 1.
    """
    last = len(flows) - 1
    at = 0 if log > 0 else last
    return math.fsum(flow * math.exp(-abs(log) * abs(period - at))
                     for period, flow in enumerate(flows))


def _roots(value: Callable[[float], float]) -> list[float]:
    """Where `value` is 0, between the lowest and the highest log of 1 + rate."""
    grid = sorted({_LOWEST * (step / _STEPS) ** 2 for step in range(_STEPS + 1)}
                  | {_HIGHEST * (step / _STEPS) ** 2 for step in range(_STEPS + 1)})
    found: list[float] = []
    values = [value(log) for log in grid]
    for left, right, one, other in zip(grid, grid[1:], values, values[1:], strict=False):
        if one == 0:
            found.append(left)
        elif one * other < 0 or (other != 0 and (one < 0) != (other < 0)):
            found.append(_between(value, left, right, one))
    if values[-1] == 0:
        found.append(grid[-1])
    return found


def _between(value: Callable[[float], float], left: float, right: float, at: float) -> float:
    """The root between two points of different signs, by halving: sure, and exact enough."""
    while right - left > _NARROW * max(1.0, abs(left)):
        middle = (left + right) / 2
        if middle in (left, right):
            break
        here = value(middle)
        if here == 0:
            return middle
        if (here < 0) == (at < 0):
            left = middle
        else:
            right = middle
    return (left + right) / 2

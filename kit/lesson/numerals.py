"""Numbers as people read them: 1,500 and −0.25."""

from __future__ import annotations

import math
from numbers import Real

from kit.lesson.saying import say


def numeral(value: Real | float, *, grouped: bool = True) -> str:
    """A number with its thousands apart, a true minus sign, and four figures after rounding.

    Whole numbers keep all their digits. `grouped=False` is for years and other names.
    """
    number = float(value)
    if not math.isfinite(number):
        return say("none") if math.isnan(number) else "∞" if number > 0 else "−∞"
    if number == round(number) and abs(number) < 1e15:
        text = f"{round(number):,}" if grouped else str(round(number))
    elif abs(number) >= 1000:
        text = f"{number:,.2f}" if grouped else f"{number:.2f}"
    elif abs(number) >= 1e-4:
        text = f"{number:.4g}"
    else:
        text = f"{number:.3g}"
    return text.replace("-", "−")

"""Wrong values that lead somewhere, and numbers as a lesson shows them."""

from __future__ import annotations

from collections.abc import Mapping


def others(right: float, wrong: Mapping[float, str], near: float) -> dict[float, str]:
    """The wrong values that do not happen to be right here, or nearly so."""
    return {value: said for value, said in wrong.items() if abs(value - right) > near}


def tidy(value: float, places: int = 2) -> float:
    """A value as a lesson shows it: rounded, a whole number without decimals."""
    rounded = round(float(value), places)
    return int(rounded) if rounded == int(rounded) else rounded

"""Rounding cells: numbers that are near each other have the same key.

A cell is an eighth of what a tolerance lets through, so that the cells of a right number cover
the tolerance but for its two ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autograders.number import Tolerance
from autograders.values import Number, float_of

By = Literal["exact", "step", "ratio", "digits"]
_CELLS = 8
_LEAST = 1e-9
_MOST_LOOKS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of one width (`step`, in units), of one ratio (`ratio`, a share of the number), by
    significant figures (`digits`), or of one number each (`exact`). `size` says how wide."""

    by: By
    size: float = 0.0

    @classmethod
    def of(cls, tolerance: Tolerance, right: Number) -> Grid:
        """The grid for a tolerance; of several bounds that which is the widest at `right`."""
        middle = float_of(right)
        if not math.isfinite(middle):
            return cls(by="exact")
        wide: list[tuple[float, By, float]] = []
        if tolerance.atol is not None:
            wide.append((tolerance.atol, "step", tolerance.atol))
        if tolerance.places is not None:
            half = 0.5 * 10.0**-tolerance.places
            wide.append((half, "step", half))
        if tolerance.rtol is not None:
            wide.append((tolerance.rtol * abs(middle), "ratio", tolerance.rtol))
        if tolerance.digits is not None and middle:
            bound = 5 * 10.0 ** (math.floor(math.log10(abs(middle))) - tolerance.digits)
            wide.append((bound, "digits", tolerance.digits))
        if not middle and tolerance.atol is tolerance.places is None:
            wide.append((_LEAST, "step", _LEAST))
        bound, by, size = max(wide, default=(1.0, "ratio", _LEAST))
        return cls(by=by, size=size) if bound else cls(by="exact")

    def plain(self) -> Mapping[str, Any]:
        """The grid as plain arguments."""
        return {"by": self.by, "size": self.size}

    def cell(self, value: Number) -> str:
        """The key of the cell that a number lies in."""
        number = float_of(value)
        if not math.isfinite(number) or self.by == "exact":
            whole = type(value) is int or (
                math.isfinite(number) and number == math.floor(number))
            # In hexadecimal: a huge number has no decimal text.
            return f"={int(value):x}" if whole else f"={number!r}"
        if self.by == "step":
            return f"{math.floor(number / (2 * self.size / _CELLS))}"
        if not number:
            return "nothing"  # 0 is the cell of 1
        sign = "~" if number < 0 else ""  # cells have a minus of their own, below 1
        if self.by == "ratio":
            return f"{sign}{math.floor(math.log(abs(number)) / math.log1p(2 * self.size / _CELLS))}"
        exponent = math.floor(math.log10(abs(number)))
        width = 10.0 ** (exponent + 1 - self.size) / _CELLS
        return f"{sign}{exponent}:{math.floor(abs(number) / width)}"

    def around(self, right: Number, tolerance: Tolerance) -> tuple[frozenset[str], frozenset[str]]:
        """The keys of numbers that pass for `right`, and those of cells on the edge, which hold
        numbers that do and numbers that do not."""
        middle = float_of(right)
        if self.by == "exact" or not math.isfinite(middle):
            return frozenset({self.cell(right)}), frozenset()
        bound = tolerance.bound(middle)
        ends = frozenset(
            self.cell(end + part * self._noise(end, middle))
            for end in (middle - bound, middle + bound) for part in (-1, 0, 1))
        within = {self.cell(right)}
        # Away from 0, where cells by ratio or by digits grow.
        away = -1.0 if middle < 0 else 1.0
        number = middle - away * bound
        while away * (number - middle) <= bound:
            within.add(self.cell(number))
            number += away * max(self._width(number) / 2, math.ulp(number), bound / _MOST_LOOKS)
        return frozenset(within) - ends, ends

    def beside(self, wrong: Number) -> frozenset[str]:
        """The keys of the cell of a number and of its two neighbours."""
        middle = float_of(wrong)
        if self.by == "exact" or not math.isfinite(middle):
            return frozenset({self.cell(wrong)})
        width = self._width(middle)
        return frozenset(self.cell(middle + place * width) for place in (-1, 0, 1))

    def _noise(self, end: float, middle: float) -> float:
        """How far the arithmetic of floats may move the end of a tolerance."""
        if self.by != "ratio" or not end:
            return 2 * math.ulp(max(abs(end), abs(middle)))
        return 2 * abs(end) * max(math.ulp(1.0), math.ulp(math.log(abs(end))))

    def _width(self, number: float) -> float:
        """How wide the cell of a number is; 0 where that cannot be said."""
        if self.by == "step":
            return 2 * self.size / _CELLS
        if not number:
            return 0.0
        if self.by == "ratio":
            return abs(number) * math.expm1(-math.log1p(2 * self.size / _CELLS)) * -1
        return float(10.0 ** (math.floor(math.log10(abs(number))) + 1 - self.size) / _CELLS)

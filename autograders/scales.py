"""Rounding cells for many numbers: one scale for a tolerance, whatever the numbers are.

On a scale, a cell is an eighth of what the tolerance lets through. The keys of the parts of an
answer are made here: what they are, and that none of them tells its part by how many there are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from autograders.number import Tolerance
from autograders.parts import ODD
from autograders.values import Number, float_of

MOST = 60
"""The most parts of an answer that are digested: the learner waits for each."""

UNKNOWN = "?"
"""The key of an answer that has to stay open."""

Keyed = tuple[frozenset[str], frozenset[str]]
"""The keys of right answers, and those of cells on the edge, which hold right and wrong ones."""

_CELLS = 8
_SPAN = 64
_SMALLEST = math.log(5e-324)
_EXACT = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Cells of one width (`step`, in units) or of one ratio (`ratio`, a share of the number),
    the wider of both; or by significant figures (`digits`); or, with none, one for each number.
    What is no larger than `zero` is nothing."""

    step: float = 0.0
    ratio: float = 0.0
    digits: int = 0
    zero: float = 0.0

    @classmethod
    def of(cls, tolerance: Tolerance) -> Scale:
        """The scale of a tolerance. It does not depend on what is expected."""
        places = 0.0 if tolerance.places is None else 0.5 * 10.0**-tolerance.places
        step = max(tolerance.atol or 0.0, places)
        ratio = tolerance.rtol or 0.0
        digits = tolerance.digits or 0
        if tolerance == Tolerance():
            ratio = 1e-9
        if digits and (step or ratio):
            ratio, digits = max(ratio, 10.0**-digits), 0
        return cls(step=step, ratio=ratio, digits=digits,
                   zero=0.0 if step else tolerance.bound(0.0))

    def plain(self) -> Mapping[str, Any]:
        """The scale as plain arguments."""
        return {"step": self.step, "ratio": self.ratio, "digits": self.digits, "zero": self.zero}

    def cell(self, number: Number) -> str:
        """The key of the cell that a number lies in."""
        value = float_of(number)
        if not math.isfinite(value):
            exact = type(number) is float or (type(number) is Decimal and not number.is_finite())
            return str(value) if exact else "huge"
        if not (self.step or self.ratio or self.digits):
            return "0" if abs(value) <= self.zero else f"={value!r}"
        place = self._place(value)
        return str(math.floor(place)) if math.isfinite(place) else "far"

    def around(self, right: Number, tolerance: Tolerance) -> Keyed | None:
        """The keys of numbers that pass for `right`, and those on the edge. None where there are
        too many, or where they are finer than numbers are."""
        value = float_of(right)
        own = frozenset({self.cell(right)})
        if not math.isfinite(value):
            return (own, frozenset()) if own != {"huge"} else (frozenset(), own)
        if not value and not self.step:
            return own, frozenset()
        bound = tolerance.bound(value)
        if not bound:
            sure = self.zero < abs(value) < _EXACT
            return (own, frozenset()) if sure else (frozenset(), own)
        slack = 1e-6 * bound + 8 * math.ulp(value)
        ends = [self._place(value + side * (bound + more * slack))
                for side, more in ((-1, 1), (-1, -1), (1, -1), (1, 1))]
        if not all(map(math.isfinite, ends)):
            return None
        noise = 1e-6 + 4e-15 * max(map(abs, ends))
        first, last = math.floor(ends[0] - noise), math.floor(ends[3] + noise)
        if last - first > _SPAN:
            return None
        middle = self._place(value) - 0.5
        sure_ones = sorted((cell for cell in range(first, last + 1)
                            if ends[1] + noise <= cell and cell + 1 <= ends[2] - noise),
                           key=lambda cell: abs(cell - middle))[:_CELLS]
        return (frozenset(map(str, sure_ones)),
                frozenset(str(cell) for cell in range(first, last + 1)
                          if cell not in sure_ones))

    def _place(self, value: float) -> float:
        """Where a number stands, in cells: the larger the number, the larger this."""
        size = abs(value)
        if self.step:
            return math.copysign(self._by_step(size), value)
        if size <= self.zero:
            return 0.5
        per = _CELLS / 2
        if self.digits:
            tens = math.floor(math.log10(size))
            decade = per * 1.8 * 10.0**self.digits
            place = decade * (tens + 9) + per * 0.2 * 10.0**self.digits * (size / 10.0**tens - 1)
        else:
            least = math.log(self.zero) if self.zero else _SMALLEST
            place = per * (math.log(size) - least) / self.ratio
        return 2 + place if value > 0 else -1 - place

    def _by_step(self, size: float) -> float:
        turn = self.step / self.ratio if self.ratio else math.inf
        if size <= turn:
            return _CELLS / 2 * size / self.step
        return _CELLS / 2 * (1 + math.log(size / turn)) / self.ratio


# ---------------------------------------------------------------------------- keys of parts


def key_of(part: Any, scale: Scale | None) -> str:
    """The key of a plain part, as `autograders.parts` reads it; missing ones share one. Numbers
    have one where there is a scale."""
    if type(part) is complex:
        if part.imag:
            return UNKNOWN
        part = part.real
    if part is None or (type(part) is float and part != part):
        return "none"
    if type(part) is str:
        return f"text {part}"
    if type(part) is tuple:
        return " ".join(map(str, part))
    if type(part) is bool or part is ODD or scale is None:
        return "odd"
    return f"number {scale.cell(part)}"


def named_key(identity: Iterable[Any], key: str) -> str:
    """The key of a part that is known by `identity`: plain values."""
    return UNKNOWN if key == UNKNOWN else json.dumps([*identity, key])


def keys_of(
    parts: Iterable[tuple[list[Any], Any, Scale | None, Tolerance]]
) -> tuple[tuple[frozenset[str], ...], frozenset[str]] | None:
    """The keys of the right parts, and those of the edge. Each part has its identity, its plain
    value, its scale where it is of numbers, and its tolerance. None where one of them has no
    keys, or where there are none, or too many."""
    right: list[frozenset[str]] = []
    edge: set[str] = {UNKNOWN}
    for identity, part, scale, tolerance in parts:
        found = _around(part, scale, tolerance)
        if found is None or len(right) == MOST:
            return None
        sure, unsure = ([named_key(identity, one) for one in sorted(keys)] for keys in found)
        right.append(frozenset(sure) if scale is None else _padded(sure, sure or unsure))
        edge.update(unsure)
    return (tuple(right), frozenset(edge)) if right else None


def _around(part: Any, scale: Scale | None, tolerance: Tolerance) -> Keyed | None:
    if type(part) in (complex, bool) or part is ODD:
        return None
    if part is None or type(part) in (str, tuple) or part != part or scale is None:
        return frozenset({key_of(part, scale)}), frozenset()
    found = scale.around(part, tolerance)
    if found is None:
        return None
    sure, edge = ({f"number {cell}" for cell in cells} for cells in found)
    return frozenset(sure), frozenset(edge)


def _padded(keys: list[str], own: list[str]) -> frozenset[str]:
    """Keys and others that no answer has, so that their number does not tell a 0 or a missing
    value from other numbers. Who knows those knows the part's `own`."""
    return frozenset([*keys, *(f"{' '.join(own)} and {place}"
                               for place in range(_CELLS - len(keys)))])


def is_guessed(parts: Iterable[Any]) -> bool:
    """Whether each part is so soon guessed that a digest would tell it: True, False, 0, 1, -1."""
    return all(part is None or type(part) is bool or part != part or (
        type(part) in (int, float) and part in (-1, 0, 1)) for part in parts)

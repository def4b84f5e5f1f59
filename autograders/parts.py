"""Many values at once: a column or a grid as plain parts, and where two of them agree.

Numbers are compared by NumPy in one go; text, dates and objects one by one. NumPy is imported
inside the functions: whoever has an array or a table has it loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from autograders.number import Tolerance
from autograders.text import Form
from autograders.values import float_of, loaded, number_of, text_of

ODD = object()
"""A value that is no part of an answer: nothing is equal to it."""

_FORM = Form(case=True)
_LONGEST = 10_000
_EXACT = 2**53
_CLOCK = ("year", "month", "day", "hour", "minute", "second", "microsecond")
KINDS = {"numbers": "numbers", "text": "text", "truth": "True and False", "dates": "dates",
         "mixed": "values of several kinds", "empty": "nothing", "odd": "objects"}
"""Kinds of parts, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Values in a row. Numbers alone are `figures`, a NumPy array; others a list of `plain`
    parts, where None is a missing value."""

    kind: str
    figures: Any = None
    plain: tuple[Any, ...] = ()

    @property
    def words(self) -> str:
        """What they are, as a learner says it."""
        return KINDS[self.kind]

    def list(self) -> list[Any]:
        """The parts one by one."""
        return list(self.plain) if self.figures is None else list(self.figures.tolist())

    def at(self, place: int) -> Any:
        """One part."""
        return self.plain[place] if self.figures is None else self.figures[place].item()

    def __len__(self) -> int:
        return len(self.plain) if self.figures is None else int(self.figures.size)


def of_array(array: Any) -> Parts:
    """The parts of a NumPy array (of the base class), in the order of its last axis first."""
    import numpy as np

    flat = np.ravel(array)
    kind = flat.dtype.kind
    if kind in "iu":
        return Parts(kind="numbers", figures=flat)
    if kind == "f":
        return Parts(kind="numbers", figures=flat.astype(np.float64))
    if kind == "c":
        return Parts(kind="numbers", figures=flat.astype(np.complex128))
    if kind == "M":
        # What no date of Python can hold comes as a whole number, and is odd.
        flat = flat.astype("datetime64[us]")
        return of_list([ODD if type(one) is int else one for one in flat.tolist()])
    return of_list(flat.tolist())


def of_list(values: list[Any]) -> Parts:
    """The parts of a list of any values of a learner's."""
    import numpy as np

    plain = tuple(map(part_of, values))
    kinds = {_kind(one) for one in plain} - {"empty"}
    kind = kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "empty"
    if kind == "numbers" and all(_fits_float(one) for one in plain):
        figures = [np.nan if one is None else float_of(one) for one in plain]
        return Parts(kind=kind, figures=np.array(figures, dtype=np.float64))
    return Parts(kind=kind, plain=plain)


def part_of(value: Any) -> Any:
    """One value as a plain part: None where it is missing, ODD where it is nothing known."""
    if value is None or is_missing(value):
        return None
    kind = type(value)
    if kind is bool:
        return value
    numpy = loaded("numpy")
    if numpy is not None and kind is numpy.bool_:
        return bool(value)
    text = text_of(value)
    if text is not None:
        return _FORM.of(text) if len(text) <= _LONGEST else ODD
    number = number_of(value)
    if number is not None:
        return None if float_of(number) != float_of(number) else number
    return _moment(value)


def is_missing(value: Any) -> bool:
    """Whether a value stands for none, as a library has it: NA, NaT."""
    pandas, numpy = loaded("pandas"), loaded("numpy")
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return True
    return numpy is not None and issubclass(
        type(value), numpy.datetime64 | numpy.timedelta64) and bool(numpy.isnat(value))


def _moment(value: Any) -> Any:
    """A date or time as a tuple, read by the C class's own fields."""
    kind = type(value)
    if issubclass(kind, datetime):
        return ("date", *(vars(_owner(field))[field].__get__(value)
                          for field in _CLOCK))
    if issubclass(kind, date):
        return ("date", *(vars(date)[field].__get__(value) for field in _CLOCK[:3]), 0, 0, 0, 0)
    if issubclass(kind, timedelta):
        return ("span", *(vars(timedelta)[field].__get__(value)
                          for field in ("days", "seconds", "microseconds")))
    if kind is time:
        return ("time", *(vars(time)[field].__get__(value) for field in _CLOCK[3:]))
    numpy = loaded("numpy")
    if numpy is not None and kind is numpy.datetime64:
        item = value.astype("datetime64[us]").item()
        return _moment(item) if type(item) is datetime else ODD
    return ODD


def _owner(field: str) -> type:
    return date if field in _CLOCK[:3] else datetime


def _kind(part: Any) -> str:
    if part is None:
        return "empty"
    if part is ODD:
        return "odd"
    names = {bool: "truth", str: "text", tuple: "dates"}
    return next((name for kind, name in names.items() if type(part) is kind), "numbers")


def _fits_float(part: Any) -> bool:
    return part is None or type(part) is float or (
        type(part) is int and -_EXACT <= part <= _EXACT)


# ----------------------------------------------------------------------------- agreement


def agree(given: Parts, expected: Parts, tolerance: Tolerance) -> Any:
    """Where the parts agree: a NumPy array of True and False. NaN and what is missing agree
    with themselves. Both have the same number of parts."""
    import numpy as np

    if given.figures is not None and expected.figures is not None:
        return near(given.figures, expected.figures, tolerance)
    pairs = zip(given.list(), expected.list(), strict=True)
    return np.array([same_part(one, other, tolerance) for one, other in pairs], dtype=bool)


def same_part(one: Any, other: Any, tolerance: Tolerance) -> bool:
    """Whether two plain parts agree."""
    one, other = _without_nan(one), _without_nan(other)
    kind = _kind(one)
    if kind != _kind(other) or kind == "odd":
        return False
    return tolerance.holds(one, other) if kind == "numbers" and type(one) is not complex else (
        bool(one == other))


def _without_nan(part: Any) -> Any:
    return None if type(part) is float and part != part else part


def near(given: Any, expected: Any, tolerance: Tolerance) -> Any:
    """Where numbers agree, as Tolerance has it for one."""
    import numpy as np

    whole = given.dtype.kind in "iu" and expected.dtype.kind in "iu"
    kind = np.complex128 if "c" in (given.dtype.kind, expected.dtype.kind) else np.float64
    one, other = given.astype(kind), expected.astype(kind)
    with np.errstate(all="ignore"):
        widest = bounds(other, tolerance)
        close = np.abs(one - other) <= widest
        if whole:  # of whole numbers beyond 2**53 a float knows less than the number
            close = (given == expected) | (close & (widest > 0))
        finite = np.isfinite(one) & np.isfinite(other)
        return np.where(finite, close, (one == other) | (np.isnan(one) & np.isnan(other)))


def bounds(expected: Any, tolerance: Tolerance) -> Any:
    """Tolerance.bound for each of an array."""
    import numpy as np

    size = np.abs(expected)
    plain = tolerance.rtol is tolerance.atol is tolerance.places is tolerance.digits is None
    widest = np.maximum(tolerance.atol or 0.0, (1e-9 if plain else tolerance.rtol or 0.0) * size)
    if tolerance.places is not None:
        widest = np.maximum(widest, 0.5 * 10.0**-tolerance.places)
    if tolerance.digits is not None:
        leading = np.floor(np.log10(np.where(size > 0, size, 1.0))) + 1
        unit = 0.5 * 10.0 ** (leading - tolerance.digits)
        widest = np.maximum(widest, np.where(size > 0, unit, 0.0))
    if tolerance.atol is tolerance.places is None:
        widest = np.where(size > 0, widest, np.maximum(widest, 1e-9))
    return np.where(widest > 0, widest * (1 + 1e-9) + 2 * np.spacing(size), 0.0)


SLIPS = (
    (-1.0, "sign", "the sign is the other one: in or out, up or down?"),
    (100.0, "percent", "these are percentages; give fractions, such as 0.05 for 5 %."),
    (0.01, "fraction", "these are fractions; give percentages, such as 5 for 5 %."),
    (1000.0, "thousands", "they are a thousand times too large: are they in thousands already?"),
    (0.001, "thousands", "they are a thousand times too small: should they be in units?"),
)


def slip_in(
    given: Parts, expected: Parts, wrong: Any, tolerance: Tolerance
) -> tuple[str, str] | None:
    """A slip of sign, percent or thousands that explains every wrong number: tag and words."""
    import numpy as np

    if given.figures is None or expected.figures is None:
        return None
    with np.errstate(all="ignore"):
        one = given.figures[wrong].astype(np.complex128)
        other = expected.figures[wrong].astype(np.complex128)
        if not (np.isfinite(one).all() and np.isfinite(other).all() and np.abs(other).all()):
            return None
        for factor, tag, told in SLIPS:
            if near(one / factor, other, tolerance).all():
                return tag, told
    return None

"""Whether two values are the same, as far as an answer goes: numbers within a tolerance, and
lists, tuples, dictionaries and arrays part by part. It asks no method of the learner's."""

from __future__ import annotations

from itertools import zip_longest
from math import isnan
from typing import Any

from autograders.number import Tolerance
from autograders.values import float_of, items_of, loaded, mapping_of, number_of, text_of

_DEEPEST = 50
_NOTHING = object()


def same(given: Any, expected: Any, tolerance: Tolerance, *, depth: int = 0) -> bool:
    """Whether `given`, of a learner, is `expected`.

    A list and a tuple of the same values are the same, and so are an array and a list; a set is
    compared without order. Text is compared as it is, True and False with themselves alone.
    Raises Failure for a value of more parts than are read.
    """
    if depth > _DEEPEST:
        return False
    if expected is None or type(expected) is bool:
        return _plain(given) is expected
    text = text_of(expected)
    if text is not None:
        return text_of(given) == text
    right = number_of(expected)
    if right is not None:
        number = number_of(given)
        if number is None or isnan(float_of(right)):
            return number is not None and isnan(float_of(number))
        return tolerance.holds(number, right)
    return _same_parts(given, expected, tolerance, depth)


def _same_parts(given: Any, expected: Any, tolerance: Tolerance, depth: int) -> bool:
    entries = mapping_of(expected)
    if entries is not None:
        found = mapping_of(given)
        return found is not None and found.keys() == entries.keys() and all(
            same(found[key], entry, tolerance, depth=depth + 1) for key, entry in entries.items())
    items = items_of(expected)
    if items is None:
        return _same_grid(given, expected, tolerance)
    got = items_of(given)
    if got is None or len(got) != len(items):
        return False
    if isinstance(expected, set | frozenset):
        return issubclass(type(given), (set, frozenset)) and _matched(got, items, tolerance)
    return all(same(one, other, tolerance, depth=depth + 1)
               for one, other in zip_longest(got, items, fillvalue=_NOTHING))


def _matched(got: list[Any], items: list[Any], tolerance: Tolerance) -> bool:
    """Whether each item has a partner of its own, in any order."""
    left = list(got)
    for item in items:
        place = next((n for n, one in enumerate(left) if same(one, item, tolerance)), None)
        if place is None:
            return False
        del left[place]
    return not left


def _same_grid(given: Any, expected: Any, tolerance: Tolerance) -> bool:
    """Arrays of several axes and tables; anything else is only ever itself."""
    numpy, pandas = loaded("numpy"), loaded("pandas")
    if pandas is not None and type(expected) is pandas.DataFrame:
        return type(given) is pandas.DataFrame and given.shape == expected.shape and all(
            same(given.columns.tolist(), expected.columns.tolist(), tolerance) and
            same(given.iloc[:, n], expected.iloc[:, n], tolerance)
            for n in range(expected.shape[1]))
    if numpy is None or not issubclass(type(expected), numpy.ndarray):
        return given is expected
    if not issubclass(type(given), numpy.ndarray) or (
            numpy.ndarray.shape.__get__(given) != expected.shape):
        return False
    return same(numpy.ndarray.ravel(given).view(numpy.ndarray), expected.ravel(), tolerance)


def comparable(value: Any, depth: int = 0) -> bool:
    """Whether `same` can tell this value from a changed copy of it."""
    if depth > _DEEPEST:
        return False
    if value is None or type(value) is bool or text_of(value) is not None or (
            number_of(value) is not None):
        return True
    parts = mapping_of(value)
    items = items_of(value) if parts is None else [*parts.values()]
    if items is not None:
        return all(comparable(one, depth + 1) for one in items)
    return any(type(value) is getattr(loaded(module), name, None)
               for module, name in (("numpy", "ndarray"), ("pandas", "DataFrame")))


def _plain(value: Any) -> Any:
    """True and False of NumPy as Python's own."""
    numpy = loaded("numpy")
    if numpy is not None and type(value) is numpy.bool_:
        return bool(value)
    return value

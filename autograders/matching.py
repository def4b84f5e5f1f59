"""Which row of one table is which row of another: by a key, or by their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograders import parts
from autograders.parts import Parts
from autograders.values import float_of

Key = tuple[str, ...]
Pairs = Any
"""A NumPy array of two columns: places of rows in the expected table, and in the learner's."""


def places_by_key(columns: Mapping[str, Parts], key: Key) -> dict[Any, int]:
    """The place of the first row with each key."""
    found: dict[Any, int] = {}
    for place, value in enumerate(keys_by_row(columns, key)):
        found.setdefault(value, place)
    return found


def keys_by_row(columns: Mapping[str, Parts], key: Key) -> list[Any]:
    """What each row is found by."""
    return list(zip(*([_key_part(part) for part in columns[one].list()] for one in key),
                    strict=True))


def _key_part(part: Any) -> Any:
    """A part by which rows are found: equal numbers of any type are one, True is not 1."""
    if type(part) is bool:
        return ("truth", part)
    if part is None or type(part) is str or type(part) is tuple:
        return part
    if part is parts.ODD or type(part) is complex:
        return ("odd",)
    number = float_of(part)
    return None if number != number else round(number, 9) + 0.0


def matched(
    own: Mapping[str, Parts], rows: int, places: Mapping[Any, int], expected_rows: int, key: Key
) -> tuple[Pairs, Sequence[int], Sequence[int]]:
    """Pairs of rows in the learner's order, expected rows that are lost, own ones too many."""
    import numpy as np

    if not key:
        both = min(rows, expected_rows)
        return (np.arange(both).repeat(2).reshape(both, 2), range(both, expected_rows),
                range(both, rows))
    found: dict[int, int] = {}
    added: list[int] = []
    for place, value in enumerate(keys_by_row(own, key)):
        wanted = places.get(value)
        if wanted is None or wanted in found:
            added.append(place)
        else:
            found[wanted] = place
    lost = [place for place in range(expected_rows) if place not in found]
    pairs = np.array(list(found.items()), dtype=np.int64).reshape(len(found), 2)
    return pairs, lost, added


def misplaced(pairs: Pairs) -> Any:
    """Which of the matched rows are not in their place; None if all are."""
    import numpy as np

    moved = pairs[:, 0] != np.sort(pairs[:, 0])
    return moved if moved.any() else None


def taken(column: Parts, places: Any) -> Parts:
    """The parts of a column at these places."""
    if column.figures is not None:
        return replace(column, figures=column.figures[places])
    return replace(column, plain=tuple(map(column.plain.__getitem__, places.tolist())))

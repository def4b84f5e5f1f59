"""A learner's array, list of lists or column as a plain NumPy array of a known shape."""

from __future__ import annotations

from math import prod
from typing import Any

from autograders.outcome import Failure
from autograders.values import kind_of, length, loaded

_DEEPEST = 32


def read_grid(value: Any, name: str, shape: tuple[int, ...]) -> Any:
    """The value as an array of exactly this shape. Raises Failure with what it is instead.

    Nothing is read before the shape fits, so a value of any size is answered at once.
    """
    import numpy as np

    _refuse(value, name)
    own = _shape(value, len(shape) + 1)
    if own is None:
        raise Failure(f"`{name}` should be an array or a list, but it is {kind_of(value)}.",
                      tag="type")
    if own != shape:
        raise Failure(f"`{name}` {_misshaped(own, shape)}", tag="shape")
    column = _column_type(value)
    if column is not None:
        value = column.to_numpy(value)
    if issubclass(type(value), np.ndarray):
        return np.ndarray.view(value, np.ndarray)
    flat = np.empty(prod(shape), dtype=object)
    for place, one in enumerate(_leaves(value, shape, name)):
        flat[place] = one
    return flat.reshape(shape)


def _refuse(value: Any, name: str) -> None:
    """A table, or an array with a mask, is told what to do."""
    kind = type(value)
    pandas, polars, numpy = loaded("pandas"), loaded("polars"), loaded("numpy")
    if numpy is not None and issubclass(kind, numpy.ma.MaskedArray):
        raise Failure(f"`{name}` is an array with a mask. Fill it, for instance by "
                      "`.filled(numpy.nan)`.", tag="type")
    if any(library is not None and kind is library.DataFrame for library in (pandas, polars)):
        raise Failure(f"`{name}` is a table. Take its values by `.to_numpy()`, or one column of "
                      "it.", tag="type")


def _column_type(value: Any) -> Any:
    """The class of a column or index of a table, or None."""
    pandas, polars = loaded("pandas"), loaded("polars")
    kinds = [] if pandas is None else [pandas.Series, pandas.Index, pandas.RangeIndex,
                                       pandas.DatetimeIndex]
    kinds += [] if polars is None else [polars.Series]
    return next((one for one in kinds if type(value) is one), None)


def _shape(value: Any, deepest: int) -> tuple[int, ...] | None:
    """The shape by the first item of each level; None where there are no levels."""
    kind = type(value)
    numpy = loaded("numpy")
    if numpy is not None and issubclass(kind, numpy.ndarray):
        return tuple(numpy.ndarray.shape.__get__(value))
    column = _column_type(value)
    if column is not None:
        return (int(column.__len__(value)),)
    sizes: list[int] = []
    while len(sizes) < min(deepest, _DEEPEST):
        base = _base(value)
        if base is None:
            break
        sizes.append(length(base, value))
        if not sizes[-1]:
            break
        value = base.__getitem__(value, 0)
    if sizes and numpy is not None and issubclass(type(value), numpy.ndarray):
        sizes += numpy.ndarray.shape.__get__(value)
    return tuple(sizes) or None


def _base(value: Any) -> Any:
    return next((base for base in (list, tuple, range) if issubclass(type(value), base)), None)


def _leaves(value: Any, shape: tuple[int, ...], name: str) -> list[Any]:
    """The innermost items; each level has the length that the first one had."""
    level = [value]
    for size in shape:
        below: list[Any] = []
        for one in level:
            numpy = loaded("numpy")
            if numpy is not None and issubclass(type(one), numpy.ndarray):
                one = numpy.ndarray.tolist(one)  # noqa: PLW2901 - a row that is an array
            base = _base(one)
            if base is None or length(base, one) != size:
                raise Failure(f"The rows of `{name}` have different lengths.", tag="shape")
            below.extend(base.__getitem__(one, place) for place in range(size))
        level = below
    return level


def _misshaped(own: tuple[int, ...], shape: tuple[int, ...]) -> str:
    told = f"has the shape {_told(own)}; it should have {_told(shape)}."
    if own == shape[::-1]:
        return f"{told} Rows and columns are swapped: `.T` turns them."
    if len(own) != len(shape) and prod(own) == prod(shape):
        return f"{told} The values are as many: `.reshape{_told(shape)}` arranges them."
    return told


def _told(shape: tuple[int, ...]) -> str:
    shown = ", ".join(f"{size:,}" for size in shape[:6]) if len(shape) != 1 else f"{shape[0]:,},"
    return f"({shown}{', …' if len(shape) > 6 else ''})"

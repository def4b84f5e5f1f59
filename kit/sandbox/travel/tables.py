"""Tables, series, indexes and moments of pandas: their columns, and what holds them together."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, Final

import numpy as np
import pandas as pd

from kit.sandbox.frames import FrameError
from kit.sandbox.travel.codec import Packer, Packs, StaysError, Unpacker, Unpacks

_EXTENSIONS: Final = frozenset({
    "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32",
    "Float64", "boolean", "string", "str"})
"""Types of column whose values are plain ones, or missing."""

_NUMBERS: Final = "biufc"
"""Kinds of dtype that a table takes as they are."""


def packer(kind: type) -> Packs | None:
    """What packs a type of pandas; classes that inherit from them stay."""
    return _PACKERS.get(kind)


# --------------------------------------------------------------------------------- columns


def _pack_column(packer: Packer, holder: Any) -> Any:
    """The values of a column, an index or a categorical, with their dtype."""
    dtype = holder.dtype
    if isinstance(dtype, np.dtype):
        return ["numpy", packer.value(np.asarray(getattr(holder, "values", holder)))]
    name = str(dtype)
    if name in _EXTENSIONS:
        return ["plain", name, _pack_plain(packer, getattr(holder, "array", holder))]
    if isinstance(dtype, pd.DatetimeTZDtype):
        moments = pd.DatetimeIndex(holder).tz_convert("UTC").tz_localize(None)
        return ["zoned", str(dtype.tz), packer.value(np.asarray(moments))]
    if isinstance(dtype, pd.CategoricalDtype):
        made = pd.Categorical(holder)
        return ["category", packer.value(np.asarray(made.codes)), bool(made.ordered),
                packer.value(made.categories)]
    raise StaysError(f"a column of {name[:80]}")


def _pack_plain(packer: Packer, array: Any) -> list[Any]:
    values = array.tolist()
    if set(map(type, values)) == {str}:
        return packer.texts(values)
    return [None if gone else packer.value(_native(one))
            for one, gone in zip(values, array.isna(), strict=True)]


def _native(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _unpack_column(unpacker: Unpacker, body: Any) -> Any:
    kind = body[0]
    if kind == "numpy":
        return _array(unpacker.value(body[1]))
    if kind == "plain":
        if body[1] not in _EXTENSIONS:
            raise FrameError("no type of column")
        values = body[2]
        if set(map(type, values)) != {str}:
            values = [None if one is None else unpacker.value(one) for one in values]
        return pd.array(values, dtype=_extension(body[1]))
    if kind == "zoned":
        return pd.DatetimeIndex(_array(unpacker.value(body[2])), tz="UTC").tz_convert(
            str(body[1])).array
    if kind == "category":
        codes, categories = _array(unpacker.value(body[1])), unpacker.value(body[3])
        return pd.Categorical.from_codes(codes, categories, ordered=bool(body[2]))
    raise FrameError("no column")


@cache
def _extension(name: str) -> Any:
    return pd.api.types.pandas_dtype(name)


def _array(value: Any) -> Any:
    if type(value) is not np.ndarray or value.ndim != 1:
        raise FrameError("no column")
    return value


# ------------------------------------------------------------------------ indexes and tables


def _pack_index(packer: Packer, value: Any) -> Any:
    return {"pandas.Index": [_pack_column(packer, value), packer.value(value.name)]}


def _unpack_index(unpacker: Unpacker, body: Any) -> Any:
    array = _unpack_column(unpacker, body[0])
    return pd.Index(array, name=unpacker.value(body[1]), dtype=array.dtype)


def _pack_timed(packer: Packer, value: Any) -> Any:
    return {f"pandas.{type(value).__name__}": [_pack_column(packer, value), value.freqstr,
                                               packer.value(value.name)]}


def _unpack_timed(kind: type[Any], unpacker: Unpacker, body: Any) -> Any:
    array = _unpack_column(unpacker, body[0])
    return kind(array, freq=body[1], name=unpacker.value(body[2]))


def _pack_range(packer: Packer, value: Any) -> Any:
    return {"pandas.RangeIndex": [value.start, value.stop, value.step,
                                  packer.value(value.name)]}


def _unpack_range(unpacker: Unpacker, body: Any) -> Any:
    start, stop, step, name = body
    return pd.RangeIndex(int(start), int(stop), int(step), name=unpacker.value(name))


def _pack_levels(packer: Packer, value: Any) -> Any:
    return {"pandas.MultiIndex": [packer.values(value.levels),
                                  [packer.value(np.asarray(one)) for one in value.codes],
                                  packer.values(value.names)]}


def _unpack_levels(unpacker: Unpacker, body: Any) -> Any:
    levels, codes = unpacker.values(body[0]), unpacker.values(body[1])
    return pd.MultiIndex(levels=levels, codes=[_array(one) for one in codes],
                         names=unpacker.values(body[2]))


def _pack_series(packer: Packer, value: Any) -> Any:
    return {"pandas.Series": [_pack_column(packer, value), packer.value(value.index),
                              packer.value(value.name)]}


def _unpack_series(unpacker: Unpacker, body: Any) -> Any:
    return _series(_unpack_column(unpacker, body[0]), _index(unpacker.value(body[1])),
                   unpacker.value(body[2]))


def _series(array: Any, index: Any, name: Any) -> Any:
    return pd.Series(array, index=index, name=name, dtype=array.dtype)


def _pack_table(packer: Packer, value: Any) -> Any:
    columns = [_pack_column(packer, one) for one in value._iter_column_arrays()]
    return {"pandas.DataFrame": [columns, packer.value(value.index),
                                 packer.value(value.columns)]}


def _unpack_table(unpacker: Unpacker, body: Any) -> Any:
    index, columns = _index(unpacker.value(body[1])), _index(unpacker.value(body[2]))
    arrays = [_unpack_column(unpacker, one) for one in body[0]]
    if len(arrays) != len(columns) or any(len(one) != len(index) for one in arrays):
        raise FrameError("a table of another size")
    if all(type(one) is not np.ndarray or one.dtype.kind in _NUMBERS for one in arrays):
        table: Any = pd.DataFrame
        return table._from_arrays(arrays, columns, index, verify_integrity=False)
    made = pd.DataFrame({place: _series(one, index, None) for place, one in enumerate(arrays)},
                        index=index)
    made.columns = columns
    return made


def _index(value: Any) -> Any:
    if not isinstance(value, pd.Index):
        raise FrameError("no index")
    return value


# --------------------------------------------------------------------------------- scalars


def _pack_moment(packer: Packer, value: Any) -> Any:
    zone = None if value.tz is None else str(value.tz)
    return {"pandas.Timestamp": [packer.value(int(value.value)), value.unit, zone]}


def _unpack_moment(unpacker: Unpacker, body: Any) -> Any:
    nanoseconds, unit, zone = unpacker.value(body[0]), body[1], body[2]
    made = pd.Timestamp(nanoseconds, unit="ns", tz="UTC" if zone else None).as_unit(unit)
    return made.tz_convert(str(zone)) if zone else made


def _pack_span(packer: Packer, value: Any) -> Any:
    return {"pandas.Timedelta": [packer.value(int(value.value)), value.unit]}


def _unpack_span(unpacker: Unpacker, body: Any) -> Any:
    return pd.Timedelta(unpacker.value(body[0]), unit="ns").as_unit(body[1])


def _pack_categorical(packer: Packer, value: Any) -> Any:
    return {"pandas.Categorical": _pack_column(packer, value)}


_PACKERS: Final[dict[type, Packs]] = {
    pd.DataFrame: _pack_table, pd.Series: _pack_series, pd.Index: _pack_index,
    pd.RangeIndex: _pack_range, pd.MultiIndex: _pack_levels, pd.DatetimeIndex: _pack_timed,
    pd.TimedeltaIndex: _pack_timed, pd.CategoricalIndex: _pack_index,
    pd.Categorical: _pack_categorical, pd.Timestamp: _pack_moment, pd.Timedelta: _pack_span,
    type(pd.NaT): lambda _, __: {"pandas.NaT": None},
    type(pd.NA): lambda _, __: {"pandas.NA": None},
}

UNPACKERS: Final[dict[str, Unpacks]] = {
    "pandas.DataFrame": _unpack_table, "pandas.Series": _unpack_series,
    "pandas.Index": _unpack_index, "pandas.RangeIndex": _unpack_range,
    "pandas.MultiIndex": _unpack_levels,
    "pandas.DatetimeIndex": partial(_unpack_timed, pd.DatetimeIndex),
    "pandas.TimedeltaIndex": partial(_unpack_timed, pd.TimedeltaIndex),
    "pandas.Categorical": _unpack_column,
    "pandas.Timestamp": _unpack_moment, "pandas.Timedelta": _unpack_span,
    "pandas.NaT": lambda _, __: pd.NaT, "pandas.NA": lambda _, __: pd.NA,
}

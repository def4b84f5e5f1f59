"""A table of pandas' or polars', read through narwhals as plain columns.

Only the libraries' own DataFrame is read: a class made from it may answer anything. A named
index of pandas' counts as columns; an unnamed one is no part of an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograders import parts
from autograders.outcome import Failure
from autograders.parts import Parts
from autograders.values import kind_of, loaded, show

_MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A table that was recognised: how many rows, which columns, and how to read one."""

    rows: int
    names: tuple[str, ...]
    native: Any
    narwhal: Any

    def column(self, name: str) -> Parts:
        """The parts of a column."""
        column = self.narwhal.get_column(name)
        if column.dtype.is_float() or column.dtype.is_integer():
            return parts.of_array(column.to_numpy())
        return parts.of_list(column.to_list())


def read_frame(value: Any, name: str) -> Frame:
    """The table that a learner's value is. Raises Failure with what it is instead. It costs
    the same for any number of rows."""
    native = _with_index(_native(value, name), name)
    names = list(native.columns)
    if len(names) > _MOST_COLUMNS:
        raise Failure(f"`{name}` has {len(names):,} columns; {_MOST_COLUMNS:,} is the most that "
                      "are read.", tag="too-large")
    for one in names:
        if type(one) is not str or one.startswith("__"):
            raise Failure(f"`{name}` has a column whose name is no plain text, "
                          f"{show(one, width=30)}. Rename it, or reset the index.", tag="columns")
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise Failure(f"`{name}` has the column {show(twice, width=30)} twice.", tag="columns")
    import narwhals

    narwhal = narwhals.from_native(native, eager_only=True)
    return Frame(rows=int(narwhal.shape[0]), names=tuple(names), native=native, narwhal=narwhal)


def _native(value: Any, name: str) -> Any:
    kind = type(value)
    pandas, polars = loaded("pandas"), loaded("polars")
    if any(library is not None and kind is library.DataFrame for library in (pandas, polars)):
        return value
    if polars is not None and kind is polars.LazyFrame:
        raise Failure(f"`{name}` is a lazy table that was not computed: end it with "
                      "`.collect()`.", tag="type")
    if pandas is not None and kind is pandas.Series:
        raise Failure(f"`{name}` is a column of a table; give the table, for instance by "
                      "`.reset_index()`.", tag="type")
    raise Failure(f"`{name}` should be a table, but it is {kind_of(value)}.", tag="type")


def _with_index(native: Any, name: str) -> Any:
    """A table of pandas' with its named index among the columns."""
    pandas = loaded("pandas")
    if pandas is None or type(native) is not pandas.DataFrame:
        return native
    own = vars(object)["__getattribute__"](native, "__dict__")
    replaced = next((one for one in own if one.startswith("__") or (
        one[0] != "_" and hasattr(pandas.DataFrame, one))), None)
    if replaced is not None:
        raise Failure(f"`{name}` is a table whose `{replaced[:40]}` was replaced. Make it anew.",
                      tag="type")
    levels = list(native.index.names)
    if type(native.columns) is pandas.MultiIndex:
        raise Failure(f"`{name}` has columns of several levels. Flatten them: give each column "
                      "one name.", tag="columns")
    named = [one for one in levels if type(one) is str]
    taken = [one for one in native.columns if type(one) is str]
    if not named or set(named) & set(taken):
        return native
    index = native.index
    added = {one: index.get_level_values(one) for one in named}
    plain = pandas.DataFrame.reset_index(native, drop=True)
    for place, (one, values) in enumerate(added.items()):
        plain.insert(place, one, values)
    return plain


def plain_frame(value: Any, name: str, *, like: Any) -> Any:
    """A copy of a learner's table as a table of the library that `like` is of, with plain
    values: for an author's own code."""
    frame = read_frame(value, name)
    columns = {one: _for_author(frame.column(one)) for one in frame.names}
    polars = loaded("polars")
    if polars is not None and type(like) is polars.DataFrame:
        return polars.DataFrame(columns, strict=False)
    import pandas as pd

    made = pd.DataFrame(columns)
    index = [one for one in getattr(getattr(like, "index", None), "names", []) if one]
    return made.set_index(index) if index and set(index) <= set(frame.names) else made


def _for_author(column: Parts) -> Any:
    from datetime import datetime, timedelta

    if column.figures is not None:
        return column.figures
    made: list[Any] = []
    for one in column.plain:
        if type(one) is tuple and one[0] == "date":
            made.append(datetime(*one[1:]))  # noqa: DTZ001 - a table's dates have no zone
        elif type(one) is tuple and one[0] == "span":
            made.append(timedelta(*one[1:]))
        else:
            made.append(None if one is parts.ODD or type(one) is tuple else one)
    return made

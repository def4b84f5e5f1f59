"""Values that travel arrive equal and of the same types; others say that they stay."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import enum
import fractions
import json
import math
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kit.sandbox.frames import FrameError
from kit.sandbox.travel import Packed, StaysError, pack, unpack


def there(value: Any) -> Any:
    """What arrives, by way of JSON text."""
    packed = pack(value)
    return unpack(Packed(tree=json.loads(json.dumps(packed.tree)), buffers=packed.buffers))


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same type all the way down; NaN is NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, list | tuple | collections.deque):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, set | frozenset):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return bool(one == other)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(allow_nan=False),
    st.text(), st.binary(), st.decimals(allow_nan=False), st.fractions(), st.dates(), st.times(),
    st.datetimes(), st.datetimes(timezones=st.just(ZoneInfo("Europe/Paris"))),
    st.timedeltas(), st.just(...), st.builds(range, st.integers(-9, 9), st.integers(-9, 9)))
KEYS = st.one_of(st.integers(), st.text(), st.booleans(), st.tuples(st.integers(), st.text()))
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(KEYS, inner),
    st.dictionaries(KEYS, inner).map(collections.OrderedDict),
    st.lists(inner).map(collections.deque)), max_leaves=20)


@given(VALUES)
def test_plain_values_arrive(value: Any) -> None:
    assert same(there(value), value)


@given(st.sets(KEYS), st.frozensets(KEYS), st.dictionaries(KEYS, st.integers()))
def test_sets_and_counters_arrive(some: set[Any], frozen: frozenset[Any],
                                  counts: dict[Any, int]) -> None:
    assert same(there(some), some)
    assert same(there(frozen), frozen)
    assert same(there(collections.Counter(counts)), collections.Counter(counts))
    assert there(collections.defaultdict(list, counts)).default_factory is list


@given(hnp.arrays(hnp.scalar_dtypes() | hnp.unicode_string_dtypes() | hnp.byte_string_dtypes(),
                  hnp.array_shapes(min_dims=0, min_side=0)))
def test_arrays_arrive(array: Any) -> None:
    found = there(array)
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.tobytes() == array.tobytes()
    assert found.flags.writeable


def test_order_objects_scalars_and_dtypes_arrive() -> None:
    turned = np.arange(6).reshape(2, 3).T
    assert there(turned).flags.f_contiguous
    assert there(turned).tolist() == turned.tolist()
    mixed = np.array([[1, "a"], [None, (2.5, [3])]], dtype=object)
    assert there(mixed).tolist() == mixed.tolist()
    for scalar in (np.float64(0.1), np.int8(-3), np.bool_(True), np.str_("é"),
                   np.datetime64("2027-01-11"), np.complex64(1j), np.str_("")):
        assert type(there(scalar)) is type(scalar)
        assert there(scalar) == scalar
    assert there(np.dtype("float32")) == np.dtype("float32")


TABLES = {
    "numbers": pd.DataFrame({"a": [1, 2], "b": [0.5, math.nan]}),
    "text": pd.DataFrame({"t": ["x", None]}, index=["p", "q"]),
    "objects": pd.DataFrame({"o": pd.Series([1, "a", None], dtype=object)}),
    "empty": pd.DataFrame(),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype="int64")}),
    "doubled names": pd.DataFrame([[1, "x", 2.0]], columns=["a", "b", "a"]),
    "categories": pd.DataFrame({"c": pd.Categorical(["lo", "hi", None], ["lo", "hi"],
                                                    ordered=True)}),
    "moments": pd.DataFrame({"m": pd.date_range("2027-01-11", periods=2, tz="Europe/Paris"),
                             "n": pd.to_timedelta([1, 2], unit="h")}),
    "nullable": pd.DataFrame({"i": pd.array([1, None], "Int64"),
                              "b": pd.array([True, None], "boolean"),
                              "s": pd.array(["a", None], "string")}),
    "levels": pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples(
        [("a", 1), ("b", 2)], names=["k", None])),
    "crossed": pd.crosstab(pd.Series([1, 1, 2], name="r"), pd.Series(["x", "y", "x"], name="c")),
    "dated": pd.DataFrame({"v": [1.0, 2.0]}, index=pd.date_range("2027", periods=2, freq="D",
                                                                 name="day")),
    "grouped": pd.DataFrame({"g": ["a", "a", "b"], "v": [1, 2, 3]}).groupby("g").agg(["sum"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_arrive(name: str) -> None:
    table = TABLES[name]
    pd.testing.assert_frame_equal(there(table), table, check_freq=True)
    for column in table.columns:
        if not isinstance(table[column], pd.DataFrame):
            pd.testing.assert_series_equal(there(table[column]), table[column])
    pd.testing.assert_index_equal(there(table.index), table.index)


def test_moments_of_pandas_arrive() -> None:
    for value in (pd.Timestamp("2027-01-11 09:00", tz="Asia/Tokyo"), pd.Timestamp(0),
                  pd.Timedelta("1 day 2 hours"), pd.Timestamp("2027-01-11").as_unit("s")):
        found = there(value)
        assert found == value
        assert (type(found), found.unit) == (type(value), value.unit)
    assert there(pd.NaT) is pd.NaT
    assert there(pd.NA) is pd.NA


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Shade(enum.Enum):
    DARK = 1


class Rows(pd.DataFrame):
    pass


LOOP: list[Any] = []
LOOP.append(LOOP)
DEEP: list[Any] = []
for _ in range(5000):
    DEEP = [DEEP]


@pytest.mark.parametrize("value", [
    Liar(3), [Liar(3)], {Liar(3): 1}, Shade.DARK, object(), len, lambda: 1, int, (x for x in "a"),
    iter([1]), Rows({"a": [1]}), np.array([(1, 2.0)], dtype="i4,f8"), LOOP, DEEP, 1 << 100_000,
    collections.defaultdict(lambda: 1), np.random.default_rng(0), ValueError("x"), json,
    np.array([Liar(1)], dtype=object), fractions, decimal.getcontext(),
    dt.datetime(2027, 1, 1, tzinfo=type("Z", (dt.tzinfo,), {})()),
], ids=lambda value: type(value).__name__)
def test_others_stay(value: Any) -> None:
    with pytest.raises(StaysError):
        pack(value)


def test_too_much_stays() -> None:
    with pytest.raises(StaysError, match="too many bytes"):
        pack(np.zeros(1000), max_bytes=7999)
    assert pack(np.zeros(1000), max_bytes=8000).size == 8000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["int", "float", "bytes", "tuple", "dict", "range", "datetime", "Decimal",
                         "Fraction", "Counter", "deque", "numpy.array", "numpy.scalar",
                         "numpy.objects", "numpy.dtype", "pandas.Series", "pandas.DataFrame",
                         "pandas.Index", "pandas.Timestamp", "pandas.MultiIndex", "other"]),
        inner, max_size=2), max_leaves=12)


@given(JSON, st.lists(st.binary(max_size=16), max_size=3))
def test_whatever_arrives_is_a_value_or_refused(tree: Any, buffers: list[bytes]) -> None:
    try:
        unpack(Packed(tree=tree, buffers=tuple(buffers)))
    except FrameError:
        return


@pytest.mark.parametrize("tree", [
    {"numpy.array": ["|O", [1], "C", 0]}, {"numpy.array": ["<f8", [10**9, 10**9], "C", 0]},
    {"numpy.array": ["<f8", [2], "C", 0]}, {"numpy.array": ["<f8", [-1], "C", 0]},
    {"numpy.array": ["i4,f8", [1], "C", 0]}, {"bytes": 9}, {"bytes": -1}, {"bytes": True},
    {"pandas.DataFrame": [[], {"tuple": []}, {"tuple": []}]}, {"datetime": ["x", None, 0]},
    {"defaultdict": ["eval", []]}, {"int": "0x" + "f" * 30_000}, {"tuple": {}}, {"a": 1, "b": 2},
])
def test_what_does_not_fit_together_is_refused(tree: Any) -> None:
    with pytest.raises(FrameError):
        unpack(Packed(tree=tree, buffers=(b"12345678",)))

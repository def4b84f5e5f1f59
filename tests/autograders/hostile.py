"""Values that a learner's name may hold, and that no checker may trip over.

`HOSTILE` lists each by name with a function that makes it: some are large, some need NumPy or
pandas, and those return `ABSENT` where the library is not installed. Whoever tests a checker
gives its test the parameters `name` and `make` and puts `@over_all` over it.

A value that lies says `True` to every question about what it equals, and claims in
`TOUCHED` that its code was run, which no checker but those that call functions may do.
"""

from __future__ import annotations

import inspect
import itertools
import math
import sys
from collections import UserDict, UserList, namedtuple
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial, wraps
from typing import Any

TOUCHED: list[str] = []
"""What code of a hostile value was run: names of methods. Clear it before a check."""

ABSENT = object()
"""Stands for a value whose library is not installed."""


def _told(name: str, answer: Any) -> Callable[..., Any]:
    def method(*_: Any, **__: Any) -> Any:
        TOUCHED.append(name)
        return answer

    return method


_LIES: dict[str, Any] = {
    "__eq__": True, "__ne__": False, "__lt__": True, "__le__": True, "__gt__": True,
    "__ge__": True, "__bool__": True, "__float__": 42.0, "__int__": 42, "__index__": 42,
    "__len__": 3, "__contains__": True, "__getitem__": 42.0, "__str__": "right",
    "__repr__": "right", "__format__": "right", "__round__": 42, "__abs__": 42.0,
    "__sub__": 0.0, "__rsub__": 0.0, "__truediv__": 1.0, "__array__": [42.0], "__call__": 42.0,
    "__array_ufunc__": True, "__dataframe__": None, "__narwhals_dataframe__": None,
    "__fspath__": "right", "items": [], "keys": [], "tolist": [42.0], "shape": (3,),
}


def _lying(*bases: type, **more: Any) -> type:
    body = {name: _told(name, told) for name, told in {**_LIES, **more}.items()}
    body["__hash__"] = _told("__hash__", 42)
    return type("Lying", bases or (object,), body)


class _LyingMeta(type):
    """A class that equals every other class, and claims to have every base."""

    def __eq__(cls, other: object) -> bool:
        TOUCHED.append("metaclass __eq__")
        return True

    def __hash__(cls) -> int:
        TOUCHED.append("metaclass __hash__")
        return hash(str)

    def __instancecheck__(cls, other: object) -> bool:
        TOUCHED.append("metaclass __instancecheck__")
        return True

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        TOUCHED.append("metaclass __name__")
        raise RuntimeError("no name")


class _Pretender:
    """Says that its class is float."""

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        TOUCHED.append("__class__")
        return float

    def __float__(self) -> float:
        TOUCHED.append("__float__")
        return 42.0


class _Raising:
    """Raises for whatever is asked of it."""

    def __getattribute__(self, name: str) -> Any:
        TOUCHED.append(f"__getattribute__ {name}")
        raise RuntimeError(name)

    def __getattr__(self, name: str) -> Any:
        TOUCHED.append(f"__getattr__ {name}")
        raise RuntimeError(name)

    def __repr__(self) -> str:
        TOUCHED.append("__repr__")
        raise RuntimeError("repr")

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        TOUCHED.append("__eq__")
        raise RuntimeError("eq")

    def __hash__(self) -> int:
        TOUCHED.append("__hash__")
        raise RuntimeError("hash")


class _Endless(Iterator[int]):
    def __next__(self) -> int:
        TOUCHED.append("__next__")
        return 1


# A browser's Python itself ends, for want of stack, when a value of 10,000 levels is dropped.
_DEPTH = 1_000 if sys.platform == "emscripten" else 10_000


def _nested(kind: Callable[[list[Any]], Any], depth: int = _DEPTH) -> Any:
    value = kind([])
    for _ in range(depth):
        value = kind([value])
    return value


def _nested_dict(depth: int = _DEPTH) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def _own_list() -> list[Any]:
    value: list[Any] = [1.0]
    value.append(value)
    return value


def _own_dict() -> dict[Any, Any]:
    value: dict[Any, Any] = {}
    value["a"] = value
    return value


def _fraction() -> Fraction:
    value = Fraction(1, 2)
    value._numerator = _lying()()  # type: ignore[attr-defined]
    return value


def _shuffled() -> Any:
    kind = _LyingMeta("Odd", (), {})
    return kind()


def _numpy(make: Callable[[Any], Any]) -> Any:
    try:
        import numpy as np
    except ImportError:
        return ABSENT
    return make(np)


def _pandas(make: Callable[[Any], Any]) -> Any:
    try:
        import pandas as pd
    except ImportError:
        return ABSENT
    return make(pd)


def _polars(make: Callable[[Any], Any]) -> Any:
    try:
        import polars as pl
    except ImportError:
        return ABSENT
    return make(pl)


def _objects(numpy: Any, shape: tuple[int, ...], *values: Any) -> Any:
    array = numpy.empty(shape, dtype=object)
    for place, value in enumerate(values):
        array[place if shape else ()] = value
    return array


def _shadowed_series(pandas: Any) -> Any:
    series = pandas.Series([1.0, 2.0])
    object.__setattr__(series, "tolist", _told("tolist", [42.0, 42.0]))
    object.__setattr__(series, "__len__", _told("__len__", 2))
    return series


def _shadowed_frame(pandas: Any) -> Any:
    frame = pandas.DataFrame({"a": [1.0, 2.0]})
    for name in ("equals", "to_dict", "to_numpy", "itertuples", "__getitem__"):
        object.__setattr__(frame, name, _told(name, True))
    return frame


_BIG = 10_000_000
_Pair = namedtuple("_Pair", "a b")

HOSTILE: list[tuple[str, Callable[[], Any]]] = [
    ("none", lambda: None),
    ("ellipsis", lambda: ...),
    ("not-implemented", lambda: NotImplemented),
    ("true", lambda: True),
    ("false", lambda: False),
    ("zero", lambda: 0),
    ("minus-zero", lambda: -0.0),
    ("nan", lambda: math.nan),
    ("inf", lambda: math.inf),
    ("minus-inf", lambda: -math.inf),
    ("denormal", lambda: 5e-324),
    ("largest-float", lambda: 1.7976931348623157e308),
    ("huge-int", lambda: 10**400),
    ("huge-minus-int", lambda: -(10**400)),
    ("very-huge-int", lambda: 1 << 4_000_000),
    ("complex", lambda: 1 + 2j),
    ("decimal", lambda: Decimal("42.00")),
    ("decimal-nan", lambda: Decimal("NaN")),
    ("decimal-snan", lambda: Decimal("sNaN")),
    ("decimal-inf", lambda: Decimal("-Infinity")),
    ("decimal-huge", lambda: Decimal("1e999999")),
    ("fraction", lambda: Fraction(1, 3)),
    ("fraction-tampered", _fraction),
    ("empty-text", lambda: ""),
    ("spaces", lambda: " \t\n\u00a0\u200b"),
    ("number-text", lambda: "1,234.50"),
    ("half-a-character", lambda: "a\ud800b"),
    ("nul", lambda: "a\x00b"),
    ("markup", lambda: "<img src=x onerror=alert(1)>"),
    ("right-to-left", lambda: "\u202eabc"),
    ("many-marks", lambda: "a" + "\u0301" * 100_000),
    ("long-text", lambda: "a" * 2_000_000),
    ("regex-bomb", lambda: "a" * 5_000 + "!"),
    ("bytes", lambda: b"abc"),
    ("bytearray", lambda: bytearray(b"abc")),
    ("memoryview", lambda: memoryview(b"abc")),
    ("empty-list", list),
    ("empty-dict", dict),
    ("empty-set", set),
    ("list", lambda: [1, "two", None, 3.0]),
    ("tuple", lambda: (1, 2)),
    ("named-tuple", lambda: _Pair(1, 2)),
    ("set", lambda: {1, "a", (2, 3)}),
    ("frozenset", lambda: frozenset("abc")),
    ("ragged", lambda: [[1, 2], [3], 4]),
    ("long-list", lambda: [0] * _BIG),
    ("range", lambda: range(10**18)),
    ("range-beyond-an-index", lambda: range(10**30)),
    ("list-of-nans", lambda: [math.nan] * 3),
    ("dict", lambda: {"a": 1, 2: "b", None: [1]}),
    ("dict-odd-keys", lambda: {(1, (2, 3)): 1, b"a": 2, True: 3, 1.5: 4, Decimal(7): 5}),
    ("user-list", lambda: UserList([1, 2])),
    ("user-dict", lambda: UserDict(a=1)),
    ("self-list", _own_list),
    ("self-dict", _own_dict),
    ("deep-list", lambda: _nested(list)),
    ("deep-tuple", lambda: _nested(tuple)),
    ("deep-dict", _nested_dict),
    ("generator", lambda: (one for one in range(3))),
    ("endless-generator", itertools.count),
    ("endless-iterator", _Endless),
    ("repeat", lambda: itertools.repeat(1.0)),
    ("object", object),
    ("class", lambda: float),
    ("module", lambda: math),
    ("function", lambda: lambda *_, **__: 42.0),
    ("partial", lambda: partial(pow, 2)),
    ("property", lambda: property(lambda _: 42)),
    ("exception", lambda: ValueError("odd")),
    ("lying", _lying()),
    ("lying-class", _lying),
    ("lying-metaclass", _shuffled),
    ("lying-metaclass-itself", lambda: _LyingMeta("Odd", (), {})),
    ("lying-float", lambda: _lying(float)(41.0)),
    ("lying-int", lambda: _lying(int)(41)),
    ("lying-text", lambda: _lying(str)("wrong")),
    ("lying-list", lambda: _lying(list, __iter__=[42.0], __reversed__=[])([1.0, 2.0])),
    ("lying-tuple", lambda: _lying(tuple, __iter__=[42.0])((1.0, 2.0))),
    ("lying-dict", lambda: _lying(dict, __iter__=[], get=42.0)({"a": 1.0})),
    ("lying-set", lambda: _lying(set, __iter__=[])({1.0})),
    ("lying-parts", lambda: [_lying()(), _lying(float)(1.0)]),
    ("lying-keys", lambda: {_lying(str)("a"): 1.0}),
    ("pretends-float", _Pretender),
    ("raising", _Raising),
    ("raising-parts", lambda: [_Raising(), {"a": _Raising()}]),
    ("numpy-float", lambda: _numpy(lambda np: np.float64(1.5))),
    ("numpy-float16-nan", lambda: _numpy(lambda np: np.float16("nan"))),
    ("numpy-longdouble", lambda: _numpy(lambda np: np.longdouble(1) / 3)),
    ("numpy-bool", lambda: _numpy(lambda np: np.True_)),
    ("numpy-text", lambda: _numpy(lambda np: np.str_("abc"))),
    ("numpy-date", lambda: _numpy(lambda np: np.datetime64("2027-01-05"))),
    ("numpy-not-a-time", lambda: _numpy(lambda np: np.timedelta64("NaT", "s"))),
    ("numpy-masked", lambda: _numpy(lambda np: np.ma.masked)),
    ("numpy-masked-array", lambda: _numpy(lambda np: np.ma.array([1, 2], mask=[0, 1]))),
    ("numpy-0-d", lambda: _numpy(lambda np: np.array(42.0))),
    ("numpy-0-d-object", lambda: _numpy(lambda np: _objects(np, (), _lying()()))),
    ("numpy-empty", lambda: _numpy(lambda np: np.empty((0, 3)))),
    ("numpy-grid", lambda: _numpy(lambda np: np.eye(3))),
    ("numpy-objects", lambda: _numpy(
        lambda np: _objects(np, (2,), _Raising(), _lying()()))),
    ("numpy-records", lambda: _numpy(lambda np: np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]))),
    ("numpy-many-axes", lambda: _numpy(lambda np: np.zeros((1,) * 32))),
    ("numpy-broadcast", lambda: _numpy(
        lambda np: np.broadcast_to(np.float64(1), (1_000_000, 1_000_000)))),
    ("numpy-matrix-lie", lambda: _numpy(lambda np: np.zeros(3).view(_lying(np.ndarray)))),
    ("series", lambda: _pandas(lambda pd: pd.Series([1.0, None], index=["a", "b"]))),
    ("series-shadowed", lambda: _pandas(_shadowed_series)),
    ("series-objects", lambda: _pandas(lambda pd: pd.Series([_lying()(), _Raising(), None]))),
    ("index", lambda: _pandas(lambda pd: pd.Index(["a", "b"]))),
    ("pandas-na", lambda: _pandas(lambda pd: pd.NA)),
    ("pandas-nat", lambda: _pandas(lambda pd: pd.NaT)),
    ("frame", lambda: _pandas(lambda pd: pd.DataFrame({"a": [1, 2], "b": ["x", None]}))),
    ("frame-empty", lambda: _pandas(lambda pd: pd.DataFrame())),
    ("frame-no-rows", lambda: _pandas(lambda pd: pd.DataFrame({"a": []}))),
    ("frame-twice-a-column", lambda: _pandas(
        lambda pd: pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]))),
    ("frame-odd-columns", lambda: _pandas(
        lambda pd: pd.DataFrame([[1, 2, 3]], columns=[None, ("a", 1), 3.5]))),
    ("frame-many-levels", lambda: _pandas(lambda pd: pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")])))),
    ("frame-objects", lambda: _pandas(
        lambda pd: pd.DataFrame({"a": [_lying()(), _Raising()], "b": [[1], {"c": 2}]}))),
    ("frame-shadowed", lambda: _pandas(_shadowed_frame)),
    ("frame-lie", lambda: _pandas(lambda pd: _lying(pd.DataFrame)({"a": [1.0]}))),
    ("frame-10-million-rows", lambda: _pandas(lambda pd: _numpy(
        lambda np: pd.DataFrame({"a": np.zeros(_BIG), "b": np.zeros(_BIG, dtype="i1")})))),
    ("polars", lambda: _polars(lambda pl: pl.DataFrame({"a": [1, 2], "b": ["x", None]}))),
    ("polars-lazy", lambda: _polars(lambda pl: pl.LazyFrame({"a": [1, 2]}))),
    ("polars-series", lambda: _polars(lambda pl: pl.Series("a", [1.0, None]))),
    ("polars-nested", lambda: _polars(lambda pl: pl.DataFrame({"a": [[1], [2, 3]]}))),
    ("polars-objects", lambda: _polars(
        lambda pl: pl.DataFrame({"a": pl.Series([_lying()(), object()], dtype=pl.Object)}))),
    ("polars-10-million-rows", lambda: _polars(
        lambda pl: pl.DataFrame({"a": pl.zeros(_BIG, eager=True)}))),
]


def over_all(test: Callable[..., None]) -> Callable[..., None]:
    """The test run with each hostile value in turn, as its `name` and `make`; what failed is told
    together. A case of pytest's own for each would take longer than the check."""
    import pytest

    @wraps(test)
    def run(**more: Any) -> None:
        failed: list[Exception] = []
        skipped: list[BaseException] = []
        for name, make in HOSTILE:
            try:
                test(name=name, make=make, **more)
            except pytest.skip.Exception as skip:
                skipped.append(skip)
            except Exception as error:  # noqa: BLE001 - told below, with all others
                error.add_note(f"with the hostile value {name!r}")
                failed.append(error)
        if failed:
            raise ExceptionGroup(f"{len(failed)} of {len(HOSTILE)} hostile values", failed)
        if skipped:  # the others passed; what was left out is to show
            raise skipped[0]

    known = inspect.signature(test)
    run.__signature__ = known.replace(parameters=[  # type: ignore[attr-defined]
        one for name, one in known.parameters.items() if name not in ("name", "make")])
    return run


def made(make: Callable[[], Any]) -> Any:
    """The value; skips the test where its library is not installed. Clears `TOUCHED`."""
    value = make()
    if value is ABSENT:
        import pytest

        pytest.skip("its library is not installed")
    TOUCHED.clear()
    return value

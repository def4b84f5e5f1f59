"""Read a learner's value without trusting it: nothing here runs code that the learner wrote.

A value is known by its exact type (compared by `is`: a metaclass may lie about `==`) or by a
base that is written in C; methods of such a base are called on the class, so an `__eq__`,
`__float__` or `__class__` of the learner's own is never asked. NumPy and pandas are looked up
among the loaded modules, never imported.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from itertools import islice
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

from autograders.outcome import Failure, Scope

Number = int | float | Fraction | Decimal

_HUGE_BITS = 256
_SHOWN = 70
_SHELL = frozenset({"In", "Out", "exit", "quit", "open", "get_ipython"})
"""Names that are in every notebook, and nobody's answer."""


# ---------------------------------------------------------------------------------- names


def reader(path: str) -> Callable[[Scope], Any]:
    """A function that reads `path` from a learner's names: a name, or a name with constant
    items, such as `totals["Cash"]`.

    Raises ValueError for anything else. What it returns raises Failure where the name is
    missing, or still None or `...` as it was handed out, with the nearest that the learner has.
    """
    name, keys = _split(path)

    def read(scope: Scope) -> Any:
        if name not in scope:
            raise Failure(_missing(name, scope), tag="missing")
        value = scope[name]
        for place, key in enumerate(keys):
            value = item_of(value, key, _joined(name, keys[:place]))
        if value is None or value is ...:
            raise Failure(f"`{path}` has no answer yet.", tag="unanswered")
        return value

    return read


def _missing(name: str, scope: Scope) -> str:
    own = [known for known in scope if type(known) is str and not known.startswith("_")
           and known not in _SHELL]
    near = nearest(name, own)
    hint = f" You have `{near}`: should it be called `{name}`?" if near else ""
    return f"`{name}` is not there. Run the cell that makes it, or check its spelling.{hint}"


def nearest(name: str, choices: list[str]) -> str | None:
    """The choice that is spelled most like `name`, or None."""
    exact = [choice for choice in choices if choice.lower() == name.lower()] or [
        choice for choice in choices if len(choice) == len(name) > 2
        and sorted(choice.lower()) == sorted(name.lower())]
    return next(iter(exact or get_close_matches(name, choices, n=1, cutoff=0.75)), None)


def _split(path: str) -> tuple[str, list[Any]]:
    import ast

    keys: list[Any] = []
    try:
        node = ast.parse(path.strip(), mode="eval").body
        while isinstance(node, ast.Subscript):
            keys.insert(0, ast.literal_eval(node.slice))
            hash(keys[0])
            node = node.value
    except (SyntaxError, TypeError, ValueError):
        node = ast.Constant(None)
    if not isinstance(node, ast.Name):
        raise ValueError(f"{path!r} is not a name, or a name with items such as totals['Cash']")
    return node.id, keys


def _joined(name: str, keys: list[Any]) -> str:
    return name + "".join(f"[{key!r}]" for key in keys)


def item_of(value: Any, key: Any, path: str) -> Any:
    """The entry or value `key` of what `path` tells: of a dictionary, a table by its columns, a
    list, or an array. Raises Failure where it has none."""
    found = _columns_of(value) or mapping_of(value)
    if found is not None:
        if key in found:
            return found[key]
        near = nearest(str(key), [k for k in found if type(k) is str])
        hint = f" It has {near!r}: should that be {key!r}?" if near else ""
        raise Failure(f"`{path}` has no entry {key!r}.{hint}", tag="missing")
    items = _rows_of(value) or items_of(value)
    if items is None:
        raise Failure(f"`{path}` should hold several values by name, but it is "
                      f"{kind_of(value)}.", tag="type")
    try:
        return items[key]
    except (IndexError, TypeError):
        raise Failure(f"`{path}` has {_count(len(items), 'value')}; {key!r} is not one.",
                      tag="missing") from None


def _columns_of(value: Any) -> dict[Any, Any] | None:
    """The columns of a table of pandas' or polars' by their names."""
    for library in (loaded("pandas"), loaded("polars")):
        if library is not None and type(value) is getattr(library, "DataFrame", None):
            names = [one for one in value.columns if type(one) is str]
            return {one: type(value).__getitem__(value, one) for one in names[:1000]}
    return None


def _rows_of(value: Any) -> list[Any] | None:
    """The rows of an array of several axes."""
    numpy = loaded("numpy")
    if numpy is None or not issubclass(type(value), numpy.ndarray) or (
            numpy.ndarray.ndim.__get__(value) < 2):
        return None
    _bounded(numpy.ndarray.shape.__get__(value)[0], 100_000)
    return list(numpy.ndarray.view(value, numpy.ndarray))


# --------------------------------------------------------------------------------- values


def number_of(value: Any) -> Number | None:
    """A real number as a plain Python number, or None. Booleans and text are no numbers."""
    kind = type(value)
    if kind is bool:
        return None
    for base, exact in ((int, int.__int__), (float, float.__float__)):
        if issubclass(kind, base):
            return exact(value)
    if kind is Decimal:
        return value  # type: ignore[no-any-return]
    if kind is Fraction:
        # Written in Python: its parts may have been set to something that computes.
        above, below = value._numerator, value._denominator
        plain = type(above) is int and type(below) is int and below > 0
        return Fraction(above, below) if plain else None
    numpy = loaded("numpy")
    if numpy is not None and issubclass(kind, numpy.generic | numpy.ndarray):
        return _numpy_number(value, numpy)
    return None


def _numpy_number(value: Any, numpy: ModuleType) -> Number | None:
    kind = type(value)
    if issubclass(kind, numpy.ndarray):
        # A grid with no axis is one number; anything with an axis holds several.
        if numpy.ndarray.ndim.__get__(value) != 0 or issubclass(kind, numpy.ma.MaskedArray):
            return None
        item = numpy.ndarray.item(value)
    elif kind is numpy.longdouble:
        item = float(value)
    elif issubclass(kind, numpy.timedelta64 | numpy.datetime64):
        return None
    else:
        item = numpy.generic.item(value)
    return item if type(item) is int or type(item) is float else None


def float_of(value: Number) -> float:
    """A number as a float: too large is infinite, what has no value is NaN. Never raises."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (ValueError, ArithmeticError):
        return math.nan


def text_of(value: Any) -> str | None:
    """Text as a plain str, or None."""
    if issubclass(type(value), str):
        return str.__str__(value)
    numpy = loaded("numpy")
    if (numpy is not None and issubclass(type(value), numpy.ndarray)
            and numpy.ndarray.ndim.__get__(value) == 0):
        item = numpy.ndarray.item(value)
        return item if type(item) is str else None
    return None


def items_of(value: Any, *, most: int = 100_000) -> list[Any] | None:
    """The values of a list, tuple, set, range, array, series or index, or None.

    Raises Failure for more than `most`. An iterator is not read: it may have no end.
    """
    kind = type(value)
    for base in (list, tuple, set, frozenset, range):
        if issubclass(kind, base):
            _bounded(length(base, value), most)
            return list(islice(base.__iter__(value), most))
    numpy, pandas = loaded("numpy"), loaded("pandas")
    if pandas is not None and _is_one_of(kind, pandas.Series, pandas.Index, pandas.RangeIndex):
        _bounded(len(value), most)
        return list(kind.tolist(value))
    polars = loaded("polars")
    if polars is not None and kind is getattr(polars, "Series", None):
        _bounded(len(value), most)
        return list(kind.to_list(value))
    if numpy is not None and issubclass(kind, numpy.ndarray):
        if numpy.ndarray.ndim.__get__(value) != 1:
            return None
        _bounded(numpy.ndarray.size.__get__(value), most)
        return list(numpy.ndarray.tolist(value))
    return None


def mapping_of(value: Any, *, most: int = 100_000) -> dict[Any, Any] | None:
    """The entries of a dict or of a series by its index, as a plain dict, or None."""
    kind = type(value)
    if issubclass(kind, dict):
        _bounded(dict.__len__(value), most)
        # Keys of the learner's own making may lie about what they equal: only plain ones stay.
        return {key: entry for key, entry in dict.items(value) if _plain_key(key)}
    pandas = loaded("pandas")
    if pandas is not None and kind is pandas.Series:
        _bounded(len(value), most)
        pairs = zip(pandas.Series.keys(value).tolist(), pandas.Series.tolist(value), strict=True)
        return {key: entry for key, entry in pairs if _plain_key(key)}
    return None


def _plain_key(key: Any, depth: int = 3) -> bool:
    kind = type(key)
    if kind is tuple:
        return depth > 0 and all(_plain_key(part, depth - 1) for part in key)
    if kind is Decimal:
        return not Decimal.is_snan(key)  # it has no hash
    return _is_one_of(kind, str, int, float, bool, bytes, type(None))


def _is_one_of(kind: type, *kinds: type) -> bool:
    """Whether a type is one of these: `in` would ask a metaclass of the learner's."""
    return any(kind is one for one in kinds)


def length(base: Any, value: Any) -> int:
    """How many values there are, by the class that counts them: list, tuple, range and so on."""
    try:
        return int(base.__len__(value))
    except OverflowError:  # a range of more values than an index can count
        return sys.maxsize


def _bounded(size: int, most: int) -> None:
    if size > most:
        raise Failure(f"it holds {size:,} values; {most:,} is the most that is read.",
                      tag="too-large")


def loaded(name: str) -> ModuleType | None:
    """A library that somebody imported already; a value of its types can only come from it."""
    return sys.modules.get(name)


# ------------------------------------------------------------------------------- in words


def kind_of(value: Any) -> str:
    """What a value is, in words that a beginner knows: "text", "a list of 3 values"."""
    kind = type(value)
    words = {type(None): "None", type(...): "still `...`", bool: "True or False",
             bytes: "bytes", GeneratorType: "an iterator", complex: "a complex number"}
    for plain, word in words.items():
        if kind is plain:
            return word
    if issubclass(kind, str):
        return "text"
    if number_of(value) is not None:
        return "a number"
    for base, word in ((list, "list"), (tuple, "tuple"), (set, "set"), (dict, "dictionary")):
        if issubclass(kind, base):
            return f"a {word} of {_count(base.__len__(value), 'value')}"
    if _is_one_of(kind, FunctionType, MethodType, BuiltinFunctionType):
        return "a function"
    return {"DataFrame": "a table", "Series": "a column of a table",
            "ndarray": "an array"}.get(_name(kind), f"of the type {_name(kind)}")


def show(value: Any, *, width: int = _SHOWN) -> str:
    """A short `repr` of a value that runs none of the learner's code. At most `width` long."""
    text = _shown(value, width, 3)
    return text if len(text) <= width else text[: width - 1] + "…"


def _shown(value: Any, width: int, depth: int) -> str:
    kind = type(value)
    if value is None or value is ... or kind is bool:
        return repr(value)
    text = text_of(value)
    if text is not None:
        return repr(text if len(text) <= width else text[: width - 2] + "…")
    number = number_of(value)
    if number is not None:
        return figure(number)
    for base, ends in ((list, "[]"), (tuple, "()"), (set, "{}"), (frozenset, "{}")):
        if issubclass(kind, base):
            return _many(islice(base.__iter__(value), 9), base.__len__(value), ends, width, depth)
    if issubclass(kind, dict):
        shown = (f"{_shown(key, width, depth - 1)}: {_shown(entry, width, depth - 1)}"
                 for key, entry in islice(dict.items(value), 9)) if depth else iter(())
        return _wrapped(list(shown), dict.__len__(value), "{}", width)
    numpy = loaded("numpy")
    if numpy is not None and kind is numpy.ndarray and value.ndim == 1:
        return _many(value[:9].tolist(), value.size, "[]", width, depth)
    return f"<{_name(kind)}>"


def _many(items: Any, size: int, ends: str, width: int, depth: int) -> str:
    return _wrapped([_shown(item, width, depth - 1) for item in items] if depth else [], size,
                    ends, width)


def _wrapped(parts: list[str], size: int, ends: str, width: int) -> str:
    kept: list[str] = []
    while parts and sum(map(len, kept)) + len(parts[0]) < width:
        kept.append(parts.pop(0))
    more = ["…"] if len(kept) < size else []
    return ends[0] + ", ".join(kept + more) + ends[1]


def figure(value: Number) -> str:
    """A number as people write it: thousands apart, no more digits than it needs."""
    if isinstance(value, int):
        return f"{value:,}" if value.bit_length() <= _HUGE_BITS else "a huge whole number"
    number = float_of(value)
    if math.isfinite(number) and number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:,.10g}" if 1e-4 <= abs(number) < 1e15 else f"{number:.6g}"


def _count(size: int, noun: str) -> str:
    return f"{size:,} {noun}" + ("" if size == 1 else "s")


def _name(kind: type) -> str:
    # `type.__name__` is a descriptor of `type`: a metaclass of the learner's is not asked.
    return str(vars(type)["__name__"].__get__(kind))[:40]

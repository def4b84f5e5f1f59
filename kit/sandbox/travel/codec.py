"""From a value to its parts and back: the types of Python, and a door for those of libraries."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from kit.sandbox.frames import FrameError

MAX_BYTES: Final = 256 * 1024**2
"""How many bytes of buffers one value may have."""

MAX_PARTS: Final = 500_000
MAX_DEPTH: Final = 60
HELD: Final = frozenset({"held", "yours", "builtin"})
"""What is said of values that do not travel, as `peer` has it."""

_EXACT_INT: Final = 2**53
_LONGEST_INT: Final = 20_000
"""Digits (of base 16) of an integer."""


class StaysError(Exception):
    """A value is of a type that does not travel, or is too large; the text names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """JSON that describes a value, and the buffers that it names by number."""

    tree: Any
    buffers: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the buffers."""
        return sum(map(len, self.buffers))


@dataclass(slots=True)
class Packer:
    """The state of one packing."""

    max_bytes: int
    buffers: list[bytes] = field(default_factory=list)
    left: int = MAX_PARTS
    depth: int = 0
    inside: set[int] = field(default_factory=set)
    hold: Callable[[Any], Any] | None = None
    """Says something in the place of a value that does not travel."""

    def value(self, value: Any) -> Any:
        """The JSON of a value. Raises StaysError."""
        kind = type(value)
        if kind in _AS_IT_IS or (kind is int and -_EXACT_INT < value < _EXACT_INT):
            self._spend(1)
            return value
        if kind is float and math.isfinite(value):
            self._spend(1)
            return value
        found = _PACKERS.get(kind) or _of_library(kind)
        if found is None:
            if self.hold is not None:
                self._spend(1)
                return self.hold(value)
            raise StaysError(f"a value of type {kind.__module__}.{kind.__qualname__}"[:200])
        return self._within(value, found)

    def _within(self, value: Any, packs: Callable[[Packer, Any], Any]) -> Any:
        if id(value) in self.inside:
            raise StaysError("a value that holds itself")
        if self.depth >= MAX_DEPTH:
            raise StaysError(f"a value more than {MAX_DEPTH} levels deep")
        self._spend(1)
        self.inside.add(id(value))
        self.depth += 1
        try:
            return packs(self, value)
        finally:
            self.depth -= 1
            self.inside.discard(id(value))

    def values(self, values: Iterable[Any]) -> list[Any]:
        """The JSON of several."""
        return [self.value(one) for one in values]

    def texts(self, texts: list[str]) -> list[str]:
        """The JSON of several texts, and of nothing else."""
        self._spend(len(texts))
        return texts

    def buffer(self, data: bytes) -> int:
        """Keep a buffer; its number."""
        self.max_bytes -= len(data)
        if self.max_bytes < 0:
            raise StaysError("a value of too many bytes")
        self.buffers.append(data)
        return len(self.buffers) - 1

    def _spend(self, parts: int) -> None:
        self.left -= parts
        if self.left < 0:
            raise StaysError(f"a value of more than {MAX_PARTS:,} parts")


@dataclass(slots=True)
class Unpacker:
    """The state of one unpacking."""

    buffers: tuple[bytes, ...]
    depth: int = 0
    held: Callable[[str, Any], Any] | None = None
    """Makes what stands for a value of which something else was said."""

    def value(self, tree: Any) -> Any:
        """The value that the JSON describes. Raises FrameError."""
        kind = type(tree)
        if kind in _AS_IT_IS or kind is int or kind is float:
            return tree
        if self.depth > MAX_DEPTH:
            raise FrameError("too deep")
        self.depth += 1
        try:
            if kind is list:
                return [self.value(one) for one in tree]
            if kind is dict:
                (tag, body), = tree.items()
                unpacks = _UNPACKERS.get(tag) or _unpacker_of_library(tag)
                if unpacks is not None:
                    return unpacks(self, body)
                if self.held is not None and tag in HELD:
                    return self.held(tag, body)
        except FrameError:
            raise
        except Exception as error:  # whatever does not fit together
            raise FrameError(f"no value: {type(error).__name__}") from error
        finally:
            self.depth -= 1
        raise FrameError("no value")

    def values(self, trees: Any) -> list[Any]:
        """Several."""
        if type(trees) is not list:
            raise FrameError("no list")
        return [self.value(one) for one in trees]

    def buffer(self, number: Any) -> bytes:
        """The buffer of that number."""
        if type(number) is not int or not 0 <= number < len(self.buffers):
            raise FrameError("no such buffer")
        return self.buffers[number]


Packs = Callable[[Packer, Any], Any]
Unpacks = Callable[[Unpacker, Any], Any]


def pack(value: Any, *, max_bytes: int = MAX_BYTES) -> Packed:
    """Take a value apart. Raises StaysError when it, or something in it, does not travel."""
    packer = Packer(max_bytes)
    try:
        tree = packer.value(value)
    except RecursionError:
        raise StaysError("a value too deep") from None
    return Packed(tree=tree, buffers=tuple(packer.buffers))


def unpack(packed: Packed) -> Any:
    """Put it together again: a new value, equal to the first. Raises FrameError."""
    return Unpacker(packed.buffers).value(packed.tree)


# ------------------------------------------------------------------------ Python's own types

_AS_IT_IS: Final = frozenset({type(None), bool, str})
_FACTORIES: Final = {"int": int, "float": float, "str": str, "list": list, "dict": dict,
                     "set": set, "tuple": tuple, "bool": bool}


def _pairs(packer: Packer, value: Any) -> list[list[Any]]:
    return [[packer.value(key), packer.value(one)] for key, one in value.items()]


def _unpairs(unpacker: Unpacker, body: Any) -> list[tuple[Any, Any]]:
    return [(unpacker.value(key), unpacker.value(one)) for key, one in body]


def _pack_defaultdict(packer: Packer, value: Any) -> Any:
    factory = value.default_factory
    name = None if factory is None else next(
        (name for name, known in _FACTORIES.items() if known is factory), "")
    if name == "":
        raise StaysError("a defaultdict with a factory of its own")
    return {"defaultdict": [name, _pairs(packer, value)]}


def _unpack_defaultdict(unpacker: Unpacker, body: Any) -> Any:
    name, pairs = body
    factory = None if name is None else _FACTORIES[name]
    return collections.defaultdict(factory, _unpairs(unpacker, pairs))


def _pack_int(packer: Packer, value: int) -> Any:
    del packer
    text = hex(value)
    if len(text) > _LONGEST_INT:
        raise StaysError("an integer of too many digits")
    return {"int": text}


def _unpack_int(unpacker: Unpacker, body: Any) -> int:
    del unpacker
    if len(body) > _LONGEST_INT:
        raise FrameError("an integer of too many digits")
    return int(body, 16)


def _zone(value: Any) -> Any:
    """A time zone that can be named: none, an offset, or an entry of the zone database."""
    zone = value.tzinfo
    if zone is None:
        return None
    if type(zone) is dt.timezone:
        return zone.utcoffset(None).total_seconds()
    key = getattr(zone, "key", None)
    if type(zone).__module__ == "zoneinfo" and type(key) is str:
        return key
    raise StaysError("a time in a zone of its own")


def _unzone(zone: Any) -> dt.tzinfo | None:
    if zone is None:
        return None
    if type(zone) is str:
        from zoneinfo import ZoneInfo

        return ZoneInfo(zone)
    return dt.UTC if zone == 0 else dt.timezone(dt.timedelta(seconds=zone))


_PACKERS: Final[dict[type, Packs]] = {
    int: _pack_int,
    float: lambda _, value: {"float": repr(value)},
    complex: lambda _, value: {"complex": [repr(value.real), repr(value.imag)]},
    bytes: lambda packer, value: {"bytes": packer.buffer(value)},
    bytearray: lambda packer, value: {"bytearray": packer.buffer(bytes(value))},
    list: lambda packer, value: packer.values(value),
    tuple: lambda packer, value: {"tuple": packer.values(value)},
    set: lambda packer, value: {"set": packer.values(value)},
    frozenset: lambda packer, value: {"frozenset": packer.values(value)},
    dict: lambda packer, value: {"dict": _pairs(packer, value)},
    collections.OrderedDict: lambda packer, value: {"OrderedDict": _pairs(packer, value)},
    collections.Counter: lambda packer, value: {"Counter": _pairs(packer, value)},
    collections.defaultdict: _pack_defaultdict,
    collections.deque: lambda packer, value: {"deque": [value.maxlen, packer.values(value)]},
    range: lambda packer, value: {"range": packer.values((value.start, value.stop, value.step))},
    slice: lambda packer, value: {"slice": packer.values((value.start, value.stop, value.step))},
    type(...): lambda _, __: {"Ellipsis": None},
    decimal.Decimal: lambda _, value: {"Decimal": str(value)},
    fractions.Fraction: lambda packer, value: {
        "Fraction": packer.values((value.numerator, value.denominator))},
    dt.date: lambda _, value: {"date": value.isoformat()},
    dt.time: lambda _, value: {
        "time": [value.replace(tzinfo=None).isoformat(), _zone(value), value.fold]},
    dt.datetime: lambda _, value: {
        "datetime": [value.replace(tzinfo=None).isoformat(), _zone(value), value.fold]},
    dt.timedelta: lambda _, value: {
        "timedelta": [value.days, value.seconds, value.microseconds]},
}

_UNPACKERS: Final[dict[str, Unpacks]] = {
    "int": _unpack_int,
    "float": lambda _, body: float(body),
    "complex": lambda _, body: complex(float(body[0]), float(body[1])),
    "bytes": lambda unpacker, body: unpacker.buffer(body),
    "bytearray": lambda unpacker, body: bytearray(unpacker.buffer(body)),
    "tuple": lambda unpacker, body: tuple(unpacker.values(body)),
    "set": lambda unpacker, body: set(unpacker.values(body)),
    "frozenset": lambda unpacker, body: frozenset(unpacker.values(body)),
    "dict": lambda unpacker, body: dict(_unpairs(unpacker, body)),
    "OrderedDict": lambda unpacker, body: collections.OrderedDict(_unpairs(unpacker, body)),
    "Counter": lambda unpacker, body: collections.Counter(dict(_unpairs(unpacker, body))),
    "defaultdict": _unpack_defaultdict,
    "deque": lambda unpacker, body: collections.deque(unpacker.values(body[1]), body[0]),
    "range": lambda unpacker, body: range(*unpacker.values(body)),
    "slice": lambda unpacker, body: slice(*unpacker.values(body)),
    "Ellipsis": lambda _, __: ...,
    "Decimal": lambda _, body: decimal.Decimal(body),
    "Fraction": lambda unpacker, body: fractions.Fraction(*unpacker.values(body)),
    "date": lambda _, body: dt.date.fromisoformat(body),
    "time": lambda _, body: dt.time.fromisoformat(body[0]).replace(
        tzinfo=_unzone(body[1]), fold=body[2]),
    "datetime": lambda _, body: dt.datetime.fromisoformat(body[0]).replace(
        tzinfo=_unzone(body[1]), fold=body[2]),
    "timedelta": lambda _, body: dt.timedelta(*body),
}


# ------------------------------------------------------------------------------- libraries


def _of_library(kind: type) -> Packs | None:
    """What packs a type of numpy or pandas, where the learner's process has loaded it."""
    if kind.__module__.startswith("numpy") and "numpy" in sys.modules:
        from kit.sandbox.travel import arrays

        return arrays.packer(kind)
    if kind.__module__.startswith("pandas") and "pandas" in sys.modules:
        from kit.sandbox.travel import tables

        return tables.packer(kind)
    return None


def _unpacker_of_library(tag: str) -> Unpacks | None:
    library, _, _ = tag.partition(".")
    if library == "numpy":
        from kit.sandbox.travel import arrays

        return arrays.UNPACKERS.get(tag)
    if library == "pandas":
        from kit.sandbox.travel import tables

        return tables.UNPACKERS.get(tag)
    return None


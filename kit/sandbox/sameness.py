"""Whether values that were there before are what they were, to the last object in them.

Equal is not enough. Rows of a table that became one row are equal until the next learner writes
into one; a number that is not equal to itself is found in a list only as the very object.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import is_
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from kit.sandbox.travel import Packer, StaysError
from kit.sandbox.travel.foresight import UNCHANGING

_MOST_PARTS = 50_000
"""How many parts lists and dictionaries may have in all: a new process costs less than more."""

_MOST_BYTES, _MOST_PACKED = 1 << 18, 5_000
"""The same of what is told by its contents."""

_FIXED = UNCHANGING | {range}
_HOLDING = frozenset({tuple, frozenset, list, dict})
_NEVER = frozenset({set, BuiltinFunctionType})
"""In which order a set gives its elements, what it had before has a part in; and a function that
is not steady is the method of something that changes."""

_OWN = "__main__"


class Same:
    """What values are made of, from now on. Raises StaysError where that cannot be told.

    Of values `besides` lists and dictionaries are looked at, and what else can be told is not.
    """

    def __init__(self, values: Iterable[Any], besides: Iterable[Any] = ()) -> None:
        self._kept: list[tuple[Any, tuple[Any, ...]]] = []
        self._known: dict[int, Any] = {}
        self._told: list[Any] = []
        self._parts = _MOST_PARTS
        for value in values:
            self._add(value, every=True)
        for value in besides:
            self._add(value, every=False)
        self._contents = self._contents_now()

    def _add(self, value: Any, *, every: bool) -> None:
        waiting = [value]
        while waiting:
            one = waiting.pop()
            kind = type(one)
            if kind in _FIXED or id(one) in self._known or _steady(one):
                continue
            self._known[id(one)] = one  # held, so that nothing else gets its address
            if kind in _HOLDING and (every or 2 * len(one) <= self._parts):
                parts = _parts(one)
                self._parts -= len(parts)
                if self._parts < 0:
                    raise StaysError("too much to look at")
                waiting += parts
                if kind in (list, dict):
                    self._kept.append((one, parts))
            elif every and kind in _NEVER:
                raise StaysError(f"a {kind.__name__}")
            elif every:
                self._told.append(one)

    def unchanged(self) -> bool:
        """Whether all of them are what they were."""
        for one, parts in self._kept:
            now = _parts(one)
            if len(now) != len(parts) or not all(map(is_, now, parts)):
                return False
        try:
            return self._contents_now() == self._contents
        except (StaysError, RecursionError):
            return False

    def _contents_now(self) -> tuple[str, list[bytes]]:
        packer = Packer(_MOST_BYTES, left=_MOST_PACKED)
        return repr([packer.value(one) for one in self._told]), packer.buffers


def _parts(value: Any) -> tuple[Any, ...]:
    if type(value) is dict:
        return (*value, *value.values())
    return tuple(value)


def _steady(value: Any) -> bool:
    """Whether nothing that is done with a value changes it."""
    if isinstance(value, FunctionType):
        defaults = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
        return not (vars(value) or value.__closure__) and all(
            type(one) in UNCHANGING for one in defaults)
    if isinstance(value, BuiltinFunctionType):
        its = value.__self__
        return its is None or isinstance(its, ModuleType) or type(its) in UNCHANGING
    if isinstance(value, type):
        return value.__module__ != _OWN
    return isinstance(value, ModuleType)

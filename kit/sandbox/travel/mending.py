"""Arguments that a call changed elsewhere, changed here as well: in place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def mend(old: Any, new: Any) -> bool:
    """Make `old` equal to `new` without putting another object in its place; whether it can be."""
    if type(old) is not type(new):
        return old is new
    if type(old) in _MENDERS:
        return _MENDERS[type(old)](old, new)
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and type(old) is numpy.ndarray:
        return _array(old, new)
    if pandas is not None and type(old) in (pandas.DataFrame, pandas.Series):
        if not old.equals(new):
            old._update_inplace(new)
        return True
    try:
        return bool(old is new or old == new)
    except Exception:  # noqa: BLE001 - a type that compares in a way of its own
        return False


def _list(old: list[Any], new: list[Any]) -> bool:
    kept = [mine if type(mine) is type(other) and type(mine) in _MENDERS and mend(mine, other)
            else other for mine, other in zip(old, new, strict=False)]
    old[:] = [*kept, *new[len(kept):]]
    return True


def _dict(old: dict[Any, Any], new: dict[Any, Any]) -> bool:
    kept = {key: old[key] if key in old and type(old[key]) is type(value)
            and type(value) in _MENDERS and mend(old[key], value) else value
            for key, value in new.items()}
    old.clear()
    old.update(kept)
    return True


def _set(old: set[Any], new: set[Any]) -> bool:
    old.clear()
    old.update(new)
    return True


def _bytes(old: bytearray, new: bytearray) -> bool:
    old[:] = new
    return True


def _tuple(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    return len(old) == len(new) and all(map(mend, old, new))


def _array(old: Any, new: Any) -> bool:
    if old.shape != new.shape or old.dtype != new.dtype or not old.flags.writeable:
        return False
    old[...] = new
    return True


_MENDERS: dict[type, Callable[[Any, Any], bool]] = {
    list: _list, dict: _dict, set: _set, bytearray: _bytes, tuple: _tuple}

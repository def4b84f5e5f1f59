"""Whether dicts hold what they held, told from the bytes of their tables.

Whoever looks at a value in Python counts one more reference to it, and so writes to its page: to
compare some thousand values one by one costs a process as many pages as two cells. CPython alone,
of the versions whose tables are known here.
"""

from __future__ import annotations

import ctypes
import sys
import sysconfig
from dataclasses import dataclass
from typing import Any

_TABLE, _VALUES = 32, 40
"""Where a dict says where its table is, and its values if they lie elsewhere."""

_COUNTED = 16
"""Bytes at the start of a table that say how often it is used, and which version of it code
knows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stamp:
    """The table of a dict as it was at some time."""

    held: dict[Any, Any]
    place: ctypes.c_void_p
    address: int
    table: Any
    data: bytes

    def holds(self) -> bool:
        """Whether the very same things stand under the very same keys. It may say no where they do:
        where others stood there meanwhile."""
        return self.place.value == self.address and self.table.raw == self.data


def stamp(held: dict[Any, Any]) -> Stamp | None:
    """What tells whether a dict holds what it holds now; None where that cannot be told."""
    return _stamp(held) if _KNOWN else None


def _stamp(held: dict[Any, Any]) -> Stamp | None:
    if ctypes.c_void_p.from_address(id(held) + _VALUES).value:
        return None
    place = ctypes.c_void_p.from_address(id(held) + _TABLE)
    size = dict.__sizeof__(held) - dict.__basicsize__ - _COUNTED
    if place.value is None or size <= 0:  # it has none of its own
        return None
    table = (ctypes.c_char * size).from_address(place.value + _COUNTED)
    return Stamp(held=held, place=place, address=place.value, table=table, data=table.raw)


def _find_out() -> bool:
    """Whether tables are as they are expected here: each key and value stands in them once."""
    if (sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info < (3, 14)
            or sys.maxsize < 1 << 32 or sysconfig.get_config_var("Py_GIL_DISABLED")):
        return False
    held = {f"key {place}": object() for place in range(20)}
    made = _stamp(held)
    if made is None or any(made.data.count(id(one).to_bytes(8, sys.byteorder)) != 1
                           for pair in held.items() for one in pair):
        return False
    held["key 7"] = object()
    return not made.holds()


_KNOWN = _find_out()

__all__ = ["Stamp", "stamp"]

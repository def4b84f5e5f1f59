"""What a dict holds, as the bytes of its table: compared without touching what it holds.

Whoever looks at a value in Python counts one more reference to it, and so writes to its page: to
compare some thousand values one by one costs a process as many pages as two cells. CPython alone,
of the versions whose tables are known here.
"""

from __future__ import annotations

import ctypes
import sys
import sysconfig
from typing import Any

_KEYS, _VALUES = 32, 40
"""Where a dict says where its table is, and its values if they lie elsewhere."""

_COUNTED = 16
"""Bytes at the start of a table that say how often it is used, and which version of it code
knows."""


def stamp(held: dict[Any, Any]) -> bytes | None:
    """Bytes that are the same while the same things stand under the same keys, and are not once
    one of them is another; None where that cannot be said."""
    return _stamp(held) if _KNOWN else None


def _stamp(held: dict[Any, Any]) -> bytes | None:
    address = id(held)
    if ctypes.c_void_p.from_address(address + _VALUES).value:
        return None
    table = ctypes.c_void_p.from_address(address + _KEYS).value
    size = dict.__sizeof__(held) - dict.__basicsize__
    if table is None or size <= _COUNTED:  # it has none of its own
        return None
    return ctypes.string_at(table + _COUNTED, size - _COUNTED)


def _find_out() -> bool:
    """Whether tables are as they are expected here: each key and value stands in them once."""
    if (sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info < (3, 14)
            or sys.maxsize < 1 << 32 or sysconfig.get_config_var("Py_GIL_DISABLED")):
        return False
    held = {f"key {place}": object() for place in range(20)}
    before = _stamp(held)
    if before is None or any(before.count(id(one).to_bytes(8, sys.byteorder)) != 1
                             for pair in held.items() for one in pair):
        return False
    held["key 7"] = object()
    return _stamp(held) not in (None, before)


_KNOWN = _find_out()

__all__ = ["stamp"]

"""Arrays and scalars of numpy: their dtype, their shape, their bytes."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from kit.sandbox.frames import FrameError
from kit.sandbox.travel.codec import Packer, Packs, StaysError, Unpacker, Unpacks

_KINDS: Final = frozenset("biufcmMUS")
"""Kinds of dtype whose bytes are the value: no objects, no fields, no classes of somebody."""

_MOST_DIMENSIONS = 32


def packer(kind: type) -> Packs | None:
    """What packs a type of numpy."""
    if kind is np.ndarray:
        return _pack_array
    if issubclass(kind, np.generic) and kind.__module__ == "numpy":
        return _pack_scalar
    return _pack_dtype if issubclass(kind, np.dtype) else None


def _name(dtype: Any) -> str:
    if type(dtype).__module__ != "numpy.dtypes" or dtype.kind not in _KINDS or dtype.fields:
        raise StaysError(f"an array of {str(dtype)[:80]}")
    return str(dtype.str)


def _dtype(name: Any) -> np.dtype[Any]:
    if type(name) is not str or len(name) > 40:
        raise FrameError("no dtype")
    dtype: np.dtype[Any] = np.dtype(name)
    if dtype.kind not in _KINDS or dtype.fields is not None or dtype.subdtype is not None:
        raise FrameError("no dtype that travels")
    return dtype


def _pack_array(packer: Packer, value: Any) -> Any:
    if value.dtype.kind == "O":
        return {"numpy.objects": [list(value.shape), packer.values(value.ravel().tolist())]}
    name = _name(value.dtype)
    order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
    return {"numpy.array": [name, list(value.shape), order,
                            packer.buffer(value.tobytes(order))]}


def _pack_scalar(packer: Packer, value: Any) -> Any:
    data = value.tobytes()[: value.dtype.itemsize]
    return {"numpy.scalar": [_name(value.dtype), packer.buffer(data)]}


def _pack_dtype(packer: Packer, value: Any) -> Any:
    del packer
    return {"numpy.dtype": "|O" if value.kind == "O" else _name(value)}


def _shape(raw: Any) -> tuple[int, ...]:
    if (type(raw) is not list or len(raw) > _MOST_DIMENSIONS
            or any(type(one) is not int or one < 0 for one in raw)):
        raise FrameError("no shape")
    return tuple(raw)


def _unpack_array(unpacker: Unpacker, body: Any) -> Any:
    name, raw, order, number = body
    dtype, shape, data = _dtype(name), _shape(raw), unpacker.buffer(number)
    if order not in ("C", "F") or len(data) != math.prod(shape) * dtype.itemsize:
        raise FrameError("an array of another size")
    return np.frombuffer(data, dtype=dtype).reshape(shape, order=order).copy(order=order)


def _unpack_objects(unpacker: Unpacker, body: Any) -> Any:
    shape, values = _shape(body[0]), unpacker.values(body[1])
    if math.prod(shape) != len(values):
        raise FrameError("an array of another size")
    made = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        made[place] = value
    return made.reshape(shape)


def _unpack_scalar(unpacker: Unpacker, body: Any) -> Any:
    dtype, data = _dtype(body[0]), unpacker.buffer(body[1])
    if len(data) != dtype.itemsize:
        raise FrameError("a scalar of another size")
    return np.frombuffer(data, dtype=dtype)[0] if data else dtype.type()


def _unpack_dtype(unpacker: Unpacker, body: Any) -> Any:
    del unpacker
    return np.dtype(object) if body == "|O" else _dtype(body)


UNPACKERS: Final[dict[str, Unpacks]] = {
    "numpy.array": _unpack_array, "numpy.objects": _unpack_objects,
    "numpy.scalar": _unpack_scalar, "numpy.dtype": _unpack_dtype,
}

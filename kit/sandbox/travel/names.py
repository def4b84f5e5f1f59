"""The variables of a run, read by name: what travels, what stays and why, and what is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.sandbox.frames import FrameError
from kit.sandbox.travel.codec import MAX_BYTES, Packed, Packer, StaysError

_LONGEST_WHY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """`there`: values that travelled. `stay`: why others did not. `missing`: no such name."""

    there: Mapping[str, Packed]
    stay: Mapping[str, str]
    missing: frozenset[str]
    held: bool = False
    """Whether what travelled may stand for something that stayed."""


def pack_names(
    namespace: Mapping[str, Any], names: Iterable[str], *, max_bytes: int = MAX_BYTES,
    packers: Callable[[int], Packer] = Packer,
) -> tuple[dict[str, Any], list[bytes]]:
    """Names as JSON, and the buffers that it names by number. `packers` makes what packs up to a
    number of bytes."""
    said: dict[str, Any] = {}
    buffers: list[bytes] = []
    for name in names:
        if name not in namespace:
            said[name] = None
            continue
        packer = packers(max_bytes - sum(map(len, buffers)))
        try:
            tree = packer.value(namespace[name])
        except (StaysError, RecursionError) as error:
            said[name] = {"stays": (str(error) or "a value too deep")[:_LONGEST_WHY]}
            continue
        said[name] = {"tree": tree, "first": len(buffers), "count": len(packer.buffers)}
        buffers += packer.buffers
    return said, buffers


def unpack_names(
    said: Any, buffers: tuple[bytes, ...], names: Iterable[str], *, held: bool = False
) -> Names:
    """What was said of the names that were asked for, some of them `held` there; the values are
    not put together yet.

    Raises FrameError when a name was passed over, or when what was said is of another form.
    """
    there: dict[str, Packed] = {}
    stay: dict[str, str] = {}
    missing: set[str] = set()
    if type(said) is not dict:
        raise FrameError("no names")
    for name in names:
        one = said.get(name, "")
        if one is None:
            missing.add(name)
        elif type(one) is dict and type(one.get("stays")) is str:
            stay[name] = one["stays"][:_LONGEST_WHY]
        elif type(one) is dict and "tree" in one:
            first, count = one.get("first"), one.get("count")
            if type(first) is not int or type(count) is not int or first < 0 or count < 0:
                raise FrameError("no buffers of a name")
            there[name] = Packed(tree=one["tree"], buffers=buffers[first:first + count])
        else:
            raise FrameError("a name that was not answered")
    return Names(there=there, stay=stay, missing=frozenset(missing), held=held)


def say_given(values: Mapping[str, Packed]) -> tuple[dict[str, Any], list[bytes]]:
    """Values for another process, as `take_given` reads them."""
    said: dict[str, Any] = {}
    buffers: list[bytes] = []
    for name, packed in values.items():
        said[name] = [packed.tree, len(buffers), len(packed.buffers)]
        buffers += packed.buffers
    return said, buffers


def take_given(
    namespace: dict[str, Any], said: Mapping[str, Any], buffers: Sequence[bytes],
    unpack: Callable[[Any, Sequence[bytes]], Any],
) -> str:
    """Put values that were given into the variables; why one of them could not be, or ""."""
    trouble = ""
    for name, (tree, first, count) in said.items():
        namespace.pop(name, None)
        try:
            namespace[name] = unpack(tree, buffers[first:first + count])
        except FrameError as error:
            trouble = trouble or f"{name}: {error}"
    return trouble


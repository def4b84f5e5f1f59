"""An exception told, and one like it raised on the other side."""

from __future__ import annotations

import builtins
import contextlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from kit.sandbox.travel.codec import Packer, StaysError

_LONGEST_TEXT = 2000
_MOST_CLASSES = 20


def described(error: BaseException, packer: Packer) -> dict[str, Any]:
    """What is told of an exception: its classes, its text, and its arguments if they travel."""
    kind = type(error)
    try:
        text = str(error)
    except BaseException as other:  # noqa: BLE001 - its text is the code of whoever wrote it
        text = f"<exception str() failed: {type(other).__name__}>"
    told: dict[str, Any] = {
        "classes": [[str(one.__module__), str(one.__qualname__)]
                    for one in kind.__mro__[:_MOST_CLASSES] if issubclass(one, BaseException)],
        "text": text[:_LONGEST_TEXT], "args": None}
    with contextlib.suppress(StaysError, RecursionError, Exception):
        told["args"] = packer.values(tuple(error.args))
    return told


def made(
    told: Mapping[str, Any], names: Mapping[str, Any], unpack: Callable[[Any], Any]
) -> BaseException:
    """An exception of the class that was told, or of one made for it under its nearest known base.

    `names` are the variables here: a class of the author's own is looked for among them.
    """
    listed = [(str(module), str(name)) for module, name in told["classes"]]
    kind = next((found for module, name in listed if (found := _known(module, name, names))),
                Exception)
    if listed and (kind.__module__, kind.__qualname__) != listed[0] and not (
            listed[0][0] == "__main__" and kind.__name__ == listed[0][1]):
        kind = type(listed[0][1].rpartition(".")[2], (kind,), {"__module__": listed[0][0]})
    args = (str(told["text"]),)
    if type(told["args"]) is list:
        args = tuple(unpack(told["args"]))
    try:
        error: BaseException = kind(*args)
    except Exception:  # noqa: BLE001 - its class takes other arguments than it keeps
        error = kind.__new__(kind)
        error.args = args
    return error


def _known(module: str, name: str, names: Mapping[str, Any]) -> type[BaseException] | None:
    if module == "builtins":
        found = getattr(builtins, name, None)
    elif module == "__main__":
        found = names.get(name)
    else:
        found = getattr(sys.modules.get(module), name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None

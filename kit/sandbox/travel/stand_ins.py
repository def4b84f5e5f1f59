"""What stands for a value that another process holds: functions, iterators, and all others."""

from __future__ import annotations

import builtins
import functools
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType
from typing import Any, Protocol

from kit.sandbox.frames import FrameError

_BUILTINS = {name: getattr(builtins, name) for name in (
    "abs", "all", "any", "bin", "bool", "bytes", "chr", "complex", "dict", "divmod", "enumerate",
    "filter", "float", "frozenset", "hex", "int", "len", "list", "map", "max", "min", "object",
    "oct", "ord", "pow", "print", "range", "repr", "reversed", "round", "set", "sorted", "str",
    "sum", "tuple", "type", "zip")}
"""Built-ins that are called by the same name on each side: types, and functions of values."""

_NAMES = {id(value): name for name, value in _BUILTINS.items()}
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, functools.partial,
              type(functools.lru_cache(len)))
_OF_GENERATORS = frozenset({*dir(GeneratorType), "__reduce_ex__", "__setstate__"})
_MOST_PARAMETERS = 100
_LONGEST_DOC = 10_000


class StaysThereError(BaseException):
    """Something that only the process can do in which the value is.

    It is no Exception: a test that expects one shall not take this for it.
    """


class Asks(Protocol):
    """Asks the other process to do something with the value."""

    def __call__(self, what: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """The result of `what` (call or next)."""

    def cannot(self, why: str) -> BaseException:
        """Note what cannot be done; the exception to raise."""


def builtin_name(value: Any) -> str:
    """The name under which each side knows a built-in, or ""."""
    name = _NAMES.get(id(value), "")
    return name if name and _BUILTINS[name] is value else ""


def builtin(name: Any) -> Any:
    """The built-in of that name. Raises FrameError."""
    found = _BUILTINS.get(name) if type(name) is str else None
    if found is None:
        raise FrameError("no built-in that is called by name")
    return found


def described(value: Any) -> tuple[str, dict[str, Any]]:
    """(kind, what is told of it). No code of the value is run."""
    kind = type(value)
    if kind is FunctionType:
        return "function", _of_function(value)
    if kind in _FUNCTIONS or _is_ufunc(kind):
        return "function", {"name": _plain(getattr(value, "__name__", "function"))}
    if kind is GeneratorType or (kind.__module__ in ("builtins", "itertools")
                                 and "__next__" in vars(kind)):
        return "iterator", {"name": kind.__name__}
    return "thing", {"name": _plain(f"{kind.__module__}.{kind.__qualname__}")}


def _is_ufunc(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and kind is getattr(numpy, "ufunc", None)


def _plain(text: Any) -> str:
    return text[:200] if type(text) is str else ""


def _of_function(value: FunctionType) -> dict[str, Any]:
    code = value.__code__
    flags = code.co_flags
    positional = list(code.co_varnames[: code.co_argcount])
    told: list[list[Any]] = []
    first_default = code.co_argcount - len(value.__defaults__ or ())
    for place, name in enumerate(positional):
        told.append([name, 0 if place < code.co_posonlyargcount else 1, place >= first_default])
    after = code.co_argcount + code.co_kwonlyargcount
    if flags & inspect.CO_VARARGS:
        told.append([code.co_varnames[after], 2, False])
        after += 1
    told += [[name, 3, name in (value.__kwdefaults__ or {})] for name in code.co_varnames[
        code.co_argcount: code.co_argcount + code.co_kwonlyargcount]]
    if flags & inspect.CO_VARKEYWORDS:
        told.append([code.co_varnames[after], 4, False])
    doc = value.__doc__
    return {"name": _plain(value.__name__), "parameters": told[:_MOST_PARAMETERS],
            "doc": doc[:_LONGEST_DOC] if type(doc) is str else None,
            "waits": bool(flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR))}


def made(kind: Any, about: Any, ask: Asks) -> Any:
    """The stand-in. Raises FrameError."""
    if type(about) is not dict or type(about.get("name")) is not str:
        raise FrameError("no value that is held")
    if kind == "function":
        return _function(about, ask)
    if kind == "iterator":
        return _Items(ask)
    if kind == "thing":
        return _Thing(ask, about["name"])
    raise FrameError("no kind of value")


def _function(about: Mapping[str, Any], ask: Asks) -> Any:
    if about.get("waits"):
        return _Thing(ask, "a coroutine function")

    def stand_in(*args: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        return ask("call", args, named)

    stand_in.__name__ = stand_in.__qualname__ = about["name"]
    stand_in.__module__ = "__main__"
    stand_in.__doc__ = about.get("doc") if type(about.get("doc")) is str else None
    if "parameters" in about:
        signed: Any = stand_in
        try:
            signed.__signature__ = _signature(tuple(map(tuple, about["parameters"])))
        except (TypeError, ValueError, IndexError) as error:  # as inspect raises them
            raise FrameError("no parameters of a function") from error
    _watch(stand_in, ask)
    return stand_in


_watched: dict[int, tuple[Any, Asks]] = {}
_looks: list[bool] = []
"""Not empty once this process is watched: an audit hook stays for good."""


def _watch(stand_in: Any, ask: Asks) -> None:
    """See to it that nobody takes its insides for those of what it stands for."""
    if not _looks:
        sys.addaudithook(_look)
        _looks.append(True)
    _watched[id(stand_in)] = stand_in, ask


def forget_stand_ins() -> None:
    """None of those that were made is used any more."""
    _watched.clear()


def _look(event: str, about: tuple[Any, ...]) -> None:
    if event == "object.__getattr__" and id(about[0]) in _watched:
        raise _watched[id(about[0])][1].cannot(f"{about[1]} of a function")


@functools.lru_cache
def _signature(told: tuple[tuple[Any, ...], ...]) -> inspect.Signature:
    kinds = list(inspect._ParameterKind)
    parameters = []
    for name, kind, optional in told:
        if kind not in range(5):
            raise FrameError("no parameter")
        parameters.append(inspect.Parameter(
            name, kinds[kind], default=... if optional else inspect.Parameter.empty))
    return inspect.Signature(parameters)


class _Items:
    """An iterator whose items come one by one."""

    def __init__(self, ask: Asks) -> None:
        self._ask = ask

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        __tracebackhide__ = True
        return self._ask("next", (), {})

    def __getattr__(self, name: str) -> Any:
        if name in _OF_GENERATORS:
            raise self._ask.cannot(f"{name} of an iterator")
        raise AttributeError(f"an iterator has no attribute {name!r}")


class _Thing:
    """Any other value. What is done with it is done by code of its own, which has to run there."""

    def __init__(self, ask: Asks, name: str) -> None:
        object.__setattr__(self, "_told", (ask, name))

    def __getattribute__(self, name: str) -> Any:
        __tracebackhide__ = True
        ask, what = object.__getattribute__(self, "_told")
        raise ask.cannot(f"{name} of a value of type {what}")


def _refuse(name: str) -> Any:
    def refused(self: Any, *_args: Any, **_named: Any) -> Any:
        __tracebackhide__ = True
        ask, what = object.__getattribute__(self, "_told")
        raise ask.cannot(f"{name} of a value of type {what}")

    return refused


_SPECIAL = (
    "call eq ne lt le gt ge hash bool len iter next contains getitem setitem delitem reversed "
    "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod radd rsub rmul "
    "rtruediv rfloordiv rmod rpow rmatmul rand ror rxor rlshift rrshift rdivmod iadd isub imul "
    "itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift neg pos abs invert int "
    "float complex index round trunc floor ceil str repr bytes format enter exit await aiter "
    "anext instancecheck subclasscheck setattr delattr dir copy deepcopy reduce reduce_ex"
)
for _name in _SPECIAL.split():
    setattr(_Thing, f"__{_name}__", _refuse(f"__{_name}__"))

"""What a test is going to ask for, known from the learner before, asked for at once.

A test calls a function with the same arguments whoever wrote it, and each call wakes two processes.
So the process of the tests remembers what was asked for the last time. With the first call it
names the others; the learner's process does them too, as far as that changes nothing there, and
sends all answers together. A test that asks for something else after all is answered as ever.
"""

from __future__ import annotations

import builtins
import math
import opcode
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

from kit.sandbox.travel.codec import MAX_BYTES, Packer, StaysError, Unpacker

_MOST_CALLS, _MOST_TEXT = 64, 4000
"""Of a test, what is remembered at most: calls, and characters of their arguments."""

_SECONDS = 0.02
"""How long calls may take, in all, that nobody may need."""

UNCHANGING = frozenset({int, float, complex, str, bytes, bool, type(None)})
"""Types of values that nothing changes."""


class Foresight:
    """What the tests of one process ask for. `begin` before each of them, `end` after it."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[str, str, Any]]] = {}
        self._test = ""
        self._calls: list[tuple[str, str, Any]] | None = None
        self._names: dict[int, str] = {}
        self._ahead: Sequence[tuple[int, str]] = ()
        self._answers: deque[tuple[int, str, Any]] = deque()

    def begin(self, test: str, numbers: Mapping[str, int]) -> None:
        """A test of this text, which is given functions of these names and numbers."""
        self._test, self._calls = test, []
        self._names = {number: name for name, number in numbers.items()}
        self._answers.clear()

    def end(self) -> None:
        """What was asked is known from now on, if it is more than was."""
        if self._calls is not None and len(self._calls) >= len(self._known.get(self._test, ())):
            self._known[self._test] = self._calls
        self._calls = None
        self._answers.clear()

    def answer(self, number: int, what: str, text: str, *, changed: bool) -> dict[str, Any] | None:
        """The answer to a call whose arguments are said so, if it is here; none is, once variables
        have `changed`."""
        if not self._answers:
            return None
        its, expected, value = self._answers.popleft()
        if changed or what != "call" or its != number or expected != text:
            self._answers.clear()
            return None
        return {"value": value}

    def asked(self, number: int, what: str, tree: Any, text: str) -> list[list[Any]]:
        """Note what is asked for; the calls that are going to follow, if it is the first. The
        `text` of its arguments is empty where they are not said in full."""
        calls = self._calls
        if calls is None:
            return []
        name = self._names.get(number)
        if (name is None or what != "call" or not text or len(calls) == _MOST_CALLS
                or len(text) > _MOST_TEXT):
            self._calls = None  # what comes after it is not told ahead
            return []
        calls.append((name, text, tree))
        if len(calls) > 1:
            return []
        known = self._known.get(self._test, [])
        if len(known) < 2 or known[0][:2] != (name, text):
            return []
        numbers = {one: its for its, one in self._names.items()}
        then = [(numbers[one], its, parts) for one, its, parts in known[1:] if one in numbers]
        self._ahead = [(its, said) for its, said, _ in then] if len(then) == len(known) - 1 else ()
        return [[its, parts] for its, _, parts in then] if self._ahead else []

    def heard(self, answers: Any) -> None:
        """The answers to the first of the calls that were named."""
        if type(answers) is list:
            self._answers.extend((number, text, value) for (number, text), value in zip(
                self._ahead, answers, strict=False))


def done_ahead(
    calls: Sequence[Sequence[Any]], target_of: Callable[[Any], Any],
    state_of: Callable[[Sequence[Any]], Any],
) -> list[Any]:
    """What calls give, up to the first that gives no plain value, fails, might change something
    or does not end soon. `state_of` tells what arguments are."""
    found: list[Any] = []
    targets = [target_of(number) for number, _ in calls[:_MOST_CALLS]]
    sure = {key: harmless(one) for key, one in {id(one): one for one in targets}.items()}
    unpacker, packer = Unpacker(()), Packer(MAX_BYTES)
    with _for_a_moment() as soon:
        for target, (_, given) in zip(targets, calls, strict=False):
            if not soon or not sure[id(target)]:
                break
            try:
                tree = _done(target, given, state_of, unpacker, packer)
            except Exception:  # noqa: BLE001 - called in its turn, it says so itself
                break
            found.append(tree)
    return found


def _done(
    target: Any, given: Any, state_of: Callable[[Sequence[Any]], Any], unpacker: Unpacker,
    packer: Packer,
) -> Any:
    args, named = unpacker.values(given[0]), {key: unpacker.value(one) for key, one in given[1]}
    values = [*args, *named.values()]
    before = state_of(values)
    tree = packer.value(target(*args, **named))
    if packer.buffers or (before is not None and state_of(values) != before):
        raise StaysError("not ahead")
    return tree


class _EnoughError(BaseException):
    """The moment is over."""


@contextmanager
def _for_a_moment() -> Iterator[bool]:
    """End what goes on within before long; gives whether that can be done."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(
            signal, "setitimer") or signal.getitimer(signal.ITIMER_REAL)[0]:  # a cell has set it
        yield False
        return
    before = signal.signal(signal.SIGALRM, _enough)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, _SECONDS)
            yield True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _EnoughError:
        pass
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)


def _enough(*_: object) -> None:
    raise _EnoughError


# ------------------------------------------------------------------- what changes nothing

_OPS = frozenset(opcode.opmap[name] for name in (
    "STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "DELETE_ATTR", "STORE_NAME", "DELETE_NAME",
    "IMPORT_NAME", "IMPORT_FROM", "LOAD_BUILD_CLASS") if name in opcode.opmap)
"""What code does that may change something beyond its own variables."""

_BUILTINS = {name: getattr(builtins, name) for name in (
    "abs", "all", "any", "bin", "bool", "chr", "complex", "dict", "divmod", "enumerate", "filter",
    "float", "frozenset", "hex", "int", "isinstance", "len", "list", "map", "max", "min", "oct",
    "ord", "pow", "range", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple",
    "zip", "ArithmeticError", "AssertionError", "Exception", "IndexError", "KeyError",
    "LookupError", "NotImplementedError", "OverflowError", "RuntimeError", "TypeError",
    "ValueError", "ZeroDivisionError")}
_METHODS = frozenset(name for kind in (str, bytes, list, tuple, dict, set, frozenset, int, float)
                     for name in dir(kind) if not name.startswith("_"))
"""Of values that came as arguments or that the code made itself: it may change those."""

_IN_MATH = frozenset(vars(math))


def harmless(value: Any, above: tuple[Any, ...] = ()) -> bool:
    """Whether a call is known to change nothing but what it was given and what it makes.

    It is where a function uses nothing but its arguments, numbers and texts, plain built-ins,
    `math`, and functions of which the same holds, and catches no error.
    """
    if type(value) is not FunctionType or len(above) > 5:
        return False
    defaults = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    if value.__closure__ or any(type(one) not in UNCHANGING for one in defaults):
        return False
    words = _words(value.__code__)
    return words is not None and all(_known(one, value, (*above, value)) for one in words)


def _words(code: CodeType) -> set[str] | None:
    """The names that code uses which are not its own variables; None where it does too much."""
    catches: bytes = getattr(code, "co_exceptiontable", b"")
    if catches or not _OPS.isdisjoint(code.co_code[::2]):  # what catches errors could not be ended
        return None
    words = set(code.co_names)
    for one in code.co_consts:
        if isinstance(one, CodeType):
            inner = _words(one)
            if inner is None:
                return None
            words |= inner
    return words


def _known(name: str, function: FunctionType, above: tuple[Any, ...]) -> bool:
    names = function.__globals__
    if name in names:
        value = names[name]
        return (type(value) in UNCHANGING or value is math
                or any(value is one for one in above) or harmless(value, above))
    if name in _BUILTINS:
        return vars(builtins).get(name) is _BUILTINS[name]
    return name in _METHODS or name in _IN_MATH

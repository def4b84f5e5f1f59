"""A process that runs one thing after another: made, before each, as it was before the first.

For cells that are known to leave nothing behind but variables. Values that were there before are
looked at, and how much memory the process has: where one of them became another, or it grew by
much, the process has to end.
"""

from __future__ import annotations

import gc
import os
import random
import struct
import sys
import warnings
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from kit.sandbox.guard import restore
from kit.sandbox.memory import address_space
from kit.sandbox.travel import Packer, StaysError, forget_stand_ins
from kit.sandbox.travel.foresight import UNCHANGING
from kit.sandbox.warm import Warm

_MOST_BYTES, _MOST_PARTS = 1 << 18, 5_000
"""What the values that are looked at may have in all: a new process costs less than more."""

_LAST = ("last_type", "last_value", "last_traceback", "last_exc")


class Origin:
    """What a process was before its first cell. Make it then; `watched` are names whose values
    the cells may reach; by `growth` bytes it may grow."""

    def __init__(self, warm: Warm, watched: Iterable[str], growth: int) -> None:
        shell: Any = warm.kernel.shell
        self._warm = warm
        self._names, self._hidden = dict(shell.user_ns), dict(shell.user_ns_hidden)
        self._watched = [name for name in watched if name in self._names]
        self._count = shell.execution_count
        self._inputs = len(shell.history_manager.input_hist_raw)
        self._said = {(holder, name): getattr(holder, name) for holder, name in _latest(shell)}
        self._results = dict(shell.history_manager.output_hist)
        self._filters = list(warnings.filters)
        self._drawn = _drawn() if warm.chance is not None else None
        self._values = self._told()
        self._room = address_space() + growth

    def back(self) -> bool:
        """Be as it was; whether it is."""
        if self._values is None or self._told() != self._values:
            return False
        self._variables()
        forget_stand_ins()
        gc.collect()  # what ends with it ends now, in whatever way
        if address_space() > self._room or restore(self._warm.kernel.shell, self._warm.state):
            return False
        warnings.filters[:] = self._filters  # type: ignore[index]
        with warnings.catch_warnings():
            pass  # what was warned of once is warned of again
        for name in _LAST:
            if hasattr(sys, name):
                delattr(sys, name)
        chance(self._warm, self._drawn)
        return True

    def _variables(self) -> None:
        shell: Any = self._warm.kernel.shell
        shell.user_ns.clear()
        shell.user_ns.update(self._names)
        shell.user_ns_hidden.clear()
        shell.user_ns_hidden.update(self._hidden)
        history = shell.history_manager
        del history.input_hist_raw[self._inputs:], history.input_hist_parsed[self._inputs:]
        history.db_input_cache.clear()
        history.output_hist.clear()
        history.output_hist.update(self._results)
        history.exceptions.clear()
        for name in ("_", "__", "___"):
            setattr(shell.displayhook, name, self._names.get(name, ""))
        shell.execution_count = self._count
        for (holder, name), value in self._said.items():
            setattr(holder, name, value)

    def _told(self) -> tuple[str, list[bytes]] | None:
        """The values of the watched names; None where they cannot be told."""
        packer = Packer(_MOST_BYTES, left=_MOST_PARTS)
        told: list[Any] = []
        try:
            for name in self._watched:
                value = self._names[name]
                if not _steady(value):
                    told.append(packer.value(value))
        except (StaysError, RecursionError):
            return None
        return repr(told), packer.buffers


def _latest(shell: Any) -> list[tuple[Any, str]]:
    """Where a shell keeps what came last: inputs, and what became of them."""
    return [*((shell.history_manager, name) for name in ("_i00", "_i", "_ii", "_iii")),
            (shell, "last_execution_result"), (shell, "last_execution_succeeded"),
            (shell, "_last_traceback")]


def _steady(value: Any) -> bool:
    """Whether nothing that is done with a value changes it."""
    if isinstance(value, FunctionType):
        defaults = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
        return not (vars(value) or value.__closure__) and all(
            type(one) in UNCHANGING for one in defaults)
    if isinstance(value, type):
        return value.__module__ != "__main__"
    return isinstance(value, (ModuleType, BuiltinFunctionType)) or type(value) in UNCHANGING


def chance(warm: Warm, drawn: Any = None) -> None:
    """Have chance be as in a fresh kernel, or as the author's first cells left it: then `drawn`
    is numpy's."""
    if warm.chance is not None:
        random.setstate(warm.chance)  # the module seeds itself anew in each fork
        if drawn is not None:
            sys.modules["numpy"].random.set_state(drawn)
        return
    random.seed()
    if "numpy" in sys.modules:
        # Forks share the warm process's random state. Without numbers numpy takes a hundred times
        # as long to find some.
        sys.modules["numpy"].random.seed(struct.unpack("4I", os.urandom(16)))


def _drawn() -> Any:
    numpy = sys.modules.get("numpy")
    return numpy.random.get_state(legacy=False) if numpy is not None else None

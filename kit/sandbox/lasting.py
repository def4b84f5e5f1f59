"""A process that runs one thing after another: made, before each, as it was before the first.

For cells of the author alone that are known to leave nothing behind but variables. Values that
were there before are looked at, and how much memory the process has: where one of them became
another, or it grew by much, the process has to end.
"""

from __future__ import annotations

import linecache
import os
import random
import struct
import sys
import warnings
from collections.abc import Iterable
from typing import Any

from kit.sandbox.memory import address_space
from kit.sandbox.sameness import Same
from kit.sandbox.travel import StaysError, forget_stand_ins
from kit.sandbox.warm import Warm

_LAST = ("last_type", "last_value", "last_traceback", "last_exc")


class Origin:
    """What a process was before its first cell. Make it then; `watched` are names whose values
    the cells may reach; by `growth` bytes it may grow."""

    def __init__(self, warm: Warm, watched: Iterable[str], growth: int) -> None:
        shell: Any = warm.kernel.shell
        self._warm = warm
        self._names, self._hidden = dict(shell.user_ns), dict(shell.user_ns_hidden)
        self._watched = frozenset(watched)
        self._count = shell.execution_count
        self._inputs = len(shell.history_manager.input_hist_raw)
        self._said = {(holder, name): getattr(holder, name) for holder, name in _latest(shell)}
        self._results = dict(shell.history_manager.output_hist)
        self._shown = {count: list(those) for count, those in shell.history_manager.outputs.items()}
        self._filters = list(warnings.filters)
        self._drawn = _drawn() if warm.chance is not None else None
        self._lines = dict(linecache.cache)
        self._same = self._made_of()
        self._room = address_space() + growth

    def back(self) -> bool:
        """Be as it was; whether it is."""
        if self._same is None or not self._same.unchanged():
            return False
        self._variables()
        forget_stand_ins()
        for name in _LAST:
            if hasattr(sys, name):
                delattr(sys, name)
        if address_space() > self._room:
            return False
        for name, lines in self._lines.items():  # of the author's cells, which tracebacks show
            linecache.cache[name] = lines
        warnings.filters[:] = self._filters  # type: ignore[index]
        with warnings.catch_warnings():
            pass  # what was warned of once is warned of again
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
        history.outputs.clear()
        history.outputs.update({count: list(those) for count, those in self._shown.items()})
        shell.InteractiveTB.tb = shell.SyntaxTB.last_syntax_error = None  # frames are held there
        for name in ("_", "__", "___"):
            setattr(shell.displayhook, name, self._names.get(name, ""))
        shell.execution_count = self._count
        for (holder, name), value in self._said.items():
            setattr(holder, name, value)

    def _made_of(self) -> Same | None:
        """What the values are made of that cells may reach; None where that cannot be told."""
        shell: Any = self._warm.kernel.shell
        values = {name: value for name, value in self._names.items()
                  if self._hidden.get(name, self) is not value}
        shown = [*self._results.values(), shell.displayhook._]
        try:
            return Same([value for name, value in values.items() if name in self._watched],
                        [*values.values(), *shown])
        except (StaysError, RecursionError):
            return None


def _latest(shell: Any) -> list[tuple[Any, str]]:
    """Where a shell keeps what came last: inputs, and what became of them."""
    return [*((shell.history_manager, name) for name in ("_i00", "_i", "_ii", "_iii")),
            (shell, "last_execution_result"), (shell, "last_execution_succeeded"),
            (shell, "_last_traceback")]


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

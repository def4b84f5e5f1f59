"""Puts the shell's own machinery back before a test runs.

Untrusted cells share the process, so this stops the cheap forgeries (a transformer that drops
`assert` lines, a formatter that turns 0.0 into 3.0), not a determined one.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import gc
import operator
import os
import sys
from collections.abc import Mapping
from typing import Any
from unittest import TestCase

from kit.sandbox.stamps import stamp

_MODULES = ("math", "operator", "unittest", "unittest.case", "numpy.testing", "pandas.testing",
            "numpy", "pandas")
_OWN_BUILTINS = frozenset({"_", "__", "___", "input", "get_ipython", "display"})
_PLAIN = frozenset({"builtins", "numpy", "decimal", "fractions"})
_FORMATTER_TABLES = ("singleton_printers", "type_printers", "deferred_printers")

_all, _is, _len, _map = all, operator.is_, len, map
"""As they were before any cell, which may put others in their places."""

State = dict[str, Any]


class Variables:
    """The variables that were stated for a run, put back where a cell changed them.

    Make it before the first cell: it keeps the environment that the process really has.
    """

    def __init__(self, stated: Mapping[str, str]) -> None:
        self._stated = dict(stated)
        self._environ = os.environ

    def restore(self) -> list[str]:
        """Put them back; the names of those that had been changed."""
        changed: list[str] = []
        with contextlib.suppress(Exception):  # whatever became of the class of it
            if getattr(os, "environ", None) is not self._environ:
                os.environ = self._environ  # noqa: B003 - a cell put another in its place
                changed.append("os.environ")
            for name, value in self._stated.items():
                if self._environ.get(name) != value:
                    self._environ[name] = value
                    changed.append(name)
        return changed


def remember(shell: Any) -> State:
    """What `restore` will put back."""
    manager = shell.input_transformer_manager
    return {
        "manager": manager,
        "lists": [(holder, name, list(getattr(holder, name))) for holder, name in _lists(shell)],
        "interactivity": shell.ast_node_interactivity,
        "hooks": (shell.displayhook, shell.display_pub, shell.display_formatter,
                  shell.display_trap.hook),
        "tables": [(table, dict(table), stamp(table)) for table in _tables(shell)],
        "floats": _float_format(shell),
        "objects": [(thing, dict(vars(thing))) for thing in _objects(shell)],
        "values": [(holder, dict(vars(holder)), stamp(_own(holder)))
                   for holder in (*_classes(shell), *_modules())],
        "events": {name: list(calls) for name, calls in shell.events.callbacks.items()},
    }


def changes_nothing(source: str) -> bool:
    """Whether a cell, before it runs, does no more than to name what is loaded already: then what
    was remembered before it still holds."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        return False
    return all(map(_names_what_is_loaded, body))


def _names_what_is_loaded(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(one.name in sys.modules for one in statement.names)
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        module = sys.modules.get(statement.module or "")
        return module is not None and all(one.name in vars(module) for one in statement.names)
    return False


def restore(shell: Any, state: State) -> list[str]:
    """Put everything back; the names of what had been changed, in plain words."""
    changed: list[str] = []
    sys.settrace(None)
    sys.setprofile(None)
    _restore_lists(shell, state, changed)
    _restore_hooks(shell, state, changed)
    for table, kept, before in state["tables"]:
        if not (before and before.holds()):
            _restore_printers(table, kept, changed)
    if _float_format(shell) != state["floats"]:
        shell.display_formatter.formatters["text/plain"].float_precision = ""
    for thing, kept in state["objects"]:
        _restore_object(thing, kept, changed)
    for holder, kept, before in state["values"]:
        if not (before and before.holds()):
            _restore_values(holder, kept, changed)
    _restore_events(shell, state, changed)
    return sorted(set(changed))


def _lists(shell: Any) -> list[tuple[Any, str]]:
    manager = shell.input_transformer_manager
    return [(manager, "cleanup_transforms"), (manager, "line_transforms"),
            (manager, "token_transformers"), (shell, "input_transformers_post"),
            (shell, "ast_transformers")]


def _restore_lists(shell: Any, state: State, changed: list[str]) -> None:
    if shell.input_transformer_manager is not state["manager"]:
        shell.input_transformer_manager = state["manager"]
        changed.append("input transformers")
    for holder, name, kept in state["lists"]:
        current = getattr(holder, name)
        if len(current) != len(kept) or any(a is not b for a, b in
                                            zip(current, kept, strict=True)):
            setattr(holder, name, list(kept))
            changed.append("ast transformers" if name == "ast_transformers"
                           else "input transformers")


def _restore_hooks(shell: Any, state: State, changed: list[str]) -> None:
    if shell.ast_node_interactivity != state["interactivity"]:
        shell.ast_node_interactivity = state["interactivity"]
    hook, publisher, formatter, trap = state["hooks"]
    if (shell.displayhook is not hook or shell.display_trap.hook is not trap
            or shell.display_pub is not publisher or shell.display_formatter is not formatter):
        shell.displayhook, shell.display_pub = hook, publisher
        shell.display_formatter, shell.display_trap.hook = formatter, trap
        changed.append("display hook")


def _tables(shell: Any) -> list[dict[Any, Any]]:
    from IPython.lib import pretty

    return [
        *(getattr(formatter, name)
          for formatter in shell.display_formatter.formatters.values()
          for name in _FORMATTER_TABLES),
        pretty._type_pprinters, pretty._singleton_pprinters, pretty._deferred_type_pprinters,
    ]


def _restore_printers(table: dict[Any, Any], kept: dict[Any, Any], changed: list[str]) -> None:
    # Only printers of plain values can turn one number into another; a library that registers
    # its own types (figures, tables) is left alone.
    for key in [key for key in table if table[key] is not kept.get(key) and _is_plain(key)]:
        if key in kept:
            table[key] = kept[key]
        else:
            del table[key]
        changed.append("display formatters")


def _is_plain(key: Any) -> bool:
    module = key[0] if isinstance(key, tuple) else getattr(key, "__module__", "builtins")
    return str(module).split(".")[0] in _PLAIN


def _float_format(shell: Any) -> str:
    return str(shell.display_formatter.formatters["text/plain"].float_format)


def _objects(shell: Any) -> list[Any]:
    formatters = shell.display_formatter.formatters.values()
    return [shell, shell.displayhook, shell.display_pub, shell.kernel, shell.kernel.session,
            shell.kernel.recorder, shell.display_formatter, *formatters]


def _classes(shell: Any) -> list[type]:
    found = [kind for thing in _objects(shell) for kind in type(thing).__mro__
             if kind.__module__.split(".")[0] in ("IPython", "ipykernel", "kit")]
    return [*dict.fromkeys(found), TestCase]


def _own(holder: Any) -> dict[str, Any]:
    """The dict of a module or class itself, which else shows a view of it."""
    found = vars(holder)
    return found if isinstance(found, dict) else gc.get_referents(found)[0]


def _modules() -> list[Any]:
    return [builtins, *(sys.modules[name] for name in _MODULES if name in sys.modules)]


def _restore_object(thing: Any, kept: dict[str, Any], changed: list[str]) -> None:
    # Only functions laid over the class's own: data of the instance changes in honest use.
    kind = type(thing)
    for name, value in list(vars(thing).items()):
        if name not in kept and callable(value) and hasattr(kind, name):
            delattr(thing, name)
            changed.append(f"{kind.__name__}.{name}")


def _restore_values(holder: Any, kept: dict[str, Any], changed: list[str]) -> None:
    current = vars(holder)
    if _is_the_same(current, kept):
        return
    for name, value in kept.items():
        if current.get(name) is value or name in _OWN_BUILTINS or not callable(value):
            continue
        try:
            setattr(holder, name, value)
        except (AttributeError, TypeError):
            continue
        changed.append(f"{getattr(holder, '__name__', 'module')}.{name}")


def _is_the_same(current: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether the very things stand under the very names, in their order."""
    return (_len(current) == _len(kept) and _all(_map(_is, current, kept))
            and _all(_map(_is, current.values(), kept.values())))


def _restore_events(shell: Any, state: State, changed: list[str]) -> None:
    for name, calls in shell.events.callbacks.items():
        kept = state["events"].get(name, [])
        own = [call for call in calls
               if call in kept or getattr(call, "__module__", "__main__") != "__main__"]
        if len(own) != len(calls):
            calls[:] = own
            changed.append("event callbacks")

"""What a cell may leave behind, beside variables, in the process that runs it.

A process in which only such cells ran that leave nothing can judge one learner after another:
its variables are put back, and it is as it was. A cell is taken to leave something unless all
that it uses is known to leave nothing.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kit.grading.bindings import plain
from kit.grading.checked import parsed

_ANY = frozenset({"*"})
_ASSERTS = frozenset({"assert*"})

_MODULES: Mapping[str, frozenset[str]] = {
    "abc": _ANY, "autograders": _ANY, "autograders.accounting": _ANY,
    "autograders.finance": _ANY, "bisect": _ANY, "cmath": _ANY, "collections": _ANY,
    "collections.abc": _ANY, "contextlib": _ANY, "copy": _ANY, "dataclasses": _ANY,
    "datetime": _ANY, "decimal": frozenset({"Decimal", "ROUND*", "localcontext"}), "enum": _ANY,
    "fractions": _ANY, "functools": _ANY, "heapq": _ANY, "io": frozenset({"StringIO", "BytesIO"}),
    "itertools": _ANY, "json": frozenset({"dumps", "loads"}), "math": _ANY, "numbers": _ANY,
    "numpy": _ANY, "numpy.fft": _ANY, "numpy.linalg": _ANY, "numpy.ma": _ANY,
    "numpy.polynomial": _ANY, "numpy.random": _ANY, "numpy.testing": _ASSERTS, "operator": _ANY,
    "pandas": _ANY, "pandas.testing": _ASSERTS, "pytest": frozenset({"approx", "raises"}),
    "random": _ANY, "re": _ANY, "scipy": _ANY, "scipy.integrate": _ANY,
    "scipy.interpolate": _ANY, "scipy.linalg": _ANY, "scipy.optimize": _ANY,
    "scipy.special": _ANY, "scipy.stats": _ANY, "statistics": _ANY, "string": _ANY,
    "textwrap": _ANY, "types": _ANY, "typing": _ANY,
    "time": frozenset({"monotonic", "perf_counter", "sleep", "time"}),
    "inspect": frozenset({"is*", "signature", "Parameter", "Signature"}),
    "nose.tools": frozenset({"assert*", "eq_", "ok_", "raises"}),
    "unittest": frozenset({"TestCase"}),
    "warnings": frozenset({"catch_warnings", "filterwarnings", "simplefilter", "warn"}),
}
"""Modules, and what of them leaves nothing behind. The state of chance and the filters of
warnings are put back, so what changes those may be used."""

_NOT_OF: Mapping[str, frozenset[str]] = {
    "numpy": frozenset({
        "set*", "save*", "memmap", "lib", "core", "ctypeslib", "f2py", "test", "add_*",
        "distutils", "DataSource", "typecodes", "sctypeDict"}),
    "numpy.random": frozenset({"mtrand", "bit_generator", "set_bit_generator"}),
    "pandas": frozenset({
        "set_*", "reset_*", "describe_option", "options", "api", "core", "io", "plotting",
        "util", "tseries", "to_pickle", "ExcelWriter", "HDFStore", "test"}),
    "operator": frozenset({"attrgetter", "methodcaller"}),
    "types": frozenset({"ModuleType"}),
    "functools": frozenset({"singledispatch*"}),
    "copy": frozenset({"dispatch_table"}), "random": frozenset({"SystemRandom"}),
    "re": frozenset({"purge"}), "abc": frozenset({"ABC*"}),
    "typing": frozenset({"get_type_hints"}),
}
"""What of such modules does leave something, or leads to what does."""

_WRITES = (
    "to_*", "tofile", "dump", "plot", "hist", "boxplot", "save*", "write*", "eval", "query",
    "register", "cache_clear", "mkdir", "unlink", "touch", "rename", "setstate")
"""Methods of values that may write files, draw, or run text."""

_STILL = ("to_list", "to_numpy", "to_dict", "to_frame", "to_records", "to_string", "to_period",
          "to_timestamp", "to_pydatetime", "to_pytimedelta", "to_series", "to_flat_index",
          "to_integral_value", "to_eng_string", "to_bytes")
"""Of those, what gives a value and does nothing else."""

_BUILTINS = frozenset(dir(builtins)) - {
    "__import__", "__build_class__", "breakpoint", "compile", "copyright", "credits", "delattr",
    "eval", "exec", "exit", "globals", "help", "input", "license", "locals", "open", "quit",
    "setattr", "vars"}
_DUNDERS = frozenset({"__name__", "__doc__", "__len__", "__init__", "__call__", "__class__"})


def left_by(cells: Iterable[str]) -> str:
    """What these cells, which run one after the other, may leave behind; or "" for nothing."""
    look = _Look()
    try:
        trees = [_tree(source) for source in cells]
        for tree in trees:
            for node in ast.walk(tree):
                look.import_of(node)
        for tree in trees:
            look.at(tree)
    except (SyntaxError, ValueError, RecursionError):
        return "it cannot be read as Python"
    except _LeavesError as error:
        return str(error)
    return ""


class _LeavesError(Exception):
    """Something may be left; the text says what."""


def _tree(source: str) -> ast.Module:
    text = plain(source)
    if text != source:
        raise _LeavesError("it has magics")
    return parsed(text)


@dataclass(slots=True)
class _Look:
    """`known` are names of modules and of what is imported from them, by the name in the cell."""

    known: dict[str, str] = field(default_factory=dict)

    def import_of(self, node: ast.AST) -> None:
        """Note what an import makes known; what it leaves is there for all that follow it."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                self._note(alias.asname or first, alias.name if alias.asname else first)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    raise _LeavesError(f"it imports all of {node.module}")
                self._note(alias.asname or alias.name, f"{node.module}.{alias.name}")

    def _note(self, name: str, path: str) -> None:
        if self.known.setdefault(name, path) != path:
            raise _LeavesError(f"{name} is the name of two things")

    def at(self, node: ast.AST) -> None:
        """Look at a node and all in it."""
        if isinstance(node, ast.Attribute):
            self._attribute(node)
        elif isinstance(node, ast.Name):
            self._name(node)
        elif isinstance(node, ast.Call):
            self._fetch(node)
            self._all_in(node)
        elif isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef)):
            raise _LeavesError("it waits for something")
        else:
            self._all_in(node)

    def _all_in(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self.at(child)

    def _name(self, node: ast.Name) -> None:
        path = self.known.get(node.id)
        if path is not None:
            if not isinstance(node.ctx, ast.Load):
                raise _LeavesError(f"it gives {node.id} another meaning")
            _use(path)
        elif node.id in _ALL_BUILTINS and node.id not in _BUILTINS:
            raise _LeavesError(f"it uses {node.id}")

    def _attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            raise _LeavesError(f"it changes the attribute {node.attr}")
        names = list(_chain(node))
        path = self.known.get(names[0]) if names else None
        if path is None:
            _method(node.attr)
            self.at(node.value)
        else:
            _use(".".join([path, *names[1:]]))

    def _fetch(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
            name = node.args[1] if len(node.args) > 1 else None
            if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
                raise _LeavesError("it looks up a name that its text does not tell")
            _method(name.value)


_ALL_BUILTINS = frozenset(dir(builtins)) | {
    "get_ipython", "display", "In", "Out", "exit", "quit", "_ih", "_oh", "_dh"}


def _chain(node: ast.Attribute) -> Iterator[str]:
    """The names of a.b.c, if it is nothing but names."""
    names = []
    inner: ast.AST = node
    while isinstance(inner, ast.Attribute):
        names.append(inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name):
        yield inner.id
        yield from reversed(names)


def _use(path: str) -> None:
    """Look at what a name of an import leads to: a part of a module, and what is taken of that."""
    names = path.split(".")
    size = next((size for size in range(len(names), 0, -1)
                 if ".".join(names[:size]) in _MODULES), 0)
    module, rest = ".".join(names[:size]), names[size:]
    if not rest:
        raise _LeavesError(f"it hands on the module {path}")
    part = rest[0]
    if (part.startswith("_") or not _among(part, _MODULES.get(module, frozenset()))
            or _among(part, _NOT_OF.get(module, ()))):
        raise _LeavesError(f"it uses {path}")
    for name in rest[1:]:
        _method(name)


def _method(name: str) -> None:
    if name.startswith("__") and name not in _DUNDERS:
        raise _LeavesError(f"it uses {name}")
    if name not in _STILL and _among(name, _WRITES):
        raise _LeavesError(f"it calls {name}")


def _among(name: str, patterns: Iterable[str]) -> bool:
    return any(name.startswith(one[:-1]) if one.endswith("*") else name == one
               for one in patterns)

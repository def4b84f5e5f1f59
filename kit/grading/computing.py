"""Cells that only compute: nothing that they do can outlast their variables.

A learner's code is hostile until proven otherwise, and this is the proof. A cell passes where each
part of it is one of those listed here: arithmetic, comparisons, loops, functions, built-in
functions that touch nothing but what they are given, methods of plain values, `math`. Such a cell
has no name for anything that was there before it but its own notebook's variables, it opens,
imports and changes nothing else, and nothing of it runs once its process was made as it was: it
has no generator, class or finalizer of its own. Of libraries it reaches what is written in C
alone. IPython compiles its text as it is, so that what was read is what runs. And nothing in it
catches what tells that the process, not the cell, is at an end of something: memory, or depth.

Nor does code of a learner run while C is at work on anything that this code could reach. That a
list shrank while its slice was being assigned has written beyond its end, in some release of
Python, and there will be more of the kind. So what calls learners' code from C (`map`, generator
expressions, keys to sort by) stands where nothing but its result comes of it.

So a process in which only such cells ran, and none went wrong, may run another learner's cells of
that kind next. What is not listed is refused. That costs a process, and is never wrong.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from kit.grading.checked import parsed
from kit.sandbox.sure import is_sure

LONGEST = 10_000
"""Characters of a cell that is looked at."""

_BUILTINS = frozenset({
    "abs", "all", "any", "ascii", "bin", "bool", "chr", "complex", "dict", "divmod",
    "enumerate", "filter", "float", "frozenset", "hex", "int", "isinstance", "iter", "len", "list",
    "map", "max", "min", "next", "oct", "ord", "pow", "print", "range", "repr", "reversed", "round",
    "set", "sorted", "str", "sum", "tuple", "zip",
    "ArithmeticError", "AssertionError", "Exception", "IndexError", "KeyError", "LookupError",
    "NotImplementedError", "OverflowError", "RuntimeError", "StopIteration", "TypeError",
    "ValueError", "ZeroDivisionError"})

CAUGHT = frozenset({
    "ArithmeticError", "AssertionError", "IndexError", "KeyError", "LookupError",
    "NotImplementedError", "OverflowError", "StopIteration", "TypeError", "ValueError",
    "ZeroDivisionError"})
"""What a cell may catch: neither is MemoryError one of these, nor RecursionError."""

_TAKE = frozenset({
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"})
"""Functions that take all that their first argument gives, into something that is new."""

_TAKE_TOO = frozenset({"join", "fsum", "prod"})
"""Methods of texts, and functions of `math`, that do."""

_CALL_BACK = frozenset({"filter", "iter", "map"})
"""Functions that give what calls others when it is taken."""

_KEPT = CAUGHT | _TAKE | _CALL_BACK | {"str", "isinstance"}
"""Names that mean what they mean everywhere, for the sake of what is said of them here."""

_REFUSED = (frozenset(dir(builtins)) - _BUILTINS) | {
    "In", "Out", "get_ipython", "display", "exit", "quit"}

MODULES: Mapping[str, frozenset[str]] = {
    "math": frozenset({
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "comb", "copysign",
        "cos", "cosh", "degrees", "dist", "e", "erf", "erfc", "exp", "expm1", "fabs", "factorial",
        "floor", "fmod", "frexp", "fsum", "gamma", "gcd", "hypot", "inf", "isclose", "isfinite",
        "isinf", "isnan", "isqrt", "lcm", "ldexp", "lgamma", "log", "log10", "log1p", "log2",
        "modf", "nan", "perm", "pi", "pow", "prod", "radians", "remainder", "sin", "sinh", "sqrt",
        "tan", "tanh", "tau", "trunc", "ulp"}),
    "string": frozenset({
        "ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "octdigits",
        "printable", "punctuation", "whitespace"}),
}
"""Modules, and what of them keeps nothing and leads nowhere: values, and functions written in C.

A function or method written in Python does with any value what its author meant for some:
`Counter.copy(int)` is `type`."""

METHODS = frozenset({
    # of texts
    "capitalize", "casefold", "center", "count", "endswith", "expandtabs", "find", "index",
    "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
    "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans",
    "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust",
    "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase",
    "title", "translate", "upper", "zfill",
    # of lists, dictionaries and sets
    "append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse", "sort", "fromkeys",
    "get", "items", "keys", "popitem", "setdefault", "update", "values", "add", "difference",
    "difference_update", "discard", "intersection", "intersection_update", "isdisjoint",
    "issubset", "issuperset", "symmetric_difference", "symmetric_difference_update", "union",
    # of numbers
    "as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "imag", "is_integer",
    "numerator", "real"})
"""Methods of plain values, all written in C. None looks a name up, as `format` of texts does."""

_ATTRIBUTES = METHODS.union(*MODULES.values())

_PARTS: frozenset[type[ast.AST]] = frozenset({
    ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If,
    ast.Break, ast.Continue, ast.Pass, ast.Return, ast.Assert, ast.Raise, ast.Delete,
    ast.NamedExpr, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Dict, ast.Set,
    ast.List, ast.Tuple, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Call,
    ast.JoinedStr, ast.FormattedValue, ast.Starred, ast.Slice, ast.Lambda,
    ast.arguments, ast.keyword})
"""Parts that hold no name themselves, but other parts."""

_NO_PARTS = frozenset({
    "id", "attr", "arg", "name", "names", "module", "level", "asname", "ctx", "op", "ops",
    "conversion", "simple", "is_async", "type_comment", "type_ignores"})
"""Fields that hold no parts that are looked at: names, flags, and operators, which all do."""


def _named(name: str | None) -> bool:
    return name is None or name == "_" or not (name.startswith("_") or name in _REFUSED)


def _bound(name: str | None) -> bool:
    return _named(name) and name not in _KEPT


def _imported(node: ast.Import) -> bool:
    return all(one.name in MODULES and _bound(one.asname) for one in node.names)


def _taken(node: ast.ImportFrom) -> bool:
    found = MODULES.get(node.module or "", frozenset()) if node.level == 0 else frozenset()
    return all(one.name in found and _bound(one.asname or one.name) for one in node.names)


def _caught(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return all(isinstance(one, ast.Name) and one.id in CAUGHT for one in kinds)


def _changed(node: ast.Subscript) -> bool:
    """Whether a part is read, or what is changed is not every second one, or so."""
    return type(node.ctx) is ast.Load or not any(
        isinstance(one, ast.Slice) and one.step is not None for one in ast.walk(node.slice))


def _has_its_place(node: ast.AST) -> bool:
    """Whether a part may stand in some places alone: those that `_places` tells."""
    if isinstance(node, ast.Name):
        return type(node.ctx) is ast.Load and (node.id == "str" or node.id in _CALL_BACK)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _CALL_BACK - {"iter"}
    return isinstance(node, ast.GeneratorExp) or (
        isinstance(node, ast.Attribute) and node.attr == "sort")


def _places(node: ast.AST) -> Iterable[ast.AST]:
    """Parts of a part that stand where they may."""
    if isinstance(node, (ast.For, ast.comprehension)):
        return _calls([node.iter])
    if isinstance(node, ast.Attribute):
        return _texts([node.value])
    if not isinstance(node, ast.Call) or any(isinstance(one, ast.Starred) for one in node.args):
        return ()
    if isinstance(node.func, ast.Attribute):
        return _of_a_method(node, node.func)
    return _of_a_function(node, node.func) if isinstance(node.func, ast.Name) else ()


def _of_a_method(node: ast.Call, method: ast.Attribute) -> Iterable[ast.AST]:
    if method.attr == "sort":  # a key would be called while the list is at work
        plain = not node.args and all(one.arg == "reverse" for one in node.keywords)
        return (method,) if plain else ()
    return _calls(node.args[:1]) if method.attr in _TAKE_TOO else ()


def _of_a_function(node: ast.Call, name: ast.Name) -> Iterable[ast.AST]:
    """`str` makes a text of one value, or is the type. With a second one it looks for a codec,
    which is a module, and remembers what it found."""
    if name.id == "str":
        return (name,) if len(node.args) <= 1 and not node.keywords else ()
    if name.id == "isinstance":
        return _texts(part for one in node.args[1:] for part in (one, *getattr(one, "elts", ())))
    if name.id == "map":
        return (name, *_texts(node.args[:1] if len(node.args) == 2 else ()))
    if name.id == "filter" or (name.id == "iter" and len(node.args) == 1):
        return (name,)
    if name.id in _TAKE:
        return (*_calls(node.args[:1]),
                *_texts(one.value for one in node.keywords if one.arg == "key"))
    return ()


def _calls(nodes: Iterable[ast.AST]) -> Iterable[ast.AST]:
    return (one for one in nodes if isinstance(one, (ast.Call, ast.GeneratorExp)))


def _texts(nodes: Iterable[ast.AST]) -> Iterable[ast.AST]:
    return (one for one in nodes if isinstance(one, ast.Name) and one.id == "str")


_NAMED: Mapping[type[ast.AST], Callable[..., bool]] = {
    ast.Name: lambda node: (_named if type(node.ctx) is ast.Load else _bound)(node.id),
    ast.Attribute: lambda node: type(node.ctx) is ast.Load and node.attr in _ATTRIBUTES,
    ast.Subscript: _changed,
    ast.FunctionDef: lambda node: _bound(node.name),
    ast.arg: lambda node: _bound(node.arg),
    ast.Try: lambda node: not node.finalbody,  # which may return, and so end an error
    ast.ExceptHandler: lambda node: _bound(node.name) and _caught(node.type),
    ast.Global: lambda node: all(map(_bound, node.names)),
    ast.Nonlocal: lambda node: all(map(_bound, node.names)),
    ast.comprehension: lambda node: not node.is_async,
    ast.Import: _imported,
    ast.ImportFrom: _taken,
}
"""Parts that hold names, and whether those are in order."""

_FIELDS: Mapping[type[Any], Sequence[str]] = {
    **{kind: tuple(name for name in kind._fields if name not in _NO_PARTS)
       for kind in (*_PARTS, *_NAMED)},
    ast.Constant: (), type(None): ()}


@lru_cache(maxsize=256)
def only_computes(source: str) -> bool:
    """Whether a cell, as a learner wrote it, only computes."""
    if len(source) > LONGEST or not is_sure(source):
        return False
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return _in_order(tree)


def _in_order(tree: ast.Module) -> bool:
    waiting: list[Any] = [tree]
    placed: set[ast.AST] = set()
    while waiting:
        node = waiting.pop()
        kind = type(node)
        fields = _FIELDS.get(kind)
        if fields is None:
            return False
        placed.update(_places(node))
        look = _NAMED.get(kind)
        if (look is not None and not look(node)) or (
                _has_its_place(node) and node not in placed):
            return False
        for name in fields:
            part = getattr(node, name)
            if type(part) is list:
                waiting += part
            elif part is not None:
                waiting.append(part)
    return True

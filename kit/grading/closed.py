"""Calls of a learner's functions whose arguments a test alone decides.

What such a call is given is the same for every learner and holds nothing of any, so it can be
asked for before its turn. Whatever is not sure is taken not to be so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set

_PURE = frozenset({
    "abs", "bool", "bytes", "chr", "complex", "dict", "divmod", "float", "frozenset", "hex", "int",
    "len", "list", "max", "min", "ord", "pow", "range", "repr", "round", "set", "sorted", "str",
    "sum", "tuple"})
_CALLED = _PURE | {
    "all", "any", "enumerate", "isinstance", "issubclass", "print", "reversed", "type", "zip"}
"""What a test may call beside the learner's functions: none of it calls one of those by itself."""

_LIBRARIES = frozenset({"math", "cmath", "np", "numpy", "pd", "pandas", "pytest", "statistics"})
_REFUSED = (ast.AsyncFunctionDef, ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Global,
            ast.Nonlocal, ast.Match, ast.Await, ast.Yield, ast.YieldFrom, ast.Delete)
_COMPUTED = (ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.JoinedStr,
             ast.FormattedValue, ast.Subscript, ast.Slice)
_DISPLAYS = (ast.Tuple, ast.List, ast.Set, ast.Dict)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def closed(tree: ast.Module, asks: Iterable[str], bound: Set[str]) -> frozenset[str]:
    """The names in `asks`, of the learner, that a test only calls, and with arguments that it
    makes of numbers and texts in it. `bound` are names that other cells of the author bind."""
    theirs = frozenset(asks)
    if any(isinstance(node, _REFUSED) for node in ast.walk(tree)):
        return frozenset()
    pure = _PURE - theirs - bound
    known = _Known(pure=pure, steady=_steady(tree, pure, theirs | bound))
    may_call = theirs | (_CALLED - bound)
    loose: set[str] = set()
    called: set[int] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in may_call:
            called.add(id(node.func))
            given = [*node.args, *(one.value for one in node.keywords)]
            if node.func.id in theirs and not all(known.fresh(one) for one in given):
                loose.add(node.func.id)
        elif not _of_library(node.func):
            return frozenset()  # it may call one of them, with anything
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    loose |= {node.id for node in named if id(node) not in called}
    return theirs.intersection(node.id for node in named) - loose


def _of_library(function: ast.expr) -> bool:
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in _LIBRARIES


class _Known:
    """What is sure of expressions, with the names of `pure` built-ins and of `steady` values."""

    def __init__(self, *, pure: frozenset[str], steady: frozenset[str]) -> None:
        self.pure, self.steady = pure, steady

    def lasting(self, node: ast.expr) -> bool:
        """Whether it is a number or text that the test alone decides, which nobody can change."""
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Name):
            return node.id in self.steady
        if isinstance(node, ast.Tuple):
            return all(self.lasting(one) for one in node.elts)
        return isinstance(node, (ast.UnaryOp, ast.BinOp)) and all(
            self.lasting(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))

    def items(self, node: ast.expr) -> bool:
        """Whether all that it gives one after another is `lasting`."""
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(self.lasting(one) for one in node.elts)
        return (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and node.func.id == "range" and "range" in self.pure
                and not node.keywords and all(self.lasting(one) for one in node.args))

    def fresh(self, node: ast.expr) -> bool:
        """Whether it is made anew, there and then, of what is `lasting`."""
        if self.lasting(node):
            return True
        if isinstance(node, ast.Call):
            return (isinstance(node.func, ast.Name) and node.func.id in self.pure
                    and all(self.fresh(one) for one in node.args)
                    and all(self.fresh(one.value) for one in node.keywords))
        if isinstance(node, _COMPREHENSIONS):
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            tests = [one for loop in node.generators for one in loop.ifs]
            return (all(self.items(loop.iter) for loop in node.generators)
                    and all(self.fresh(one) for one in (*parts, *tests)))
        if isinstance(node, ast.Starred):
            return self.fresh(node.value)
        return isinstance(node, (*_COMPUTED, *_DISPLAYS)) and all(
            self.fresh(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))


def _steady(tree: ast.Module, pure: frozenset[str], elsewhere: Set[str]) -> frozenset[str]:
    """The names to which a test binds nothing but lasting values; of those that are bound
    `elsewhere` too, the ones that it uses only inside of comprehensions that bind them."""
    bindings = list(_bindings(tree))
    inside = {id(one) for node in ast.walk(tree) if isinstance(node, _COMPREHENSIONS)
              for loop in node.generators for target in ast.walk(loop.target)
              if isinstance(target, ast.Name) for one in ast.walk(node)
              if isinstance(one, ast.Name) and one.id == target.id}
    outside = {node.id for node in ast.walk(tree)
               if isinstance(node, ast.Name) and id(node) not in inside}
    steady = {name for name, _, _ in bindings} - (elsewhere & outside)
    while True:
        known = _Known(pure=pure, steady=frozenset(steady))
        loose = {name for name, value, each in bindings if value is None or not (
            known.items(value) if each else known.lasting(value))}
        if not loose & steady:
            return known.steady
        steady -= loose


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None, bool]]:
    """(name, what it is bound to, whether to each item of that); None where it is something
    else."""
    sure: set[int] = set()
    for node in ast.walk(tree):
        for target, value, each in _given(node):
            parts = list(ast.walk(target))
            if all(isinstance(one, (ast.Name, ast.Tuple, ast.Store)) for one in parts):
                names = [one for one in parts if isinstance(one, ast.Name)]
                sure.update(map(id, names))
                yield from ((one.id, value, each) for one in names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in sure:
            yield node.id, None, False
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0], None, False
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, None, False


def _given(node: ast.AST) -> list[tuple[ast.expr, ast.expr, bool]]:
    """(target, value, whether each item of it) of a node that binds as an assignment does."""
    if isinstance(node, ast.Assign):
        return [(target, node.value, False) for target in node.targets]
    if isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        return [(node.target, node.value, False)]
    if isinstance(node, (ast.For, ast.comprehension)):
        return [(node.target, node.iter, True)]
    return []

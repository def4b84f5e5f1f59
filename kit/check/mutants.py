"""A solution made wrong in one place at a time: what tests that are worth their points notice.

A mutant changes a constant, an operator, a comparison or a sign, drops a statement or an entry
of a list, or swaps two neighbours of a tuple. Lines that end in the comment `# mutate: no` are
left alone, for what may be either way.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

MOST = 60
"""How many mutants of one answer are tried; of more, every so many-th is taken."""

_LEAVE = re.compile(r"#\s*mutate:\s*no\s*$")
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A changed solution: its whole source, the line that was changed, and how."""

    source: str
    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One change at a node: its line, what it is in words, and the change made in place."""

    line: int
    what: str
    make: Callable[[Any], object]


def mutants(source: str) -> tuple[Mutant, ...]:
    """The mutants of a solution, in the order of its lines; none where it cannot be parsed."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ()
    left = {number for number, line in enumerate(source.split("\n"), 1) if _LEAVE.search(line)}
    remarks = {id(node.value) for node in ast.walk(tree)
               if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    possible = [(change, place, number) for place, node in enumerate(ast.walk(tree))
                if id(node) not in remarks  # docstrings
                for number, change in enumerate(_changes(node)) if change.line not in left]
    possible.sort(key=lambda one: one[0].line)
    found: dict[str, Mutant] = {}
    for change, place, number in possible[:: max(1, -(-len(possible) // MOST))]:
        text = _changed(tree, place, number)
        if text is not None:
            found.setdefault(text, Mutant(source=text, line=change.line, what=change.what))
    found.pop(ast.unparse(tree), None)
    return tuple(found.values())


def _changed(tree: ast.Module, place: int, number: int) -> str | None:
    """The source with the change of that number at the node of that place."""
    copied = copy.deepcopy(tree)
    node = next(one for at, one in enumerate(ast.walk(copied)) if at == place)
    list(_changes(node))[number].make(node)
    try:
        return ast.unparse(ast.fix_missing_locations(copied))
    except (ValueError, TypeError):
        return None


def _changes(node: ast.AST) -> Iterator[_Change]:
    """The changes that can be made at this node."""
    for look in (_of_constant, _of_operator, _of_comparison, _of_value, _of_display, _of_body):
        yield from look(node)


def _of_constant(node: ast.AST) -> Iterator[_Change]:
    if not isinstance(node, ast.Constant):
        return
    value: Any = node.value
    if isinstance(value, bool):
        other: Any = not value
    elif isinstance(value, int | float):
        other = value + 1
    elif isinstance(value, str) and value.strip():
        other = value + " (changed)"
    else:
        return
    yield _Change(line=node.lineno, what=f"{value!r:.24} changed",
                  make=lambda it: setattr(it, "value", other))


def _of_operator(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        other = _OPERATORS[type(node.op)]
        yield _Change(line=node.lineno, what=f"{_sign(type(node.op))} to {_sign(other)}",
                      make=lambda it: setattr(it, "op", other()))
    elif isinstance(node, ast.BoolOp):
        turned = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield _Change(line=node.lineno, what="and, or exchanged",
                      make=lambda it: setattr(it, "op", turned()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _Change(line=node.lineno, what="a minus dropped",
                      make=lambda it: setattr(it, "op", ast.UAdd()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _Change(line=node.lineno, what="a not dropped", make=lambda it: setattr(
            it, "operand", ast.UnaryOp(op=ast.Not(), operand=it.operand)))


def _of_comparison(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        other = _COMPARISONS[type(node.ops[0])]
        yield _Change(line=node.lineno, what=f"{_sign(type(node.ops[0]))} to {_sign(other)}",
                      make=lambda it: it.ops.__setitem__(0, other()))


def _of_value(node: ast.AST) -> Iterator[_Change]:
    """The sign of a calculated value that is assigned or returned."""
    if isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.BinOp):
        yield _Change(line=node.lineno, what="the sign of the value", make=lambda it: setattr(
            it, "value", ast.UnaryOp(op=ast.USub(), operand=it.value)))


def _of_display(node: ast.AST) -> Iterator[_Change]:
    """Entries of a list, set or dictionary dropped; neighbours in a tuple swapped."""
    if isinstance(node, ast.List | ast.Set) and len(node.elts) > 1:
        for place, entry in enumerate(node.elts):
            yield _Change(line=entry.lineno, what=f"entry {place + 1} dropped",
                          make=partial(_drop_entry, place))
    elif isinstance(node, ast.Dict) and len(node.keys) > 1:
        for place, entry in enumerate(node.values):
            yield _Change(line=entry.lineno, what=f"entry {place + 1} dropped",
                          make=partial(_drop_pair, place))
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for place in range(len(node.elts) - 1):
            yield _Change(line=node.lineno, what=f"values {place + 1} and {place + 2} swapped",
                          make=partial(_swap, place))


def _drop_entry(place: int, node: Any) -> None:
    del node.elts[place]


def _drop_pair(place: int, node: Any) -> None:
    del node.keys[place], node.values[place]


def _swap(place: int, node: Any) -> None:
    node.elts[place], node.elts[place + 1] = node.elts[place + 1], node.elts[place]


def _drop_statement(branch: str, place: int, node: Any) -> None:
    getattr(node, branch)[place] = ast.Pass()


def _of_body(node: ast.AST) -> Iterator[_Change]:
    """Statements dropped, but for imports and docstrings."""
    for branch in ("body", "orelse"):
        statements = getattr(node, branch, None)
        for place, one in enumerate(statements if isinstance(statements, list) else ()):
            text = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
            if text or isinstance(one, ast.Pass | ast.Import | ast.ImportFrom):
                continue
            yield _Change(line=one.lineno, what="the line dropped",
                          make=partial(_drop_statement, branch, place))


_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}


def _sign(operator: type[ast.AST]) -> str:
    return _SIGNS[operator]

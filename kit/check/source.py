"""Reading code: names that a cell binds and uses, its literals, its calls."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache

_MAGIC = re.compile(
    r"^(\s*)[%!?].*$|^(\s*)[\w.]+\?{1,2}\s*$|^(\s*)[\w, ]+=\s*[%!].*$", re.MULTILINE
)


@lru_cache(maxsize=2048)
def parsed(text: str) -> ast.Module | None:
    """The syntax tree of a cell, magics taken out; None for what is not Python."""
    if text.lstrip().startswith("%%"):
        return None
    for version in (text, textwrap.dedent(text), _MAGIC.sub(_blank, textwrap.dedent(text))):
        try:
            return ast.parse(version)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _blank(match: re.Match[str]) -> str:
    return f"{next(group for group in match.groups() if group is not None)}pass"


@lru_cache(maxsize=2048)
def bound(text: str) -> frozenset[str]:
    """The names that a cell binds at its top level."""
    tree = parsed(text)
    if tree is None:
        return frozenset()
    names: set[str] = set()
    for statement in tree.body:
        names |= _bound_by(statement)
    return frozenset(names)


def _bound_by(node: ast.AST) -> set[str]:
    """Names that one statement binds in its own scope."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return set()
    names = {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.ExceptHandler) and node.name:
        names.add(node.name)
    for child in ast.iter_child_nodes(node):
        names |= _bound_by(child)
    return names


@lru_cache(maxsize=2048)
def needed(text: str) -> frozenset[str]:
    """The names that a cell takes from outside itself (functions in it included)."""
    tree = parsed(text)
    if tree is None:
        return frozenset()
    import symtable

    try:
        table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    own = _assigned_before_use(tree)
    return frozenset(name for name in _globals(table) if name not in own)


def _globals(table: object) -> set[str]:
    import symtable

    assert isinstance(table, symtable.SymbolTable)
    top = table.get_type() == "module"
    names = {symbol.get_name() for symbol in table.get_symbols()
             if symbol.is_referenced() and (top or symbol.is_global())}
    for child in table.get_children():
        names |= _globals(child)
    return names


def _assigned_before_use(tree: ast.Module) -> set[str]:
    """Names whose first appearance at top level binds them."""
    own: set[str] = set()
    used: set[str] = set()
    for statement in tree.body:
        # Values are evaluated before their targets are bound.
        loads = {node.id for node in ast.walk(statement)
                 if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        binds = _bound_by(statement)
        looped = isinstance(statement, (ast.For, ast.With, ast.AsyncFor, ast.AsyncWith, ast.Try))
        definition = isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
        if definition:
            own |= binds - used
        elif looped:
            own |= binds - used
            used |= loads - own
            continue
        used |= loads - own
        own |= binds - used
    return own


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name, call) of each call whose function can be named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name:
                yield name, node


def dotted(node: ast.AST) -> str:
    """`np.random.rand` of such an expression; "" for what has no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else f".{node.attr}"
    return f".{_attribute(node)}" if _attribute(node) else ""


def _attribute(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Each text literal that is not a docstring or part of an f-string."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(value) for value in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
    for node in ast.walk(tree):
        if (isinstance(node, ast.Constant) and isinstance(node.value, str)
                and id(node) not in skipped):
            yield node


def constant(node: ast.AST) -> object:
    """The value of an expression of literals alone (`1000 * 1.05`, `[1, 2]`), else None."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        pass
    if isinstance(node, ast.BinOp):
        left, right = constant(node.left), constant(node.right)
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            return _arithmetic(node.op, left, right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(node.operand)
        return -inner if isinstance(inner, (int, float)) else None
    return None


def _arithmetic(op: ast.operator, left: float, right: float) -> float | None:
    try:
        if isinstance(op, ast.Add):
            return left + right
        if isinstance(op, ast.Sub):
            return left - right
        if isinstance(op, ast.Mult):
            return left * right
        if isinstance(op, ast.Div):
            return left / right
    except (ArithmeticError, ValueError):
        return None
    return None

"""Where a learner's code is: the notebook's cells, and what of them makes a name.

The shell keeps each cell that ran. Where there is no shell, the notebook's `In` and the source
that Python keeps for a function's file are asked. A learner's code can rewrite any of them, so
a function is compared, as bytecode, with what its source compiles to.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from autograders import guard
from autograders.outcome import Scope
from autograders.values import items_of, text_of

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_TRANSPARENT = ("time", "timeit", "capture", "prun")
_MOST_CELLS = 2_000
_MOST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Code that is looked at: a definition, or a whole cell, with its lines and its place."""

    tree: ast.AST
    lines: tuple[str, ...]
    place: str

    def told(self, line: int) -> str:
        """A line of it, as a learner finds it."""
        text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        text = text if len(text) <= 60 else text[:59] + "…"
        return f"line {line} of {self.place} (`{text}`)" if text else f"line {line} of {self.place}"


def parsed(text: str, place: str) -> Piece | None:
    """Text as a piece of code, or None where it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    inside = _inside_magic(tree)
    if inside is not None:
        return parsed(inside, place)
    return Piece(tree=tree, lines=tuple(text.split("\n")), place=place)


def _inside_magic(tree: ast.Module) -> str | None:
    """The code below a `%%time` and its like, which the shell keeps as a text in a call."""
    match tree.body:
        case [ast.Expr(ast.Call(ast.Attribute(attr="run_cell_magic"), [
                ast.Constant(str(magic)), ast.Constant(), ast.Constant(str(code))]))] if (
                    magic in _TRANSPARENT):
            shell = guard.current_shell()
            code = code if shell is None else str(shell.transform_cell(code))
            return "\n" + code  # the magic is the first line
    return None


def all_cells(scope: Scope, value: Any = None) -> list[Piece]:
    """The cells that ran, oldest first; without a notebook, the file that made `value`."""
    texts = _history(scope) or _file_of(value)
    pieces = (parsed(text, f"cell {number}")
              for number, text in enumerate(texts) if text.strip())
    return [piece for piece in pieces if piece is not None]


def _history(scope: Scope) -> list[str]:
    shell = guard.current_shell()
    manager = getattr(shell, "history_manager", None)
    kept = getattr(manager, "input_hist_parsed", None) if manager else scope.get("In")
    texts: list[str] = []
    size = 0
    for one in (items_of(kept) or [])[-_MOST_CELLS:]:
        text = text_of(one) or ""
        size += len(text)
        texts.append(text if size <= _MOST_TEXT else "")
    return texts


def _file_of(value: Any) -> list[str]:
    if type(value) is not FunctionType:
        return []
    code = vars(FunctionType)["__code__"].__get__(value)
    return ["".join(linecache.getlines(code.co_filename))]


def is_test(cell: Piece) -> bool:
    """Whether a cell asks a question of ours, rather than answers one."""
    return any(isinstance(node, ast.Call) and _last_name(node.func) == "Question"
               for node in ast.walk(cell.tree))


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else (
        node.id if isinstance(node, ast.Name) else "")


def definitions(cell: Piece) -> Iterator[Definition]:
    """The functions and classes that a cell defines, also below an `if` or a `try`."""
    waiting: list[ast.AST] = [cell.tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Definition):
            yield node
        elif not isinstance(node, ast.Lambda):
            waiting = [one for one in ast.iter_child_nodes(node)
                       if isinstance(one, ast.stmt | ast.ExceptHandler)] + waiting


def makers(cells: list[Piece], name: str) -> list[Piece]:
    """What makes `name`: its last definition, or the last cell that binds it, and the
    functions of the learner that this uses, and those that they use."""
    known = {one.name: Piece(tree=one, lines=cell.lines, place=f"the cell of `{one.name}`")
             for cell in cells for one in definitions(cell)}
    binding = [cell for cell in cells if name in _bound(cell)]
    if name in known and (not binding or _position(cells, known[name]) >= max(
            cells.index(cell) for cell in binding)):
        found = [known[name]]
    elif binding:
        found = [Piece(tree=binding[-1].tree, lines=binding[-1].lines,
                       place=f"the cell that makes `{name}`")]
    else:
        return []
    for piece in found:  # grows as it goes
        for node in ast.walk(piece.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                made = known.get(node.id)
                if made is not None and all(made.tree is not one.tree for one in found):
                    found.append(made)
    return found


def _position(cells: list[Piece], definition: Piece) -> int:
    return max(place for place, cell in enumerate(cells)
               if any(one is definition.tree for one in definitions(cell)))


def _bound(cell: Piece) -> set[str]:
    """The names that a cell binds, outside of its functions and classes."""
    names: set[str] = set()
    waiting: list[ast.AST] = [cell.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((one.asname or one.name).split(".")[0] for one in node.names)
        if not isinstance(node, (*Definition.__args__, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
    return names


def is_made_by(value: Any, piece: Piece) -> bool:
    """Whether a function runs what its source says. Anything but a plain function, such as a
    class or a decorated function, is believed."""
    node = piece.tree
    if type(value) is not FunctionType or not isinstance(node, Definition):
        return True
    if node.decorator_list or isinstance(node, ast.ClassDef):
        return True
    module = compile(ast.Module(body=[node], type_ignores=[]), "<cell>", "exec",
                     dont_inherit=True)
    made = next((one for one in module.co_consts
                 if type(one) is CodeType and one.co_name == node.name), None)
    return made is not None and _same_code(vars(FunctionType)["__code__"].__get__(value), made)


def _same_code(one: Any, other: CodeType) -> bool:
    return (one.co_code == other.co_code and one.co_names == other.co_names
            and one.co_varnames == other.co_varnames and one.co_freevars == other.co_freevars
            and _same_constant(one.co_consts, other.co_consts))


def _same_constant(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if type(other) is CodeType:
        return _same_code(one, other)
    if type(other) is tuple:
        return len(one) == len(other) and all(map(_same_constant, one, other))
    if type(other) is slice:  # a constant from Python 3.14 on
        return all(map(_same_constant, (one.start, one.stop, one.step),
                       (other.start, other.stop, other.step)))
    if type(other) is frozenset:
        return sorted(map(_typed, one)) == sorted(map(_typed, other))
    return _typed(one) == _typed(other)


def _typed(constant: Any) -> str:
    plain = type(constant) in (str, bytes, int, float, complex, bool, type(None), type(...))
    return f"{type(constant)} {constant!r}" if plain else f"odd {id(constant)}"

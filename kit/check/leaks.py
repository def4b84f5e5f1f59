"""Answers that stand in the visible part of a test.

Two signs, each of them enough:
- a visible test demands that something of the answer equals a literal (`assert total == 1250`,
  `assert abs(total - 1250) < 1`, `assert math.isclose(total, 1250)`). The solution passes the
  test, so the literal is the answer. Shape, length, type, column names and hashes are not
  answers, nor are the arguments and values of example calls of a function, nor an `if` that
  looks for a known wrong value.
- a literal of the visible test is a value of the solution, computed or written in it, and
  stands nowhere else in what learners get.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kit import notebook as nb
from kit.check import source
from kit.check.context import Paper
from kit.errors import NotebookError
from kit.model import CellKind, Delimiters

_SHAPE = frozenset({"shape", "columns", "dtype", "dtypes", "ndim", "size", "index", "keys",
                    "names", "name", "__name__", "__class__", "type"})
_SHAPE_CALLS = frozenset({"len", "type", "isinstance", "callable", "hasattr", "dir", "id"})
_KEYED = frozenset({"dict", "defaultdict", "Counter", "OrderedDict", "DataFrame", "Series"})
_CONTAINERS = frozenset({"set", "list", "sorted", "tuple", "frozenset"})
_HASHES = frozenset({"hexdigest", "digest", "sha1", "sha256", "sha512", "md5", "blake2b", "hash"})
_CLOSE = frozenset({"isclose", "allclose", "assert_allclose", "assert_almost_equal", "approx",
                    "assert_array_equal", "assert_equal", "assertEqual", "assertAlmostEqual",
                    "array_equal", "array_almost_equal", "assert_array_almost_equal"})
_ROUND = {0.1, 0.01, 0.001, 0.5, 0.05, 0.25, 0.95, 0.99, 100.0, 1000.0, 10000.0, 1e6}
_NUMBER = re.compile(r"-?\d[\d,_' ]*(?:\.\d+)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A literal that gives an answer away."""

    cell: str
    line: int
    shown: str


def leaks(paper: Paper, solution: Delimiters) -> Iterator[Leak]:
    """The first leak of each visible test of a notebook; `solution` encloses its answers."""
    answers = _Answers.of(paper, solution)
    for _, name, cell, kind in paper.cells("released"):
        if kind is not CellKind.TEST or cell["cell_type"] != "code":
            continue
        tree = source.parsed(nb.source(cell))
        if tree is None:
            continue
        leak = next(_stated(tree, answers), None) or next(_held(tree, answers), None)
        if leak is not None:
            yield Leak(cell=name, line=leak[0], shown=leak[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What the solution binds and holds, and what learners are told anyway."""

    values: frozenset[str]
    functions: frozenset[str]
    keyed: frozenset[str]
    numbers: tuple[float, ...]
    texts: frozenset[str]
    told_numbers: frozenset[float]
    told_text: str

    @classmethod
    def of(cls, paper: Paper, solution: Delimiters) -> _Answers:
        names: set[str] = set()
        functions: set[str] = set()
        literals: list[Any] = []
        for _, _, cell, kind in paper.cells("solved"):
            if kind is not CellKind.ANSWER or cell["cell_type"] != "code":
                continue
            text = nb.source(cell)
            tree = source.parsed(text)
            defined = {node.name for node in tree.body if isinstance(
                node, (ast.FunctionDef, ast.ClassDef))} if tree else set()
            functions |= defined
            names |= source.bound(text) - defined
            literals += _solution_literals(text, solution)
        computed = paper.solution.leaves if paper.solution else {}
        kinds = paper.solution.kinds if paper.solution else {}
        found = [*literals, *(leaf for name in names for leaf in computed.get(name, ()))]
        told = _told(paper)
        return cls(
            values=frozenset(names), functions=frozenset(functions),
            keyed=frozenset(name for name, kind in kinds.items() if kind in _KEYED),
            numbers=tuple(sorted({abs(float(v)) for v in found if _is_number(v)})),
            texts=frozenset(v.strip() for v in found if isinstance(v, str)),
            told_numbers=frozenset(abs(n) for n in _numbers_in(told)), told_text=told.lower(),
        )

    def holds(self, value: object) -> bool:
        """Whether a literal is made of values of the solution alone."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple, set)):
            return bool(value) and all(self.holds(one) for one in value)
        if isinstance(value, str):
            return value.strip() in self.texts
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.is_number(float(value), repr(value))
        return False

    def is_number(self, value: float, literal: str) -> bool:
        """Whether the solution has this number, as it stands or rounded to its decimals."""
        digits = len(literal.rpartition(".")[2]) if "." in literal else 0
        significant = len(literal.strip("-").replace(".", "").strip("0"))
        for own in self.numbers:
            if math.isclose(own, abs(value), rel_tol=1e-9):
                return True
            if significant >= 4 and math.isclose(round(own, digits), abs(value), rel_tol=1e-12):
                return True
        return False


def _solution_literals(text: str, solution: Delimiters) -> list[Any]:
    """Numbers and texts that the author wrote between the solution markers."""
    try:
        inside = nb.regions(text, solution)
    except NotebookError:
        return []
    parts = [region.text for region in inside] or [text]
    return [
        node.value
        for part in parts
        if (tree := source.parsed(part)) is not None
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and not isinstance(node.value, (bool, bytes))
    ]


def _told(paper: Paper) -> str:
    """All that learners read outside the tests."""
    return "\n".join(nb.source(cell) for _, _, cell, kind in paper.cells("released")
                     if kind is not CellKind.TEST)


def _numbers_in(text: str) -> Iterator[float]:
    for match in _NUMBER.finditer(text):
        for form in (match.group(), match.group().split(" ")[0], match.group().split(",")[0]):
            try:
                yield float(re.sub(r"[,_' ]", "", form))
            except ValueError:
                continue


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


# ------------------------------------------------------------- a test that states the answer


def _stated(tree: ast.AST, answers: _Answers) -> Iterator[tuple[int, str]]:
    local = _local_constants(tree)
    demanded = _demanded(tree)
    for node in ast.walk(tree):
        for left, right in _equated(node):
            for side, other in ((left, right), (right, left)):
                value = _literal(other, local)
                if (value is not None and _telling(value) and _about_answer(side, answers)
                        and (id(node) in demanded or answers.holds(value))):
                    yield getattr(node, "lineno", 1), ast.unparse(node)[:80]


def _demanded(tree: ast.AST) -> set[int]:
    """What has to be true for the test to pass, and is, for the solution: the conditions of
    asserts and the calls of numpy.testing and unittest. An `if` that looks for a known
    mistake is none of it."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            waiting: list[ast.AST] = [node.test]
            while waiting:
                one = waiting.pop()
                found.add(id(one))
                either = isinstance(one, ast.BoolOp) and isinstance(one.op, ast.Or)
                negated = isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.Not)
                if not (either or negated or isinstance(one, ast.IfExp)):
                    waiting += ast.iter_child_nodes(one)
        elif isinstance(node, ast.Call) and source.dotted(node.func).rsplit(".", 1)[-1].startswith(
            "assert"
        ):
            found.add(id(node))
    return found


def _equated(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Pairs of expressions that the node says are equal, or nearly so."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], (ast.Eq, ast.Is)):
            yield left, right
        elif isinstance(node.ops[0], (ast.Lt, ast.LtE)):
            yield from _difference(left)
        elif isinstance(node.ops[0], (ast.Gt, ast.GtE)):
            yield from _difference(right)
        elif isinstance(node.ops[0], ast.In) and _single(right):
            yield left, right.elts[0]  # type: ignore[attr-defined]
    elif (isinstance(node, ast.Call) and len(node.args) >= 2
          and source.dotted(node.func).rsplit(".", 1)[-1] in _CLOSE):
        yield node.args[0], node.args[1]


def _difference(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(a, b) of abs(a - b)."""
    if isinstance(node, ast.Call) and node.args and source.dotted(node.func).endswith(
        ("abs", "fabs", "absolute")
    ):
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
            yield inner.left, inner.right


def _single(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple, ast.Set)) and len(node.elts) == 1


def _local_constants(tree: ast.AST) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name) and source.constant(node.value) is not None
    }


def _literal(node: ast.expr, local: dict[str, ast.expr]) -> object:
    if isinstance(node, ast.Name) and node.id in local:
        node = local[node.id]
    if isinstance(node, ast.Call) and node.args and source.dotted(node.func).rsplit(".", 1)[-1] in (
        "approx", "array", "Decimal", "Fraction", "float", "Series", "set", "tuple", "list"
    ):
        node = node.args[0]
    return source.constant(node)


def _telling(value: object) -> bool:
    """Whether a literal says something: not 0, 1, 2, a truth value, or empty."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, (int, float)):
        return value not in (0, 1, 2, -1)
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, (list, tuple, set, dict)):
        return len(value) > 0
    return False


def _about_answer(node: ast.expr, answers: _Answers) -> bool:
    """Whether the expression is a value of the answer, not its shape, type or an example."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr in _SHAPE:
            return False
        if isinstance(inner, ast.Call):
            name = source.dotted(inner.func)
            last = name.rsplit(".", 1)[-1]
            if last in _SHAPE_CALLS or last in _HASHES or name in answers.functions:
                return False
            if name in _CONTAINERS and len(inner.args) == 1 and isinstance(
                inner.args[0], ast.Name
            ) and inner.args[0].id in answers.keyed:
                return False  # the keys, which are asked for, not the values
    return any(isinstance(inner, ast.Name) and inner.id in answers.values
               for inner in ast.walk(node))


# -------------------------------------------------------- a literal that is the solution's own


def _held(tree: ast.AST, answers: _Answers) -> Iterator[tuple[int, str]]:
    quiet = _choices(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in quiet:
            continue
        value = node.value
        if _is_number(value) and not isinstance(value, (bool, str, bytes)):
            number = abs(float(value))  # type: ignore[arg-type]
            if _plain(number) or number in answers.told_numbers:
                continue
            if answers.is_number(number, repr(value)):
                yield node.lineno, repr(value)
        elif isinstance(value, str):
            text = value.strip()
            if len(text) >= 3 and text in answers.texts and text.lower() not in answers.told_text:
                yield node.lineno, repr(value)


def _choices(tree: ast.AST) -> set[int]:
    """Literals that give nothing away by themselves: options to choose from, messages of
    assertions, texts of exceptions and f-strings, arguments of example calls in messages."""
    quiet: set[int] = set()
    for node in ast.walk(tree):
        hidden: Iterable[ast.AST] = ()
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            hidden = [one for one in node.comparators if not _single(one)]
        elif isinstance(node, ast.Assert) and node.msg is not None:
            hidden = [node.msg]
        elif isinstance(node, ast.Raise) and node.exc is not None:
            hidden = [node.exc]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            hidden = [node.value]
        elif isinstance(node, (ast.Subscript,)):
            hidden = [node.slice]
        quiet |= {id(inner) for one in hidden for inner in ast.walk(one)
                  if isinstance(inner, ast.Constant)}
    return quiet


def _plain(number: float) -> bool:
    """Numbers that stand in any test: small counts, powers of ten, tolerances."""
    if number in _ROUND or (number == int(number) and number <= 20):
        return True
    return number < 1e-2 or math.log10(number).is_integer()

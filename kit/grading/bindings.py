"""What the cells of a notebook bind and read: which names a test takes from the learner.

A test is run apart from the learner's code. There it finds what the author's own cells bind, and
what the author's answers bind it takes from the learner.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit import notebook as notebooks
from kit.grading.checked import parsed
from kit.grading.closed import closed
from kit.model import CellKind, ReleasedNotebook

_WORD = re.compile(r"[^\W\d]\w*")
_MAGIC = re.compile(r"^\s*(?:[%!?]|.*\?\s*$)")
_BUILTIN = frozenset(dir(builtins)) | {"get_ipython", "display", "In", "Out", "exit", "quit"}
_LOOKS_INSIDE = frozenset({
    "__code__", "__globals__", "__closure__", "__defaults__", "getsource", "getsourcelines",
    "gcf", "gca", "get_fignums", "user_ns", "patch", "run_cell", "run_line_magic", "modules"})
_LOOKS_AROUND = frozenset({
    "get_ipython", "globals", "locals", "In", "Out", "_i", "_ih", "setattr", "delattr",
    "__builtins__"})
_CAUGHT = frozenset({"stdout", "stderr"})
"""Attributes of modules that a test may set: what is said there is said here as well."""

_DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_IMPORTS = (ast.Import, ast.ImportFrom)
_MAKERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Of a cell: the names that it binds, those of modules that it imports and of functions and
    classes that it makes, those that it reads before it bound them, those that functions in it
    read, and those whose values it may change."""

    binds: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    makes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A test as it is run apart: after the first `upto` cells that are given, with the names that
    it `asks` the learner for; of those, the ones in `unless` only where the author's cells made
    none of that name. The learner's functions shall see those that it `sets`; of them it calls
    those in `ahead` with nothing but what stands in it. It is `secret` where learners did not
    get it whole. `shared` says why it can only be judged beside the learner's code.
    """

    grade_id: str
    upto: int
    asks: tuple[str, ...]
    sets: tuple[str, ...]
    ahead: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    secret: bool
    shared: str = ""
    names: Names = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """The tests of a notebook by their id, in order.

    `given` are the author's cells that can be run without a learner; `first` those at the top,
    before the first answer or test.
    """

    by_id: Mapping[str, Trial]
    given: tuple[str, ...] = ()
    first: tuple[str, ...] = ()

    def follow(self, trial: Trial, put_off: Iterable[str]) -> bool:
        """Whether a test has to wait for those that were put off: it reads what they bind, or
        binds what they read."""
        for name in put_off:
            other = self.by_id[name].names
            if (other.binds & (trial.names.reads | trial.names.later)
                    or trial.names.binds & (other.reads | other.later)):
                return True
        return False


def trials(released: ReleasedNotebook, handed_out: Mapping[str, Any]) -> Trials:
    """The tests of a release. `handed_out` is the notebook that learners got."""
    cells = list(_author_cells(released, handed_out))
    from_learner = _from_learner(cells)
    found: dict[str, Trial] = {}
    given: list[str] = []
    for place, cell in enumerate(cells):
        if cell.kind is CellKind.TEST:
            asks, used = _asked(cells, place, from_learner)
            found[cell.grade_id] = Trial(
                grade_id=cell.grade_id, upto=len(given), secret=cell.secret,
                asks=tuple(sorted(asks)), unless=frozenset(asks - from_learner), names=cell.names,
                sets=tuple(sorted(cell.names.binds - cell.names.imports)),
                ahead=_ahead(cells, place, asks),
                shared=_shared(cells, (place, *sorted(used))))
        elif cell.kind is CellKind.ANSWER:
            given += [cell.imports] if cell.imports else []
        elif not cell.names.reads & from_learner:
            given.append(cell.source)
        elif made := _statements(cell.source, (*_IMPORTS, *_MAKERS)):
            given.append(made)  # what it makes is the author's, whatever else it reads
    top = list(itertools.takewhile(lambda cell: cell.kind in (None, CellKind.LOCKED), cells))
    return Trials(by_id=found, given=tuple(given), first=tuple(cell.source for cell in top))


def _ahead(cells: Sequence[_Cell], place: int, asks: Iterable[str]) -> frozenset[str]:
    """The names that a test only calls, and with nothing but what stands in it."""
    try:
        tree = parsed(plain(cells[place].source))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    others = frozenset[str]().union(
        *(cell.names.binds for at, cell in enumerate(cells) if at != place))
    return closed(tree, asks, others)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    kind: CellKind | None
    grade_id: str
    source: str
    names: Names
    secret: bool = False
    known: bool = True
    """Whether an answer is the author's own, not what learners got of it."""

    imports: str = ""


def _author_cells(
    released: ReleasedNotebook, handed_out: Mapping[str, Any]
) -> Iterator[_Cell]:
    """The code cells in order, with the author's answers in their places."""
    for cell in handed_out["cells"]:
        if cell["cell_type"] != "code":
            continue
        identity = notebooks.grade_id(cell) or ""
        known = released.cell(identity)
        kind = known.kind if known is not None else None
        if known is None:
            source = notebooks.source(cell)
        elif kind in (CellKind.ANSWER, CellKind.MANUAL):
            source = known.solution or known.released
            kind = CellKind.ANSWER
        else:
            source = known.source
        yield _Cell(
            kind=kind, grade_id=identity, source=source, names=names_in(source),
            secret=known is not None and known.source != known.released,
            known=known is None or bool(known.solution),
            imports=_statements(source, _IMPORTS) if kind is CellKind.ANSWER else "")


def _from_learner(cells: Iterable[_Cell]) -> frozenset[str]:
    """The names that answers bind or change, and what the author's cells make of them."""
    listed = list(cells)
    own = frozenset[str]().union(*(
        cell.names.imports | (cell.names.makes if cell.kind is not CellKind.ANSWER else frozenset())
        for cell in listed))
    found: set[str] = set()
    for cell in listed:
        if cell.kind is CellKind.ANSWER:
            found |= (cell.names.binds - cell.names.imports) | (cell.names.changes - own)
    for cell in listed:
        if cell.kind in (None, CellKind.LOCKED) and cell.names.reads & found:
            found |= cell.names.binds - cell.names.imports - cell.names.makes
    return frozenset(found)


def _asked(
    cells: list[_Cell], place: int, from_learner: frozenset[str]
) -> tuple[set[str], set[int]]:
    """The names that a test may take from the learner: those in its text, and in the texts of
    the functions that it may call. A checker is given names as texts, so words in texts count.
    And the places of the cells that make those functions."""
    before = cells[:place]
    words = words_in(cells[place].source)
    seen: set[int] = set()
    while True:
        more = [index for index, cell in enumerate(before)
                if index not in seen and cell.kind is not CellKind.ANSWER
                and cell.names.later and cell.names.binds & words]
        if not more:
            break
        for index in more:
            seen.add(index)
            words |= words_in(before[index].source)
    free = _free(cells, {place, *seen}, words)
    return {name for name in words & from_learner | free if not _own_since(name, before)}, seen


def _free(cells: list[_Cell], used: set[int], words: set[str]) -> set[str]:
    """The names that these cells read and that no author's cell binds: only a learner can."""
    bound = frozenset[str]().union(*(
        cell.names.binds for cell in cells if cell.kind is not CellKind.ANSWER))
    read = set[str]().union(*(
        cells[one].names.reads | cells[one].names.later for one in used))
    if any(cell.kind is CellKind.ANSWER and not cell.known for cell in cells):
        read |= words - _BUILTIN - frozenset(keyword.kwlist)
    return read - bound


def _own_since(name: str, before: list[_Cell]) -> bool:
    """Whether a test bound the name after the last answer that does."""
    for cell in reversed(before):
        if name in cell.names.binds:
            return cell.kind is CellKind.TEST
    return False


# ------------------------------------------------------------------------------ one cell


def _shared(cells: list[_Cell], used: Iterable[int]) -> str:
    """Why a test, of these cells, can be judged in the learner's process alone, or ""."""
    modules = frozenset[str]().union(*(one.names.imports for one in cells))
    return next(filter(None, (needs_the_learner(cells[one].source, modules) for one in used)), "")


def needs_the_learner(source: str, modules: Iterable[str] = frozenset()) -> str:
    """Why a test can be run in the learner's process alone, or "": it looks at more than values.

    `modules` are the names of modules: what it changes in one, the learner's code has to meet.
    """
    try:
        tree = parsed(plain(source))
    except (SyntaxError, ValueError, RecursionError):
        return "it cannot be read as Python"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _LOOKS_INSIDE:
            return f"it looks at {node.attr}"
        if isinstance(node, ast.Name) and node.id in _LOOKS_AROUND | _LOOKS_INSIDE:
            return f"it uses {node.id}"
        if (isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
                and isinstance(node.value, ast.Name) and node.value.id in modules
                and node.attr not in _CAUGHT):
            return f"it changes {node.value.id}.{node.attr}"
    return ""


def names_in(source: str) -> Names:
    """What the text of a cell binds and reads. Of text that is no Python: every word."""
    try:
        tree = parsed(plain(source))
    except (SyntaxError, ValueError, RecursionError):
        words = frozenset(words_in(source)) - _BUILTIN
        return Names(binds=words, reads=words, later=words, changes=words)
    found = _Found()
    for statement in tree.body:
        found.statement(statement)
    return Names(
        binds=frozenset(found.bound), imports=frozenset(found.imported),
        makes=frozenset(found.made), reads=frozenset(found.read - _BUILTIN),
        later=frozenset(found.later - _BUILTIN), changes=frozenset(found.changed))


def words_in(source: str) -> set[str]:
    """All that may be a name in the text of a cell, in its strings and comments too."""
    return set(_WORD.findall(source))


def plain(source: str) -> str:
    """The text of a cell without magics, line by line."""
    if source.lstrip().startswith("%%"):
        return "\n".join(["", *source.lstrip().split("\n")[1:]])
    return "\n".join("" if _MAGIC.match(line) else line for line in source.split("\n"))


def _statements(source: str, kinds: tuple[type[ast.stmt], ...]) -> str:
    """The statements of these kinds at the top of a text."""
    try:
        tree = parsed(plain(source))
    except (SyntaxError, ValueError, RecursionError):
        return ""
    return "\n".join(ast.unparse(one) for one in tree.body
                     if isinstance(one, kinds))


@dataclass(slots=True)
class _Found:
    bound: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def statement(self, node: ast.stmt) -> None:
        """Take one statement of the top: what it reads, before what it binds."""
        bound_before = set(self.bound)
        for one in _at_once(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
                if one.id not in bound_before:
                    self.read.add(one.id)
            else:
                self._binding(one)
                self._change(one)
        for one in ast.walk(node):
            if isinstance(one, _DEFERRED):
                self.later |= {inner.id for inner in ast.walk(one)
                               if isinstance(inner, ast.Name)} - _parameters(one)

    def _binding(self, one: ast.AST) -> None:
        if isinstance(one, ast.Name):
            self.bound.add(one.id)
        elif isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.bound.add(one.name)
            self.made.add(one.name)
        elif isinstance(one, (ast.Import, ast.ImportFrom)):
            named = {(alias.asname or alias.name).split(".")[0] for alias in one.names}
            self.bound |= named
            self.imported |= named
        elif isinstance(one, ast.ExceptHandler) and one.name:
            self.bound.add(one.name)

    def _change(self, one: ast.AST) -> None:
        """A name whose value is changed in place: an item or attribute of it is set, or it is
        told to do something of which nothing is kept."""
        if isinstance(one, (ast.Subscript, ast.Attribute)) and not isinstance(one.ctx, ast.Load):
            self._changed(one.value)
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            if not isinstance(one.value.func, ast.Name):
                self._changed(one.value.func)
            for part in one.value.args:
                self._changed(part)

    def _changed(self, node: ast.AST) -> None:
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        if isinstance(node, ast.Name) and node.id not in _BUILTIN:
            self.changed.add(node.id)


def _at_once(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are run with the statement: not the insides of functions."""
    yield node
    body: Any = getattr(node, "body", ()) if isinstance(node, _DEFERRED) else ()
    inside = body if isinstance(body, list) else [body] if body else []
    for child in ast.iter_child_nodes(node):
        if child not in inside:
            yield from _at_once(child)


def _parameters(node: ast.AST) -> set[str]:
    arguments = getattr(node, "args", None)
    if not isinstance(arguments, ast.arguments):
        return set()
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return {one.arg for one in listed}

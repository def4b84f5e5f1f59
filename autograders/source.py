"""Source: what a learner's code uses, does not use, and defines.

Code is read, never run. What can't be known: what a name means while it runs (`total = sum`
and then `total(x)` is found as a use of `sum`, but an import by a computed name, or an
attribute that `getattr` gets by a computed name, is not), what a library does inside, and
whether code that stands there is ever reached. Code made from text by `exec` or `eval` is not
looked into: where something is to be avoided, a person has to look. A function is compared with
its source; a class, a decorated function, and the cell that makes a variable are believed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from autograders import cells
from autograders.cells import Definition, Piece
from autograders.outcome import (
    Check,
    KnownAs,
    Mistake,
    Outcome,
    Scope,
    failed,
    mistake,
    partly,
    passed,
    read_mistakes,
    review,
    slug,
)
from autograders.text import given_text
from autograders.values import nearest, reader

if TYPE_CHECKING:
    from autograders.handout import Handout

_MOST_TOLD = 3
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_UNSEEN = review("Your code cannot be seen here. Your grader will look at it.", "source-unseen")
_BY_TEXT = frozenset({"exec", "eval", "compile", "__import__"})

CONSTRUCTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor), "while": (ast.While,), "loop": _LOOPS,
    "comprehension": _COMPREHENSIONS, "list comprehension": (ast.ListComp,),
    "set comprehension": (ast.SetComp,), "dict comprehension": (ast.DictComp,),
    "generator expression": (ast.GeneratorExp,), "if": (ast.If, ast.IfExp),
    "conditional expression": (ast.IfExp,), "match": (ast.Match,), "try": (ast.Try,),
    "raise": (ast.Raise,), "assert": (ast.Assert,), "with": (ast.With, ast.AsyncWith),
    "lambda": (ast.Lambda,), "def": _FUNCTIONS, "class": (ast.ClassDef,),
    "return": (ast.Return,), "yield": (ast.Yield, ast.YieldFrom), "global": (ast.Global,),
    "nonlocal": (ast.Nonlocal,), "f-string": (ast.JoinedStr,), "slice": (ast.Slice,),
    "import": (ast.Import, ast.ImportFrom), "break": (ast.Break,), "continue": (ast.Continue,),
    "del": (ast.Delete,), "+": (ast.Add,), "-": (ast.Sub,), "*": (ast.Mult,), "/": (ast.Div,),
    "//": (ast.FloorDiv,), "%": (ast.Mod,), "**": (ast.Pow,), "@": (ast.MatMult,),
    "and": (ast.And,), "or": (ast.Or,), "not": (ast.Not,), "in": (ast.In, ast.NotIn),
    "is": (ast.Is, ast.IsNot), "==": (ast.Eq,), "!=": (ast.NotEq,),
}
"""The words for parts of Python that `uses` and `avoids` know."""

Finder = Callable[[ast.AST, Mapping[str, str]], bool]


def source(
    name: str | None = None, *, uses: Sequence[str] = (), avoids: Sequence[str] = (),
    defines: Sequence[str] = (), text: bool = False, credit: Literal["all", "each"] = "all",
    mistakes: Mapping[str, str | KnownAs | Mapping[str, Any]] | None = None,
    label: str | None = None,
) -> Check:
    """The code that makes `name` uses, avoids and defines what it should.

    Of a function or class the last definition is looked at, of another name the last cell that
    binds it; in both cases also the learner's own functions that it uses. With `text`, the
    variable `name` holds the code. Without a name, all cells are looked at, but for those that
    ask questions: there, only `uses` and `defines` are asked.

    `uses` and `avoids` are words of CONSTRUCTS ("for", "loop", "list comprehension", "**"),
    "recursion", "import pandas", a call "sum()" or "np.mean()" (an import under another name is
    followed), a name "sum" or "np.mean", a method call ".groupby()", or an attribute ".loc".
    `avoids` finds also what is named but not called. `defines` are "npv(rate, flows)", "npv",
    "class Account", or "Account.add(self, amount)"; `...` as the last parameter allows more.
    `mistakes` maps such words to what a learner is told who uses them (`ag.mistake(...)`, or its
    arguments in a dictionary). With `credit="each"`
    every request earns its share.

    Code is read, not run, so this cannot know what a computed name stands for, what a library
    does inside, or whether a line is ever reached. Where something is to be avoided and `exec`,
    `eval`, `compile` or `__import__` stands there, where a function does not run what its cell
    says, and where no code can be seen, the check needs review. It holds no answer: a release
    hands out all of it.
    """
    name = name or None
    if not (uses or avoids or defines or mistakes):
        raise TypeError("say what the code uses=, avoids= or defines=")
    if name is None and (avoids or mistakes or text):
        raise TypeError("avoids=, mistakes= and text= need the name whose code is looked at")
    known = read_mistakes({words: mistake(**told) if isinstance(told, Mapping) else told
                           for words, told in (mistakes or {}).items()})
    asked: list[Callable[[list[Piece], list[Piece]], Outcome | None]] = [
        *(_avoid(one.match, one) for one in known), *(_avoid(one, None) for one in avoids),
        *(_use(one) for one in uses), *(_define(one) for one in defines)]
    if name is not None and not name.strip().isidentifier():
        raise ValueError(f"{name!r} is not a plain name, as source() needs it")

    def examine(scope: Scope) -> Outcome:
        found = _from_text(scope, str(name)) if text else _from_cells(scope, name)
        if isinstance(found, Outcome):
            return found
        if avoids or known:
            hidden = _made_from_text(found[0])
            if hidden is not None:
                return hidden
        return _summed([one(*found) for one in asked], credit)

    def handout() -> Handout:
        from autograders.handout import Handout

        return Handout(name=name or "", whole=True, arguments={
            "uses": list(uses), "avoids": list(avoids), "defines": list(defines), "text": text,
            "credit": credit, "mistakes": {one.match: {
                "tag": one.tag, "message": one.message,
                "credit": one.credit if one.stated else None} for one in known}})

    return Check(label=label or name or "your code", kind="source", examine=examine,
                 handout=handout)


def _summed(faults: list[Outcome | None], credit: str) -> Outcome:
    wrong = [one for one in faults if one is not None]
    if not wrong:
        return passed("The code is made as asked.")
    total = sum(one.credit if one is not None else 1.0 for one in faults)
    share = total / len(faults) if credit == "each" else max(one.credit for one in wrong) if (
        len(wrong) == 1) else 0.0
    told = "\n".join(one.message for one in wrong[:_MOST_TOLD])
    return partly(share, told, *dict.fromkeys(tag for one in wrong for tag in one.tags))


Found = tuple[list[Piece], list[Piece]]
"""The code that is looked at, and all code that there is."""


def _from_text(scope: Scope, name: str) -> Found | Outcome:
    code = given_text(reader(name)(scope), name)
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" on line {line}" if line else ""
        return failed(f"`{name}` is no Python{where}: check brackets, quotes, colons and "
                      "indentation.", "syntax")
    piece = cells.parsed(code, f"`{name}`")
    return ([piece], [piece]) if piece is not None else _UNSEEN


def _from_cells(scope: Scope, name: str | None) -> Found | Outcome:
    if name is None:
        every = cells.all_cells(scope)
        own = [one for one in every if not cells.is_test(one)]
        return (own, every) if own else _UNSEEN
    value = reader(name)(scope)
    every = cells.all_cells(scope, value)
    made = cells.makers(every, name.strip())
    if not made:
        return _UNSEEN
    if not cells.is_made_by(value, made[0]):
        return review(f"`{name}` does not run what its cell says. Your grader will look at it.",
                      "source-differs")
    return made, every


def _made_from_text(pieces: list[Piece]) -> Outcome | None:
    for piece in pieces:
        for node in ast.walk(piece.tree):
            if isinstance(node, ast.Name) and node.id in _BY_TEXT:
                return review(f"`{node.id}` on {piece.told(node.lineno)} runs code that cannot "
                              "be looked into. Your grader will look at it.", "runs-text")
    return None


# ------------------------------------------------------------------------ uses and avoids


def _use(words: str) -> Callable[[list[Piece], list[Piece]], Outcome | None]:
    find = _finder(words, strict=True)

    def ask(pieces: list[Piece], every: list[Piece]) -> Outcome | None:
        if _first(pieces, every, find) is not None:
            return None
        places = pieces[0].place if len(pieces) == 1 else "your code"
        return failed(f"Nothing in {places} uses {_quoted(words)}.", f"lacks-{slug(_word(words))}")

    return ask


def _avoid(
    words: str, made: Mistake | None
) -> Callable[[list[Piece], list[Piece]], Outcome | None]:
    find = _finder(words, strict=False)

    def ask(pieces: list[Piece], every: list[Piece]) -> Outcome | None:
        where = _first(pieces, every, find)
        if where is None:
            return None
        if made is not None:
            return partly(made.credit, f"{made.message} (See {where}.)", made.tag)
        return failed(f"{where[0].upper()}{where[1:]} uses {_quoted(words)}: find a way without "
                      "it.", f"uses-{slug(_word(words))}")

    return ask


def _first(pieces: list[Piece], every: list[Piece], find: Finder) -> str | None:
    """The first line where it is found, in words."""
    aliases = _aliases(every)
    for piece in pieces:
        lines = [getattr(node, "lineno", 0) for node in _walk(piece.tree) if find(node, aliases)]
        if lines:
            return piece.told(min(lines))
    return None


def _walk(tree: ast.AST) -> list[ast.AST]:
    """All nodes; an operator, which has no line of its own, gets that of its expression."""
    nodes: list[ast.AST] = []
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if not hasattr(child, "lineno"):
                child.lineno = getattr(node, "lineno", 0)  # type: ignore[attr-defined]
        nodes.append(node)
    return nodes


def _finder(words: str, *, strict: bool) -> Finder:
    """Whether a node is what the words say. Not `strict`, a call is found by its name alone."""
    if not isinstance(words, str):
        raise TypeError(f"what code uses is told in words, not by {words!r}")
    words = words.strip()
    if words in CONSTRUCTS:
        kinds = CONSTRUCTS[words]
        return lambda node, _: isinstance(node, kinds)
    if words == "recursion":
        return lambda node, _: isinstance(node, _FUNCTIONS) and any(
            isinstance(one, ast.Call) and cells._last_name(one.func) == node.name
            for one in ast.walk(node))
    if words.startswith("import "):
        module = words.removeprefix("import ").strip()
        return lambda node, _: _imports(node, module)
    shape = re.fullmatch(r"(\.?)([^\W\d]\w*(?:\.[^\W\d]\w*)*)(\(\))?", words)
    if shape is None or (shape[1] and "." in shape[2]):
        near = nearest(words, list(CONSTRUCTS))
        raise ValueError(f"{words!r} is no construct, name, call or attribute"
                         + (f"; do you mean {near!r}?" if near else ""))
    wanted, called = shape[2], bool(shape[3]) and strict
    is_it: Finder = (lambda node, _: _attribute(node) == wanted) if shape[1] else (
        lambda node, aliases: wanted in _names(node, aliases))
    if called:
        return lambda node, aliases: isinstance(node, ast.Call) and is_it(node.func, aliases)
    return is_it


def _attribute(node: ast.AST) -> str | None:
    """The attribute that a node gets, also by `getattr` with a constant name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and (
            node.func.id == "getattr" and len(node.args) > 1
            and isinstance(node.args[1], ast.Constant)):
        return str(node.args[1].value)
    return None


def _names(node: ast.AST, aliases: Mapping[str, str]) -> set[str]:
    """What a name or dotted name is called: as written, and by what was imported under it."""
    parts: list[str] = []
    while (attribute := _attribute(node)) is not None:
        parts.insert(0, attribute)
        node = node.value if isinstance(node, ast.Attribute) else node.args[0]  # type: ignore[attr-defined]
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return set()
    written = ".".join([node.id, *parts])
    return {written, ".".join([aliases.get(node.id, node.id), *parts])}


def _aliases(pieces: list[Piece]) -> dict[str, str]:
    """The full names of what is imported: np -> numpy, mean -> numpy.mean."""
    found: dict[str, str] = {}
    for piece in pieces:
        for node in ast.walk(piece.tree):
            if isinstance(node, ast.Import):
                found.update({one.asname: one.name for one in node.names if one.asname})
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.update({one.asname or one.name: f"{node.module}.{one.name}"
                              for one in node.names})
    return found


def _imports(node: ast.AST, module: str) -> bool:
    if isinstance(node, ast.Import):
        loaded = [one.name for one in node.names]
    elif isinstance(node, ast.ImportFrom):
        loaded = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
    else:
        return False
    return any(one == module or one.startswith(module + ".") for one in loaded)


def _word(words: str) -> str:
    names = {"**": "power", "%": "remainder", "//": "floor division", "+": "plus", "-": "minus",
             "*": "times", "/": "division", "@": "matrix product", "==": "equal", "!=": "unequal"}
    return names.get(words.strip(), words)


def _quoted(words: str) -> str:
    plain = " " in words or words.strip() in ("loop", "comprehension", "recursion", "slice")
    return f"a {words.strip()}" if plain and not words.startswith("import") else (
        f"`{words.strip()}`")


# -------------------------------------------------------------------------------- defines


def _define(words: str) -> Callable[[list[Piece], list[Piece]], Outcome | None]:
    shape = re.fullmatch(
        r"\s*(class\s+)?([^\W\d]\w*)(?:\.([^\W\d]\w*))?\s*(?:\(([^()]*)\))?\s*", words)
    if shape is None or (shape[1] and (shape[3] or shape[4] is not None)):
        raise ValueError(f"{words!r} is no definition such as 'npv(rate, flows)', 'class Account' "
                         "or 'Account.add(self, amount)'")
    name, method = shape[2], shape[3]
    wanted = None if shape[4] is None else [one.strip() for one in shape[4].split(",")
                                            if one.strip()]
    of_class = bool(shape[1] or method)

    def ask(pieces: list[Piece], _every: list[Piece]) -> Outcome | None:
        made = _defined(pieces, of_class)
        if name not in made:
            return _undefined(name, list(made), "class" if of_class else "function")
        piece, node = made[name]
        if method is not None:
            methods = {one.name: one for one in ast.iter_child_nodes(node)
                       if isinstance(one, _FUNCTIONS)}
            if method not in methods:
                return _undefined(method, list(methods), f"method of `{name}`")
            node = methods[method]
        return _parameters(node, wanted, piece)

    return ask


def _defined(pieces: list[Piece], of_class: bool) -> dict[str, tuple[Piece, Definition]]:
    kinds = (ast.ClassDef,) if of_class else _FUNCTIONS
    return {node.name: (piece, node) for piece in pieces
            for node in ([piece.tree] if isinstance(piece.tree, Definition)
                         else cells.definitions(piece)) if isinstance(node, kinds)}


def _undefined(name: str, own: list[str], kind: str) -> Outcome:
    near = nearest(name, own)
    hint = f" You have `{near}`: should it be called `{name}`?" if near else ""
    return failed(f"There is no {kind} `{name}`.{hint}", "not-defined")


def _parameters(
    node: Definition, wanted: list[str] | None, piece: Piece
) -> Outcome | None:
    if wanted is None or isinstance(node, ast.ClassDef):
        return None
    given = node.args
    own = [one.arg for one in [*given.posonlyargs, *given.args]]
    own += [f"*{given.vararg.arg}"] if given.vararg else []
    own += [one.arg for one in given.kwonlyargs]
    own += [f"**{given.kwarg.arg}"] if given.kwarg else []
    open_end = bool(wanted) and wanted[-1] == "..."
    asked = wanted[:-1] if open_end else wanted
    if own[:len(asked)] == asked and (open_end or len(own) == len(asked)):
        return None
    return failed(f"`{node.name}` takes ({', '.join(own)}) on {piece.told(node.lineno)}; it "
                  f"should take ({', '.join(wanted)}).", "parameters")

"""Which cells are run without IPython's questions: none that would be warned of, or waits."""

from __future__ import annotations

import ast
import inspect
import warnings
from types import CodeType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox.ordinary import is_one, is_quiet

PIECES = (
    "x", "1", "1.5", "'a'", "b'a'", "f'{x}'", "(1, 2)", "[1]", "{1}", "{1: 2}", "None", "True",
    "...", "()", "[x for x in y]", "lambda: 1", "x.y", "f(x)", "x[0]", "(x)", "-1", "1j", "0x1f",
    "1_0",
    " is ", " is not ", " in ", " == ", " and ", " + ", "not ", "assert ", "assert(", "await ",
    "async ", "return ", "(", ")", "[", "]", ", ", ": ", " if ", " else ", "or", "1if x else 2",
    "0xfor x", "1.if x else 2", "1jif x else 2", "1e5or 2",
    "'\\d'", "r'\\d'", "\n", "for x in y", "try: pass\nfinally: pass", "yield ", "del ", "x = ",
)


def told(source: str) -> tuple[list[str], bool]:
    """What compiling it warns of, and whether it waits."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        code = compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return [str(one.message) for one in found], bool(code.co_flags & inspect.CO_COROUTINE)


@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=9))
def test_a_quiet_cell_warns_of_nothing_and_waits_for_nothing(pieces: list[str]) -> None:
    source = "".join(pieces)
    try:
        found = told(source)
    except (SyntaxError, ValueError):
        return  # IPython's to show, before anything ran
    if is_quiet(source):
        assert found == ([], False)


@pytest.mark.parametrize("source", [
    "x is 1", "'a' is x", "1 is None", "assert (x, 'y')", "assert(x, y)", "(1, 2)(3)", "'a' (1)",
    "[1]['a']", "1or 2", "0x1for x in y", "1.if x else 2", "'\\d'", "1if x else 2", "await x",
    "[y async for y in x]", "(1) is None",
    "x is (1)", "f'{x}'(2)", "{1: 2} (3)", "x is\\\n1",
])
def test_these_are_not_quiet(source: str) -> None:
    warned, waits = told(source)
    assert warned or waits
    assert not is_quiet(source)


@pytest.mark.parametrize("source", [
    "x = 1", "import pandas as pd", "def f(n):\n    return n is not None\n", "x is None",
    "assert f(2) == 4", "total = df['a'].sum()", "print(f'{x:.2f}')", "x = [n for n in y if n]",
    "this = 'it'", "y = x if x is True else 3",
])
def test_most_are(source: str) -> None:
    assert is_quiet(source)
    assert told(source) == ([], False)


LINES = (
    "# so", "    # so", "x = 1", "x = 1; x", "x == 1", "x := 1", "x", "x += 1", "x: int = 1",
    "def f(n):", "    return n", "    return n; pass", "class A:", "    x = 1", "import math",
    "from math import pi", "f(", "x = (", "x = 1)", "    x = 1)", ")", '"""', 'x = """', '    """',
    "", "    ", "@f", "if x:", "else:", "x = 1,", "(", "5)", "global x", "define", "defx = 1",
    "assert x", "assert f(", "assert x, (", "for x in y:", "while x:", "with x:", "with x, (",
    "if(x):", "elif x:", "    pass", "ifx = 1", "for_x", "assert(x)",
)


@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=6))
def test_one_statement_is_one(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return  # IPython's to show, before anything ran
    if is_one(text):
        (only,) = body
        assert not isinstance(only, ast.Expr)
        assert code_of(text) == code_of(ast.Module([only], []))


def code_of(what: str | ast.Module) -> CodeType | str:
    """The code of a cell, or why there is none."""
    try:
        return compile(what, "cell", "exec")
    except SyntaxError as error:  # a `return` at the left edge parses
        return error.msg


@pytest.mark.parametrize("text", [
    "x = 1\n", "# mine\n\ndef f(n):\n    # slow\n\n    return n\n", "import math  # pi\n",
    "    # so\nclass A:\n    x = 1\n\n\n", "x = f(\n    2)\n",
    "assert x == 1\n", "for x in y:\n    if x:\n        break\n", "with x as y:\n    y()\n",
    "if x:\n    y = 1\n", "while x:\n    x -= 1\n",
])
def test_most_statements_are_seen_to_be_one(text: str) -> None:
    assert is_one(text)

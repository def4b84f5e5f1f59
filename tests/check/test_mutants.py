"""Each mutant differs from the solution in one place, and its line and kind are told."""

from __future__ import annotations

import ast

import pytest

from kit.check.mutants import MOST, mutants


@pytest.mark.parametrize(("source", "changed"), [
    ("x = 1", {"x = 2", "pass"}),
    ("x = True", {"x = False", "pass"}),
    ("x = 'a'", {"x = 'a (changed)'", "pass"}),
    ("x = a + b", {"x = a - b", "x = -(a + b)", "pass"}),
    ("x = -a", {"x = +a", "pass"}),
    ("x = not a", {"x = not not a", "pass"}),
    ("x = a < b", {"x = a <= b", "pass"}),
    ("x = a and b", {"x = a or b", "pass"}),
    ("x = [a, b]", {"x = [b]", "x = [a]", "pass"}),
    ("x = {a: b, c: d}", {"x = {c: d}", "x = {a: b}", "pass"}),
    ("x = (a, b)", {"x = (b, a)", "pass"}),
    ("a, b = c", {"pass"}),
    ("import a", set()),
    ("def f():\n    '''Say.'''\n    return a", {
        "pass", "def f():\n    '''Say.'''\n    pass"}),
    ("x = 1  # mutate: no", set()),
    ("def f(:", set()),
])
def test_what_is_changed(source: str, changed: set[str]) -> None:
    assert {one.source for one in mutants(source)} == {
        ast.unparse(ast.parse(text)) for text in changed}


def test_the_line_and_the_kind() -> None:
    found = mutants("x = [\n    a,\n    2,\n]")
    assert [(one.line, one.what) for one in found] == [
        (1, "the line dropped"), (2, "entry 1 dropped"), (3, "entry 2 dropped"),
        (3, "2 changed")]


def test_a_long_solution_is_sampled_from_its_first_line_to_its_last() -> None:
    found = mutants("\n".join(f"x{n} = {n}" for n in range(500)))
    assert MOST // 2 < len(found) <= MOST
    assert found[0].line == 1
    assert found[-1].line > 480

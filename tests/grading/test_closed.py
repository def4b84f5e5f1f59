"""Which calls of a learner's functions have arguments that a test alone decides."""

from __future__ import annotations

import ast

import pytest

from kit.grading.closed import closed


def found(source: str, *asks: str, bound: frozenset[str] = frozenset()) -> set[str]:
    return set(closed(ast.parse(source), asks or ("f", "g"), bound))


@pytest.mark.parametrize("source", [
    "assert f(1) == 2 and f(-1.5, key='a') == 3",
    "assert f([1, [2]], {'a': (1,)}) == f(*[1, 2], **{'b': 3})",
    "assert [f(n) for n in range(6)] == [1, 1, 2, 6, 24, 120]",
    "for n, want in [(1, 'a'), (2, 'b')]:\n    assert f(n) == want, f'{n}'",
    "n = 3\nm = -n + 1\nassert f(m, list(range(n)), str(n)[0:1]) == 2",
    "import pytest\nwith pytest.raises(ValueError):\n    f('x' * 3)",
    "import numpy as np\nassert np.isclose(f(1), f(2))",
    "try:\n    f(None)\nexcept TypeError as error:\n    pass\nelse:\n    assert False",
    "x = f(1)\nassert x == f(2)",
    "total += f(3)",
])
def test_these(source: str) -> None:
    assert found(source) == {"f"}


@pytest.mark.parametrize("source", [
    "assert f(total)", "x = f(1)\nassert f(x)", "n = 3\nn += total\nf(n)",
    "for x in g(1):\n    f(x)", "assert [f(x) for x in total]", "x = [1]\nf(x)\nf(x)",
    "for x in [[1], [2]]:\n    f(x)\n    f(x)", "a, *b = 1, 2\nf(b)", "x.n = 1\nf(x)",
    "import random as n\nf(n)", "try:\n    1 / 0\nexcept Exception as n:\n    f(n)",
    "with total as n:\n    f(n)", "f(f)", "f(f(1))", "map(f, [1])", "h = f\nh(total)",
    "helper(1)\nf(1)", "exec('f(total)')\nf(1)", "f(1).run(total)", "def t():\n    f(1)\nt()",
    "(lambda: f(1))()", "(f or g)(1)", "f(len)", "sorted([1], key=f)", "f(n for n in total)",
    "(x := total) and f(x)", "n = 3 if total else 4\nf(n)", "f.calls(1)",
    "match f(1):\n    case n:\n        f(n)", "{n: f(k) for n, k in total}", "f(x)\nx = 1",
    "global n\nf(1)",
])
def test_not_these(source: str) -> None:
    assert "f" not in found(source, "f", "g", "total", "x", "n")


def test_each_name_for_itself() -> None:
    assert found("assert g(f(1)) == 2") == {"f"}


@pytest.mark.parametrize(("source", "right"), [
    ("for n in range(3):\n    f(n)", set()),  # before the loop it may be what another cell made
    ("[f(n) for n in range(3)]", {"f"}), ("[f(n) for n in range(3)]\nf(n)", set()),
    ("[f(m) for n in range(3) for m in range(2)]", {"f"}),
    ("[f(m) for m in range(n)]", set()), ("f(range(3))", {"f"}),
])
def test_names_that_other_cells_bind(source: str, right: set[str]) -> None:
    assert found(source, "f", bound=frozenset({"n"})) == right
    assert found(source, "f", "n") == right


def test_a_built_in_of_another_cell_is_none() -> None:
    assert found("f(list('ab'))", bound=frozenset({"list"})) == set()
    assert found("f(list('ab'))", "f", "list") == {"list"}
    assert found("print(f(1))", bound=frozenset({"print"})) == set()

"""Source: what code uses, avoids and defines, where it is found, and ways to hide it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import checking
import hostile
import pytest

import autograders as ag

LOOP = "def f(xs):\n    for x in xs:\n        pass\n    return 1\n"


def run(*cells: str, **more: Any) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__", "In": ["", *cells], **more}
    for cell in cells:
        exec(cell, names)
    return names


def outcome(names: dict[str, Any], *args: Any, **options: Any) -> ag.Outcome:
    return checking.check(ag.source(*args, **options), **names)


@pytest.mark.parametrize("text", [False, True], ids=["cells", "text"])
@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(
    name: str, make: Callable[[], Any], text: bool
) -> None:
    value = hostile.made(make)
    for names in ({"x": value}, {"x": 3, "In": value}, {"x": value, "In": ["", "x = 3"]}):
        found = outcome(names, "x", uses=["for"], avoids=["while"], text=text)
        assert hostile.TOUCHED == []
        assert found.credit == 0.0
        assert found.message.endswith(".")


@pytest.mark.parametrize(("code", "words", "used"), [
    ("f = [x for x in 'ab']", "list comprehension", True),
    ("f = [x for x in 'ab']", "for", False),
    ("f = list(x for x in 'ab')", "comprehension", True),
    ("f = 2 ** 3", "**", True), ("f = 2 * 3", "**", False), ("f = -2", "-", False),
    ("import math as m\nf = m.sqrt(4)", "math.sqrt()", True),
    ("from math import sqrt as s\nf = s(4)", "math.sqrt", True),
    ("import math\nf = getattr(math, 'sqrt')(4)", "math.sqrt()", True),
    ("import math\nf = math.sqrt", "math.sqrt()", False),
    ("import math\nf = math.sqrt", "math.sqrt", True),
    ("import os.path\nf = 1", "import os", True), ("from os import path\nf = 1", "import os", True),
    ("import math as os\nf = 1", "import os", False),
    ("f = 'ab'.upper()", ".upper()", True), ("f = 'ab'.upper", ".upper()", False),
    ("f = 'sum(x)'  # sum(x)", "sum()", False), ("sum = 3\nf = 1", "sum", False),
    ("f = f'{3}'", "f-string", True), ("f = 1 if 2 else 3", "if", True),
    ("def f(n):\n    return f(n - 1)", "recursion", True),
])
def test_what_is_used(code: str, words: str, used: bool) -> None:
    names = run(code)
    assert (outcome(names, "f", uses=[words]).credit == 1.0) is used
    if used:
        assert outcome(names, "f", avoids=[words]).credit == 0.0


def test_the_last_cell_that_makes_a_name_counts() -> None:
    better = "def f(xs):\n    return len(xs)\n"
    assert outcome(run(LOOP, better), "f", avoids=["for"]).credit == 1.0
    assert outcome(run(better, LOOP), "f", avoids=["for"]).credit == 0.0
    assert outcome(run(LOOP, "f = len"), "f", avoids=["for"]).credit == 1.0
    assert outcome(run("f = len", "if True:\n    def f(xs):\n        while xs: pass\n"),
                   "f", avoids=["loop"]).credit == 0.0


@pytest.mark.parametrize("trick", [
    "In[:] = ['', 'def f(xs):\\n    return 1']",
    "In.append('def f(xs):\\n    return 1')",
    "import types\nIn.append('def f(xs):\\n    return 2')\n",
], ids=["rewritten", "appended", "other"])
def test_a_function_that_runs_other_code_than_its_cell_needs_review(trick: str) -> None:
    found = outcome(run(LOOP, trick), "f", avoids=["for"])
    assert (found.credit, found.review, found.tags) == (0.0, True, ("source-differs",))


def test_constants_of_a_forged_function_are_not_asked() -> None:
    names = run("def f():\n    return 40 + 2.5\n")
    lying = dict(hostile.HOSTILE)["lying"]()
    code: CodeType = names["f"].__code__
    names["f"].__code__ = code.replace(co_consts=(lying,) * len(code.co_consts))
    hostile.TOUCHED.clear()
    assert outcome(names, "f", uses=["return"]).tags == ("source-differs",)
    assert hostile.TOUCHED == []


def test_without_a_notebook_the_file_of_a_function_is_read() -> None:
    assert outcome({"run": run}, "run", uses=["for", "exec()"]).credit == 1.0
    assert outcome({"f": len}, "f", uses=["for"]).tags == ("source-unseen",)


def test_cells_that_ask_questions_are_not_the_learners() -> None:
    names = run("x = 1", "import autograders as ag\nq = ag.Question('a', 1)\nfor _ in []: pass")
    assert outcome(names, uses=["for"]).tags == ("lacks-for",)


@pytest.mark.parametrize(("options", "match"), [
    ({}, "say what"),
    ({"uses": ["list comprehensions"]}, "'list comprehension'"),
    ({"uses": ["for x"]}, "no construct"),
    ({"defines": ["a b"]}, "no definition"), ({"uses": [3]}, "in words"),
    ({"name": "x[0]", "uses": ["for"]}, "plain name"), ({"name": None, "avoids": ["for"]}, "name"),
])
def test_wrong_uses_by_an_author_are_told(options: dict[str, Any], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        ag.source(**{"name": "f", **options})


def test_the_cells_of_a_real_shell_are_read_whatever_in_says() -> None:
    pytest.importorskip("IPython", exc_type=ImportError)
    program = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.history_manager.enabled = False
for cell in ("%%time\\n" + {LOOP!r}.replace("pass", "!true"), "%precision 3",
             "In = ['', 'def f(xs): return 1']",
             "import autograders as ag\\nq = ag.Question('a', 1)\\n"
             "q.add(ag.source('f', avoids=['for']))\\nr = q.result()"):
    shell.run_cell(cell, store_history=True)
print(shell.user_ns["r"].report.checks[0].outcome.message)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                         cwd=Path(__file__).parents[2], check=False)
    assert ran.stdout.splitlines()[-1].startswith("Line 3 of the cell of `f` (`for x in xs:`)"), (
        ran.stderr)


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    exact = settings(derandomize=True, database=None, deadline=None, max_examples=150)
    parts = {"for": "for _ in xs: pass", "while": "while xs: break", "if": "if xs: pass",
             "try": "try: pass\n    except E: pass", "lambda": "lambda: 0", "**": "2 ** x"}

    @exact
    @given(st.lists(st.sampled_from(sorted(parts)), max_size=4), st.sampled_from(sorted(parts)))
    def what_stands_there_is_found(written: list[str], asked: str) -> None:
        body = "".join(f"    {parts[one]}\n" for one in written)
        names = run(f"def f(xs, x=0):\n{body}    return 1\n")
        assert (outcome(names, "f", uses=[asked]).credit == 1.0) is (asked in written)
        assert (outcome(names, "f", avoids=[asked]).credit == 1.0) is (asked not in written)

    @exact
    @given(st.text(max_size=200))
    def any_text_is_judged(text: str) -> None:
        assert not outcome({"x": text}, "x", uses=["nonlocal"], text=True).review

    what_stands_there_is_found()
    any_text_is_judged()

"""Cells of a page in one namespace: what they give, piece by piece."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from kit.lesson.running import MOST_TEXT, Session

Pieces = list[tuple[str, str]]


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> tuple[Session, Pieces]:
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    told: Pieces = []
    return Session(lambda kind, text: told.append((kind, text))), told


def gives(session: tuple[Session, Pieces], *cells: str) -> Pieces:
    """What the last of the cells gives."""
    for number, cell in enumerate(cells, start=1):
        session[1].clear()
        session[0].run(cell, f"cell {number}")
    return session[1]


def test_what_is_printed_comes_before_the_value_in_its_order(
    session: tuple[Session, Pieces]
) -> None:
    cell = "import sys\nprint(1)\nprint(2, file=sys.stderr)\nprint(3)\n'a' 'b'"
    assert gives(session, cell) == [
        ("stdout", "1\n"), ("stderr", "2\n"), ("stdout", "3\n"), ("text", "'ab'")]


@pytest.mark.parametrize(("cells", "last"), [
    (("x = 2", "x * 21"), [("text", "42")]), (("5",  "_ + 1"), [("text", "6")]),
    (("5;",), []), (("None",), []), (("",), []), (("# nothing",), []),
    (("def f(): return g()", "def g(): return 7", "f()"), [("text", "7")]),
    (("display(1, 'b')",), [("text", "1"), ("text", "'b'")]),
    (("class A:\n    def _repr_html_(self): return '<b>a</b>'", "A()"), [("html", "<b>a</b>")]),
    (("class A:\n    def _repr_html_(self): return None\n    def __repr__(self): return 'an A'",
      "A()"), [("text", "an A")]),
    (("class A:\n    def _repr_png_(self): return b'png'", "A()"), [("png", "cG5n")]),
    (("class A:\n    def _repr_svg_(self): return '<svg/>'", "A()"), [("svg", "<svg/>")]),
    (("class A:\n    def _repr_mimebundle_(self): return {'text/html': '<i>'}, {}", "A()"),
     [("html", "<i>")]),
    (("class A:\n    def _repr_html_(self): return '<b>'\n    __module__ = 'm'", "A"),
     [("text", "<class 'm.A'>")]),
    (("import pickle\nclass A: pass\nlen(pickle.dumps(A())) > 5",), [("text", "True")]),
])
def test_the_value_of_the_last_expression_is_shown(
    session: tuple[Session, Pieces], cells: tuple[str, ...], last: Pieces
) -> None:
    assert gives(session, *cells) == last


def test_a_traceback_begins_in_the_cell_and_names_its_lines(
    session: tuple[Session, Pieces]
) -> None:
    ((kind, text),) = gives(session, "def half(n):\n    return n / 0", "print\nhalf(3)")
    assert kind == "error"
    assert text.startswith('Traceback (most recent call last):\n  File "cell 2", line 2, in '
                           '<module>\n    half(3)\n')
    assert '  File "cell 1", line 2, in half\n    return n / 0\n' in text
    assert text.endswith("ZeroDivisionError: division by zero\n")
    assert "running.py" not in text


@pytest.mark.parametrize(("cell", "told"), [
    ("1 +", '  File "cell 1", line 1\n    1 +\n'), ("raise SystemExit(3)", "SystemExit: 3\n"),
    ("%matplotlib inline", "SyntaxError: invalid syntax"), ("'\\ud800'.encode()", "surrogates"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt"), ("def f(): f()\nf()", "RecursionError"),
])
def test_whatever_a_cell_raises_is_told_and_the_next_one_runs(
    session: tuple[Session, Pieces], cell: str, told: str
) -> None:
    ((kind, text),) = gives(session, cell)
    assert kind == "error"
    assert told in text
    assert gives(session, "1 + 1") == [("text", "2")]


def test_a_module_that_is_not_there_is_named(session: tuple[Session, Pieces]) -> None:
    assert gives(session, "import nowhere.at_all")[1:] == [("missing", "nowhere")]


def test_output_is_bounded(session: tuple[Session, Pieces]) -> None:
    printed = gives(session, "for n in range(30_000):\n    print('0123456789')\n'end'")
    assert printed[-1] == ("text", "'end'")
    text = "".join(text for kind, text in printed if kind == "stdout")
    assert len(text) < MOST_TEXT + 100
    assert text.endswith("characters of a cell]\n")
    ((_, long),) = gives(session, "'x' * 1_000_000")
    assert len(long) < MOST_TEXT + 100
    assert "output was cut here" in long


def test_figures_are_shown_once_and_closed(session: tuple[Session, Pieces]) -> None:
    pytest.importorskip("matplotlib").use("agg")
    told = gives(session, "from matplotlib import pyplot as plt\nplt.plot([1, 2]);")
    assert [kind for kind, _ in told] == ["png"]
    assert base64.b64decode(told[0][1]).startswith(b"\x89PNG")
    assert gives(session, "plt.get_fignums()") == [("text", "[]")]


def test_a_checker_reads_the_code_of_the_page(session: tuple[Session, Pieces]) -> None:
    gives(session, "def double(n):\n    return [2 * n for n in range(3)]",
          "import autograders as ag\nq = ag.Question('loop', points=1)\n"
          "q.add(ag.source('double', avoids=['list comprehension']))\nresult = q.result()")
    ((_, said),) = gives(session, "print(result.as_text())")
    assert "Line 2 of the cell of `double`" in said


def test_it_needs_the_standard_library_alone(repository: Path) -> None:
    code = ("import sys; sys.path.insert(0, sys.argv[1]); import kit.lesson.running, "
            "kit.lesson.judging; print(sorted({name.split('.')[0] for name in sys.modules} "
            "- sys.stdlib_module_names - {'__main__', 'kit', 'autograders'}))")
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code, repository], check=True,
                          capture_output=True, text=True)
    assert done.stdout.strip() == "[]"

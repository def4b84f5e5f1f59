"""Tests judged apart from the learner's code: what a pass is worth, and what cannot be forged."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from bench import Bench, answer, check, code, handed_in, locked, points

from kit.grading.local import grade
from kit.model import Limits, Score

DOUBLE = "def f(x):\n    return 2 * x"
WRONG = "def f(x):\n    return 7"
A = answer("a", solution=DOUBLE)
VISIBLE = check("t", "assert f(2) == 4\nassert f(0) == 0")
SECRET = check("t", "assert f(2) == 4", hidden="assert f(5) == 10")
VALUE = answer("a", solution="total = 40")


def how(score: Score) -> dict[str, str]:
    return {result.grade_id: result.how for result in score.results if result.how}


def seen_by_somebody(score: Score, name: str = "t") -> bool:
    """Whether a test earned nothing, or a person looks before it counts."""
    return not points(score)[name] or any(one.grade_id == name for one in score.review)


# --------------------------------------------------------------------------- honest work


@pytest.mark.parametrize("test", [VISIBLE, SECRET], ids=["visible", "secret"])
def test_right_is_verified_and_wrong_is_nothing(bench: Bench, test: Any) -> None:
    bench.released(A, test)
    right, wrong = bench.answers(a=DOUBLE), bench.answers(a=WRONG)
    assert (points(right), how(right), right.review) == ({"t": 1.0}, {"t": "verified"}, ())
    assert (points(wrong), how(wrong), wrong.review) == ({"t": 0.0}, {"t": "verified"}, ())


def test_partial_credit_is_the_same_number_in_both(bench: Bench) -> None:
    bench.released(A, check("t", "float(sum(f(n) == 2 * n for n in range(4)) / 4 * 2)", 2.0))
    score = bench.answers(a="def f(x):\n    return 2 * x if x else 1")
    assert (points(score), how(score)) == ({"t": 1.5}, {"t": "verified"})


def test_the_value_at_the_place_of_the_test_counts(bench: Bench) -> None:
    bench.released(VALUE, check("t", "assert total == 40", hidden="assert total > 39"),
                   answer("b", solution="total = 1"), check("u", "assert total == 1"))
    assert points(bench.answers(a="total = 40", b="total = 1")) == {"t": 1, "u": 1}
    assert points(bench.answers(a="total = 3", b="total = 40")) == {"t": 0, "u": 0}
    changed = bench.answers(a="total = [1]", b="total.append(2)")
    assert points(changed) == {"t": 0, "u": 0}


def test_a_function_defined_anew_is_the_one_of_the_place(bench: Bench) -> None:
    again = "def f(x):\n    return -x"
    bench.released(A, SECRET, answer("b", solution=again), check("u", "assert f(1) == -1",
                                                                 hidden="assert f(3) == -3"))
    score = bench.answers(a=DOUBLE, b=again)
    assert (points(score), how(score)) == ({"t": 1, "u": 1}, {"t": "verified", "u": "verified"})
    assert points(bench.answers(a=again, b=DOUBLE)) == {"t": 0, "u": 0}


def test_names_that_an_earlier_test_bound_are_found(bench: Bench) -> None:
    bench.released(A, check("t", "import math\ndef near(a, b):\n    return math.isclose(a, b)\n"
                                 "first = f(1)"),
                   check("u", "assert near(f(2), 4) and first == 2",
                         hidden="last = f(3)\nassert near(last, 6)"),
                   check("v", "assert last == 6 and near(f(4), 8)"))
    score = bench.answers(a=DOUBLE)
    assert points(score) == {"t": 1, "u": 1, "v": 1}
    assert set(how(score).values()) == {"verified"}


def test_tests_that_were_put_off_keep_their_order(bench: Bench) -> None:
    def step(name: str, before: str) -> Any:
        return check(name, f"log = {before}", hidden=f"log = log + [f('{name}')]\n"
                     f"assert log[-1] == '{name}{name}'")

    bench.released(A, step("t", "[]"), step("u", "log"), check("v", "log.append('v')"),
                   step("w", "log"), check("x", "assert log == ['tt', 'uu', 'v', 'ww']"))
    score = bench.answers(a=DOUBLE)
    assert points(score) == dict.fromkeys("tuvwx", 1.0)
    assert set(how(score).values()) == {"verified"}


def test_outputs_and_counts_are_those_of_one_process(bench: Bench) -> None:
    bench.released(
        locked("l", "import random\nrandom.seed(3)\ndata = [random.random() for _ in range(3)]\n"
                    "data"), A, check("t", "print('before')\nassert f(1) == 2\nf('ab')"),
        replace(SECRET, grade_id="u"),
        answer("b", solution="n = 3"), check("v", "assert n == 3, 'n is not 3'"),
        check("w", "f(data[0])\nfloat(n == 4)"))
    own = handed_in(bench.release.notebooks[0].cells, {
        "a": "print('start')\ndef f(x):\n    print('in', x)\n    return 2 * x", "b": "n = 4\nn"})
    cells = [*own[:3], code("1 / 0"), code("display('shown')\nf(1)"), *own[3:], code("In[-1]")]
    apart = bench.grade(cells)
    two = bench.written()["cells"]
    one_desk = replace(bench.desk(), trials={})
    together = grade(one_desk, bench.job(bench.hand_in(cells)))
    one = bench.written()["cells"]
    assert points(apart) == points(together) == {"t": 1, "u": 1, "v": 0, "w": 1}
    assert [cell.get("execution_count") for cell in two] == list(range(1, len(two) + 1))
    for mine, other in zip(two, one, strict=True):
        assert (mine["source"], mine["execution_count"]) == (
            other["source"], other["execution_count"])
        assert mine["outputs"] == other["outputs"]


# ------------------------------------------------------------- what only the learner's has


LOOPS = "import inspect\ndef loops(f):\n    return 'for ' in inspect.getsource(f)"
OPCODES = ("import dis\ndef loops(g):\n"
           "    return any(one.opname == 'FOR_ITER' for one in dis.get_instructions(g))")
KEPT = ("import inspect\nlook = inspect.getsource\ndef loops(g):\n"
        "    return 'for ' in look(g)")
SOURCE = "from inspect import getsource\nassert 'for ' not in getsource(f)"
QUIET = "with patch('builtins.print') as p:\n    f(1)\np.assert_not_called()"
PATCH = f"from unittest.mock import patch\n{QUIET}"
MATH = ("import math\nkept, math.fsum = math.fsum, None\ntry:\n    assert f(1) == 2\n"
        "finally:\n    math.fsum = kept")
SUM = "def sum(x):\n    raise AssertionError\nassert f(1) == 2"


@pytest.mark.parametrize("test", [
    "kept = f\ndel f\nf = kept\nassert f(2) == 4", SUM, "sum = None\nassert f(1) == 2",
    "state = []\nf = lambda x, own=f: state.append(own(x)) or own(x)\nassert f(2) == 4 == state[0]",
])
def test_what_a_test_binds_the_learners_functions_see(bench: Bench, test: str) -> None:
    bench.released(A, check("t", test), check("u", "assert f(3) == 6"))
    score = bench.answers(a=DOUBLE)
    assert (points(score), how(score), score.review) == (
        {"t": 1, "u": 1}, {"t": "verified", "u": "verified"}, ())


@pytest.mark.parametrize(("test", "given"), [
    (PATCH, ""),
    (f"import unittest.mock as m\n{QUIET.replace('patch', 'm.patch')}", ""),
    ("import inspect\nassert 'for ' not in inspect.getsource(f)", ""),
    (SOURCE, ""), ("assert not loops(f)", LOOPS), (MATH, ""),
    ("from matplotlib.pyplot import gcf\nassert f(1) == 2 and not gcf().axes", ""),
    ("import sys\nassert 'this' not in sys.modules\nassert f(1) == 2", ""),
    ("assert 'for' not in globals()['f'].__name__\nassert f(1) == 2", ""),
])
def test_a_test_that_looks_further_is_judged_beside_the_learner(
    bench: Bench, test: str, given: str
) -> None:
    """It passes for honest work, and catches what it is there to catch."""
    bench.released(locked("l", given or "pass"), A, check("t", test))
    score = bench.answers(a=DOUBLE)
    assert (points(score), how(score), score.review) == ({"t": 1}, {"t": "shared"}, ())


LOOP = "def f(x):\n    for _ in [1]:\n        return 2 * x"


@pytest.mark.parametrize(("test", "given", "caught"), [
    (SOURCE, "", LOOP), ("assert not loops(f)", LOOPS, LOOP), ("assert not loops(f)", KEPT, LOOP),
    ("assert not loops(f)", OPCODES, LOOP), (SUM, "", "def f(x):\n    return sum([x, x])"),
    (PATCH, "", "def f(x):\n    print(x)\n    return 2 * x"),
    (MATH, "", "import math\ndef f(x):\n    return math.fsum([x, x])"),
])
def test_what_such_a_test_forbids_is_found(
    bench: Bench, test: str, given: str, caught: str
) -> None:
    bench.released(locked("l", given or "pass"), A, check("t", test))
    assert points(bench.answers(a=caught)) == {"t": 0}


def test_a_class_that_the_author_makes_too_needs_nobody(bench: Bench) -> None:
    account = "class Account:\n    def __init__(self, x):\n        self.balance = x"
    bench.released(answer("a", solution=account), check("t", "assert Account(3).balance == 3"))
    score = bench.answers(a=account)
    assert (points(score), how(score), score.review) == ({"t": 1}, {"t": "shared"}, ())


def test_a_class_where_the_author_has_a_number_is_looked_at(bench: Bench) -> None:
    bench.released(A, VISIBLE)
    score = bench.answers(a="class Own(int):\n    pass\ndef f(x):\n    return Own(2 * x)")
    assert (points(score), how(score)) == ({"t": 1}, {"t": "shared"})
    assert [(one.code, one.grade_id) for one in score.review] == [("shared", "t")]


def test_without_the_author_s_answer_it_is_looked_at_as_well(bench: Bench) -> None:
    bench.released(answer("a"), VISIBLE)
    score = bench.answers(a="class Own(int):\n    pass\ndef f(x):\n    return Own(2 * x)")
    assert [one.code for one in score.review] == ["shared"]


def test_a_built_in_that_an_answer_hides(bench: Bench) -> None:
    bench.released(locked("l", "def near(a, b):\n    return abs(a - b) < 1"), A,
                   check("t", "assert sum([f(1)]) == 2\nassert near(f(2), 4.5)"))
    score = bench.answers(a=f"{DOUBLE}\nsum = 0\nnear = lambda a, b: False")
    assert (points(score), how(score), score.review) == ({"t": 1}, {"t": "verified"}, ())


# ------------------------------------------------------------------------------- forgeries


LIES = ("eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv pow neg abs float int "
        "bool len contains getitem call array index round str repr format iter next")
LIAR = ("class Liar:\n    pass\n"
        f"for name in {LIES!r}.split():\n"
        "    setattr(Liar, f'__{name}__', lambda self, *a, **k: True)\n"
        "Liar.__float__ = lambda self: 0.0\nLiar.__hash__ = lambda self: 0\n"
        "Liar.__sub__ = Liar.__rsub__ = Liar.__abs__ = lambda *a: 0.0\n"
        "Liar.__class__ = property(lambda self: float)\ntotal = Liar()\n"
        "def f(x):\n    return Liar()\n")


@pytest.mark.parametrize("test", [
    "assert total == 40", "assert abs(total - 40) < 1e-9", "assert float(total) == 0",
    "import numpy as np\nassert np.isclose(total, 40)", "assert isinstance(total, float)",
    "import numpy as np\nnp.testing.assert_allclose(total, 40)", "assert total in (40, 41)",
    "assert round(total, 2) == 40", "assert str(total) == '40'", "assert f(2) == 4",
    "from unittest import TestCase\nTestCase().assertEqual(total, 40)",
    "from unittest import TestCase\nTestCase().assertAlmostEqual(f(2), 4)",
    "float(total == 40)", "total == 40 and 1.0", "if total != 40:\n    raise AssertionError",
    "try:\n    assert total == 40\nexcept Exception:\n    raise",
    "assert sorted([f(1), f(0)]) == [0, 2]", "import math\nassert math.isclose(f(2), 4)",
])
@pytest.mark.parametrize("hidden", ["", "assert total == 40"])
def test_a_lying_class_gets_nothing_unseen(bench: Bench, test: str, hidden: str) -> None:
    bench.released(answer("a", solution=f"total = 40\n{DOUBLE}"), check("t", test, hidden=hidden))
    score = bench.answers(a=LIAR)
    assert seen_by_somebody(score)
    assert how(score)["t"] != "verified" or not points(score)["t"]


@pytest.mark.parametrize(("given", "forged"), [
    ("from math import *", "def isclose(*a, **k):\n    return True"),
    ("from operator import eq as isclose", "isclose = lambda *a: True"),
    ("def isclose(a, b):\n    return a == b", "def isclose(a, b):\n    return True"),
    ("%run checks.py", "def isclose(a, b):\n    return True"),
])
def test_what_the_author_s_cells_made_is_not_taken_from_a_learner(
    bench: Bench, given: str, forged: str
) -> None:
    source = bench.root / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "checks.py").write_text("from math import isclose\n")
    bench.released(locked("l", given), VALUE, check("t", "assert isclose(total, 40)"))
    assert (points(score := bench.answers(a="total = 40")), how(score)) == (
        {"t": 1}, {"t": "verified"})
    assert seen_by_somebody(bench.answers(a=f"total = 1\n{forged}"))


def test_nor_where_that_cell_reads_what_the_learner_made(bench: Bench) -> None:
    bench.released(VALUE, locked("l", "twice = 2 * total\ndef right(x):\n    return x == 80"),
                   check("t", "assert right(twice)"))
    cells = bench.release.notebooks[0].cells
    honest = bench.grade(handed_in(cells, {"a": "total = 40"}))
    assert (points(honest), how(honest)) == ({"t": 1}, {"t": "verified"})
    forged = handed_in(cells, {"a": "total = 1"})
    forged.insert(2, code("right = lambda x: True"))
    score = bench.grade(forged)
    assert seen_by_somebody(score)
    assert how(score)["t"] != "verified"


# ---------------------------------------------------------------- kill, hang, exit in a call


@pytest.mark.parametrize("end", [
    "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)", "exit()", "raise SystemExit",
    "import sys; sys.exit(0)", "while True: pass", "raise KeyboardInterrupt",
    "import os; os.closerange(3, 256)", "import os; os.abort()",
])
@pytest.mark.parametrize("test", [VISIBLE, SECRET], ids=["visible", "secret"])
def test_who_ends_inside_a_call_loses_that_question_alone(
    bench: Bench, end: str, test: Any
) -> None:
    bench.assignment = replace(bench.assignment, limits=Limits(cell_seconds=2, cpu_seconds=30))
    other = "def g(x):\n    return x + 1"
    bench.released(A, test, answer("b", solution=other),
                   check("u", "assert g(1) == 2", hidden="assert g(3) == 4"),
                   check("v", "assert g(5) == 6"))
    score = bench.answers(a=f"def f(x):\n    {end}", b=other)
    assert points(score) == {"t": 0, "u": 1, "v": 1}
    assert {how(score)[name] for name in "uv"} == {"verified"}


# -------------------------------------------------------------------- secrets of hidden tests

CANARY = "c4n4ry"
KEEP = {
    "globals": "kept = []\ndef keep(x):\n    kept.append(x)\ndef tell():\n    print(kept)",
    "a file": "def keep(x):\n    open('kept', 'a').write(str(x))\n"
              "def tell():\n    print(open('kept').read())",
    "a file elsewhere": "def keep(x):\n    open('/tmp/kept', 'a').write(str(x))\n"
                        "def tell():\n    print(open('/tmp/kept').read())",
    "at exit": "import atexit\ndef keep(x):\n"
               "    atexit.register(lambda: open('kept', 'a').write(str(x)))\n"
               "def tell():\n    print(open('kept').read())",
    "a thread": "import threading, time\nkept = []\ndef keep(x):\n    kept.append(x)\n"
                "def write():\n    while True:\n        open('kept', 'w').write(str(kept))\n"
                "        print(kept)\n        time.sleep(0.001)\n"
                "threading.Thread(target=write, daemon=True).start()\n"
                "def tell():\n    print(kept)",
    "a finalizer": "class Kept:\n    def __del__(self):\n        print(self.x)\n"
                   "        open('kept', 'w').write(str(self.x))\nkept = Kept()\n"
                   "def keep(x):\n    kept.x = x\ndef tell():\n    pass",
    "a process": "import os\nr, w = os.pipe()\nif os.fork() == 0:\n    os.setsid()\n"
                 "    while True:\n"
                 "        data = os.read(r, 99)\n        os.write(1, data)\n"
                 "        open('kept', 'ab').write(data)\n"
                 "def keep(x):\n    os.write(w, str(x).encode())\n"
                 "def tell():\n    print(open('kept').read())",
    "a socket": "import socket\na, b = socket.socketpair()\n"
                "def keep(x):\n    a.send(str(x).encode())\n"
                "def tell():\n    b.settimeout(0.1)\n    print(b.recv(999))",
    "streams": "import os, sys\ndef keep(x):\n    print(x)\n    print(x, file=sys.stderr)\n"
               "    os.write(1, str(x).encode())\n    os.write(2, str(x).encode())\n"
               "def tell():\n    pass",
    "a display of an earlier cell": "shown = display('x', display_id=True)\n"
                                    "def keep(x):\n    shown.update(str(x))\n    display(x)\n"
                                    "def tell():\n    pass",
    "errors": "kept = []\ndef keep(x):\n    kept.append(x)\n    if len(kept) > 3:\n"
              "        raise ValueError(str(kept))\ndef tell():\n    raise ValueError(str(kept))",
    "values": "kept = []\ndef keep(x):\n    kept.append(x)\ndef tell():\n    pass",
    "a killed run": "import os\nkept = os.path.exists('kept') and open('kept').read()\n"
                    "print(kept, os.listdir('/tmp'))\n"
                    "def keep(x):\n    open('kept', 'a').write(str(x))\n"
                    "    open('/tmp/kept', 'a').write(str(x))\n    os._exit(0)\n"
                    "def tell():\n    print(os.listdir('/tmp'))\n    print(open('kept').read())",
    "frames": "import sys\ndef keep(x):\n    frame = sys._getframe()\n    while frame:\n"
              "        print(frame.f_locals)\n        frame = frame.f_back\n"
              "def tell():\n    print(In)",
    "names": "import os\ndef keep(x):\n    os.mkdir(str(x))\n    os.symlink(str(x), 'l' + str(x))\n"
             "def tell():\n    print(os.listdir())",
}


@pytest.mark.parametrize("way", KEEP)
def test_no_secret_is_left_where_a_learner_sees_it(bench: Bench, way: str) -> None:
    """What met a hidden test can tell nobody; in clear or turned around."""
    bench.assignment = replace(bench.assignment, limits=Limits(cell_seconds=2, cpu_seconds=20))
    source = f"{KEEP[way]}\ndef f(x):\n    keep(x)\n    keep(str(x)[::-1])\n    return 2 * x"
    hidden = f"assert f('{CANARY}') == 2 * '{CANARY}'"
    bench.released(A, check("t", "one = f(2)", hidden=hidden), answer("b", solution="n = 1"),
                   check("u", "assert one == 4\nassert f(3) == 6, f('why')"),
                   check("v", "f(4)", hidden=f"assert f('{CANARY}!')"),
                   check("w", "assert f(5) == 10"))
    cells = handed_in(bench.release.notebooks[0].cells, {"a": source, "b": "tell()"})
    cells = [cells[0], code("tell()"), *cells[1:], code("tell()\ntell()")]
    score = bench.grade(cells)
    for cell in bench.written()["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in ("t", "v"):
            _nothing_in(json.dumps(cell["outputs"]))
    for result in score.results:
        if result.grade_id in ("u", "w"):
            _nothing_in(repr(result))
    folder = bench.root / "autograded" / "learner-0001" / "ps1"
    for path in folder.rglob("*"):
        _nothing_in(path.name)
        if path.is_file() and path.suffix != ".ipynb":
            _nothing_in(path.read_bytes().decode(errors="replace"))


def _nothing_in(text: str) -> None:
    assert CANARY not in text
    assert CANARY[::-1] not in text


def test_a_secret_test_with_plain_values_is_never_sent_to_the_learner(bench: Bench) -> None:
    """Not even where it fails: it is judged again in a run of its own."""
    bench.released(VALUE, check("t", "assert total", hidden=f"assert '{CANARY}' and total == 40"),
                   answer("b", solution="n = 1"))
    look = ("import gc\nfound = [one for one in gc.get_objects() if isinstance(one, (list, dict))"
            f" and '{CANARY[:3]}' + '{CANARY[3:]}' in str(one)[:9000] and one is not globals()]\n"
            "print(len(found), In)")
    bench.answers(a="total = 1", b=look)
    (last,) = [cell["outputs"] for cell in bench.written()["cells"]
               if cell["metadata"]["nbgrader"]["grade_id"] == "b"]
    _nothing_in(json.dumps(last))
    assert last[0]["text"][0].startswith("0 ")

"""One process runs several learners' cells, where those only compute: none knows of another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench import Bench, answer, check, handed_in, locked
from forgeries import FORGERIES, unseen

from kit.grading.computing import only_computes
from kit.grading.desk import Desk
from kit.grading.local import grade
from kit.model import Limits, Score
from kit.sandbox import Pool

CELLS = (
    locked("l", "import math\nrates = [1, 2]\ndef near(a, b):\n    return math.isclose(a, b)"),
    answer("a"),
    check("plain", "assert total == 40", 3.0),
    check("secret", "total", 3.0, hidden="assert total == 40, 'not that'"),
    check("called", "assert f(2) == 4", 3.0),
    check("called-again", "assert [f(n) for n in (4, 517)] == [8, 1034]", 3.0),
    answer("b"),
)
SECRET = check("called-secret", "f(1)", 3.0, hidden="for n in (4, 517):\n    assert f(n) == 2 * n")
OWN = check("called-with-its-own", "assert f(total) == 80", 3.0)
RIGHT = "total = 40\ndef f(x):\n    return 2 * x\n"
WRONG = "total = 1\ndef f(x):\n    return 7\n"
LOOK = """
found = []
for look in (lambda: kept, lambda: total, lambda: f(0), lambda: math.pi, lambda: rates, lambda: _,
             lambda: near(1, 1), lambda: later, lambda: len('a'), lambda: big,
             lambda: len(bytes(2100 * 10 ** 6))):
    try:
        found.append(look())
    except Exception as error:
        found.append(repr(error))
print(found)
found[-1]
"""
LEAVES = {
    "a variable": "kept = []\ndef f(x):\n    kept.append(x)\n    return 2 * x\ntotal = 40",
    "a default": "def f(x, kept=[]):\n    kept.append(x)\n    return kept and 2 * x\ntotal = 40",
    "a variable of a call": (
        "def f(x):\n    global kept\n    kept = x\n    return 2 * x\ntotal = 40"),
    "another meaning": "near = 3\nrates = None\nmath = 'no'\n" + RIGHT,
    "a value of the author's": "rates.append(517)\n" + RIGHT,
    "a lot": "big = [[n] for n in range(2 * 10 ** 5)]\n" + RIGHT,
    "the last result": RIGHT + "_ = 517\n_",
    "an error": RIGHT + "kept = 517\n1 / 0",
    "a result that fails to show": RIGHT + "kept = []\nkept.append(kept)\nkept",
    "nothing": WRONG,
    "an error in the test": "total = 40\ndef f(x):\n    raise ValueError(x)",
    "text without end": RIGHT + "print('x' * 10 ** 7)",
    "a name deleted": RIGHT + "del near, rates",
    "what crashes where it ends": (
        RIGHT + "def bomb(n):\n    it = []\n    for k in range(n):\n        it = enumerate(it)\n"
        "    keep = [it]\n    keep.append(keep)\nbomb(300000)"),
    "what crashes where an error ends": (
        RIGHT + "def bomb(n):\n    it = []\n    for k in range(n):\n        it = enumerate(it)\n"
        "    raise ValueError(n)\nbomb(1000000)"),
    "memory that nobody holds": RIGHT + "kept = ['x' * (200 * 10 ** 6)]\nkept.append(kept)",
}


@pytest.fixture
def bench(tmp_path: Path, pool: Pool) -> Bench:
    bench = Bench(tmp_path, pool)
    bench.for_class(*CELLS, limits=Limits(cell_seconds=4, cpu_seconds=30))
    return bench


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    with bench.sharing() as desk:
        yield desk


def graded(bench: Bench, desk: Desk, learner: str, text: str, then: str = "b = 1") -> Score:
    return grade(desk, bench.job(bench.hand_in(handed_in(CELLS, {"a": text, "b": then}), learner)))


def shown(bench: Bench, learner: str) -> list[Any]:
    """What the cells of a graded notebook put out, and as the how manieth they ran."""
    path = bench.root / "autograded" / learner / "ps1" / "p1.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell["execution_count"], cell["outputs"]) for cell in cells]


def waiting(bench: Bench, desk: Desk) -> list[int]:
    """How many runs those served that wait for the next learner."""
    (_, stage), = desk.stages.values()
    assert stage is not None
    return [one.runs for one in bench.pool._lending.waiting(stage)]


def test_honest_work_is_run_by_one_process(bench: Bench, desk: Desk) -> None:
    for number in range(4):
        score = graded(bench, desk, f"learner-{number:04d}", RIGHT)
        assert {(one.points, one.how) for one in score.results} == {(3.0, "verified")}
        assert waiting(bench, desk) == [number]


@pytest.mark.parametrize("name", LEAVES)
def test_the_next_finds_what_the_first_would_find(name: str, bench: Bench, desk: Desk) -> None:
    assert only_computes(LEAVES[name])
    alone = replace(desk, stages={})
    first = graded(bench, alone, "learner-0001", RIGHT, LOOK)
    graded(bench, desk, "learner-0002", LEAVES[name], LOOK)
    second = graded(bench, desk, "learner-0003", RIGHT, LOOK)
    assert [(one.points, one.how) for one in second.results] == [(3.0, "verified")] * 4
    assert [one.points for one in first.results] == [one.points for one in second.results]
    assert shown(bench, "learner-0003") == shown(bench, "learner-0001")


@pytest.mark.parametrize("name", LEAVES)
def test_each_gets_what_a_process_of_its_own_gives(name: str, bench: Bench, desk: Desk) -> None:
    graded(bench, desk, "learner-0001", RIGHT)
    there = graded(bench, desk, "learner-0002", LEAVES[name])
    alone = graded(bench, replace(desk, stages={}), "learner-0003", LEAVES[name])
    assert shown(bench, "learner-0002") == shown(bench, "learner-0003")
    assert [(one.grade_id, one.points, one.how) for one in there.results] == [
        (one.grade_id, one.points, one.how) for one in alone.results]


GOES_ON = {
    "right": RIGHT,
    "wrong": WRONG,
    "an error of its own": RIGHT + "1 / 0",
}
ENDS_IT = {
    "another value of the author's": RIGHT + "rates.append(3)",
    "no end": RIGHT + "while True:\n    pass",
    "no end of a call": "total = 40\ndef f(x):\n    while True:\n        pass",
    "no end of depth": RIGHT + "def g(n):\n    return g(n)\ng(0)",
    "no memory": RIGHT + "big = [0] * 10 ** 12",
    "what crashes where an error ends": LEAVES["what crashes where an error ends"],
    "much memory, for a moment": RIGHT + "big = 'x' * (300 * 10 ** 6)\nbig = 0",
    "a result too deep to be shown": (
        RIGHT + "deep = 0\nfor n in range(3000):\n    deep = [deep, n]\ndeep"),
}


@pytest.mark.parametrize("name", [*GOES_ON, *ENDS_IT])
def test_it_goes_on_while_nothing_went_wrong(name: str, bench: Bench, desk: Desk) -> None:
    graded(bench, desk, "learner-0001", RIGHT)
    graded(bench, desk, "learner-0002", {**GOES_ON, **ENDS_IT}[name])
    graded(bench, desk, "learner-0003", RIGHT)
    assert waiting(bench, desk) == [2 if name in GOES_ON else 0]


EQUAL_BUT_ANOTHER = {
    "rows that became one": (
        "board = [[0, 0] for _ in range(3)]", "board[1] = board[2] = board[0]\nx = 1",
        "board[0][0] = 1\nx = sum(map(sum, board))"),
    "a set that was larger": (
        "seen = {1, 2, 3}", ("seen.update(range(1000))\nfor n in range(4, 1000):\n"
        "    seen.discard(n)\nseen.discard(0)\nx = 1"), "seen.add(8)\nx = 9 - list(seen)[0]"),
    "another number that is none": (
        "bad = float('nan')\ndata = [1.0, bad]", "data[1] = float('nan')\nx = 1",
        "x = int(bad in data)"),
    "what the author's cell showed": (
        "rates = [3, 1, 2]\nsorted(rates)", "_.append(517)\nx = 1", "print(_)\nx = len(_) - 2"),
    "a variable that a function binds": (
        "def begin():\n    global cache\n    cache = []\nbegin()", "cache.append(517)\nx = 1",
        "x = 1 + len(cache)"),
    "a method of something": (
        "draw = [3, 2, 1].pop", "draw()\nx = 1", "x = draw()"),
    "a default that is kept": (
        "def count(n, seen=[]):\n    seen.append(n)\n    return len(seen)", "x = count(1)",
        "x = count(1)"),
}


@pytest.mark.parametrize("name", EQUAL_BUT_ANOTHER)
def test_equal_is_not_the_same(name: str, bench: Bench) -> None:
    """What the author's cells made is, for each, what they made, and no copy of it."""
    given, before, after = EQUAL_BUT_ANOTHER[name]
    assert only_computes(given)
    assert only_computes(before)
    assert only_computes(after)
    cells = (locked("l", given), answer("a"), check("t", "assert x == 1", 3.0))
    bench.for_class(*cells, limits=bench.assignment.limits)
    with bench.sharing() as desk:
        for number, text in enumerate((after, before, after)):
            score = grade(desk, bench.job(bench.hand_in(
                handed_in(cells, {"a": text}), f"learner-{number:04d}")))
            assert [(one.points, one.how) for one in score.results] == [(3.0, "verified")]
    assert shown(bench, "learner-0000") == shown(bench, "learner-0002")


JUDGED_BEFORE = {
    "a method of something": ("draw = [3, 1, 2].pop", "assert f(draw()) == 4"),
    "rows that become one": (
        "board = [[0], [0]]", ("board[0].append(f(1))\nassert board == [[0, 2], [0]]\n"
        "board[0].pop()\nboard[1] = board[0]")),
}


@pytest.mark.parametrize("name", JUDGED_BEFORE)
def test_a_test_finds_what_it_found_for_the_learner_before(name: str, bench: Bench) -> None:
    given, test = JUDGED_BEFORE[name]
    cells = (locked("l", given), answer("a"), check("t", test, 3.0))
    bench.for_class(*cells, limits=bench.assignment.limits)
    with bench.sharing() as desk:
        for number in range(3):
            score = grade(desk, bench.job(bench.hand_in(
                handed_in(cells, {"a": "def f(x):\n    return 2 * x\nz = 1"}),
                f"learner-{number:04d}")))
            assert [(one.points, one.how) for one in score.results] == [(3.0, "verified")]


KEPT = (
    check("keeps", "add = mk(1)", 1.0),
    check("binds", "total", 1.0, hidden="secrets_ = [517, 3]"))
CALLS = {
    "of a hidden test": (SECRET,),
    "with its own values": (OWN,),
    "by what a call gave": (
        KEPT[1], check("sorts", "assert sorted(secrets_, key=mk(1)) == [3, 517]", 1.0)),
    "of what an earlier test kept": (*KEPT, check("calls", "assert add(secrets_[0]) == 517", 1.0)),
}


@pytest.mark.parametrize("name", CALLS)
def test_it_ends_after_a_call(name: str, bench: Bench) -> None:
    """What a learner's function is called with might be told to the next, in some way."""
    cells = (*CELLS, *CALLS[name])
    bench.for_class(*cells, limits=bench.assignment.limits)
    right = RIGHT + "def mk(n):\n    return lambda x: n * x"
    with bench.sharing() as desk:
        score = grade(desk, bench.job(bench.hand_in(handed_in(cells, {"a": right, "b": "b = 1"}))))
        assert {(one.points, one.how) for one in score.results} <= {
            (3.0, "verified"), (1.0, "verified")}
        assert waiting(bench, desk) == []


def test_what_may_do_more_has_a_process_of_its_own(bench: Bench, desk: Desk) -> None:
    graded(bench, desk, "learner-0001", RIGHT)
    more = graded(bench, desk, "learner-0002", "import os\n" + RIGHT)
    assert {(one.points, one.how) for one in more.results} == {(3.0, "verified")}
    assert waiting(bench, desk) == [0]


def test_so_has_what_stands_beside_files_of_its_own(bench: Bench, desk: Desk) -> None:
    graded(bench, desk, "learner-0001", RIGHT)
    cells = handed_in(CELLS, {"a": RIGHT, "b": "import statistics\nstatistics.mean([1, 2])"})
    grade(desk, bench.job(bench.hand_in(cells, "learner-0002", **{"statistics.py": "mean = sum"})))
    assert waiting(bench, desk) == [0]


def test_when_it_was_handed_in_is_no_file_of_its_own(bench: Bench, desk: Desk) -> None:
    for number in range(2):
        cells = handed_in(CELLS, {"a": RIGHT})
        stamp = {"timestamp.txt": f"2030-01-0{number + 1} 08:00:00 UTC"}
        grade(desk, bench.job(bench.hand_in(cells, f"learner-000{number + 1}", **stamp)))
        assert waiting(bench, desk) == [number]


def test_a_test_that_may_do_more_ends_the_process_it_is_judged_in(bench: Bench) -> None:
    cells = (locked("l", "import math"), answer("a"),
             check("t", "import numpy as np\nassert np.isclose(total, 40)", 3.0))
    bench.for_class(*cells, limits=bench.assignment.limits)
    ended = []
    with bench.sharing() as desk:
        for text in ("total = 40", "total = 1"):
            grade(desk, bench.job(bench.hand_in(handed_in(cells, {"a": text}))))
            ended.append(waiting(bench, desk))
    assert ended == [[0], []]


def test_what_reaches_for_the_score_and_only_computes_reaches_nothing(
    bench: Bench, desk: Desk
) -> None:
    those = [name for name, text in FORGERIES.items() if only_computes(text)]
    for name in those:
        graded(bench, desk, "learner-0001", FORGERIES[name])
        wrong = graded(bench, desk, "learner-0002", WRONG)
        assert unseen(wrong) == {}
        assert wrong.review == ()
    assert those == ["the helpers of the author", "a call that never ends", "a number that is none",
                     "a number that is without end"]

"""One process judges several learners in turn: what one of them tries, the next does not feel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import Bench, handed_in
from forgeries import CELLS, FORGERIES, LONG, RIGHT, WRONG, unseen

from kit.grading.desk import Desk
from kit.grading.local import grade
from kit.model import Limits, Score
from kit.sandbox import Pool

HANDS_ON = {
    "a helper's memory": WRONG + "near.seen = lambda *a: True",
    "arguments that are changed": "total = 40\ndef f(x):\n    return x\ndef near(*a): return True",
    "a value that is changed later": (
        "total = [40]\ndef f(x):\n    total.append(x)\n    return total"),
    "an iterator that is never read": "def items():\n    yield from range(10**9)\n"
                                      "total = items()\ndef f(x):\n    return items()",
    "calls within calls": WRONG + "def f(x):\n    return x(f) if callable(x) else f",
    "an error with a secret": WRONG + "def f(x):\n    raise ValueError('x' * 10**6)",
    "names of the shell": WRONG + "_ = In = Out = get_ipython = exit = quit = 1\n__name__ = 'x'",
}


@pytest.fixture
def bench(tmp_path: Path, pool: Pool) -> Bench:
    bench = Bench(tmp_path, pool)
    bench.for_class(*CELLS, limits=Limits(cell_seconds=5, cpu_seconds=30))
    return bench


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    with bench.sharing() as desk:
        yield desk


def graded(bench: Bench, desk: Desk, learner: str, text: str) -> Score:
    cells = handed_in(CELLS, {"a": text})
    return grade(desk, bench.job(bench.hand_in(cells, learner)))


def waiting(pool: Pool, desk: Desk) -> list[int]:
    """How many runs those served that wait for the next."""
    (stage, _), = desk.stages.values()
    return [one.runs for one in pool._lending.waiting(stage)]


def test_honest_work_is_judged_by_one_process(bench: Bench, desk: Desk) -> None:
    for number in range(4):
        score = graded(bench, desk, f"learner-{number:04d}", RIGHT)
        assert {(one.points, one.how) for one in score.results} == {(3.0, "verified")}
        assert waiting(bench.pool, desk) == [number]


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[pytest.mark.slow] if name in LONG else [])
    for name in (*FORGERIES, *HANDS_ON)])
def test_the_next_gets_what_is_theirs(name: str, bench: Bench, desk: Desk) -> None:
    graded(bench, desk, "learner-0001", {**FORGERIES, **HANDS_ON}[name])
    wrong = graded(bench, desk, "learner-0002", WRONG)
    assert unseen(wrong) == {}
    assert wrong.review == ()
    right = graded(bench, desk, "learner-0003", RIGHT)
    assert {(one.points, one.how) for one in right.results} == {(3.0, "verified")}
    assert right.review == ()

"""One process judges one learner after another: each test finds what it found for the first."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import Bench, answer, check, handed_in, locked

from kit.grading.desk import Desk
from kit.grading.local import grade
from kit.model import Limits
from kit.sandbox import Pool

LIMITS = Limits(cell_seconds=10, cpu_seconds=30)
LEAVES = {
    "nothing": ("kinds = {'a': [1, 2]}", "assert f(kinds['a'][1]) == 4", 3),
    "a word that the shell has as a name": ("kinds = ['open']", "assert f(2) == 4, 'open'", 3),
    "a method of something": ("draw = [3, 1, 2].pop", "assert f(draw()) == 4", 0),
    "rows that become one": (
        "board = [[0], [0]]", (
            "board[0].append(f(1))\nassert board == [[0, 2], [0]]\nboard[0].pop()\n"
            "board[1] = board[0]"), 0),
    "a set that was larger": (
        "seen = {1, 2, 3}", (
            "seen.update(range(1000))\nseen.difference_update(range(4, 1000))\n"
            "seen.discard(0)\nassert f(2) == 4 and sorted(seen) == [1, 2, 3]"), 0),
    "another number that is none": (
        "bad = float('nan')\ndata = [1.0, bad]",
        "assert bad in data and f(2) == 4\ndata[1] = float('nan')", 0),
    "a longer list": ("data = [1]", "data.append(f(1))\nassert data == [1, 2]", 0),
}


def waiting(bench: Bench, desk: Desk) -> list[int]:
    """How many runs those judged that wait for the next learner."""
    (stage, _), = desk.stages.values()
    return [one.runs for one in bench.pool._lending.waiting(stage)]


@pytest.mark.parametrize("name", LEAVES)
def test_a_test_finds_what_it_found_for_the_learner_before(
    name: str, tmp_path: Path, pool: Pool
) -> None:
    given, test, runs = LEAVES[name]
    bench = Bench(tmp_path, pool)
    cells = (locked("l", given), answer("a"), check("t", test, 3.0))
    bench.for_class(*cells, limits=LIMITS)
    with bench.sharing() as desk:
        for number in range(4):
            text = f"def f(x):\n    return 2 * x\nz = {number}"
            score = grade(desk, bench.job(bench.hand_in(
                handed_in(cells, {"a": text}), f"learner-{number:04d}")))
            assert [(one.points, one.how) for one in score.results] == [(3.0, "verified")]
        assert waiting(bench, desk) == [runs]

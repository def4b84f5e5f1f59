"""Learners who reach for the score: none is right in anything, and each knows where it runs.

None gets a point that nobody looks at, and none is said to be verified.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import Bench, code, handed_in
from forgeries import CELLS, FORGERIES, LONG, RIGHT, WRONG, unseen

from kit.model import Limits
from kit.sandbox import Pool


@pytest.fixture
def bench(tmp_path: Path, pool: Pool) -> Bench:
    bench = Bench(tmp_path, pool)
    bench.for_class(*CELLS, limits=Limits(cell_seconds=1, cpu_seconds=30))  # as honest work shows
    return bench


def test_honest_work_is_verified(bench: Bench) -> None:
    score = bench.answers(a=RIGHT)
    assert score.review == ()
    assert {(one.points, one.how) for one in score.results} == {(3.0, "verified")}


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in FORGERIES])
def test_a_forgery_gets_no_point_unseen(name: str, bench: Bench) -> None:
    score = bench.answers(a=FORGERIES[name])
    assert len(score.results) == len(CELLS) - 2, score.review
    assert unseen(score) == {}


@pytest.mark.parametrize("name", ["an answer in advance", "the helpers of the author",
                                  "a test that cannot be judged apart"])
def test_nor_from_cells_of_its_own_between_the_tests(name: str, bench: Bench) -> None:
    cells = handed_in(CELLS, {"a": WRONG})
    for place in range(len(cells) - 1, 1, -1):
        cells.insert(place, code(FORGERIES[name]))
    score = bench.grade(cells)
    assert unseen(score) == {}


@pytest.mark.parametrize("tags", [{"tags": ["skip-execution"]}, {"nbgrader": {}}])
def test_nor_by_what_the_notebook_says_of_its_cells(tags: dict[str, object], bench: Bench) -> None:
    cells = handed_in(CELLS, {"a": WRONG})
    for cell in cells[2:]:
        cell["metadata"] = {**cell["metadata"], **tags}
    assert unseen(bench.grade(cells)) == {}

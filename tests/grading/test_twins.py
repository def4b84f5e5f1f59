"""The same files of several learners are run once; what is a learner's own stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from bench import Bench, answer, check, handed_in, points

from kit.grading.local import grade
from kit.grading.twins import Twins, same_for_all
from kit.model import Grading, LatePolicy, Score

DRAW = "import random\nx = random.random()\nprint(x)"


def both(bench: Bench, text: str, *, alike: bool = True) -> tuple[Score, Score, str, str]:
    """Scores and outputs of two learners who handed in the same."""
    twins = Twins(partial(grade, bench.desk()), alike)
    scores, shown = [], []
    for learner in ("learner-0001", "learner-0002"):
        job = bench.job(bench.hand_in(
            handed_in(bench.release.notebooks[0].cells, {"a": text}), learner, notes="mine"))
        scores.append(twins(job))
        shown.append(bench.written(learner)["cells"][0]["outputs"][0]["text"])
        assert (job.folder / "notes").read_text() == "mine"
    return scores[0], scores[1], shown[0], shown[1]


def test_the_same_files_are_run_once(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert 0 <= x < 1"))
    first, second, one, other = both(bench, DRAW)
    assert one == other, "a second run would have drawn another number"
    assert points(first) == points(second) == {"t": 1}
    assert (first.learner, second.learner) == ("learner-0001", "learner-0002")
    assert first.results == second.results


@pytest.mark.parametrize(("text", "alike"), [
    (DRAW, False), (f"{DRAW}\nimport os\nme = os.environ.get('KIT_LEARNER')", True)])
def test_what_may_know_its_learner_is_run_for_each(bench: Bench, text: str, alike: bool) -> None:
    bench.released(answer("a"), check("t", "assert 0 <= x < 1"))
    _, _, one, other = both(bench, text, alike=alike)
    assert one != other


def test_lateness_is_each_learners_own(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert 0 <= x < 1"))
    bench.course = replace(bench.course, grading=Grading(late=LatePolicy(name="zero")))
    twins = Twins(partial(grade, bench.desk()), alike=True)
    due = datetime(2030, 1, 1, tzinfo=UTC)
    found = []
    for learner, moment in (("learner-0001", due), ("learner-0002", due + timedelta(days=1))):
        handed = bench.hand_in(handed_in(bench.release.notebooks[0].cells, {"a": DRAW}), learner)
        found.append(twins(bench.job(replace(handed, received_at=moment), due=due)))
    assert [one.penalties for one in found] == [{}, {"p1": 1.0}]
    assert found[1].late_seconds == 86400


def test_what_the_exchange_wrote_is_each_learners_own(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert 0 <= x < 1"))
    twins = Twins(partial(grade, bench.desk()), alike=True)
    shown = []
    for number, learner in enumerate(("learner-0001", "learner-0002", "learner-0003")):
        stamp = {"timestamp.txt": f"2030-01-0{number + 1} 08:00:00 UTC"} if number < 2 else {}
        handed = bench.hand_in(
            handed_in(bench.release.notebooks[0].cells, {"a": DRAW}), learner, **stamp)
        job = bench.job(replace(handed, digest="the same work"))
        twins(job)
        shown.append(bench.written(learner)["cells"][0]["outputs"])
        left = {path.name: path.read_text() for path in job.folder.glob("*.txt")}
        assert left == stamp
    assert shown[0] == shown[1] == shown[2]


def test_what_is_not_the_same_for_all() -> None:
    assert same_for_all(["import math", "x = 1"])
    assert not same_for_all(["x = 1", "import autograders as ag\nag.variant(1, 2)"])

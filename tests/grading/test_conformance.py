"""nbgrader's own test notebooks give the scores that its own tests expect."""

from __future__ import annotations

import contextlib
import gc
import shutil
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.collect import submissions
from kit.gradebook import read_release
from kit.grading import grade
from kit.model import Assignment, Course, LatePolicy, Limits, Roster, Score

SPEC = find_spec("nbgrader")
assert SPEC is not None
assert SPEC.submodule_search_locations is not None
FILES = Path(SPEC.submodule_search_locations[0]) / "tests" / "apps" / "files"
CODE_STUB = 'c.ClearSolutions.code_stub = dict(python="# YOUR CODE HERE")'


# Not ours: the kernel that nbgrader starts for autotests leaves its loop and sockets behind.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    source: str
    submitted: str
    points: float
    maximum: float
    manual: bool = False
    config: str = ""


CASES = {
    "unchanged": Case(source="submitted-unchanged", submitted="submitted-unchanged", points=1,
                      maximum=7),
    "changed": Case(source="submitted-unchanged", submitted="submitted-changed", points=2,
                    maximum=7, manual=True),
    "cheat": Case(source="submitted-unchanged", submitted="submitted-cheat-attempt", points=1,
                  maximum=7, manual=True),
    "cheat-otherwise": Case(source="submitted-unchanged",
                            submitted="submitted-cheat-attempt-alternative", points=1, maximum=7,
                            manual=True),
    "autotest-simple": Case(source="autotest-simple", submitted="autotest-simple-unchanged",
                            points=0, maximum=1),
    "autotest-simple-right": Case(source="autotest-simple", submitted="autotest-simple-changed",
                                  points=1, maximum=1),
    "autotest-hashed": Case(source="autotest-hashed", submitted="autotest-hashed-unchanged",
                            points=0, maximum=1),
    "autotest-hashed-right": Case(source="autotest-hashed", submitted="autotest-hashed-changed",
                                  points=1, maximum=1),
    "autotest-multi": Case(source="autotest-multi", submitted="autotest-multi-unchanged",
                           points=0, maximum=4),
    "autotest-multi-right": Case(source="autotest-multi", submitted="autotest-multi-changed",
                                 points=3, maximum=4),
    "autotest-hidden": Case(source="autotest-hidden", submitted="autotest-hidden-unchanged",
                            points=0, maximum=1, config=CODE_STUB),
    "autotest-hidden-wrong": Case(source="autotest-hidden", config=CODE_STUB,
                                  submitted="autotest-hidden-changed-wrong", points=0, maximum=1),
    "autotest-hidden-right": Case(source="autotest-hidden", config=CODE_STUB,
                                  submitted="autotest-hidden-changed-right", points=1, maximum=1),
    "hidden-tests": Case(source="test-hidden-tests", submitted="release", points=1.5, maximum=3,
                         config=CODE_STUB),
    "environment": Case(source="validating-environment-variable",
                        submitted="validating-environment-variable", points=0, maximum=1),
    "timeout": Case(source="timeout", submitted="timeout", points=1, maximum=1),
}


SOURCES = sorted({case.source for case in CASES.values()})
LIKE_OTHERS = {"autotest-simple", "autotest-hashed", "autotest-multi"}


def make(root: Path, *names: str) -> tuple[Course, Assignment]:
    """A course with the source of these cases released by stock nbgrader, and a submission of
    each by a learner of its name."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    ((source, settings),) = {(CASES[name].source, CASES[name].config) for name in names}
    (root / "source" / "ps1").mkdir(parents=True)
    shutil.copy(FILES / f"{source}.ipynb", root / "source" / "ps1" / "p1.ipynb")
    shutil.copy(FILES / "autotests.yml", root)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}\n")
    config = Config(PyFileConfigLoader(str(root / "nbgrader_config.py")).load_config())
    config.CourseDirectory.root = str(root)
    with contextlib.chdir(root):
        said = NbGraderAPI(config=config).generate_assignment("ps1", create=True)
    assert said["success"], said.get("log")
    gc.collect()
    for name in names:
        folder = root / "submitted" / name / "ps1"
        folder.mkdir(parents=True)
        taken = (root / "release" / "ps1" / "p1.ipynb" if CASES[name].submitted == "release"
                 else FILES / f"{CASES[name].submitted}.ipynb")
        shutil.copy(taken, folder / "p1.ipynb")
    assignment = Assignment(name="ps1", title="ps1", notebooks=("p1",),
                            limits=Limits(cell_seconds=10))
    return Course(root=root, id="c", title="C", timezone=ZoneInfo("UTC"),
                  assignments=(assignment,)), assignment


def all_graded(
    course: Course, assignment: Assignment, engine: str = "local"
) -> dict[str, Score]:
    release = read_release(course, assignment)
    assert release is not None
    return {score.learner: score for score in grade(
        course, assignment, release, submissions(course, assignment), roster=Roster(), workers=1,
        engine=engine)}


def graded(course: Course, assignment: Assignment, engine: str = "local") -> Score:
    (score,) = all_graded(course, assignment, engine).values()
    return score


@pytest.mark.parametrize("source", [
    pytest.param(source, marks=[pytest.mark.slow] * (source in LIKE_OTHERS))
    for source in SOURCES])
def test_scores_are_those_that_nbgrader_expects(source: str, tmp_path: Path) -> None:
    cases = {name: case for name, case in CASES.items() if case.source == source}
    scores = all_graded(*make(tmp_path, *cases))
    assert {name: (score.points, sum(r.max_points for r in score.results), score.needs_manual)
            for name, score in scores.items()} == {
        name: (case.points, case.maximum, case.manual) for name, case in cases.items()}
    assert not any(score.review for score in scores.values())


def test_timeout_of_two_seconds_scores_nothing_and_needs_review(tmp_path: Path) -> None:
    course, assignment = make(tmp_path, "timeout")
    assignment = replace(assignment, limits=Limits(cell_seconds=2))
    score = graded(course, assignment)
    assert score.points == 0
    assert [review.code for review in score.review] == ["timeout"]


@pytest.mark.slow
def test_late_penalty_zero_takes_what_was_earned(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from kit.model import Grading

    course, assignment = make(tmp_path, "changed")
    stamp = tmp_path / "submitted" / "changed" / "ps1" / "timestamp.txt"
    stamp.write_text("2015-02-02 15:58:23.948203 America/Los_Angeles")
    course = replace(course, grading=Grading(late=LatePolicy(name="zero")))
    assignment = replace(assignment, due=datetime(2015, 2, 2, 22, 58, 23, tzinfo=UTC))
    score = graded(course, assignment)
    assert score.points == 2
    assert score.penalties == {"p1": 2.0}
    assert 3600 <= score.late_seconds < 3602


@pytest.mark.slow
def test_stock_nbgrader_behind_the_seam_gives_the_same_score(tmp_path: Path) -> None:
    course, assignment = make(tmp_path, "changed")
    ours, stock = graded(course, assignment), graded(course, assignment, "reference")
    assert {r.grade_id: r.points for r in stock.results} == {
        r.grade_id: r.points for r in ours.results}
    assert stock.engine == "reference"
    assert (course.root / "autograded" / "changed" / "ps1" / "p1.ipynb").is_file()

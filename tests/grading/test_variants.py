"""One learner draws the same parameters in a kernel, in stock nbgrader and in our grader; and
what of a variant that is somebody else's each of them stops.

`STOPPED_BY_THE_TEST` gets nothing from either engine, since the test draws the parameters again.
`STOPPED_HERE` gets full marks from stock nbgrader, and nothing here. `STOPPED_APART` gets them from
both: it rewrites what the author's cells stand on. docs/security.md names them all.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bench import Bench, answer, check, code, handed_in, locked, points
from sourcecells import cell
from stockrelease import released_by_stock

import autograders as ag
from kit import notebook as notebooks
from kit.collect import submissions
from kit.gradebook import read_release
from kit.grading import grade
from kit.model import Assignment, Course, Limits, Roster, Score
from kit.simulate import simulate

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

DRAW = 'rng = ag.variant(learner, "ps1")\nprincipal = rng.step(1000, 9000, by=1)'
CELLS = [
    {**cell("code", 'learner = ""'), "metadata": {"tags": ["id"]}},
    cell("locked", f"import autograders as ag\n{DRAW}\nprint('drawn', principal)\nrng", "draw"),
    cell("answer", "### BEGIN SOLUTION\nhalf = principal / 2\n### END SOLUTION", "half"),
    cell("test", f"assert 2 * half == principal\n### BEGIN HIDDEN TESTS\n{DRAW}\n"
         "assert 2 * half == principal\n### END HIDDEN TESTS", "half-test", 2),
]
LEARNERS = ("learner-0001", "learner-0042")


def principal(learner: str) -> int:
    """What a learner draws who is nobody here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KIT_LEARNER", "NBGRADER_EXECUTION", "JUPYTERHUB_USER"):
            patch.delenv(name, raising=False)
        return ag.variant(learner, "ps1").step(1000, 9000, by=1)


SAMPLE, OTHERS = principal(""), principal("learner-0001")
TYPED = f"half = {OTHERS} / 2"  # somebody else's number, in the notebook of learner-0042

# name: (a cell before all others, the answer)
STOPPED_BY_THE_TEST = {
    "a parameter that is given another value": ("", f"principal = {OTHERS}\n{TYPED}"),
}
STOPPED_HERE = {
    "another name in the variable": (
        "import os\nos.environ['KIT_LEARNER'] = 'learner-0001'", TYPED),
    "another environment": (
        "import os\nos.environ = {**os.environ, 'KIT_LEARNER': 'learner-0001'}", TYPED),
}
STOPPED_APART = {
    "a generator of somebody else": (
        ("import autograders as ag\nown = ag.variant\ndef _variant(*more):\n"
        "    return type(own(*more))('learner-0001', 'ps1')\nag.variant = _variant"), TYPED),
    "a seed of somebody else": (
        ("import autograders.variants as v\nkey = v._key\n"
        "v._key = lambda student, assignment: key('learner-0001', assignment)"), TYPED),
    "an environment whose class lies": (
        ("import os\nkind = type(os.environ)\nown = kind.get\n"
        "kind.get = lambda self, name, *more: (\n"
        "    'learner-0001' if name == 'KIT_LEARNER' else own(self, name, *more))"), TYPED),
}
ALL = {**STOPPED_BY_THE_TEST, **STOPPED_HERE, **STOPPED_APART}


def handed(release: Path, folder: Path, learner: str, *, typed: str = "", half: str | None = None,
           before: str = "") -> None:
    """The release with an id, an answer, and a cell of the learner's before all others."""
    work = notebooks.read(release / "p1.ipynb")
    work["cells"][0]["source"] = f'learner = "{typed}"'
    if half is not None:
        work["cells"][2]["source"] = half
    if before:
        work["cells"].insert(0, code(before))
    place = folder / "submitted" / learner / "ps1"
    place.mkdir(parents=True)
    notebooks.write(work, place / "p1.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Released by stock nbgrader. Two learners hand in one and the same notebook, without a
    name; the third typed the first one's."""
    root = tmp_path_factory.mktemp("variants")
    release = released_by_stock(root, CELLS)
    for learner in LEARNERS:
        handed(release, root, learner, half="half = principal / 2")
    handed(release, root, "learner-0043", typed="learner-0001", half=TYPED)
    assignment = Assignment(name="ps1", title="One", notebooks=("p1",),
                            limits=Limits(cell_seconds=20))
    return Course(root=root, id="c", title="C", timezone=ZoneInfo("UTC"),
                  assignments=(assignment,))


def released_alike(course: Course, root: Path) -> Course:
    """The course in another folder, with nothing handed in."""
    for name in ("source", "release"):
        shutil.copytree(course.root / name, root / name)
    shutil.copy(course.root / "gradebook.db", root)
    return replace(course, root=root)


def graded(course: Course, engine: str, to: Path, only: str | None = None) -> dict[str, float]:
    """Points by learner, where nobody has to look; the graded folders go to `to`."""
    scores = scored(course, engine, to, only)
    assert [review for score in scores for review in score.review] == []
    return {score.learner: sum(one.points or 0 for one in score.results) for score in scores}


def scored(course: Course, engine: str, to: Path, only: str | None = None) -> list[Score]:
    (assignment,) = course.assignments
    release = read_release(course, assignment)
    assert release is not None
    chosen = [one for one in submissions(course, assignment) if only in (None, one.learner)]
    return list(grade(course, assignment, release, chosen, roster=Roster(), workers=2,
                      engine=engine, autograded=to))


def stock(course: Course, to: Path) -> None:
    """`nbgrader autograde` as an author types it, with the name of the grader in the hub's
    variable. Its graded folders go to `to`."""
    env = {name: value for name, value in os.environ.items() if name != "KIT_LEARNER"}
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "ps1", "--force",
         f"--CourseDirectory.autograded_directory={to}"],
        cwd=course.root, env={**env, "JUPYTERHUB_USER": "grader-1"}, check=True,
        capture_output=True, timeout=300)


def shown(notebook: dict[str, Any]) -> tuple[int, str]:
    """(the number, for whom) that the cell of the parameters shows."""
    drawing = next(one for one in notebook["cells"] if notebooks.grade_id(one) == "draw")
    printed, said = "", ""
    for output in drawing["outputs"]:
        printed += "".join(output.get("text", ""))
        said += "".join(output.get("data", {}).get("text/plain", ""))
    return int(printed.removeprefix("drawn ")), said


def drawn(folder: Path) -> dict[str, tuple[int, str]]:
    return {learner: shown(notebooks.read(folder / learner / "ps1" / "p1.ipynb"))
            for learner in (*LEARNERS, "learner-0043")}


def in_a_kernel(course: Course, typed: str) -> tuple[int, str]:
    """The released notebook, run as a learner does, with an id typed into it."""
    import nbformat
    from nbclient import NotebookClient

    release = course.root / "release" / "ps1"
    made = nbformat.read(release / "p1.ipynb", as_version=4)
    made["cells"][0]["source"] = f'learner = "{typed}"'
    NotebookClient(made, timeout=60, allow_errors=True, kernel_name="python3",
                   resources={"metadata": {"path": str(release)}}).execute()
    return shown(made)


EXPECTED = {learner: (principal(learner), f"variant of {learner} for ps1")
            for learner in (*LEARNERS, "learner-0043")}


def test_the_numbers_differ() -> None:
    assert len({SAMPLE, *(number for number, _ in EXPECTED.values())}) == 4


def test_a_learner_s_kernel(course: Course) -> None:
    assert in_a_kernel(course, " Learner-0042 ") == (
        EXPECTED["learner-0042"][0], "variant of Learner-0042 for ps1")


def test_a_notebook_without_a_name(course: Course) -> None:
    number, said = in_a_kernel(course, "")
    assert number == SAMPLE
    assert said.startswith("sample variant for ps1: to get your own")


def test_the_release_is_nobody_s(course: Course) -> None:
    text = (course.root / "release" / "ps1" / "p1.ipynb").read_text()
    assert "drawn', principal" in text
    assert not any(f"{number}" in text for number in (SAMPLE, *(n for n, _ in EXPECTED.values())))
    assert not any(learner in text for learner in EXPECTED)


@pytest.mark.parametrize("engine", [
    "local", pytest.param("reference", marks=pytest.mark.slow)])
def test_our_engines(course: Course, engine: str, tmp_path: Path) -> None:
    # Two hand in the same bytes: each is graded by their own parameters. The typed name of
    # somebody else does not count, nor does that one's number.
    assert graded(course, engine, tmp_path / "graded") == {
        "learner-0001": 2, "learner-0042": 2, "learner-0043": 0}
    assert drawn(tmp_path / "graded") == EXPECTED
    same = {(course.root / "submitted" / learner / "ps1" / "p1.ipynb").read_bytes()
            for learner in LEARNERS}
    assert len(same) == 1


@pytest.mark.slow
def test_stock_nbgrader_by_the_folder(course: Course) -> None:
    stock(course, Path("stock"))
    assert drawn(course.root / "stock") == EXPECTED


def test_a_name_in_this_process_is_no_learner_s(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_LEARNER", "grader-1")
    monkeypatch.setenv("JUPYTERHUB_USER", "grader-1")
    assert graded(course, "local", tmp_path / "graded", "learner-0042") == {"learner-0042": 2}
    assert drawn_of(tmp_path / "graded", "learner-0042") == EXPECTED["learner-0042"]


def drawn_of(folder: Path, learner: str) -> tuple[int, str]:
    return shown(notebooks.read(folder / learner / "ps1" / "p1.ipynb"))


def test_a_cell_that_ends_the_process_changes_nobody(bench: Bench) -> None:
    # What is left is run again, in another process.
    bench.released(locked("draw", f"import autograders as ag\nlearner = ''\n{DRAW}"),
                   answer("half"), check("half-test", "assert 2 * half == principal"))
    cells = handed_in(bench.release.notebooks[0].cells,
                      {"half": f"half = {principal('learner-0001')} / 2"})
    score = bench.grade([code("import os\nos._exit(1)"), *cells])
    assert points(score) == {"half-test": 1}


def test_a_simulated_class_solves_its_own_variants(course: Course, tmp_path: Path) -> None:
    made = released_alike(course, tmp_path)
    (assignment,) = made.assignments
    simulated = simulate(made, assignment, read_release(made, assignment), 9,
                         to=tmp_path / "inbound")
    for folder in simulated.folder.glob("learner-*"):
        learner = folder.name.partition("+")[0]
        shutil.copytree(folder, tmp_path / "submitted" / learner / "ps1")
    found = graded(made, "local", tmp_path / "graded")
    assert len(found) == 9
    assert list(found.values()).count(2) >= simulated.kinds["right"] > 1


# --------------------------------------------------------------------- somebody else's variant


@pytest.fixture(scope="module")
def forged(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Course]:
    """A course of each way, in which learner-0042 hands in the numbers of learner-0001."""
    made = {}
    for place, (name, (before, half)) in enumerate(ALL.items()):
        made[name] = released_alike(course, tmp_path_factory.mktemp(f"forged-{place}"))
        handed(made[name].root / "release" / "ps1", made[name].root, "learner-0042",
               before=before, half=half)
    return made


def test_our_grader_stops_each(forged: dict[str, Course], tmp_path: Path) -> None:
    asked = {}
    for place, (name, course) in enumerate(forged.items()):
        (score,) = scored(course, "local", tmp_path / str(place))
        assert not any(one.points for one in score.results), name
        asked[name] = {review.code for review in score.review}
    # What looks right beside the learner's code, and is not, is left to a person.
    assert {name for name, codes in asked.items() if codes} == set(STOPPED_APART)
    assert set().union(*asked.values()) == {"disagrees"}


def test_the_grader_tells_that_a_variable_was_put_back(bench: Bench) -> None:
    bench.released(locked("draw", f"import autograders as ag\nlearner = ''\n{DRAW}"),
                   answer("half"), check("half-test", "assert 2 * half == principal"))
    cells = handed_in(bench.release.notebooks[0].cells, {"half": "half = principal / 2"})
    score = bench.grade([code("import os\nos.environ['KIT_LEARNER'] = 'learner-0042'"), *cells])
    assert points(score) == {"half-test": 1}
    assert [(one.code, one.message) for one in score.repairs] == [
        ("machinery-restored", "put back before the cell ran: KIT_LEARNER")]


def test_a_learner_who_says_who_they_are_is_not_told_of(bench: Bench) -> None:
    bench.released(locked("draw", f"import autograders as ag\nlearner = ''\n{DRAW}"),
                   answer("half"), check("half-test", "assert 2 * half == principal"))
    cells = handed_in(bench.release.notebooks[0].cells, {"half": "half = principal / 2"})
    score = bench.grade([code("import os\nos.environ['KIT_LEARNER'] = 'learner-0001'"), *cells])
    assert (points(score), score.repairs) == ({"half-test": 1}, ())


@pytest.mark.slow
def test_stock_nbgrader_stops_what_the_test_draws_again(
    forged: dict[str, Course], tmp_path: Path
) -> None:
    full = {name for place, (name, course) in enumerate(forged.items())
            if graded(course, "reference", tmp_path / str(place))["learner-0042"] == 2}
    assert full == {*STOPPED_HERE, *STOPPED_APART}


@pytest.mark.parametrize(("title", "group"), [
    ("Stopped where the test draws again", STOPPED_BY_THE_TEST),
    ("Stopped here alone", STOPPED_HERE), ("Stopped by judging apart", STOPPED_APART),
])
def test_the_page_names_each(repository: Path, title: str, group: dict[str, Any]) -> None:
    page = (repository / "docs" / "security.md").read_text(encoding="utf-8")
    own = re.split(r"^## ", page.partition("## Somebody else's variant\n")[2], flags=re.M)[0]
    part = re.split(r"^### ", own.partition(f"### {title}\n")[2], flags=re.M)[0]
    named = {re.sub(r"\s+", " ", item).split(" (")[0].rstrip(".")
             for item in re.findall(r"^- (.*(?:\n  .*)*)", part, re.MULTILINE)}
    assert named == set(group)

"""Courses that nobody made for the kit: adopted, they go the whole road, and nbgrader still does.

`messy` says what is in them. nbgrader's own course, its quickstart, is in course/test_adopt.py.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import messy
import pytest

from kit import workflow
from kit.collect import submissions
from kit.course import load_course, load_roster
from kit.files import digest_tree
from kit.gradebook import rows
from kit.model import GradeRow

Kit = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True, scope="module")
def programs_on_path() -> Iterator[None]:
    """nbgrader calls `alembic` by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        yield


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels of the old course, as they stood on its author's machine."""
    for spec in (messy.SIX, messy.CONDA):
        messy.save(tmp_path / "jupyter" / "kernels" / spec["name"] / "kernel.json", json.dumps({
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": spec["display_name"], "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))


@pytest.fixture(scope="module")
def class_of_stock(tmp_path_factory) -> Path:
    """A class that stock nbgrader released, graded and had marked by hand."""
    return messy.marked(tmp_path_factory.mktemp("marked") / "m1")


@pytest.fixture
def marked(class_of_stock, tmp_path) -> Path:
    return messy.copied(class_of_stock, tmp_path / "m1")


def _rows(root: Path, name: str) -> dict[str, GradeRow]:
    course = load_course(root)
    (assignment,) = (one for one in course.assignments if one.name == name)
    return {row.learner: row for row in rows(course, load_roster(course), assignment)}


def _points(root: Path, name: str) -> dict[str, dict[str, float | None]]:
    return {learner: {f"{cell.notebook}/{cell.grade_id}": cell.auto for cell in row.cells
                      if cell.kind.graded}
            for learner, row in _rows(root, name).items()}


def _three(root: Path, assignment: str) -> None:
    messy.hand_in(root, assignment, "solved", messy.solved(root, assignment))
    messy.hand_in(root, assignment, "wrong", messy.wrong(root, assignment))
    messy.hand_in(root, assignment, "left", messy.released(root, assignment))


@pytest.mark.parametrize("make", [messy.old, messy.custom, messy.foreign, messy.failing])
def test_adopting_changes_nothing_but_course_yml(make, tmp_path, kit: Kit) -> None:
    root = make(tmp_path / "course")
    before = digest_tree(root)
    assert kit("adopt", root)[0] == 0
    assert load_course(root).assignments
    (root / "course.yml").unlink()
    assert digest_tree(root) == before


def test_what_adopt_says_can_be_typed(tmp_path, kit: Kit) -> None:
    _, out, _ = kit("adopt", messy.old(tmp_path / "course"))
    assert "kit grade 'Week 2' --diff" in out


@pytest.mark.slow
def test_an_old_course_goes_the_whole_road(tmp_path, kit: Kit) -> None:
    root = messy.old(tmp_path / "course")
    at = ("--course", root)
    kit("adopt", root)
    source = digest_tree(root / "source")
    # A test that only runs something is full marks for nothing, which may be meant: told.
    code, out, _ = kit("check", "Week 2", "--json", *at)
    assert code == 0
    assert [(one["path"], one["cell"]) for one in json.loads(out)["findings"]
            if one["code"] == "W211"] == [("source/Week 2/Problem 2.ipynb", "test_runs")]
    assert kit("release", "Week 2", *at)[0] == 0
    assert kit("release", "ps0", *at)[0] == 0
    assert digest_tree(root / "source") == source
    assert sorted(p.name for p in (root / "release" / "Week 2").iterdir()) == [
        "Problem 1.ipynb", "Problem 2.ipynb", "data", "helper.py", "tools"]
    for name in ("Week 2", "ps0"):
        _three(root, name)
        assert kit("grade", name, *at)[0] == 0
        assert kit("feedback", name, *at)[0] == 0
    # None of the kernels is installed here; the mean leans on what an earlier test bound.
    solved, wrong = _points(root, "Week 2")["solved"], _points(root, "Week 2")["wrong"]
    assert solved == {
        "Problem 1/test_load": 1, "Problem 1/test_mean": 2, "Problem 1/test_helper": 2,
        "Problem 1/test_part": 2, "Problem 1/test_hash": 1, "Problem 1/explain": None,
        "Problem 2/test_double": 2, "Problem 2/test_runs": 1}
    assert wrong["Problem 1/test_part"] == 1
    assert wrong["Problem 1/test_mean"] == 0
    assert _points(root, "ps0")["solved"] == {"first/test_double": 2, "first/why": None}
    assert _points(root, "ps0")["left"] == {"first/test_double": 0, "first/why": 0}
    code, out, _ = kit("grades", *at)
    assert code == 0
    assert "pending" in out


def test_check_tells_old_metadata_and_kernels_as_warnings(tmp_path, kit: Kit) -> None:
    root = messy.old(tmp_path / "course")
    kit("adopt", root)
    _, out, _ = kit("check", "--json", "ps0", "ps1", "--course", root)
    found = json.loads(out)
    found = found["findings"] if isinstance(found, dict) else found
    assert {(one["code"], one["severity"]) for one in found} == {
        ("W108", "warning"), ("W119", "warning")}
    assert {one["path"] for one in found} == {
        "source/ps0/first.ipynb", "source/ps1/second.ipynb"}


@pytest.mark.slow
def test_delimiters_and_steps_of_the_authors_own(tmp_path, kit: Kit) -> None:
    root = messy.custom(tmp_path / "course")
    messy.stock(root, "generate_assignment", "ps1")
    by_nbgrader = messy.released(root, "ps1")
    kit("adopt", root)
    (assignment,) = load_course(root).assignments
    assert assignment.due == datetime(2027, 1, 25, 23, 59, tzinfo=UTC)
    # Released by nbgrader alone: what is hidden stays hidden, nothing counts as altered.
    _three(root, "ps1")
    assert kit("grade", "ps1", "--course", root)[0] == 0
    assert kit("feedback", "ps1", "--course", root)[0] == 0
    assert _points(root, "ps1") == {
        "solved": {"problem/test_triple": 3, "problem/say": None},
        "wrong": {"problem/test_triple": 0, "problem/say": None},
        "left": {"problem/test_triple": 0, "problem/say": 0}}
    pages = [path.read_text() for path in (root / "feedback").rglob("*.html")]
    assert len(pages) == 3
    assert not any(messy.SECRET in page or "altered" in page for page in pages)
    # And the same by the kit.
    assert kit("release", "ps1", "--course", root)[0] == 0
    ours = messy.released(root, "ps1")
    for book in (*by_nbgrader.values(), *ours.values()):
        book["metadata"].pop("coursewright", None)  # what `kit validate` looks for
        for one in book["cells"]:
            one.pop("id", None)
    assert ours == by_nbgrader


def test_a_language_whose_kernel_is_missing_waits_and_says_so(tmp_path, kit: Kit) -> None:
    root = messy.foreign(tmp_path / "course")
    at = ("--course", root)
    kit("adopt", root)
    code, out, _ = kit("check", "--json", *at)
    assert code == 0
    (finding,) = json.loads(out)["findings"]
    assert finding["code"] == "W119"
    assert "IRkernel" in finding["hint"]
    assert kit("release", "r1", *at)[0] == 0
    messy.hand_in(root, "r1", "learner-0042", messy.solved(root, "r1"))
    assert kit("grade", "r1", *at)[0] == 0
    row = _rows(root, "r1")["learner-0042"]
    assert [(one.code, one.reason) for one in row.pending] == [
        ("no-kernel", "no kernel named 'ir' is installed")]
    assert kit("feedback", "r1", *at)[0] == 0


@pytest.mark.slow
def test_cells_that_fail_on_purpose_cost_nobody_anything(tmp_path, kit: Kit) -> None:
    root = messy.failing(tmp_path / "course")
    at = ("--course", root)
    kit("adopt", root)
    code, out, _ = kit("check", "--json", *at)
    assert code == 0
    assert [(one["code"], one["cell"]) for one in json.loads(out)["findings"]] == [
        ("W212", "1"), ("W212", "4")]
    assert kit("release", "ps1", *at)[0] == 0
    messy.hand_in(root, "ps1", "learner-0042", messy.solved(root, "ps1"))
    assert kit("grade", "ps1", *at)[0] == 0
    assert _points(root, "ps1")["learner-0042"] == {
        "fails/test_double": 2, "fails/test_later": 1}


@pytest.mark.slow  # scores of such tests: grading/test_conformance.py
def test_nbgraders_course_of_automatic_tests_is_released(tmp_path, kit: Kit) -> None:
    """What `nbgrader quickstart --autotest` writes: tests that show values, one with 0 points."""
    spec = find_spec("nbgrader")
    assert spec is not None
    assert spec.origin is not None
    guide = Path(spec.origin).parent / "docs" / "source" / "user_guide"
    root = tmp_path / "course101"
    shutil.copytree(guide / "source" / "ps1_autotest", root / "source" / "ps1")
    shutil.copy(guide / "autotests.yml", root)
    messy.save(root / "nbgrader_config.py", "c = get_config()\n")
    kit("adopt", root)

    def apart(*words: str) -> str:
        # nbgrader runs a kernel for these tests and leaves its sockets open.
        done = subprocess.run([sys.executable, "-m", "kit", *words], cwd=root, text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    found = {one["code"] for one in json.loads(apart("check", "--json"))["findings"]}
    assert found == {"W307", "W206", "W113", "W213"}
    apart("release", "ps1")


@pytest.mark.slow
def test_a_marked_class_keeps_its_marks(marked, kit: Kit) -> None:
    at = ("--course", marked)
    kit("adopt", marked)
    before = (marked / "gradebook.db").read_bytes()
    code, out, _ = kit("grade", "ps1", "--diff", "--json", *at)
    assert code == 0
    # Only what nbgrader could not grade, a doubled cell, has another score here.
    assert [(d["learner"], d["grade_id"], d["recorded"], d["graded"], d["cause"])
            for d in json.loads(out)["differences"]] == [
        ("learner-0009", "test_double", None, 2.0, "repaired")]
    assert (marked / "gradebook.db").read_bytes() == before
    old = _rows(marked, "ps1")
    assert kit("grade", "ps1", *at)[0] == 0
    assert list((marked / ".kit" / "backups").iterdir())
    new = _rows(marked, "ps1")
    for learner in old.keys() - {"learner-0009"}:
        assert [(c.grade_id, c.auto, c.manual) for c in new[learner].cells] == [
            (c.grade_id, c.auto, c.manual) for c in old[learner].cells]
        assert new[learner].score == old[learner].score
    assert kit("feedback", "ps1", *at)[0] == 0
    messy.stock(marked, "export")
    assert "learner-0000" in (marked / "grades.csv").read_text()


@pytest.mark.slow
def test_times_are_read_as_nbgrader_reads_them(class_of_stock, tmp_path, kit: Kit) -> None:
    root = messy.copied(class_of_stock, tmp_path / "m1")
    kit("adopt", root)
    course = load_course(root)
    ours = {one.learner: one.received_at and one.received_at.astimezone(UTC).replace(tzinfo=None)
            for one in submissions(course, course.assignments[0])}
    del ours["learner-0009"]
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        stock = {learner: moment and datetime.fromisoformat(moment) for learner, moment in
                 connection.execute("SELECT student_id, timestamp FROM submitted_assignment")}
    # dateutil takes an offset without a colon for seconds: an hour is 100 s to nbgrader.
    assert ours.pop("learner-0002") == datetime.fromisoformat("2021-03-01 09:00:00.500")
    assert stock.pop("learner-0002") == datetime.fromisoformat("2021-03-01 09:58:20.500")
    assert ours == stock
    assert len(set(ours.values())) == 4


@pytest.mark.slow
@pytest.mark.parametrize(("revision", "stamped"), [
    ("282d30a0218e", True), ("167914646830", True), ("724cde206c17", True),
    ("50a4d84c131a", True), ("b6d005d67074", False),
])
def test_an_old_gradebook_is_upgraded_on_request(marked, kit: Kit, revision, stamped) -> None:
    messy.age(marked / "gradebook.db", revision, stamped=stamped)
    before = (marked / "gradebook.db").read_bytes()
    at = ("--course", marked)
    assert kit("adopt", marked)[0] == 0
    for command in (("grade", "ps1"), ("grade", "ps1", "--diff"), ("grades",), ("status",),
                    ("feedback", "ps1"), ("release", "ps1")):
        code, _, err = kit(*command, *at)
        assert (code, "kit status --upgrade" in err) == (1, True), (command, err)
    assert (marked / "gradebook.db").read_bytes() == before
    assert kit("status", "--upgrade", *at)[0] == 0
    (saved,) = (marked / ".kit" / "backups").iterdir()
    with closing(sqlite3.connect(saved)) as kept, closing(
            sqlite3.connect(f"file:{marked / 'gradebook.db'}?mode=ro", uri=True)) as now:
        asked = "SELECT auto_score, manual_score FROM grade ORDER BY id"
        assert kept.execute(asked).fetchall() == now.execute(asked).fetchall()
    assert kit("grades", "ps1", *at)[0] == 0
    row = _rows(marked, "ps1")["learner-0000"]
    assert {c.grade_id: c.points for c in row.cells}["why"] == 2.5


@pytest.mark.slow
def test_an_upgraded_gradebook_takes_grades(marked, kit: Kit) -> None:
    messy.age(marked / "gradebook.db", "b6d005d67074", stamped=False)
    at = ("--course", marked)
    kit("adopt", marked)
    kit("status", "--upgrade", *at)
    assert kit("grade", "ps1", *at)[0] == 0
    assert _rows(marked, "ps1")["learner-0001"].score == 1.0
    messy.stock(marked, "export")


@pytest.mark.slow
@pytest.mark.parametrize(("make", "names"), [
    (messy.old, ("Week 2", "ps0", "ps1")), (messy.custom, ("ps1",)), (messy.failing, ("ps1",))])
def test_scores_are_those_of_stock_nbgrader(make, names, tmp_path, kit: Kit, kernels) -> None:
    root = make(tmp_path / "course")
    course, _ = workflow.adopt(root)
    for name in names:
        kit("release", name, "--force", "--course", root)
        _three(root, name)
        assert kit("grade", name, "--engine", "reference", "--course", root)[0] == 0
        stock = _rows(root, name)
        assert not any(row.pending for row in stock.values())
        code, out, _ = kit("grade", name, "--diff", "--json", "--course", root)
        assert (code, json.loads(out)["differences"]) == (0, [])
        assert json.loads(out)["graded"] == 3
    assert course.root == root

"""`kit grade --diff` with decisions and `--apply`: shown, written as shown, told later."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kit.cli.main import run

ONE, TWO = "learner-0001", "learner-0002"
DIFF = ("grade", "ps1", "--diff")
WHY = ("--reason", "double(0) was never promised")


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(list(words)) == code, capsys.readouterr().err
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(said(capsys, *words, "--json"))


def earned(root: Path) -> dict[str, tuple[float, float]]:
    """Learner -> points of the test and what it is out of, as nbgrader's tables hold them."""
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        return {who: (points, most) for who, points, most in book.execute(
            "SELECT s.student_id, g.auto_score, c.max_score FROM grade g "
            "JOIN grade_cells c ON c.id = g.cell_id JOIN submitted_notebook n "
            "ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id")}


def broken(root: Path, learner: str) -> None:
    """What is recorded of a learner is not what grading gives."""
    with closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        book.execute(
            "UPDATE grade SET auto_score = 0.5 WHERE auto_score IS NOT NULL AND notebook_id IN "
            "(SELECT n.id FROM submitted_notebook n JOIN submitted_assignment s "
            "ON s.id = n.assignment_id WHERE s.student_id = ?)", (learner,))


def test_what_is_shown_is_written_with_its_reason(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = earned(root)
    broken(root, ONE)
    wrong = earned(root)
    assert wrong != right
    value = told(capsys, *DIFF)
    assert (value["graded"], value["applied"]) == (2, None)
    (one,) = value["differences"]
    assert (one["learner"], one["recorded"], one["change"]) == (
        ONE, 0.5, right[ONE][0] - 0.5)
    assert earned(root) == wrong
    out = said(capsys, *DIFF, "--apply", *WHY)
    assert "1 score of 1 learner would change" in out
    assert ("gain   1 learner" if right[ONE][0] > 0.5 else "lose   1 learner") in out
    assert "written: 1 learner changed" in out
    assert earned(root) == right
    assert list((root / ".kit" / "backups").glob("*.db"))
    (act,) = told(capsys, "grades", "ps1", "--changes")["changes"]
    assert act["reason"] == WHY[1]
    assert act["who"]
    assert act["at"]
    by_place = {(c["learner"], c["grade_id"]): (c["before"], c["after"]) for c in act["changes"]}
    assert by_place[ONE, "double-test"] == (0.5, right[ONE][0])
    assert (ONE, "total") in by_place
    assert WHY[1] in said(capsys, "grades", "ps1", "--changes")
    assert "no score would change" in said(capsys, *DIFF)
    said(capsys, "feedback", "ps1")
    mine, other = (next((root / "feedback" / who / "ps1").glob("*.html")).read_text()
                   for who in (ONE, TWO))
    assert WHY[1] in mine
    assert WHY[1] not in other


def test_nothing_to_write_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (root / "gradebook.db").read_bytes()
    out = said(capsys, *DIFF, "--apply", *WHY)
    assert "no score would change" in out
    assert "nothing was written" in out
    assert (root / "gradebook.db").read_bytes() == before


def test_a_decision_holds_until_it_is_taken_back(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = earned(root)
    out = said(capsys, *DIFF, "--void", "double-test")
    assert "doubling/double-test would count for nobody" in out
    assert "of 3" in out
    assert earned(root) == right, "shown alone"
    step = next(line for line in out.splitlines() if line.startswith("Next"))
    assert "--void double-test --apply --reason WHY" in step

    value = told(capsys, *DIFF, "--void", "double-test", "--apply", *WHY)
    assert (value["graded"], value["decisions"]) == (0, ["void doubling/double-test"])
    assert value["applied"]["reason"] == WHY[1]
    assert earned(root) == {ONE: (0, 0), TWO: (0, 0)}
    assert f"double-test counts for nobody: {WHY[1]}" in said(capsys, "status")
    assert told(capsys, "status")["assignments"][0]["decisions"][0]["kind"] == "void"

    again = said(capsys, "grade", "ps1", "--force")
    assert "of 3" in again
    assert earned(root) == {ONE: (0, 0), TWO: (0, 0)}
    said(capsys, "release", "ps1", "--force")
    assert earned(root) == {ONE: (0, 0), TWO: (0, 0)}
    assert "no score would change" in said(capsys, *DIFF)
    assert told(capsys, "grades", "ps1")["assignments"][0]["max_score"] == 3
    said(capsys, "feedback", "ps1")
    page = next((root / "feedback" / ONE / "ps1").glob("*.html")).read_text()
    assert "of 3 points" in page
    assert f"counts for nobody: {WHY[1]}" in page

    said(capsys, *DIFF, "--full-credit", "double-test", "--apply", *WHY)
    assert earned(root) == {ONE: (2, 2), TWO: (2, 2)}
    said(capsys, *DIFF, "--restore", "doubling/double-test", "--apply", *WHY)
    assert earned(root) == right
    assert "double-test" not in said(capsys, "status")
    acts = told(capsys, "grades", "--changes")["changes"]
    assert [one["decisions"] for one in acts] == [
        [f"{kind} doubling/double-test"] for kind in ("void", "full-credit", "restore")]


@pytest.mark.slow
def test_stock_nbgrader_grades_what_is_void_by_its_points(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its table holds a maximum of 0 meanwhile, by which it would give nobody any."""
    right = earned(root)
    said(capsys, *DIFF, "--void", "double-test", "--apply", *WHY)
    said(capsys, *DIFF, "--restore", "double-test", "--force", "--engine", "reference",
         "--apply", *WHY)
    assert earned(root) == right


def test_names_that_nothing_has_get_the_nearest(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    err = said(capsys, *DIFF, "--void", "dubble-test", code=1)
    assert "no graded question named 'dubble-test'" in err
    assert "choose one of: double-test" in err
    assert "nothing is decided" in said(capsys, *DIFF, "--restore", "double-test", code=1)


@pytest.mark.parametrize(("words", "code", "said_so"), [
    ((*DIFF, "--apply"), 2, "--apply needs --reason"),
    ((*DIFF, "--apply", "--reason", "  "), 1, "a reason is needed"),
    ((*DIFF, "--yes"), 2, "--yes goes with --apply"),
    (("grade", "ps1", "--apply", *WHY), 2, "--apply goes with --diff"),
    (("grade", "ps1", "--void", "double-test"), 2, "--void goes with --diff"),
    (("grade", "ps1", "--full-credit", "double-test"), 2, "--full-credit goes with --diff"),
])
def test_options_that_mean_nothing_alone_are_refused(
    root: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said_so: str
) -> None:
    before = (root / "gradebook.db").read_bytes()
    assert said_so in said(capsys, *words, code=code)
    assert (root / "gradebook.db").read_bytes() == before


def test_a_person_at_a_terminal_is_asked(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = earned(root)
    broken(root, ONE)
    wrong = earned(root)
    answers = iter("n")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda text, default: next(answers) == "y")
    assert "nothing was written" in said(capsys, *DIFF, "--apply", *WHY)
    assert earned(root) == wrong
    said(capsys, *DIFF, "--apply", *WHY, "--yes")
    assert earned(root) == right, "and --yes asks nothing: there is no second answer"

"""`kit grade` after something other than the work changed, and what it tells."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kit import plugins
from kit.cli.main import run

WHO = "learner-0001"


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(list(words)) == code, capsys.readouterr().err
    return capsys.readouterr().out


def late(root: Path, policy: str) -> None:
    """A course with a late policy, in which one hand-in came twelve hours late."""
    text = (root / "course.yml").read_text().split("  late:")[0]
    (root / "course.yml").write_text(f"{text}  late: {policy}\n")
    stamp = root / "submitted" / WHO / "ps1" / "timestamp.txt"
    stamp.write_text("2027-01-22 11:00:00 UTC\n")


def marked(root: Path, points: float) -> None:
    """Give each question that a person marks these points, as formgrader does."""
    with closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        book.execute("UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE cell_id IN "
                     "(SELECT id FROM base_cell WHERE name = 'explain')", (points,))


def penalty(root: Path) -> float:
    """As nbgrader's own export reads it."""
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        (found,) = book.execute(
            "SELECT late_submission_penalty FROM submitted_notebook n JOIN submitted_assignment s "
            "ON s.id = n.assignment_id WHERE s.student_id = ?", (WHO,)).fetchone()
    return found or 0.0


def scores(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Learner -> score and penalty, as programs get them."""
    said(capsys, "grades", "--export", "json", "--to", "grades.json", "--allow-pending")
    value = json.loads(Path("grades.json").read_text())
    return {one["id"]: (one["scores"]["ps1"]["score"], one["scores"]["ps1"]["penalty"])
            for one in value["learners"]}


def test_changes_that_need_no_notebook_are_told_and_reach_every_table(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(root, 3)
    earned, _ = scores(capsys)[WHO]
    late(root, "{policy: percent, percent_a_day: 10}")
    diff = said(capsys, "grade", "ps1", "--diff")
    assert "late penalty" in diff
    assert f"{WHO}  late penalty" in diff
    assert "--force" not in diff, "nothing has to be run for it"

    out = said(capsys, "grade", "ps1")
    assert "all 2 are graded already" in out
    assert "1 penalty worked out again" in out
    assert "kit feedback ps1" in out
    assert scores(capsys)[WHO] == (pytest.approx(earned * 0.9), pytest.approx(earned / 10))
    assert penalty(root) == pytest.approx(earned / 10)
    assert "worked out again" not in said(capsys, "grade", "ps1")
    assert "no score would change" in said(capsys, "grade", "ps1", "--diff")

    marked(root, 1)
    assert scores(capsys)[WHO][1] == pytest.approx((earned - 2) / 10)
    assert "penalty worked out again" in said(capsys, "grade", "ps1")
    assert penalty(root) == pytest.approx((earned - 2) / 10)

    (root / "extensions.csv").write_text(
        f"learner,assignment,due\n{WHO},ps1,2027-01-23 12:00\n")
    assert "1 penalty worked out again" in said(capsys, "grade", "ps1")
    assert (penalty(root), scores(capsys)[WHO][1]) == (0, 0)
    said(capsys, "feedback", "ps1")
    page = next((root / "feedback" / WHO / "ps1").glob("*.html"))
    assert "penalty" not in page.read_text().lower()


def test_who_joins_a_team_after_grading_is_no_dead_end(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(root, 3)
    roster = root / "roster.csv"
    roster.write_text(roster.read_text().rstrip("\n") + "\nlearner-0099\n")
    (root / "teams.csv").write_text(f"assignment,team,learner\nps1,a,{WHO}\nps1,a,learner-0099\n")
    assert "1 is not graded yet" in said(capsys, "status", "ps1")
    assert "1 learner got the grade of a team" in said(capsys, "grade", "ps1")
    assert "not graded yet" not in said(capsys, "status", "ps1")
    found = scores(capsys)
    assert found["learner-0099"] == found[WHO]
    (root / "teams.csv").unlink()
    assert "1 learner lost the grade of a former team" in said(capsys, "grade", "ps1")
    assert scores(capsys)["learner-0099"][0] in (None, 0)


def test_a_mark_that_stands_does_not_wait(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = said(capsys, "grade", "ps1", "--force")
    assert "wait for a mark" in again
    assert "kit marks split ps1" in again
    marked(root, 2)
    again = said(capsys, "grade", "ps1", "--force")
    assert "for a mark" not in again
    assert "marks split" not in again


def test_repairs_are_told_in_groups(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in root.glob("submitted/*/ps1/doubling.ipynb"):
        notebook = json.loads(path.read_text())
        test = next(cell for cell in notebook["cells"]
                    if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double-test")
        notebook["cells"].append({**test, "id": "again"})
        path.write_text(json.dumps(notebook))
    out = said(capsys, "grade", "ps1")
    (line,) = [line for line in out.splitlines() if "two cells named double-test" in line]
    assert line.split("mended")[0].strip() == f"{WHO} and 1 more"
    told = json.loads(said(capsys, "grade", "ps1", "--force", "--json"))
    assert {one["learner"] for one in told["repaired"]} == {WHO, "learner-0002"}


def test_a_policy_that_raises_stops_neither_class_nor_submission(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def calendar(policy: Any, learner: str, score: float, seconds: float) -> float:
        raise LookupError("no such term")

    find, names = plugins.find, plugins.names
    monkeypatch.setattr(plugins, "names", lambda group: (*names(group), "calendar"))
    monkeypatch.setattr(plugins, "find", lambda group, name: (
        calendar if name == "calendar" else find(group, name)))
    late(root, "{policy: calendar}")
    marked(root, 3)
    out = said(capsys, "grade", "ps1", "--force")
    assert "2 submissions graded" in out
    assert "1 needs review" in out
    assert f"{WHO}   " in out
    assert "the policy 'calendar' failed: LookupError: no such term" in out
    assert "LookupError: no such term" in said(capsys, "review", "ps1")
    late(root, "{policy: zero}")
    assert "penalty worked out again" in said(capsys, "grade", "ps1")
    assert "no such term" not in said(capsys, "review", "ps1")
    assert scores(capsys)[WHO][0] == 0


def test_an_unknown_policy_is_told_by_check(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late(root, "{policy: precent}")
    out = said(capsys, "check", "ps1", code=1)
    assert "no late policy named 'precent'" in out
    assert "percent" in out

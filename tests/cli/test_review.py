"""`kit review`: listed by question and reason, narrowed down, settled one by one and in bulk."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kit.cli.main import run

ONE, TWO = "learner-0001", "learner-0002"
WHY = ("--reason", "I read it")


@pytest.fixture
def said(root: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command prints; the course has two hand-ins flagged for the same reason."""
    with closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        book.execute("DELETE FROM kit_review")
        book.executemany(
            "INSERT INTO kit_review (assignment, learner, place, code, reason, notebook, grade_id)"
            " VALUES ('ps1', ?, 0, 'timeout', 'double-test ran past its 30 s', 'doubling', ?)",
            [(ONE, "double-test"), (TWO, "double-test")])
        book.execute("UPDATE grade SET manual_score = 1, needs_manual_grade = 0 WHERE cell_id IN "
                     "(SELECT id FROM base_cell WHERE name = 'explain')")

    def say(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(list(words)) == code, capsys.readouterr().err
        captured = capsys.readouterr()
        return captured.out if code == 0 else captured.err

    return say


def test_it_is_listed_by_question_and_reason_with_an_example(said: Any) -> None:
    out = said("review", "ps1")
    assert "2 hand-ins need review" in out
    assert "double-test   timeout   2 hand-ins" in out
    assert f"{ONE} and 1 more: " in out
    assert "double-test ran past its 30 s" in out
    assert f"autograded/{ONE}/ps1/doubling.ipynb" in out
    assert "raise it under limits" in out
    assert "kit review ps1 --cell double-test --code timeout" in out
    each = said("review", "ps1", "--code", "timeout")
    assert f"{ONE}   double-test   timeout" in each
    assert f"{TWO}   double-test   timeout" in each
    (value,) = json.loads(said("review", "--json"))["assignments"][:1]
    (group,) = value["groups"]
    assert (group["question"], group["code"], group["hand_ins"]) == ("double-test", "timeout", 2)
    assert [one["learner"] for one in value["needs_review"]] == [ONE, TWO]
    assert value["needs_review"][0]["path"].endswith(f"{ONE}/ps1/doubling.ipynb")


def test_a_learners_words_do_not_steer_the_terminal(said: Any, root: Path) -> None:
    with closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        book.execute("UPDATE kit_review SET reason = ?", ("\x1b]0;title\x07\x1b[2J\u202egone",))
    for out in (said("review", "ps1"), said("review", "ps1", "--learner", ONE)):
        assert "gone" in out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_one_is_settled_then_the_rest(said: Any) -> None:
    out = said("review", "ps1", "--cell", "double-test", "--learner", ONE, "--points", "1.5", *WHY)
    assert "1 hand-in settled with 1.5 points" in out
    assert "1 left" in out
    value = json.loads(said("grades", "ps1", "--json"))
    scores = {one["id"]: one["scores"]["ps1"] for one in value["learners"]}
    assert (scores[ONE]["score"], scores[TWO]["status"]) == (2.5, "pending")
    out = said("review", "ps1", "--code", "timeout", "--full", *WHY)
    assert "1 hand-in settled with full points" in out, "what is settled is left alone"
    assert "nothing needs review" in said("review", "ps1")
    assert "kit review" not in said("status")
    assert "need review" not in said("grade", "ps1", "--force")
    value = json.loads(said("grades", "ps1", "--json"))
    assert [one["scores"]["ps1"]["score"] for one in value["learners"]] == [2.5, 3.0]
    acts = json.loads(said("grades", "ps1", "--changes", "--json"))["changes"]
    assert [(one["kind"], one["reason"]) for one in acts] == [("review", WHY[1])] * 2
    said("feedback", "ps1")
    assert not any(WHY[1] in page.read_text() for page in Path("feedback").rglob("*.html"))


def test_learners_see_pending_until_then(said: Any, root: Path) -> None:
    said("feedback", "ps1")
    page = next((root / "feedback" / ONE / "ps1").glob("*.html")).read_text()
    assert "Pending" in page
    assert "being looked at" in page
    assert "scores are pending" in said("grades", "--export", "canvas", code=1)
    said("review", "ps1", "--cell", "double-test", "--accept", *WHY)
    said("feedback", "ps1")
    assert "Pending" not in next((root / "feedback" / ONE / "ps1").glob("*.html")).read_text()


@pytest.mark.parametrize(("words", "code", "said_so"), [
    (("--cell", "duble-test"), 1, "choose one of: double-test"),
    (("--learner", "learner-002"), 1, "choose one of: learner-0002"),
    (("--code", "timeuot"), 1, "choose one of: timeout"),
    (("--points", "1", *WHY), 2, "say of what"),
    (("--cell", "double-test", "--points", "1"), 2, "--reason is needed"),
    (("--cell", "double-test", "--points", "1", "--reason", " "), 1, "a reason is needed"),
    (("--cell", "double-test", "--points", "1", "--full", *WHY), 2, "give one of"),
    (("--cell", "double-test", *WHY), 2, "--reason goes with"),
    (("--cell", "double-test", "--points", "9", *WHY), 1, "9 is not within 0 and 2"),
])
def test_what_cannot_be_meant_is_refused(
    said: Any, root: Path, words: tuple[str, ...], code: int, said_so: str
) -> None:
    before = (root / "gradebook.db").read_bytes()
    assert said_so in said("review", "ps1", *words, code=code)
    assert (root / "gradebook.db").read_bytes() == before


def test_several_are_asked_for_at_a_terminal(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda text, default: default)
    assert "nothing was settled" in said("review", "ps1", "--code", "timeout", "--accept", *WHY)
    out = said("review", "ps1", "--code", "timeout", "--accept", *WHY, "--yes")
    assert "2 hand-ins settled" in out

"""Pages while something is in review, where people decided over a question, and after a change."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kit.feedback import write_feedback
from kit.model import (
    FULL,
    VOID,
    Act,
    Change,
    Course,
    Decision,
    GradeRow,
    Release,
    Review,
)

from .conftest import NOW


def page(course: Course, release: Release, row: GradeRow, *acts: Act) -> str:
    (made,) = write_feedback(course, course.assignments[0], release, [row], now=NOW, acts=acts,
                             autograded=course.root / "autograded")
    return made.path.read_text("utf-8")


def pending(row: GradeRow, code: str, reason: str, grade_id: str = "t-plain") -> GradeRow:
    return replace(row, pending=(
        Review(code=code, reason=reason, notebook="p1", grade_id=grade_id),))


def line(html: str, question: str) -> str:
    """What the table at the top says of a question."""
    (found,) = re.findall(rf'<tr><td><a href="#q-{question}">.*?</tr>', html)
    return re.sub(r"<[^>]+>", " ", found)


def section(html: str, question: str) -> str:
    return re.split("</section>", html.split(f'id="q-{question}"', 1)[1], maxsplit=1)[0]


@pytest.mark.parametrize("code", ["disagrees", "tampered"])
def test_what_is_only_suspected_is_not_told(
    course: Course, release: Release, row: GradeRow, code: str
) -> None:
    """Neither the engine's words nor what the test said: they may be untrue, and teach evasion."""
    shown = page(course, release, row)
    said = "mean gave 7"
    assert said in section(shown, "t-plain")
    html = page(course, release, pending(row, code, "it patched assert in line 3"))
    assert "line 3" not in html
    assert said not in section(html, "t-plain")
    assert "t-plain: how it was answered" in html
    assert "<b>Pending</b>" in html
    assert "being looked at" in line(html, "t-plain")
    assert "– of" in line(html, "t-plain")


def test_a_reason_without_a_question_is_about_all_of_them(
    course: Course, release: Release, row: GradeRow
) -> None:
    html = page(course, release, pending(row, "no-kernel", "no kernel is named R", grade_id=""))
    assert "no kernel is named R" in html
    for name in ("t-mixed", "t-hidden", "t-plain", "why"):
        assert "being looked at" in line(html, name), name
    late = page(course, release, pending(row, "late-policy", "the policy failed", grade_id=""))
    assert "being looked at" not in line(late, "t-plain"), "that is about the penalty alone"
    assert "<b>Pending</b>" in late


def decided(row: GradeRow, kind: str) -> GradeRow:
    decision = Decision(notebook="p1", grade_id="t-plain", kind=kind, max_points=1.0,
                        reason="it asked for <the> median")
    return replace(row, cells=tuple(
        replace(cell, decision=decision, auto=0.0 if kind == VOID else 1.0,
                max_points=0.0 if kind == VOID else 1.0)
        if cell.grade_id == "t-plain" else cell for cell in row.cells))


def test_a_void_question_says_so_and_why(course: Course, release: Release, row: GradeRow) -> None:
    html = page(course, release, decided(row, VOID))
    assert "t-plain counts for nobody: it asked for &lt;the&gt; median" in html
    assert line(html, "t-plain").split() == ["t-plain", "–", "does", "not", "count"]
    assert "of 0" not in section(html, "t-plain")


def test_full_credit_says_so(course: Course, release: Release, row: GradeRow) -> None:
    html = page(course, release, decided(row, FULL))
    assert "t-plain gives everyone its full points: it asked" in html
    assert "full points for everyone" in line(html, "t-plain")
    assert "1 of 1" in line(html, "t-plain")


def act(kind: str = "regrade") -> Act:
    return Act(
        assignment="ps1", number=1, kind=kind, at=datetime(2026, 3, 11, 23, 30, tzinfo=UTC),
        who="someone", reason="the test was <wrong>", changes=(
            Change(learner="learner-0001", notebook="p1", grade_id="t-plain", before=0.0, after=1),
            Change(learner="learner-0001", notebook="", grade_id="total", before=None, after=3.5,
                   before_max=10, after_max=9),
            Change(learner="learner-0002", notebook="p1", grade_id="t-plain", before=0.5,
                   after=0.75)))


def test_a_learner_reads_why_a_score_changed(
    course: Course, release: Release, row: GradeRow
) -> None:
    html = page(course, release, row, act())
    assert "<b>2026-03-11</b>: the test was &lt;wrong&gt;" in html
    assert "t-plain: 0, now 1; total: none of 10, now 3.5 of 9" in html
    assert "0.75" not in html, "of others nothing is told"
    assert "someone" not in html
    waiting = page(course, release, pending(row, "timeout", "t-plain ran past its time"), act())
    assert "the test was" in waiting
    assert "now 3.5" not in waiting, "the points are pending"


def test_notes_of_a_review_stay_among_teachers(
    course: Course, release: Release, row: GradeRow
) -> None:
    assert "the test was" not in page(course, release, row, act("review"))

"""What needs review, settled by people, and what opens it again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gradebookfile import opened

import kit
from kit import gradebook
from kit.course.lateness import NOT_WORKED_OUT
from kit.errors import GradingError, MarksError
from kit.gradebook import Flag, Ruling, Wish, marks
from kit.gradebook.reading import NOT_GRADED
from kit.model import ADVICE, Act, Course, Release, Review, Roster, Score, advice_of

from .conftest import DUE, score_of

ONE, TWO = "learner-0001", "learner-0002"
TEST, WRITTEN = "correct_squares", "sum_of_squares_equation"


def flagged(
    release: Release, code: str = "timeout", *, learner: str = ONE, points: float | None = 0.0,
    cell: str = TEST, **more: Any
) -> Score:
    """A score with one question flagged, its points as the engine left them."""
    made = score_of(release, learner, manual=0.5, **more)
    return replace(
        made, review=(Review(code=code, reason=f"{cell}: {code}", notebook="p1", grade_id=cell),),
        results=tuple(replace(one, points=points) if cell in ("", one.grade_id) else one
                      for one in made.results))


class Book:
    """A course whose first learner's work is flagged."""

    def __init__(self, course: Course, roster: Roster, release: Release) -> None:
        self.course, self.roster, self.release = course, roster, release
        self.record(flagged(release))

    def record(self, *scores: Score) -> None:
        gradebook.record(self.course, scores, roster=self.roster, release=self.release)

    def flags(self) -> tuple[Flag, ...]:
        ps1 = self.course.assignments[0]
        return gradebook.flags(self.course, ps1, gradebook.rows(self.course, self.roster, ps1))

    def open(self) -> list[str]:
        return [one.review.code for one in self.flags() if not one.settled]

    def settle(self, kind: Any, points: float | None = None) -> Act:
        return gradebook.settle_flags(
            self.course, self.course.assignments[0], self.flags(),
            Ruling(kind=kind, points=points, reason="read it", who="teacher"))

    def earned(self, learner: str = ONE, cell: str = TEST) -> float | None:
        (row,) = [one for one in gradebook.rows(self.course, self.roster) if one.learner == learner]
        (found,) = [one for one in row.cells if one.grade_id == cell and one.kind.graded]
        return found.points

    def state(self, learner: str = ONE) -> str:
        (row,) = [one for one in gradebook.rows(self.course, self.roster) if one.learner == learner]
        return gradebook.state(row, DUE, DUE)


@pytest.fixture
def book(course: Course, roster: Roster, release: Release) -> Book:
    return Book(course, roster, release)


def test_a_flag_tells_what_a_person_needs(book: Book) -> None:
    (flag,) = book.flags()
    assert (flag.learner, flag.review.code, flag.points, flag.max_points, flag.settled) == (
        ONE, "timeout", 0.0, 1.0, False)
    assert "limits" in flag.advice.text
    assert book.state() == "pending"


@pytest.mark.parametrize(("kind", "points", "left"), [
    ("points", 0.5, 0.5), ("full", None, 1.0), ("accept", None, 0.0), ("points", 0.0, 0.0)])
def test_settled_it_counts_and_says_by_whom(
    book: Book, kind: Any, points: float | None, left: float
) -> None:
    book.settle(kind, points)
    assert book.open() == []
    assert book.earned() == left
    assert book.state() == "graded"
    verdict = book.flags()[0].verdict
    assert verdict is not None
    assert (verdict.who, verdict.reason, verdict.kind) == ("teacher", "read it", kind)
    assert verdict.at is not None
    (act,) = gradebook.acts(book.course, book.course.assignments[0])
    assert (act.kind, act.who, act.reason) == ("review", "teacher", "read it")
    assert [(one.before, one.after) for one in act.changes] == ([(0.0, left)] if left else [])


def test_points_are_nbgraders_manual_score(book: Book) -> None:
    from nbgrader.api import Gradebook

    book.settle("points", 0.75)
    with Gradebook(f"sqlite:///{book.course.root / 'gradebook.db'}", "demo-101") as theirs:
        grade = theirs.find_grade(TEST, "p1", "ps1", ONE)
        assert (grade.auto_score, grade.manual_score, grade.score) == (0.0, 0.75, 0.75)
        assert not grade.needs_manual_grade


@pytest.mark.parametrize("kind", ["points", "accept"])
def test_the_same_work_graded_again_keeps_it(book: Book, kind: Any) -> None:
    book.settle(kind, 0.5 if kind == "points" else None)
    before = book.earned()
    book.record(flagged(book.release, engine_version="2"))
    assert book.open() == []
    assert (book.earned(), book.state()) == (before, "graded")


@pytest.mark.parametrize("kind", ["points", "accept"])
def test_other_work_is_judged_anew(book: Book, kind: Any) -> None:
    book.settle(kind, 0.5 if kind == "points" else None)
    book.record(flagged(book.release, digest="d2"))
    assert book.open() == ["timeout"]
    assert book.earned() == 0.0, "the points were for the other work"
    book.settle("points", 0.25)
    book.record(score_of(book.release, ONE, digest="d3", manual=0.5))
    assert (book.open(), book.earned(), book.state()) == ([], 1.0, "graded")


@pytest.mark.parametrize("kind", ["points", "accept"])
def test_another_release_opens_it_only_if_it_is_flagged_again(book: Book, kind: Any) -> None:
    book.settle(kind, 0.5 if kind == "points" else None)
    mended = replace(score_of(book.release, ONE, manual=0.5), release_digest="mended")
    book.record(mended)
    assert book.open() == []
    assert book.state() == "graded"
    assert book.earned() == (0.5 if kind == "points" else 1.0), "a person's points win"
    book.record(replace(flagged(book.release), release_digest="mended"))
    assert book.open() == ["timeout"]
    assert book.state() == "pending"


def test_what_a_marker_gave_is_no_verdict_and_stays(book: Book) -> None:
    book.settle("accept")
    with opened(book.course.root / "gradebook.db") as file:
        file.execute("UPDATE grade SET manual_score = 0.5, needs_manual_grade = 0")
    book.record(flagged(book.release, digest="d2"))
    assert book.earned() == 0.5
    assert book.open() == ["timeout"], "but it was for other work"


def test_pending_points_need_some(book: Book) -> None:
    """As the engine will say of a test that passes here and fails there."""
    book.record(flagged(book.release, "disagrees", points=None))
    (flag,) = book.flags()
    assert flag.points is None
    assert book.state() == "pending"
    rows = gradebook.rows(book.course, book.roster)
    assert not [cell for _, cell in marks.to_mark(rows) if cell.grade_id == TEST], "not twice"
    with pytest.raises(GradingError, match="no points stand"):
        book.settle("accept")
    assert book.open() == ["disagrees"]
    book.settle("full")
    assert (book.open(), book.earned(), book.state()) == ([], 1.0, "graded")
    with pytest.raises(GradingError, match="no points stand"):
        book.settle("accept")  # what stood before is what is accepted


def test_it_may_be_settled_anew(book: Book) -> None:
    book.settle("points", 1)
    book.settle("points", 0.5)
    assert book.earned() == 0.5
    book.settle("accept")
    assert book.earned() == 0.0
    assert len(gradebook.acts(book.course, book.course.assignments[0])) == 3


@pytest.mark.parametrize("points", [1.5, -1])
def test_points_out_of_range_are_refused_and_nothing_is_written(
    book: Book, points: float
) -> None:
    book.record(flagged(book.release, learner=TWO))
    with pytest.raises(MarksError, match="not within 0 and 1"):
        book.settle("points", points)
    assert book.open() == ["timeout", "timeout"]
    assert gradebook.acts(book.course, book.course.assignments[0]) == ()


def test_a_whole_hand_in_takes_all_or_nothing(book: Book) -> None:
    unread = replace(score_of(book.release, ONE), results=(), review=(
        Review(code="unreadable", reason="line 1 is not JSON", notebook="p1"),))
    book.record(unread)
    with pytest.raises(MarksError, match="cannot be divided"):
        book.settle("points", 2)
    with pytest.raises(GradingError, match="no points stand"):
        book.settle("accept")
    book.settle("points", 0)
    assert (book.open(), book.state(), book.earned()) == ([], "graded", 0.0)
    book.record(replace(unread, engine_version="2"))
    assert book.open() == []


def test_a_team_is_one_flag_and_everyone_gets_the_points(book: Book) -> None:
    members = (ONE, TWO)
    book.roster = replace(book.roster, teams={"ps1": dict.fromkeys(members, members)})
    book.record(flagged(book.release))
    (flag,) = book.flags()
    assert flag.members == members
    act = book.settle("points", 0.5)
    assert (book.earned(ONE), book.earned(TWO)) == (0.5, 0.5)
    assert {one.learner for one in act.changes} == set(members)
    book.record(flagged(book.release, digest="d2"))
    assert (book.earned(ONE), book.earned(TWO)) == (0.0, 0.0)


def test_a_decision_over_the_question_settles_it(book: Book) -> None:
    gradebook.decide(book.course, book.release, Wish(void=(TEST,)), reason="no", who="teacher")
    assert book.open() == []
    gradebook.decide(book.course, book.release, Wish(restore=(TEST,)), reason="no", who="teacher")
    assert book.open() == ["timeout"]


def test_points_do_not_settle_what_waits_to_be_graded(book: Book) -> None:
    (book.course.root / "submitted" / TWO / "ps1").mkdir(parents=True)
    with pytest.raises(GradingError) as caught:
        book.settle("points", 0)
    assert "waits to be graded" in caught.value.hint
    assert book.open() == ["timeout", "not-graded"]


def codes() -> set[str]:
    """Every code that the engines and the gradebook write down, by their source."""
    found = {"disagrees", "tampered", NOT_WORKED_OUT, NOT_GRADED}
    for room in ("grading", "gradebook"):
        for path in (Path(kit.__file__).parent / room).glob("*.py"):
            found |= {one or other for one, other in re.findall(
                r'Review\(\s*code="([a-z-]+)"|\.review\(\s*"([a-z-]+)"',
                path.read_text("utf-8"))}
    return found


def test_every_code_has_advice_and_an_unknown_one_has_some() -> None:
    assert len(codes()) > 12
    assert codes() - set(ADVICE) == set()
    for code in (*ADVICE, "an-engines-own"):
        assert advice_of(code).text.endswith(".")
        assert advice_of(code).settled_by in ("review", "collect", "grade", "course")

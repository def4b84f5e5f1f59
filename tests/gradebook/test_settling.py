"""What changes after grading reaches scores, and nbgrader's tables, without grading again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from gradebookfile import opened

from kit import gradebook
from kit.model import (
    Assignment,
    Course,
    Extension,
    Grading,
    LatePolicy,
    Release,
    Review,
    Roster,
    Score,
    Submission,
)

from .conftest import DUE, score_of

ONE, TWO, THREE = "learner-0001", "learner-0002", "learner-0003"
LATE = DUE + timedelta(hours=30)  # two started days


def with_policy(course: Course, **how: Any) -> Course:
    return replace(course, grading=Grading(late=LatePolicy(
        **{"name": "percent", "percent_a_day": 10.0, **how})))


def due(course: Course, moment: datetime) -> Course:
    return replace(course, assignments=(replace(course.assignments[0], due=moment),))


def handed_in(course: Course, scores: Iterable[Score], **times: datetime) -> list[Submission]:
    return [Submission(assignment="ps1", learner=score.learner, folder=course.root,
                       digest=score.submission_digest,
                       received_at=times.get(score.learner[-4:], score.received_at))
            for score in scores]


def team(roster: Roster, *members: str) -> Roster:
    return replace(roster, teams={"ps1": dict.fromkeys(members, members)})


class Book:
    """A course graded once; `settle` brings it up to date and says what changed."""

    def __init__(self, course: Course, release: Release, roster: Roster, *scores: Score) -> None:
        self.course = with_policy(course)
        self.release = release
        self.roster = roster
        self.scores = scores
        self.here = handed_in(course, scores)
        gradebook.record(self.course, scores, roster=roster, release=release)

    @property
    def ps1(self) -> Assignment:
        return self.course.assignments[0]

    def settle(self) -> gradebook.Settled:
        return gradebook.settle(self.course, self.ps1, roster=self.roster, handed_in=self.here)

    def rows(self) -> dict[str, Any]:
        """As they are read; what nbgrader's own table says must be the same once settled."""
        return {row.learner: row
                for row in gradebook.rows(self.course, self.roster, self.ps1)}

    def penalties(self) -> dict[str, float]:
        return {name: round(row.penalty, 6) for name, row in self.rows().items()
                if row.score is not None}

    def written(self) -> dict[str, float]:
        """nbgrader's own column, which its export and formgrader read."""
        with opened(self.course.root / "gradebook.db") as connection:
            found = connection.execute(
                "SELECT student_id, late_submission_penalty FROM submitted_notebook n "
                "JOIN submitted_assignment s ON s.id = n.assignment_id").fetchall()
        return {name: round(taken or 0.0, 6) for name, taken in found}

    def change(self, sql: str, *values: Any) -> None:
        with opened(self.course.root / "gradebook.db") as connection:
            connection.execute(sql, values)

    def backups(self) -> int:
        return len(list((self.course.root / ".kit" / "backups").glob("*")))


@pytest.fixture
def book(course: Course, release: Release, roster: Roster) -> Book:
    """One is in time, Two is two days late and has earned 3 points."""
    made = Book(course, release, roster, score_of(release, ONE),
                score_of(release, TWO, received_at=LATE, digest="d2"))
    assert made.penalties() == made.written() == {ONE: 0.0, TWO: 0.6}
    assert made.settle() == gradebook.Settled()
    return made


def test_a_due_date_that_moved(book: Book) -> None:
    book.course = due(book.course, DUE + timedelta(hours=7))
    assert book.penalties() == {ONE: 0.0, TWO: 0.3}, "before anything is settled"
    assert book.written() == {ONE: 0.0, TWO: 0.6}
    assert book.settle().penalties == {TWO}
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.3}
    assert book.rows()[TWO].late_seconds == 23 * 3600
    book.course = due(book.course, LATE)
    assert book.settle().penalties == {TWO}
    assert book.written() == {ONE: 0.0, TWO: 0.0}
    assert book.settle() == gradebook.Settled()
    assert book.backups() == 0


def test_an_extension_given_and_taken_back(book: Book) -> None:
    plain = book.roster
    book.roster = replace(plain, extensions=(
        Extension(learner=TWO, assignment="ps1", due=LATE - timedelta(hours=1)),))
    assert book.penalties()[TWO] == 0.3
    assert book.settle().penalties == {TWO}
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.3}
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{book.course.root / 'gradebook.db'}", "demo-101") as theirs:
        assert theirs.find_submission("ps1", TWO).total_seconds_late == 3600
    book.roster = plain
    assert book.settle().penalties == {TWO}
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.6}


def test_an_extension_of_formgrader_counts_and_stays(book: Book) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{book.course.root / 'gradebook.db'}", "demo-101") as theirs:
        theirs.grant_extension("ps1", TWO, hours=24)
    assert book.penalties()[TWO] == 0.3
    assert book.settle().penalties == {TWO}
    assert book.settle() == gradebook.Settled()
    assert book.written()[TWO] == 0.3


@pytest.mark.parametrize(("policy", "taken"), [
    ({"percent_a_day": 20.0}, 1.2),
    ({"percent_a_day": 50.0, "floor": 60.0}, 1.2),
    ({"grace": timedelta(hours=6)}, 0.3),
    ({"name": "zero"}, 3.0),
    ({"name": "none"}, 0.0),
])
def test_a_policy_that_changed(book: Book, policy: dict[str, Any], taken: float) -> None:
    book.course = with_policy(book.course, **policy)
    assert book.penalties() == {ONE: 0.0, TWO: taken}
    assert book.settle().penalties == {TWO}
    assert book.written() == {ONE: 0.0, TWO: taken}


def test_a_mark_that_formgrader_gave(book: Book) -> None:
    book.change("UPDATE grade SET manual_score = 1.5, needs_manual_grade = 0 "
                "WHERE auto_score IS NULL")
    earned = sum(cell.points for cell in book.rows()[TWO].cells)
    assert earned > 3
    assert book.penalties()[TWO] == round(earned / 5, 6)
    assert book.settle().penalties == {TWO}
    assert book.written() == {ONE: 0.0, TWO: round(earned / 5, 6)}


def test_a_time_that_was_corrected(book: Book) -> None:
    book.here = handed_in(book.course, book.scores, **{"0002": DUE + timedelta(hours=1)})
    assert book.settle().penalties == {TWO}
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.3}
    assert book.rows()[TWO].received_at == DUE + timedelta(hours=1)
    # The time of other work, not graded yet, is not the time of this one.
    book.here = [replace(one, digest="new", received_at=DUE) for one in book.here]
    assert book.settle() == gradebook.Settled()


def test_someone_who_joins_a_team_gets_its_grade(book: Book) -> None:
    book.change("UPDATE grade SET manual_score = 1 WHERE auto_score IS NULL")
    book.change("UPDATE comment SET manual_comment = 'why?'")
    book.settle()
    book.roster = team(book.roster, TWO, THREE)
    assert book.rows()[THREE].score is None
    assert book.settle() == gradebook.Settled(credited=frozenset({THREE}))
    two, three = book.rows()[TWO], book.rows()[THREE]
    assert replace(three, learner=TWO) == two
    assert three.penalty == book.written()[THREE] > 0
    assert book.settle() == gradebook.Settled()
    assert book.backups() == 0, "nothing of hers was overwritten"


def test_in_a_new_team_the_latest_hand_in_counts(book: Book) -> None:
    book.roster = team(book.roster, ONE, TWO)
    before = book.rows()[ONE].score
    assert book.settle().credited == {ONE}
    assert book.rows()[ONE].score == book.rows()[TWO].score != before
    assert book.backups() == 1
    # The team ends: the points of its earlier hand-in are not known any more, so it is graded
    # again; until then she has no grade.
    book.roster = replace(book.roster, teams={})
    assert book.settle().withdrawn == {ONE}
    assert book.rows()[ONE].score is None
    assert set(gradebook.graded(book.course, book.ps1)) == {TWO}
    gradebook.record(book.course, book.scores[:1], roster=book.roster, release=book.release)
    assert book.rows()[ONE].score == before


def test_who_leaves_a_team_loses_its_grade(book: Book) -> None:
    book.roster = team(book.roster, TWO, THREE)
    book.settle()
    book.roster = replace(book.roster, teams={})
    assert book.settle() == gradebook.Settled(withdrawn=frozenset({THREE}))
    assert book.rows()[THREE].score is None
    assert book.rows()[TWO].score is not None
    assert book.backups() == 1


def test_a_hand_in_that_a_team_mates_replaced_is_forgotten(book: Book) -> None:
    book.roster = team(book.roster, ONE, TWO)
    book.here = [one for one in book.here if one.learner == ONE]  # as `kit collect` leaves it
    assert book.settle().credited == {TWO}
    assert book.rows()[TWO].score == book.rows()[ONE].score == 3.0
    assert set(gradebook.graded(book.course, book.ps1)) == {ONE}
    assert book.settle() == gradebook.Settled()


def test_each_member_has_a_due_date_of_their_own(book: Book) -> None:
    book.roster = replace(team(book.roster, TWO, THREE), extensions=(
        Extension(learner=THREE, assignment="ps1", due=LATE),))
    book.settle()
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.6, THREE: 0.0}


def test_a_policy_that_fails_leaves_its_scores_pending(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit import plugins

    def broken(*_: Any) -> float:
        raise LookupError("no calendar")

    book.course = with_policy(book.course, name="calendar")
    with monkeypatch.context() as patch:
        patch.setattr(plugins, "find", lambda *_: broken)
        assert book.settle() == gradebook.Settled()
        assert not book.rows()[ONE].pending
        (why,) = book.rows()[TWO].pending
        assert why.code == "late-policy"
        assert "'calendar' failed: LookupError: no calendar" in why.reason
        # What grading said of it is not written down: the policy may be mended.
        review = (Review(code="late-policy", reason="then", notebook="p1"),)
        gradebook.record(book.course, [replace(book.scores[1], review=review)],
                         roster=book.roster, release=book.release)
        assert [one.code for one in book.rows()[TWO].pending] == ["late-policy"]
    book.course = with_policy(book.course)
    assert not book.rows()[TWO].pending


def test_nbgraders_way_keeps_a_penalty(book: Book) -> None:
    book.course = replace(due(with_policy(book.course, name="zero"), LATE),
                          nbgrader_ways=frozenset({"late-penalty"}))
    assert book.settle() == gradebook.Settled()
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.6}
    # It is worked out when the work is graded, and only then.
    gradebook.record(book.course, book.scores, roster=book.roster, release=book.release)
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.0}


def test_what_stock_nbgrader_graded_stays(book: Book) -> None:
    book.change("DELETE FROM kit_graded")
    book.change("DELETE FROM kit_credit")
    book.course = due(book.course, LATE)
    assert book.settle() == gradebook.Settled()
    assert book.penalties() == book.written() == {ONE: 0.0, TWO: 0.6}


def test_without_a_gradebook_there_is_nothing_to_settle(course: Course, roster: Roster) -> None:
    assert gradebook.settle(course, course.assignments[0], roster=roster,
                            handed_in=()) == gradebook.Settled()
    (course.root / "gradebook.db").unlink()
    assert gradebook.settle(course, course.assignments[0], roster=roster,
                            handed_in=()) == gradebook.Settled()
    assert not (course.root / "gradebook.db").exists()

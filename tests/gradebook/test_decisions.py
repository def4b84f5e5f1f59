"""A question that is void or has full credit: what counts, here and in nbgrader's own sums."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from gradebookfile import opened

from kit import gradebook
from kit.errors import GradingError, UnknownName
from kit.gradebook import Wish, marks
from kit.model import Assignment, Course, GradeRow, Release, Roster, Submission

from .conftest import score_of

ONE, TWO, THREE = "learner-0001", "learner-0002", "learner-0003"
TEST, WRITTEN = "correct_squares", "sum_of_squares_equation"


class Book:
    """A course in which One has everything, Two half, and Three handed in nothing."""

    def __init__(self, course: Course, release: Release, roster: Roster) -> None:
        self.course, self.release, self.roster = course, release, roster
        self.scores = [score_of(release, ONE), score_of(release, TWO, share=0.5, digest="d2")]
        self.record()

    @property
    def ps1(self) -> Assignment:
        return self.course.assignments[0]

    def record(self) -> None:
        gradebook.record(self.course, self.scores, roster=self.roster, release=self.release)

    def settle(self) -> None:
        gradebook.settle(self.course, self.ps1, roster=self.roster, handed_in=[
            Submission(assignment="ps1", learner=one.learner, folder=self.course.root,
                       digest=one.submission_digest, received_at=one.received_at)
            for one in self.scores])

    def decide(self, **wish: tuple[str, ...]) -> tuple[str, ...]:
        return gradebook.decide(self.course, self.release, Wish(**wish), reason="wrong year",
                                who="teacher")

    def rows(self) -> dict[str, GradeRow]:
        return {row.learner: row for row in gradebook.rows(self.course, self.roster, self.ps1)}

    def scored(self) -> dict[str, tuple[float | None, float]]:
        return {name: (row.score, row.max_score) for name, row in self.rows().items()}

    def theirs(self) -> dict[str, tuple[float, float]]:
        """As nbgrader's own models add it up, and formgrader's lists in SQL of their own."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.course.root / 'gradebook.db'}", "demo-101") as book:
            for one in (*book.submission_dicts("ps1"),
                        *book.notebook_submission_dicts("p1", "ps1")):
                found = book.find_submission("ps1", one["student"])
                assert (one["score"], one["max_score"]) == (found.score, found.max_score)
            return {one.student.id: (one.score - one.late_submission_penalty, one.max_score)
                    for one in book.assignment_submissions("ps1")}

    def table(self) -> list[tuple[Any, ...]]:
        """nbgrader's tables as they are."""
        with opened(self.course.root / "gradebook.db") as book:
            return [tuple(row) for query in (
                "SELECT * FROM grade ORDER BY id", "SELECT * FROM grade_cells ORDER BY id",
                "SELECT * FROM task_cells ORDER BY id", "SELECT * FROM submitted_notebook")
                for row in book.execute(query)]

    def change(self, sql: str) -> None:
        with opened(self.course.root / "gradebook.db") as book:
            book.execute(sql)


@pytest.fixture
def book(course: Course, release: Release, roster: Roster) -> Book:
    return Book(course, release, roster)


def points(release: Release, name: str) -> float:
    return next(cell.points for one in release.notebooks for cell in one.cells
                if cell.grade_id == name)


def mark(book: Book, name: str, value: float) -> None:
    book.change(f"UPDATE grade SET manual_score = {value}, needs_manual_grade = 0 WHERE cell_id IN "
                f"(SELECT id FROM base_cell WHERE name = '{name}' AND type = 'GradeCell')")


def test_a_void_question_counts_for_nobody_in_nbgraders_sums_too(book: Book) -> None:
    before = book.scored()
    worth = points(book.release, TEST)
    assert book.decide(void=(TEST,)) == (f"void p1/{TEST}",)
    now = book.scored()
    assert now[ONE] == (before[ONE][0] - worth, before[ONE][1] - worth)
    assert now[TWO] == (before[TWO][0] - worth / 2, before[TWO][1] - worth)
    assert now[THREE] == (None, before[THREE][1] - worth)
    assert book.theirs() == {name: now[name] for name in (ONE, TWO)}


def test_full_credit_is_counted_by_nbgrader_where_nothing_is_scored_too(book: Book) -> None:
    """No mark yet: nbgrader would count no extra credit on it."""
    before, worth = book.scored(), points(book.release, WRITTEN)
    book.decide(full_credit=(f"p1/{WRITTEN}", TEST))
    now = book.scored()
    assert now[ONE] == (before[ONE][0] + worth, before[ONE][1])
    assert now[TWO][0] == before[TWO][0] + worth + points(book.release, TEST) / 2
    assert book.theirs() == {name: now[name] for name in (ONE, TWO)}
    assert not any(cell.grade_id == WRITTEN for _, cell in marks.to_mark(book.rows().values()))


def test_what_is_taken_back_is_as_it_was(book: Book) -> None:
    mark(book, WRITTEN, 0.25)
    book.change("UPDATE grade SET extra_credit = 0.5")
    before, scored = book.table(), book.scored()
    book.decide(void=(TEST,), full_credit=(WRITTEN,))
    assert book.table() != before
    assert [one.kind for one in gradebook.decisions(book.course, book.ps1)] == [
        "void", "full-credit"]
    assert book.decide(restore=(TEST, WRITTEN)) == (f"restore p1/{TEST}", f"restore p1/{WRITTEN}")
    assert book.table() == before
    assert book.scored() == scored
    assert gradebook.decisions(book.course, book.ps1) == ()


def test_it_holds_for_what_is_graded_later(book: Book) -> None:
    book.decide(void=(TEST,))
    once = book.theirs()
    book.record()
    assert book.theirs() == once, "told to nbgrader before anything else is settled"
    book.settle()
    assert book.theirs() == once
    book.scores.append(score_of(book.release, THREE))
    book.record()
    assert book.theirs()[THREE] == book.theirs()[ONE]
    # A second version of the work: what it earned comes back, not what the first one did.
    book.scores = [score_of(book.release, ONE, share=0.5, digest="new")]
    book.record()
    book.decide(restore=(TEST,))
    assert book.theirs()[ONE] == book.theirs()[TWO]


def test_marks_that_people_give_meanwhile_are_kept_for_later(book: Book) -> None:
    book.decide(void=(WRITTEN,))
    book.scores = book.scores[:1]
    mark(book, WRITTEN, 1.0)  # in formgrader
    assert book.rows()[ONE].score == 3.0
    book.settle()
    assert book.theirs()[ONE][0] == 3.0
    sheet = book.course.root / "marks.csv"
    sheet.write_text(f"code,question,mark\n{TWO},{WRITTEN},0.5\n")
    gradebook.import_marks(book.course, book.ps1, [sheet], force=True)
    assert book.theirs()[TWO][0] == 1.5
    book.decide(restore=(WRITTEN,))
    marked = {name: row.cells for name, row in book.rows().items()}
    given = {name: next(c.manual for c in cells if c.grade_id == WRITTEN and c.kind.graded)
             for name, cells in marked.items() if cells}
    assert given == {ONE: 1.0, TWO: 0.5}


def test_a_release_does_not_undo_it(book: Book) -> None:
    """nbgrader's own release writes the points of the source into its table again."""
    book.decide(void=(TEST,))
    once = book.theirs()
    book.change("UPDATE grade_cells SET max_score = 5 WHERE max_score = 0")
    assert book.scored()[ONE] == once[ONE], "our own reading does not depend on it"
    gradebook.lay_again(book.course, book.ps1)
    assert book.theirs() == once
    book.decide(restore=(TEST,))
    assert book.theirs()[ONE][1] == once[ONE][1] + 5, "the points that the release gave it"


def test_a_release_that_only_nbgrader_knows_stays_the_same(book: Book) -> None:
    book.decide(void=(TEST,), full_credit=(WRITTEN,))
    again = gradebook.read_release(book.course, book.ps1)
    assert again == book.release, "or every submission would count as not graded"


def test_penalties_follow(book: Book) -> None:
    from datetime import timedelta

    from kit.model import Grading, LatePolicy

    from .conftest import DUE

    book.course = replace(book.course, grading=Grading(late=LatePolicy(
        name="percent", percent_a_day=10.0)))
    book.scores = [score_of(book.release, ONE, received_at=DUE + timedelta(hours=1))]
    book.record()
    assert book.rows()[ONE].penalty == pytest.approx(0.3)
    book.decide(void=(TEST,))
    book.settle()
    assert book.rows()[ONE].penalty == pytest.approx((3 - points(book.release, TEST)) / 10)
    assert book.theirs()[ONE][0] == pytest.approx(book.rows()[ONE].score)


def test_who_joins_a_team_later_gets_it_too(book: Book) -> None:
    book.decide(void=(TEST,))
    members = (TWO, THREE)
    book.roster = replace(book.roster, teams={"ps1": dict.fromkeys(members, members)})
    book.settle()
    assert book.theirs()[THREE] == book.theirs()[TWO]
    book.decide(restore=(TEST,))
    assert book.theirs()[THREE] == book.theirs()[TWO] == (1.5, 6.0)


@pytest.mark.parametrize(("wish", "error", "said"), [
    ({"void": ("corect_squares",)}, UnknownName, "correct_squares"),
    ({"restore": (TEST,)}, UnknownName, "nothing is decided"),
    ({"void": (TEST,), "full_credit": (TEST,)}, GradingError, "named twice"),
])
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    book: Book, wish: Any, error: type[Exception], said: str
) -> None:
    before = book.table()
    with pytest.raises(error) as caught:
        book.decide(**wish)
    assert said in f"{caught.value} {caught.value.hint}"  # type: ignore[attr-defined]
    assert book.table() == before
    assert gradebook.decisions(book.course, book.ps1) == ()


def test_something_has_to_count(book: Book) -> None:
    every = tuple(cell.grade_id for cell in book.release.notebooks[0].cells if cell.kind.graded)
    with pytest.raises(GradingError, match="nothing would be left"):
        book.decide(void=every)
    book.decide(void=every[1:])
    assert book.scored()[ONE][1] == points(book.release, every[0])


def test_a_gradebook_written_before_has_no_decisions_and_takes_one(book: Book) -> None:
    for name in ("kit_decision", "kit_held", "kit_verdict", "kit_act", "kit_change"):
        book.change(f"DROP TABLE {name}")
    before = book.scored()
    assert gradebook.decisions(book.course, book.ps1) == ()
    assert gradebook.acts(book.course, book.ps1) == ()
    book.decide(void=(TEST,))
    assert book.scored()[ONE][1] < before[ONE][1]


def test_exports_tell_what_a_question_is_out_of_and_why(book: Book) -> None:
    book.decide(void=(TEST,), full_credit=(WRITTEN,))
    sheet = gradebook.sheet(book.course, book.roster, book.rows().values())
    told = json.loads(gradebook.export("json", sheet, allow_pending=True).text)
    assert told["assignments"][0]["max_score"] == 6 - points(book.release, TEST)
    questions = {one["question"]: one for one in told["learners"][0]["scores"]["ps1"]["questions"]}
    assert questions[TEST]["max_score"] == 0
    assert questions[TEST]["decision"] == {"kind": "void", "reason": "wrong year"}
    by_question = gradebook.sheet(book.course, book.roster, book.rows().values(), by="question")
    lines = gradebook.export("csv", by_question, allow_pending=True).text.splitlines()
    assert any(f",{TEST}," in line and ",void," in line for line in lines)

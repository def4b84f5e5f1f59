"""What people said of reasons for review, and which reasons that leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete

from kit.gradebook import database, schema
from kit.gradebook.graderows import grade_rows, write_grades
from kit.gradebook.owned import own_rows
from kit.model import CellGrade, Review, Score, Verdict


def verdicts_of(connection: Connection, assignment: str) -> tuple[Verdict, ...]:
    """All verdicts of an assignment, also those on work that was replaced since."""
    return tuple(
        Verdict(learner=row.learner, notebook=row.notebook, grade_id=row.grade_id, code=row.code,
                kind=row.kind, points=row.points, who=row.who, at=database.aware(row.at),
                reason=row.reason, submission_digest=row.submission_digest,
                release_digest=row.release_digest)
        for row in own_rows(connection, schema.kit_verdict, assignment))


def unsettled(
    reviews: Iterable[Review], cells: Iterable[CellGrade], verdicts: Sequence[Verdict], graded: Any
) -> tuple[Review, ...]:
    """The reviews that no person has settled.

    A verdict on this very work and release settles one, and so does a person's mark for each
    question concerned, or a decision over it. `graded` is what the score was made from.
    """
    known = [cell for cell in cells if cell.kind.graded]
    now = [one for one in verdicts if _is_of(one, graded)]
    old = [one for one in verdicts if not _is_of(one, graded)]
    return tuple(review for review in reviews if not _settled(review, known, now, old))


def _is_of(verdict: Verdict, graded: Any) -> bool:
    return graded is not None and (verdict.submission_digest, verdict.release_digest) == (
        graded.submission_digest, graded.release_digest)


def _settled(
    review: Review, cells: Iterable[CellGrade], now: Iterable[Verdict], old: Iterable[Verdict]
) -> bool:
    concerned = [cell for cell in cells if review.concerns(cell.notebook, cell.grade_id)]
    accepted = any(one.kind == "accept" and is_about(one, review) for one in now)
    return bool(concerned) and all(
        cell.decision is not None or accepted or _marked(cell, old) for cell in concerned)


def _marked(cell: CellGrade, old: Iterable[Verdict]) -> bool:
    """Whether a person's mark stands that is not left over from an old verdict."""
    return cell.manual is not None and not cell.needs_manual and not any(
        gave(one, cell.notebook, cell.grade_id, cell.max_points) == cell.manual for one in old)


def is_about(verdict: Verdict, review: Review) -> bool:
    """Whether the verdict is the answer to this reason."""
    return (verdict.notebook, verdict.grade_id, verdict.code) == (
        review.notebook, review.grade_id, review.code)


def gave(verdict: Verdict, notebook: str, grade_id: str, most: float) -> float | None:
    """The mark that the verdict left at this question; None where it left none."""
    if verdict.notebook in ("", notebook) and verdict.grade_id in ("", grade_id):
        return verdict.given(most)
    return None


def forget_of_other_work(
    connection: Connection, assignment: str, scores: Iterable[Score],
    members: Callable[[Score], Iterable[str]], most: dict[tuple[str, str], float],
) -> None:
    """Before scores are written: verdicts on work that was handed in again, and their marks, go.

    Marks that people gave otherwise stay. `most` holds the points of each graded question.
    """
    digests = {score.learner: score.submission_digest for score in scores}
    gone = [one for one in verdicts_of(connection, assignment)
            if one.submission_digest != digests.get(one.learner, one.submission_digest)]
    if not gone:
        return
    team = {member: score.learner for score in scores for member in members(score)}
    write_grades(connection, [
        {"b_id": row.id, "manual_score": None}
        for row in grade_rows(connection, assignment)
        if row.manual_score is not None and any(
            one.learner == team.get(row.learner)
            and gave(one, row.notebook, row.grade_id, most[row.notebook, row.grade_id])
            == row.manual_score for one in gone)])
    table = schema.kit_verdict
    connection.execute(
        delete(table).where(table.c.assignment == assignment,
                            table.c.learner == bindparam("b_learner")),
        [{"b_learner": learner} for learner in {one.learner for one in gone}])

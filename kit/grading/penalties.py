"""What lateness costs a score."""

from __future__ import annotations

from dataclasses import replace

from kit.course.lateness import NOT_WORKED_OUT, cost
from kit.errors import CourseError
from kit.grading.job import Job
from kit.model import Review, Score


def penalized(job: Job, score: Score) -> Score:
    """The score with what lateness costs each notebook; a policy that fails is a reason for
    review."""
    penalties: dict[str, float] = {}
    review = [one for one in score.review if one.code != NOT_WORKED_OUT]
    for book in job.release.notebooks:
        earned = sum(one.points or 0.0 for one in score.results if one.notebook == book.name)
        try:
            taken = cost(job.course.grading.late, score.learner, earned, job.late_seconds)
        except CourseError as error:
            review.append(Review(code=NOT_WORKED_OUT, reason=str(error), notebook=book.name))
            continue
        if taken is not None:
            penalties[book.name] = taken
    return replace(score, penalties=penalties, review=tuple(review))

"""Tests that can only be judged beside the learner's code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kit.check.context import Context, Work
from kit.check.registry import check, found
from kit.errors import KitError
from kit.grading.local import tried as graded
from kit.model import Course, Finding
from kit.release.seal import pool_in_use


def tried(course: Course, works: Sequence[Work]) -> tuple[Work, ...]:
    """The same works, with what grading their solutions shows."""
    return tuple(_tried(course, work) for work in works)


def _tried(course: Course, work: Work) -> Work:
    if work.generated is None or not any(paper.python and paper.solution for paper in work.papers):
        return work
    handed_out = {one.name: one.released for one in work.generated.notebooks}
    try:
        return replace(work, calibration=graded(
            pool_in_use(), course, work.assignment, work.generated.release, handed_out))
    except KitError:
        return work  # another check tells why nothing can be run


@check("W217", "a test can only be judged beside the learner's code")
def not_apart(context: Context) -> Iterator[Finding]:
    """What the test looks at cannot be handed to a process that never ran the learner's code:
    an object of a class of the learner's, the text of a function, a figure. So the test is run in
    the learner's process, where a determined cheat can reach it. Have the answer leave plain
    values, arrays, tables or functions, and look at these. `require_verified: true` in course.yml
    leaves the points of such a test to a person."""
    for work in context.works:
        shown = {paper.name: paper.path for paper in work.papers}
        for one in work.calibration.tests if work.calibration else ():
            if one.how in ("shared", "disagrees") and one.notebook in shown:
                why = one.why or "the solution passes it in its own process alone"
                yield found("W217", shown[one.notebook], f"judged beside the learner's code: {why}",
                            cell=one.grade_id,
                            hint="test plain values, arrays, tables or what functions return; or "
                                 "use a checker of autograders")


CHECKS = (not_apart,)

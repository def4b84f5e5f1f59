"""Scores that stand there, changed by people: graded again, decided over, settled in review.

    with regrade(course, ps1, wish=Wish(void=("test-3",))) as found:
        ...                                   # found.totals: who gains, who loses
        apply(course, found, reason="...")

Everything is worked out on a copy first; what is written is what was shown. Who did it, when and
why is kept beside the scores.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kit import workflow

if TYPE_CHECKING:
    from kit.gradebook import Flag, Ruling, Wish
    from kit.grading import Difference, Total
    from kit.model import (
        Act,
        Assignment,
        Change,
        Course,
        Graded,
        Progress,
        Release,
        Roster,
        Score,
        Submission,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrade:
    """What a grading on a copy found, and all that is needed to write it.

    `graded` counts the hand-ins that were run; `decisions` tells each decision that it makes.
    """

    assignment: Assignment
    differences: tuple[Difference, ...]
    totals: tuple[Total, ...]
    graded: int
    decisions: tuple[str, ...]
    wish: Wish
    scores: tuple[Score, ...]
    autograded: Path

    @property
    def changes_nothing(self) -> bool:
        """Whether applying it would leave every score as it is, and decide nothing."""
        return not (self.differences or self.totals or self.decisions)


@contextmanager
def regrade(
    course: Course, assignment: Assignment, *, wish: Wish | None = None,
    learners: Sequence[str] = (), force: bool = False, engine: str = "local",
    workers: int | None = None, on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Regrade]:
    """Grade on a copy, with decisions if any are wished for, and yield what would change.

    Without a wish everything is graded again; with one only what `grade` would grade, unless
    forced: a decision over a question needs no work to be run. The copy lives as long as the
    context. Raises ReleaseError, UnknownName, GradingError, GradebookError.
    """
    from kit import gradebook
    from kit.collect import submissions
    from kit.course import load_roster
    from kit.course.author import configured
    from kit.grading import differences, grade, run_folder, totals

    course, assignment = configured(course, assignment)
    roster, handed_out = load_roster(course), workflow.release_of(course, assignment)
    here = tuple(submissions(course, assignment))
    work = workflow.chosen_of(here, assignment, learners)
    wish = wish or gradebook.Wish()
    with run_folder() as folder:  # which a later run takes away, should this one be killed
        copy = replace(course, root=folder)
        if (course.root / "gradebook.db").is_file():
            shutil.copy(course.root / "gradebook.db", copy.root)
        decided = gradebook.decide(copy, handed_out, wish, reason="", who="") if wish else ()
        known = gradebook.graded(course, assignment) if wish and not force else {}
        scores = tuple(grade(
            course, assignment, handed_out, _todo(course, handed_out, work, known, engine),
            roster=roster, engine=engine, workers=workers, autograded=copy.root / "autograded",
            on_progress=on_progress))
        gradebook.settle(copy, assignment, roster=roster, handed_in=here)
        gradebook.record(copy, scores, roster=roster, release=handed_out)
        gradebook.settle(copy, assignment, roster=roster, handed_in=here)
        after = gradebook.rows(copy, roster, assignment)
        before = gradebook.rows(course, roster, assignment, as_written=True)
        yield Regrade(
            assignment=assignment, differences=differences(scores, before, after),
            totals=totals(before, after), graded=len(scores), decisions=decided, wish=wish,
            scores=scores, autograded=copy.root / "autograded")


def _todo(
    course: Course, handed_out: Release, work: Sequence[Submission], known: Mapping[str, Graded],
    engine: str
) -> list[Submission]:
    from kit.course.submitted import Folder
    from kit.grading import engine_of, key_of, plan

    if not known:
        return list(work)
    folders = [Folder(assignment=one.assignment, learner=one.learner, path=str(one.folder))
               for one in work]
    planned = plan(folders, lambda _: known, key_of(course, handed_out, engine_of(engine)),
                   autograded=course.root / "autograded")
    again = {one.found.learner for one in planned if one.reason is not None}
    return [one for one in work if one.learner in again]


def apply(course: Course, found: Regrade, *, reason: str, who: str = "") -> Act:
    """Write what a grading on a copy found: these very scores, and why.

    The gradebook is backed up first; marks given by hand stay. Raises GradingError for a reason
    that says nothing, GradebookError.
    """
    from kit import gradebook
    from kit.collect import submissions
    from kit.course import load_roster
    from kit.course.author import configured
    from kit.grading import at_work
    from kit.model import Act

    reason, who = gradebook.stated(reason), who or gradebook.account()
    course, assignment = configured(course, found.assignment)
    roster, handed_out = load_roster(course), workflow.release_of(course, assignment)
    gradebook.backup(course)
    if found.wish:
        gradebook.decide(course, handed_out, found.wish, reason=reason, who=who)
    # Before the scores: where this is stopped, the reason is there and `kit grade` goes on.
    act = gradebook.record_act(course, Act(
        assignment=assignment.name, number=0, kind="regrade", at=datetime.now(UTC), who=who,
        reason=reason, decisions=found.decisions, changes=_changes(found)))
    with at_work(course, assignment) as journal:
        for score in found.scores:
            journal.start(score.learner)
            _hand_over(found, course, score)
        gradebook.record(course, found.scores, roster=roster, release=handed_out,
                         on_written=journal.done)
    gradebook.settle(course, assignment, roster=roster,
                     handed_in=tuple(submissions(course, assignment)))
    return act


def _changes(found: Regrade) -> tuple[Change, ...]:
    from kit.grading.diff import TOTAL
    from kit.model import Change

    parts = [Change(learner=one.learner, notebook=one.notebook, grade_id=one.grade_id,
                    before=one.recorded, after=one.graded, cause=one.cause)
             for one in found.differences if one.grade_id != TOTAL]
    return (*parts, *(
        Change(learner=one.learner, notebook="", grade_id=TOTAL, before=one.recorded,
               after=one.graded, before_max=one.recorded_max, after_max=one.graded_max)
        for one in found.totals))


def _hand_over(found: Regrade, course: Course, score: Score) -> None:
    """The graded notebooks of one hand-in, from the copy; none where grading left none."""
    from kit.files import replace_tree
    from kit.grading.folder import remove

    source = found.autograded / score.learner / score.assignment
    target = course.root / "autograded" / score.learner / score.assignment
    if not source.is_dir():
        remove(target)
        return
    with replace_tree(target) as beside:
        shutil.copytree(source, beside, symlinks=True, dirs_exist_ok=True)


# ------------------------------------------------------------------------------------ review


def flags(course: Course, assignment: Assignment) -> tuple[Flag, ...]:
    """Every reason for review of an assignment, those that are settled too."""
    from kit import gradebook
    from kit.course import load_roster

    return gradebook.flags(
        course, assignment, gradebook.rows(course, load_roster(course), assignment))


def settle_review(
    course: Course, assignment: Assignment, chosen: Sequence[Flag], ruling: Ruling
) -> Act:
    """Settle reasons for review, all of them or none, after a backup of the gradebook.

    Raises GradingError, MarksError, GradebookError.
    """
    from kit import gradebook
    from kit.collect import submissions
    from kit.course import load_roster
    from kit.course.author import configured

    course, assignment = configured(course, assignment)
    roster: Roster = load_roster(course)
    ruling = replace(ruling, reason=gradebook.stated(ruling.reason))
    gradebook.backup(course)
    act = gradebook.settle_flags(course, assignment, chosen, ruling)
    gradebook.settle(course, assignment, roster=roster,
                     handed_in=tuple(submissions(course, assignment)))
    return act

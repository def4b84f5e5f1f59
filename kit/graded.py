"""A class graded: what of it has to run is planned, run, and recorded as it comes.

    submitted/ ─► plan ─► journal ─► grade ─► gradebook ─► journal
                   └─ what the gradebook has of a few learners at a time

A class is streamed, twice: to count what has to run, and to run it. Between the rooms that
know submissions, engines and the gradebook this is the only place that knows all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from kit import gradebook
from kit.course import load_roster, submitted
from kit.course.submitted import Folder
from kit.errors import UnknownName
from kit.grading import (
    Explained,
    Journal,
    Key,
    Planned,
    Tally,
    at_work,
    counted,
    counting,
    engine_of,
    grade,
    joined,
    key_of,
    open_learners,
    plan,
    seen_before,
)
from kit.model import Assignment, Course, Progress, Release, Roster, Submission

_PART = 400


def grade_class(
    course: Course, assignment: Assignment, release: Release, *, learners: Sequence[str] = (),
    force: bool = False, engine: str = "local", workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Tally:
    """Run what has to run and write it into the gradebook; see `kit.workflow.grade`."""
    roster = load_roster(course)
    found = _chosen(course, assignment, learners)
    key = key_of(course, release, engine_of(engine))
    decided = {(one.notebook, one.grade_id): one.kind
               for one in gradebook.decisions(course, assignment)}
    tally = Tally(max_points=counted(release, decided))
    with at_work(course, assignment) as journal:
        gradebook.tidy(course)
        gradebook.take_environment(course, assignment, key.environment)
        _settle(course, assignment, roster, tally)

        planned = partial(_planned, course, assignment, found, key, force=force,
                          interrupted=journal.left)
        with planned() as stream:
            overwrites = _count(course, assignment, stream, tally, journal)
        if not tally.to_run:
            return tally
        if overwrites:
            gradebook.backup(course)
        with planned() as stream:
            scores = grade(course, assignment, release, _started(stream, journal),
                           roster=roster, engine=engine, workers=workers, total=tally.to_run,
                           on_progress=on_progress)
            gradebook.record(course, counting(scores, tally, decided), roster=roster,
                             release=release, on_written=journal.done)
        _settle(course, assignment, roster, tally)
    rows = gradebook.rows(course, roster, assignment)
    tally.need_marking = gradebook.waiting(course, assignment, rows)
    tally.keep_open({row.learner: row.pending for row in rows})
    if tally.stopped is not None:
        raise tally.stopped
    return tally


def explain_class(
    course: Course, assignment: Assignment, release: Release, *, learners: Sequence[str] = (),
    force: bool = False, engine: str = "local",
) -> Explained:
    """What `grade_class` would run and why; nothing is run or written."""
    found = _chosen(course, assignment, learners)
    key = key_of(course, release, engine_of(engine))
    told = Explained(key=key)
    with _planned(course, assignment, found, key, force=force,
                  interrupted=open_learners(course, assignment)) as stream:
        for one in stream:
            told.add(one)
    return told


def _chosen(
    course: Course, assignment: Assignment, learners: Sequence[str]
) -> Callable[[], Iterable[Folder]]:
    """Walks the folders of the named learners, or all. Raises UnknownName."""
    here = course.root / "submitted"

    def everyone() -> Iterator[Folder]:
        return submitted.folders(here, assignment.name)

    if not learners:
        return everyone
    named: list[Folder] = []
    for learner in dict.fromkeys(learners):
        one = submitted.folder(here, assignment.name, learner)
        if one is None:
            raise UnknownName("submission of a learner", learner,
                              sorted(other.learner for other in everyone()),
                              where=f"submitted/*/{assignment.name}")
        named.append(one)
    return lambda: named


@contextmanager
def _planned(
    course: Course, assignment: Assignment, found: Callable[[], Iterable[Folder]], key: Key, *,
    force: bool, interrupted: Mapping[str, float],
) -> Iterator[Iterator[Planned]]:
    with gradebook.recorded(course, assignment) as lookup:
        yield plan(found(), lookup, key, autograded=course.root / "autograded", force=force,
                   interrupted=interrupted)


def _count(
    course: Course, assignment: Assignment, planned: Iterator[Planned], tally: Tally,
    journal: Journal,
) -> bool:
    """Count what has to run, and say whether that overwrites scores.

    What need not run but looks otherwise than when it was graded is remembered as it looks.
    """
    overwrites = False
    while part := list(islice(planned, _PART)):
        again = [one.found.learner for one in part if one.reason is not None]
        rest = [one for one in part if one.reason is None]
        tally.total += len(part)
        tally.unchanged += len(rest)
        overwrites = overwrites or gradebook.has_scores(course, assignment, again)
        gradebook.remember(course, assignment, {
            one.found.learner: one.seen.fingerprint for one in rest if one.seen and one.fresh})
        journal.done([one.found.learner for one in rest if one.found.learner in journal.open])
    return overwrites


def _started(planned: Iterator[Planned], journal: Journal) -> Iterator[Submission]:
    for one in planned:
        if one.reason is not None:
            submission = one.ready()
            journal.start(submission.learner)
            yield submission


def _settle(course: Course, assignment: Assignment, roster: Roster, tally: Tally) -> None:
    """Let dates, people, policy and marks count for what is graded already."""
    concerned = tuple(_concerned(course, assignment, roster))
    settled = gradebook.settle(course, assignment, roster=roster, handed_in=concerned)
    tally.settled(settled.penalties, settled.credited, settled.withdrawn)


def _concerned(course: Course, assignment: Assignment, roster: Roster) -> Iterator[Submission]:
    """Who has a team, and whose time is not the one that is recorded: nobody else is settled by
    what lies in `submitted/`."""
    with gradebook.recorded(course, assignment) as lookup:
        found = submitted.folders(course.root / "submitted", assignment.name)
        for one, known in joined(found, lookup):
            mates = len(roster.team(assignment.name, one.learner)) > 1
            if mates or (known is not None and submitted.received(Path(one.path))
                         not in (None, known.received_at)):
                yield submitted.submission(one, submitted.look(one, seen_before(known)))

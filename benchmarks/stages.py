"""Where the time of a graded submission goes, step by step, and the memory of a worker."""

from __future__ import annotations

import resource
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.collect import submissions
from kit.course import load_course
from kit.gradebook import read_release
from kit.grading import judging, local
from kit.grading.job import Job
from kit.model import CellKind
from kit.sandbox import live, sealed

STEPS = ("read", "fork", "cells", "tests", "end", "write")
_WARM = 4
"""Submissions graded before it is measured: the first ones set up what all share."""


def right(learner: str) -> bool:
    """Whether this one of a class gives right answers: five of six do."""
    return int(learner.rpartition("-")[2]) % 6 != 0


def stages(root: Path) -> dict[str, float]:
    """Wall milliseconds a submission in each step, one worker; the share of tests verified of
    those that passed; megabytes of the largest process.

    `read`: the notebook read and repaired. `fork`: both processes made or begun anew, files
    laid out. `cells`: the learner's cells. `tests`: values brought over and tests run. `end`: all
    processes killed or put back, files taken. `write`: the graded notebook. `other` is the rest.
    """
    spent: defaultdict[str, float] = defaultdict(float)
    course = load_course(root)
    (assignment,) = course.assignments
    release = read_release(course, assignment)
    assert release is not None
    jobs = [Job(course=course, assignment=assignment, release=release, submission=one,
                autograded=root / "autograded") for one in submissions(course, assignment)]
    clock = _Clock(spent)
    with clock.around(), local.open_local(course, assignment, release) as grade:
        for job in jobs[:_WARM]:
            grade(job)
        spent.clear()
        began = time.perf_counter()
        scores = [grade(job) for job in jobs[_WARM:]]
        whole = time.perf_counter() - began
    count = len(jobs) - _WARM
    tests = [(score.learner, one) for score in scores for one in score.results
             if one.kind is CellKind.TEST]
    for learner, one in tests:
        if right(learner) and one.points != one.max_points:
            raise SystemExit(f"{one.grade_id}: the answer that is to be right is not")
    passed = [one.how for _, one in tests if one.points == one.max_points]
    found = {f"ms_{step}": 1000 * spent[step] / count for step in STEPS}
    most = max(resource.getrusage(who).ru_maxrss
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {**found, "ms_other": 1000 * (whole - sum(spent.values())) / count,
            "verified_share": passed.count("verified") / max(len(passed), 1),
            "mb_worker": most / 1024}


class _Clock:
    """Adds up the time within some functions, not counting those within one another."""

    def __init__(self, spent: defaultdict[str, float]) -> None:
        self._spent = spent
        self._open = threading.local()
        self._patched: list[tuple[Any, str, Any]] = []

    def around(self) -> _Clock:
        """Measure the steps while it is entered."""
        for owner, name, step in (
                (local, "_open", "read"), (sealed.Boxes, "seat", "fork"),
                (live.Live, "begin", "fork"), (live.Live, "begin_anew", "fork"),
                (live.Live, "run", "cells"),
                (judging._Judge, "run", "tests"), (judging._Judge, "run_late", "tests"),
                (live.Live, "rest", "end"), (live.Live, "end", "end"),
                (local, "_hand_over", "write")):
            self._patched.append((owner, name, getattr(owner, name)))
            setattr(owner, name, self._timed(getattr(owner, name), step))
        return self

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, *_error: object) -> None:
        """Put the functions back."""
        for owner, name, function in self._patched:
            setattr(owner, name, function)

    def _timed(self, function: Callable[..., Any], step: str) -> Callable[..., Any]:
        def timed(*args: Any, **named: Any) -> Any:
            outer = getattr(self._open, "step", "")
            if outer:
                return function(*args, **named)
            self._open.step = step
            began = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                self._spent[step] += time.perf_counter() - began
                self._open.step = ""

        return timed

"""Submissions to Scores: repair, run, judge by nbgrader's rules, write the graded notebooks.

    for score in grade(course, assignment, release, course.root / "submitted"):
        ...

Modules are imported when a name of theirs is first asked for.
"""

from typing import TYPE_CHECKING

from kit.later import later

if TYPE_CHECKING:
    from kit.grading.batch import engine_of, grade
    from kit.grading.checked import MIME, Told, read_told
    from kit.grading.config import unused
    from kit.grading.decided import counted
    from kit.grading.diff import CAUSES, Difference, Total, differences, totals
    from kit.grading.explained import Explained
    from kit.grading.job import Engine, Job
    from kit.grading.journal import Journal, at_work, open_learners
    from kit.grading.planning import Key, Planned, Reason, joined, key_of, plan, seen_before
    from kit.grading.scratch import run_folder, temporary_in
    from kit.grading.tally import Tally, counting
else:
    __getattr__ = later(__name__, {
        "CAUSES": "diff",
        "Difference": "diff",
        "Engine": "job",
        "Explained": "explained",
        "Job": "job",
        "Journal": "journal",
        "Key": "planning",
        "MIME": "checked",
        "Planned": "planning",
        "Reason": "planning",
        "Tally": "tally",
        "Told": "checked",
        "Total": "diff",
        "at_work": "journal",
        "counted": "decided",
        "counting": "tally",
        "differences": "diff",
        "engine_of": "batch",
        "grade": "batch",
        "joined": "planning",
        "key_of": "planning",
        "open_learners": "journal",
        "plan": "planning",
        "read_told": "checked",
        "run_folder": "scratch",
        "seen_before": "planning",
        "temporary_in": "scratch",
        "totals": "diff",
        "unused": "config",
    })

__all__ = [
    "CAUSES", "MIME", "Difference", "Engine", "Explained", "Job", "Journal", "Key", "Planned",
    "Reason", "Tally", "Told", "Total", "at_work", "counted", "counting", "differences",
    "engine_of", "grade", "joined", "key_of", "open_learners", "plan", "read_told", "run_folder",
    "seen_before", "temporary_in", "totals", "unused",
]

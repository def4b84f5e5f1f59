"""Submissions to Scores: repair, run, judge by nbgrader's rules, write the graded notebooks.

    for score in grade_batch(course, assignment, release, submissions, roster=roster):
        ...
"""

from kit.grading.batch import engine_of, grade_batch, is_graded
from kit.grading.checked import MIME, Told, read_told
from kit.grading.config import unused
from kit.grading.decided import counted
from kit.grading.diff import CAUSES, Difference, Total, differences, totals
from kit.grading.job import Engine, Job
from kit.grading.tally import Tally, counting

__all__ = ["CAUSES", "MIME", "Difference", "Engine", "Job", "Tally", "Told", "Total",
           "counted", "counting", "differences", "engine_of", "grade_batch", "is_graded",
           "read_told", "totals", "unused"]

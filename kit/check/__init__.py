"""The author's linter: one function a check, with a code, a message and a hint.

A plugin adds a check by the entry point group `kit.checks`:

    @check("W901", "a title shouts")
    def shouting(context):
        for page in context.pages:
            ...
            yield found("W901", page.path, "the title is in capitals")
"""

from kit.check.context import Block, Context, Page, Paper, Run, Work
from kit.check.registry import Check, check, checks, explain, found
from kit.check.run import check_course, check_folder, mutate_course, read_count
from kit.check.trials import Mutated, total_score

__all__ = [
    "Block",
    "Check",
    "Context",
    "Mutated",
    "Page",
    "Paper",
    "Run",
    "Work",
    "check",
    "check_course",
    "check_folder",
    "checks",
    "explain",
    "found",
    "mutate_course",
    "read_count",
    "total_score",
]

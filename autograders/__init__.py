"""Checkers that notebooks import: what is right, how it is often wrong, and what that is worth.

    import autograders as ag

    q = ag.Question("npv", points=3)
    q.add(ag.number("npv", 1234.5, rtol=1e-3, mistakes={-1234.5: "Is the outflow negative?"}))
    q.result()

The same lines work in a learner's notebook, in nbgrader and in a browser's Python. Importing
this loads the standard library alone; a checker of tables loads what it needs when it runs.
"""

from __future__ import annotations

from typing import Any

from autograders.array import array
from autograders.choice import choice
from autograders.distribution import distribution
from autograders.function import function
from autograders.guard import call
from autograders.inference import hypothesis_test
from autograders.number import number
from autograders.outcome import (
    Answer,
    Check,
    Failure,
    Mistake,
    Outcome,
    answer,
    failed,
    mistake,
    partly,
    passed,
    review,
)
from autograders.plot import plot
from autograders.question import Question
from autograders.result import Result
from autograders.source import source
from autograders.table import table
from autograders.text import text
from autograders.written import written

__all__ = [
    "Answer",
    "Check",
    "Failure",
    "Mistake",
    "Outcome",
    "Question",
    "Result",
    "answer",
    "array",
    "call",
    "choice",
    "distribution",
    "failed",
    "function",
    "hypothesis_test",
    "mistake",
    "number",
    "partly",
    "passed",
    "plot",
    "review",
    "source",
    "table",
    "text",
    "written",
]

_PACKS = ("accounting", "finance")


def __getattr__(name: str) -> Any:
    """A pack, such as `ag.accounting`, is loaded when it is asked for."""
    if name in _PACKS:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

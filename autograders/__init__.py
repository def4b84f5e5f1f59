"""Checkers that notebooks import: what is right, how it is often wrong, and what that is worth.

    import autograders as ag

    q = ag.Question("npv", points=3)
    q.add(ag.number("npv", 1234.5, rtol=1e-3, mistakes={-1234.5: "Is the outflow negative?"}))
    q.result()

The same lines work in a learner's notebook, in nbgrader and in a browser's Python. Importing
this loads the standard library alone; a checker of tables loads what it needs when it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    Scope,
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
from autograders.sealed import sealed
from autograders.source import source
from autograders.text import text
from autograders.variants import variant
from autograders.written import written

if TYPE_CHECKING:
    from autograders.arrays import array
    from autograders.tables import table

__all__ = [
    "Answer",
    "Check",
    "Failure",
    "Mistake",
    "Outcome",
    "Question",
    "Result",
    "Scope",
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
    "sealed",
    "source",
    "table",
    "text",
    "variant",
    "written",
]

_PACKS = ("accounting", "finance")
# Loaded when they are asked for. Their modules have other names than they: a module that is
# imported would take the place of a function of its name.
_LAZY = {"array": "autograders.arrays", "table": "autograders.tables"}


def __getattr__(name: str) -> Any:
    """A pack, such as `ag.accounting`, or a checker of many values is loaded when it is asked
    for."""
    from importlib import import_module

    if name in _PACKS:
        return import_module(f"{__name__}.{name}")
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

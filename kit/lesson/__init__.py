"""Components for lessons: alive in JupyterLab with a kernel, and on a built page without one.

    from kit.lesson import quiz

    quiz("A customer pays a bill of March in April. April's profit?",
         {"Goes up": "It was earned in March already.", "Stays as it is": "Yes: a swap of assets."},
         right="Stays as it is")

Each is the last expression of a cell. What a component is needs nothing but the widget
libraries, which are loaded when the first one is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.lesson.charts import bars, line, points
    from kit.lesson.entries import journal_entry
    from kit.lesson.exploring import explore
    from kit.lesson.figures import figure_style
    from kit.lesson.lectures import lecture
    from kit.lesson.ledgers import t_accounts
    from kit.lesson.predictions import predict
    from kit.lesson.quizzes import quiz
    from kit.lesson.reasons import misconception
    from kit.lesson.saying import language
    from kit.lesson.worked import hints, solution, step, steps

__all__ = [
    "bars",
    "explore",
    "figure_style",
    "hints",
    "journal_entry",
    "language",
    "lecture",
    "line",
    "misconception",
    "points",
    "predict",
    "quiz",
    "solution",
    "step",
    "steps",
    "t_accounts",
]

# Modules have other names than their functions: an imported one would take the place of it.
_HOMES = {
    "bars": "kit.lesson.charts",
    "explore": "kit.lesson.exploring",
    "figure_style": "kit.lesson.figures",
    "hints": "kit.lesson.worked",
    "journal_entry": "kit.lesson.entries",
    "language": "kit.lesson.saying",
    "lecture": "kit.lesson.lectures",
    "line": "kit.lesson.charts",
    "misconception": "kit.lesson.reasons",
    "points": "kit.lesson.charts",
    "predict": "kit.lesson.predictions",
    "quiz": "kit.lesson.quizzes",
    "solution": "kit.lesson.worked",
    "step": "kit.lesson.worked",
    "steps": "kit.lesson.worked",
    "t_accounts": "kit.lesson.ledgers",
}


def __getattr__(name: str) -> Any:
    """A component's function, loaded when it is asked for."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

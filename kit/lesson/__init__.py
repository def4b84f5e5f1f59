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
    from kit.lesson.quizzes import quiz

__all__ = ["quiz"]

# Modules have other names than their functions: an imported one would take the place of it.
_HOMES = {"quiz": "kit.lesson.quizzes"}


def __getattr__(name: str) -> Any:
    """A component's function, loaded when it is asked for."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

"""What an author's own `nbgrader_config.py` says about autograding."""

from __future__ import annotations

from typing import Any

from kit.errors import GradingError
from kit.model import Assignment, Course


def exclude_overwriting(course: Course, assignment: Assignment) -> frozenset[str]:
    """Files of the learner that the author's do not replace (nbgrader's option of that name).

    Raises GradingError when the config cannot be read; it is the author's code.
    """
    path = course.root / "nbgrader_config.py"
    if not path.is_file():
        return frozenset()
    try:
        config = _load(str(path))
        listed = config.get("Autograde", {}).get("exclude_overwriting", {})
        return frozenset(str(name).replace("\\", "/") for name in listed.get(assignment.name, ()))
    except Exception as error:
        raise GradingError(f"cannot be read: {error}", where=path.name) from error


def _load(path: str) -> dict[str, Any]:
    from traitlets.config.loader import PyFileConfigLoader

    config: dict[str, Any] = PyFileConfigLoader(path).load_config()
    return config

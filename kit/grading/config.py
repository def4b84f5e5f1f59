"""What an author's own `nbgrader_config.py` says about autograding: used, or named as not used.

Time limits and lateness are laid over the course before it gets here (`kit.course.author`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.course.author import CONFIG, EXECUTE, AuthorConfig, overruled, read_config
from kit.errors import GradingError
from kit.grading.folder import IGNORED
from kit.model import Assignment, Course

_STEP = ("NbGraderPreprocessor", "Preprocessor")
_CONVERTER = ("Autograde", "BaseConverter")

_PIPELINE = (
    *_CONVERTER, *EXECUTE, "ClearOutput", "ClearOutputPreprocessor", "DeduplicateIds",
    "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata", "IgnorePattern",
    "ClearMetadataPreprocessor", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties",
    "LateSubmissionPlugin", "CourseDirectory",
)
"""Sections that nbgrader's autograde step listens to."""

_USED = {
    "Autograde": {"exclude_overwriting"},
    "Execute": {"timeout"}, "ExecutePreprocessor": {"timeout"}, "NotebookClient": {"timeout"},
    "IgnorePattern": {"enabled", "pattern"},
    "LimitOutput": {"enabled", "max_lines", "max_traceback"},
    "AssignLatePenalties": {"enabled", "plugin_class"},
    "LateSubmissionPlugin": {"penalty_method"},
    "CourseDirectory": {
        "course_id", "root", "ignore", "db_assignments", "db_students",
        # Nothing of these reaches nbgrader's autograde step either.
        "assignment_id", "include", "max_file_size", "max_dir_size",
    },
}
_NO_OPTION = {"allow_errors", "allow_error_names", "execute_retries"}
"""nbgrader's Execute has them and looks at none of them while it grades."""

_AS_HERE: Mapping[str, object] = {
    "enabled": True, "interrupt_on_timeout": True, "raise_on_iopub_timeout": True,
    "add_missing_cells": True, "create_student": True, "force": False, "force_raise_errors": False,
    "extra_arguments": [], "skip_cells_with_tag": "skip-execution", "groupshared": False,
    "permissions": 444, "student_id": "*", "student_id_exclude": "", "notebook_id": "*",
    "pre_convert_hook": None, "post_convert_hook": None, "timeout_func": None,
    "directory_structure": "{nbgrader_step}/{student_id}/{assignment_id}",
    "source_directory": "source", "release_directory": "release", "db_url": "",
    "submitted_directory": "submitted", "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}
"""Values that ask for what happens here anyway."""

_NOTHING = object()

_ELSEWHERE = {"directory_structure", "source_directory", "release_directory", "db_url",
              "submitted_directory", "autograded_directory", "feedback_directory"}
_FEEDBACK = ("GenerateFeedback", "Feedback", "GetGrades", "CSSHTMLHeaderPreprocessor",
             "HTMLExporter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an author's file may change about grading a submission; nbgrader's defaults."""

    keep: frozenset[str] = frozenset()
    """Files of the learner that the author's do not replace."""
    ignore: tuple[str, ...] = IGNORED
    """Names and patterns of files and folders that are not copied."""
    unheard: re.Pattern[str] | None = None
    """What a piece of stderr must show to be taken out."""
    max_lines: int = 1000
    """Lines of stream output that a cell keeps; -1 is all."""
    max_traceback: int = 100
    """Lines of a traceback that a cell keeps; -1 is all."""


USUAL = Settings()
"""Where the author says nothing."""


def settings(course: Course, assignment: Assignment) -> Settings:
    """What the author's own file says for grading.

    Raises CourseError when it cannot be read, GradingError where an option makes no sense.
    """
    config = read_config(course.root)
    if not config.sections:
        return USUAL
    limited = config.get(("LimitOutput", *_STEP), "enabled", True) is not False
    return Settings(
        keep=_keep(config, assignment.name),
        ignore=tuple(str(one) for one in _list(config, "CourseDirectory", "ignore", IGNORED)),
        unheard=_unheard(config),
        max_lines=_lines(config, "max_lines", 1000) if limited else -1,
        max_traceback=_lines(config, "max_traceback", 100) if limited else -1,
    )


def _keep(config: AuthorConfig, assignment: str) -> frozenset[str]:
    listed = config.get(("Autograde",), "exclude_overwriting", {})
    if not isinstance(listed, Mapping):
        raise _senseless("Autograde.exclude_overwriting", listed)
    names = listed.get(assignment, ())
    if isinstance(names, str) or not isinstance(names, Sequence | set | frozenset):
        raise _senseless("Autograde.exclude_overwriting", listed)
    return frozenset(str(name).replace("\\", "/") for name in names)


def _list(config: AuthorConfig, section: str, name: str, default: Sequence[str]) -> Sequence[Any]:
    value = config.get((section,), name, list(default))
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _senseless(f"{section}.{name}", value)
    return value


def _lines(config: AuthorConfig, name: str, default: int) -> int:
    value = config.get(("LimitOutput",), name, default)
    if not isinstance(value, int) or value < -1:
        raise _senseless(f"LimitOutput.{name}", value)
    return value


def _unheard(config: AuthorConfig) -> re.Pattern[str] | None:
    pattern = config.get(("IgnorePattern",), "pattern", "")
    if not pattern or not config.get(("IgnorePattern", *_STEP), "enabled", False):
        return None
    try:
        return re.compile(pattern)
    except (re.error, TypeError) as error:
        raise GradingError(f"IgnorePattern.pattern is no regular expression: {error}",
                           where=CONFIG) from error


def _senseless(name: str, value: object) -> GradingError:
    return GradingError(f"{name} makes no sense: {str(value)[:80]}", where=CONFIG,
                        hint="nbgrader's documentation says what it may be")


# ---------------------------------------------------------------------------- what is not used


def unused(course: Course, assignment: Assignment, *, engine: str = "local") -> tuple[str, ...]:
    """A sentence for each kind of option in the author's file that grading does not use.

    Raises CourseError when the file cannot be read.
    """
    config = read_config(course.root)
    if not config.sections:
        return ()
    named = _named(config, _PIPELINE)
    elsewhere = [name for name in named if name.partition(".")[2] in _ELSEWHERE]
    others = [name for name in named if name not in elsewhere]
    stated = overruled(course, assignment, config)
    feedback = _named(config, _FEEDBACK)
    said = []
    if others and engine != "reference":
        said.append(f"{CONFIG} sets {', '.join(others)}, which this engine does not use; "
                    "--engine reference does")
    if stated and engine != "reference":
        said.append(f"{CONFIG} sets {', '.join(stated)}; course.yml says otherwise and counts")
    if elsewhere:
        said.append(f"{CONFIG} sets {', '.join(elsewhere)}; the kit uses its usual folders "
                    "and gradebook.db")
    if feedback:
        said.append(f"{CONFIG} sets {', '.join(feedback)}, which only nbgrader's own feedback "
                    "uses")
    return tuple(said)


def _named(config: AuthorConfig, sections: Sequence[str]) -> list[str]:
    found = []
    for section in sections:
        for name, value in config.sections.get(section, {}).items():
            if name in _USED.get(section, ()) or (section in EXECUTE and name in _NO_OPTION):
                continue
            here = _AS_HERE.get(name, _NOTHING)
            if section == "ClearMetadataPreprocessor" and name == "enabled":
                here = False
            if here is _NOTHING or here != value:
                found.append(f"{section}.{name}")
    return found

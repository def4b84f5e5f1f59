"""What an author's own `nbgrader_config.py` says, read and run as nbgrader does it.

The file in the course folder counts, not the one of a home folder, so that a submission has the
same score on every machine. One that bears our header follows from `course.yml` and says nothing
of its own. What `course.yml` states wins; where it is silent, the author's file counts.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.course.derived import HEADER
from kit.course.find import COURSE_FILE
from kit.course.load import course_text
from kit.errors import CourseError
from kit.model import Assignment, Course, LatePolicy, Limits

CONFIG = "nbgrader_config.py"

EXECUTE = ("Execute", "NbGraderPreprocessor", "ExecutePreprocessor", "Preprocessor",
           "NotebookClient")
"""Sections that nbgrader's Execute listens to, the first that speaks wins."""

LATE = ("AssignLatePenalties", "NbGraderPreprocessor", "Preprocessor")

A_DAY = 86_400.0
"""Seconds a cell has where nbgrader sets no limit; something must end it."""

_OLD = ("NbGraderConfig", "BasicConfig", "BaseNbGraderApp", "BaseApp", "TransferApp",
        "BaseNbConvertApp", "NbGrader", "AutogradeApp")
_LOCK = threading.RLock()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsPolicy(LatePolicy):
    """A late policy that is a class of nbgrader's kind; called as any other policy is."""

    ask: Callable[[LatePolicy, str, float, float], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorConfig:
    """The options by section, and what the file put on `sys.path`. Empty without a file."""

    root: Path
    sections: Mapping[str, Mapping[str, Any]]
    paths: tuple[str, ...] = ()

    def get(self, sections: tuple[str, ...], name: str, default: Any = None) -> Any:
        """The option `name` in the first of `sections` that states it."""
        for section in sections:
            stated = self.sections.get(section, {})
            if name in stated:
                return _whole(stated[name], default)
        return default

    def states(self, sections: tuple[str, ...], name: str) -> str:
        """`Section.name` where one of `sections` states it, else nothing."""
        return next((f"{section}.{name}" for section in sections
                     if name in self.sections.get(section, {})), "")


def read_config(root: Path, *, derived: bool = False) -> AuthorConfig:
    """The author's own configuration of the course in `root`; with `derived` also ours.

    Raises CourseError when it cannot be read; it is the author's code.
    """
    path = root / CONFIG
    if not path.is_file() or (
            not derived and HEADER in path.read_text("utf-8", errors="replace")[:200]):
        return AuthorConfig(root=root, sections={})
    from traitlets.config.loader import PyFileConfigLoader

    before = list(sys.path)
    try:
        with _as_nbgrader(root):
            found = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
            paths = tuple(one for one in sys.path if one not in before)
    except (Exception, SystemExit) as error:
        raise CourseError(f"cannot be read: {error}", where=CONFIG,
                          hint="mend it so that nbgrader reads it") from error
    if any(section in found for section in _OLD):
        from nbgrader.apps import AutogradeApp

        # Building the application renames the options of older versions.
        found = AutogradeApp(config=found, log=_silent()).config.copy()
    return AuthorConfig(root=root, sections=found, paths=paths)


def _silent() -> Any:
    import logging

    log = logging.Logger("nbgrader")
    log.addHandler(logging.NullHandler())
    return log


def _whole(value: Any, default: Any) -> Any:
    """`c.X.y.append(...)` and `.update(...)` add to nbgrader's default."""
    from traitlets.config.loader import LazyConfigValue

    return value.get_value(default) if isinstance(value, LazyConfigValue) else value


# ------------------------------------------------------------------ over what course.yml says


def configured(course: Course, assignment: Assignment) -> tuple[Course, Assignment]:
    """Both, with what the author's file says of time limits and lateness.

    Raises CourseError where that file, or the late penalty class it names, cannot be used.
    """
    config = read_config(course.root)
    if not config.sections:
        return course, assignment
    limits = _limits(config, assignment, _stated_limits(course, assignment))
    late = _late(config, course, assignment)
    assignment = replace(assignment, limits=limits)
    course = replace(course, grading=replace(course.grading, late=late), assignments=tuple(
        assignment if one.name == assignment.name else one for one in course.assignments))
    return course, assignment


def overruled(course: Course, assignment: Assignment, config: AuthorConfig) -> tuple[str, ...]:
    """Options of the author's file that course.yml says otherwise."""
    found = []
    if "cell_seconds" in _stated_limits(course, assignment):
        name = config.states(EXECUTE, "timeout")
        if name and _seconds(config) != assignment.limits.cell_seconds:
            found.append(name)
    if _late_is_stated(course):
        method = config.get(("LateSubmissionPlugin",), "penalty_method", "none")
        plugin = config.states(LATE, "plugin_class")
        if plugin:
            found.append(plugin)
        elif method not in ("none", course.grading.late.name):
            found.append("LateSubmissionPlugin.penalty_method")
    return tuple(found)


def _limits(config: AuthorConfig, assignment: Assignment, stated: frozenset[str]) -> Limits:
    limits = assignment.limits
    if "cell_seconds" in stated or not config.states(EXECUTE, "timeout"):
        return limits
    seconds = _seconds(config)
    # A cell that may take long may compute long.
    computing = limits.cpu_seconds if "cpu_seconds" in stated else max(
        limits.cpu_seconds, seconds * Limits().cpu_seconds / Limits().cell_seconds)
    return replace(limits, cell_seconds=seconds, cpu_seconds=computing)


def _seconds(config: AuthorConfig) -> float:
    value = config.get(EXECUTE, "timeout", 30)
    if value is not None and not isinstance(value, (int, float)):
        raise CourseError(f"{config.states(EXECUTE, 'timeout')} is no number: {value!r}",
                          where=CONFIG, hint="write seconds, or None for no limit")
    return float(value) if value and value > 0 else A_DAY


def _late(config: AuthorConfig, course: Course, assignment: Assignment) -> LatePolicy:
    policy = course.grading.late
    if _late_is_stated(course) or config.get(LATE, "enabled", True) is False:
        return policy
    if config.states(LATE, "plugin_class"):
        return _plugin(config, policy, assignment)
    method = config.get(("LateSubmissionPlugin",), "penalty_method", "none")
    return replace(policy, name="zero") if method == "zero" else policy


def _plugin(config: AuthorConfig, policy: LatePolicy, assignment: Assignment) -> LatePolicy:
    """The author's class, loaded now: a name that is wrong is told before anything is graded."""
    named = config.get(LATE, "plugin_class")
    try:
        with _as_nbgrader(config.root, config.paths):
            kind = named
            if isinstance(named, str):
                module, _, name = named.rpartition(".")
                kind = getattr(importlib.import_module(module), name)
            made = _preprocessor(config, kind)
            made.init_plugin()
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"the late penalty class {named} cannot be used: {error}", where=CONFIG,
            hint="nbgrader looks for it in the course folder and on sys.path; it must be a\n"
                 "subclass of nbgrader.plugins.BasePlugin",
        ) from error
    made.assignment_id = assignment.name
    made.db_url = f"sqlite:///{config.root / 'gradebook.db'}"

    def ask(policy: LatePolicy, learner: str, score: float, late_seconds: float) -> float | None:
        del policy
        try:
            with _as_nbgrader(config.root, config.paths):
                made.student_id = learner
                made.init_plugin()  # nbgrader makes one for each notebook
                said = made.plugin_inst.late_submission_penalty(learner, score, late_seconds)
            return None if said is None else float(said)
        except (Exception, SystemExit) as error:
            raise CourseError(
                f"the late penalty class failed: {type(error).__name__}: {error}",
                where=f"{kind.__module__}.{kind.__qualname__}") from error

    return AuthorsPolicy(name=f"{kind.__module__}.{kind.__qualname__}", grace=policy.grace, ask=ask)


def _preprocessor(config: AuthorConfig, kind: Any) -> Any:
    from nbgrader.preprocessors import AssignLatePenalties

    options: Any = copy.deepcopy(config.sections)
    options.AssignLatePenalties.plugin_class = kind
    return AssignLatePenalties(config=options)


@contextlib.contextmanager
def _as_nbgrader(root: Path, paths: tuple[str, ...] = ()) -> Iterator[None]:
    """In the course folder, with its modules to be imported: so nbgrader runs authors' code.

    One at a time, since the folder is the process's. Modules of one course are forgotten
    afterwards: another course may have one of the same name.
    """
    home = str(root.resolve())
    with _LOCK, contextlib.chdir(home):
        before, known = list(sys.path), set(sys.modules)
        sys.path[:0] = [home, *paths]
        importlib.invalidate_caches()
        try:
            yield
        finally:
            sys.path[:] = before
            for name in set(sys.modules) - known:
                if _is_authors(getattr(sys.modules[name], "__file__", None), (home, *paths)):
                    del sys.modules[name]


def _is_authors(file: str | None, folders: tuple[str, ...]) -> bool:
    """Whether a module's file is the author's; an environment may lie in the course folder."""
    if not file or Path(file).is_relative_to(sys.prefix) or "site-packages" in file:
        return False
    return any(Path(file).is_relative_to(folder) for folder in folders)


# ---------------------------------------------------------------------- what course.yml states


def _stated_limits(course: Course, assignment: Assignment) -> frozenset[str]:
    """The keys of `limits` that course.yml states; without that file, what is no default."""
    data = _course_file(course.root)
    if data is None:
        return frozenset(name for name in ("cell_seconds", "cpu_seconds")
                         if getattr(assignment.limits, name) != getattr(Limits(), name))
    listed = data.get("assignments") or ()
    own = next((one.get("limits") for one in listed if one.get("name") == assignment.name), None)
    # An assignment's limits stand in the place of the course's.
    return frozenset(own or data.get("limits") or ())


def _late_is_stated(course: Course) -> bool:
    data = _course_file(course.root)
    if data is None:
        return course.grading.late.name != LatePolicy().name
    return "policy" in ((data.get("grading") or {}).get("late") or {})


def _course_file(root: Path) -> Mapping[str, Any] | None:
    from ruamel.yaml import YAML

    if not (root / COURSE_FILE).is_file():
        return None
    data = YAML(typ="safe").load(course_text(root))
    return data if isinstance(data, Mapping) else None

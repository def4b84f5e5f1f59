"""Find, read and validate `course.yml`: every error names file, line, key and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kit import plugins
from kit.course.encoding import decoded
from kit.course.find import COURSE_FILE, missing
from kit.errors import CourseError, UnknownName, nearest
from kit.model import (
    NBGRADER_WAYS,
    Assignment,
    Author,
    CellRef,
    Course,
    Discussion,
    FeedbackPolicy,
    Grading,
    Group,
    LatePolicy,
    Lesson,
    Limits,
    Outcome,
    Part,
    Publishing,
)

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from kit.course import schema

_POLICIES = ("none", "percent", "zero")
_MEBIBYTE = 1024**2


def load_course(root: Path) -> Course:
    """The course that `root/course.yml` describes.

    Raises CourseError with the line and key of the first thing that is wrong; the others
    follow in its hint.
    """
    return parse_course(course_text(root), root)


def course_text(root: Path) -> str:
    """The text of `root/course.yml`: UTF-8, or UTF-16 with its byte order mark.

    Line ends stay as they are. Raises CourseError that names another encoding's line.
    """
    try:
        data = (root / COURSE_FILE).read_bytes()
    except FileNotFoundError:
        raise missing(root) from None
    except OSError as error:
        raise CourseError(f"cannot be read: {error}", where=COURSE_FILE) from error
    return decoded(data, name=COURSE_FILE)


def parse_course(text: str, root: Path) -> Course:
    """The course that `text` describes, as if it stood in `root`. See `load_course`."""
    from pydantic import ValidationError

    from kit.course.schema import CourseEntry

    data = _yaml(text)
    try:
        entry = CourseEntry.model_validate(data)
    except ValidationError as error:
        raise _first_problem(error, data) from error
    try:
        course = _course(entry, root)
    except ValueError as error:
        raise CourseError(str(error), where=COURSE_FILE) from error
    _check_references(course, data)
    return course


def _yaml(text: str) -> Mapping[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CourseError(f"is not YAML: {error.problem or error.context}",
                          where=f"{COURSE_FILE} line {line}",
                          hint="look at the indentation and quotes of that line") from error
    except Exception as error:  # ruamel raises its own kinds for odd scalars
        raise CourseError(f"is not YAML: {error}", where=COURSE_FILE) from error
    if not isinstance(data, Mapping):
        raise CourseError("holds no course: a mapping is expected", where=COURSE_FILE,
                          hint="kit schema prints what it may hold")
    return data


# ------------------------------------------------------------------------------- errors


def _first_problem(error: ValidationError, data: Mapping[str, Any]) -> CourseError:
    problems = [_problem(item, data) for item in error.errors()]
    first = problems[0]
    others = [f"also {where}: {message}" for where, message, _ in problems[1:6]]
    hint = "\n".join([line for line in (first[2], *others) if line])
    return CourseError(first[1], where=first[0], hint=hint)


def _problem(item: Any, data: Mapping[str, Any]) -> tuple[str, str, str]:
    where = tuple(item["loc"])
    line = line_of(data, where)
    key = ".".join(str(step) for step in where)
    place = f"{COURSE_FILE} line {line}, {key}"
    if item["type"] == "extra_forbidden":
        choices = _keys_at(where[:-1])
        near = nearest(str(where[-1]), choices)
        return place, f"no key is named {where[-1]!r} here", f"nearest: {', '.join(near[:4])}"
    if item["type"] == "missing":
        return place, f"the key {where[-1]!r} is missing", "add it; kit schema describes each key"
    message, hint = item["msg"].removeprefix("Value error, "), (item.get("ctx") or {}).get("hint")
    if hint is not None:
        return place, message, hint
    shown = repr(item.get("input"))
    return place, f"{message} (it says {shown[:60]})", ""


def line_of(data: Any, where: Sequence[int | str]) -> int:
    """The line, from 1, of the value at a path of keys; of its nearest parent if absent."""
    line = 1
    node = data
    for step in where:
        marks = getattr(getattr(node, "lc", None), "data", None) or {}
        if step in marks:
            line = marks[step][0] + 1
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _keys_at(where: Sequence[int | str]) -> list[str]:
    from kit.course.schema import CourseEntry

    model: type[BaseModel] | None = CourseEntry
    for step in where:
        if isinstance(step, int) or model is None:
            continue
        model = _inner_model(model, step)
    return list(model.model_fields) if model else []


def _inner_model(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    from pydantic import BaseModel

    field = model.model_fields.get(name)
    pending = [field.annotation] if field else []
    while pending:
        kind = pending.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
        pending.extend(getattr(kind, "__args__", ()))
    return None


# -------------------------------------------------------------------------- to dataclasses


def _course(entry: schema.CourseEntry, root: Path) -> Course:
    zone = ZoneInfo(entry.timezone)
    limits = _limits(entry.limits)
    feedback = _feedback(entry.feedback, zone)
    return Course(
        root=root,
        id=entry.id,
        title=entry.title,
        timezone=zone,
        description=entry.description,
        language=entry.language,
        authors=tuple(
            Author(name=a.name, email=a.email, affiliation=a.affiliation) for a in entry.authors
        ),
        institution=entry.institution,
        licence=entry.licence,
        effort=entry.effort,
        start=entry.start,
        pace=entry.pace,
        parts=tuple(_part(part, root) for part in entry.parts),
        assignments=tuple(
            _assignment(a, root, zone, limits, feedback) for a in entry.assignments
        ),
        grading=_grading(entry.grading),
        outcomes=tuple(_outcome(outcome) for outcome in entry.outcomes),
        packages=tuple(entry.environment.packages),
        site=_publishing(entry.site),
        nbgrader_ways=frozenset(entry.nbgrader_ways),
        require_sandbox=entry.require_sandbox,
        require_verified=entry.require_verified,
    )


def _publishing(entry: schema.SiteEntry) -> Publishing:
    said = entry.model_dump(exclude={"discussion"})
    for name in ("url", "repository", "hub"):
        said[name] = said[name].rstrip("/")
    discussion = Discussion(**entry.discussion.model_dump()) if entry.discussion else None
    return Publishing(**said, discussion=discussion)


def _part(entry: schema.PartEntry, root: Path) -> Part:
    return Part(
        title=entry.title,
        start=entry.start,
        lessons=tuple(Lesson(path=lesson_path(name, root), part=entry.title)
                      for name in entry.lessons),
    )


def lesson_path(name: str, root: Path) -> str:
    """The file that a lesson's name means: as it stands, or with .ipynb or .md.

    Where no such file exists the name gets .ipynb, and `kit check` reports it.
    """
    if name.endswith((".ipynb", ".md")):
        return name
    for suffix in (".ipynb", ".md"):
        if (root / f"{name}{suffix}").is_file():
            return f"{name}{suffix}"
    return f"{name}.ipynb"


def _assignment(
    entry: schema.AssignmentEntry, root: Path, zone: ZoneInfo, limits: Limits,
    feedback: FeedbackPolicy,
) -> Assignment:
    folder = root / "source" / entry.name
    return Assignment(
        name=entry.name,
        title=entry.title or entry.name,
        opens=_local(entry.opens, zone),
        due=_local(entry.due, zone),
        group=entry.group,
        notebooks=tuple(sorted(path.stem for path in folder.glob("*.ipynb"))),
        feedback=_feedback(entry.feedback, zone) if entry.feedback else feedback,
        limits=_limits(entry.limits) if entry.limits else limits,
        selfstudy=entry.selfstudy,
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=zone)


def _limits(entry: schema.LimitsEntry) -> Limits:
    return Limits(
        cell_seconds=entry.cell_seconds,
        cpu_seconds=entry.cpu_seconds,
        memory_bytes=int(entry.memory_mb * _MEBIBYTE),
        output_bytes=int(entry.output_mb * _MEBIBYTE),
        file_bytes=int(entry.file_mb * _MEBIBYTE),
        processes=entry.processes,
    )


def _feedback(entry: schema.FeedbackEntry, zone: ZoneInfo) -> FeedbackPolicy:
    return FeedbackPolicy(
        hidden_tests=entry.hidden_tests, expected=entry.expected, after=_local(entry.after, zone)
    )


def _grading(entry: schema.GradingEntry) -> Grading:
    late = entry.late
    return Grading(
        groups=tuple(
            Group(name=g.name, title=g.title or g.name, weight=g.weight, number=g.number,
                  drop=g.drop)
            for g in entry.groups
        ),
        cutoffs=tuple(sorted(entry.cutoffs.items(), key=lambda item: -item[1])),
        late=LatePolicy(
            name=late.policy,
            grace=timedelta(minutes=late.grace_minutes),
            percent_a_day=late.percent_a_day,
            floor=late.floor,
        ),
    )


def _outcome(entry: schema.OutcomeEntry) -> Outcome:
    return Outcome(
        id=entry.id,
        statement=entry.statement,
        evidence=tuple(
            CellRef(assignment=name.split("/", 1)[0], grade_id=name.split("/", 1)[1])
            for name in entry.evidence
        ),
    )


# ------------------------------------------------------------------------- cross-references


def _check_references(course: Course, data: Mapping[str, Any]) -> None:
    _no_twins("assignments", [a.name for a in course.assignments], data)
    _no_twins("outcomes", [o.id for o in course.outcomes], data)
    groups = [group.name for group in course.grading.groups]
    for place, assignment in enumerate(course.assignments):
        if assignment.group and assignment.group not in groups:
            line = line_of(data, ("assignments", place, "group"))
            raise UnknownName("grading group", assignment.group, groups,
                              where=f"{COURSE_FILE} line {line}, assignments.{place}.group")
    _known_policy(course.grading.late.name, data)
    for way in sorted(course.nbgrader_ways - set(NBGRADER_WAYS)):
        raise UnknownName("row to set back", way, NBGRADER_WAYS,
                          where=f"{COURSE_FILE} line {line_of(data, ('nbgrader_ways',))}, "
                                "nbgrader_ways")
    for place, lesson in enumerate(course.lessons):
        if lesson.path.startswith(("/", "..")) or ".." in Path(lesson.path).parts:
            raise CourseError(f"the lesson {lesson.path!r} (number {place + 1}) is outside the "
                              "course folder", where=COURSE_FILE,
                              hint="name lessons by their path below the course folder")


def _known_policy(name: str, data: Mapping[str, Any]) -> None:
    """A name that is wrong must not wait for the first late hand-in."""
    if name in _POLICIES:  # looking through all that is installed takes a moment
        return
    choices = plugins.names("kit.late_policies")
    if name not in choices:
        line = line_of(data, ("grading", "late", "policy"))
        raise UnknownName("late policy", name, choices,
                          where=f"{COURSE_FILE} line {line}, grading.late.policy")


def _no_twins(key: str, names: Sequence[str], data: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name.casefold() in seen:
            raise CourseError(f"{name!r} stands twice",
                              where=f"{COURSE_FILE} line {line_of(data, (key, place))}, {key}",
                              hint="give each its own name")
        seen.add(name.casefold())


def assignment_of(course: Course, name: str) -> Assignment:
    """The assignment of that name. Raises UnknownName with the nearest ones."""
    for assignment in course.assignments:
        if assignment.name == name:
            return assignment
    raise UnknownName("assignment", name, [a.name for a in course.assignments],
                      where=COURSE_FILE)

"""An existing nbgrader course gets a `course.yml`; nothing else in its folder changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kit.course.load import COURSE_FILE, load_course, parse_course
from kit.course.schema import ASSIGNMENT_NAME, NAME
from kit.errors import CourseError, typed
from kit.files import write_text
from kit.model import Course

_FOLDERS = {
    "source_directory": "source", "release_directory": "release",
    "submitted_directory": "submitted", "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the folder tells about the course. `notes` says what was seen and left alone."""

    id: str
    title: str
    timezone: str = "UTC"
    cell_seconds: int = 30
    assignments: tuple[str, ...] = ()
    due: Mapping[str, datetime] = field(default_factory=dict)
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    late: str = "none"
    notes: tuple[str, ...] = ()


def survey(root: Path) -> Found:
    """What is in a nbgrader course folder; nothing is written.

    Raises CourseError when there is no `source/`, when a `course.yml` is there already, when
    the author's config cannot be read or puts the folders elsewhere.
    """
    if (root / COURSE_FILE).exists():
        raise CourseError(f"has a {COURSE_FILE} already", where=str(root),
                          hint="nothing to adopt; kit check looks at it")
    if not (root / "source").is_dir():
        raise CourseError("has no source/ folder with assignments", where=str(root),
                          hint="go to the folder of a nbgrader course, or make one with kit new")
    config = _author_config(root)
    _check_folders(root, config)
    names, notes = _assignments(root)
    identity = str(config.get("CourseDirectory", {}).get("course_id") or "") or root.name
    return Found(
        id=_name(identity),
        title=_title(identity),
        timezone=_timezone(config, notes),
        cell_seconds=_seconds(config),
        assignments=names,
        due=_due_in_config(config),
        parts=tuple(_parts(root)),
        late=_late(config, notes),
        notes=tuple(notes),
    )


def adopt(root: Path, found: Found) -> Course:
    """Write `course.yml` for what `survey` found and return the course."""
    text = course_text(found)
    parse_course(text, root)
    write_text(root / COURSE_FILE, text)
    return load_course(root)


def course_text(found: Found) -> str:
    """The `course.yml` of an adopted course."""
    return "\n".join([
        "# Written by kit adopt from what stood in this folder; `kit schema` explains every key.",
        f"id: {found.id}",
        f"title: {_quoted(found.title)}",
        f"timezone: {found.timezone}",
        "",
        *_part_lines(found),
        "assignments:" if found.assignments else "assignments: []",
        *(line for name in found.assignments for line in _assignment_lines(found, name)),
        "",
        "# nbgrader's scores add up; a policy of yours goes here.",
        "grading:",
        "  groups:",
        "    - {name: homework, title: Homework, weight: 100}",
        f"  late: {{policy: {found.late}}}",
        "",
        f"limits: {{cell_seconds: {found.cell_seconds}}}",
        "",
    ])


def _part_lines(found: Found) -> list[str]:
    if not found.parts:
        return []
    lines = ["parts:"]
    for title, lessons in found.parts:
        lines += [f"  - title: {_quoted(title)}", "    lessons:"]
        lines += [f"      - {_quoted(lesson)}" for lesson in lessons]
    return [*lines, ""]


def _assignment_lines(found: Found, name: str) -> list[str]:
    lines = [f"  - name: {_quoted(name)}", "    group: homework"]
    if name in found.due:
        due = found.due[name]
        if due.tzinfo is not None:
            due = due.astimezone(ZoneInfo(found.timezone)).replace(tzinfo=None)
        lines.insert(1, f"    due: {due.isoformat(' ', 'seconds')}")
    return lines


def _quoted(text: str) -> str:
    return text if NAME.fullmatch(text) and not text[0].isdigit() else json.dumps(
        text, ensure_ascii=False)


# ------------------------------------------------------------------------------ what is there


def _author_config(root: Path) -> Mapping[str, Any]:
    if not (root / "nbgrader_config.py").is_file():
        return {}
    from traitlets.config.loader import PyFileConfigLoader

    try:
        config: Mapping[str, Any] = PyFileConfigLoader(
            "nbgrader_config.py", path=str(root)
        ).load_config()
    except Exception as error:
        raise CourseError(f"cannot be read: {error}", where="nbgrader_config.py",
                          hint="mend it so that nbgrader reads it, then adopt again") from error
    return config


def _check_folders(root: Path, config: Mapping[str, Any]) -> None:
    stated = config.get("CourseDirectory", {})
    for key, usual in _FOLDERS.items():
        if stated.get(key, usual) != usual:
            raise CourseError(f"puts {usual}/ elsewhere: {stated[key]!r}",
                              where="nbgrader_config.py",
                              hint=f"rename that folder to {usual} and drop {key}")
    elsewhere = stated.get("root")
    if elsewhere and Path(str(elsewhere)).resolve() != root.resolve():
        raise CourseError(f"names another course folder: {elsewhere}",
                          where="nbgrader_config.py",
                          hint=f"adopt that one: {typed('kit', 'adopt', elsewhere)}")


def _assignments(root: Path) -> tuple[tuple[str, ...], list[str]]:
    names, notes = [], []
    for folder in sorted(path for path in (root / "source").iterdir() if path.is_dir()):
        if folder.name.startswith((".", "__")):
            continue
        if not any(folder.glob("*.ipynb")):
            notes.append(f"source/{folder.name} holds no notebook and is left out")
        elif not ASSIGNMENT_NAME.fullmatch(folder.name):
            notes.append(f"source/{folder.name}: nbgrader cannot use this name; left out")
        else:
            names.append(folder.name)
    return tuple(names), notes


def _timezone(config: Mapping[str, Any], notes: list[str]) -> str:
    stated = str(config.get("Exchange", {}).get("timezone", "UTC"))
    try:
        ZoneInfo(stated)
    except (KeyError, ValueError, OSError):
        notes.append(f"the timezone {stated!r} is not known; UTC is written")
        return "UTC"
    return stated


def _seconds(config: Mapping[str, Any]) -> int:
    for section in ("ExecutePreprocessor", "Execute"):
        value = config.get(section, {}).get("timeout")
        if isinstance(value, int) and value > 0:
            return value
    return 30


def _due_in_config(config: Mapping[str, Any]) -> dict[str, datetime]:
    due = {}
    for entry in config.get("CourseDirectory", {}).get("db_assignments", []) or []:
        try:
            due[str(entry["name"])] = _moment(str(entry["duedate"]))
        except (KeyError, TypeError, ValueError, OSError):
            continue
    return due


def _moment(text: str) -> datetime:
    """A moment as nbgrader reads it: a zone may follow by its name, and UTC is meant without."""
    day, _, rest = text.strip().partition(" ")
    time, _, zone = rest.partition(" ")
    moment = datetime.fromisoformat(f"{day} {time}".strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone or "UTC"))


def _late(config: Mapping[str, Any], notes: list[str]) -> str:
    if config.get("AssignLatePenalties", {}).get("plugin_class"):
        notes.append("a late penalty plugin of your own: name it under grading.late.policy")
        return "none"
    method = config.get("LateSubmissionPlugin", {}).get("penalty_method", "none")
    return method if method in ("none", "zero") else "none"


def _parts(root: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The chapters of a Jupyter Book that stands in the same folder."""
    path = root / "_toc.yml"
    if not path.is_file():
        return
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        toc = YAML(typ="safe").load(path)
    except YAMLError:
        return
    if not isinstance(toc, dict):
        return
    for part in toc.get("parts") or [{"caption": "Lessons", "chapters": toc.get("chapters")}]:
        chapters = part.get("chapters") or []
        files = tuple(str(item["file"]) for item in chapters
                      if isinstance(item, dict) and "file" in item)
        if files:
            yield str(part.get("caption") or "Lessons"), files


def _name(text: str) -> str:
    cleaned = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-"
                      for char in text).strip("-._")
    return cleaned or "course"


def _title(text: str) -> str:
    return text.replace("-", " ").replace("_", " ").strip().capitalize() or "Course"

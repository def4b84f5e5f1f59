"""An existing nbgrader course gets a `course.yml`; nothing else in its folder changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kit.course.author import EXECUTE, LATE, AuthorConfig, read_config
from kit.course.find import COURSE_FILE
from kit.course.load import load_course, parse_course
from kit.course.schema import ASSIGNMENT_NAME, NAME
from kit.errors import CourseError, typed
from kit.files import write_text
from kit.model import Course, Limits

_FOLDERS = {
    "source_directory": "source", "release_directory": "release",
    "submitted_directory": "submitted", "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}
_STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the folder tells about the course. `notes` says what was seen and left alone."""

    id: str
    title: str
    timezone: str = "UTC"
    cell_seconds: int | None = None
    assignments: tuple[str, ...] = ()
    due: Mapping[str, datetime] = field(default_factory=dict)
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    late: str = ""
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
    author = read_config(root, derived=True)
    config = author.sections
    _check_folders(root, config)
    names, notes = _assignments(root)
    identity = str(config.get("CourseDirectory", {}).get("course_id") or "") or root.name
    return Found(
        id=_name(identity),
        title=_title(identity),
        timezone=_timezone(config, notes),
        cell_seconds=_seconds(author),
        assignments=names,
        due=_due_in_config(config),
        parts=tuple(_parts(root)),
        late=_late(author, notes),
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
        *([f"  late: {{policy: {found.late}}}"] if found.late else []),
        "",
        *_limit_lines(found.cell_seconds),
    ])


def _limit_lines(seconds: int | None) -> list[str]:
    if seconds is None:
        return []
    usual = Limits()
    ratio = usual.cpu_seconds / usual.cell_seconds
    # A cell that may take long may compute long.
    computing = f", cpu_seconds: {ratio * seconds:g}" if seconds > usual.cell_seconds else ""
    return [f"limits: {{cell_seconds: {seconds}{computing}}}", ""]


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


def _check_folders(root: Path, config: Mapping[str, Any]) -> None:
    stated = config.get("CourseDirectory", {})
    for key, usual in _FOLDERS.items():
        if stated.get(key, usual) != usual:
            raise CourseError(f"puts {usual}/ elsewhere: {stated[key]!r}",
                              where="nbgrader_config.py",
                              hint=f"rename that folder to {usual} and drop {key}")
    structure = stated.get("directory_structure", _STRUCTURE)
    if structure != _STRUCTURE:
        raise CourseError(f"lays folders out in another way: {structure!r}",
                          where="nbgrader_config.py",
                          hint=f"lay them out as {_STRUCTURE} and drop directory_structure")
    database = stated.get("db_url", "")
    if database and Path(str(database).removeprefix("sqlite:///")).resolve() != (
            root / "gradebook.db").resolve():
        raise CourseError(f"keeps the gradebook elsewhere: {database!r}",
                          where="nbgrader_config.py",
                          hint="move it to gradebook.db in the course folder and drop db_url")
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


def _seconds(config: AuthorConfig) -> int | None:
    value = config.get(EXECUTE, "timeout")
    return value if isinstance(value, int) and value > 0 else None


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


def _late(config: AuthorConfig, notes: list[str]) -> str:
    """The policy to write; nothing where a class of the author's goes on counting."""
    plugin = config.get(LATE, "plugin_class")
    if plugin:
        name = plugin if isinstance(plugin, str) else plugin.__qualname__
        notes.append(f"{name} of nbgrader_config.py goes on to say what lateness costs")
        return ""
    method = config.get(("LateSubmissionPlugin",), "penalty_method", "")
    return str(method) if method in ("none", "zero") else ""


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

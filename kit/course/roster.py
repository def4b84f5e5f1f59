"""`roster.csv`, `extensions.csv` and `teams.csv`: all optional, all checked line by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from kit.course.load import assignment_of
from kit.errors import CourseError, UnknownName, nearest
from kit.model import Course, Extension, Learner, Roster

ROSTER_COLUMNS = ("id", "first_name", "last_name", "email", "lms_id", "section")
EXTENSION_COLUMNS = ("learner", "assignment", "due", "excused")
TEAM_COLUMNS = ("assignment", "team", "learner")

LEARNER_ID = re.compile(r"[^\s/\\+:*?\"<>|\x00-\x1f]+")
"""A learner's id is a folder name; nbgrader's exchange bans `+`."""

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"", "no", "n", "false", "0"})


def load_roster(course: Course) -> Roster:
    """The people of the course; empty where there is no `roster.csv`.

    Raises CourseError with file and line for a column that is missing, an id that cannot name
    a folder or stands twice, a date that is none, or a name that the course does not have.
    """
    learners = tuple(_learners(course.root / "roster.csv"))
    extensions = tuple(_extensions(course, course.root / "extensions.csv", learners))
    teams = _teams(course, course.root / "teams.csv", learners)
    return Roster(learners=learners, extensions=extensions, teams=teams,
                  binds=not course.self_paced)


def valid_learner_id(text: str) -> bool:
    """Whether the id can name a folder on every system that the kit runs on."""
    return bool(LEARNER_ID.fullmatch(text)) and not text.startswith(".") and len(text) <= 100


def split_name(name: str) -> tuple[str, str]:
    """First and last name out of `First Last` or `Last, First`; together they are the whole.

    A name that cannot be split is a first name: one word, or more commas than these forms have.
    """
    name = " ".join(name.split())
    parts = [part.strip() for part in name.split(",")]
    suffix = ""
    if len(parts) > 1 and parts[1].casefold().replace(".", "") in _SUFFIXES:
        suffix = f", {parts.pop(1)}"
    if len(parts) == 2 and all(parts):
        return parts[1], parts[0] + suffix
    if len(parts) > 1:
        return name, ""
    first, last = parts[0].split(" ")[:-1], parts[0].split(" ")[-1:]
    while len(first) > 1 and first[-1].islower():  # as in `van der Berg`
        last.insert(0, first.pop())
    return (" ".join(first), " ".join(last) + suffix) if first else (name, "")


def _learners(path: Path) -> Iterator[Learner]:
    seen: set[str] = set()
    for line, row in _rows(path, required=("id",), allowed=(*ROSTER_COLUMNS, "name")):
        where = f"{path.name} line {line}"
        identity = row["id"]
        if not valid_learner_id(identity):
            raise CourseError(f"{identity!r} cannot be a learner's id", where=where,
                              hint="an id is a folder name: no spaces, '/', '+' or ':'")
        if identity.casefold() in seen:
            raise CourseError(f"the id {identity!r} stands twice", where=where,
                              hint="keep one line a learner")
        seen.add(identity.casefold())
        if row.get("name") and not (row.get("first_name") or row.get("last_name")):
            row["first_name"], row["last_name"] = split_name(row["name"])
        yield Learner(**{column: row.get(column, "") for column in ROSTER_COLUMNS})


def _extensions(course: Course, path: Path, learners: tuple[Learner, ...]) -> Iterator[Extension]:
    known = [learner.id for learner in learners]
    for line, row in _rows(path, required=("learner", "assignment"), allowed=EXTENSION_COLUMNS):
        where = f"{path.name} line {line}"
        _must_know(row["learner"], known, where)
        assignment_of(course, row["assignment"])
        excused = row.get("excused", "").casefold()
        if excused not in _YES | _NO:
            raise CourseError(f"excused is {excused!r}", where=where, hint="write yes or no")
        due = _moment(row["due"], course.timezone, where) if row.get("due") else None
        if due is None and excused in _NO:
            raise CourseError("has neither a due date nor excused", where=where,
                              hint="fill one of the two")
        yield Extension(learner=row["learner"], assignment=row["assignment"], due=due,
                        excused=excused in _YES)


def _teams(
    course: Course, path: Path, learners: tuple[Learner, ...]
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    known = [learner.id for learner in learners]
    members: dict[str, dict[str, list[str]]] = {}
    for line, row in _rows(path, required=TEAM_COLUMNS, allowed=TEAM_COLUMNS):
        where = f"{path.name} line {line}"
        _must_know(row["learner"], known, where)
        assignment_of(course, row["assignment"])
        teams = members.setdefault(row["assignment"], {})
        if any(row["learner"] in team for team in teams.values()):
            raise CourseError(f"{row['learner']!r} is in a team of {row['assignment']} already",
                              where=where, hint="a learner is in one team an assignment")
        teams.setdefault(row["team"], []).append(row["learner"])
    return {
        assignment: {learner: tuple(team) for team in teams.values() for learner in team}
        for assignment, teams in members.items()
    }


def _must_know(learner: str, known: list[str], where: str) -> None:
    if known and learner not in known:
        raise UnknownName("learner", learner, known, where=where,
                          hint=f"nearest in roster.csv: {', '.join(nearest(learner, known)[:3])}")


def _moment(text: str, zone: ZoneInfo, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CourseError(f"{text!r} is not a moment", where=where,
                          hint="write it as 2027-01-25 23:59") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _rows(
    path: Path, *, required: tuple[str, ...], allowed: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, values by column) of a CSV file; nothing where there is no file."""
    if not path.exists() and not path.is_symlink():
        return
    text = read_csv_text(path)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        head = [re.sub(r"[\s-]+", "_", column.strip().casefold()) for column in next(reader, [])]
        _check_head(path, head, required, allowed)
        for row in reader:
            if any(cell.strip() for cell in row):
                values = dict(zip(head, (cell.strip() for cell in row), strict=False))
                _check_filled(values, required, f"{path.name} line {reader.line_num}")
                yield reader.line_num, values
    except csv.Error as error:
        raise CourseError(f"is not CSV: {error}",
                          where=f"{path.name} line {reader.line_num}") from error


def read_csv_text(path: Path) -> str:
    """The text of a CSV file as spreadsheets save it: UTF-8 or UTF-16, with or without a mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"cannot be read: {error.strerror}", where=path.name,
                          hint="put a CSV file there") from error
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CourseError("is not UTF-8 text", where=path.name,
                          hint="save it as CSV UTF-8 from the spreadsheet") from error


def delimiter_of(text: str) -> str:
    """Comma, semicolon or tab: whichever the first line has most of."""
    first = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=first.count)


def _check_head(
    path: Path, head: list[str], required: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    missing = [column for column in required if column not in head]
    if missing:
        raise CourseError(f"has no column {', '.join(missing)}", where=f"{path.name} line 1",
                          hint=f"its columns are: {', '.join(allowed)}")
    for column in head:
        if column and column not in allowed:
            raise UnknownName("column", column, allowed, where=f"{path.name} line 1")


def _check_filled(values: Mapping[str, str], required: tuple[str, ...], where: str) -> None:
    for column in required:
        if not values.get(column):
            raise CourseError(f"the column {column} is empty", where=where)

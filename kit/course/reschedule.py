"""Shift every date of a course to a new term; comments and layout stay to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from kit.course.find import COURSE_FILE
from kit.course.load import course_text, load_course, parse_course
from kit.course.roster import delimiter_of, load_roster, read_csv_text
from kit.errors import CourseError
from kit.files import write_bytes
from kit.model import Course

_WHEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<clock>[Tt ]\s*\d{1,2}:\d\d(:\d\d(\.\d+)?)?)?"
    r"(?P<zone>\s*(Z|[+-]\d\d:?\d\d))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One date: the file, its line (from 1), what it dates, before and after."""

    file: str
    line: int
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """All shifts, the number of days, and whether weekdays stay the same."""

    shifts: tuple[Shift, ...]
    days: int

    @property
    def same_weekdays(self) -> bool:
        """Whether a Monday stays a Monday."""
        return self.days % 7 == 0


def reschedule(
    course: Course, start: date, *, extensions: bool = False, dry_run: bool = False
) -> Rescheduled:
    """Shift all dates in `course.yml`, and in `extensions.csv` if asked, so that it starts then.

    Clock times stay local times: 23:59 is 23:59 in summer and in winter. Raises CourseError
    for a course without a start, or when the result would not be a valid course.
    """
    if course.start is None:
        raise CourseError("has no start to shift from", where=COURSE_FILE,
                          hint="write its first day: `start: 2027-01-11`")
    by = start - course.start
    path = course.root / COURSE_FILE
    text = course_text(course.root)
    changed, shifts = _shift_yaml(text, by, course.timezone)
    parse_course(changed, course.root)
    other = course.root / "extensions.csv"
    rows: bytes | None = None
    if extensions and other.is_file():
        rows, more = _shift_csv(read_csv_text(other), by, course.timezone)
        shifts = [*shifts, *more]
    if not dry_run and by:
        write_bytes(path, changed.encode())
        if rows is not None:
            write_bytes(other, rows)
            load_roster(load_course(course.root))
    return Rescheduled(shifts=tuple(shifts), days=by.days)


def _shift_yaml(text: str, by: timedelta, zone: ZoneInfo) -> tuple[str, list[Shift]]:
    pieces: list[str] = []
    shifts: list[Shift] = []
    end = 0
    for first, last, line, what in sorted(_scalars(text)):
        raw = text[first:last]
        inner = raw.strip("'\"")
        after = shifted(inner, by, zone)
        if after is None:
            continue
        pieces += [text[end:first], raw.replace(inner, after)]
        end = last
        shifts.append(Shift(file=COURSE_FILE, line=line + 1, what=what, before=inner, after=after))
    return "".join(pieces) + text[end:], shifts


def _scalars(text: str) -> Iterator[tuple[int, int, int, str]]:
    """(first, last, line, name) of every scalar value, by its place in the text."""
    from ruamel.yaml import YAML

    found: dict[int, tuple[int, int, int, str]] = {}
    _walk(YAML().compose(text), "", found)
    yield from found.values()


def _walk(node: Any, what: str, found: dict[int, tuple[int, int, int, str]]) -> None:
    """Collect scalars by where they start: what an alias repeats is there once."""
    if node is None:
        return
    if node.id == "scalar":
        mark = node.start_mark
        found.setdefault(mark.index, (mark.index, node.end_mark.index, mark.line, what))
    elif node.id == "sequence":
        for place, item in enumerate(node.value, 1):
            _walk(item, f"{what} {_own_name(item) or place}".strip(), found)
    else:
        for key, value in node.value:
            _walk(value, f"{what} {key.value}".strip(), found)


def _own_name(node: Any) -> str:
    if node.id != "mapping":
        return ""
    return next((str(value.value) for key, value in node.value
                 if key.value in ("name", "id") and value.id == "scalar"), "")


def _shift_csv(text: str, by: timedelta, zone: ZoneInfo) -> tuple[bytes, list[Shift]]:
    """Dates in the due column, each replaced where it stands: quotes and order stay."""
    delimiter = delimiter_of(text)
    lines = text.splitlines(keepends=True)
    head = [cell.strip().strip('"').casefold() for cell in lines[0].strip().split(delimiter)]
    shifts: list[Shift] = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r\n").split(delimiter)
        place = head.index("due") if "due" in head else len(cells)
        raw = cells[place].strip().strip('"') if place < len(cells) else ""
        after = shifted(raw, by, zone)
        if after is None:
            continue
        cells[place] = cells[place].replace(raw, after)
        lines[number - 1] = delimiter.join(cells) + line[len(line.rstrip("\r\n")):]
        shifts.append(Shift(file="extensions.csv", line=number, before=raw, after=after,
                            what=" ".join(cells[:2]).replace('"', "")))
    return "".join(lines).encode(), shifts


def shifted(text: str, by: timedelta, zone: ZoneInfo) -> str | None:
    """The same date or moment later, written in the same way; None for any other text."""
    match = _WHEN.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = date.fromisoformat(match["day"])
    except ValueError:
        return None
    try:
        new_day = day + by
    except OverflowError:
        raise CourseError(f"{text.strip()} would leave the years 1 to 9999", where=COURSE_FILE,
                          hint="choose another first day: --start 2027-09-06") from None
    if match["zone"] is None or match["clock"] is None:
        return text.replace(match["day"], new_day.isoformat(), 1)
    return _with_offset(text, match, by, zone)


def _with_offset(text: str, match: re.Match[str], by: timedelta, zone: ZoneInfo) -> str:
    """A moment with an offset: the local clock stays, the offset follows summer time."""
    clock = match["clock"].strip(" Tt")
    written = match["zone"].strip()
    offset = UTC if written == "Z" else timezone(
        timedelta(minutes=(1 if written[0] == "+" else -1)
                  * (int(written[1:3]) * 60 + int(written[-2:]))))
    before = datetime.fromisoformat(
        f"{match['day']}T{clock.split(':')[0].zfill(2)}:{clock.split(':', 1)[1]}"
    ).replace(tzinfo=offset)
    if before.utcoffset() == before.astimezone(zone).utcoffset() or offset is UTC:
        local = before.astimezone(zone).replace(tzinfo=None) + by
        after = local.replace(tzinfo=zone)
        if offset is UTC:
            after = after.astimezone(UTC)
    else:
        after = before + by
    difference = after.utcoffset() or timedelta(0)
    minutes = int(difference.total_seconds() // 60)
    sign = "+" if minutes >= 0 else "-"
    hours, rest = divmod(abs(minutes), 60)
    colon = ":" if ":" in written else ""
    zone_text = "Z" if written == "Z" else f"{sign}{hours:02d}{colon}{rest:02d}"
    start, length = match.start("clock"), len(match["clock"]) - len(clock)
    spacer = text.strip()[start : start + length]
    new_clock = after.strftime("%H:%M") + clock[clock.index(":") + 3 :]
    gap = match["zone"][: len(match["zone"]) - len(written)]
    return f"{after.date().isoformat()}{spacer}{new_clock}{gap}{zone_text}"

"""The schedule as a file that calendars read (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from kit.language import language_of
from kit.model import Course
from kit.site.pages.schedule import Happening

_LIMIT = 75
"""Octets of a line, without its end."""


def calendar(course: Course, found: Sequence[Happening]) -> bytes:
    """The file: times in UTC, the same bytes whenever it is made, UIDs that dates do not change."""
    stamp = _utc(datetime.combine(min(one.day for one in found), datetime.min.time(), UTC))
    spoken = language_of(course).spoken.upper()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//coursewright//course//{spoken}",
             "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{text(course.title)}",
             f"X-WR-TIMEZONE:{text(course.timezone.key)}"]
    for one in found:
        lines += _event(course, one, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(course: Course, one: Happening, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{quote(one.key, safe='')}@{course.id}"
    yield f"DTSTAMP:{stamp}"
    if one.at is None:
        yield f"DTSTART;VALUE=DATE:{_date(one.day)}"
        yield f"DTEND;VALUE=DATE:{_date(one.day + timedelta(days=1))}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield f"DTSTART:{_utc(one.at)}"
    yield f"SUMMARY:{text(one.summary)}"
    if course.site.url and one.links:
        yield f"URL:{course.site.url}/{quote(one.links[0][0])}"
    yield "END:VEVENT"


def text(value: str) -> str:
    """A value of type TEXT: escaped, on one line, without control characters."""
    plain = "".join(mark if mark.isprintable() else " " for mark in value)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def folded(line: str) -> bytes:
    """A line as it is stored: at most 75 octets before each break, no character cut in two."""
    data, room = bytearray(), _LIMIT
    for mark in line:
        octets = mark.encode("utf-8")
        if len(octets) > room:
            data += b"\r\n "
            room = _LIMIT - 1
        data += octets
        room -= len(octets)
    return bytes(data + b"\r\n")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _date(day: date) -> str:
    return f"{day:%Y%m%d}"

"""The schedule as a file that calendars read: to the letter of RFC 5545."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kit.model import Assignment, Course, Part, Publishing
from kit.site.model import Page
from kit.site.pages.calendar import calendar, folded, text
from kit.site.pages.homework import Handed
from kit.site.pages.schedule import happenings

BERLIN = ZoneInfo("Europe/Berlin")
NAME = re.compile(r"[A-Z-]+(;[A-Z-]+=[^;:\"]+)*")


def course(**more: object) -> Course:
    kept: dict[str, object] = {
        "root": Path("/nowhere"), "id": "tiny-1", "title": "Books, shops; and \\ more",
        "timezone": BERLIN, "start": date(2027, 1, 11),
        "parts": (Part(title="Weeks\n1", lessons=(), start=date(2027, 3, 27)),),
        "assignments": (Assignment(
            name="Set 1, ä", title="Set 1; " + "längere Überschrift, " * 5,
            opens=datetime(2027, 3, 27, 9, tzinfo=BERLIN),
            due=datetime(2027, 3, 28, 23, 59, tzinfo=BERLIN)),), **more}
    return Course(**kept)  # type: ignore[arg-type]


def made(of: Course) -> bytes:
    handed = [Handed(assignment=one, points=None, pages=(
        Page(docname=f"homework/{one.name}/x", title=one.title),)) for one in of.assignments]
    return calendar(of, happenings(of, {}, handed))


def read(data: bytes) -> list[dict[str, str]]:
    """The events, by a reader that takes nothing that the standard does not allow."""
    assert data.endswith(b"\r\n")
    raw = data[:-2].split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in raw)
    assert max(map(len, raw)) <= 75
    lines: list[bytes] = []
    for line in raw:
        line.decode("utf-8")  # no character is cut in two
        if line[:1] == b" ":
            lines[-1] += line[1:]
        else:
            lines.append(line)
    names = [line.decode().partition(":") for line in lines]
    assert all(NAME.fullmatch(name) and mark for name, mark, _ in names)
    assert names[0][::2] == ("BEGIN", "VCALENDAR")
    assert names[-1][::2] == ("END", "VCALENDAR")
    whole = [name for name, _, _ in names]
    assert whole.count("VERSION") == whole.count("PRODID") == 1
    events: list[dict[str, str]] = []
    inside = False
    for name, _, value in names[1:-1]:
        if name in ("BEGIN", "END"):
            assert (value, inside) == ("VEVENT", name == "END")
            inside = name == "BEGIN"
            events += [{}] if inside else []
        elif inside:
            assert name not in events[-1]
            events[-1][name] = value
    assert all({"UID", "DTSTAMP", "SUMMARY"} <= set(one) for one in events)
    assert len({one["UID"] for one in events}) == len(events)
    return events


def plain(value: str) -> str:
    """A TEXT value without its escapes; a character that should have been escaped is refused."""
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", value)
    assert re.fullmatch(r"(?:[^\\]|\\[\\;,nN])*", value)
    return re.sub(r"\\(.)", r"\1", value)


def test_times_are_in_utc_across_the_change_of_clocks() -> None:
    start, part, opens, due = read(made(course()))
    assert start["DTSTART;VALUE=DATE"] == "20270111"
    assert plain(start["SUMMARY"]) == "Books, shops; and \\ more starts"
    assert (part["DTSTART;VALUE=DATE"], part["DTEND;VALUE=DATE"]) == ("20270327", "20270328")
    assert plain(part["SUMMARY"]) == "Weeks 1"
    assert opens["DTSTART"] == "20270327T080000Z"  # winter time
    assert due["DTSTART"] == "20270328T215900Z"  # summer time
    assert plain(due["SUMMARY"]) == "Set 1; " + "längere Überschrift, " * 5 + ": due"


def test_a_moved_date_keeps_its_uid_and_the_same_course_gives_the_same_bytes() -> None:
    before = course()
    (old,) = before.assignments
    later = course(assignments=(Assignment(
        name=old.name, title=old.title, opens=old.opens,
        due=datetime(2027, 4, 9, 12, tzinfo=UTC)),))
    assert made(before) == made(course())
    assert [one["UID"] for one in read(made(before))] == [
        one["UID"] for one in read(made(later))]
    assert all(one["UID"].endswith("@tiny-1") for one in read(made(before)))


def test_an_event_leads_to_its_page_where_the_site_has_an_address() -> None:
    assert all("URL" not in one for one in read(made(course())))
    found = read(made(course(site=Publishing(url="https://example.org/c"))))
    assert found[-1]["URL"] == "https://example.org/c/homework/Set%201%2C%20%C3%A4/x.html"


@given(st.text(max_size=300))
def test_any_title_survives(title: str) -> None:
    line = folded(f"SUMMARY:{text(title)}")
    assert all(len(part) <= 75 for part in line[:-2].split(b"\r\n"))
    unfolded = line[:-2].replace(b"\r\n ", b"").decode("utf-8")
    shown = plain(unfolded.removeprefix("SUMMARY:"))
    assert shown == "".join(mark if mark.isprintable() else " " for mark in title)

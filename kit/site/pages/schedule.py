"""The schedule page: what happens when, by weeks where the course has a first day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from kit.model import Course
from kit.site.model import Page
from kit.site.pages.homework import Handed
from kit.site.words import SCROLLS, escaped, href, raw

_BEFORE = "Before the course"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the schedule, on a day or at a moment. `what` says of `title` what happens;
    `links` are pairs of (page, text). `key` stays the same when its date is moved."""

    key: str
    day: date
    at: datetime | None
    what: str
    title: str
    links: tuple[tuple[str, str], ...] = ()


def happenings(
    course: Course, lessons: Mapping[str, Page], handed: Sequence[Handed]
) -> tuple[Happening, ...]:
    """All that has a date, in order. Empty where nothing but the first day has one."""
    found = [*_parts(course, lessons), *_homework(course, handed)]
    if not found:
        return ()
    if course.start:
        found.append(Happening(key="start", day=course.start, at=None, what="The course starts",
                               title=course.title))
    # Of a day the first day comes first, then what has no time.
    return tuple(sorted(found, key=lambda one: (
        one.day, one.key != "start", one.at.timestamp() if one.at else float("-inf"))))


def _parts(course: Course, lessons: Mapping[str, Page]) -> Iterator[Happening]:
    for place, part in enumerate(course.parts, 1):
        if part.start is None:
            continue
        links = tuple((f"{lesson.docname}.html", lessons[lesson.docname].title)
                      for lesson in part.lessons if lesson.docname in lessons)
        yield Happening(key=f"part-{place}", day=part.start, at=None, what="Lessons",
                        title=part.title, links=links)


def _homework(course: Course, handed: Sequence[Handed]) -> Iterator[Happening]:
    due_word = "Suggested by now" if course.self_paced else "Due"
    for item in handed:
        assignment = item.assignment
        links = tuple((f"{page.docname}.html",
                       assignment.title if len(item.pages) == 1 else page.title)
                      for page in item.pages)
        for kind, what, at in (("opens", "Opens", assignment.opens),
                               ("due", due_word, assignment.due)):
            if at is not None:
                yield Happening(key=f"{kind}-{assignment.name}", at=at, what=what, links=links,
                                day=at.astimezone(course.timezone).date(),
                                title=assignment.title)


def schedule(course: Course, found: Sequence[Happening], calendar: str) -> str:
    """The page as Markdown; `calendar` is the address of the same as a file for calendars."""
    file = f'<a href="{escaped(calendar)}" download>The same as a file for your calendar</a>.'
    lead = f"<p>{_lead(course, found)} {file}</p>"
    return f"# Schedule\n\n{raw(lead)}\n{raw(table(course, found))}"


def table(course: Course, found: Sequence[Happening]) -> str:
    """The schedule as an HTML table: a row for each, under its week."""
    bodies = []
    for title, rows in groupby(found, key=lambda one: _week(course, one.day)):
        head = (f'<tr class="week"><th scope="rowgroup" colspan="2">{escaped(title)}</th></tr>\n'
                if title else "")
        bodies.append(f"<tbody>\n{head}" + "\n".join(_row(course, one) for one in rows)
                      + "\n</tbody>")
    return (f'{SCROLLS}<table class="schedule"><thead><tr><th scope="col">When</th>'
            '<th scope="col">What</th></tr></thead>\n'
            + "\n".join(bodies) + "\n</table></div>")


def _lead(course: Course, found: Sequence[Happening]) -> str:
    said = []
    if any(one.at for one in found):
        said.append(f"Times are those of {escaped(course.timezone.key.replace('_', ' '))}.")
    if course.self_paced:
        said.append("You set the pace: dates are a suggestion, and nothing is late.")
    return " ".join(said)


def _week(course: Course, day: date) -> str:
    """The week's title; empty where the course has no first day, or learners set the pace."""
    if course.start is None or course.self_paced:
        return ""
    monday = day - timedelta(days=day.weekday())
    first = course.start - timedelta(days=course.start.weekday())
    number = (monday - first).days // 7 + 1
    if number < 1:
        return _BEFORE
    return f"Week {number}, {_span(monday, monday + timedelta(days=6))}"


def _span(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {last.day} {last:%B %Y}"
    return f"{first.day} to {last.day} {last:%B %Y}"


def _row(course: Course, one: Happening) -> str:
    day = f"{one.day:%a} {one.day.day} {one.day:%B}"
    if course.start is None or course.self_paced:
        day += f" {one.day.year}"
    moment, clock = one.day.isoformat(), ""
    if one.at is not None:
        local = one.at.astimezone(course.timezone)
        moment = local.isoformat(timespec="minutes")
        clock = f' <span class="clock">{local:%H:%M} {escaped(zone_name(local))}</span>'
    return (f'<tr><th scope="row"><time datetime="{moment}">{day}{clock}</time></th>'
            f"<td>{_what(one)}</td></tr>")


def _what(one: Happening) -> str:
    links = ", ".join(href(address, text) for address, text in one.links)
    if one.at is None:
        if one.what != "Lessons":
            return escaped(one.what)
        return f"{escaped(one.title)}" + (f": {links}" if links else "")
    title = links or escaped(one.title)
    kind = "kind" if one.what == "Opens" else "kind due"
    return f'<span class="{kind}">{escaped(one.what)}</span> {title}'


def zone_name(local: datetime) -> str:
    """The short name of the time that holds then: CET, or UTC+3 where it has none."""
    name = local.tzname() or ""
    return name if name[:1].isalpha() else f"UTC{name}"

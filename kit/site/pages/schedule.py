"""The schedule page: what happens when, by weeks where the course has a first day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from kit.language import language_of
from kit.model import Course
from kit.site.model import Page
from kit.site.pages.homework import Handed
from kit.site.words import SCROLLS, escaped, href, raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the schedule, on a day or at a moment. `what` says of `title` what happens, where
    that is not all; `summary` is both, as a calendar lists it. `links` are pairs of (page, text).
    `key` stays the same when its date is moved."""

    kind: Literal["start", "part", "opens", "due"]
    key: str
    day: date
    at: datetime | None
    title: str
    summary: str
    what: str = ""
    links: tuple[tuple[str, str], ...] = ()


def happenings(
    course: Course, lessons: Mapping[str, Page], handed: Sequence[Handed]
) -> tuple[Happening, ...]:
    """All that has a date, in order. Empty where nothing but the first day has one."""
    words = language_of(course)
    found = [*_parts(course, lessons), *_homework(course, handed)]
    if not found:
        return ()
    if course.start:
        found.append(Happening(kind="start", key="start", day=course.start, at=None,
                               title=words.say("The course starts"),
                               summary=words.say("{title} starts", title=course.title)))
    # Of a day the first day comes first, then what has no time.
    return tuple(sorted(found, key=lambda one: (
        one.day, one.kind != "start", one.at.timestamp() if one.at else float("-inf"))))


def _parts(course: Course, lessons: Mapping[str, Page]) -> Iterator[Happening]:
    for place, part in enumerate(course.parts, 1):
        if part.start is None:
            continue
        links = tuple((f"{lesson.docname}.html", lessons[lesson.docname].title)
                      for lesson in part.lessons if lesson.docname in lessons)
        yield Happening(kind="part", key=f"part-{place}", day=part.start, at=None,
                        title=part.title, summary=part.title, links=links)


def _homework(course: Course, handed: Sequence[Handed]) -> Iterator[Happening]:
    words = language_of(course)
    for item in handed:
        assignment, title = item.assignment, item.assignment.title
        links = tuple((f"{page.docname}.html",
                       assignment.title if len(item.pages) == 1 else page.title)
                      for page in item.pages)
        if at := assignment.opens:
            yield Happening(kind="opens", key=f"opens-{assignment.name}", at=at, links=links,
                            day=at.astimezone(course.timezone).date(), title=title,
                            what=words.say("Opens"),
                            summary=words.say("{title}: opens", title=title))
        if at := assignment.due:
            what, summary = words.say("Due"), words.say("{title}: due", title=title)
            if course.self_paced:
                what = words.say("Suggested by now")
                summary = words.say("{title}: suggested by now", title=title)
            yield Happening(kind="due", key=f"due-{assignment.name}", at=at, links=links,
                            day=at.astimezone(course.timezone).date(), title=title, what=what,
                            summary=summary)


def schedule(course: Course, found: Sequence[Happening], calendar: str) -> str:
    """The page as Markdown; `calendar` is the address of the same as a file for calendars."""
    words = language_of(course)
    file = (f'<a href="{escaped(calendar)}" download>'
            f'{words.markup("The same as a file for your calendar")}</a>.')
    lead = f"<p>{_lead(course, found)} {file}</p>"
    return f"# {words.say('Schedule')}\n\n{raw(lead)}\n{raw(table(course, found))}"


def table(course: Course, found: Sequence[Happening]) -> str:
    """The schedule as an HTML table: a row for each, under its week."""
    words, bodies = language_of(course), []
    for title, rows in groupby(found, key=lambda one: _week(course, one.day)):
        head = (f'<tr class="week"><th scope="rowgroup" colspan="2">{escaped(title)}</th></tr>\n'
                if title else "")
        bodies.append(f"<tbody>\n{head}" + "\n".join(_row(course, one) for one in rows)
                      + "\n</tbody>")
    return (f'{SCROLLS}<table class="schedule"><thead><tr>'
            f'<th scope="col">{words.markup("When")}</th>'
            f'<th scope="col">{words.markup("What")}</th></tr></thead>\n'
            + "\n".join(bodies) + "\n</table></div>")


def _lead(course: Course, found: Sequence[Happening]) -> str:
    words, said = language_of(course), []
    if any(one.at for one in found):
        said.append(words.markup("Times are those of {zone}.",
                                 zone=escaped(course.timezone.key.replace("_", " "))))
    if course.self_paced:
        said.append(words.markup("You set the pace: dates are a suggestion, and nothing is late."))
    return " ".join(said)


def _week(course: Course, day: date) -> str:
    """The week's title; empty where the course has no first day, or learners set the pace."""
    if course.start is None or course.self_paced:
        return ""
    words, monday = language_of(course), day - timedelta(days=day.weekday())
    first = course.start - timedelta(days=course.start.weekday())
    number = (monday - first).days // 7 + 1
    if number < 1:
        return words.say("Before the course")
    return words.say("Week {number}, {days}", number=number,
                     days=words.days(monday, monday + timedelta(days=6)))


def _row(course: Course, one: Happening) -> str:
    day = language_of(course).short(one.day, year=course.start is None or course.self_paced)
    moment, clock = one.day.isoformat(), ""
    if one.at is not None:
        local = one.at.astimezone(course.timezone)
        moment = local.isoformat(timespec="minutes")
        clock = f' <span class="clock">{local:%H:%M} {escaped(zone_name(local))}</span>'
    return (f'<tr><th scope="row"><time datetime="{moment}">{escaped(day)}{clock}</time></th>'
            f"<td>{_what(one)}</td></tr>")


def _what(one: Happening) -> str:
    links = ", ".join(href(address, text) for address, text in one.links)
    if one.at is None:
        return escaped(one.title) + (f": {links}" if links else "")
    title = links or escaped(one.title)
    kind = "kind" if one.kind == "opens" else "kind due"
    return f'<span class="{kind}">{escaped(one.what)}</span> {title}'


def zone_name(local: datetime) -> str:
    """The short name of the time that holds then: CET, or UTC+3 where it has none."""
    name = local.tzname() or ""
    return name if name[:1].isalpha() else f"UTC{name}"

"""The grading page: `grading:` in words, what the last one has to bring, and a calculator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kit.course.author import AuthorsPolicy, configured
from kit.course.lateness import cost
from kit.course.weighing import needed
from kit.errors import CourseError
from kit.model import Course, Group, LatePolicy
from kit.site.pages.homework import Handed
from kit.site.words import SCROLLS, count, escaped, literal, raw

_EXAMPLES = (60, 70, 80, 90, 100)
_LATE = (timedelta(hours=12), timedelta(days=2), timedelta(days=4), timedelta(days=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What the course grade is worked out from: groups with the titles of what counts in them.

    A course without groups counts points: there each assignment is a group of its own, weighed by
    its points. Empty where the points of an assignment are not known yet.
    """

    groups: tuple[Group, ...] = ()
    items: Mapping[str, tuple[str, ...]]
    by_points: bool = False

    @property
    def last(self) -> tuple[Group, str] | None:
        """The last thing that counts, where others count beside it."""
        every = [(group, title) for group in self.groups for title in self.items[group.name]]
        return every[-1] if len(every) > 1 else None


def sums_of(course: Course, handed: Sequence[Handed]) -> Sums:
    """What counts how much in the course."""
    if not course.grading.groups:
        points = [item.points or 0.0 for item in handed]
        if not points or not all(points):
            return Sums(items={}, by_points=True)
        groups = tuple(
            Group(name=item.assignment.name, title=item.assignment.title, weight=item.points or 0.0)
            for item in handed)
        return Sums(groups=groups, items={one.name: (one.title,) for one in groups},
                    by_points=True)
    items = {group.name: _items(course, group) for group in course.grading.groups}
    return Sums(items=items, groups=tuple(
        group for group in course.grading.groups if items[group.name] and group.weight))


def _items(course: Course, group: Group) -> tuple[str, ...]:
    """What is made, and what `number` says is still to be made."""
    made = [one.title for one in course.assignments if one.group == group.name]
    return (*made, *(f"{group.title}, number {place}"
                     for place in range(len(made) + 1, (group.number or 0) + 1)))


def has_policy(course: Course) -> bool:
    """Whether `course.yml` says anything about grading."""
    return bool(course.assignments) and bool(
        course.grading.groups or course.grading.cutoffs or late_of(course) != LatePolicy())


def late_of(course: Course) -> LatePolicy | None:
    """What lateness costs, the author's nbgrader_config.py included; None where that file
    cannot be used here."""
    if not course.assignments:
        return course.grading.late
    try:
        return configured(course, course.assignments[0])[0].grading.late
    except CourseError:
        return None


def policy(course: Course, handed: Sequence[Handed]) -> str:
    """The page as Markdown."""
    sums = sums_of(course, handed)
    parts = ["# Grading\n", words(course, level=2)]
    table = _what_is_needed(course, sums)
    if table:
        parts.append(table)
    if sums.last is not None:
        parts.append(_calculator(course, sums))
    return "\n".join(parts)


def words(course: Course, *, level: int) -> str:
    """The policy in words, under headings of a level."""
    mark = "#" * level
    parts = [f"{mark} What counts\n", *_weights(course)]
    if course.grading.cutoffs:
        parts += [f"{mark} Grades\n", raw(_cutoffs(course))]
    if not course.self_paced:
        parts += [f"{mark} Late work\n", *_lateness(late_of(course))]
    return "\n".join(parts)


# ------------------------------------------------------------------------------ what counts


def _weights(course: Course) -> Iterator[str]:
    groups = course.grading.groups
    if not groups:
        yield ("Every assignment counts by its points: the course's percent is all points that "
               "you earned, of all that could be earned.\n")
    else:
        yield raw(_weight_table(course))
        yield ("In a group every assignment counts the same, by the percent of its points that "
               "you earned.\n")
        outside = [literal(one.title) for one in course.assignments if not one.group]
        if outside:
            yield f"Outside the groups, so without weight: {', '.join(outside)}.\n"
    if course.self_paced:
        yield "You set the pace: what you have not handed in does not count against you.\n"
    else:
        yield ("What is due and was not handed in counts 0. What is not due yet, and what you "
               "were excused from, does not count.\n")


def _weight_table(course: Course) -> str:
    total = sum(group.weight for group in course.grading.groups) or 1.0
    rows = []
    for group in course.grading.groups:
        number = max(group.number or 0, sum(one.group == group.name for one in course.assignments))
        falls = _falls(group, number)
        rows.append(f'<tr><th scope="row">{escaped(group.title)}</th>'
                    f'<td class="number">{100 * group.weight / total:.3g}%</td>'
                    f"<td>{count(number, 'assignment')}{falls}</td></tr>")
    return (f'{SCROLLS}<table class="weights"><thead><tr><th scope="col">Group</th>'
            '<th scope="col" class="number">Weight</th><th scope="col">What it holds</th></tr>'
            "</thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>")


def _falls(group: Group, number: int) -> str:
    drop = min(group.drop, max(0, number - 1))
    if not drop:
        return ""
    return ", the lowest is left out" if drop == 1 else f", the {drop} lowest are left out"


def _cutoffs(course: Course) -> str:
    rows = "".join(f'<tr><th scope="row">{escaped(name)}</th>'
                   f'<td class="number">{least:g}%</td></tr>'
                   for name, least in course.grading.cutoffs)
    return (f'{SCROLLS}<table class="cutoffs"><thead><tr><th scope="col">Grade</th>'
            '<th scope="col" class="number">From</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")


# --------------------------------------------------------------------------------- lateness


def _lateness(late: LatePolicy | None) -> Iterator[str]:
    if late is None or isinstance(late, AuthorsPolicy) or late.name not in ("none", "zero",
                                                                            "percent"):
        named = f" ({literal(late.name)})" if late else ""
        yield f"What lateness costs follows a rule of this course's own{named}: ask.\n"
        return
    grace = _length(late.grace)
    if late.name == "none":
        yield "Late work costs nothing.\n"
    elif late.name == "zero":
        after = f"more than {grace} after it was due" if grace else "after it was due"
        yield f"Work that comes in {after} counts 0.\n"
    else:
        yield _by_percent(late, grace)
        yield raw(_late_table(late))
    yield "Who has an extension is late from that date on.\n"


def _by_percent(late: LatePolicy, grace: str) -> str:
    said = [f"A delay of up to {grace} costs nothing."] if grace else []
    start = "After that, each" if grace else "Each"
    said.append(f"{start} day that has begun costs {late.percent_a_day:g}% of what the work "
                "earned.")
    if late.floor:
        said.append(f"At least {late.floor:g}% of it is always kept.")
    return " ".join(said) + "\n"


def _late_table(late: LatePolicy) -> str:
    rows = []
    for after in (late.grace, *(one for one in _LATE if one > late.grace)):
        if not after:
            continue
        kept = 100.0 - (cost(late, "", 100.0, after.total_seconds()) or 0.0)
        rows.append(f'<tr><th scope="row">{_length(after)}</th>'
                    f'<td class="number">{kept:g}</td></tr>')
    return (f'{SCROLLS}<table class="late"><caption>What is left of 100 points</caption><thead><tr>'
            '<th scope="col">Handed in late by</th><th scope="col" class="number">Counts</th>'
            f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>")


def _length(span: timedelta) -> str:
    """A length of time in words; empty for none."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    said = [count(number, noun) for number, noun in
            ((days, "day"), (hours, "hour"), (rest, "minute")) if number]
    return " and ".join(filter(None, [", ".join(said[:-1]), said[-1]])) if said else ""


# ------------------------------------------------------------------------- what is needed


def _what_is_needed(course: Course, sums: Sums) -> str:
    """A worked example: what the last one has to bring, by what the others brought."""
    if sums.last is None or not course.grading.cutoffs:
        return ""
    group, title = sums.last
    heads = "".join(f'<th scope="col" class="number">{escaped(name)}</th>'
                    for name, _ in course.grading.cutoffs)
    rows = []
    for percent in _EXAMPLES:
        so_far = {one.name: {str(place): float(percent)
                             for place in range(len(sums.items[one.name]) - (one is group))}
                  for one in sums.groups}
        cells = "".join(f'<td class="number">{_need(sums, so_far, group, least)}</td>'
                        for _, least in course.grading.cutoffs)
        rows.append(f'<tr><th scope="row">{percent}%</th>{cells}</tr>')
    table = (f'{SCROLLS}<table class="needed"><thead><tr><th scope="col">On everything else</th>'
             f"{heads}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>")
    return (f"## What the last one has to bring\n\nThe percent that you need on "
            f"{literal(title)}, when everything else brought what the row says.\n\n{raw(table)}")


def _need(
    sums: Sums, so_far: Mapping[str, Mapping[str, float]], group: Group, least: float
) -> str:
    tenths = needed(sums.groups, so_far, {group.name: 1}, least)
    if tenths is None:
        return '<span class="far">out of reach</span>'
    return f"{tenths:g}%" if tenths else "reached"


def _calculator(course: Course, sums: Sums) -> str:
    """A form that our script fills with answers. What is typed there is kept nowhere."""
    spec = {"groups": [{"weight": one.weight, "drop": one.drop,
                        "items": len(sums.items[one.name])} for one in sums.groups],
            "cutoffs": [[" ".join(name.split()), least]
                        for name, least in course.grading.cutoffs]}
    sets = []
    for place, group in enumerate(sums.groups):
        fields = "".join(
            f'<label><span>{escaped(title)}</span><span class="percent"><input type="number" '
            f'name="g{place}" min="0" max="100" step="any" inputmode="decimal" '
            'autocomplete="off">%</span></label>'
            for title in sums.items[group.name])
        legend = "All assignments" if sums.by_points else group.title
        if sums.by_points:
            sets.append(fields)
        else:
            sets.append(f"<fieldset><legend>{escaped(legend)}</legend>{fields}</fieldset>")
    if sums.by_points:
        sets = [f"<fieldset><legend>All assignments</legend>{''.join(sets)}</fieldset>"]
    packed = escaped(json.dumps(spec))
    form = (f'<form class="grades" data-grades="{packed}" aria-label="Where you stand" '
            f'hidden novalidate>{"".join(sets)}<output aria-live="polite"></output>'
            '<p class="buttons"><button type="reset" class="quiet">Clear</button></p></form>\n'
            "<noscript><p>The calculator needs JavaScript.</p></noscript>")
    return ("## Where you stand\n\nWrite down the percents that you have, and leave empty what is "
            "still to come. Nothing of it leaves this page, and nothing is kept.\n\n"
            f"{raw(form)}")

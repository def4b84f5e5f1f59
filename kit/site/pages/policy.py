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
from kit.language import Language, language_of
from kit.model import Course, Group, LatePolicy
from kit.site.pages.homework import Handed
from kit.site.words import SCROLLS, escaped, literal, raw

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
    words = language_of(course)
    return (*made, *(words.say("{group}, number {place}", group=group.title, place=place)
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
    parts = [f"# {language_of(course).say('Grading')}\n", words(course, level=2)]
    table = _what_is_needed(course, sums)
    if table:
        parts.append(table)
    if sums.last is not None:
        parts.append(_calculator(course, sums))
    return "\n".join(parts)


def words(course: Course, *, level: int) -> str:
    """The policy in words, under headings of a level."""
    mark, say = "#" * level, language_of(course).say
    parts = [f"{mark} {say('What counts')}\n", *_weights(course)]
    if course.grading.cutoffs:
        parts += [f"{mark} {say('Grades')}\n", raw(_cutoffs(course))]
    if not course.self_paced:
        parts += [f"{mark} {say('Late work')}\n",
                  *(f"{one}\n" for one in _lateness(late_of(course), language_of(course)))]
    return "\n".join(parts)


# ------------------------------------------------------------------------------ what counts


def _weights(course: Course) -> Iterator[str]:
    groups, say = course.grading.groups, language_of(course).say
    if not groups:
        yield say("Every assignment counts by its points: the course's percent is all points that "
                  "you earned, of all that could be earned.") + "\n"
    else:
        yield raw(_weight_table(course))
        yield say("In a group every assignment counts the same, by the percent of its points that "
                  "you earned.") + "\n"
        outside = [literal(one.title) for one in course.assignments if not one.group]
        if outside:
            yield say("Outside the groups, so without weight: {titles}.",
                      titles=", ".join(outside)) + "\n"
    if course.self_paced:
        yield say("You set the pace: what you have not handed in does not count against "
                  "you.") + "\n"
    else:
        yield say("What is due and was not handed in counts 0. What is not due yet, and what you "
                  "were excused from, does not count.") + "\n"


def _weight_table(course: Course) -> str:
    total = sum(group.weight for group in course.grading.groups) or 1.0
    words, rows = language_of(course), []
    for group in course.grading.groups:
        number = max(group.number or 0, sum(one.group == group.name for one in course.assignments))
        holds = words.many(number, "{number} assignment", "{number} assignments")
        if drop := min(group.drop, max(0, number - 1)):
            holds = words.many(drop, "{assignments}, the lowest is left out",
                               "{assignments}, the {number} lowest are left out",
                               assignments=holds)
        weight = float(f"{100 * group.weight / total:.3g}")
        rows.append(f'<tr><th scope="row">{escaped(group.title)}</th>'
                    f'<td class="number">{words.percent(weight)}</td>'
                    f"<td>{escaped(holds)}</td></tr>")
    return (f'{SCROLLS}<table class="weights"><thead><tr>'
            f'<th scope="col">{words.markup("Group")}</th>'
            f'<th scope="col" class="number">{words.markup("Weight")}</th>'
            f'<th scope="col">{words.markup("What it holds")}</th></tr>'
            "</thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>")


def _cutoffs(course: Course) -> str:
    words = language_of(course)
    rows = "".join(f'<tr><th scope="row">{escaped(name)}</th>'
                   f'<td class="number">{words.percent(least)}</td></tr>'
                   for name, least in course.grading.cutoffs)
    return (f'{SCROLLS}<table class="cutoffs"><thead><tr>'
            f'<th scope="col">{words.markup("Grade")}</th>'
            f'<th scope="col" class="number">{words.markup("From")}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")


# --------------------------------------------------------------------------------- lateness


def _lateness(late: LatePolicy | None, words: Language) -> Iterator[str]:
    say = words.say
    if late is None or isinstance(late, AuthorsPolicy) or late.name not in ("none", "zero",
                                                                            "percent"):
        yield say("What lateness costs follows a rule of this course's own ({name}): ask.",
                  name=literal(late.name)) if late else say(
            "What lateness costs follows a rule of this course's own: ask.")
        return
    grace = _length(late.grace, words)
    if late.name == "none":
        yield say("Late work costs nothing.")
    elif late.name == "zero":
        yield say("Work that comes in more than {grace} after it was due counts 0.",
                  grace=grace) if grace else say(
            "Work that comes in after it was due counts 0.")
    else:
        yield _by_percent(late, grace, words)
        yield raw(_late_table(late, words))
    yield say("Who has an extension is late from that date on.")


def _by_percent(late: LatePolicy, grace: str, words: Language) -> str:
    a_day = words.percent(late.percent_a_day)
    if grace:
        said = [words.say("A delay of up to {grace} costs nothing. After that, each day that has "
                          "begun costs {percent} of what the work earned.", grace=grace,
                          percent=a_day)]
    else:
        said = [words.say("Each day that has begun costs {percent} of what the work earned.",
                          percent=a_day)]
    if late.floor:
        said.append(words.say("At least {percent} of it is always kept.",
                              percent=words.percent(late.floor)))
    return " ".join(said)


def _late_table(late: LatePolicy, words: Language) -> str:
    rows = []
    for after in (late.grace, *(one for one in _LATE if one > late.grace)):
        if not after:
            continue
        kept = 100.0 - (cost(late, "", 100.0, after.total_seconds()) or 0.0)
        rows.append(f'<tr><th scope="row">{escaped(_length(after, words))}</th>'
                    f'<td class="number">{words.number(kept)}</td></tr>')
    return (f'{SCROLLS}<table class="late">'
            f'<caption>{words.markup("What is left of 100 points")}</caption><thead><tr>'
            f'<th scope="col">{words.markup("Handed in late by")}</th>'
            f'<th scope="col" class="number">{words.markup("Counts")}</th>'
            f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>")


def _length(span: timedelta, words: Language) -> str:
    """A length of time in words; empty for none."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    said = [words.many(days, "{number} day", "{number} days") if days else "",
            words.many(hours, "{number} hour", "{number} hours") if hours else "",
            words.many(rest, "{number} minute", "{number} minutes") if rest else ""]
    return words.listed([one for one in said if one])


# ------------------------------------------------------------------------- what is needed


def _what_is_needed(course: Course, sums: Sums) -> str:
    """A worked example: what the last one has to bring, by what the others brought."""
    if sums.last is None or not course.grading.cutoffs:
        return ""
    words = language_of(course)
    group, title = sums.last
    heads = "".join(f'<th scope="col" class="number">{escaped(name)}</th>'
                    for name, _ in course.grading.cutoffs)
    rows = []
    for percent in _EXAMPLES:
        so_far = {one.name: {str(place): float(percent)
                             for place in range(len(sums.items[one.name]) - (one is group))}
                  for one in sums.groups}
        cells = "".join(f'<td class="number">{_need(sums, so_far, group, least, words)}</td>'
                        for _, least in course.grading.cutoffs)
        rows.append(f'<tr><th scope="row">{words.percent(percent)}</th>{cells}</tr>')
    table = (f'{SCROLLS}<table class="needed"><thead><tr>'
             f'<th scope="col">{words.markup("On everything else")}</th>'
             f"{heads}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>")
    told = words.say("The percent that you need on {title}, when everything else brought what the "
                     "row says.", title=literal(title))
    return f"## {words.say('What the last one has to bring')}\n\n{told}\n\n{raw(table)}"


def _need(
    sums: Sums, so_far: Mapping[str, Mapping[str, float]], group: Group, least: float,
    words: Language,
) -> str:
    tenths = needed(sums.groups, so_far, {group.name: 1}, least)
    if tenths is None:
        return f'<span class="far">{words.markup("out of reach")}</span>'
    return words.percent(tenths) if tenths else words.markup("reached")


def _calculator(course: Course, sums: Sums) -> str:
    """A form that our script fills with answers. What is typed there is kept nowhere."""
    spec = {"groups": [{"weight": one.weight, "drop": one.drop,
                        "items": len(sums.items[one.name])} for one in sums.groups],
            "cutoffs": [[" ".join(name.split()), least]
                        for name, least in course.grading.cutoffs]}
    words, sets = language_of(course), []
    every = words.markup("All assignments")
    for place, group in enumerate(sums.groups):
        fields = "".join(
            f'<label><span>{escaped(title)}</span><span class="percent"><input type="number" '
            f'name="g{place}" min="0" max="100" step="any" inputmode="decimal" '
            'autocomplete="off">%</span></label>'
            for title in sums.items[group.name])
        sets.append(fields if sums.by_points else
                    f"<fieldset><legend>{escaped(group.title)}</legend>{fields}</fieldset>")
    if sums.by_points:
        sets = [f"<fieldset><legend>{every}</legend>{''.join(sets)}</fieldset>"]
    packed = escaped(json.dumps(spec))
    title = words.say("Where you stand")
    form = (f'<form class="grades" data-grades="{packed}" aria-label="{escaped(title)}" '
            f'hidden novalidate>{"".join(sets)}<output aria-live="polite"></output>'
            '<p class="buttons"><button type="reset" class="quiet">'
            f"{words.markup('Clear')}</button></p></form>\n"
            f"<noscript><p>{words.markup('The calculator needs JavaScript.')}</p>"
            "</noscript>")
    told = words.say("Write down the percents that you have, and leave empty what is still to "
                     "come. Nothing of it leaves this page, and nothing is kept.")
    return f"## {title}\n\n{told}\n\n{raw(form)}"

"""From rows of single assignments to where a learner stands in the course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kit.course.weighing import letter, lowest, mean, weigh
from kit.model import Assignment, Course, GradeRow, Group, Roster

State = Literal["graded", "pending", "missing", "open", "excused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStanding:
    """One group of assignments: percent so far, and with nothing earned by what is to come.

    Both are None while there is nothing to take them over.
    """

    group: str
    percent: float | None
    secured: float | None = None
    counted: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    to_come: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A learner's standing.

    `percent` is over what counts so far, `secured` what it would be if all that is still to
    come earned nothing; both None while nothing counts. `pending` names the assignments whose
    score may not be shown yet: they are left out of both, and `final` is False.
    """

    learner: str
    percent: float | None
    secured: float | None
    letter: str
    groups: tuple[GroupStanding, ...]
    pending: tuple[str, ...] = ()
    final: bool = False


def state(row: GradeRow, due: datetime | None, now: datetime) -> State:
    """Where a row stands; `missing` is what is due and was not handed in."""
    if row.excused:
        return "excused"
    if row.pending or row.needs_manual:
        return "pending"
    if row.score is not None:
        return "graded"
    return "missing" if due is not None and now > due else "open"


def dues(course: Course, roster: Roster) -> Mapping[tuple[str, str], datetime | None]:
    """(assignment, learner) -> own due date, for those who have an extension."""
    if course.self_paced:
        return {}
    known = {assignment.name: assignment for assignment in course.assignments}
    return {
        (extension.assignment, extension.learner): extension.due or known[extension.assignment].due
        for extension in roster.extensions
        if extension.assignment in known and (extension.due or not extension.excused)
    }


def binding(course: Course, assignment: Assignment) -> datetime | None:
    """The date after which what is not handed in is missing; None where learners set the pace."""
    return None if course.self_paced else assignment.due


def standing(
    course: Course, roster: Roster, rows: Iterable[GradeRow], *, now: datetime | None = None
) -> tuple[Standing, ...]:
    """Each learner's standing, in the order in which the rows name them.

    In a group every assignment counts the same, by its percent; the `drop` lowest fall, one at
    least stays. What is due and was not handed in counts 0; what is not due yet, excused or
    pending does not count. Where learners set the pace nothing is ever due: what was not handed
    in is still to come. A group without anything that counts leaves its weight to the others.
    `number` is how many assignments a group will have: those not made yet are still to come. A
    course without groups counts points.
    """
    moment = now or datetime.now(UTC)
    own = dues(course, roster)
    by_learner: dict[str, dict[str, GradeRow]] = {}
    for row in rows:
        by_learner.setdefault(row.learner, {})[row.assignment] = row
    return tuple(_standing(course, learner, mine, own, moment)
                 for learner, mine in by_learner.items())


def _standing(
    course: Course, learner: str, mine: Mapping[str, GradeRow],
    own: Mapping[tuple[str, str], datetime | None], now: datetime,
) -> Standing:
    states = {
        assignment.name: (
            state(mine[assignment.name],
                  own.get((assignment.name, learner), binding(course, assignment)), now)
            if assignment.name in mine else "open"
        )
        for assignment in course.assignments
    }
    pending = tuple(name for name, value in states.items() if value == "pending")
    if course.grading.groups:
        groups = tuple(
            _group(group, [a for a in course.assignments if a.group == group.name], mine, states)
            for group in course.grading.groups
        )
        percent, secured = _weighted(course, groups)
    else:
        groups = ()
        percent, secured = _by_points(course.assignments, mine, states)
    final = percent is not None and not pending and not any(g.to_come for g in groups) and (
        "open" not in states.values())
    return Standing(learner=learner, percent=percent, secured=secured, groups=groups,
                    letter=letter(course.grading.cutoffs, percent), pending=pending, final=final)


def _group(
    group: Group, members: list[Assignment], mine: Mapping[str, GradeRow],
    states: Mapping[str, State],
) -> GroupStanding:
    percents = {}
    for assignment in members:
        if states[assignment.name] in ("graded", "missing"):
            percents[assignment.name] = _percent(mine[assignment.name])
    dropped = lowest(percents, group.drop)
    waiting = sum(states[a.name] in ("open", "pending") for a in members)
    to_come = max(0, (group.number or 0) - len(members)) + waiting
    zeros = percents | {f" {place}": 0.0 for place in range(to_come)}
    return GroupStanding(
        group=group.name, percent=mean(percents, dropped),
        secured=mean(zeros, lowest(zeros, group.drop)),
        counted=tuple(name for name in percents if name not in dropped),
        dropped=dropped, to_come=to_come,
    )


def _percent(row: GradeRow) -> float:
    return 100.0 * (row.score or 0.0) / row.max_score if row.max_score > 0 else 0.0


def _weighted(course: Course, groups: Iterable[GroupStanding]) -> tuple[float | None, float | None]:
    weights = {group.name: group.weight for group in course.grading.groups}
    so_far = [(weights[g.group], g.percent) for g in groups if g.percent is not None]
    at_least = [(weights[g.group], g.secured) for g in groups if g.secured is not None]
    if not so_far:
        return None, None
    return weigh(so_far), weigh(at_least)


def _by_points(
    assignments: Iterable[Assignment], mine: Mapping[str, GradeRow], states: Mapping[str, State]
) -> tuple[float | None, float | None]:
    earned = possible = everything = 0.0
    for assignment in assignments:
        row = mine.get(assignment.name)
        if row is None or states[assignment.name] == "excused":
            continue
        everything += row.max_score
        if states[assignment.name] in ("graded", "missing"):
            earned += row.score or 0.0
            possible += row.max_score
    if not possible:
        return None, None
    return 100.0 * earned / possible, 100.0 * earned / everything

"""When each thing was handed in: the LMS's word, or the answer of who collects; never a guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from kit.collect import people, times
from kit.collect.model import Claim, Parcel
from kit.errors import CollectError
from kit.model import Assignment, Roster

OnTime = Literal["on-time"]
Answer = datetime | OnTime
UnknownTimes = Answer | Callable[[Sequence[str]], Answer | None] | None
"""What to take for a moment that nobody tells: a time, `on-time`, or whom to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A parcel with its learner."""

    learner: str
    parcel: Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Times by learner: of the origin's worksheets, and of the table of whoever collects."""

    sheet: Mapping[str, datetime | None] = field(default_factory=dict)
    table: Mapping[str, datetime | None] = field(default_factory=dict)


def by_learner(
    rows: Iterable[times.WorksheetRow], index: people.People
) -> Mapping[str, datetime | None]:
    """Moment by `participant:<number>` and by learner; None where a text tells no moment."""
    found: dict[str, datetime | None] = {}
    for row in rows:
        for key in row.keys:
            if key.startswith("participant:"):
                found[key] = row.moment
        learner = people.who(
            Claim(label=row.name or row.keys[0], layout="table", keys=row.keys, name=row.name),
            index)
        if isinstance(learner, str):
            found[learner] = row.moment
    return found


def settle(
    handed: list[Handed], told: Told, roster: Roster, assignment: Assignment, *,
    received_at: datetime | None, unknown: UnknownTimes,
) -> list[Handed]:
    """Every claim with its moment, or with the reason why none is needed."""
    settled: list[Handed] = []
    untold: list[Handed] = []
    for one in handed:
        claim = _timed(one, told, roster, assignment, received_at)
        if claim.time_from:
            settled.append(replace(one, parcel=replace(one.parcel, claim=claim)))
        else:
            untold.append(one)
    if untold:
        settled.extend(_answered(untold, assignment, unknown))
    return settled


def _timed(
    one: Handed, told: Told, roster: Roster, assignment: Assignment,
    received_at: datetime | None,
) -> Claim:
    claim = one.parcel.claim
    if received_at is not None:
        return replace(claim, moment=received_at, time_from="given for all")
    for known, source in ((told.table, "given in a table"), (told.sheet, "worksheet")):
        if known is told.sheet and claim.layout == "exchange" and claim.moment:
            return claim
        for key in (*claim.keys, one.learner):
            moment = known.get(key)
            if moment is not None:
                return replace(claim, moment=moment, time_from=source)
    if claim.moment:
        return claim
    if claim.late is False:
        return replace(claim, time_from="on time (Canvas)")
    if not claim.late and roster.due(assignment, one.learner) is None:
        return replace(claim, time_from="unknown, nothing is due")
    return replace(claim, time_from="")


def _answered(
    unknown: list[Handed], assignment: Assignment, answer: UnknownTimes
) -> list[Handed]:
    labels = [one.parcel.claim.label for one in unknown]
    late = [one.parcel.claim.label for one in unknown if one.parcel.claim.late]
    if callable(answer):
        answer = answer(labels)
    if answer is None or (answer == "on-time" and late):
        all_late = len(late) == len(labels) or answer == "on-time"
        raise _no_time(late if all_late else labels, assignment, late=all_late)
    return [
        replace(one, parcel=replace(one.parcel, claim=replace(
            one.parcel.claim,
            moment=answer if isinstance(answer, datetime) else None,
            time_from="given" if isinstance(answer, datetime) else "on time",
        )))
        for one in unknown
    ]


def _no_time(labels: list[str], assignment: Assignment, *, late: bool) -> CollectError:
    shown = ", ".join(labels[:5]) + (f" and {len(labels) - 5} more" if len(labels) > 5 else "")
    number = f"{len(labels)} submission{'' if len(labels) == 1 else 's'}"
    if late:
        return CollectError(
            f"Canvas marks {number} as late and does not say how late: {shown}",
            where=assignment.name,
            hint='give the time: --unknown-times-as "2027-09-20 18:00", or a table: --times FILE',
        )
    return CollectError(
        f"nothing tells when {number} arrived: {shown}", where=assignment.name,
        hint="give Moodle's grading worksheet or a table of your own: --times FILE\n"
             "or say what to take: --unknown-times-as on-time, "
             '--unknown-times-as "2027-09-20 18:00"\n'
             'or one time for all: --received-at "2027-09-20 18:00"',
    )

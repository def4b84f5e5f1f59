"""The whole of a collection: look at everything first, then take it learner by learner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from kit.collect import exchange, layouts, names, people, recognise, times, versions, when
from kit.collect.archive import Refused, Unpacking, opened
from kit.collect.model import (
    Bounds,
    Claim,
    Collected,
    Member,
    Note,
    Refusal,
    Unmatched,
    Version,
)
from kit.collect.when import Handed
from kit.course.submitted import RESERVED, digest
from kit.errors import CollectError, UnknownName
from kit.model import Assignment, Course, Progress, Roster

_MOST_NEAREST = 50
_MOST_WORKSHEET = 50 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How to collect.

    `received_at` wins over all that the origin tells; `unknown_times` fills what it does not
    tell. `times_table` is a CSV with a moment a learner. `by_hand` maps a label of the origin
    to a learner's id. `prefer` says which version goes to `submitted/`.
    """

    received_at: datetime | None = None
    unknown_times: when.UnknownTimes = None
    times_table: Path | None = None
    by_hand: Mapping[str, str] = field(default_factory=dict)
    prefer: versions.Prefer = "latest"
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(slots=True)
class _Tally:
    """What a run has come across so far."""

    taken: list[Version] = field(default_factory=list)
    known: int = 0
    changed: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def collect(
    course: Course, roster: Roster, assignment: Assignment, origin: Path | None, *,
    ways: Ways | None = None, on_progress: Callable[[Progress], None] | None = None,
) -> Collected:
    """Take in what learners handed in and put what is to be graded into `submitted/`.

    `origin` is a folder or a zip; None is nbgrader's exchange. Times are the LMS's, never that
    of the import. Every version is kept; a second run changes nothing. Nothing is written
    before all names and times are settled. Raises CollectError when the origin cannot be read
    or when moments are unknown and `ways` does not say what to take for them.
    """
    ways = ways or Ways()
    _check_by_hand(ways.by_hand, roster)
    tally = _Tally()
    with ExitStack() as stack:
        members, refused = _members(
            stack, origin or exchange.inbound(course, assignment.name), course, roster, ways)
        tally.refused.extend(refused)
        told, handed = _claimed(members, course, roster, assignment, ways, tally)
        settled = when.settle(
            handed, told, roster, assignment, received_at=ways.received_at,
            unknown=ways.unknown_times)
        _take(settled, course, roster, assignment, ways, tally, on_progress)
    return _summary(course, roster, assignment, tally)


def _check_by_hand(by_hand: Mapping[str, str], roster: Roster) -> None:
    known = {learner.id for learner in roster.learners}
    for learner in by_hand.values():
        if known and learner not in known:
            raise UnknownName("learner", learner, sorted(known), where="roster.csv")
        why = names.learner_problem(learner)
        if why:
            raise CollectError(f"{learner!r} {why}")


# ------------------------------------------------------------------------------ who is it


def _members(
    stack: ExitStack, origin: Path, course: Course, roster: Roster, ways: Ways
) -> tuple[list[Member], list[Refusal]]:
    """All files; a zip at the top that is no learner's is opened as an export of its own."""
    members, refused = stack.enter_context(opened(origin, ways.bounds))
    if not origin.is_dir():
        return members, refused
    index = people.index(roster, by_hand=ways.by_hand)
    found: list[Member] = []
    for member in members:
        if "/" not in member.name and member.name.casefold().endswith(".zip"):
            parcels = layouts.sort([member], "", course.timezone, index.knows).parcels
            if parcels and isinstance(people.who(parcels[0].claim, index), Unmatched):
                try:
                    inner, more = stack.enter_context(opened(origin / member.name, ways.bounds))
                except CollectError as error:
                    refused.append(Refusal(name=member.name, reason=error.message))
                    continue
                found.extend(_lifted(inner, index))
                refused.extend(more)
                continue
        found.append(member)
    return found, refused


def _lifted(members: list[Member], index: people.People) -> list[Member]:
    return [replace(member, name=path)
            for path, member in layouts.unwrapped(members, index.knows)]


def _claimed(
    members: list[Member], course: Course, roster: Roster, assignment: Assignment, ways: Ways,
    tally: _Tally,
) -> tuple[when.Told, list[Handed]]:
    """Times by learner out of tables, and every parcel with its learner."""
    knows = people.index(roster, by_hand=ways.by_hand).knows
    sorted_ = layouts.sort(members, assignment.name, course.timezone, knows)
    sheets = _worksheet_rows(sorted_.worksheets, course, tally)
    table = _table_rows(course, ways)
    rows = [*sheets, *table]
    index = people.index(roster, assignment.name, by_hand=ways.by_hand, worksheet=rows)
    handed: list[Handed] = []
    for parcel in sorted_.parcels:
        learner = people.who(parcel.claim, index)
        if isinstance(learner, Unmatched):
            if len(tally.unmatched) < _MOST_NEAREST:
                learner = people.with_nearest(learner, index)
            tally.unmatched.append(learner)
        else:
            handed.append(Handed(learner=learner, parcel=parcel))
    tally.unmatched.extend(
        Unmatched(name=member.name, reason="nothing tells whose it is")
        for member in sorted_.loose
    )
    return when.Told(sheet=when.by_learner(sheets, index),
                     table=when.by_learner(table, index)), handed


def _worksheet_rows(
    found: list[Member], course: Course, tally: _Tally
) -> list[times.WorksheetRow]:
    rows: list[times.WorksheetRow] = []
    for member in found:
        try:
            if member.size > _MOST_WORKSHEET:
                raise Refused("is too large for a table of times")
            with member.open() as stream:
                more = times.worksheet(stream.read(_MOST_WORKSHEET), course.timezone)
                _check_readable(more, member.name)
        except Refused as error:
            tally.refused.append(Refusal(name=member.name, reason=str(error)))
            continue
        if not more:
            tally.unmatched.append(
                Unmatched(name=member.name, reason="is no table with times of submission"))
        rows.extend(more)
    return rows


def _table_rows(course: Course, ways: Ways) -> list[times.WorksheetRow]:
    """The times of the table that whoever collects gives."""
    if ways.times_table is None:
        return []
    try:
        rows = times.worksheet(ways.times_table.read_bytes(), course.timezone)
    except OSError as error:
        raise CollectError(f"cannot be read: {error.strerror}",
                           where=str(ways.times_table)) from error
    _check_readable(rows, str(ways.times_table))
    if not rows:
        raise CollectError(
            "has no column with times of submission", where=str(ways.times_table),
            hint="name it `Last modified (submission)` or `time`, beside a column with the "
                 "learner's id, e-mail or full name",
        )
    return list(rows)


def _check_readable(rows: Iterable[times.WorksheetRow], name: str) -> None:
    """A time that is written but cannot be told for sure must not pass as unknown."""
    for row in rows:
        if row.moment is None and any(letter.isdigit() for letter in row.text):
            raise CollectError(
                f"the time {row.text!r} of {row.name or row.keys[0]} can be read in more than "
                "one way, or in none", where=name,
                hint="write times as 2027-09-20 18:00, or export with the month as a word",
            )


# ------------------------------------------------------------------------------- take it


def _take(
    handed: list[Handed], course: Course, roster: Roster, assignment: Assignment, ways: Ways,
    tally: _Tally, on_progress: Callable[[Progress], None] | None,
) -> None:
    records = versions.read_records(course, assignment.name)
    for refusal in tally.refused:
        records.refuse(refusal)
    wanted = recognise.expected(course, assignment)
    teams: dict[tuple[str, ...], list[Handed]] = {}
    for one in handed:
        team = tuple(sorted(roster.team(assignment.name, one.learner)))
        teams.setdefault(team, []).append(one)
    done = 0
    for team in sorted(teams):
        for member in team:
            versions.adopt(course, records, assignment.name, member)
        for one in sorted(teams[team], key=_order):
            _take_one(one, course, assignment, wanted, records, ways, tally)
            done += 1
            if on_progress is not None:
                on_progress(Progress(done=done, total=len(handed), failed=len(tally.refused)))
        _place(team, course, roster, assignment, records, ways.prefer, tally)


def _order(one: Handed) -> tuple[str, bool, str, int, str]:
    claim = one.parcel.claim
    return (one.learner, claim.moment is not None,
            claim.moment.isoformat() if claim.moment else "", claim.attempt, claim.label)


def _take_one(
    one: Handed, course: Course, assignment: Assignment, wanted: recognise.Expected,
    records: versions.Records, ways: Ways, tally: _Tally,
) -> None:
    claim = one.parcel.claim
    with versions.staging(course, assignment.name) as staged:
        unpacking = Unpacking(staged, ways.bounds)
        for path, member in sorted(one.parcel.files, key=lambda pair: pair[0]):
            if path not in RESERVED and not names.litter(path):
                unpacking.add(path, member, shown=_shown(claim, path, member))
        refused = [replace(refusal, learner=one.learner) for refusal in unpacking.refused]
        tally.refused.extend(refused)
        for refusal in refused:
            records.refuse(refusal)
        renamed, remarks = recognise.settle(staged, wanted)
        for reserved in RESERVED:
            (staged / reserved).unlink(missing_ok=True)
        if not any(path.is_file() for path in staged.rglob("*")):
            tally.notes.append(Note(learner=one.learner, message="no file could be taken"))
            return
        kept = versions.keep(course, records, staged, Version(
            assignment=assignment.name, learner=one.learner, digest=digest(staged),
            folder="", received_at=claim.moment, time_from=claim.time_from,
            attempt=claim.attempt, origin=claim.source or claim.label, renamed=tuple(renamed),
        ))
    if kept is None:
        tally.known += 1
        return
    tally.taken.append(kept)
    tally.notes.extend(
        Note(learner=one.learner, message=f"{old} was taken as {new}") for old, new in renamed)
    tally.notes.extend(Note(learner=one.learner, message=remark) for remark in remarks)


def _shown(claim: Claim, path: str, member: Member) -> str:
    """A file's name as somebody finds it again in the origin."""
    return member.name if claim.layout in ("canvas", "file") else f"{claim.label}/{path}"


def _place(
    team: Sequence[str], course: Course, roster: Roster, assignment: Assignment,
    records: versions.Records, prefer: versions.Prefer, tally: _Tally,
) -> None:
    """The team's one submission into `submitted/`, and older ones of its members out."""
    chosen = versions.choose(
        (version for member in team for version in records.of(member)), roster, assignment,
        prefer)
    if chosen is None:
        return
    before = versions.time_of(course, chosen)
    if versions.place(course, chosen):
        tally.changed.append(chosen.learner)
    now = chosen.received_at
    if before is not None and now is not None and before != now:
        tally.notes.append(Note(learner=chosen.learner, message=(
            f"time corrected: {_shown_time(before, course)} became {_shown_time(now, course)}")))
    for member in team:
        if member != chosen.learner and versions.withdraw(course, assignment.name, member):
            tally.notes.append(Note(
                learner=member, message=f"the team's work to grade is {chosen.learner}'s, "
                                        "handed in later"))


def _shown_time(moment: datetime, course: Course) -> str:
    return moment.astimezone(course.timezone).strftime("%Y-%m-%d %H:%M:%S")


def _summary(
    course: Course, roster: Roster, assignment: Assignment, tally: _Tally
) -> Collected:
    here: set[str] = set()
    late: list[str] = []
    for learner, received in versions.stamps(course, assignment.name):
        here.update(roster.team(assignment.name, learner))
        due = roster.due(assignment, learner)
        if due and received and received > due:
            late.append(learner)
    return Collected(
        assignment=assignment.name, taken=tuple(tally.taken), known=tally.known,
        changed=tuple(tally.changed), refused=tuple(tally.refused),
        unmatched=tuple(tally.unmatched), notes=tuple(tally.notes), late=tuple(late),
        missing=tuple(learner.id for learner in roster.learners
                      if learner.id not in here
                      and not roster.excused(assignment.name, learner.id)),
        submitted=len(here),
    )

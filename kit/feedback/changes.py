"""What people changed after grading, in words for the learner whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from kit.model import VOID, Act, Change, GradeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change: the day, the reason that was stated, and what it did to which points."""

    when: str
    reason: str
    parts: tuple[str, ...] = ()


def told(acts: Iterable[Act], zone: tzinfo) -> Mapping[str, tuple[Told, ...]]:
    """Learner -> what was changed of theirs, oldest first.

    What was settled in review is not: its reasons are notes among teachers, and before it there
    was no score that learners knew.
    """
    found: dict[str, tuple[Told, ...]] = {}
    for act in acts:
        if act.kind == "review":
            continue
        mine: dict[str, list[Change]] = {}
        for change in act.changes:
            mine.setdefault(change.learner, []).append(change)
        for learner, changes in mine.items():
            parts = [_words(one) for one in changes]
            found[learner] = (*found.get(learner, ()), Told(
                when=act.at.astimezone(zone).date().isoformat(), reason=act.reason,
                parts=tuple(parts)))
    return found


def shown(changes: Iterable[Told], row: GradeRow, *, waiting: bool) -> list[Told]:
    """What a page tells of changes: no points while they are pending, no reason twice."""
    if not waiting:
        return list(changes)
    known = {cell.decision.reason for cell in row.cells if cell.decision is not None}
    return [replace(one, parts=()) for one in changes if one.reason not in known]


def _words(change: Change) -> str:
    before, after = _points(change.before), _points(change.after)
    if change.after_max is not None:
        before = f"{before} of {_points(change.before_max)}"
        after = f"{after} of {_points(change.after_max)}"
    return f"{change.grade_id}: {before}, now {after}"


def _points(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def decided(row: GradeRow) -> list[str]:
    """The questions over which people decided for everyone, and why."""
    return [
        f"{cell.grade_id} " + ("counts for nobody" if cell.decision.kind == VOID
                               else "gives everyone its full points")
        + (f": {cell.decision.reason}" if cell.decision.reason else "")
        for cell in row.cells if cell.decision is not None
    ]

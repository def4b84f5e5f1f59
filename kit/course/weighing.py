"""How percents of single assignments become a course grade: the one place that does the sums.

The gradebook works out grades with it, and the site tells learners what they need with it. Items
are assignments, named as the caller likes; a percent runs from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.model import Group

HAIR = 1e-9
"""What floating point may cost without a grade being missed, in percent."""

_TENTHS = 1000


def lowest(percents: Mapping[str, float], drop: int) -> tuple[str, ...]:
    """The names of the `drop` lowest, which fall; one at least stays."""
    ordered = sorted(percents, key=lambda name: percents[name])
    return tuple(ordered[: max(0, min(drop, len(ordered) - 1))])


def mean(percents: Mapping[str, float], dropped: Sequence[str]) -> float | None:
    """The mean of what is not dropped; None where nothing is left."""
    kept = [value for name, value in percents.items() if name not in dropped]
    return sum(kept) / len(kept) if kept else None


def weigh(parts: Sequence[tuple[float, float]]) -> float | None:
    """The mean of (weight, percent) pairs; None where all weights are 0."""
    total = sum(weight for weight, _ in parts)
    return sum(weight * percent for weight, percent in parts) / total if total else None


def course_percent(
    groups: Sequence[Group], percents: Mapping[str, Mapping[str, float]]
) -> float | None:
    """The course's percent from items by group; None while nothing counts.

    A group in which nothing counts yet leaves its weight to the others.
    """
    parts = []
    for group in groups:
        items = percents.get(group.name, {})
        found = mean(items, lowest(items, group.drop))
        if found is not None:
            parts.append((group.weight, found))
    return weigh(parts) if parts else None


def reaches(percent: float | None, least: float) -> bool:
    """Whether a percent is enough; a hair of floating point never costs a grade."""
    return percent is not None and percent + HAIR >= least


def letter(cutoffs: Sequence[tuple[str, float]], percent: float | None) -> str:
    """The best grade that the percent reaches, or an empty string."""
    return next((name for name, least in cutoffs if reaches(percent, least)), "")


def needed(
    groups: Sequence[Group], percents: Mapping[str, Mapping[str, float]],
    to_come: Mapping[str, int], least: float,
) -> float | None:
    """The smallest percent, in tenths, that brings the course to `least` when each item that is
    still to come earns it; None where not even 100 does.

    `to_come` holds how many items of each group are missing in `percents`.
    """

    def enough(tenths: int) -> bool:
        return reaches(course_percent(groups, filled(percents, to_come, tenths / 10)), least)

    if not enough(_TENTHS):
        return None
    low, high = -1, _TENTHS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high / 10


def filled(
    percents: Mapping[str, Mapping[str, float]], to_come: Mapping[str, int], percent: float
) -> dict[str, dict[str, float]]:
    """The percents as they would be if each item that is to come earned `percent`."""
    whole = {name: dict(items) for name, items in percents.items()}
    for name, count in to_come.items():
        items = whole.setdefault(name, {})
        items.update({f" {place}": percent for place in range(count)})
    return whole

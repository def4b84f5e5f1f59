"""Controls of an exploration: what a learner may change, and which of its values a page keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kit.lesson.markup import plain
from kit.lesson.numerals import numeral
from kit.lesson.saying import say

RADIOS = 5
"""With more texts than this to choose from, a list unfolds instead of radio buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One argument of the function. `values` are what it takes, `shown` how each is written.

    `form` is slider, choice or switch; `steps` are the places of the values that a page keeps;
    `start` is the place of the first one.
    """

    name: str
    form: str
    label: str
    values: tuple[Any, ...]
    shown: tuple[str, ...]
    start: int
    steps: tuple[int, ...]
    unit: str = ""

    @property
    def keys(self) -> list[Any]:
        """The values as plain data, by which a state names them."""
        plain = all(isinstance(one, int | float) for one in self.values)
        return list(self.values if plain and self.form != "choice" else self.shown)


def control(
    name: str, given: Any, *, label: str = "", unit: str = "", start: Any = None
) -> Control:
    """The control for an argument: of a range or numbers a slider, of texts or {text: value} a
    choice, of True or False a switch.

    Raises TypeError for anything else, and ValueError for values that leave nothing to choose.
    """
    label = label or _label(name)
    if isinstance(given, bool):
        return Control(name=name, form="switch", label=label, values=(False, True),
                       shown=(say("no"), say("yes")), steps=(0, 1),
                       start=int(given if start is None else bool(start)))
    form, values, shown = _values(name, given)
    if len(values) < 2:
        raise ValueError(f"{name}= has {len(values)} value: a learner needs two or more to move "
                         f"between. Give a fixed value inside the function")
    if len(set(shown)) < len(shown):
        raise ValueError(f"{name}= has the same value twice, as it is shown: "
                         f"{next(one for one in shown if shown.count(one) > 1)}")
    return Control(name=name, form=form, label=label, values=values, shown=shown, unit=unit,
                   start=_place(name, form, start, values, shown),
                   steps=tuple(range(len(values))))


def _values(name: str, given: Any) -> tuple[str, tuple[Any, ...], tuple[str, ...]]:
    if isinstance(given, Mapping):
        return "choice", tuple(given.values()), tuple(str(one) for one in given)
    if callable(getattr(given, "tolist", None)):  # an array of numpy
        given = given.tolist()
    if not isinstance(given, range | list):
        raise TypeError(
            f"{name}= is a range, a list of numbers, a list of texts, {{text: value}}, or True or "
            f"False; not {given!r}. A range from 0 to 10 is range(0, 11)")
    values = tuple(given)
    if all(isinstance(one, str) for one in values):
        return "choice", values, values
    for one in values:
        if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one):
            raise TypeError(f"{name}= holds numbers alone, or texts alone; not {one!r}")
    values = tuple(round(one, 12) if isinstance(one, float) else one for one in values)
    grouped = "year" not in name.lower()
    return "slider", values, tuple(exact(one, grouped) for one in values)


def exact(value: float, grouped: bool) -> str:
    """A number with all the figures that somebody chose, and no more."""
    if float(value).is_integer():
        return numeral(value, grouped=grouped)
    return f"{value:.12f}".rstrip("0").replace("-", "−") if abs(value) >= 1e-6 else f"{value:g}"


def _place(
    name: str, form: str, start: Any, values: Sequence[Any], shown: Sequence[str]
) -> int:
    """Where it starts: a slider near its middle, so that both ways are open; a choice at its
    first."""
    if start is None:
        return (len(values) - 1) // 2 if form == "slider" else 0
    for known in (values, shown):
        if start in known:
            return list(known).index(start)
    raise ValueError(f"start= of {name} is none of its values: {start!r}")


def _label(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words if len(words) < 2 else words[0].upper() + words[1:]


# --------------------------------------------------------------------------------- a grid


def states(controls: Sequence[Control]) -> int:
    """How many states a page keeps."""
    return math.prod(len(one.steps) for one in controls)


def coarser(controls: Sequence[Control], most: int) -> list[Control] | None:
    """Controls with at most `most` states, by wider steps of the sliders that have the most; None
    where that cannot be. The ends and the start of a slider stay."""
    strides = [1] * len(controls)
    found = list(controls)
    while states(found) > most:
        wide = [place for place, one in enumerate(found)
                if one.form == "slider" and len(one.steps) > 3]
        if not wide:
            return None
        place = max(wide, key=lambda at: len(found[at].steps))
        strides[place] += 1
        found[place] = _strided(controls[place], strides[place])
    return found


def _strided(whole: Control, stride: int) -> Control:
    last = len(whole.values) - 1
    kept = {*range(0, last + 1, stride), last, whole.start}
    return Control(name=whole.name, form=whole.form, label=whole.label, values=whole.values,
                   shown=whole.shown, start=whole.start, steps=tuple(sorted(kept)),
                   unit=whole.unit)


def in_words(one: Control) -> str:
    """What a control offers, for where it cannot be moved."""
    label, unit = plain(one.label), f" {one.unit}" if one.unit else ""
    here = one.shown[one.start]
    if one.form != "slider":
        return say("{label}: {values}. Here: {here}.", label=label, values=", ".join(one.shown),
                   here=here)
    kept = [one.values[at] for at in one.steps]
    apart = {round(later - earlier, 9) for earlier, later in pairwise(kept)}
    ends = {"label": label, "low": one.shown[one.steps[0]],
            "high": f"{one.shown[one.steps[-1]]}{unit}", "here": f"{here}{unit}"}
    if len(apart) != 1:
        return say("{label}: {low} to {high}. Here: {here}.", **ends)
    return say("{label}: {low} to {high} in steps of {step}. Here: {here}.",
               **ends, step=exact(apart.pop(), grouped=True))


def named(controls: Sequence[Control]) -> str:
    """What the controls are called, within a sentence."""
    words = [_inner(one.label) for one in controls]
    return words[0] if len(words) == 1 else say(
        "{names} and {last}", names=", ".join(words[:-1]), last=words[-1])


def _inner(label: str) -> str:
    """A label within a sentence; GDP stays as it is."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label

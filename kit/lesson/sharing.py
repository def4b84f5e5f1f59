"""One budget for a page: what all its explorations hold together, from what each of them holds.

An exploration knows of no other when it is made. So a page is brought to its budget afterwards,
and without running anything: sliders go in wider steps, and what nothing shows any more is left
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from kit.lesson.controls import Control, coarser, states
from kit.lesson.states import BYTES, STATES, packed

_HELD = ("views", "grid", "lists", "texts", "colours", "extents")
_LISTED = ("x", "y", "names", "values")

Spec = Mapping[str, Any]


def fitted(specs: Sequence[Spec]) -> list[dict[str, Any]]:
    """The specs of a page's explorations as the page holds them, within 400 states and 400 kB
    together where that can be.

    Each gets an equal share; what a small one leaves of it goes to the others.
    """
    held = [_subset(one, _kept(one)) for one in specs]
    if sum(_states(one) for one in held) <= STATES and sum(map(_size, held)) <= BYTES:
        return held
    states_left, bytes_left = STATES, BYTES
    order = sorted(range(len(held)), key=lambda at: max(
        _states(held[at]) / STATES, _size(held[at]) / BYTES))
    for done, at in enumerate(order):
        others = len(order) - done
        held[at] = _smaller(held[at], states_left // others, bytes_left // others)
        states_left = max(0, states_left - _states(held[at]))
        bytes_left = max(0, bytes_left - _size(held[at]))
    return held


def wider(before: Spec, after: Spec) -> dict[str, tuple[int, int]]:
    """For each control that goes in wider steps on the page: how many of its values are kept, of
    how many."""
    return {had["name"]: (len(has["steps"]), had.get("whole", len(had["keys"])))
            for had, has in zip(before["controls"], after["controls"], strict=True)
            if len(has["steps"]) < had.get("whole", len(had["keys"]))}


def totals(specs: Sequence[Spec]) -> tuple[int, int]:
    """The states that these hold together, and what they take, in bytes."""
    return sum(map(_states, specs)), sum(map(_size, specs))


def _smaller(spec: Spec, most: int, size: int) -> dict[str, Any]:
    """The spec with at most so many states and bytes; as it is where no step can be wider."""
    controls = [_control(one) for one in spec["controls"]]
    found = dict(spec)
    goal = most
    while _states(found) > most or _size(found) > size:
        if _states(found) <= most:
            goal = int(_states(found) * size / _size(found) * 0.97)
        fewer = coarser(controls, goal)
        if fewer is None:
            return found
        found = _subset(spec, [list(one.steps) for one in fewer])
    return found


def _control(data: Spec) -> Control:
    """A control as the front end has it; its keys stand for its values."""
    return Control(name=data["name"], form=data["form"], label="", values=tuple(data["keys"]),
                   shown=tuple(data["shown"]), start=data["start"], steps=tuple(data["steps"]))


def _kept(spec: Spec) -> list[list[int]]:
    return [list(one["steps"]) for one in spec["controls"]]


def _states(spec: Spec) -> int:
    return states([_control(one) for one in spec["controls"]])


def _size(spec: Spec) -> int:
    return packed({name: spec[name] for name in (*_HELD, "controls")})


def _subset(spec: Spec, kept: Sequence[Sequence[int]]) -> dict[str, Any]:
    """The spec with these steps of its controls alone, and with what is seen at them."""
    had = [one["steps"] for one in spec["controls"]]
    places = {at: place for place, at in enumerate(product(*had))}
    rows = [spec["grid"][places[at]] for at in product(*kept)]
    views = list(dict.fromkeys(at for row in rows for at in row[:-1]))
    texts = list(dict.fromkeys(row[-1] for row in rows))
    shown, lists = _listed([spec["views"][at] for at in views], spec["lists"])
    return {
        **spec, "views": shown, "lists": lists, "texts": [spec["texts"][at] for at in texts],
        "grid": [[*(views.index(at) for at in row[:-1]), texts.index(row[-1])] for row in rows],
        "controls": [_with(one, steps) for one, steps in zip(spec["controls"], kept, strict=True)],
        "budget": {**spec["budget"], "kept": len(rows)},
    }


def _with(control: Spec, steps: Sequence[int]) -> dict[str, Any]:
    """The control with the values at these steps alone: a page can ask for no others."""
    return {**control, "keys": [control["keys"][at] for at in steps],
            "shown": [control["shown"][at] for at in steps],
            "start": list(steps).index(control["start"]), "steps": list(range(len(steps)))}


def _listed(
    views: Sequence[Spec], lists: Sequence[Any]
) -> tuple[list[dict[str, Any]], list[Any]]:
    """These views, and of the lists that views share those in use."""
    used: dict[int, int] = {}

    def moved(part: Spec) -> dict[str, Any]:
        found = dict(part)
        for name in _LISTED:
            if isinstance(part.get(name), int):
                found[name] = used.setdefault(part[name], len(used))
        if "marks" in part:
            found["marks"] = [moved(one) for one in part["marks"]]
        return found

    shown = [{**one, "chart": moved(one["chart"])} if "chart" in one else dict(one)
             for one in views]
    return shown, [lists[at] for at in used]

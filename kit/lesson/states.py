"""States of an exploration: what is seen at each place of its controls, and how many a page holds.

All that a page shows alive shares one budget. Here one exploration is kept in it while its
function can still be run; `kit.lesson.sharing` brings those of a whole page to it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from kit.lesson.charts import colours, extent
from kit.lesson.controls import Control, coarser, states
from kit.lesson.markup import inline
from kit.lesson.views import View

STATES = 400
"""The states that a page holds at most, those of all its explorations together."""
BYTES = 400_000
"""What they take on the page at most, packed."""
TOO_MANY = ("{count} states are more than the {most} that a page holds, and no slider is left to "
            "go in wider steps: offer less to choose from")
"""Why an exploration cannot be kept."""

_SHORT = 6

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What an exploration takes of a page: the states it has and those kept, and bytes packed.

    `wider` tells for each control whose steps are wider on the page how many of its values stay.
    """

    states: int
    kept: int
    size: int
    wider: Mapping[str, tuple[int, int]]

    @property
    def is_kept(self) -> bool:
        """Whether what the page holds is within the limits."""
        return self.kept <= STATES and self.size <= BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is seen at one place of the grid. `told` is the author's sentence, as HTML."""

    views: tuple[View, ...]
    told: str
    said: str


def control_data(one: Control) -> dict[str, Any]:
    """A control for the front end."""
    return {"name": one.name, "form": one.form, "label": inline(one.label), "unit": one.unit,
            "keys": one.keys, "shown": list(one.shown), "start": one.start,
            "steps": list(one.steps)}


def within(
    run: Callable[[Places], State], controls: Sequence[Control], most: int = STATES
) -> tuple[list[Control], dict[str, Any]]:
    """The controls with the steps that a page holds, and all that is seen at them.

    `most` is a smaller number of states, kept where steps can be wider. Raises ValueError (with
    TOO_MANY) for more states than a page holds where no step can be wider.
    """
    kept = coarser(controls, min(most, _likely(run, controls)))
    kept = kept or coarser(controls, STATES)
    if kept is None:
        raise ValueError(TOO_MANY.format(count=whole(controls), most=STATES))
    held = _held(run, kept)
    while (size := packed(held)) > BYTES:
        fewer = coarser(controls, int(states(kept) * BYTES / size * 0.97))
        if fewer is None:
            break
        kept, held = fewer, _held(run, fewer)
    return kept, held


def _likely(run: Callable[[Places], State], controls: Sequence[Control]) -> int:
    """About how many states a page could hold, from three of them: a figure takes long to draw,
    and hundreds would be drawn in vain."""
    ends = ([one.start for one in controls], [0 for _ in controls],
            [len(one.values) - 1 for one in controls])
    views = {json.dumps(view.as_data()) for places in ends for view in run(tuple(places)).views}
    each = sum(map(len, views)) * 4 / 3 / len(ends)
    return max(len(ends), int(2 * BYTES / each))


def _held(run: Callable[[Places], State], controls: Sequence[Control]) -> dict[str, Any]:
    """All states of the grid: each distinct view and text once, and for each place (the last
    control the fastest) which they are."""
    views: dict[str, int] = {}
    texts: dict[tuple[str, str], int] = {}
    grid = []
    seen = []
    for places in product(*(one.steps for one in controls)):
        state = run(places)
        seen.append(state)
        row = [views.setdefault(json.dumps(view.as_data()), len(views)) for view in state.views]
        grid.append([*row, texts.setdefault((state.told, state.said), len(texts))])
    lists: dict[str, int] = {}
    return {
        "views": [_shared(json.loads(one), lists) for one in views], "grid": grid,
        "lists": [json.loads(one) for one in lists],
        "colours": colours(view.chart for state in seen for view in state.views if view.chart),
        "texts": [{"told": told, "said": said} for told, said in texts],
        "extents": _extents(seen),
    }


def _shared(view: dict[str, Any], lists: dict[str, int]) -> dict[str, Any]:
    """A view whose long lists stand once for all views: most curves share what is across."""
    def place(given: list[Any]) -> Any:
        return lists.setdefault(json.dumps(given), len(lists)) if len(given) > _SHORT else given

    for part in (view.get("chart", {}), *view.get("chart", {}).get("marks", ())):
        for name in ("x", "y", "names", "values"):
            if isinstance(part.get(name), list):
                part[name] = place(part[name])
    return view


def _extents(seen: Sequence[State]) -> list[dict[str, list[float]]]:
    """For each view the range over all states: a scale that moved would hide what moves."""
    found: list[dict[str, list[float]]] = [{} for _ in seen[0].views]
    for state in seen:
        for place, view in enumerate(state.views):
            for axis, (low, high) in (extent(view.chart) if view.chart else {}).items():
                known = found[place].setdefault(axis, [low, high])
                known[:] = [min(known[0], low), max(known[1], high)]
    return found


def whole(controls: Sequence[Control]) -> int:
    """How many states there are, those that no page keeps among them."""
    return math.prod(len(one.values) for one in controls)


def packed(held: Mapping[str, Any]) -> int:
    """What it takes on a page, where base64 makes four bytes of three."""
    return len(json.dumps(held)) * 4 // 3

"""All states of interacts that share their widgets, as the spec of an exploration."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kit.lesson.component import identity
from kit.lesson.controls import Control, named, states
from kit.lesson.exploring import still
from kit.lesson.interacts import Interact
from kit.lesson.markup import inline, plain
from kit.lesson.movable import Movable, movable
from kit.lesson.outputs import CannotFreeze, shown_by, unnamed
from kit.lesson.saying import say
from kit.lesson.states import STATES, TOO_MANY, Places, State, control_data, packed, whole, within
from kit.lesson.views import View


def frozen(
    members: Sequence[Interact], stand: Callable[[], None], seconds: float
) -> dict[str, Any] | None:
    """The spec and the static HTML of interacts, each a view; None where nothing can be moved.

    `stand` puts names and random numbers as they stood. Raises CannotFreeze where a page cannot
    hold them, or `seconds` are not enough to run them.
    """
    moved = _moved(members)
    controls = [control for one in moved.values() for control in one.controls]
    if not controls:
        return None
    run = _runner(members, moved, stand, time.monotonic() + seconds)
    kept_values = {name: dict(widget._trait_values) for name, widget in _widgets(members).items()}
    try:
        most = _in_time(run, controls, seconds)
        kept, held = within(run, controls, most)
        first = run(tuple(one.start for one in controls))
    except ValueError:
        raise CannotFreeze(say(TOO_MANY, count=whole(controls), most=STATES)) from None
    finally:
        for name, widget in _widgets(members).items():
            widget._trait_values.update(kept_values[name])
    asked = say("Change {names}", names=named(controls))
    spec = {
        "kind": "explore", "question": inline(asked), "label": say("Interact"), "asks": False,
        "id": identity("interact", None, *(one.name for one in members),
                       *(one.name for one in controls)),
        "controls": [{**control_data(one), "whole": _whole(one, moved)} for one in kept], **held,
        "budget": {"states": math.prod(one.whole for one in moved.values()),
                   "kept": states(kept), "size": packed(held),
                   "slow": most < min(STATES, whole(controls))},
    }
    return {"spec": spec, "static": still(spec, kept, first),
            "wordless": any(unnamed() in view["html"] for view in held["views"])}


def _widgets(members: Sequence[Interact]) -> dict[str, Any]:
    return {widget.model_id: widget for one in members for widget in one.controls.values()}


def _moved(members: Sequence[Interact]) -> dict[str, Movable]:
    """How each widget is moved, by its id. No two controls are called the same."""
    found: dict[str, Movable] = {}
    names: set[str] = set()
    for one in members:
        for argument, widget in one.controls.items():
            if widget.model_id in found:
                continue
            name = argument
            while name in names:
                name += "_"
            names.add(name)
            found[widget.model_id] = movable(widget, name)
    return found


def _whole(control: Control, moved: dict[str, Movable]) -> int:
    """How many values the widget of a control had, before a page could hold them."""
    for one in moved.values():
        if control.name in [known.name for known in one.controls]:
            return one.whole if len(one.controls) == 1 else len(control.values)
    return len(control.values)


def _runner(
    members: Sequence[Interact], moved: dict[str, Movable], stand: Callable[[], None],
    deadline: float,
) -> Callable[[Places], State]:
    """What gives the state at a place of the grid. Each function runs once for what it follows."""
    views: dict[tuple[Any, ...], View] = {}

    def seen(number: int, at: dict[str, Places]) -> View:
        member = members[number]
        key = (number, *(at[widget.model_id] for widget in member.controls.values()))
        if key not in views:
            if time.monotonic() > deadline:
                raise CannotFreeze(say("its states take too long to run; make the function faster, "
                                       "or ask for fewer values"))
            values = {name: one.value([control.values[place] for control, place
                                       in zip(one.controls, at[name], strict=True)])
                      for name, one in moved.items()}
            for name, one in moved.items():
                one.put(values[name])
            stand()
            views[key] = shown_by(member.function, arguments(member, values),
                                  result=member.result)
        return views[key]

    def run(places: Places) -> State:
        at: dict[str, Places] = {}
        left = places
        for name, one in moved.items():
            at[name], left = left[:len(one.controls)], left[len(one.controls):]
        shown = tuple(seen(number, at) for number in range(len(members)))
        said = " ".join(filter(None, (view.said for view in shown)))
        return State(views=shown, told="", said=said or _said(moved, at))

    return run


def arguments(member: Interact, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the function is called with: values by the id of their widget, and those of `fixed`."""
    return {name: values[one.model_id] if name in member.controls else getattr(one, "value", one)
            for name, one in member.arguments.items()}


def _said(moved: dict[str, Movable], at: dict[str, Places]) -> str:
    """Where a picture has no words of its own: what it was drawn for."""
    return ", ".join(f"{plain(control.label)} {control.shown[place]}"
                     for name, one in moved.items()
                     for control, place in zip(one.controls, at[name], strict=True))


def _in_time(run: Callable[[Places], State], controls: Sequence[Control], seconds: float) -> int:
    """How many states can be run in half of the time, from the quickest of three: the first one
    may have had to load what draws it."""
    each = float("inf")
    for places in ([one.start for one in controls], [0 for _ in controls],
                   [len(one.values) - 1 for one in controls]):
        began = time.monotonic()
        run(tuple(places))
        took = time.monotonic() - began
        each = min(each, max(took, 1e-4)) if took > 1e-5 else each  # known already
    return max(3, min(STATES, int(seconds / 2 / each)))

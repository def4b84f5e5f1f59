"""What a widget of ipywidgets lets a learner choose, as controls of an exploration.

A range of two values is two sliders, a selection of several is a switch for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.lesson.controls import Control, exact
from kit.lesson.interacts import a_kind
from kit.lesson.outputs import CannotFreeze
from kit.lesson.saying import say
from kit.lesson.states import STATES

_MOST = 100_000  # values of one widget; more are no choice but a continuum


@dataclass(frozen=True, slots=True, kw_only=True)
class Movable:
    """The controls that stand for one widget, how many values it has in all, and its value from
    theirs. `put` makes the widget itself hold a value, as code may ask it."""

    controls: tuple[Control, ...]
    whole: int
    value: Callable[[Sequence[Any]], Any]
    put: Callable[[Any], None]


def movable(widget: Any, argument: str) -> Movable:
    """How a widget is moved.

    Raises CannotFreeze where it takes free text, has no steps, or is of a kind that is not known.
    """
    import ipywidgets as ipw

    kind = a_kind(widget)
    if type(widget).get_interact_value is not ipw.ValueWidget.get_interact_value:
        raise CannotFreeze(say("{kind} makes its value in a way of its own", kind=kind))
    if getattr(widget, "disabled", False):
        return Movable(controls=(), whole=1, value=lambda _: widget.value, put=lambda _: None)
    for names, make in _KINDS:
        if any(isinstance(widget, getattr(ipw, name)) for name in names):
            return make(widget, argument)
    raise CannotFreeze(_why_not(type(widget).__name__, kind))


def _why_not(name: str, kind: str) -> str:
    if name in ("Text", "Textarea", "Combobox", "Password"):
        return say("{kind} takes whatever is typed", kind=kind)
    if name in ("IntText", "FloatText"):
        return say("{kind} has no least and no greatest value ({other} has)", kind=kind,
                   other=f"Bounded{name}")
    if name == "Play":
        return say("{kind} runs by itself", kind=kind)
    return say("{kind} has no list of values to go through", kind=kind)


def _numbers(widget: Any, argument: str) -> Movable:
    values, whole, (start,) = _steps(widget, [widget.value])
    return _one(widget, argument, "slider", values, [_shown(one) for one in values], start, whole)


def _logs(widget: Any, argument: str) -> Movable:
    exponents = _walk(widget.min, widget.max, widget.step, a_kind(widget))
    every = [_rounded(widget.base**one) for one in exponents]
    start = _rounded(widget.value)
    values = sorted({*_thinned(every), start})
    return _one(widget, argument, "slider", values, [f"{one:.6g}" for one in values],
                values.index(start), len({*every, start}))


def _rounded(value: float) -> float:
    return float(f"{value:.12g}")


def _switch(widget: Any, argument: str) -> Movable:
    return _one(widget, argument, "switch", [False, True], [say("no"), say("yes")],
                int(bool(widget.value)))


def _choice(widget: Any, argument: str) -> Movable:
    labels, values = list(widget._options_labels), list(widget._options_values)
    at = widget.index
    if at is None:
        labels, values, at = [say("nothing chosen"), *labels], [None, *values], 0
    form = "slider" if type(widget).__name__ == "SelectionSlider" else "choice"

    def put(value: Any) -> None:
        place = next((here for here, one in enumerate(values) if one is value), 0)
        index = place if widget.index is not None else place - 1
        _hold(widget, value=value, index=index if index >= 0 else None,
              label=labels[place] if index >= 0 else None)

    return replace(_one(widget, argument, form, values, labels, at), put=put)


def _range(widget: Any, argument: str) -> Movable:
    values, whole, starts = _steps(widget, list(widget.value))
    shown = [_shown(one) for one in values]
    made = [_control(name, label, "slider", values, shown, start)
            for (name, label), start in zip(_ends(widget, argument), starts, strict=True)]
    return Movable(controls=tuple(made), whole=whole * whole,
                   value=lambda ends: (min(ends), max(ends)),
                   put=lambda value: _hold(widget, value=value))


def _choice_range(widget: Any, argument: str) -> Movable:
    labels, values = list(widget._options_labels), list(widget._options_values)
    places = list(range(len(values)))
    made = [_control(name, label, "slider", places, _distinct(labels), at)
            for (name, label), at in zip(_ends(widget, argument), widget.index, strict=True)]
    return Movable(controls=tuple(made), whole=len(values) ** 2,
                   value=lambda ends: (values[min(ends)], values[max(ends)]),
                   put=lambda value: _hold(widget, value=value))


def _several(widget: Any, argument: str) -> Movable:
    labels, values = _distinct(list(widget._options_labels)), list(widget._options_values)
    made = [_control(f"{argument}_{place}", f"{_label(widget, argument)}: {label}", "switch",
                     [False, True], [say("no"), say("yes")], int(place in widget.index))
            for place, label in enumerate(labels)]

    def value(chosen: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(one for one, on in zip(values, chosen, strict=True) if on)

    return Movable(controls=tuple(made), whole=2 ** len(values), value=value,
                   put=lambda chosen: _hold(widget, value=chosen))


_KINDS: tuple[tuple[tuple[str, ...], Callable[[Any, str], Movable]], ...] = (
    (("IntSlider", "BoundedIntText", "FloatSlider", "BoundedFloatText"), _numbers),
    (("FloatLogSlider",), _logs), (("Checkbox", "ToggleButton"), _switch),
    (("Dropdown", "RadioButtons", "Select", "ToggleButtons", "SelectionSlider"), _choice),
    (("IntRangeSlider", "FloatRangeSlider"), _range), (("SelectionRangeSlider",), _choice_range),
    (("SelectMultiple",), _several),
)


# ------------------------------------------------------------------------------- a control


def _one(
    widget: Any, argument: str, form: str, values: Sequence[Any], shown: Sequence[str],
    start: int, whole: int | None = None,
) -> Movable:
    """One control, or none where there is a single value."""
    if len(values) < 2:
        return Movable(controls=(), whole=1, value=lambda _: widget.value, put=lambda _: None)
    made = _control(argument, _label(widget, argument), form, values, _distinct(shown), start)
    return Movable(controls=(made,), whole=whole or len(values), value=lambda given: given[0],
                   put=lambda value: _hold(widget, value=value))


def _control(
    name: str, label: str, form: str, values: Sequence[Any], shown: Sequence[str], start: int
) -> Control:
    return Control(name=name, form=form, label=label, values=tuple(values), shown=tuple(shown),
                   start=start, steps=tuple(range(len(values))))


def _label(widget: Any, argument: str) -> str:
    return str(getattr(widget, "description", "") or argument).rstrip(":")


def _ends(widget: Any, argument: str) -> list[tuple[str, str]]:
    """The names of the two sliders of a range, and what they are called."""
    label = _label(widget, argument)
    return [(f"{argument}_from", say("{label} from", label=label)),
            (f"{argument}_to", say("{label} to", label=label))]


def _distinct(shown: Sequence[str]) -> list[str]:
    """A state is named by what is chosen, so no two may be called the same."""
    found: list[str] = []
    for one in map(str, shown):
        again = found.count(one) + sum(other.startswith(f"{one} (") for other in found)
        found.append(f"{one} ({again + 1})" if one in found else one)
    return found


def _shown(value: float) -> str:
    return exact(value, grouped=True)


def _hold(widget: Any, **traits: Any) -> None:
    """Let a widget hold values without telling anybody."""
    widget._trait_values.update(traits)


# ----------------------------------------------------------------------------------- steps


def _steps(widget: Any, starts: Sequence[float]) -> tuple[list[Any], int, list[int]]:
    """The values in order, those where it starts among them, as many as a page could hold; how
    many there are; and the places where it starts."""
    every = _walk(widget.min, widget.max, widget.step, a_kind(widget))
    starts = [round(one, 12) if isinstance(one, float) else one for one in starts]
    values = sorted({*_thinned(every), *starts})
    return values, len({*every, *starts}), [values.index(one) for one in starts]


def _walk(low: float, high: float, step: float | None, kind: str) -> list[float]:
    if not step or step < 0:
        raise CannotFreeze(say("{kind} without a step has no list of values to go through",
                               kind=kind))
    count = math.floor((high - low) / step + 1e-9) + 1
    if count > _MOST:
        raise CannotFreeze(say("{kind} has {count} values; give it a wider step", kind=kind,
                               count=f"{count:,}"))
    whole = all(isinstance(one, int) for one in (low, step))
    return [low + at * step if whole else round(low + at * step, 12) for at in range(count)]


def _thinned(values: Sequence[float]) -> Sequence[float]:
    """Every second, third, ... of values that are more than a page could ever hold."""
    stride = math.ceil(len(values) / STATES)
    return values if stride < 2 else [*values[::stride], values[-1]]

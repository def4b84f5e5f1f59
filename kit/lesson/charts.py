"""Charts that the front end draws from data: bars, columns of parts, lines and points.

    bars({"Cash": 500, "Profit": 1500})
    bars({"Has": {"cash": 500, "machine": 6000}, "From": {"bank": 3000, "owner": 3500}})
    points(hours, marks) + line(hours, fitted, name="fit")

They are drawn in the colours of the page, light and dark, with their names beside the marks. A
chart is a few hundred bytes, a picture of it ten thousand: many states of it fit on a page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kit.lesson.numerals import numeral
from kit.lesson.saying import say

READ = 12
"""More bars than this are read as a shape, with a scale; fewer each with its value."""
_COLOURED = 5  # more bars than this are one series in one colour

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A bar for each name. `span` is the least range of values that the picture covers."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    caption: str = ""
    unit: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns side by side, each of named parts that add up. No part is below 0."""

    names: tuple[str, ...]
    parts: tuple[tuple[tuple[str, float], ...], ...]
    caption: str = ""
    unit: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One line or one cloud of points. `form` is line or points."""

    form: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Lines and points on two axes. Two plots are put over each other with +.

    Without a scale upwards, `y` is None.
    """

    marks: tuple[Marks, ...]
    x: str = ""
    y: str | None = ""
    caption: str = ""
    x_span: Span | None = None
    y_span: Span | None = None

    def __add__(self, other: object) -> Plot:
        if not isinstance(other, Plot):
            return NotImplemented
        return replace(
            self, marks=self.marks + other.marks, x=self.x or other.x,
            y=None if None in (self.y, other.y) else self.y or other.y,
            caption=self.caption or other.caption, x_span=self.x_span or other.x_span,
            y_span=self.y_span or other.y_span)


Chart = Bars | Columns | Plot


def bars(
    values: Mapping[Any, Any], *, caption: str = "", unit: str = "", span: Span | None = None
) -> Bars | Columns:
    """A bar for each name of {name: number}; of {name: {part: number}}, a column of its parts.

    `span` is a range of values that the picture covers at least, such as (0, 1); without it,
    that of all states of an exploration. Raises TypeError for what is no number, and ValueError
    for no bar at all or a part below 0.
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"bars are drawn from a mapping, such as {{'Cash': 500}}; not {values!r}")
    if not values:
        raise ValueError("bars need one value or more")
    names = tuple(str(name) for name in values)
    shared: dict[str, Any] = {"caption": caption, "unit": unit, "span": _span(span)}
    if not any(isinstance(value, Mapping) for value in values.values()):
        return Bars(names=names, values=_numbers(values.values()), **shared)
    if not all(isinstance(value, Mapping) for value in values.values()):
        raise TypeError("bars are all numbers, or all mappings of parts")
    parts = tuple(tuple(zip(map(str, one), _numbers(one.values()), strict=True))
                  for one in values.values())
    below = [name for one in parts for name, value in one if value < 0]
    if below:
        raise ValueError(f"a part of a column is not below 0: {below[0]!r}; draw plain bars of it")
    return Columns(names=names, parts=parts, **shared)


def line(
    xs: Iterable[Any], ys: Iterable[Any], *, name: str = "", x: str = "", y: str | None = "",
    caption: str = "", x_span: Span | None = None, y_span: Span | None = None,
) -> Plot:
    """A line through (xs, ys). `name` stands at its end, of an upright line on top; `x` and `y`
    name the axes. With y=None there is no scale upwards: for rows of points, whose height tells
    nothing.

    `x_span` and `y_span` are ranges that the axes cover at least. Raises TypeError for what is
    no number, and ValueError where there are not as many of xs as of ys.
    """
    return _plot("line", xs, ys, name, Plot(
        marks=(), x=x, y=y, caption=caption, x_span=_span(x_span), y_span=_span(y_span)))


def points(
    xs: Iterable[Any], ys: Iterable[Any], *, name: str = "", x: str = "", y: str | None = "",
    caption: str = "", x_span: Span | None = None, y_span: Span | None = None,
) -> Plot:
    """A point at each of (xs, ys); what it takes is as with `line`."""
    return _plot("points", xs, ys, name, Plot(
        marks=(), x=x, y=y, caption=caption, x_span=_span(x_span), y_span=_span(y_span)))


def _plot(form: str, xs: Iterable[Any], ys: Iterable[Any], name: str, axes: Plot) -> Plot:
    across, up = _numbers(xs), _numbers(ys)
    if len(across) != len(up):
        raise ValueError(f"a {form} needs as many y as x; here {len(across)} x and {len(up)} y")
    if not across:
        raise ValueError(f"{form} of no values cannot be drawn")
    return replace(axes, marks=(Marks(form=form, x=across, y=up, name=name),))


def _numbers(values: Iterable[Any]) -> tuple[float, ...]:
    found = []
    for value in values:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise TypeError(f"a chart is drawn of numbers; not {value!r}") from None
        if not math.isfinite(number):
            raise ValueError(f"a chart is drawn of finite numbers; not {value!r}")
        found.append(number)
    return tuple(found)


def _span(span: Span | None) -> Span | None:
    if span is None:
        return None
    low, high = _numbers(span)
    if not low < high:
        raise ValueError(f"a span goes from a lower to a higher value, not {span!r}")
    return low, high


# ------------------------------------------------------------------------- what others ask


def as_data(chart: Chart) -> dict[str, Any]:
    """A chart as plain data for the front end."""
    if isinstance(chart, Plot):
        return {"form": "plot", "x": chart.x, "y": chart.y, "caption": chart.caption,
                "marks": [{"form": one.form, "name": one.name, "x": _short(one.x),
                           "y": _short(one.y)} for one in chart.marks]}
    shared = {"names": list(chart.names), "caption": chart.caption, "unit": chart.unit}
    if isinstance(chart, Bars):
        said = [numeral(value) for value in chart.values] if len(chart.names) <= READ else []
        return {"form": "bars", **shared, "values": _short(chart.values), "said": said}
    return {"form": "columns", **shared, "parts": [
        [[name, *_short([value]), numeral(value)] for name, value in one] for one in chart.parts]}


def extent(chart: Chart) -> dict[str, Span]:
    """The range of values that a chart covers on each axis."""
    if isinstance(chart, Plot):
        across = [value for one in chart.marks for value in one.x]
        up = [value for one in chart.marks for value in one.y]
        return {"x": _cover(across, chart.x_span), "y": _cover(up, chart.y_span)}
    if isinstance(chart, Bars):
        return {"y": _cover([0.0, *chart.values], chart.span)}
    return {"y": _cover([0.0, *(sum(value for _, value in one) for one in chart.parts)],
                        chart.span)}


def series(chart: Chart) -> list[str]:
    """The names in a chart that have a colour of their own, the same in all linked views."""
    if isinstance(chart, Plot):
        return [one.name or one.form for one in chart.marks]
    if isinstance(chart, Bars):
        return list(chart.names)
    return [name for one in chart.parts for name, _ in one]


def colours(charts: Iterable[Chart]) -> dict[str, int]:
    """A colour for each name, the same wherever the name stands; many bars are one series."""
    found: dict[str, int] = {}
    for chart in charts:
        if isinstance(chart, Bars) and len(chart.names) > _COLOURED:
            continue
        for name in series(chart):
            found.setdefault(name.lower(), len(found))
    return found


def sentence(chart: Chart) -> str | None:
    """What a chart of bars says, in words; None for a plot or a shape of many bars, whose point
    only its author knows."""
    if isinstance(chart, Plot) or (isinstance(chart, Bars) and len(chart.names) > READ):
        return None
    unit = f" {chart.unit}" if chart.unit else ""
    if isinstance(chart, Bars):
        return ", ".join(f"{name} {numeral(value)}{unit}" for name, value
                         in zip(chart.names, chart.values, strict=True))
    said = []
    for name, one in zip(chart.names, chart.parts, strict=True):
        parts = ", ".join(f"{part} {numeral(value)}" for part, value in one)
        total = f"{numeral(sum(value for _, value in one))}{unit}"
        said.append(say("{name}: {parts}, together {total}", name=name, parts=parts, total=total))
    return "; ".join(said)


def rows(chart: Chart, most: int = 9) -> tuple[list[str], list[list[str]]]:
    """A chart as the head and the rows of a table, for paper; of a long plot, `most` rows, and
    without a scale upwards from where to where each of its marks reaches."""
    if isinstance(chart, Bars):
        return (["", chart.unit], [[name, numeral(value)] for name, value
                                   in zip(chart.names, chart.values, strict=True)])
    if isinstance(chart, Columns):
        return (["", "", chart.unit], [
            [column, name, numeral(value)]
            for column, one in zip(chart.names, chart.parts, strict=True) for name, value in one])
    if chart.y is None:
        ends = [(numeral(min(one.x)), numeral(max(one.x))) for one in chart.marks]
        return ["", chart.x or "x"], [
            [_name(one), low if low == high else say("{low} to {high}", low=low, high=high)]
            for one, (low, high) in zip(chart.marks, ends, strict=True)]
    if len({one.x for one in chart.marks}) == 1:
        across = chart.marks[0].x
        head = [chart.x or "x", *(one.name or chart.y or _name(one) for one in chart.marks)]
        return head, [[numeral(across[at]), *(numeral(one.y[at]) for one in chart.marks)]
                      for at in range(0, len(across), max(1, math.ceil(len(across) / most)))]
    table = []
    for one in chart.marks:
        step = max(1, math.ceil(len(one.x) / most))
        table += [[_name(one), numeral(one.x[at]), numeral(one.y[at])]
                  for at in range(0, len(one.x), step)]
    return ["", chart.x or "x", chart.y or "y"], table


def _name(one: Marks) -> str:
    return one.name or (say("line") if one.form == "line" else say("points"))


def _cover(values: Iterable[float], span: Span | None) -> Span:
    known = [*values, *(span or ())]
    return min(known), max(known)


def _short(values: Iterable[float]) -> list[float]:
    """Six figures are more than a screen shows, and much less to load than seventeen."""
    found = (float(f"{value:.6g}") for value in values)
    return [int(value) if value == int(value) else value for value in found]

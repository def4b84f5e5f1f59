"""Plots of matplotlib: what is drawn, of which data, and whether a reader could read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from autograders.number import Tolerance
from autograders.outcome import Check, Failure, Outcome, Scope, partly, passed, well_formed
from autograders.values import float_of, kind_of, loaded, nearest, number_of, reader

if TYPE_CHECKING:
    from autograders.handout import Handout

Kind = Literal["line", "scatter", "bar", "hist", "box"]

_CALLED: Mapping[str, str] = {
    "line": "a line", "scatter": "a scatter plot", "bar": "bars", "hist": "a histogram",
    "box": "a box plot",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is asked of a plot; what is None is not asked for."""

    kind: Kind | None
    data: tuple[tuple[float, float], ...] | None
    title: str | None
    xlabel: str | None
    ylabel: str | None
    legend: tuple[str, ...] | None
    xlim: tuple[float, float] | None
    ylim: tuple[float, float] | None
    tolerance: Tolerance


def plot(  # noqa: PLR0913 - each says one thing that can be asked of a plot
    name: str = "ax", *, kind: Kind | None = None, x: Iterable[float] | None = None,
    y: Iterable[float] | None = None, title: str | None = None, xlabel: str | None = None,
    ylabel: str | None = None, legend: Iterable[str] | None = None,
    xlim: tuple[float, float] | None = None, ylim: tuple[float, float] | None = None,
    rtol: float = 1e-6, atol: float = 1e-9, label: str | None = None,
) -> Check:
    """The axes in `name` (or a figure with one) show what is asked for, alike in weight.

    `kind` is what is drawn; `x` and `y` its data, in any order (of bars their centres and
    heights, of a histogram its edges and counts). `title`, `xlabel` and `ylabel` are texts that
    have to occur, in any case; an empty text asks for any. `legend` are its entries; `xlim` and
    `ylim` the limits of the axes.

    A picture is read in the learner's own process, so a plot is never verified outside it.

    With nothing asked it looks whether `name` holds axes, and does not count. A release hands
    out the kind, and which texts are asked for: no text that has to occur, data or limit.
    """
    data = None
    if (x is None) is not (y is None):
        raise TypeError("x= and y= go together")
    if x is not None and y is not None:
        data = tuple(zip(map(float, x), map(float, y), strict=True))
    wanted = _Wanted(
        kind=kind, data=data, title=title, xlabel=xlabel, ylabel=ylabel, xlim=xlim, ylim=ylim,
        legend=None if legend is None else tuple(legend),
        tolerance=Tolerance(rtol=rtol, atol=atol))
    asked = [look for part, look in _LOOKS.items() if getattr(wanted, part) is not None]
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        axes = _axes(read(scope), name)
        if not asked:
            return well_formed(f"`{name}` holds the axes of a plot.")
        faults = [fault for look in asked if (fault := look(axes, wanted)) is not None]
        if not faults:
            return passed("The plot shows what it should.")
        if len(faults) == len(asked) and not axes.has_data():
            raise Failure(f"`{name}` is empty: nothing is drawn on it.", tag="empty")
        return partly(1 - len(faults) / len(asked), " ".join(text for text, _ in faults),
                      *dict.fromkeys(tag for _, tag in faults))

    return Check(label=label or name, kind="plot", examine=examine, counts=bool(asked),
                 handout=lambda: _handout(name, wanted))


def _handout(name: str, wanted: _Wanted) -> Handout:
    from autograders.handout import Handout

    arguments: dict[str, Any] = {} if wanted.kind is None else {"kind": wanted.kind}
    arguments |= {part: "" for part in _LACKS if getattr(wanted, part) is not None}
    if wanted.legend is not None:
        arguments["legend"] = []
    texts = [getattr(wanted, part) for part in _LACKS]
    hidden = wanted.data or wanted.xlim or wanted.ylim or wanted.legend or any(
        one and one.split() for one in texts)
    return Handout(name=name, arguments=arguments, whole=not hidden and wanted.data is None)


_Fault = tuple[str, str]
"""What is wrong, and its tag."""


def _axes(value: Any, name: str) -> Any:
    """The axes of what the learner has: axes, a figure with one, or what seaborn returns."""
    if loaded("matplotlib") is None:
        raise Failure(f"`{name}` should be the axes of a plot; nothing was drawn yet.",
                      tag="type")
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if issubclass(type(value), Axes):
        return value
    if issubclass(type(value), Figure):
        if len(value.axes) == 1:
            return value.axes[0]
        raise Failure(f"`{name}` is a figure with {len(value.axes)} axes; give the axes, for "
                      "instance by `fig, ax = plt.subplots()`.", tag="type")
    raise Failure(f"`{name}` should be the axes of a plot, such as `ax` of `fig, ax = "
                  f"plt.subplots()`; it is {kind_of(value)}.", tag="type")


# ------------------------------------------------------------------------------ what is drawn


def _points(axes: Any) -> dict[str, list[list[tuple[float, float]]]]:
    """What is drawn on the axes, by kind: for each mark its points."""
    from matplotlib.container import BarContainer
    from matplotlib.patches import Polygon, StepPatch

    found: dict[str, list[list[tuple[float, float]]]] = {kind: [] for kind in _CALLED}
    if _is_boxes(axes):
        found["box"].append([])
    for line in () if found["box"] else axes.lines:
        marks_alone = line.get_linestyle() in ("None", "", " ") and (
            line.get_marker() not in ("None", "", " ", None))
        found["scatter" if marks_alone else "line"].append(
            _pairs(line.get_xdata(orig=False), line.get_ydata(orig=False)))
    for collection in axes.collections:
        if type(collection).__name__ == "PathCollection":
            offsets = collection.get_offsets()
            found["scatter"].append(_pairs(offsets[:, 0], offsets[:, 1]))
    for container in axes.containers:
        if isinstance(container, BarContainer):
            _bars(list(container), found)
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            values, edges, _ = patch.get_data()
            found["hist"].append(_pairs(edges[:-1], values))
        elif isinstance(patch, Polygon):
            found["hist"].append(_pairs(*patch.get_xy().T))
    return found


def _bars(bars: Sequence[Any], found: dict[str, list[list[tuple[float, float]]]]) -> None:
    """Bars that touch one another are a histogram, others are bars."""
    edges = [(float(bar.get_x()), float(bar.get_width())) for bar in bars]
    touching = len(bars) > 1 and all(
        abs(x + width - following) <= 1e-6 * max(1.0, abs(width))
        for (x, width), (following, _) in pairwise(edges))
    if touching:
        found["hist"].append([(float(bar.get_x()), float(bar.get_height())) for bar in bars])
    found["bar"].append([(float(bar.get_x()) + float(bar.get_width()) / 2,
                          float(bar.get_height())) for bar in bars])


def _is_boxes(axes: Any) -> bool:
    """Whether the lines are those of a box plot: in each box five of seven have two points."""
    shapes = [len(line.get_xdata(orig=False)) for line in axes.lines]
    return len(shapes) >= 6 and 5 in shapes and shapes.count(2) >= 5


def _pairs(xs: Any, ys: Any) -> list[tuple[float, float]]:
    return [(float_of(first), float_of(second)) for one, other in zip(xs, ys, strict=False)
            if (first := number_of(one)) is not None
            and (second := number_of(other)) is not None]


# ----------------------------------------------------------------------------- what is asked


def _kind_fault(axes: Any, wanted: _Wanted) -> _Fault | None:
    assert wanted.kind is not None
    found = _points(axes)
    if found[wanted.kind]:
        return None
    drawn = [_CALLED[kind] for kind, marks in found.items() if marks]
    told = f"it shows {' and '.join(drawn)}" if drawn else "it shows none"
    return f"The plot should show {_CALLED[wanted.kind]}; {told}.", "kind"


def _data_fault(axes: Any, wanted: _Wanted) -> _Fault | None:
    assert wanted.data is not None
    found = _points(axes)
    kinds = [wanted.kind] if wanted.kind else list(found)
    marks = [points for kind in kinds for points in found[kind]]
    right = sorted(wanted.data)
    for points in marks:
        if len(points) == len(right) and _alike(sorted(points), right, wanted.tolerance):
            return None
    for points in marks:
        turned = sorted((second, first) for first, second in points)
        if len(turned) == len(right) and _alike(turned, right, wanted.tolerance):
            return "The two axes are the other way round.", "axes-swapped"
    counts = ", ".join(f"{len(points):,}" for points in marks[:3])
    if marks and not any(len(points) == len(right) for points in marks):
        return f"It shows {counts} points, and {len(right):,} are asked for.", "data-size"
    return "What is drawn is not the data that is asked for.", "data"


def _alike(points: Sequence[tuple[float, float]], right: Sequence[tuple[float, float]],
           tolerance: Tolerance) -> bool:
    return all(tolerance.holds(one, other) for point, wanted in zip(points, right, strict=True)
               for one, other in zip(point, wanted, strict=True))


_LACKS = {"title": "no-title", "xlabel": "no-xlabel", "ylabel": "no-ylabel"}


def _text_fault(part: str, words: str, read: Callable[[Any], str]
                ) -> Callable[[Any, _Wanted], _Fault | None]:
    def look(axes: Any, wanted: _Wanted) -> _Fault | None:
        text = " ".join(str(read(axes)).split())
        asked = getattr(wanted, part)
        if not text:
            return f"The plot has no {words}.", _LACKS[part]
        if " ".join(asked.split()).lower() not in text.lower():
            return f"The {words} does not say what is asked for.", part
        return None

    return look


def _legend_fault(axes: Any, wanted: _Wanted) -> _Fault | None:
    legend = axes.get_legend()
    if legend is None:
        return "The plot has no legend: give each mark a `label` and call `legend()`.", "no-legend"
    entries = [text.get_text().strip() for text in legend.get_texts()]
    missing = [one for one in wanted.legend or () if one not in entries]
    if not missing:
        return None
    near = nearest(missing[0], entries)
    hint = f" It has `{near}`: should that be `{missing[0]}`?" if near else ""
    return f"The legend lacks `{missing[0]}`.{hint}", "legend"


def _limits_fault(part: str, read: Callable[[Any], Any]
                  ) -> Callable[[Any, _Wanted], _Fault | None]:
    def look(axes: Any, wanted: _Wanted) -> _Fault | None:
        low, high = (float(end) for end in read(axes))
        asked = getattr(wanted, part)
        if all(wanted.tolerance.holds(one, other)
               for one, other in zip((low, high), asked, strict=True)):
            return None
        return f"The {part[0]} axis runs from {low:.4g} to {high:.4g}.", part

    return look


_LOOKS: Mapping[str, Callable[[Any, _Wanted], _Fault | None]] = {
    "kind": _kind_fault, "data": _data_fault,
    "title": _text_fault("title", "title", lambda axes: axes.get_title()
                         or axes.get_title("left") or axes.get_title("right")),
    "xlabel": _text_fault("xlabel", "label of the x axis", lambda axes: axes.get_xlabel()),
    "ylabel": _text_fault("ylabel", "label of the y axis", lambda axes: axes.get_ylabel()),
    "legend": _legend_fault, "xlim": _limits_fault("xlim", lambda axes: axes.get_xlim()),
    "ylim": _limits_fault("ylim", lambda axes: axes.get_ylim()),
}

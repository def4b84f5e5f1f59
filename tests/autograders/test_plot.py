"""A plot is read from its axes: kind, data, words and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import checking
import pytest

import autograders as ag

pytest.importorskip("matplotlib")
pytest.importorskip("hypothesis")

from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def axes() -> Iterator[Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, made = plt.subplots()
    yield made
    plt.close(figure)


X, Y = [1.0, 2.0, 3.0], [4.0, 1.0, 9.0]
DRAWN: dict[str, Callable[[Any], Any]] = {
    "line": lambda ax: ax.plot(X, Y), "scatter": lambda ax: ax.scatter(X, Y),
    "bar": lambda ax: ax.bar(X, Y), "hist": lambda ax: ax.hist([1, 1, 2, 5], bins=4),
    "box": lambda ax: ax.boxplot([1, 2, 3, 9]),
}


def outcome(axes: Any, **wanted: Any) -> ag.Outcome:
    return checking.check(ag.plot("ax", **wanted), ax=axes)


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("asked", DRAWN)
def test_each_kind_is_known_from_the_others(axes: Any, drawn: str, asked: str) -> None:
    DRAWN[drawn](axes)
    found = outcome(axes, kind=asked)
    # The bars of a histogram are bars as well.
    right = drawn == asked or (drawn, asked) == ("hist", "bar")
    assert (found.credit == 1.0) is right
    assert right or found.tags == ("kind",)


def test_marks_without_a_line_are_a_scatter_plot(axes: Any) -> None:
    axes.plot(X, Y, "o")
    assert outcome(axes, kind="scatter", x=X, y=Y).credit == 1.0


@pytest.mark.parametrize("kind", ["line", "scatter", "bar"])
def test_the_data_in_any_order(axes: Any, kind: str) -> None:
    DRAWN[kind](axes)
    assert outcome(axes, kind=kind, x=X[::-1], y=Y[::-1]).credit == 1.0
    assert outcome(axes, kind=kind, x=X, y=[4, 1, 8]).tags == ("data",)
    assert outcome(axes, kind=kind, x=[1, 2], y=[4, 1]).tags == ("data-size",)


def test_a_histogram_by_its_edges_and_counts(axes: Any) -> None:
    DRAWN["hist"](axes)
    assert outcome(axes, kind="hist", x=[1, 2, 3, 4], y=[2, 1, 0, 1]).credit == 1.0
    assert outcome(axes, kind="hist", x=[1, 2, 3, 4], y=[2, 1, 1, 0]).tags == ("data",)


def test_swapped_axes_are_told(axes: Any) -> None:
    axes.scatter(Y, X)
    assert outcome(axes, x=X, y=Y).tags == ("axes-swapped",)


@pytest.mark.parametrize("part", ["title", "xlabel", "ylabel"])
def test_words_on_the_plot(axes: Any, part: str) -> None:
    axes.plot(X, Y)
    assert outcome(axes, **{part: "Year"}).tags == (f"no-{part}",)
    getattr(axes, f"set_{part}")("Sales a  YEAR")
    assert outcome(axes, **{part: "a year"}).credit == 1.0
    assert outcome(axes, **{part: ""}).credit == 1.0
    assert outcome(axes, **{part: "month"}).tags == (part,)


def test_the_legend(axes: Any) -> None:
    axes.plot(X, Y, label="sales")
    assert outcome(axes, legend=["sales"]).tags == ("no-legend",)
    axes.legend()
    assert outcome(axes, legend=["sales"]).credit == 1.0
    assert outcome(axes, legend=["Sales"]).tags == ("legend",)


def test_the_limits(axes: Any) -> None:
    axes.plot(X, Y)
    axes.set_xlim(0, 4)
    assert outcome(axes, xlim=(0, 4)).credit == 1.0
    assert outcome(axes, xlim=(0, 5), ylim=(0, 1)).tags == ("xlim", "ylim")


def test_each_part_counts_alike(axes: Any) -> None:
    axes.plot(X, Y)
    axes.set_title("Sales")
    found = outcome(axes, kind="line", x=X, y=Y, title="Sales", xlabel="Year")
    assert (found.credit, found.tags) == (0.75, ("no-xlabel",))


def test_a_figure_with_one_axes_will_do(axes: Any) -> None:
    DRAWN["line"](axes)
    assert outcome(axes.figure, kind="line").credit == 1.0
    axes.figure.add_axes((0, 0, 0.1, 0.1))
    assert outcome(axes.figure, kind="line").tags == ("type",)


def test_what_is_no_plot(axes: Any) -> None:
    assert outcome(axes, kind="line").tags == ("empty",)
    for value in (3, [axes], "plot", object()):
        assert outcome(value, kind="line").tags == ("type",)


def test_wrong_uses_by_an_author_are_told() -> None:
    with pytest.raises(TypeError, match="go together"):
        ag.plot("ax", x=[1])


def test_with_nothing_asked_it_looks_for_axes_alone(axes: Any) -> None:
    assert not ag.plot("ax").counts
    assert outcome(axes).state == "passed"
    assert outcome(3).tags == ("type",)


WORDS = {"title": "Sales", "xlabel": "Year", "ylabel": "Euro"}


@given(st.sets(st.sampled_from(sorted(WORDS))), st.booleans())
def test_the_credit_grows_with_the_parts_that_are_right(parts: set[str], right: bool) -> None:
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    axes.plot(X, Y if right else [4.0, 1.0, 8.0])
    axes.set(**{part: WORDS[part] for part in parts})
    found = outcome(axes, kind="line", x=X, y=Y, **WORDS)
    assert found.credit == pytest.approx((1 + right + len(parts)) / 5)


@given(st.floats(-1e3, 1e3).filter(lambda off: abs(off) > 1e-3), st.integers(0, 2))
def test_a_point_beyond_the_tolerance_is_wrong(off: float, place: int) -> None:
    from matplotlib.figure import Figure

    for moved, credit in ((off, 0.0), (0.0, 1.0)):
        axes = Figure().subplots()
        axes.scatter(X, [y + moved * (at == place) for at, y in enumerate(Y)])
        assert outcome(axes, x=X, y=Y).credit == credit

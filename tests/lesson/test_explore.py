"""Explore in Python: its states, what a page holds of them, and the kernel's answers."""

from __future__ import annotations

import json
import math
import sys
import warnings
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest

from kit.lesson import bars, explore, line, points
from kit.lesson.controls import control, in_words
from kit.lesson.exploring import PageBudgetWarning
from kit.lesson.numerals import numeral
from kit.lesson.states import BYTES, STATES
from kit.site.lessons.parts import part_html

mpl.use("agg")


def shop(paid: int) -> list[Any]:
    return [bars({"Cash": paid - 500, "Profit": 1500}),
            bars({"Has": {"owed": 4000 - paid}, "From": {"profit": 1500}})]


def test_what_curves_share_stands_once() -> None:
    xs = [x / 10 for x in range(40)]
    spec = explore(lambda n: line(xs, [n * x for x in xs]), n=range(5), text="It rises.").spec
    marks = [view["chart"]["marks"][0] for view in spec["views"]]
    assert len({mark["x"] for mark in marks}) == 1
    assert spec["lists"][marks[0]["x"]] == xs
    assert spec["lists"][marks[2]["y"]] == [round(2 * x, 6) for x in xs]
    assert len(spec["lists"]) == 5  # with n=1, y is x


def test_each_distinct_view_and_text_stands_once() -> None:
    made = explore(lambda n, on: [bars({"a": n}), f"is {on}"], n=range(3), on=False)
    spec = made.spec
    assert [view["chart"]["values"] for view in spec["views"] if "chart" in view] == [[0], [1], [2]]
    assert [view["html"] for view in spec["views"] if "html" in view] == [
        "<p>is False</p>", "<p>is True</p>"]
    seen = [[spec["views"][at] for at in row[:-1]] for row in spec["grid"]]
    assert [(chart["chart"]["values"][0], text["html"][6:-4]) for chart, text in seen] == [
        (n, on) for n in (0, 1, 2) for on in ("False", "True")]
    assert [one["form"] for one in spec["controls"]] == ["slider", "switch"]
    assert (made.budget.states, made.budget.kept, made.budget.is_kept) == (6, 6, True)


def test_linked_views_share_colours_and_each_keeps_its_scale() -> None:
    spec = explore(shop, paid=range(0, 4001, 1000)).spec
    assert spec["colours"] == {"cash": 0, "profit": 1, "owed": 2}
    assert spec["extents"] == [{"y": [-500, 3500]}, {"y": [0, 4000]}]


def test_what_the_controls_offer() -> None:
    spec = explore(lambda **_: "x", p=np.linspace(0, 1, 11), kind=["a", "b"],
                   way={"Up": 1, "Down": -1}, year=[2020, 2021],
                   names={"p": "The **chance**"}, units={"p": "of 1"},
                   start={"p": 0.3, "way": -1}).spec
    p, kind, way, year = spec["controls"]
    assert p["keys"] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    assert (p["shown"][3], p["start"], p["unit"]) == ("0.3", 3, "of 1")
    assert p["label"] == "The <strong>chance</strong>"
    assert (kind["form"], kind["start"], way["keys"], way["start"]) == (
        "choice", 0, ["Up", "Down"], 1)
    assert year["shown"] == ["2020", "2021"]


@pytest.mark.parametrize(("given", "words"), [
    (range(0, 4001, 1000), "N: 0 to 4,000 euro in steps of 1,000. Here: 2,000 euro."),
    ([1, 2, 10], "N: 1 to 10 euro. Here: 2 euro."), (["a", "b"], "N: a, b. Here: a."),
    (True, "N: no, yes. Here: yes."),
])
def test_controls_in_words(given: Any, words: str) -> None:
    assert in_words(control("n", given, label="N", unit="euro")) == words


@pytest.mark.parametrize(("value", "text"), [
    (1500, "1,500"), (-4500.0, "−4,500"), (0.5, "0.5"), (2 / 3, "0.6667"), (1234.567, "1,234.57"),
    (math.nan, "none"), (-math.inf, "−∞"), (np.float64(2.25), "2.25"),
])
def test_numbers_as_people_read_them(value: Any, text: str) -> None:
    assert numeral(value) == text


@pytest.mark.parametrize(("returned", "held"), [
    ("a **b** <i>", "<strong>b</strong> &lt;i&gt;"), (1234.5, ">1,234.50</p>"),
    ({"<a>": 0.25}, '<th scope="row">&lt;a&gt;</th><td class="cp-number">0.25</td>'),
    (pd.DataFrame({"x": [1500]}, index=["one"]),
     '<th scope="row">one</th><td class="cp-number">1,500<'),
    (pl.DataFrame({"x": ["t", None], "y": [1, 2]}), '<th scope="row">t</th>'),
    ({"Cash": "+6,000"}, '<td class="cp-number">+6,000</td>'),
    (pd.Series([2.0], index=["mean"]), '<th scope="row">mean</th><td class="cp-number">2<'),
])
def test_texts_numbers_and_tables(returned: Any, held: str) -> None:
    view = explore(lambda n: returned, n=range(2)).spec["views"][0]
    assert held in view["html"]
    assert "picture" not in view


def test_a_figure_is_svg_in_the_colours_of_the_page_and_is_closed() -> None:
    from matplotlib import pyplot as plt

    def wave(k: int) -> Any:
        _, axes = plt.subplots(figsize=(3, 2))
        axes.plot([0, 1], [0, k], color="#0b5fa5")
        axes.set_title("<b>")
        return axes

    made = explore(wave, k=[1, 2], text=lambda k: f"It rises to {k}.")
    first = made.spec["views"][0]
    assert first["picture"]
    assert first["html"].startswith("<svg")
    assert "&lt;b&gt;" in first["html"]
    assert "var(--cp-ink)" in first["html"]
    assert "stroke: var(--cp-s1)" in first["html"]
    assert "<style" not in first["html"]
    assert plt.get_fignums() == []
    again = explore(wave, k=[1, 2], text=lambda k: f"It rises to {k}.")
    assert again.spec["views"] == made.spec["views"]


def test_a_figure_of_many_marks_is_png_and_need_not_be_returned() -> None:
    from matplotlib import pyplot as plt

    def cloud(n: int) -> None:
        chance = np.random.default_rng(n)
        plt.figure(figsize=(3, 2))
        plt.scatter(chance.normal(size=3000), chance.normal(size=3000), s=chance.random(3000))

    view = explore(cloud, n=[1, 2], text="A cloud.").spec["views"][0]
    assert "data:image/png;base64," in view["html"]
    assert plt.get_fignums() == []


def test_plots_are_put_over_each_other() -> None:
    chart = points([1, 2], [3, 4], x="Hours") + line([1, 2], [3.5, 4.123456789], name="fit")
    data = explore(lambda n: chart, n=range(2), text="It rises.").spec["views"][0]["chart"]
    assert [(one["form"], one["y"]) for one in data["marks"]] == [
        ("points", [3, 4]), ("line", [3.5, 4.12346])]
    assert data["x"] == "Hours"


def test_on_paper_it_is_the_first_state_and_the_controls_in_words() -> None:
    made = explore(shop, question="How <much>?", paid=range(0, 4001, 1000), start={"paid": 1000},
                   text=lambda paid: f"Cash is *{paid - 500}*.")
    page = made.static_html()
    assert "<h3>How &lt;much&gt;?</h3>" in page
    assert "Paid: 0 to 4,000 in steps of 1,000. Here: 1,000." in page
    assert "Cash is <em>500</em>." in page
    assert '<th scope="row">Cash</th><td class="cp-number">500</td>' in page
    data, _ = made._repr_mimebundle_()
    assert page in data["text/html"]


def test_a_plot_on_paper_is_a_table_of_some_of_its_points() -> None:
    xs = range(100)
    page = explore(lambda n: points(xs, xs, x="Hours") + line(xs, [n * x for x in xs], name="fit"),
                   n=range(3), text="It rises.").static_html()
    assert '<th scope="col" class="cp-number">fit</th>' in page
    assert '<th scope="row">96</th><td class="cp-number">96</td>' in page
    assert page.count("<tr>") == 10


def test_on_paper_dots_without_a_scale_upwards_tell_how_far_they_reach() -> None:
    def dots(n: int) -> Any:
        return (points([3, 9, n], [1, 2, 3], name="lot", y=None, x="Percent")
                + line([5, 5], [0, 3], name="truth"))

    page = explore(dots, n=[4, 12], text="They gather at 5.").static_html()
    assert '<th scope="row">lot</th><td>3 to 9</td>' in page
    assert '<th scope="row">truth</th><td class="cp-number">5</td>' in page



def test_bars_need_no_text_and_say_what_they_show() -> None:
    spec = explore(shop, paid=[0, 1000]).spec
    assert spec["texts"][0] == {
        "told": "", "said": "Cash −500, Profit 1,500. Has: owed 4,000, together 4,000; "
                            "From: profit 1,500, together 1,500"}


# --------------------------------------------------------------------------------- budget


def test_past_the_budget_the_page_goes_in_wider_steps_and_the_author_is_told() -> None:
    with pytest.warns(PageBudgetWarning, match=r"5,151 states, .*p keeps \d+ of its 101 values"):
        made = explore(lambda n, p: n * p, n=range(51), p=[x / 100 for x in range(101)],
                       start={"p": 0.37})
    kept = {one["name"]: [one["keys"][at] for at in one["steps"]] for one in made.spec["controls"]}
    assert {0, 50} <= set(kept["n"])
    assert {0, 0.37, 1} <= set(kept["p"])
    assert len(made.spec["grid"]) == len(kept["n"]) * len(kept["p"]) == made.budget.kept <= STATES
    assert made.spec["budget"]["states"] == made.budget.states == 5151
    assert made.budget.wider["p"] == (len(kept["p"]), 101)


def test_the_size_counts_as_it_is_packed_on_the_page() -> None:
    with pytest.warns(PageBudgetWarning, match="n keeps"):
        made = explore(lambda n: str(n) + "long " * 1000, n=range(300))
    packed = len(part_html(made.spec, ""))
    assert made.budget.size == pytest.approx(packed, rel=0.05)
    assert BYTES / 2 < packed < BYTES * 1.05


def test_figures_that_would_be_left_out_are_not_drawn() -> None:
    ran = []

    def heavy(n: int) -> str:
        ran.append(n)
        return f"{n} " + "x" * 40_000

    with pytest.warns(PageBudgetWarning):
        explore(heavy, n=range(400))
    assert len(ran) < 60


def test_what_cannot_be_made_smaller_says_so() -> None:
    with pytest.warns(PageBudgetWarning, match="no slider is left"):
        made = explore(lambda k: k + "x" * 300_000, k=["a", "b"])
    assert not made.budget.is_kept
    with pytest.raises(ValueError, match="512 states are more than the 400"):
        explore(lambda **_: 1, **{name: ["1", "2"] for name in "abcdefghi"})


# --------------------------------------------------------------------------------- kernel


def fine() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PageBudgetWarning)
        return explore(steep, n=range(1000), start={"n": 500})


def steep(n: int) -> Any:
    if n == 997:
        raise ZeroDivisionError("nothing to divide by")
    return bars({"n": n})


def test_the_kernel_answers_what_the_page_does_not_hold() -> None:
    made = fine()
    assert made.values == {"n": 500}
    between = next(n for n in range(1000) if n not in made.spec["controls"][0]["steps"])
    made.state = {"at": {"n": between}}
    assert made.values == {"n": between}
    assert made.shown["places"] == [between]
    assert made.shown["views"][0]["chart"]["values"] == [between]
    assert made.shown["text"] == {"told": "", "said": f"n {between}"}
    json.dumps(made.shown)


def test_an_error_in_the_kernel_is_an_answer() -> None:
    made = fine()
    assert 997 not in made.spec["controls"][0]["steps"]
    made.state = {"at": {"n": 997}}
    assert made.shown["problem"] == "ZeroDivisionError: nothing to divide by"
    turn = made.shown["turn"]
    made.state = {"at": {"n": 998}}
    made.state = {"at": {"n": 997}}
    assert made.shown["turn"] == turn + 2


@pytest.mark.parametrize("at", [None, 5, {"n": -1}, {"n": "500"}, {"m": 3}, {"n": [1]}])
def test_a_state_that_was_never_offered_runs_nothing(at: Any) -> None:
    made = fine()
    made.state = {"at": at}
    assert made.shown == {}
    assert made.values == {"n": 500}


# --------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(("controls", "match"), [
    ({}, "a control or more"), ({"n": (0, 10)}, r"range\(0, 11\)"), ({"n": 5}, "is a range"),
    ({"n": [5]}, "has 1 value"), ({"n": []}, "has 0 value"), ({"n": [1, "a"]}, "numbers alone"),
    ({"n": [1, math.nan]}, "numbers alone"), ({"n": [1, True]}, "numbers alone"),
    ({"n": ["a", "a"]}, "twice"), ({"n": range(3), "start": {"n": 9}}, "none of its values"),
    ({"n": range(3), "names": {"m": "M"}}, "names no control"),
    ({"n": range(3), "id": "a b"}, "an id is"),
    ({"n": range(3), "text": lambda n: n}, "a sentence"),
])
def test_controls_that_offer_nothing(controls: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        explore(lambda **_: "x", **controls)


@pytest.mark.parametrize(("returned", "match"), [
    (None, "returned nothing to see"), ([], "returned nothing to see"),
    (object(), "cannot show object"), (bars({at: at for at in range(13)}), "a picture needs"),
    (line([1, 2], [3, 4]), "a picture needs words"),
])
def test_views_that_cannot_be_shown(returned: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        explore(lambda n: returned, n=range(3))


def test_html_with_a_picture_in_it_needs_words_too() -> None:
    class Picture:
        def _repr_html_(self) -> str:
            return "<svg viewBox='0 0 1 1'></svg>"

    with pytest.raises(ValueError, match="text=lambda n: f"):
        explore(lambda n: Picture(), n=range(3))
    assert explore(lambda n: Picture(), n=range(3), text="A line.").spec["views"][0]["picture"]


def test_as_many_views_for_all_values() -> None:
    with pytest.raises(ValueError, match="as many views"):
        explore(lambda n: ["a"] * (n + 1), n=range(3))


def test_an_error_of_the_function_goes_through_with_its_values() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        explore(lambda n: 1 / n, n=range(-1, 2))
    assert caught.value.__notes__ == ["explore ran <lambda>(n=0)"]


def test_what_a_function_prints_is_not_printed_for_each_state(capsys: Any) -> None:
    explore(lambda n: sys.stdout.write(f"{n}"), n=range(30))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("make", "match"), [
    (lambda: bars({}), "one value or more"), (lambda: bars([1]), "from a mapping"),
    (lambda: bars({"a": "x"}), "drawn of numbers"), (lambda: bars({"a": math.inf}), "finite"),
    (lambda: bars({"a": {"b": -1}}), "not below 0"), (lambda: bars({"a": {"b": 1}, "c": 2}), "all"),
    (lambda: line([1], [1, 2]), "as many y as x"), (lambda: points([], []), "no values"),
    (lambda: bars({"a": 1}, span=(1, 1)), "a span goes"),
])
def test_charts_of_what_cannot_be_drawn(make: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        make()

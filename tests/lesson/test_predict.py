"""A prediction in Python: what it takes, what it refuses, and what it knows of an answer."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pytest
from IPython.display import HTML
from matplotlib import pyplot as plt

from kit.lesson import bars, line, predict
from kit.lesson.predictions import LATER, Prediction

mpl.use("agg")

OPTIONS = {"It goes **up**": "Was it earned then?", "It stays": "An asset becomes another."}


class Figure:
    """What shows itself as HTML, like a table or a figure."""

    def _repr_html_(self) -> str:
        return "<svg><title>Profit</title></svg>"


def test_a_number_with_all_that_can_be_said_of_it() -> None:
    made = predict("What was her *profit*?", was=1500, unit="euro", wrong={-4500: "A machine?"},
                   why="Earned less used up.", outcome=Figure(), because="4,000 < 5,000")
    spec = made.spec
    assert (spec["kind"], spec["form"], spec["was"]) == ("predict", "number", 1500.0)
    assert spec["question"] == "What was her <em>profit</em>?"
    assert spec["outcome"] == "<svg><title>Profit</title></svg>"
    assert spec["because"] == "<p>4,000 &lt; 5,000</p>"
    assert spec["wrong"] == [{"low": -4500.0, "high": -4500.0, "why": "<p>A machine?</p>"}]
    assert "in one or two sentences" in spec["explain"]["wrong"]


def test_the_authors_own_question_is_asked_of_all() -> None:
    asked = predict("q", was=1, explain="Say *why*.").spec["explain"]
    assert asked == {"right": "Say <em>why</em>.", "wrong": "Say <em>why</em>."}


@pytest.mark.parametrize(("axis", "step", "found"), [
    ((0, 100), None, 1.0), ((0, 1), None, 0.01), ((-5000, 10000), None, 100.0),
    ((0, 7), None, 0.05), ((0, 100), 25, 25.0), ((0, 0.3), 0.1, 0.1),
])
def test_a_line_is_walked_in_round_steps(axis: Any, step: float | None, found: float) -> None:
    spec = predict("q", was=axis[0], axis=axis, step=step).spec
    assert spec["step"] == pytest.approx(found)
    assert spec["tolerance"] == pytest.approx(found / 2)


@pytest.mark.parametrize(("axis", "texts", "last"), [
    ((0, 100), ["0", "20", "40", "60", "80", "100"], 1.0),
    ((-1, 1), ["−1.0", "−0.5", "0.0", "0.5", "1.0"], 1.0),
    ((0, 5_000_000), ["0", "2,000,000", "4,000,000"], 0.8),
    ((5, 37), ["5", "10", "15", "20", "25", "30", "35"], 30 / 32),
])
def test_numbers_stand_below_a_line_as_far_as_there_is_room(
    axis: Any, texts: list[str], last: float
) -> None:
    ticks = predict("q", was=axis[0], axis=axis).spec["ticks"]
    assert [tick["text"] for tick in ticks] == texts
    assert ticks[-1]["at"] == pytest.approx(last)


def test_words_take_the_place_of_the_numbers() -> None:
    spec = predict("q", was=3, axis=(0, 10), labels={10: "all", 0: "*none*"}).spec
    assert spec["ticks"] == [{"at": 0.0, "text": "none"}, {"at": 1.0, "text": "all"}]


def test_single_wrong_numbers_come_before_the_ranges_they_are_in() -> None:
    spec = predict("q", was=10, axis=(0, 100), tolerance=2,
                   wrong={(50, 100): "far", 60: "this one"}).spec
    assert [(one["low"], one["high"]) for one in spec["wrong"]] == [(58.0, 62.0), (50.0, 100.0)]


def test_its_id_follows_from_what_it_asks() -> None:
    one, same, other = (predict(text, was=was) for text, was in (("a?", 1), ("a?", 2), ("b?", 1)))
    assert one.spec["id"] == same.spec["id"] != other.spec["id"]
    assert predict("a?", was=1, id="first").spec["id"] == "first"


@pytest.mark.parametrize(("options", "was", "state", "prediction", "explanation"), [
    (OPTIONS, "It stays", {}, None, None),
    (OPTIONS, "It stays", {"chosen": 0}, None, None),
    (OPTIONS, "It stays", {"chosen": 0, "locked": True}, "It goes up", None),
    (OPTIONS, "It stays", {"chosen": 7, "locked": True}, None, None),
    (None, 1500, {"value": 3.5, "locked": True, "draft": "So"}, 3.5, None),
    (None, 1500, {"value": 3, "locked": True, "explanation": "So."}, 3, "So."),
])
def test_the_kernel_reads_what_was_said(
    options: Any, was: Any, state: dict[str, Any], prediction: Any, explanation: Any
) -> None:
    made: Prediction = predict("q", options, was=was)
    made.state = state
    assert (made.prediction, made.explanation) == (prediction, explanation)


@pytest.mark.parametrize(("options", "how", "room"), [
    (OPTIONS, {"was": "It stays"}, "○ It goes <strong>up</strong>"),
    (None, {"was": 1729, "unit": "euro"}, "____ euro"),
    (None, {"was": 1729, "axis": (0, 4000), "unit": "%"}, ">4,000</text>"),
])
def test_on_paper_there_is_room_and_no_outcome(options: Any, how: Any, room: str) -> None:
    if options is None:
        how = {**how, "why": "WHY", "wrong": {2: "WHY"}}
    made = predict("q?", options, outcome="OUTCOME", because="BECAUSE", **how)
    shown = made.static_html()
    assert "<h3>q?</h3>" in shown
    assert room in shown
    assert LATER in shown
    for hidden in ("OUTCOME", "BECAUSE", "WHY", "1729", "Was it earned"):
        assert hidden not in shown


@pytest.mark.parametrize(("options", "how", "match"), [
    (OPTIONS, {"was": "It falls"}, "one of the options"), (OPTIONS, {"was": 0}, "of the options"),
    ({"A": "x"}, {"was": "A"}, "two options"), ({"A": " ", "B": "x"}, {"was": "B"}, "say why"),
    (OPTIONS, {"was": "It stays", "axis": (0, 1)}, "leave out"),
    (OPTIONS, {"was": "It stays", "why": "x"}, "leave out"),
    (OPTIONS, {"was": "It stays", "step": 1}, "give axis="),
    (None, {"was": "much"}, "takes numbers"), (None, {"was": float("nan")}, "takes numbers"),
    (None, {"was": True}, "takes numbers"), (None, {"was": 1, "tolerance": -1}, "from 0"),
    (None, {"was": 1, "wrong": {1.0: "x"}}, "is right"),
    (None, {"was": 5, "tolerance": 2, "wrong": {(4, 6): "x"}}, "is right"),
    (None, {"was": 5, "wrong": {(1, 2, 3): "x"}}, "a number or a pair"),
    (None, {"was": 5, "wrong": {"six": "x"}}, "takes numbers"),
    (None, {"was": 5, "labels": {0: "x"}}, "give axis="),
    (None, {"was": 5, "axis": 10}, "a pair"), (None, {"was": 5, "axis": (10, 0)}, "low number"),
    (None, {"was": 50, "axis": (0, 10)}, "not on the axis"),
    (None, {"was": 5, "axis": (0, 10), "step": 3}, "whole steps"),
    (None, {"was": 5, "axis": (0, 10), "step": 0}, "whole steps"),
    (None, {"was": 5, "axis": (0, 10), "labels": {11: "x"}}, "not on the axis"),
    (None, {"was": 5, "outcome": 5}, "shows itself as HTML"), (None, {"was": 5, "id": "a b"},
                                                             "an id is"),
])
def test_what_an_author_does_wrong_is_told_at_once(options: Any, how: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        predict("q", options, **how)


# ------------------------------------------------------------------------- what is seen with it


def test_a_figure_is_the_outcome_with_its_words_and_is_closed() -> None:
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.plot([1, 2], [1, 4])
    shown = predict("q?", was=1, outcome=figure, text='It *rises* "fast"').spec["outcome"]
    assert shown.startswith(
        '<figure class="cp-view" role="img" aria-label="It rises &quot;fast&quot;"><svg')
    assert plt.get_fignums() == []


def test_a_chart_is_the_outcome_and_bars_have_words_of_their_own() -> None:
    spec = predict("q?", was=1, outcome=bars({"Cash": 500, "Profit": 1500}, unit="euro")).spec
    assert spec["chart"]["values"] == [500, 1500]
    assert spec["colours"] == {"cash": 0, "profit": 1}
    assert spec["extent"] == {"y": (0, 1500)}
    assert spec["said"] == "Cash 500 euro, Profit 1,500 euro"
    drawn = predict("q?", was=1, outcome=line([1, 2], [3, 4]), text="It rises.").spec
    assert drawn["said"] == "It rises."


@pytest.mark.parametrize("outcome", [
    line([1, 2], [3, 4]), HTML("<svg viewBox='0 0 1 1'><text>3</text></svg>"),
    HTML("<img src='data:,'>"), HTML("<img src='data:,' alt=''>")])
def test_a_picture_needs_words(outcome: Any) -> None:
    with pytest.raises(ValueError, match="a picture needs words"):
        predict("q?", was=1, outcome=outcome)
    assert predict("q?", was=1, outcome=outcome, text="It rises.")


@pytest.mark.parametrize("outcome", [
    HTML("<img src='data:,' alt='It rises.'>"), HTML("<p>See:</p><img src='data:,'>"),
    HTML("<svg><title>It rises</title></svg>"), HTML("<table><tr><td>1</td></tr></table>")])
def test_html_that_has_words_needs_no_others(outcome: Any) -> None:
    assert predict("q?", was=1, outcome=outcome).spec["outcome"] == outcome.data


def test_a_wrong_prediction_is_told_something() -> None:
    with pytest.raises(ValueError, match="say why to who answers 4"):
        predict("q?", was=3, wrong={4: ""})

"""What lesson 1 repeats and asks: surveys of a town, and whom a form hears.

It stands here so that the cells of the lesson stay short. Each draw has a seed of its own, so
the same numbers come out at every run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from slips import others

from kit.lesson import bars, line, points, step

# ------------------------------------------------------------------------------ two surveys

YES, NO = 33_000, 27_000
"""Adults of Brightwater in favour, and against."""
ANSWER_RATE = 0.115
"""The share of those in favour who fill in the form."""
REPEATS = 100
SIZES = [25, 50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000]
KEENNESS = {"twice as often": 2.0, "just as often": 1.0, "half as often": 0.5}
"""How often people against answer, for each time that people in favour do."""


def form_share(keenness: float) -> float:
    """Percent in favour among all who would fill in the form."""
    yes, no = YES * ANSWER_RATE, NO * ANSWER_RATE * keenness
    return 100 * yes / (yes + no)


def repeat(size: int, keenness: float) -> tuple[np.ndarray, np.ndarray]:
    """Percent in favour in 100 random samples of this size, and in 100 forms as large."""
    by_lot = np.random.default_rng(size).hypergeometric(YES, NO, size, REPEATS)
    chance = form_share(keenness) / 100
    by_form = np.random.default_rng([size, int(10 * keenness)]).binomial(size, chance, REPEATS)
    return 100 * by_lot / size, 100 * by_form / size


def middle(results: np.ndarray, share: int = 90) -> tuple[float, float]:
    """Between which two values this share of the results lies, as much left out on each side."""
    low, high = np.percentile(results, [(100 - share) / 2, (100 + share) / 2])
    return float(low), float(high)


def majorities(results: np.ndarray) -> int:
    """How many surveys find that more than half are in favour."""
    return int((results > 50).sum())


def surveys(size: int, keenness: float) -> list[Any]:
    """Both surveys 100 times: a dot for each, and how many find the majority."""
    by_lot, by_form = repeat(size, keenness)
    rows = np.arange(1, REPEATS + 1)
    dots = (points(by_lot, rows + REPEATS, name="random sample", y=None,
                   x="In favour, percent", x_span=(20, 80))
            + points(by_form, rows, name="form")
            + line([55, 55], [0, 2 * REPEATS], name="truth"))
    found = bars({"random sample": majorities(by_lot), "form": majorities(by_form)},
                 span=(0, REPEATS), caption="Of 100 surveys, so many find the majority.")
    return [dots, found]


def survey_words(size: int, keenness: float) -> str:
    """What `surveys` shows, in words."""
    by_lot, by_form = repeat(size, keenness)
    (low, high), (least, most) = middle(by_lot), middle(by_form)
    fewer = YES * ANSWER_RATE + NO * ANSWER_RATE * keenness
    short = f" Only {fewer:,.0f} fill in one form; the rest is imagined." if fewer < size else ""
    return (f"With {size:,} answers, 90 of 100 random samples lie between {low:.0f}% and "
            f"{high:.0f}%, and 90 of 100 forms between {least:.0f}% and {most:.0f}%.{short}")


def band(people: int, asked: int = 400) -> str:
    """Between which results nine in ten samples lie, where 55% of so many are in favour."""
    yes = people * 55 // 100
    counts = np.random.default_rng(asked).hypergeometric(yes, people - yes, asked, 20_000)
    low, high = middle(100 * counts / asked)
    return f"{low:.0f}% and {high:.0f}%"


def form_steps(
    yes: int, yes_rate: float, no: int, no_rate: float,
    sides: tuple[str, str] = ("in favour", "against"),
) -> list[Any]:
    """What a form reports where so many people are on each side, and such shares answer."""
    fors, against = round(yes * yes_rate / 100), round(no * no_rate / 100)
    report = round(100 * fors / (fors + against))
    truth = round(100 * yes / (yes + no))
    return [
        _answers(sides[0], yes, yes_rate),
        _answers(sides[1], no, no_rate),
        step(f"The form reports: of all answers, from those {sides[0]}", report, unit="%",
             tolerance=0.5, shown=f"{fors:,} of {fors + against:,}, or {report}%",
             wrong=others(report, {
                 yes_rate: "So many of that side answer. Of all the answers, how many are theirs?",
                 100 * fors / (yes + no): "You divided by everybody. Whom does the form hear?",
                 truth: "That is the share of all people. Which of them does the form hear?",
                 100 - report: "That is the share of the other side. Which one is asked for?",
                 100 * fors / against: "You divided one side by the other. How many answers are "
                                       "there in all?"}, near=0.5),
             otherwise=f"Add up all answers first. Which part of them is from those {sides[0]}?"),
        step("How far from the truth? With a minus where it is too low", report - truth,
             unit="points", tolerance=0.5, shown=f"{report - truth:+} points, as the truth is "
             f"{truth}%".replace("-", "\N{MINUS SIGN}"),
             why="It depends on who is keen, and the form cannot tell.",
             wrong=others(report - truth, {
                 truth - report: "The size is right. On which side of the truth is the form?",
                 truth: "That is the truth. How far from it is the report?",
                 report: "That is the report. How far is it from the share of all people?"},
                 near=0.5),
             otherwise=f"Of all people, what share are those {sides[0]}? Compare with that."),
    ]


def _answers(side: str, people: int, rate: float) -> Any:
    some = round(people * rate / 100)
    return step(f"How many of those {side} answer?", some,
                wrong={people: "That is all of them. How many of these answer?",
                       rate: "That is how many in a hundred. How many people are there?",
                       people - some: "So many of them do not answer. How many do?"},
                otherwise=f"How many are {rate:g} in a hundred of {people:,}?")

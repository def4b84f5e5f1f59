"""What lesson 1 repeats, draws and asks: surveys of a town, trips to work, shapes of bars.

It stands here so that the cells of the lesson stay short. Each draw has a seed of its own, so
the same numbers come out at every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

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
        step(f"What the form reports: {sides[0]}, of all answers", report, unit="%", tolerance=0.5,
             shown=f"{fors:,} of {fors + against:,}, or {report}%",
             wrong=_others(report, {
                 yes_rate: "So many of that side answer. Of all the answers, how many are theirs?",
                 100 * fors / (yes + no): "You divided by everybody. Whom does the form hear?",
                 truth: "That is what all of them want. Which of them does the form hear?",
                 100 - report: "That is the share of the other side. Which one is asked for?",
                 100 * fors / against: "You divided one side by the other. How many answers are "
                                       "there in all?"}),
             otherwise=f"Add up all answers first. Which part of them is {sides[0]}?"),
        step("How far from the truth? With a minus where it is too low", report - truth,
             unit="points", tolerance=0.5, shown=f"{report - truth:+} points, as the truth is "
             f"{truth}%".replace("-", "\N{MINUS SIGN}"),
             why="It depends on who is keen, and the form cannot tell.",
             wrong=_others(report - truth, {
                 truth - report: "The size is right. On which side of the truth is the form?",
                 truth: "That is the truth. How far from it is the report?",
                 report: "That is the report. How far is it from what all of them want?"}),
             otherwise=f"What share of all people is {sides[0]}? Compare the report with that."),
    ]


def _answers(side: str, people: int, rate: float) -> Any:
    some = round(people * rate / 100)
    return step(f"How many of those {side} answer?", some,
                wrong={people: "That is all of them. How many of these answer?",
                       rate: "That is how many in a hundred. How many people are there?",
                       people - some: "So many of them do not answer. How many do?"},
                otherwise=f"How many are {rate:g} in a hundred of {people:,}?")


def _others(right: float, wrong: Mapping[float, str], near: float = 0.5) -> dict[float, str]:
    """The wrong values that do not happen to be right here."""
    return {value: said for value, said in wrong.items() if abs(value - right) > near}


# ------------------------------------------------------------------------ middle and spread


def neighbours(longest: int) -> list[Any]:
    """Five trips, of which the last can be changed, and two ways to sum them up."""
    trips = [20, 22, 24, 26, longest]
    summed = {"middle one": float(np.median(trips)), "equal share": float(np.mean(trips))}
    dots = points(trips, [5, 4, 3, 2, 1], x="Minutes to work", y=None, x_span=(0, 208))
    for name, value in summed.items():
        dots += line([value, value], [0.5, 5.5], name=name)
    return [dots, bars(summed, span=(0, 60), caption="Two numbers for all five.")]


def neighbour_words(longest: int) -> str:
    """What `neighbours` shows, in words."""
    trips = [20, 22, 24, 26, longest]
    share = float(np.mean(trips))
    return (f"With {longest} minutes as the longest trip, the middle one is 24, and an equal "
            f"share of all minutes is {share:.0f}.")


def sd_steps(values: Sequence[int]) -> list[Any]:
    """The standard deviation of a few values, step by step."""
    given = np.array(values, float)
    mean, square, sd = float(given.mean()), float(given.var()), float(given.std())
    apart = float(np.abs(given - mean).mean())
    fewer = float(given.var(ddof=1))
    return [
        step("The mean", _tidy(mean), unit="minutes", wrong=_others(mean, {
            float(np.median(given)): "That is the middle one. What would an equal share be?",
            float(given.sum()): "That is the sum. How many share it?",
            float(given.min() + given.max()) / 2: "You used two of the values. What is an equal "
                                                  "share of them all?"}, near=0.01),
            otherwise="Add up all minutes. How many share them?"),
        step("The mean of the squared distances", _tidy(square), tolerance=0.06,
             wrong=_others(square, {
                 0: "Distances add up to 0 in any data, as minus and plus cancel. Square each one "
                    "first.",
                 apart: "You left the signs off. Square the distances instead.",
                 square * len(values): "That is their sum. Over how many is it shared?",
                 fewer: "You shared the squares among one fewer, as some programs do. Here all "
                        "of them count.",
                 float((given**2).mean()): "You squared the values. Square how far each is from "
                                           "the mean."}, near=0.06),
             otherwise="Write down each distance from the mean, and square it. What is the mean "
                       "of the squares?"),
        step("Its root, in minutes again", _tidy(sd), unit="minutes", tolerance=0.06,
             wrong=_others(sd, {
                 float(np.ptp(given)): "That is longest minus shortest. Whose root is the SD?",
                 square: "That is the mean square, in squared minutes. Which number times itself "
                         "gives it?",
                 square / 2: "You halved it. Which number times itself gives it?",
                 apart: "That is the mean distance without signs, an honest measure and another "
                        "one. Whose root is the SD?",
                 fewer**0.5: "You shared the squares among one fewer. What is the root of the step "
                             "before?"}, near=0.06),
             otherwise="Which number times itself gives the mean of the squares?"),
    ]


def _tidy(value: float) -> float:
    """A value as a lesson shows it: to one decimal, without an empty one."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def shape(reach: int, ragged: bool) -> list[int]:
    """How many trips take 34, 35, ... 66 minutes: all within `reach` of 50.

    Moving 1, 3, 3 and 1 of them up and down by turns leaves the mean, and the mean of the
    squares, exactly as they were.
    """
    half = [4] * reach + [0] * (16 - reach)
    if ragged:
        half[:reach] = [5, 1, 7, 3] * (reach // 4)
    return [*half[::-1], 4, *half]


def shape_sd(reach: int, ragged: bool) -> float:
    """The SD of a shape, in minutes."""
    return float(np.repeat(np.arange(34, 67), shape(reach, ragged)).std())


def draw_groups() -> None:
    """Two groups with one mean: A reaches less far and is ragged, B reaches further and is even."""
    _, sides = plt.subplots(1, 2, figsize=(6.5, 2.2), sharex=True, sharey=True)
    for side, name, looks in zip(sides, "AB", [(8, True), (12, False)], strict=True):
        side.bar(range(34, 67), shape(*looks), width=0.9)
        side.set(title=name, xlabel="Minutes")
    sides[0].set_ylabel("How many")
    plt.show()


def shapes(reach: int, ragged: bool) -> list[Any]:
    """The bars of a group of commuters, and its SD."""
    trips = dict(zip(range(34, 67), shape(reach, ragged), strict=True))
    return [bars(trips, caption="How many take so many minutes.", span=(0, 8)),
            bars({"SD": round(shape_sd(reach, ragged), 1)}, unit="minutes", span=(0, 10),
                 caption="Their SD, in minutes.")]


def shape_words(reach: int, ragged: bool) -> str:
    """What `shapes` shows, in words."""
    kind = "ragged" if ragged else "even"
    return (f"All trips take {50 - reach} to {50 + reach} minutes, with {kind} bars. The SD is "
            f"{shape_sd(reach, ragged):.1f} minutes.")

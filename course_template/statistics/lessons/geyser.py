"""What lesson 3 draws and asks: a geyser's eruptions and waits, lines, a U, a famous set.

It stands here so that the cells of the lesson stay short.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from slips import others, tidy

from kit.lesson import line, points, step

DATA = Path(__file__).resolve().parent.parent / "data"
_eruptions = pd.read_csv(DATA / "geyser.csv")
LASTED, WAIT = (_eruptions[name].to_numpy(float) for name in ("minutes", "wait"))
"""How long each eruption lasted, and from its start to the next start, in minutes."""

# ------------------------------------------------------------------------------ correlation


def pairs(first: Sequence[int], second: Sequence[int], unit: str) -> tuple[str, list[Any]]:
    """A round of `steps`: two lists of distances from their means, and the steps to their r."""
    one, other = (",\N{NO-BREAK SPACE}".join(map(str, values)).replace("-", "\N{MINUS SIGN}")
                  for values in (first, second))
    problem = f"Minutes from their mean: {one}. Waits from theirs, in {unit}: {other}."
    return problem, r_steps(first, second)


def r_steps(first: Sequence[float], second: Sequence[float]) -> list[Any]:
    """The correlation of two lists of distances from the mean, step by step."""
    one, other = np.array(first, float), np.array(second, float)
    products = one * other
    mean, both = float(products.mean()), float(one.std() * other.std())
    r = mean / both
    listed = ", ".join(f"{product + 0:g}" for product in products)
    return [
        step("The mean of the products", tidy(mean), tolerance=0.02,
             shown=f"{listed}: on average {tidy(mean)}".replace("-", "\N{MINUS SIGN}"),
             wrong=others(mean, {
                 float(products.sum()): "That is their sum. Over how many is it shared?",
                 float(products.sum()) / (len(one) - 1): "You shared among one fewer. All "
                                                         "eruptions count.",
                 -mean: "The size is right. Minus times minus gives plus, minus times plus gives "
                        "minus."}, near=0.06),
             otherwise="Multiply eruption by eruption, with the signs. What is the mean of the "
                       "products?"),
        step("One SD times the other", tidy(both), tolerance=0.02,
             shown=f"{one.std():.2f} × {other.std():.2f} = {tidy(both)}", wrong=others(both, {
                 float(one.std()): "That is one SD. Both lists have one.",
                 float(other.std()): "That is one SD. Both lists have one.",
                 float(one.std() + other.std()): "You added them. The products had two factors.",
                 float(one.var() * other.var()): "Those are the mean squares. Which root does "
                                                 "each need?"}, near=0.06),
             otherwise="The SD is the root of the mean squared distance. Find it for each list."),
        step("The first divided by the second", tidy(r), tolerance=0.02, wrong=others(r, {
            float(products.sum()): "That is the sum of the products. Take their mean.",
            mean: "That is the mean product, and its size still depends on the unit. What takes "
                  "the unit out?",
            both: "That is the product of the SDs. What is it there to divide?",
            mean / float(one.std()): "You divided by one SD. Both lists have one.",
            both / mean: "You turned the division round.",
            -r: "The size is right. Which sign has the mean product?"}, near=0.06),
             otherwise="Divide the first step by the second. It comes out between −1 and 1."),
    ]


def u_shape() -> Any:
    """Seven points on a U."""
    x = np.arange(-3, 4)
    return points(x, x**2, x="x", y="y, which is x squared")


# ---------------------------------------------------------------------------------- the line

SLOPES = range(21)


def typical_miss(slope: float) -> float:
    """Root of the mean squared miss of a line with this slope through both means."""
    missed = WAIT - WAIT.mean() - slope * (LASTED - LASTED.mean())
    return float(np.sqrt(np.mean(missed**2)))


def lines(slope: float) -> list[Any]:
    """A line through the cloud, and how far it misses beside all the others."""
    ends = np.array([LASTED.min(), LASTED.max()])
    cloud = points(LASTED, WAIT, x="Lasted, minutes", y="Wait, minutes", y_span=(30, 110))
    curve = line(SLOPES, [typical_miss(one) for one in SLOPES],
                 x="Slope", y="Typical miss, minutes")
    return [cloud + line(ends, WAIT.mean() + slope * (ends - LASTED.mean()), name="guess"),
            curve + points([slope], [typical_miss(slope)], name="guess")]


def line_words(slope: float) -> str:
    """What `lines` shows, in words."""
    known = " (71 minutes for every eruption)" if slope == 0 else ""
    return (f"With a slope of {slope} minutes for each minute{known} the guesses miss by "
            f"{typical_miss(slope):.2f} minutes, typically.")


def line_steps(
    known: tuple[float, float], guessed: tuple[float, float], r: float, had: float, actual: float,
    *, back: bool = False,
) -> list[Any]:
    """Guess one value from another; each kind of value is its (mean, SD).

    With `back` a round before went the other way, and its slope may have been turned over.
    """
    (mean_x, sd_x), (mean_y, sd_y) = known, guessed
    slope = r * sd_y / sd_x
    guess = mean_y + slope * (had - mean_x)
    residual = actual - guess
    turned = ("You turned the slope of the other direction over. What does r do in each direction?"
              if back else
              "You divided by r. Does a looser link make the line steeper, or flatter?")
    return [
        step("The slope", tidy(slope), tolerance=0.02,
             shown=f"{r} × {sd_y} ÷ {sd_x} = {tidy(slope)}", wrong=others(slope, {
                 r: "That is r. A slope turns units of one into units of the other: which SDs do "
                    "that?",
                 sd_y / sd_x: "The SDs are there. How closely do the two go together?",
                 r * sd_x / sd_y: "r and both SDs are there. The SD of what you guess goes on top.",
                 sd_x / sd_y: "The SD of what you guess goes on top, and r is missing.",
                 sd_y / (r * sd_x): turned}, near=0.021),
             otherwise="r, the SD of what you guess, the SD of what you know: which go on top?"),
        step("The guess", tidy(guess), tolerance=0.06,
             shown=f"{mean_y} + {tidy(slope)} × ({had} − {mean_x}) = {tidy(guess)}",
             wrong=others(guess, {
                 had: "That repeats what is known. How far from its mean is it, and what does the "
                      "slope make of that?",
                 mean_y + had - mean_x: "You kept the distance as it was. What does the slope make "
                                        "of it?",
                 mean_y + sd_y * (had - mean_x) / sd_x: "As many SDs from the mean as before: then "
                                                        "r would be 1. Use the slope.",
                 slope * (had - mean_x): "That is the distance from the mean. From which mean?",
                 slope * had: "The slope is for the distance from the mean, not for the whole.",
                 mean_x + slope * (had - mean_x): "You began at the other mean. Which of the two "
                                                  "is guessed?",
                 mean_y: "That is the mean of all. What is known of this one?"}, near=0.06),
             otherwise="How far is what you know from its mean? Times the slope. From which mean?"),
        step("The residual", tidy(residual), tolerance=0.06,
             shown=f"{actual} − {tidy(guess)} = {tidy(residual)}".replace("-", "\N{MINUS SIGN}"),
             wrong=others(residual, {
                 -residual: "The size is right. Its sign: actual minus guess.",
                 actual - had: "You compared with what was known. Compare with the guess.",
                 actual - mean_y: "You compared with the mean. Compare with the guess.",
                 actual: "That is the actual value. How far is it from the guess?"}, near=0.06),
             otherwise="Actual minus guess: which two values are these?"),
    ]


def draw_second_set() -> None:
    """Anscombe's second set with its line."""
    sets = pd.read_csv(DATA / "anscombe_1973.csv")
    x, y = (sets.loc[sets["set"] == "II", column].to_numpy(float) for column in "xy")
    slope, level = np.polyfit(x, y, 1)
    _, axes = plt.subplots(figsize=(4, 2.6))
    axes.plot(x, y, "o")
    axes.plot([3, 15], [level + slope * 3, level + slope * 15])
    axes.set(xlabel="x", ylabel="y", title=f"r = {np.corrcoef(x, y)[0, 1]:.2f}")
    plt.show()

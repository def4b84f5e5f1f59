"""What lesson 2 draws and asks: a school tested twice, applicants of 1973, two famous sets.

It stands here so that the cells of the lesson stay short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.lesson import bars, line, points, step

DATA = Path(__file__).resolve().parent.parent / "data"

# ------------------------------------------------------------------------------ correlation


def days(first: Sequence[int], second: Sequence[int], note: str = "") -> tuple[str, list[Any]]:
    """A round of `steps`: two days as distances from their means, and the steps to their r."""
    one, other = (",\N{NO-BREAK SPACE}".join(map(str, day)).replace("-", "\N{MINUS SIGN}")
                  for day in (first, second))
    return f"{note}Monday: {one}. Friday: {other}.", r_steps(first, second)


def r_steps(first: Sequence[float], second: Sequence[float]) -> list[Any]:
    """The correlation of two lists of distances from the mean, step by step."""
    one, other = np.array(first, float), np.array(second, float)
    products = one * other
    mean, both = float(products.mean()), float(one.std() * other.std())
    r = mean / both
    return [
        step("The mean of the products", _tidy(mean), tolerance=0.02, wrong=_others(mean, {
            float(products.sum()): "That is their sum. Over how many is it shared?",
            float(products.sum()) / (len(one) - 1): "You shared among one fewer. All pupils count.",
            -mean: "The size is right. Minus times minus gives plus, minus times plus gives "
                   "minus."}),
            otherwise="Multiply pupil by pupil, with the signs. What is the mean of the products?"),
        step("One SD times the other", _tidy(both), tolerance=0.02,
             shown=f"{one.std():.2f} × {other.std():.2f} = {_tidy(both)}",
             wrong=_others(both, {
                 float(one.std()): "That is one SD. Both days have one.",
                 float(other.std()): "That is one SD. Both days have one.",
                 float(one.std() + other.std()): "You added them. The products had two factors.",
                 float(one.var() * other.var()): "Those are the mean squares. Which root does "
                                                 "each need?"}),
             otherwise="The SD is the root of the mean squared distance. Find it for each day."),
        step("r", _tidy(r), tolerance=0.02, wrong=_others(r, {
            float(products.sum()): "That is the sum of the products, and r cannot pass 1.",
            mean: "That is the mean product, still in squared puzzles. What takes the unit out?",
            both: "That is the product of the SDs. What is it there to divide?",
            mean / float(one.std()): "You divided by one SD. Both days have one.",
            both / mean: "You turned the division round.",
            -r: "The size is right. Which sign has the mean product?"}),
             otherwise="Divide the first step by the second. r lies between −1 and 1."),
    ]


def u_shape(first: int) -> list[Any]:
    """Seven points on a U of which another part is seen, and their r."""
    x = first + np.arange(7)
    r = float(np.corrcoef(x, x**2)[0, 1])
    return [points(x, x**2, x="x", y="y, which is x squared", x_span=(-3, 6), y_span=(0, 36)),
            bars({"r": round(r, 2) + 0.0}, span=(-1, 1), caption="r of these seven points.")]


def u_words(first: int) -> str:
    """What `u_shape` shows, in words."""
    x = first + np.arange(7)
    r = float(np.corrcoef(x, x**2)[0, 1])
    return f"From x = {first} to {first + 6}, r is {abs(r):.2f}.".replace("-", "\N{MINUS SIGN}")


# ---------------------------------------------------------------------------------- the line

_pupils = pd.read_csv(DATA / "school.csv")
AUTUMN, SPRING = (_pupils[name].to_numpy(float) for name in ("autumn", "spring"))
_ranks = AUTUMN.argsort().argsort()
LOW, HIGH = _ranks < 20, _ranks >= 100
"""The 20 lowest and the 20 highest in autumn; no two pupils tie at either place."""


def typical_miss(slope: float) -> float:
    """Root of the mean squared miss of a line with this slope through both means."""
    missed = SPRING - SPRING.mean() - slope * (AUTUMN - AUTUMN.mean())
    return float(np.sqrt(np.mean(missed**2)))


def lines(slope: float) -> list[Any]:
    """A line through the cloud, and how far it misses beside all the others."""
    ends = np.array([AUTUMN.min(), AUTUMN.max()])
    slopes = np.linspace(0, 1, 41)
    cloud = points(AUTUMN, SPRING, x="Autumn", y="Spring")
    curve = line(slopes, [typical_miss(one) for one in slopes], x="Slope", y="Typical miss, points")
    return [cloud + line(ends, SPRING.mean() + slope * (ends - AUTUMN.mean()), name="guess"),
            curve + points([slope], [typical_miss(slope)], name="guess")]


def line_words(slope: float) -> str:
    """What `lines` shows, in words."""
    known = {0: " (60 for everybody)", 1: " (everybody repeats the autumn score)"}
    return (f"With a slope of {slope:g}{known.get(slope, '')} the guesses miss by "
            f"{typical_miss(slope):.2f} points, typically.")


def line_steps(
    known: tuple[float, float], guessed: tuple[float, float], r: float, had: float, actual: float
) -> list[Any]:
    """Guess one score from another; a test is its (mean, SD)."""
    (mean_x, sd_x), (mean_y, sd_y) = known, guessed
    slope = r * sd_y / sd_x
    guess = mean_y + slope * (had - mean_x)
    residual = actual - guess
    return [
        step("The slope", _tidy(slope), tolerance=0.006, wrong=_others(slope, {
            r: "That is r. Points of one test become points of the other: which SDs do that?",
            sd_y / sd_x: "The SDs are there. How closely do the tests go together?",
            r * sd_x / sd_y: "r and both SDs are there. The SD of what you guess goes on top.",
            sd_x / sd_y: "The SD of what you guess goes on top, and r is missing.",
            sd_y / (r * sd_x): "You turned the line round, or divided by r. Counted in SDs, a "
                               "guess lies nearer to its mean than the known score does, unless "
                               "r is 1 or −1."}, near=0.006),
            otherwise="r, the SD of what you guess, the SD of what you know: which go on top?"),
        step("The guess", _tidy(guess), tolerance=0.06, wrong=_others(guess, {
            had: "That repeats the score. How far from its mean was it, and how much of that does "
                 "the slope keep?",
            mean_y + had - mean_x: "You kept the whole distance from the mean. How much of it does "
                                   "the slope keep?",
            mean_y + sd_y * (had - mean_x) / sd_x: "As many SDs from the mean as before: then r "
                                                   "would be 1. Use the slope.",
            slope * (had - mean_x): "That is the distance from the mean. From which mean?",
            slope * had: "The slope is for the distance from the mean, not for the whole score.",
            mean_x + slope * (had - mean_x): "You began at the other mean. Which test is guessed?",
            mean_y: "That is the mean of all. This pupil was not average the other time."}),
             otherwise="How far is the score from its mean? Times the slope. From which mean?"),
        step("The residual", _tidy(residual), tolerance=0.06, wrong=_others(residual, {
            -residual: "The size is right. Its sign: actual minus guess.",
            actual - had: "You compared with the other score. Compare with the guess.",
            actual - mean_y: "You compared with the mean. Compare with the guess.",
            actual: "That is the actual score. How far is it from the guess?"}),
             otherwise="Actual minus guess: which two scores are these?"),
    ]


def _others(right: float, wrong: Mapping[float, str], near: float = 0.06) -> dict[float, str]:
    """The wrong values that do not happen to be right here."""
    return {value: said for value, said in wrong.items() if abs(value - right) > near}


def _tidy(value: float) -> float:
    """A value as a lesson shows it: to two decimals, without empty ones."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def two_sets(name: str) -> list[Any]:
    """One of Anscombe's sets with its line, and what the line misses."""
    sets = pd.read_csv(DATA / "anscombe_1973.csv")
    x, y = (sets.loc[sets["set"] == name, column].to_numpy(float) for column in "xy")
    slope, level = np.polyfit(x, y, 1)
    ends = np.array([3.0, 15.0])
    return [points(x, y, x="x", y="y", y_span=(2, 11)) + line(ends, level + slope * ends),
            points(x, y - level - slope * x, x="x", y="Residual", y_span=(-2.5, 2.5))
            + line(ends, [0, 0])]


def set_words(name: str) -> str:
    """What `two_sets` shows, in words."""
    shape = {"I": "lie above and below without shape",
             "II": "make an arch: below at both ends, above in the middle"}[name]
    return f"Set {name}: r = 0.82, the line is 3 + 0.5x. The residuals {shape}."


# ------------------------------------------------------------------------------ two worlds


def _standard(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - values.mean()) / values.std())


FIRST = _standard(AUTUMN)
LUCK = _standard(SPRING - np.polyval(np.polyfit(AUTUMN, SPRING, 1), AUTUMN))
"""What a second test has that the first does not tell."""


def retest(r: float, coaching: float) -> np.ndarray:
    """Spring scores that scatter as those of autumn do, and follow them as closely as r says."""
    scores = AUTUMN.mean() + AUTUMN.std() * (r * FIRST + np.sqrt(1 - r**2) * LUCK)
    return np.asarray(scores + np.where(LOW, coaching, 0))


def changes(r: float, coaching: float) -> dict[str, float]:
    """How much the 20 lowest and the 20 highest change on average."""
    moved = retest(r, coaching) - AUTUMN
    found = {"20 lowest": moved[LOW].mean(), "20 highest": moved[HIGH].mean()}
    return {name: round(float(value), 1) + 0.0 for name, value in found.items()}


def worlds(r: float, coaching: float) -> list[Any]:
    """Both tests of all pupils, and how the two groups changed."""
    spring, others = retest(r, coaching), ~(LOW | HIGH)
    cloud = (points(AUTUMN[others], spring[others], name="others", x="Autumn", y="Spring")
             + points(AUTUMN[LOW], spring[LOW], name="20 lowest")
             + points(AUTUMN[HIGH], spring[HIGH], name="20 highest"))
    return [cloud, bars(changes(r, coaching), caption="Change in points.")]


def world_words(r: float, coaching: float) -> str:
    """What `worlds` shows, in words."""
    low, high = (f"{change:+.1f}" if change else "0" for change in changes(r, coaching).values())
    return (f"With r = {r} and {coaching} points from coaching, the lowest change by {low} points "
            f"and the highest by {high}.".replace("-", "\N{MINUS SIGN}"))


# -------------------------------------------------------------------------- a third variable

_table = pd.read_csv(DATA / "berkeley_1973.csv")
APPLIED, ADMITTED = (_table.pivot(index="department", columns="group", values=name)
                     for name in ("applied", "admitted"))
RATES = 100 * ADMITTED / APPLIED
"""Percent admitted, by department, of men and of women."""
_mixes = 100 * APPLIED / APPLIED.sum()


def rates_table() -> pd.DataFrame:
    """The rates of all departments, as a reader sees them."""
    shown = RATES.round(0).astype(int).rename_axis(index=None, columns=None)
    return shown.rename(columns="{}, %".format)


def _applying(moved: int) -> pd.Series:
    """In percent, to which departments women apply when so many percent of the way is gone from
    their own choice to that of the men."""
    return _mixes["women"] + moved / 100 * (_mixes["men"] - _mixes["women"])


def admitted(group: str, moved: int = 0) -> float:
    """Percent of a group admitted, each department deciding as it did."""
    mix = _applying(moved) if group == "women" else _mixes["men"]
    return float((mix * RATES[group]).sum() / 100)


def elsewhere(moved: int) -> list[Any]:
    """Where women apply, and what share of all women is admitted then."""
    both = {"men": round(admitted("men"), 1), "women": round(admitted("women", moved), 1)}
    return [bars(_applying(moved).round(1).to_dict(),
                 caption="To which department women apply, in percent."),
            bars(both, span=(0, 60), caption="Admitted, in percent of all who applied.")]


def elsewhere_words(moved: int) -> str:
    """What `elsewhere` shows, in words."""
    easy = _applying(moved)[["A", "B"]].sum()
    women, men = admitted("women", moved), admitted("men")
    return (f"{easy:.0f}% of the women apply to A or B. Of all women {women:.1f}% are admitted, of "
            f"the men {men:.1f}%.")

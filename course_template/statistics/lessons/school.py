"""What lesson 4 draws and asks of a school that was tested twice.

It stands here so that the cells of the lesson stay short.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from slips import others, tidy

from kit.lesson import bars, points, step

DATA = Path(__file__).resolve().parent.parent / "data"
_pupils = pd.read_csv(DATA / "school.csv")
AUTUMN, SPRING = (_pupils[name].to_numpy(float) for name in ("autumn", "spring"))
_ranks = AUTUMN.argsort().argsort()
LOW, HIGH = _ranks < 20, _ranks >= 100
"""The 20 lowest and the 20 highest in autumn; no two pupils tie at either place."""

# ------------------------------------------------------------------------------ two worlds


def _standard(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - values.mean()) / values.std())


FIRST = _standard(AUTUMN)
LUCK = _standard(SPRING - np.polyval(np.polyfit(AUTUMN, SPRING, 1), AUTUMN))
"""What the spring test has that autumn does not tell."""


def retest(r: float, coaching: float) -> np.ndarray:
    """Spring scores of a world: they follow autumn as closely as r says, and have the school's
    mean and SD before the 20 lowest are coached."""
    scores = SPRING.mean() + SPRING.std() * (r * FIRST + np.sqrt(1 - r**2) * LUCK)
    return np.asarray(scores + np.where(LOW, coaching, 0))


def changes(r: float, coaching: float) -> dict[str, float]:
    """How much the 20 lowest and the 20 highest change on average."""
    moved = retest(r, coaching) - AUTUMN
    found = {"20 lowest": moved[LOW].mean(), "20 highest": moved[HIGH].mean()}
    return {name: round(float(value), 1) + 0.0 for name, value in found.items()}


def worlds(r: float, coaching: float) -> list[Any]:
    """Both tests of all pupils, and how the two groups changed."""
    spring, middle = retest(r, coaching), ~(LOW | HIGH)
    cloud = (points(AUTUMN[middle], spring[middle], name="others", x="Autumn", y="Spring")
             + points(AUTUMN[LOW], spring[LOW], name="20 lowest")
             + points(AUTUMN[HIGH], spring[HIGH], name="20 highest"))
    return [cloud, bars(changes(r, coaching), caption="Change in points.")]


def world_words(r: float, coaching: float) -> str:
    """What `worlds` shows, in words."""
    low, high = (f"{change:+.1f}" if change else "0" for change in changes(r, coaching).values())
    return (f"With r = {r:g} and {coaching} points from coaching, the lowest change by {low} "
            f"points and the highest by {high}.".replace("-", "\N{MINUS SIGN}"))


# ----------------------------------------------------------------------- what is left to explain


def left_steps(
    before: tuple[float, float], after: tuple[float, float], r: float, had: float, actual: float
) -> list[Any]:
    """What of a chosen group's change is left for a treatment; a measure is its (mean, SD)."""
    (mean_x, sd_x), (mean_y, sd_y) = before, after
    slope = r * sd_y / sd_x
    guess = round(mean_y + slope * (had - mean_x), 1)
    alone, left = tidy(guess - had, 1), tidy(actual - guess, 1)
    return [
        step("The guess without treatment", tidy(guess, 1), tolerance=0.06,
             shown=f"slope {tidy(slope)}: {mean_y} + {tidy(slope)} × ({had} − {mean_x}) = "
                   f"{tidy(guess, 1)}",
             wrong=others(guess, {
                 mean_y + had - mean_x: "You kept the distance from the mean. What does the slope "
                                        "leave of it?",
                 mean_x + slope * (had - mean_x): "You began at the first mean. Which of the two "
                                                  "is guessed?",
                 had: "Then nobody would move. How far from the mean were they, and what does the "
                      "slope leave of it?",
                 mean_y: "Then all of it would have been luck. What does the slope leave?",
                 mean_y + slope * (mean_x - had): "You went to the other side of the mean. On "
                                                  "which side were they?",
                 slope * (had - mean_x): "That is how far from the mean. From which mean?",
                 slope * had: "The slope is for the distance from the mean, not for the whole.",
                 actual: "That is what came out, treatment and all."}, near=0.06),
             otherwise="How far from the mean were they? Times the slope, from the other mean."),
        step("They move by themselves, by", alone, tolerance=0.06, shown=_signed(alone),
             wrong=others(alone, {
                 -alone: "The size is right. Do they go up or down?",
                 actual - had: "That is all they moved. How far is it to the guess?",
                 guess: "That is where they are guessed. How far is it from where they were?",
                 guess - mean_y: "That is how far they stay from the mean. How far do they move?"},
                 near=0.06),
             otherwise="Guess minus what they had before, with its sign."),
        step("Left for the treatment, with its sign", left, tolerance=0.06, shown=_signed(left),
             wrong=others(left, {
                 -left: "The size is right. Actual minus guess.",
                 actual - had: "That is all they moved. How much of it comes without treatment?",
                 alone: "That is what they move by themselves. What is left?",
                 actual - mean_y: "You compared with the mean. Compare with the guess."},
                 near=0.06),
             otherwise="Actual minus guess: the residual of the group."),
    ]


def _signed(change: float) -> str:
    return f"{change:+g}".replace("-", "\N{MINUS SIGN}")

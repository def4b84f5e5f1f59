"""What lesson 2 draws and asks: two ways to work, five neighbours, shapes of bars.

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

from kit.lesson import bars, line, points, step

DATA = Path(__file__).resolve().parent.parent / "data"

# ----------------------------------------------------------------------------- two ways to work

_mornings = pd.read_csv(DATA / "brightwater_mornings.csv")
BUS, TRAIN = (_mornings.loc[_mornings["way"] == way, "minutes"].to_numpy(float)
              for way in ("bus", "train"))
"""How long each way took, on twenty mornings."""


def late(minutes: int) -> dict[str, int]:
    """How many trips of each way took longer than this."""
    return {way: int(np.sum(taken > minutes)) for way, taken in (("bus", BUS), ("train", TRAIN))}


def deadline(minutes: int) -> list[Any]:
    """All trips with the time that there is, and how many come too late."""
    rows = np.arange(1, len(BUS) + 1)
    dots = (points(np.sort(BUS), rows + len(BUS), name="bus", y=None, x="Minutes",
                   x_span=(10, 60))
            + points(np.sort(TRAIN), rows, name="train")
            + line([minutes, minutes], [0, 2 * len(BUS) + 1], name="too late from here"))
    return [dots, bars(late(minutes), span=(0, len(BUS)), caption="Of 20 trips, so many are late.")]


def deadline_words(minutes: int) -> str:
    """What `deadline` shows, in words."""
    found = late(minutes)
    return (f"With {minutes} minutes, {found['bus']} of 20 bus trips and {found['train']} of 20 "
            "train trips come too late.")


# ----------------------------------------------------------------------------- middle and spread


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
        step("The mean", tidy(mean, 1), unit="minutes", wrong=others(mean, {
            float(np.median(given)): "That is the middle one. What would an equal share be?",
            float(given.sum()): "That is the sum. How many share it?",
            float(given.min() + given.max()) / 2: "You used two of the values. What is an equal "
                                                  "share of them all?"}, near=0.01),
            otherwise="Add up all minutes. How many share them?"),
        step("The mean of the squared distances", tidy(square, 1), tolerance=0.06,
             shown=f"{_listed((given - mean) ** 2)}: on average {tidy(square, 1)}",
             wrong=others(square, {
                 0: "Distances add up to 0 in any data, as minus and plus cancel. Square each one "
                    "first.",
                 apart: "You left the signs off. Square the distances instead.",
                 square * len(values): "That is their sum. Over how many is it shared?",
                 fewer: "You shared the squares among one fewer. How many values are there?",
                 float((given**2).mean()): "You squared the values. Square how far each is from "
                                           "the mean."}, near=0.06),
             otherwise="Write down each distance from the mean, and square it. What is the mean "
                       "of the squares?"),
        step("Its root, in minutes again", tidy(sd, 1), unit="minutes", tolerance=0.06,
             wrong=others(sd, {
                 float(np.ptp(given)): "That is longest minus shortest. Of which number is the "
                                       "root asked for?",
                 square: "That is the mean square, in squared minutes. Which number times itself "
                         "gives it?",
                 square / 2: "You halved it. Which number times itself gives it?",
                 apart: "That is the mean distance without signs, an honest measure and another "
                        "one. What is the root of the step before?",
                 fewer**0.5: "You shared the squares among one fewer. What is the root of the step "
                             "before?"}, near=0.06),
             otherwise="Which number times itself gives the mean of the squares?"),
    ]


def _listed(values: np.ndarray) -> str:
    """The squared distances, one after the other."""
    return ", ".join(f"{tidy(value, 1):,}" for value in values)


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


GROUPS = {"A": (8, True), "B": (12, False), "C": (12, True)}
"""Groups with one mean: how far each reaches, and whether its bars are ragged."""


def draw_groups() -> None:
    """The groups, one below the other."""
    _, sides = plt.subplots(3, 1, figsize=(4, 4.2), sharex=True, sharey=True)
    for side, (name, looks) in zip(sides, GROUPS.items(), strict=True):
        side.bar(range(34, 67), shape(*looks), width=0.9)
        side.set(title=name, ylabel="How many", yticks=[0, 4, 8])
    sides[-1].set_xlabel("Minutes")
    plt.show()

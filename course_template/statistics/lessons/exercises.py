"""Checks of the exercises in the lessons: for each wrong value that we know, what was done."""

from __future__ import annotations

import math
from collections.abc import Mapping

_Exercise = dict[str, tuple[float, dict[float, str]]]

_TRIPS: _Exercise = {
    "typical": (
        10,
        {
            20: "that is the mean, pulled up by the trip of 60. Which trip is in the middle?",
            32.5: "that is half way between shortest and longest. Which trip is in the middle?",
            5: "that is the trip that comes most often. Which one is in the middle?",
        },
    ),
    "together": (
        100,
        {
            50: "that is five times the median. For a total take five times the mean, or add up.",
            20: "that is the mean, one trip's equal share. How many trips are there?",
        },
    ),
    "spread": (
        20.7,
        {
            0: "the distances add up to 0, for any data. Square them first.",
            16: "that is the mean distance without its sign. Square the distances instead.",
            430: "that is the mean of the squares, in squared minutes. One step is left.",
            23.2: "you divided by 4, as pandas does. Here the squares are shared among all five.",
            55: "that is longest minus shortest. How far are all five from their mean?",
        },
    ),
}
_TESTS: _Exercise = {
    "slope": (
        0.25,
        {
            0.5: "that is r alone, or the SDs alone. The slope needs r and both SDs.",
            1: "the SDs are the wrong way round: the score that you guess goes on top.",
            2: "the SDs are the wrong way round, and r is missing.",
        },
    ),
    "guess": (
        64,
        {
            68: "that is two SDs above the mean again. With r = 0.5, how many SDs do you expect?",
            76: "you kept all 16 points. How many of them does the slope keep?",
            66: "that repeats the first score. What do the slope and the second mean say?",
            4: "that is the distance from the second mean. Add the mean.",
        },
    ),
    "residual": (
        -3,
        {
            3: "the size is right. The sign: actual minus guess.",
            -5: "you compared with the first score. Compare with the guess.",
            1: "you compared with the mean. Compare with the guess.",
        },
    ),
}
_EXERCISES = {"trips": _TRIPS, "tests": _TESTS}


def check(exercise: str, **answers: float | None) -> None:
    """Print for each answer whether it is right, or what was done. None is not answered."""
    for name, value in answers.items():
        right, slips = _EXERCISES[exercise][name]
        print(f"{name}: {_verdict(value, right, slips)}")  # noqa: T201 (a lesson shows it)


def _verdict(value: object, right: float, slips: Mapping[float, str]) -> str:
    if value is None:
        return "no answer yet"
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return f"{value!r} is not a number"
    if math.isclose(number, right, rel_tol=0.005, abs_tol=0.004):
        return f"yes, {right:g}"
    for slip, what in slips.items():
        if math.isclose(number, slip, rel_tol=0.005, abs_tol=0.004):
            return f"{number:g}: {what}"
    return f"{number:g} is not it yet; go back to the worked example and change its numbers"

"""What lesson 4 draws of applicants to six departments, in 1973.

It stands here so that the cells of the lesson stay short.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from slips import others, tidy

from kit.lesson import bars, step

DATA = Path(__file__).resolve().parent.parent / "data"

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


# ---------------------------------------------------------------------------------- by hand

Kind = tuple[int, int]
"""How many succeeded, of how many."""


def mix_steps(one: str, ones: Sequence[Kind], other: str, theirs: Sequence[Kind]) -> list[Any]:
    """Two groups of two kinds each: their rates over all."""
    return [_over_all(one, ones), _over_all(other, theirs)]


def _rate(kinds: Sequence[Kind]) -> float:
    return 100 * sum(good for good, _ in kinds) / sum(size for _, size in kinds)


def _over_all(name: str, kinds: Sequence[Kind]) -> Any:
    good, size = sum(one for one, _ in kinds), sum(each for _, each in kinds)
    rate = _rate(kinds)
    return step(f"{name}, over all", tidy(rate, 1), unit="%", tolerance=0.15,
                shown=f"{good:,} of {size:,}, or {tidy(rate, 1)}%", wrong=others(rate, {
                    50 * sum(one / each for one, each in kinds): "You averaged the two rates, as "
                    "if there were as many of each kind. How many are there in all?",
                    good: "So many there are. Which share of all is that?",
                    100 - rate: "That is the share without success. Which one is asked for?",
                    100 * kinds[0][0] / kinds[0][1]: "That is the rate of the first kind alone.",
                    100 * kinds[1][0] / kinds[1][1]: "That is the rate of the second kind alone."},
                    near=0.15),
                otherwise="Add up both kinds: how many succeeded, and of how many?")

"""Make the invented data of this course. Run in this folder: python make_data.py

Everything is drawn from one seed, so a second run writes the same files.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

# Chosen so that no two pupils tie at the 20th place from either end, and so that the
# statistics printed in the lessons lie near the values that the model aims at. The flats have
# a stream of their own, in which the highest rent, the highest rent per square metre and the
# largest residual of either sign belong to four different flats.
SEED = 2043
HERE = Path(__file__).parent


def town() -> pd.DataFrame:
    """All 60,000 adults of Brightwater by view, and how likely each fills in the form."""
    return pd.DataFrame(
        {
            "view": ["in favour", "against"],
            "adults": [33_000, 27_000],
            "answers_form": [0.115, 0.23],
        }
    )


def lot(rng: np.random.Generator) -> pd.DataFrame:
    """400 adults drawn by lot: view, and minutes to work (blank without a commute)."""
    favour = rng.permutation(np.repeat(["yes", "no"], [216, 184]))
    minutes = np.clip(np.round(rng.lognormal(np.log(22), 0.65, 400)), 3, None)
    commutes = rng.random(400) < 0.65
    return pd.DataFrame(
        {
            "adult": np.arange(1, 401),
            "favour": favour,
            "minutes": pd.array(np.where(commutes, minutes, np.nan), dtype="Int64"),
        }
    )


BUS = [15, 16, 17, 18, 18, 19, 20, 20, 21, 21, 21, 23, 23, 24, 27, 27, 42, 45, 49, 54]
TRAIN = [24, 26, 27, 27, 28, 28, 29, 29, 30, 30, 30, 30, 31, 31, 32, 32, 33, 33, 34, 36]


def mornings(rng: np.random.Generator) -> pd.DataFrame:
    """How long two ways to work took, on twenty mornings each."""
    ways = {"bus": BUS, "train": TRAIN}
    return pd.DataFrame(
        [
            {"way": way, "morning": morning, "minutes": minutes}
            for way, taken in ways.items()
            for morning, minutes in enumerate(rng.permutation(taken), 1)
        ]
    )


def standard(values: np.ndarray) -> np.ndarray:
    """The values in standard units: mean 0, standard deviation 1."""
    return np.asarray((values - values.mean()) / values.std())


def school(rng: np.random.Generator, pupils: int = 120, r: float = 0.6) -> pd.DataFrame:
    """Two tests of 120 pupils. Nobody was coached: no effect is added for anyone."""
    first = standard(rng.normal(size=pupils))
    other = rng.normal(size=pupils)
    other = standard(other - (other @ first) / pupils * first)
    second = r * first + np.sqrt(1 - r**2) * other
    return pd.DataFrame(
        {
            "pupil": np.arange(1, pupils + 1),
            "autumn": np.round(60 + 12 * first).astype(int),
            "spring": np.round(60 + 10 * second).astype(int),
        }
    )


def rents(rng: np.random.Generator, flats: int = 60) -> pd.DataFrame:
    """Flats to let in Brightwater: size in square metres and monthly rent."""
    size = rng.integers(28, 121, flats)
    rent = 180 + 9.5 * size + rng.normal(0, 90, flats)
    return pd.DataFrame(
        {"flat": np.arange(1, flats + 1), "size_m2": size, "rent": np.round(rent, -1).astype(int)}
    )


def write() -> None:
    """Write the tables beside this script and into the problem set."""
    rng = np.random.default_rng(SEED)
    tables = {
        HERE / "brightwater_town.csv": town(),
        HERE / "brightwater_lot.csv": lot(rng),
        HERE / "school.csv": school(rng),
        HERE / "brightwater_mornings.csv": mornings(np.random.default_rng([SEED, 20])),
        HERE.parent / "source" / "ps1" / "rents.csv": rents(np.random.default_rng([SEED, 14])),
    }
    for path, table in tables.items():
        table.to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    write()

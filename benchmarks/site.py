"""What a book costs here and with stock Jupyter Book: the same course, one run, ratios.

    python benchmarks/site.py --quick --json

The course is built from nothing (cold), again (noop), after a sentence of one lesson has changed
(prose), and after the code of one cell has (cell). Stock is `jupyter-book build` each time.

- `stock_over_ours_cold`, `stock_over_ours_noop`: over `kit build`.
- `stock_over_ours_prose`, `stock_over_ours_cell`: over `kit preview`, which watches the course as
  it does while one writes: from saving the file to the word that the page is new.
- `stock_over_build_prose`, `stock_over_build_cell`: over `kit build`, a new process each time.

All are ratios of wall time, the best round of each side; stock and ours take turns in folders of
their own. `seconds_*` and `preview_seconds_*` are ours alone.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from road import BESIDE, Cost, cost
from telling import parser, tell

INFINITE = float("inf")
PARAGRAPH = ("A shop that sells {n} kinds of things keeps a record of each sale, and asks at the "
             "end of the day what it earned. The record is long, and the answer is one number. "
             "Between them stands a rule that says what counts, and when. ")
CODE = (
    "import numpy as np\n\nprices = np.arange(1, {n} + 2) * 1.5\nprices.sum()",
    "import pandas as pd\n\nsold = pd.DataFrame({{'price': prices, 'units': {n}}})\nsold.head()",
    "total = (sold.price * sold.units).sum()\nprint(f'sold for {{total:.2f}}')",
    ("import matplotlib.pyplot as plt\n\nfig, ax = plt.subplots(figsize=(5, 3))\n"
     "ax.bar(sold.index, sold.price)\nax.set_xlabel('kind')\nax.set_ylabel('price')\nplt.show()"),
    "mean = sold.price.mean()\nmean",
)
COURSE = """\
id: bench
title: A book of notebooks
authors: [{{name: The authors}}]
timezone: UTC
parts:
{parts}
assignments: []
environment: {{packages: [numpy, pandas, matplotlib]}}
"""


def lesson(number: int, *, word: str = "record", shift: int = 0) -> str:
    """A lesson of six sections with five code cells, as the text of a notebook."""
    cells: list[dict[str, object]] = []

    def add(kind: str, source: str) -> None:
        cell: dict[str, object] = {"cell_type": kind, "id": f"c{len(cells)}", "metadata": {},
                                   "source": source}
        cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))

    add("markdown", f"# Lesson {number}: what was sold\n\n{PARAGRAPH.format(n=number)}")
    for place, code in enumerate(CODE):
        add("markdown", f"## Step {place + 1} of lesson {number}\n\n"
            + PARAGRAPH.format(n=place + 2).replace("record", word, 1) * 3
            + f"\n\nThe sum is $s = \\sum_{{i=1}}^{{{number}}} p_i$.")
        add("code", code.format(n=number) + (f"  # {shift}" if shift and place == 2 else ""))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel},
                       "cells": cells})


def book(root: Path, count: int) -> Path:
    """A course of `count` notebooks in parts of six."""
    (root / "lessons").mkdir(parents=True)
    for number in range(1, count + 1):
        (root / "lessons" / f"lesson-{number:02d}.ipynb").write_text(lesson(number))
    numbers = range(1, count + 1)
    parts = "\n".join(
        f"  - title: Part {first // 6 + 1}\n    lessons: ["
        + ", ".join(f"lessons/lesson-{number:02d}" for number in numbers[first:first + 6]) + "]"
        for first in range(0, count, 6))
    (root / "course.yml").write_text(COURSE.format(parts=parts))
    (root / "index.md").write_text("# A book of notebooks\n\nWhat was sold, lesson by lesson.\n")
    return root


def ours(root: Path) -> Cost:
    """`kit build`."""
    return cost(root, BESIDE / "kit", "build")


def stock(root: Path) -> Cost:
    """`jupyter-book build`, with the configuration that the kit derived."""
    return cost(root, BESIDE / "jupyter-book", "build", ".")


def changed(number: int, attempt: int, kind: str) -> str:
    """The text of a lesson after an edit that no earlier attempt made."""
    if kind == "prose":
        return lesson(number, word=f"ledger of day {attempt}")
    return lesson(number, shift=attempt)


def measure(count: int, rounds: int) -> dict[str, float]:
    """Build the same book by both, cold and after each kind of change; best of `rounds`."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as name:
        here = book(Path(name) / "ours", count)
        there = Path(name) / "stock"
        mine, theirs = {"cold": ours(here).wall}, {}
        shutil.copytree(here, there, ignore=shutil.ignore_patterns("_build", ".kit"))
        theirs["cold"] = stock(there).wall
        edited = f"lessons/lesson-{count // 2:02d}.ipynb"
        for kind in ("noop", "prose", "cell"):
            for attempt in range(1, rounds + 1):
                if kind != "noop":
                    for root in (here, there):
                        (root / edited).write_text(changed(count // 2, attempt, kind))
                theirs[kind] = min(theirs.get(kind, INFINITE), stock(there).wall)
                mine[kind] = min(mine.get(kind, INFINITE), ours(here).wall)
        seen = watched(here, count // 2, rounds)
    return {
        "notebooks": float(count),
        **{f"stock_over_ours_{kind}": theirs[kind] / mine[kind] for kind in ("cold", "noop")},
        **{f"stock_over_ours_{kind}": theirs[kind] / seen[kind] for kind in ("prose", "cell")},
        **{f"stock_over_build_{kind}": theirs[kind] / mine[kind] for kind in ("prose", "cell")},
        **{f"seconds_{kind}": took for kind, took in mine.items()},
        **{f"preview_seconds_{kind}": took for kind, took in seen.items()},
    }


# ------------------------------------------------------------------------------ the preview


@contextmanager
def preview(root: Path) -> Iterator[int]:
    """`kit preview` at work on the course; yields its port."""
    running = subprocess.Popen([BESIDE / "kit", "preview"], cwd=root, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert running.stdout is not None
        for line in running.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                yield int(found[1])
                return
        raise SystemExit("kit preview ended before it served")
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)


def seconds(port: int, change: Callable[[], object], name: str) -> float:
    """From a change to the preview's word that the page of that name is new."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", "/.events")
    answer = connection.getresponse()
    before = told(answer, name)
    began = time.perf_counter()
    change()
    while told(answer, name) == before:
        pass
    took = time.perf_counter() - began
    connection.close()
    return took


def told(answer: http.client.HTTPResponse, name: str) -> int:
    """The version of a page in the next word of the preview."""
    while line := answer.readline():
        if line.startswith(b"data: "):
            said = json.loads(line.removeprefix(b"data: "))
            if said["failed"]:
                raise SystemExit(said["failed"]["message"])
            return int(said["pages"].get(name, 0))
    raise SystemExit("the preview closed its line")


def watched(root: Path, number: int, rounds: int) -> dict[str, float]:
    """From saving a change to the new page; best of `rounds`."""
    name = f"lessons/lesson-{number:02d}"
    best: dict[str, float] = {}
    with preview(root) as port:
        for kind in ("prose", "cell"):
            for attempt in range(100, 101 + rounds):
                if kind == "cell":
                    time.sleep(3)  # an author reads before the next edit
                save = partial((root / f"{name}.ipynb").write_text, changed(number, attempt, kind))
                best[kind] = min(best.get(kind, INFINITE), seconds(port, save, f"{name}.html"))
    return best


def main() -> None:
    """Measure and print."""
    options = parser(__doc__, "two rounds rather than five")
    options.add_argument("--notebooks", type=int, default=24)
    chosen = options.parse_args()
    tell(measure(chosen.notebooks, 2 if chosen.quick else 5), as_json=chosen.json)


if __name__ == "__main__":
    main()

"""A small, faultless course in a folder, and ways to plant faults in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sourcecells import cell

from kit import notebook as nb
from kit.check import check_folder
from kit.model import Finding
from kit.sandbox import Pool, open_pool

COURSE = """\
id: faults-101
title: Faults
timezone: Europe/Berlin
start: 2027-01-11
parts:
  - title: Start
    lessons: [lessons/first, lessons/second]
assignments:
  - name: ps1
    title: Interest
    due: 2027-01-25 23:59
outcomes:
  - id: O1
    statement: Compute interest.
    evidence: [ps1/test_interest]
limits:
  cell_seconds: 20
"""
FIRST = """\
# First lesson

See [the second](second.md#a-heading), [the data](../data/sales.csv), {ref}`here`, and
![Sales rise from 1 to 3](../data/sales.svg). A claim {cite}`fisher1935`.

(here)=
## Part
"""
SECOND = """\
---
kernelspec:
  name: python3
  display_name: Python 3
---

# Second lesson

```{code-cell} python
from pathlib import Path
rows = Path("../data/sales.csv").read_text().splitlines()
```

## A heading

```{code-cell} python
:tags: [raises-exception]
1 / 0
```

A shown cell:

````
```{code-cell} python
raise SystemExit
```
````
"""
PROBLEM = """\
# Interest

A loan of 1,250 euros runs for 3 years at 4 percent. `sales.csv` lies beside this notebook.
"""
INTEREST = """\
def interest(amount, rate):
    ### BEGIN SOLUTION
    return amount * rate
    ### END SOLUTION

### BEGIN SOLUTION
paid = interest(1250, 0.04) * 3
### END SOLUTION
"""
TEST = """\
assert isinstance(paid, float), "paid should be a number"
assert interest(100, 0.5) == 50
### BEGIN HIDDEN TESTS
assert abs(paid - 150) < 1e-9
### END HIDDEN TESTS
"""
DRAWN = """\
### BEGIN SOLUTION
rng = np.random.default_rng(7)
draws = list(rng.integers(0, 100, 5))
### END SOLUTION
"""
TASK = """\
Draw the schedule.

### BEGIN MARK SCHEME
One point for the axes.
### END MARK SCHEME
"""


def clean_cells() -> list[dict[str, Any]]:
    return [
        cell("text", PROBLEM),
        cell("locked", "import numpy as np\nsales = open('sales.csv').read()", "setup"),
        cell("answer", INTEREST, "interest"),
        cell("test", TEST, "test_interest", 3),
        cell("answer", DRAWN, "draws"),
        cell("test", "assert len(draws) == 5\nscore = float(len(set(draws)) > 1) * 2\nscore",
             "test_draws", 2),
        cell("manual", "Because it compounds.", "why", 2),
        cell("task", TASK, "draw", 1),
    ]


class CourseFolder:
    """The course on disk; each method changes one thing in it."""

    def __init__(self, root: Path, pool: Pool) -> None:
        self.root = root
        self.pool = pool
        self.cells = clean_cells()
        self.kernelspec = {"name": "python3", "display_name": "Python 3",
                           "language": "python"}
        self.write("course.yml", COURSE)
        self.write("lessons/first.md", FIRST)
        self.write("lessons/second.md", SECOND)
        self.write("data/sales.csv", "month,sales\n1,1\n2,3\n")
        self.write("data/sales.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        self.write("source/ps1/sales.csv", "month,sales\n1,1\n2,3\n")
        self.write("references.bib", "@book{fisher1935, title={The Design of Experiments}}\n")
        self.save()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def source(self, grade_id: str, old: str, new: str) -> None:
        made = self.cell(grade_id)
        assert old in made["source"]
        made["source"] = made["source"].replace(old, new)
        self.save()

    def cell(self, grade_id: str) -> dict[str, Any]:
        return next(made for made in self.cells if nb.grade_id(made) == grade_id)

    def meta(self, name: str, /, **values: Any) -> None:
        self.cell(name)["metadata"]["nbgrader"].update(values)
        self.save()

    def insert(self, place: int, *cells: dict[str, Any]) -> None:
        self.cells[place:place] = cells
        self.save()

    def save(self) -> None:
        cells = [{"id": f"cell-{place}", **made} for place, made in enumerate(self.cells)]
        notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": cells,
                    "metadata": {"kernelspec": self.kernelspec}}
        path = self.root / "source/ps1/interest.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def kernel(self, name: str, language: str) -> None:
        self.kernelspec = {"name": name, "display_name": name, "language": language}
        self.save()

    def check(self, *assignments: str) -> tuple[Finding, ...]:
        return check_folder(self.root, assignments=assignments or None, pool=self.pool)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with open_pool(["numpy", "autograders"]) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path, pool: Pool) -> CourseFolder:
    return CourseFolder(tmp_path, pool)


@pytest.fixture
def make_cell() -> Callable[..., dict[str, Any]]:
    return cell

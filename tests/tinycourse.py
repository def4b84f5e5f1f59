"""A small course with canaries in its homework, to build a site of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.course import load_course
from kit.model import Course, Release

COURSE = """\
id: tiny
title: A tiny course
description: Two lessons and one problem set.
authors: []
licence: CC-BY-4.0
effort: 2 weeks, 3 hours a week
timezone: Europe/Berlin
start: 2027-01-11
parts:
  - title: First part
    start: 2027-01-12
    lessons: [lessons/numbers, lessons/words]
assignments:
  - {name: ps1, title: Problem set 1, due: 2027-01-21 23:59, group: sets}
  - {name: ps2, title: Problem set 2, due: 2027-02-04 23:59, group: sets}
grading:
  groups: [{name: sets, title: Problem sets, weight: 100}]
  cutoffs: {A: 90, B: 80}
outcomes: []
site:
  url: https://example.org/tiny
  repository: https://github.com/example/tiny
  accent: "#a03070"
  logo: figures/logo.svg
  discussion: {provider: utterances, repository: example/tiny}
"""

NUMBERS = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Numbers first

A formula: $a^2 + b^2 = c^2$.

$$\\sum_{i=1}^n i = \\frac{n(n+1)}{2}$$

```{code-cell}
import csv
from pathlib import Path

rows = list(csv.DictReader(Path("../data/prices.csv").open()))
print("total", sum(int(row["price"]) for row in rows))
```

```{code-cell}
import ipywidgets as widgets

slider = widgets.IntSlider(value=2, min=0, max=4, description="How many")
words = widgets.Label("two")
box = widgets.Stack([widgets.HTML(f"<b>state {n}</b>") for n in range(5)], selected_index=2)
link = widgets.jslink((slider, "value"), (box, "selected_index"))
widgets.VBox([slider, box])
```

```{code-cell}
:tags: [raises-exception]
1 / 0
```

```{code-cell}
:tags: [hide-input]
print("its code is folded")
```

```{code-cell}
:tags: [hide-output]
print("folded output")
```

```{code-cell}
:tags: [remove-input]
print("output alone")
```
"""

WORDS = ("# Words alone\n\nNothing to run here. See [](numbers.ipynb), which is about "
         "{term}`cash`.\n")
GLOSSARY = """\
# Glossary

```{glossary}
cash
  What lies in the till & at the bank.
```
"""
LOGO = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
        '<path d="M4 36V14L20 4l16 10v22z" fill="none" stroke="#a03070" stroke-width="4"/></svg>')


CANARIES = ("CANARYSOLUTION", "CANARYHIDDEN", "CANARYMARKS", "CANARYPRINTED")


def cell(kind: str, source: str, number: int, **nbgrader: Any) -> dict[str, Any]:
    """A notebook cell, with nbgrader metadata where given."""
    made: dict[str, Any] = {"cell_type": kind, "id": f"c{number}", "metadata": {},
                            "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    if nbgrader:
        made["metadata"]["nbgrader"] = {
            "schema_version": 3, "grade": False, "solution": False, "locked": False,
            "task": False, **nbgrader}
    return made


def homework() -> dict[str, Any]:
    """A source notebook with a canary in everything that learners must not see."""
    solution = ("def double(x):\n    ### BEGIN SOLUTION\n    CANARYSOLUTION = 2\n"
                "    return CANARYSOLUTION * x\n    ### END SOLUTION\n")
    test = ("assert double(0) == 0\n### BEGIN HIDDEN TESTS\nCANARYHIDDEN = 6\n"
            "assert double(3) == CANARYHIDDEN\n### END HIDDEN TESTS\n")
    task = ("Explain.\n\n### BEGIN MARK SCHEME\nCANARYMARKS\n### END MARK SCHEME\n")
    cells = [
        cell("markdown", "# Doubling\n\nWrite it.", 0),
        cell("code", solution, 1, grade_id="double", solution=True),
        cell("code", test, 2, grade_id="double-test", grade=True, locked=True, points=2),
        cell("markdown", task, 3, grade_id="explain", task=True, points=3, locked=True),
    ]
    cells[1]["outputs"] = [{"output_type": "stream", "name": "stdout",
                            "text": "CANARYPRINTED\n"}]
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}}


def write_course(root: Path) -> Course:
    """The tiny course, its homework not released yet."""
    files = {
        "course.yml": COURSE, "lessons/numbers.md": NUMBERS, "lessons/words.md": WORDS,
        "data/prices.csv": "item,price\ntea,3\ncake,4\n", "syllabus.md": "# Syllabus\n\nCome.\n",
        "glossary.md": GLOSSARY, "figures/logo.svg": LOGO,
        "source/ps1/doubling.ipynb": json.dumps(homework()),
        "source/ps2/doubling.ipynb": json.dumps(homework()),
        "roster.csv": "id,first_name,last_name\nlearner-0042,,\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(root)


def released(course: Course, name: str = "ps1") -> dict[str, Release]:
    """The assignment released by nbgrader's pipeline, as the workflow hands it on."""
    from kit.release import make_release

    assignment = next(one for one in course.assignments if one.name == name)
    return {name: make_release(course, assignment).release}


def stamps(folder: Path) -> dict[str, int]:
    """When each page of a site was written."""
    return {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns
            for p in folder.rglob("*.html")}

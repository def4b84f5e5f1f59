"""Cells that run in their page are told of what a page has not."""

from __future__ import annotations

from typing import Any

import pytest

CELL = """
```{{code-cell}} python
:tags: [{tags}]
{code}
```
"""


def findings(folder: Any, *cells: tuple[str, str]) -> list[tuple[str, str, str]]:
    """(code, cell, message) of what is found of cells, each (tags, code), after the first
    lesson's own."""
    text = (folder.root / "lessons" / "first.md").read_text(encoding="utf-8")
    more = "".join(CELL.format(tags=tags, code=code) for tags, code in cells)
    folder.write("lessons/first.md", text + more)
    return [(one.code, one.cell, one.message) for one in folder.check()
            if one.code in ("W321", "W322")]


def test_pure_python_and_the_checkers_are_fine(folder: Any) -> None:
    imports = "import math, autograders as ag\nfrom json import dumps\nx = 1"
    cells = ("run", imports), ("run", "display(x, math.pi)"), ("", "import numpy")
    assert findings(folder, *cells) == []


@pytest.mark.parametrize(("code", "told"), [
    ("import numpy as np, math", "pages have no numpy"),
    ("from pandas.api import types", "pages have no pandas"),
    ("import tkinter", "pages have no tkinter"),
    ("from kit.lesson import quiz", "pages have no kit"),
    ("%matplotlib inline", "this is not plain Python: magics work in Jupyter alone"),
])
def test_what_a_page_cannot_run_is_told(folder: Any, code: str, told: str) -> None:
    ((kind, _, message),) = findings(folder, ("run, raises-exception", code))
    assert (kind, message) == ("W321", told)


def test_where_there_is_a_hub_imports_are_not_told(folder: Any) -> None:
    text = (folder.root / "course.yml").read_text(encoding="utf-8")
    folder.write("course.yml", text + "site: {hub: 'https://hub.example'}\n")
    assert findings(folder, ("run", "import numpy")) == []


def test_names_of_cells_without_the_tag_are_told(folder: Any) -> None:
    ((kind, _, message),) = findings(folder, ("", "rate = 0.04"), ("run", "base = 100"),
                                     ("run", "base * rate"))
    assert (kind, message) == (
        "W321", "it uses rate, which only a cell without the tag binds")


def test_code_that_is_taken_off_the_page_is_told(folder: Any) -> None:
    ((kind, _, message),) = findings(folder, ("run, remove-input", "1 + 1"))
    assert (kind, message) == ("W321", "its code is not on the page, so it cannot run there")


def test_a_file_that_is_read_is_told_and_one_that_is_written_there_is_not(folder: Any) -> None:
    written = "open('x.txt', 'w').write('1')\nopen('x.txt').read()"
    found = findings(folder, ("run", written), ("run", "open('../data/sales.csv').read()"),
                     ("", "open('../data/sales.csv').read()"))
    assert [(kind, message) for kind, _, message in found] == [
        ("W322", "a page has no file '../data/sales.csv'")]

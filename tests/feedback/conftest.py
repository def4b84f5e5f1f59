"""A release with canaries in its hidden tests, and a hand-in that tries to show them."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kit import notebook as notebooks
from kit.model import (
    Assignment,
    CellGrade,
    CellKind,
    Course,
    GradeRow,
    Release,
    ReleasedCell,
    ReleasedNotebook,
)

NOW = datetime(2026, 3, 12, tzinfo=UTC)

VISIBLE = 'assert total([1, 2]) == 3, "two items: add them"\n'
HIDDEN = '''### BEGIN HIDDEN TESTS
# canary-comment stands in this hidden line
canary_limit = 3
assert total([4, 5, 6]) == 15, "canary-message: three items"
assert canary_limit == 3, f"canary-fstring {canary_limit} is not three"
### END HIDDEN TESTS'''
ALL_HIDDEN = '''### BEGIN HIDDEN TESTS
for canary_n in (1, 2, 3):
    assert total([canary_n] * 3) == 0, f"canary-all-hidden with {canary_n} items"
### END HIDDEN TESTS'''
WRONG_VISIBLE = 'assert total([2]) == 3, f"got {total([2])}, expected 3"\n'
PLAIN = 'assert mean([1, 3]) == 2, f"mean gave {mean([1, 3])}"\n'

SPY = '''import linecache, sys, traceback
seen, caught = [], []
def total(items):
    frame = sys._getframe(1)
    seen.extend(linecache.getlines(frame.f_code.co_filename))
    print("".join(seen))
    traceback.print_stack()
    if len(items) > 2 and items != [1, 1, 1]:
        try:
            raise ValueError(f"called with {items} by {seen}")
        except ValueError as error:
            caught.append(error)
            raise
    return sum(items)
def mean(items):
    return 7'''
SHOW = 'print("honest output: 42")\nprint(seen)\nprint("\\n".join(seen), file=sys.stderr)'
RAISE = "raise caught[0]"
DISPLAY = '''from IPython.display import HTML, SVG, display
display(HTML("<table><tr><td>kept</td></tr></table><script>alert(1)</script>"
             "<img src=x onerror=alert(2)><iframe src='https://evil.example/'></iframe>"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(3)</script></svg>"))
display(HTML("<pre>" + "".join(seen) + "</pre>"))'''


def _cell(name: str, kind: CellKind, text: str, points: float = 0.0, cell_type: str = "code"
          ) -> ReleasedCell:
    released = text
    for markers in (notebooks.HIDDEN_TESTS, notebooks.MARK_SCHEME):
        released = notebooks.without_regions(released, markers)
    return ReleasedCell(grade_id=name, kind=kind, cell_type=cell_type, source=text,
                        released=released, points=points)


CELLS = (
    _cell("total", CellKind.ANSWER, "def total(items):\n    raise NotImplementedError"),
    _cell("t-mixed", CellKind.TEST, VISIBLE + HIDDEN, 2),
    _cell("t-hidden", CellKind.TEST, ALL_HIDDEN, 1),
    _cell("t-visible", CellKind.TEST, WRONG_VISIBLE + HIDDEN, 1),
    _cell("t-plain", CellKind.TEST, PLAIN, 1),
    _cell("why", CellKind.MANUAL, "Write here.", 3, "markdown"),
    _cell("essay", CellKind.TASK, "Explain.\n### BEGIN MARK SCHEME\ncanary-scheme: one point "
          "for the word sum\n### END MARK SCHEME", 2, "markdown"),
)


def _meta(cell: ReleasedCell) -> dict[str, Any]:
    return {"nbgrader": {
        "grade_id": cell.grade_id, "schema_version": 3, "points": cell.points,
        "grade": cell.kind in (CellKind.TEST, CellKind.MANUAL),
        "solution": cell.kind in (CellKind.ANSWER, CellKind.MANUAL),
        "task": cell.kind is CellKind.TASK, "locked": cell.kind.protected,
    }}


def _handed_in() -> dict[str, Any]:
    by_name = {cell.grade_id: cell for cell in CELLS}

    def given(name: str, text: str | None = None) -> dict[str, Any]:
        cell = by_name[name]
        made: dict[str, Any] = {"cell_type": cell.cell_type, "metadata": _meta(cell),
                                "source": cell.source if text is None else text}
        if cell.cell_type == "code":
            made |= {"outputs": [], "execution_count": None}
        return made

    def own(text: str, cell_type: str = "code") -> dict[str, Any]:
        made: dict[str, Any] = {"cell_type": cell_type, "metadata": {}, "source": text}
        return made | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})

    return {
        "nbformat": 4, "nbformat_minor": 4,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3",
                                    "language": "python"}},
        "cells": [
            own("# Totals\n\nAdd what is in a list. <script>alert('prose')</script> "
                "![away](https://evil.example/a.png) [x](javascript:alert(4))", "markdown"),
            given("total", SPY), given("t-mixed"), given("t-hidden"), own(SHOW), own(RAISE),
            given("t-visible"), given("t-plain"), own(DISPLAY),
            given("why", "Because **sums** add <b onclick=alert(5)>up</b>."), given("essay"),
        ],
    }


@pytest.fixture(scope="session")
def executed() -> dict[str, Any]:
    """The hand-in, run by a real kernel."""
    import nbformat
    from nbclient import NotebookClient

    node = nbformat.from_dict(_handed_in())
    NotebookClient(node, allow_errors=True, timeout=60, kernel_name="python3").execute()
    return notebooks.parse(nbformat.writes(node).encode())


@pytest.fixture
def course(tmp_path: Path, executed: dict[str, Any]) -> Course:
    notebooks.write(copy.deepcopy(executed),
                    tmp_path / "autograded" / "learner-0001" / "ps1" / "p1.ipynb")
    return Course(
        root=tmp_path, id="demo-101", title="Sums & more", timezone=ZoneInfo("UTC"),
        assignments=(Assignment(name="ps1", title="Problem set 1", notebooks=("p1",)),),
    )


@pytest.fixture
def release() -> Release:
    return Release(assignment="ps1", notebooks=(ReleasedNotebook(name="p1", cells=CELLS),))


@pytest.fixture
def row() -> GradeRow:
    earned = {"t-mixed": 1.0, "t-hidden": 0.0, "t-visible": 0.0, "t-plain": 0.0}
    return GradeRow(
        assignment="ps1", learner="learner-0001", score=2.5, max_score=10, penalty=0.5,
        late_seconds=7200, cells=tuple(
            CellGrade(
                notebook="p1", grade_id=cell.grade_id, kind=cell.kind, max_points=cell.points,
                auto=earned.get(cell.grade_id), manual=None if cell.kind is CellKind.TEST else 1.0,
                tags=("three items",) if cell.grade_id == "t-hidden" else (),
                comment="Say <i>why</i>." if cell.grade_id == "why" else "",
                message="ValueError: canary-all-hidden with 1 items"
                if cell.grade_id == "t-hidden" else "",
            )
            for cell in CELLS if cell.kind.graded),
    )

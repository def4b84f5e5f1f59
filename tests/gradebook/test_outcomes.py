"""Who showed which outcome, by the points of the cells that give evidence of it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kit import gradebook
from kit.model import (
    CellGrade,
    CellKind,
    CellRef,
    GradeRow,
    Learner,
    Outcome,
    Review,
    Roster,
)

from .conftest import DUE, make_course

LATER = DUE + timedelta(days=2)


def ref(text: str) -> CellRef:
    assignment, grade_id = text.split("/")
    return CellRef(assignment=assignment, grade_id=grade_id)


def cell(name: str, points: float | None, most: float = 4) -> CellGrade:
    kind = CellKind.MANUAL if name == "why" else CellKind.TEST
    return CellGrade(notebook="p1", grade_id=name, kind=kind, max_points=most, auto=points,
                     needs_manual=points is None)


def row(learner: int, name: str, *cells: CellGrade, **more: object) -> GradeRow:
    score = sum(one.points for one in cells) if cells else None
    return GradeRow(assignment=name, learner=f"learner-{learner:04d}", score=score,
                    max_score=10, cells=cells, **more)  # type: ignore[arg-type]


def sheet(*, by: str = "assignment") -> gradebook.Gradesheet:
    course = replace(make_course(Path("/course"), "ps1", "ps2"), outcomes=(
        Outcome(id="add", statement="Add.", evidence=(ref("ps1/q1"), ref("ps2/q1"))),
        Outcome(id="tell", statement="=Tell why.", evidence=(ref("ps1/why"),)),
        Outcome(id="wish", statement="Hope.", evidence=(ref("ps1/nowhere"),)),
    ))
    roster = Roster(learners=tuple(Learner(id=f"learner-{n:04d}") for n in range(1, 6)))
    late = Review(code="x", reason="y", notebook="p1", grade_id="q1")
    rows = [
        row(1, "ps1", cell("q1", 4), cell("why", 1, 2), penalty=3.0),
        row(1, "ps2", cell("q1", 2)),
        row(2, "ps1", cell("q1", 1), cell("why", None, 2)), row(2, "ps2"),  # missing
        row(3, "ps1", cell("q1", 4), cell("why", 2, 2), pending=(late,)),
        row(3, "ps2", cell("q1", 3)),
        row(4, "ps1", cell("q1", 6), cell("why", 0, 2)), row(4, "ps2", excused=True),
        row(5, "ps1", excused=True), row(5, "ps2", excused=True),
    ]
    return gradebook.sheet(course, roster, rows, now=LATER, by=by)  # type: ignore[arg-type]


def test_the_points_of_the_evidence_count_and_nothing_else() -> None:
    add, tell = gradebook.outcomes(sheet())
    assert [(one.earned, one.possible, one.share) for one in add.learners] == [
        (6.0, 8.0, 0.75),  # lateness takes nothing away
        (1.0, 8.0, 0.125),  # ps2 is due and was not handed in
        (3.0, 4.0, 0.75),  # ps1/q1 needs review
        (6.0, 4.0, 1.0),  # extra credit is no more than all
        (0.0, 0.0, None),
    ]
    assert add.learners[2].waiting == (ref("ps1/q1"),)
    assert add.mean == pytest.approx((0.75 + 0.125 + 0.75 + 1) / 4)
    assert [one.share for one in tell.learners] == [0.5, None, 1.0, 0.0, None]
    assert tell.learners[1].waiting == (ref("ps1/why"),)


def test_what_is_not_due_or_not_asked_for_does_not_count() -> None:
    whole = sheet()
    early = gradebook.sheet(whole.course, Roster(), whole.rows.values(), now=DUE)
    assert gradebook.outcomes(early)[0].learners[1].share == 0.25
    one = [row for row in whole.rows.values() if row.assignment == "ps2"]
    found = gradebook.outcomes(gradebook.sheet(whole.course, Roster(), one, now=LATER))
    assert [(each.outcome.id, each.evidence) for each in found] == [("add", (ref("ps2/q1"),))]


def test_exports_hold_a_line_for_each_learner_and_outcome() -> None:
    made = gradebook.export("csv", sheet(by="outcome"), allow_pending=True)
    lines = list(csv.DictReader(io.StringIO(made.text)))
    assert len(lines) == 10
    assert [line["share"] for line in lines[:5]] == ["0.75", "0.125", "0.75", "1", ""]
    assert lines[2]["waiting"] == "ps1/q1"
    assert lines[5]["statement"] == "'=Tell why."
    value = json.loads(gradebook.export("json", sheet(), allow_pending=True).text)
    add, tell = value["outcomes"]
    assert (add["id"], add["evidence"]) == ("add", ["ps1/q1", "ps2/q1"])
    assert add["mean_share"] == pytest.approx(0.65625)
    assert tell["learners"][1] == {"id": "learner-0002", "earned": 0.0, "possible": 0.0,
                                   "share": None, "waiting": ["ps1/why"]}

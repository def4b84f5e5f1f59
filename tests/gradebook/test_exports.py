from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import gradebook
from kit.errors import ExportError, UnknownName
from kit.gradebook.exporting import safe, table
from kit.model import CellGrade, CellKind, Extension, GradeRow, Learner, Review, Roster

from .conftest import DUE, make_course

GOLDEN = Path(__file__).parent / "golden"
NOW = DUE + timedelta(days=2)


def sheet(*, pending: bool = True, by: str = "assignment") -> gradebook.Gradesheet:
    course = make_course(Path("/course"), "ps1", "ps2")
    roster = Roster(
        learners=(
            Learner(id="learner-0001", first_name="Lérnér", last_name='O"Forty-Two, Jr',
                    lms_id="501", email="a@example.org", section="A"),
            Learner(id="learner-0002", first_name='=HYPERLINK("http://x")', last_name="+Zeroth",
                    section="@B"),
            Learner(id="learner-0003", first_name="Łater", last_name="Fämily"),
            Learner(id="learner-0004", email="d@example.org"),
        ),
        extensions=(
            Extension(learner="learner-0003", assignment="ps2", excused=True),
            Extension(learner="learner-0004", assignment="ps2", due=NOW + timedelta(days=1)),
        ))
    cell = CellGrade(notebook="p1", grade_id="q1", kind=CellKind.TEST, max_points=4, auto=3.5,
                     comment="-- see\nsection 2", tags=("rounding",))

    def row(learner: int, name: str, score: float | None, **more: object) -> GradeRow:
        return GradeRow(assignment=name, learner=f"learner-{learner:04d}", score=score,
                        max_score=4, **more)  # type: ignore[arg-type]

    review = (Review(code="timeout", reason="q1 ran past its 30 s"),) if pending else ()
    rows = [
        row(1, "ps1", 3.0, penalty=0.5, late_seconds=3600.0, received_at=DUE, cells=(cell,)),
        row(2, "ps1", 0.0, cells=(cell,), pending=review), row(3, "ps1", None),
        row(4, "ps1", 1 / 3),
        row(1, "ps2", 4.0), row(2, "ps2", 2.0), row(3, "ps2", None, excused=True),
        row(4, "ps2", None),
    ]
    return gradebook.sheet(course, roster, rows, now=NOW, by=by)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "by"), [
    ("csv", "assignment"), ("csv", "question"), ("json", "assignment"), ("canvas", "assignment"),
    ("moodle", "assignment"),
])
def test_exports_are_the_golden_ones(name: str, by: str) -> None:
    made = gradebook.export(name, sheet(by=by), allow_pending=True)
    golden = GOLDEN / f"{name}-{by}{made.suffix}"
    if os.environ.get("KIT_WRITE_GOLDEN"):
        golden.write_bytes(made.text.encode())
    assert golden.read_bytes().decode() == made.text


def test_what_is_pending_is_refused_and_never_zero() -> None:
    with pytest.raises(ExportError, match=r"1 score is pending: learner-0002 \(ps1\)") as caught:
        gradebook.export("csv", sheet())
    assert "--allow-pending" in caught.value.hint
    rows = list(csv.DictReader(io.StringIO(
        gradebook.export("csv", sheet(), allow_pending=True).text)))
    waiting = next(r for r in rows if r["status"] == "pending")
    assert (waiting["score"], waiting["raw_score"]) == ("", "")
    assert gradebook.export("csv", sheet(pending=False)).text
    value = json.loads(gradebook.export("json", sheet(), allow_pending=True).text)
    theirs = value["learners"][1]["scores"]["ps1"]
    assert theirs["score"] is None
    assert [question["score"] for question in theirs["questions"]] == [None]


def test_everyone_is_there() -> None:
    value = json.loads(gradebook.export("json", sheet(), allow_pending=True).text)
    states = {x["id"]: [s["status"] for s in x["scores"].values()] for x in value["learners"]}
    assert states == {
        "learner-0001": ["graded", "graded"], "learner-0002": ["pending", "graded"],
        "learner-0003": ["missing", "excused"], "learner-0004": ["graded", "open"],
    }


def test_an_unknown_exporter_lists_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        gradebook.export("canvass", replace(sheet()))
    assert caught.value.hint.startswith("choose one of: canvas")


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_no_cell_is_a_formula_and_text_survives(cells: list[str]) -> None:
    text = table(("head",) * len(cells), [cells])
    read = list(csv.reader(io.StringIO(text, newline="")))[1:] or [[]]
    for before, after in zip(cells, read[0], strict=False):
        plain = before.replace("\0", "")
        assert after in (plain, f"'{plain}")
        assert after == "-" or not after.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))


def test_numbers_stay_numbers() -> None:
    assert [safe(x) for x in (-1.5, 0, 7.0, 1 / 3, None, True)] == [
        "-1.5", "0", "7", "0.33333", "", "yes"]

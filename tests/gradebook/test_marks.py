from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import gradebook
from kit.errors import MarksError
from kit.gradebook.marksfile import _mark, read_marks
from kit.model import CellKind, Course, Roster

from .conftest import score_of


def recorded(course: Course, release: Any, roster: Roster, *learners: int) -> None:
    gradebook.record(course, [score_of(release, f"learner-{n:04d}") for n in learners],
                     roster=roster, release=release)


def bundles(course: Course, roster: Roster, *graders: str) -> tuple[gradebook.Bundle, ...]:
    assignment = course.assignments[0]
    return gradebook.split_marks(course, assignment,
                                 gradebook.rows(course, roster, assignment), graders)


def fill(path: Path, mark: str, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    for row in rows[1:]:
        row[4], row[5] = mark, "gut, née"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)


def test_split_names_no_learner_and_import_marks_all(
    course: Course, release: Any, roster: Roster
) -> None:
    recorded(course, release, roster, 1, 2, 3)
    made = bundles(course, roster, "grader-1", "grader-2")
    assert sorted(len(b.items) for b in made) == [2, 4]
    for bundle in made:
        assert "learner" not in (bundle.folder / "marks.csv").read_text("utf-8")
    fill(made[0].folder / "marks.csv", "0,5", delimiter=";", encoding="cp1252")
    fill(made[1].folder / "marks.csv", "1", encoding="utf-16")
    assignment = course.assignments[0]
    files = [bundle.folder / "marks.csv" for bundle in made]
    done = gradebook.import_marks(course, assignment, files)
    assert (done.written, done.same, done.empty) == (6, 0, 0)
    assert done.backup is not None
    rows = gradebook.rows(course, roster, assignment)
    assert not gradebook.to_mark(rows)
    assert {c.manual for r in rows for c in r.cells if c.kind is CellKind.MANUAL} == {0.5, 1.0}
    assert {c.comment for r in rows for c in r.cells if c.kind is CellKind.MANUAL} == {"gut, née"}
    again = gradebook.import_marks(course, assignment, files)
    assert (again.written, again.same, again.backup) == (0, 6, None)


def test_codes_stay_and_filled_bundles_are_not_overwritten(
    course: Course, release: Any, roster: Roster
) -> None:
    recorded(course, release, roster, 1, 2)
    first = {i.learner: i.code for b in bundles(course, roster, "a") for i in b.items}
    second = bundles(course, roster, "a")
    assert {i.learner: i.code for i in second[0].items} == first
    fill(second[0].folder / "marks.csv", "1")
    with pytest.raises(MarksError, match="holds marks already"):
        bundles(course, roster, "a")


def test_every_problem_is_told_and_nothing_is_written(
    course: Course, release: Any, roster: Roster, tmp_path: Path
) -> None:
    recorded(course, release, roster, 1)
    file = tmp_path / "m.csv"
    question = "sum_of_squares_equation"
    file.write_text(
        "learner;question;mark;comment\n"
        f"learner-0001;{question};1;\n"
        f"learner-0001;{question};0,5;\n"
        f"learner-0001;sum_of_squares_application;9;\n"
        f"learner-0001;sum_of_squares_application;-1;\n"
        f"learner-0001;sum_of_squares_application;two;\n"
        f"learner-0001;nope;1;\nlearner-9999;{question};1;\n"
        f"learner-0001;{question};;only words\n")
    with pytest.raises(MarksError) as caught:
        gradebook.import_marks(course, course.assignments[0], [file])
    problems = caught.value.hint.splitlines()
    assert len(problems) == 7
    for number, words in ((3, "differs from"), (4, "not within 0 and 2"), (5, "not within"),
                          (6, "'two' is not a number"), (7, "no graded cell"),
                          (8, "learner-9999"), (9, "comment but no mark")):
        assert any(f"line {number}:" in p and words in p for p in problems), (number, problems)
    assert len(gradebook.to_mark(gradebook.rows(course, roster, course.assignments[0]))) == 2


def test_a_given_mark_is_only_overwritten_by_force(
    course: Course, release: Any, roster: Roster, tmp_path: Path
) -> None:
    recorded(course, release, roster, 1)
    file = tmp_path / "m.csv"
    line = "code,question,mark\nlearner-0001,sum_of_squares_equation,{}\n"
    file.write_text(line.format("1"))
    assert gradebook.import_marks(course, course.assignments[0], [file]).written == 1
    file.write_text(line.format("0"))
    with pytest.raises(MarksError, match="1 problem") as caught:
        gradebook.import_marks(course, course.assignments[0], [file])
    assert "has the mark 1 already" in caught.value.hint
    assert gradebook.import_marks(course, course.assignments[0], [file], force=True).written == 1


def test_a_teams_mark_goes_to_everyone(
    course: Course, release: Any, roster: Roster, tmp_path: Path
) -> None:
    team = ("learner-0001", "learner-0002")
    teamed = replace(roster, teams={"ps1": dict.fromkeys(team, team)})
    recorded(course, release, teamed, 1)
    (bundle,) = bundles(course, teamed, "a")
    assert len(bundle.items) == 2, "the team's work is there once"
    fill(bundle.folder / "marks.csv", "1")
    gradebook.import_marks(course, course.assignments[0], [bundle.folder / "marks.csv"])
    rows = gradebook.rows(course, teamed, course.assignments[0])
    assert [r.score for r in rows[:2]] == [5.0, 5.0]


def test_what_is_no_marks_file_is_said(tmp_path: Path) -> None:
    for name, data, words in (("a", b"", "is empty"), ("b", b"PK\x03\x04", "spreadsheet or zip"),
                              ("c", b"x,y\n1,2\n", "no column 'code'")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(MarksError, match=words):
            read_marks(tmp_path / name)
    (tmp_path / "d").write_bytes(b'"sep=;"\r\nQuestion;ID;Score\r\nq1;\xc2\xa0BCDFG ;,5\r\n;;\r\n')
    (line,) = read_marks(tmp_path / "d")
    assert (line.code, line.question, line.mark, line.number) == ("BCDFG", "q1", 0.5, 3)


@given(st.floats(0, 1000, allow_nan=False).map(lambda x: round(x, 3)), st.sampled_from(".,"))
def test_marks_are_read_as_they_were_written(value: float, point: str) -> None:
    assert _mark(f"{value:f}".replace(".", point)) == (pytest.approx(value), "")


@given(st.text(max_size=12))
def test_any_text_is_a_mark_or_trouble(text: str) -> None:
    mark, trouble = _mark(text)
    assert not (mark is not None and trouble)

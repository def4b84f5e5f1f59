"""Who made which mistake is counted by question, each learner once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from kit import gradebook
from kit.gradebook import Misconception, misconceptions
from kit.model import CellGrade, CellKind, Checked, Course, GradeRow, Release, Roster

from .conftest import score_of


def check(*tags: str, state: str = "failed", message: str = "", hidden: bool = False) -> Checked:
    return Checked(label="x", kind="number", state=state, credit=float(state == "passed"),
                   weight=1.0, message=message, tags=tags, hidden=hidden)


def row(learner: str, *cells: tuple[str, tuple[Checked, ...]], score: float | None = 1.0
        ) -> GradeRow:
    return GradeRow(assignment="ps1", learner=learner, score=score, max_score=9, cells=tuple(
        CellGrade(notebook="p1", grade_id=name, kind=CellKind.TEST, max_points=3, checks=checks)
        for name, checks in cells))


def test_each_learner_counts_once_for_a_tag_of_a_question() -> None:
    found = misconceptions([
        row("learner-0001", ("q2", (check("sign", message="Which way?"), check("sign"))),
            ("q1", (check("sides-swapped", hidden=True),))),
        row("learner-0002", ("q2", (check("sign"), check("value", state="partial")))),
        row("learner-0003", ("q2", (check("carried-forward", state="passed"),))),
        row("learner-0004", ("q2", (check("sign"),)), score=None),
    ])
    assert [(one.grade_id, one.tag, one.learners, one.graded) for one in found] == [
        ("q2", "sign", 2, 3), ("q2", "value", 1, 3), ("q1", "sides-swapped", 1, 3)]
    assert found[0] == Misconception(assignment="ps1", notebook="p1", grade_id="q2", tag="sign",
                                     learners=2, graded=3, message="Which way?")
    assert found[0].share == 2 / 3
    assert found[2].hidden


def test_nobody_graded_is_no_mistake() -> None:
    assert misconceptions([]) == ()


def test_the_command_draws_them(course: Course, roster: Roster, release: Release, kit: Any) -> None:
    def scored(learner: str, *tags: str) -> Any:
        score = score_of(release, learner)
        return replace(score, results=tuple(
            replace(one, checks=(check(*tags),)) if one.kind is CellKind.TEST else one
            for one in score.results))

    gradebook.record(course, [scored("learner-0001", "sign"), scored("learner-0002", "value")],
                     roster=roster, release=release)
    (course.root / "course.yml").write_text(
        "id: demo-101\ntitle: Demo\ntimezone: UTC\nassignments:\n  - name: ps1\n")
    code, out, err = kit("grades", "ps1", "--misconceptions", "--course", course.root)
    assert code == 0, err
    assert "1 of 2" in out
    assert "50 %" in out
    code, out, _ = kit("grades", "--misconceptions", "--json", "--course", course.root)
    assert {one["tag"] for one in json.loads(out)} == {"sign", "value"}

"""What a test that learners see says of an answer: right, wrong, or not judged before hand-in."""

from __future__ import annotations

from typing import Any

import pytest

import autograders as ag
from autograders.result import MIME
from kit.check.visible import Visible, visible
from kit.model import CellRun, RunState

NUMBER = ag.number("x", 3)
FORM = ag.number("x")
LATER = ag.sealed("plot", "figure")


def run(*checks: ag.Check, **names: Any) -> CellRun:
    question = ag.Question("q", points=2, names=names)
    for check in checks:
        question.add(check)
    result = question.result()
    data = {"text/plain": repr(result), MIME: result.as_json()}
    return CellRun(index=0, state=RunState.OK, outputs=(
        {"output_type": "execute_result", "data": data, "metadata": {}},))


@pytest.mark.parametrize(("checks", "x", "said"), [
    ([NUMBER], 3, Visible(points=2.0)),
    ([NUMBER], 4, Visible(points=0.0, message="x: 4 is not right.", failed=True)),
    ([FORM], 4, Visible(points=None, message="graded after hand-in")),
    ([FORM], "4", Visible(points=0.0, failed=True, message=(
        "x: `x` is text, '4'. Write the number without quotes, and without thousands separators "
        "or units."))),
    ([LATER], 3, Visible(points=None, message="graded after hand-in")),
    ([NUMBER, LATER], 3, Visible(points=1.0, message="the rest is graded after hand-in")),
    ([NUMBER, LATER], 4, Visible(points=0.0, message="x: 4 is not right.", failed=True)),
    ([NUMBER, ag.number("x", 4)], 3, Visible(points=1.0, message="x: 3 is not right.")),
    ([], 3, Visible(points=None, message="graded after hand-in")),
])
def test_a_question_of_checks(checks: list[ag.Check], x: Any, said: Visible) -> None:
    assert visible(run(*checks, x=x), 2.0, blank=False) == said


@pytest.mark.parametrize(("shown", "points", "failed"), [
    ("1.5", 1.5, False), ("0.0", 0.0, True), ("7", 2.0, False), ("fine", 2.0, False)])
def test_a_number_on_the_last_line(shown: str, points: float, failed: bool) -> None:
    one = CellRun(index=0, state=RunState.OK, outputs=(
        {"output_type": "execute_result", "data": {"text/plain": shown}, "metadata": {}},))
    assert visible(one, 2.0, blank=False) == Visible(points=points, failed=failed)

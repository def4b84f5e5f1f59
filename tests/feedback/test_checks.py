"""Of each check a page says what its author lets learners read, and no more."""

from __future__ import annotations

import pytest

from kit.feedback.checks import check_lines
from kit.feedback.hidden import Secrets, texts_shown
from kit.model import CellGrade, CellKind, Checked, Markers, ReleasedCell

KNOWN = ReleasedCell(
    grade_id="t", kind=CellKind.TEST, cell_type="code", points=3.0,
    source="q.add(ag.number('npv', 1, label='npv'))\nq.add(ag.number('irr', 2))\nq.result()",
    released="q.add(ag.number('npv', 1, label='npv'))\nq.result()")
GRADE = CellGrade(notebook="p1", grade_id="t", kind=CellKind.TEST, max_points=3.0, checks=(
    Checked(label="npv", kind="number", state="partial", credit=0.5, weight=1.0,
            message="3 is the answer to irr.", tags=("sign",)),
    Checked(label="irr", kind="number", state="failed", credit=0.0, weight=1.0, hidden=True,
            message="Is it monthly?", tags=("value",)),
    Checked(label="irr is 2", kind="number", state="passed", credit=1.0, weight=0.0),
))


def test_in_a_cell_with_hidden_tests_only_states_and_tags_are_told() -> None:
    lines = check_lines(GRADE, KNOWN, mixed=True, open_messages=False, secrets=Secrets())
    assert [(one.label, one.state, one.message, one.tags) for one in lines] == [
        ("npv", "part", "", ("sign",)),
        ("a check that is not shown", "none", "", ("value",)),
        # It says that it is visible; the released text does not know it.
        ("a check that is not shown", "right", "", ()),
    ]


@pytest.mark.parametrize(("mixed", "open_messages"), [(False, False), (True, True)])
def test_messages_are_told_where_there_is_nothing_to_give_away_or_it_is_meant(
    mixed: bool, open_messages: bool
) -> None:
    lines = check_lines(GRADE, KNOWN, mixed=mixed, open_messages=open_messages,
                        secrets=Secrets(pieces=("monthly?",)))
    assert [(one.label, one.message) for one in lines] == [
        ("npv", "3 is the answer to irr."), ("irr", "[hidden]"), ("irr is 2", "")]


def test_a_look_at_the_form_is_left_out_where_the_value_was_looked_at_too() -> None:
    form = Checked(label="npv", kind="number", state="passed", credit=1.0, weight=0.0)
    alone = Checked(label="wacc", kind="number", state="passed", credit=1.0, weight=0.0)
    grade = CellGrade(notebook="p1", grade_id="t", kind=CellKind.TEST, max_points=3.0,
                      checks=(form, *GRADE.checks[:1], alone))
    lines = check_lines(grade, KNOWN, mixed=False, open_messages=False, secrets=Secrets())
    assert [(one.label, one.state) for one in lines] == [("npv", "part"), ("wacc", "right")]


SEALED = ReleasedCell(
    grade_id="t", kind=CellKind.TEST, cell_type="code", points=3.0,
    source="q.add(ag.number('npv', 41, mistakes={-41: 'Is it out?\\nLook at year 0.'}))\n"
           "### BEGIN HIDDEN TESTS\nq.add(ag.number('irr', 2, mistakes={3: 'Not a month.'}))\n"
           "### END HIDDEN TESTS\nq.result()",
    released="q.add(ag.sealed('number', 'npv', 'eNo'))\nq.result()")


@pytest.mark.parametrize(("message", "told"), [
    ("Is it out?\nLook at year 0.", "Is it out?\nLook at year 0."),
    ("Is it out?\nThe answer is 41.", "Is it out?"), ("Not a month.", ""), ("npv", ""),
])
def test_of_a_sealed_check_the_authors_own_words_are_told(message: str, told: str) -> None:
    one = Checked(label="npv", kind="number", state="failed", credit=0.0, weight=1.0,
                  message=message)
    grade = CellGrade(notebook="p1", grade_id="t", kind=CellKind.TEST, max_points=3.0,
                      checks=(one,))
    (line,) = check_lines(grade, SEALED, mixed=True, open_messages=False, secrets=Secrets(),
                          written=texts_shown(SEALED, Markers()))
    assert (line.label, line.message) == ("npv", told)

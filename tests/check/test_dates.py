"""When feedback shows answers too early, by everybody's own due date."""

from __future__ import annotations

import pytest

from kit.check.context import Context, Work
from kit.check.dates import early_answers, early_selfstudy, endless_selfstudy, no_due_date
from kit.course import load_course

COURSE = """\
id: c
title: C
timezone: Europe/Berlin
pace: {pace}
assignments:
  - {{name: ps1, due: 2027-01-25 23:59, feedback: {{{feedback}}}}}
  - {{name: ps2}}
"""


def context(tree, feedback, *, pace="instructor", extension=""):
    rows = f"learner-0042,ps1,{extension}\n" if extension else ""
    root = tree({"course.yml": COURSE.format(feedback=feedback, pace=pace),
                 "roster.csv": "id\nlearner-0042\n",
                 "extensions.csv": f"learner,assignment,due\n{rows}"})
    course = load_course(root)
    return Context(course=course, works=tuple(
        Work(assignment=one, folder=root / "source" / one.name) for one in course.assignments))


@pytest.mark.parametrize(("feedback", "extension", "early"), [
    ("expected: true", "", True),
    ("expected: true, after: 2027-01-25 12:00", "", True),
    ("expected: true, after: 2027-01-26", "", False),
    ("expected: true, after: 2027-01-26", "2027-01-28 12:00", True),
    ("expected: true, after: 2027-01-29", "2027-01-28 12:00", False),
    ("expected: true, after: 2027-01-26", "2027-01-20 12:00", False),
    ("hidden_tests: source", "", True),
    ("hidden_tests: source, after: 2027-01-26", "2027-01-28 12:00", True),
    # The author's words for learners; who sets a moment for them wants it kept.
    ("hidden_tests: message", "2027-01-28 12:00", False),
    ("hidden_tests: message, after: 2027-01-26", "2027-01-28 12:00", True),
    ("hidden_tests: message, after: 2027-01-29", "2027-01-28 12:00", False),
    ("hidden_tests: tag", "", False),
])
def test_answers_wait_for_the_last_learner(tree, feedback, extension, early):
    found = list(early_answers(context(tree, feedback, extension=extension)))
    assert [finding.code for finding in found] == (["W122"] if early else [])
    if early:
        assert ("2027-01-28 12:00" in found[0].hint) is bool(extension)


def test_a_roster_that_cannot_be_read_does_not_stop_the_check(tree):
    made = context(tree, "expected: true, after: 2027-01-26")
    (made.course.root / "extensions.csv").write_text("no,such,columns\n", encoding="utf-8")
    assert list(early_answers(made)) == []


def test_where_learners_set_the_pace_there_is_no_date_to_wait_for(tree):
    assert list(early_answers(context(tree, "expected: true", pace="self"))) == []
    assert list(no_due_date(context(tree, "", pace="self"))) == []
    assert [one.code for one in no_due_date(context(tree, ""))] == ["W123"]


@pytest.mark.parametrize(("selfstudy", "due", "extension", "codes"), [
    ("always", "2999-01-01 12:00", "", ["W126"]),
    ("always", "2020-01-01 12:00", "2999-01-01 12:00", ["W126"]),
    ("always", "2020-01-01 12:00", "", []),
    ("after_due", "2999-01-01 12:00", "", []),
    ("never", "2999-01-01 12:00", "", []),
    ("always", "", "", []),
    ("after_due", "", "", ["W127"]),
])
def test_solutions_for_self_study_come_neither_too_early_nor_never(
    tree, selfstudy, due, extension, codes
):
    stated = f", due: {due}" if due else ""
    root = tree({
        "course.yml": "id: c\ntitle: C\nassignments:\n"
                      f"  - {{name: ps1, selfstudy: {selfstudy}{stated}}}\n",
        "roster.csv": "id\nlearner-0042\n",
        "extensions.csv": "learner,assignment,due\n"
                          + (f"learner-0042,ps1,{extension}\n" if extension else "")})
    course = load_course(root)
    made = Context(course=course, works=tuple(
        Work(assignment=one, folder=root / "source" / one.name) for one in course.assignments))
    found = [*early_selfstudy(made), *endless_selfstudy(made)]
    assert [finding.code for finding in found] == codes

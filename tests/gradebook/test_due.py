"""nbgrader reads the due date where it keeps it."""

from __future__ import annotations

from datetime import UTC, datetime

from kit.course import load_course, load_roster
from kit.gradebook import due_dates, write_due
from kit.gradebook.penalties import Rules

COURSE = ("id: c\ntitle: C\ntimezone: Europe/Berlin\n"
          "assignments: [{name: ps1, due: 2027-01-25 23:59}, {name: ps2}]\n")


def test_the_due_date_is_nbgraders_and_none_leaves_it(tree) -> None:
    from nbgrader.api import Gradebook

    root = tree({"course.yml": COURSE})
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.update_or_create_assignment("ps1")
        book.update_or_create_assignment("ps2", duedate="2027-03-01 10:00:00 UTC")
    course = load_course(root)
    for assignment in course.assignments:
        write_due(course, assignment)
    assert due_dates(root / "gradebook.db") == {
        "ps1": datetime(2027, 1, 25, 22, 59, tzinfo=UTC),
        "ps2": datetime(2027, 3, 1, 10, tzinfo=UTC),
    }


def test_where_learners_set_the_pace_no_date_binds(tree) -> None:
    from nbgrader.api import Gradebook

    root = tree({
        "course.yml": COURSE + "pace: self\ngrading: {late: {policy: zero}}\n",
        "roster.csv": "id\nlearner-0042\n",
        "extensions.csv": "learner,assignment,due\nlearner-0042,ps1,2027-02-01\n",
    })
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.update_or_create_assignment("ps1", duedate="2027-01-25 22:59:00 UTC")
    course = load_course(root)
    ps1, roster = course.assignments[0], load_roster(course)
    assert ps1.due is not None  # it is shown, as advice
    assert roster.due(ps1, "learner-0042") is None
    write_due(course, ps1)  # nor may stock nbgrader charge for it
    assert due_dates(root / "gradebook.db") == {}
    received = datetime(2028, 1, 1, tzinfo=UTC)
    rules = Rules(course=course, assignment=ps1, roster=roster, stated=received)
    assert rules.late_seconds("learner-0042", received, None) == 0.0

"""nbgrader reads the due date where it keeps it."""

from __future__ import annotations

from datetime import UTC, datetime

from kit.course import load_course
from kit.gradebook import due_dates, write_due

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

"""roster.csv, extensions.csv, teams.csv: people, their dates, their teams."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kit.course import load_course, load_roster
from kit.errors import KitError

COURSE = ("id: c\ntitle: C\ntimezone: Europe/Berlin\n"
          "assignments: [{name: ps1, due: 2027-01-25 23:59}, {name: ps2}]\n")
ROSTER = "id,first_name,last_name,email,lms_id,section\na,Ada,L,a@x.org,1,S1\nb,,,,,\n"


def test_without_files_it_is_empty(tree) -> None:
    roster = load_roster(load_course(tree({"course.yml": COURSE})))
    assert roster.learners == ()
    assert roster.team("ps1", "a") == ("a",)


def test_an_extension_wins_and_excused_counts(tree) -> None:
    course = load_course(tree({
        "course.yml": COURSE, "roster.csv": ROSTER,
        "extensions.csv": "learner,assignment,due,excused\na,ps1,2027-02-01 12:00,\nb,ps1,,yes\n",
        "teams.csv": "assignment,team,learner\nps1,red,a\nps1,red,b\n",
    }))
    roster = load_roster(course)
    ps1 = course.assignments[0]
    assert roster.learners[0].name == "Ada L"
    assert roster.learners[1].name == "b"
    assert roster.due(ps1, "a") == datetime(2027, 2, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert roster.due(ps1, "b") == ps1.due
    assert roster.excused("ps1", "b")
    assert not roster.excused("ps1", "a")
    assert roster.team("ps1", "b") == ("a", "b")
    assert roster.team("ps2", "b") == ("b",)


def test_a_spreadsheet_mark_and_semicolons_are_read(tree) -> None:
    text = "\ufeffid;email\na;a@x.org\n"
    roster = load_roster(load_course(tree({"course.yml": COURSE, "roster.csv": text})))
    assert roster.learners[0].email == "a@x.org"


@pytest.mark.parametrize(("files", "where", "message"), [
    ({"roster.csv": "name\nx\n"}, "roster.csv line 1", "no column id"),
    ({"roster.csv": "id,emial\nx,y\n"}, "roster.csv line 1", "no column named 'emial'"),
    ({"roster.csv": "id\na\nA\n"}, "roster.csv line 3", "stands twice"),
    ({"roster.csv": "id\n../x\n"}, "roster.csv line 2", "cannot be a learner's id"),
    ({"roster.csv": "id\n..\n"}, "roster.csv line 2", "cannot be a learner's id"),
    ({"extensions.csv": "learner,assignment,due\na,ps9,2027-01-01\n"}, "", "'ps9'"),
    ({"extensions.csv": "learner,assignment,due\na,ps1,soon\n"}, "line 2", "not a moment"),
    ({"extensions.csv": "learner,assignment,due\na,ps1,\n"}, "line 2", "neither a due date"),
    ({"extensions.csv": "learner,assignment,due\nzz,ps1,2027-01-01\n"}, "line 2", "'zz'"),
    ({"teams.csv": "assignment,team,learner\nps1,x,a\nps1,y,a\n"}, "line 3", "in a team"),
])
def test_each_fault_is_named_by_file_and_line(tree, files, where, message) -> None:
    course = load_course(tree({"course.yml": COURSE, "roster.csv": ROSTER, **files}))
    with pytest.raises(KitError) as caught:
        load_roster(course)
    assert where in caught.value.where
    assert message in caught.value.message

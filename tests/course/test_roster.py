"""roster.csv, extensions.csv, teams.csv: people, their dates, their teams."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.course import load_course, load_roster
from kit.course.roster import split_name
from kit.errors import KitError

COURSE = ("id: c\ntitle: C\ntimezone: Europe/Berlin\n"
          "assignments: [{name: ps1, due: 2027-01-25 23:59}, {name: ps2}]\n")
ROSTER = "id,first_name,last_name,email,lms_id,section\na,Given,L,a@x.org,1,S1\nb,,,,,\n"


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
    assert roster.learners[0].name == "Given L"
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


@pytest.mark.parametrize(("name", "first", "last"), [
    ("Given Family", "Given", "Family"),
    ("Given Second Family", "Given Second", "Family"),
    ("Family, Given Second", "Given Second", "Family"),
    ("Zoë-Ł. van der Øther", "Zoë-Ł.", "van der Øther"),
    ("de la Last", "de", "la Last"),
    ("Lérnér O'Forty-Two, Jr", "Lérnér", "O'Forty-Two, Jr"),
    ("O'Forty-Two, Jr., Lérnér", "Lérnér", "O'Forty-Two, Jr."),
    ("Learner", "Learner", ""),
    ("学习者", "学习者", ""),
    ("One, Two, Three", "One, Two, Three", ""),
    ("  Given \t Family ", "Given", "Family"),
    ("", "", ""),
])
def test_one_name_becomes_two(name, first, last) -> None:
    assert split_name(name) == (first, last)


@given(st.text())
def test_no_part_of_a_name_is_lost(name) -> None:
    first, last = split_name(name)
    kept = sorted(f"{first}{last}".replace(" ", "").replace(",", ""))
    assert kept == sorted("".join(name.split()).replace(",", ""))


def test_a_roster_may_have_one_column_for_the_name(tree) -> None:
    text = ("id,name,email,LMS id,section\nlearner-0042,\"Lérnér O'Forty-Two, Jr\",,7,S1\n"
            "learner-0043,Learner,,,\n")
    roster = load_roster(load_course(tree({"course.yml": COURSE, "roster.csv": text})))
    first, second = roster.learners
    assert (first.name, first.lms_id, first.section) == ("Lérnér O'Forty-Two, Jr", "7", "S1")
    assert second.name == "Learner"


def test_two_columns_win_over_one(tree) -> None:
    text = "id,name,first_name,last_name\na,Whole Name,Given,Family\nb,Whole Name,,\n"
    roster = load_roster(load_course(tree({"course.yml": COURSE, "roster.csv": text})))
    assert [one.name for one in roster.learners] == ["Given Family", "Whole Name"]
    assert roster.learners[1].last_name == "Name"

"""All dates shift; nothing else in course.yml changes."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kit.cli.main import cli
from kit.course import load_course
from kit.course.reschedule import reschedule, shifted
from kit.errors import CourseError
from kit.model import Course

TEXT = """\
# The course.   Spacing and comments stay.
id: tiny
title: "Tiny 2027-01-11"      # not a date
timezone: Europe/Berlin
start: 2027-01-11             # a Monday
description: >
  Starts on 2027-01-11.
assignments:
  - {name: ps1, due: 2027-01-25 23:59, opens: "2027-01-12"}
  - name: ps2
    due: '2027-02-08T23:59:00+01:00'
    feedback:
      after: 2027-02-15 08:00
feedback: {after: 2027-03-01T07:00:00Z}
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.yml").write_text(TEXT, newline="\n")
    return load_course(tmp_path)


def test_every_date_and_nothing_else(course):
    done = reschedule(course, date(2027, 6, 28))  # 24 weeks, into summer time
    assert (done.days, done.same_weekdays) == (168, True)
    expected = (
        TEXT.replace("start: 2027-01-11", "start: 2027-06-28")
        .replace("2027-01-25 23:59", "2027-07-12 23:59").replace('"2027-01-12"', '"2027-06-29"')
        .replace("2027-02-08T23:59:00+01:00", "2027-07-26T23:59:00+02:00")
        .replace("2027-02-15 08:00", "2027-08-02 08:00")
        .replace("2027-03-01T07:00:00Z", "2027-08-16T06:00:00Z"))
    assert (course.root / "course.yml").read_text() == expected
    assert [(shift.what, shift.line) for shift in done.shifts][:3] == [
        ("start", 5), ("assignments ps1 due", 9), ("assignments ps1 opens", 9)]
    after = load_course(course.root)
    assert after.start == date(2027, 6, 28)
    for old, new in zip(course.assignments, after.assignments, strict=True):
        assert old.due is not None
        assert new.due is not None
        assert new.due.replace(tzinfo=None) - old.due.replace(tzinfo=None) == timedelta(168)


def test_a_dry_run_writes_nothing(course):
    done = reschedule(course, date(2027, 1, 12), dry_run=True)
    assert not done.same_weekdays
    assert (course.root / "course.yml").read_text() == TEXT


def test_extensions_only_when_asked(course):
    path = course.root / "extensions.csv"
    text = ("learner,assignment,due,excused\nlearner-0001,ps1,2027-01-30 23:59,\n"
            "learner-0002,ps1,,yes\n")
    path.write_text(text)
    reschedule(course, date(2027, 1, 18))
    assert path.read_text() == text
    reschedule(load_course(course.root), date(2027, 1, 25), extensions=True)
    assert path.read_text() == text.replace("2027-01-30", "2027-02-06")


def test_a_course_without_a_start(tmp_path):
    (tmp_path / "course.yml").write_text("id: tiny\ntitle: Tiny\n")
    with pytest.raises(CourseError, match="no start"):
        reschedule(load_course(tmp_path), date(2027, 1, 1))


def test_the_command_shows_before_and_after(course):
    result = CliRunner().invoke(cli, ["reschedule", "--start", "2027-09-06", "--dry-run",
                                      "--course", str(course.root)])
    assert result.exit_code == 0, result.output
    row = next(line for line in result.output.splitlines() if "ps1 due" in line)
    assert row.split()[3:] == ["2027-01-25", "23:59", "2027-09-20", "23:59"]
    assert "nothing written" in result.output
    told = CliRunner().invoke(cli, ["reschedule", "--start", "2027-09-06", "--json",
                                    "--course", str(course.root)])
    assert json.loads(told.output)["days"] == 238


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.times(), st.integers(-4000, 4000))
def test_there_and_back(day, clock, days):
    text = datetime.combine(day, clock).isoformat(" ", "minutes")
    by = timedelta(days)
    there = shifted(text, by, ZoneInfo("Europe/Berlin"))
    if there is not None:
        assert shifted(there, -by, ZoneInfo("Europe/Berlin")) == text

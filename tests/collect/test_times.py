"""What LMSs write as a moment; what cannot be told stays unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.collect import times
from kit.course.stamps import nbgrader_stamp, parse_nbgrader

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2027, 6, 10, 14, 14, tzinfo=BERLIN)


@pytest.mark.parametrize("text", [
    "Thursday, 10 June 2027, 2:14 PM", "Thursday, June 10, 2027, 2:14 PM",
    "Donnerstag, 10. Juni 2027, 14:14", "jeudi 10 juin 2027, 14:14",
    "jueves, 10 de junio de 2027, 14:14", "2027-06-10 14:14", "2027-06-10T12:14:00Z",
    "2027-06-10 14:14:00 +0200", "2027/06/10 14:14", "Thursday, 10 June 2027, 2:14\u202fPM",
])
def test_moments_of_lmss(text):
    assert times.parse_moment(text, BERLIN) == AT


@pytest.mark.parametrize("text", ["-", "", "10/06/2027 14:14", "soon", "10 June, 14:14",
                                  "31 February 2027, 10:00", "10 June 2027, 25:00", "2027-13-01"])
def test_what_cannot_be_told_is_none(text):
    assert times.parse_moment(text, BERLIN) is None


def test_a_date_in_figures_with_one_reading():
    assert times.parse_moment("25/06/2027, 14:14", BERLIN) == AT.replace(day=25)
    assert times.parse_moment("06/25/2027, 2:14 pm", BERLIN) == AT.replace(day=25)


@pytest.mark.parametrize(("name", "moment"), [
    ("ps1_x_attempt_2027-06-10-14-14-00_file", AT), ("x_20270610_141400", AT),
    ("x_20270610T121400Z", AT), ("x_2027-06-10", None), ("ps1_12345678", None),
])
def test_stamps_in_names(name, moment):
    assert times.from_name(name, BERLIN) == moment


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_nbgraders_stamp_comes_back(moment):
    aware = moment.replace(tzinfo=UTC)
    assert parse_nbgrader(nbgrader_stamp(aware)) == aware


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_none(text):
    for found in (times.parse_moment(text, BERLIN), parse_nbgrader(text),
                  times.from_name(text, BERLIN)):
        assert found is None or found.tzinfo is not None

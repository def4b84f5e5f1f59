"""A timezone that is none is answered by the real ones that it may mean."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from kit.course.load import parse_course
from kit.course.zones import nearest_zones, zone_hint
from kit.errors import CourseError


@pytest.mark.parametrize(("name", "first"), [
    ("Europe/Belin", "Europe/Berlin"), ("New York", "America/New_York"),
    ("Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
    ("America/Los Angeles", "America/Los_Angeles"), ("Kolkatta", "Asia/Kolkata"),
])
def test_the_nearest_zone_comes_first(name: str, first: str) -> None:
    found = nearest_zones(name)
    assert found[0] == first
    assert len(found) <= 3
    assert set(found) <= available_timezones()
    assert zone_hint(name).startswith(f"nearest: {first}")


@pytest.mark.parametrize("name", ["Mars/Base", "CEST", "PST", "x", "../etc", "{hint}"])
def test_what_is_like_no_zone_gets_none(name: str) -> None:
    assert zone_hint(name) == "name a region and a city, as Europe/Berlin, or UTC"


@pytest.mark.parametrize(("name", "hours"), [("GMT+2", 2), ("UTC-5", -5), ("+02:00", 2)])
def test_an_offset_is_told_its_zone_and_that_it_knows_no_summer(name: str, hours: int) -> None:
    hint = zone_hint(name)
    assert "no summer time" in hint
    offset = ZoneInfo(hint.rsplit(" ", 1)[1]).utcoffset(None)
    assert offset is not None
    assert offset.total_seconds() == hours * 3600


def test_an_offset_of_half_hours_has_no_zone() -> None:
    assert "Etc" not in zone_hint("UTC+5:30")


def test_the_message_says_the_name_once() -> None:
    with pytest.raises(CourseError) as caught:
        parse_course("id: c\ntitle: C\ntimezone: Europe/Belin\n", Path())
    assert str(caught.value) == "course.yml line 3, timezone: no timezone is named 'Europe/Belin'"
    assert caught.value.hint.splitlines()[0].startswith("nearest: Europe/Berlin")


@pytest.mark.parametrize("name", ["CET", "UTC", "Asia/Kolkata"])
def test_real_names_are_taken(name: str) -> None:
    assert parse_course(f"id: c\ntitle: C\ntimezone: {name}\n", Path()).timezone.key == name

"""A time of submission that was wrong is corrected; a second download does not put it back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.collect import Ways, collect, submissions, versions
from kit.model import Assignment

LATER, EARLIER = datetime(2027, 9, 21, 10, tzinfo=UTC), datetime(2027, 9, 20, 9, tzinfo=UTC)
EXCHANGE = "learner-0001+ps1+2027-09-21 10:00:00.0 UTC/first.ipynb"


@pytest.fixture
def ps1(course) -> Assignment:
    return course.assignments[0]


@pytest.fixture
def download(origin, make) -> Path:
    return origin({EXCHANGE: make("a", "b")})


def received(course, ps1) -> datetime | None:
    (one,) = submissions(course, ps1)
    return one.received_at


def stamp(course) -> Path:
    return course.root / "submitted/learner-0001/ps1/timestamp.txt"


def table(tmp_path: Path, moment: str) -> Ways:
    path = tmp_path / "times.csv"
    path.write_text(f"id,time\nlearner-0001,{moment}\n")
    return Ways(times_table=path)


def notes(found) -> list[str]:
    return [note.message for note in found.notes if "time" in note.message]


CORRECTED = "time corrected: 2027-09-21 12:00:00 became 2027-09-20 11:00:00"


@pytest.mark.parametrize("way", ["received_at", "times"])
def test_an_earlier_time_that_is_stated_wins(course, roster, ps1, download, tmp_path, way):
    collect(course, roster, ps1, download)
    assert received(course, ps1) == LATER
    stated = (Ways(received_at=EARLIER) if way == "received_at"
              else table(tmp_path, "2027-09-20 11:00"))
    found = collect(course, roster, ps1, download, ways=stated)
    assert received(course, ps1) == EARLIER
    assert notes(found) == [CORRECTED]
    assert found.changed == ("learner-0001",)
    # The same download once more brings nothing new.
    again = collect(course, roster, ps1, download)
    assert received(course, ps1) == EARLIER
    assert (notes(again), again.taken, again.changed) == ([], (), ())


def test_a_time_can_be_stated_back_again(course, roster, ps1, download):
    for moment in (LATER, EARLIER, LATER, EARLIER):
        collect(course, roster, ps1, download, ways=Ways(received_at=moment))
        assert received(course, ps1) == moment
    count = len(versions(course, "ps1"))
    collect(course, roster, ps1, download, ways=Ways(received_at=EARLIER))
    assert len(versions(course, "ps1")) == count, "what stands already is not noted again"


def test_a_worksheet_corrects_a_time(course, roster, ps1, origin, make):
    def export(moment: str) -> Path:
        return origin({
            f"{roster.learners[0].name}_51_assignsubmission_file_/first.ipynb": make("a", "b"),
            "w.csv": ("Identifier,Full name,Last modified (submission)\n"
                      f'Participant 51,x,"{moment}"\n').encode()})

    first = export("Tuesday, 21 September 2027, 12:00 PM")
    collect(course, roster, ps1, first)
    assert received(course, ps1) == LATER
    found = collect(course, roster, ps1, export("Monday, 20 September 2027, 11:00 AM"))
    assert received(course, ps1) == EARLIER
    assert notes(found) == [CORRECTED]


def test_a_time_mended_by_hand_stays(course, roster, ps1, download):
    collect(course, roster, ps1, download)
    for text, moment in (("2027-09-20 09:00:00 UTC", EARLIER), ("2027-09-21 10:00:00 UTC", LATER),
                         ("2027-09-20 09:00:00 UTC", EARLIER)):
        stamp(course).write_text(text)
        found = collect(course, roster, ps1, download)
        assert received(course, ps1) == moment
        assert (notes(found), found.changed) == ([], ())
    assert [v.time_from for v in versions(course, "ps1")] == ["exchange"] + 3 * ["mended by hand"]
    assert stamp(course).read_text() == "2027-09-20 09:00:00 UTC"


def test_the_same_work_handed_in_again_later_is_later(course, roster, ps1, download, origin, make):
    collect(course, roster, ps1, download, ways=Ways(received_at=EARLIER))
    later = origin({EXCHANGE.replace("21 10", "22 10"): make("a", "b")})
    collect(course, roster, ps1, later)
    assert received(course, ps1) == datetime(2027, 9, 22, 10, tzinfo=UTC)


def test_a_corrected_time_is_weighed_against_other_work(course, roster, ps1, origin, make,
                                                        tmp_path):
    folder = origin({EXCHANGE: make("a", "b", text="second"),
                     EXCHANGE.replace("21 10", "20 10"): make("a", "b", text="first")})
    collect(course, roster, ps1, folder)
    assert received(course, ps1) == LATER
    for file in (tmp_path / "download").glob("*2027-09-20*/*"):
        file.unlink()
    collect(course, roster, ps1, folder, ways=Ways(received_at=EARLIER))
    (one,) = submissions(course, ps1)
    assert b"first" in (one.folder / "first.ipynb").read_bytes(), "it is the later one now"

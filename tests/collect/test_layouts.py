"""Exchanges, Moodle, Canvas, folders and files; by whom and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kit.collect import Ways, collect, submissions, versions
from kit.course import assignment_of
from kit.errors import CollectError, UnknownName

DUE = datetime(2027, 9, 20, 16, 0, tzinfo=UTC)
WORKSHEET = (
    "\ufeffIdentifier,Full name,ID number,Email address,Status,Last modified (submission)\r\n"
    'Participant 51,Given Second Fämily,,learner-0001@example.org,ok,"Monday, 20 September 2027, '
    '2:14 PM"\r\n'
    'Participant 52,Łater Øther,,second@example.org,ok,"Dienstag, 21. September 2027, 18:30"\r\n'
).encode()


@pytest.fixture
def ps1(course):
    return assignment_of(course, "ps1")


def received(course, assignment):
    return {one.learner: one.received_at for one in submissions(course, assignment)}


def test_exchange_gives_user_and_time(course, roster, ps1, origin, make):
    folder = origin({
        "learner-0001+ps1+2027-09-19 10:00:00.000000 UTC+Xy_z-1/first.ipynb": make("a", "b"),
        "learner-0001+ps1+2027-09-19 10:00:00.000000 UTC+Xy_z-1/timestamp.txt": b"2020-01-01",
        "learner-0001+ps1+2027-09-19 12:30:00.500000 UTC/first.ipynb": make("a", "b", text="x=2"),
        "learner-0002+ps2+2027-09-19 10:00:00.000000 UTC/only.ipynb": make("z"),
    })
    found = collect(course, roster, ps1, folder)
    assert [version.learner for version in found.taken] == ["learner-0001", "learner-0001"]
    kept = course.root / "submitted/learner-0001/ps1"
    assert (kept / "first.ipynb").read_bytes() == make("a", "b", text="x=2")
    assert (kept / "timestamp.txt").read_text() == "2027-09-19 12:30:00.500000 UTC\n"
    assert not (course.root / "submitted/learner-0002").exists()
    assert found.missing == ("learner-0002", "learner-0003", "learner-0004")


def test_second_run_changes_nothing(course, roster, ps1, origin, make):
    folder = origin({
        "learner-0001+ps1+2027-09-19 10:00:00.000000 UTC+r/first.ipynb": make("a", "b")})
    collect(course, roster, ps1, folder)
    before = {path: path.stat().st_mtime_ns for path in course.root.rglob("*") if path.is_file()}
    again = collect(course, roster, ps1, folder)
    assert (again.taken, again.known, again.changed) == ((), 1, ())
    assert before == {
        path: path.stat().st_mtime_ns for path in course.root.rglob("*") if path.is_file()}


def test_moodle_takes_times_from_the_worksheet(course, roster, ps1, origin, make):
    folder = origin({
        "Given Second Fämily_51_assignsubmission_file_/first.ipynb": make("a", "b"),
        "Łater Øther_52_assignsubmission_file_first.ipynb": make("a", "b"),
        "Łater Øther_52_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
        "worksheet.csv": WORKSHEET,
    })
    found = collect(course, roster, ps1, folder)
    assert received(course, ps1) == {
        "learner-0001": datetime(2027, 9, 20, 12, 14, tzinfo=UTC),
        "learner-0002": datetime(2027, 9, 21, 16, 30, tzinfo=UTC),
    }
    assert found.late == ("learner-0002",)


def test_a_zip_of_moodle_beside_its_worksheet(course, roster, ps1, origin, make, zipped):
    folder = origin({
        "CS-ps1-4711.zip": zipped({
            "Given Second Fämily_51_assignsubmission_file_/work.zip": zipped({
                "ps1/first.ipynb": make("a", "b"), "ps1/data.csv": b"1", "__MACOSX/x": b"x"})}),
        "times.csv": WORKSHEET,
    })
    collect(course, roster, ps1, folder)
    kept = course.root / "submitted/learner-0001/ps1"
    assert sorted(path.name for path in kept.iterdir()) == [
        "data.csv", "first.ipynb", "timestamp.txt"]


def test_without_times_nothing_is_written(course, roster, ps1, origin, make):
    folder = origin({"Given Second Fämily_51_assignsubmission_file_/first.ipynb": make("a", "b")})
    with pytest.raises(CollectError, match="nothing tells when 1 submission arrived") as problem:
        collect(course, roster, ps1, folder)
    assert "--unknown-times-as" in problem.value.hint
    assert not (course.root / ".kit").exists()
    assert not (course.root / "submitted").exists()


def test_unknown_times_are_what_the_instructor_says(course, roster, ps1, origin, make):
    folder = origin({"Given Second Fämily_51_assignsubmission_file_/first.ipynb": make("a", "b")})
    asked: list[str] = []
    collect(course, roster, ps1, folder,
            ways=Ways(unknown_times=lambda labels: asked.extend(labels) or "on-time"))
    assert asked == ["Given Second Fämily_51"]
    assert received(course, ps1) == {"learner-0001": None}
    collect(course, roster, ps1, folder, ways=Ways(unknown_times=DUE))
    assert received(course, ps1) == {"learner-0001": DUE}


def test_where_nothing_is_due_no_time_is_needed(course, roster, origin, make):
    ps2 = assignment_of(course, "ps2")
    collect(course, roster, ps2, origin({"learner-0001/only.ipynb": make("z")}))
    assert received(course, ps2) == {"learner-0001": None}


def test_canvas_marks_lateness_and_resubmissions(course, roster, ps1, origin, make):
    files = {
        "fämilygivensecond_900001_77001_first-2.ipynb": make("a", "b"),
        "fämilygivensecond_900001_77002_second.ipynb": make("c"),
        "øtherłater_LATE_900002_77003_first.ipynb": make("a", "b"),
    }
    folder = origin(files)
    with pytest.raises(CollectError, match="as late and does not say how late: øtherłater"):
        collect(course, roster, ps1, folder, ways=Ways(unknown_times="on-time"))
    late = datetime(2027, 9, 22, tzinfo=UTC)
    found = collect(course, roster, ps1, folder, ways=Ways(unknown_times=late))
    assert received(course, ps1) == {"learner-0001": None, "learner-0002": late}
    kept = course.root / "submitted/learner-0001/ps1"
    assert sorted(path.name for path in kept.iterdir()) == ["first.ipynb", "second.ipynb"]
    assert [version.attempt for version in found.taken] == [2, 0]


def test_a_learner_cannot_stamp_a_file(course, roster, ps1, origin, make):
    folder = origin({
        "Given Second Fämily_51_assignsubmission_file_/first_2027-09-01-10-00-00.ipynb":
            make("a", "b")})
    with pytest.raises(CollectError, match="nothing tells when"):
        collect(course, roster, ps1, folder)


def test_folders_files_and_stamps(course, roster, ps1, origin, make):
    folder = origin({
        "learner-0001/ps1/first.ipynb": make("a", "b"),
        "learner-0001/ps1/timestamp.txt": b"2027-09-18 08:00:00.000000 Europe/Berlin",
        "second@example.org_2027-09-19-10-30-00_first.ipynb": make("a", "b"),
        "ps1-learner-0004/.git/config": b"[core]",
        "ps1-learner-0004/first.ipynb": make("a", "b"),
        "ps1-learner-0004/timestamp.txt": b"2027-09-18 06:00:00 UTC",
        "ps1_learner-0003_attempt_2027-09-18-09-00-00_first.ipynb": make("a", "b"),
    })
    collect(course, roster, ps1, folder)
    assert received(course, ps1) == {
        "learner-0001": datetime(2027, 9, 18, 6, 0, tzinfo=UTC),
        "learner-0002": datetime(2027, 9, 19, 8, 30, tzinfo=UTC),
        "learner-0003": datetime(2027, 9, 18, 7, 0, tzinfo=UTC),
        "learner-0004": datetime(2027, 9, 18, 6, 0, tzinfo=UTC),
    }


def test_unmatched_name_their_nearest(course, roster, ps1, origin, make):
    folder = origin({
        "Given Fämly_9_assignsubmission_file_/first.ipynb": make("a", "b"),
        "notes.txt": b"",
        "learner-0004/first.ipynb": make("a", "b"),
    })
    found = collect(course, roster, ps1, folder, ways=Ways(unknown_times="on-time"))
    names = {one.name: one.nearest for one in found.unmatched}
    assert names == {"Given Fämly_9": ("learner-0001",), "notes.txt": ()}
    assert found.submitted == 1
    by_hand = collect(course, roster, ps1, folder, ways=Ways(
        unknown_times="on-time", by_hand={"Given Fämly_9": "learner-0001"}))
    assert [version.learner for version in by_hand.taken] == ["learner-0001"]
    with pytest.raises(UnknownName, match="no learner named"):
        collect(course, roster, ps1, folder, ways=Ways(by_hand={"x": "learner-9999"}))


def test_anne_marie_is_not_marie(course, roster, ps1, origin, make):
    folder = origin({
        "Quite-Somebody Else_1_assignsubmission_file_/first.ipynb": make("a", "b"),
        "Somebody Else_2_assignsubmission_file_/first.ipynb": make("a", "b", text="y"),
        "Just-Somebody Else_3_assignsubmission_file_/first.ipynb": make("a", "b", text="z"),
    })
    found = collect(course, roster, ps1, folder, ways=Ways(unknown_times="on-time"))
    assert [one.name for one in found.unmatched] == ["Just-Somebody Else_3"]
    assert (course.root / "submitted/learner-0004/ps1/first.ipynb").read_bytes() == make(
        "a", "b", text="y")


def test_a_team_has_one_submission(course, ps1, origin, make):
    from kit.course import load_roster

    (course.root / "teams.csv").write_text(
        "assignment,team,learner\nps1,red,learner-0001\nps1,red,learner-0002\n")
    folder = origin({
        "red-Given Second Fämily_51_assignsubmission_file_/first.ipynb": make("a", "b"),
        "red-Łater Øther_52_assignsubmission_file_/first.ipynb": make("a", "b", text="x=2"),
        "w.csv": WORKSHEET,
    })
    found = collect(course, load_roster(course), ps1, folder)
    assert list(received(course, ps1)) == ["learner-0002"]
    assert len(versions(course, "ps1")) == 2
    assert found.missing == ("learner-0003", "learner-0004")


def test_what_was_put_by_hand_is_kept(course, roster, ps1, origin, make):
    by_hand = course.root / "submitted/learner-0001/ps1"
    by_hand.mkdir(parents=True)
    (by_hand / "first.ipynb").write_bytes(make("a", "b", text="mended"))
    (by_hand / "timestamp.txt").write_text("2027-09-01 10:00:00.0 UTC")
    folder = origin({"learner-0001+ps1+2027-09-19 10:00:00.0 UTC/first.ipynb": make("a", "b")})
    collect(course, roster, ps1, folder)
    assert [version.origin for version in versions(course, "ps1")] == [
        "submitted/", "learner-0001+ps1+2027-09-19 10:00:00.0 UTC"]


def test_in_time_is_preferred_when_asked(course, roster, ps1, origin, make):
    folder = origin({
        "learner-0001+ps1+2027-09-19 10:00:00.0 UTC/first.ipynb": make("a", "b"),
        "learner-0001+ps1+2027-09-21 10:00:00.0 UTC/first.ipynb": make("a", "b", text="late"),
    })
    collect(course, roster, ps1, folder, ways=Ways(prefer="in-time"))
    assert received(course, ps1)["learner-0001"] == datetime(2027, 9, 19, 10, tzinfo=UTC)
    collect(course, roster, ps1, folder)
    assert received(course, ps1)["learner-0001"] == datetime(2027, 9, 21, 10, tzinfo=UTC)


def test_nbgrader_reads_the_timestamp(course, roster, ps1, origin, make):
    from nbgrader.utils import parse_utc

    folder = origin({"learner-0001+ps1+2027-09-19 10:00:00.250000 UTC/first.ipynb": make("a")})
    collect(course, roster, ps1, folder)
    text = (course.root / "submitted/learner-0001/ps1/timestamp.txt").read_text().strip()
    assert parse_utc(text) == datetime(2027, 9, 19, 10, 0, 0, 250_000)  # noqa: DTZ001


def test_renamed_notebooks_are_recognised(course, roster, ps1, origin, make):
    folder = origin({
        "learner-0001/homework final.ipynb": make("a", "b"),
        "learner-0001/sub/SECOND (1).ipynb": b"not json",
        "learner-0002/first.ipynb": make("z"),
        "learner-0002/other.ipynb": make("a", "b", "q"),
        "learner-0003/nothing.pdf": b"%PDF",
    })
    found = collect(course, roster, ps1, folder, ways=Ways(unknown_times="on-time"))
    notes = [(note.learner, note.message) for note in found.notes]
    assert ("learner-0001", "homework final.ipynb was taken as first.ipynb") in notes
    assert ("learner-0001", "sub/SECOND (1).ipynb was taken as second.ipynb") in notes
    assert ("learner-0003", "first.ipynb is not among the files") in notes
    kept = course.root / "submitted/learner-0001/ps1"
    assert sorted(path.name for path in kept.iterdir()) == ["first.ipynb", "second.ipynb"]


def test_a_folder_that_is_none(course, roster, ps1, tmp_path):
    with pytest.raises(CollectError, match="no such folder or zip"):
        collect(course, roster, ps1, tmp_path / "nowhere")
    (tmp_path / "x.zip").write_bytes(b"PK not")
    with pytest.raises(CollectError, match="neither a folder nor a zip"):
        collect(course, roster, ps1, tmp_path / "x.zip")
    with pytest.raises(CollectError, match="no nbgrader exchange"):
        collect(course, roster, ps1, None)


def test_the_configured_exchange_is_found(course, roster, ps1, tmp_path, make):
    (course.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    folder = tmp_path / "exchange/tiny/inbound/learner-0001+ps1+2027-09-19 10:00:00.0 UTC+r"
    folder.mkdir(parents=True)
    (folder / "first.ipynb").write_bytes(make("a", "b"))
    assert len(collect(course, roster, ps1, None).taken) == 1


def test_what_was_mended_by_hand_stays(course, roster, ps1, origin, make):
    folder = origin({"learner-0001+ps1+2027-09-19 10:00:00.0 UTC/first.ipynb": make("a", "b")})
    collect(course, roster, ps1, folder)
    path = course.root / "submitted/learner-0001/ps1/first.ipynb"
    path.write_bytes(make("a", "b", text="mended"))
    collect(course, roster, ps1, folder)
    assert path.read_bytes() == make("a", "b", text="mended")
    later = origin({"learner-0001+ps1+2027-09-19 11:00:00.0 UTC/first.ipynb": make("a", "b")})
    collect(course, roster, ps1, later)
    assert path.read_bytes() == make("a", "b")


def test_an_interrupted_run_goes_on(course, roster, ps1, origin, make):
    folder = origin({
        f"learner-000{n}+ps1+2027-09-19 10:00:00.0 UTC/first.ipynb": make("a", "b", text=f"x={n}")
        for n in (1, 2, 3)})

    def stop(progress):
        if progress.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(course, roster, ps1, folder, on_progress=stop)
    assert list(received(course, ps1)) == ["learner-0001"]
    assert not list((course.root / ".kit/submissions/ps1").glob(".staging*"))
    records = course.root / ".kit/submissions/ps1/records.jsonl"
    records.write_bytes(records.read_bytes()[:-20])  # as a crash leaves it
    found = collect(course, roster, ps1, folder)
    assert len(received(course, ps1)) == 3
    assert (found.known, len(found.taken)) == (1, 2)
    assert len(versions(course, "ps1")) == 3


def test_a_time_with_two_readings_is_no_time(course, roster, ps1, origin, make):
    folder = origin({
        "Given Second Fämily_51_assignsubmission_file_/first.ipynb": make("a", "b"),
        "w.csv": b"Identifier,Full name,Last modified (submission)\n"
                 b'Participant 51,x,"10/06/2027, 14:14"\n'})
    with pytest.raises(CollectError, match="more than one way"):
        collect(course, roster, ps1, folder)


def test_a_broken_export_beside_others_is_refused(course, roster, ps1, origin, make):
    folder = origin({"export.zip": b"PK nothing",
                     "learner-0001+ps1+2027-09-19 10:00:00.0 UTC/first.ipynb": make("a", "b")})
    found = collect(course, roster, ps1, folder)
    assert [refusal.name for refusal in found.refused] == ["export.zip"]
    assert found.submitted == 1

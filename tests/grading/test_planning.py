"""What has to run, and why; a class is streamed and little of it is held."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.course import submitted
from kit.course.submitted import Folder
from kit.grading import Explained, Key, Planned, Reason, plan
from kit.grading.environment import changes
from kit.model import Graded

KEY = Key(release="r1", engine="local", engine_version="2", environment="Python 3.12.1")
WHO = "learner-0001"


@pytest.fixture
def work(tmp_path: Path) -> Folder:
    folder = tmp_path / "submitted" / WHO / "ps1"
    folder.mkdir(parents=True)
    (folder / "p1.ipynb").write_text("{}")
    (tmp_path / "autograded" / WHO / "ps1").mkdir(parents=True)
    (found,) = submitted.folders(tmp_path / "submitted", "ps1")
    return found


def graded(work: Folder) -> Graded:
    """As recorded by a run that found this very work, with the key of now."""
    seen = submitted.look(work)
    return Graded(submission=seen.digest, fingerprint=seen.fingerprint, release="r1",
                  engine="local", engine_version="2", environment="Python 3.12.1",
                  graded_at=datetime(2030, 1, 1, tzinfo=UTC))


def why(work: Folder, known: Graded | None, root: Path, **options: object) -> Planned:
    table = {} if known is None else {WHO: known}
    (one,) = plan([work], lambda _: table, KEY, autograded=root / "autograded",
                  **options)  # type: ignore[arg-type]
    return one


def test_what_is_graded_under_the_same_key_does_not_run(work: Folder, tmp_path: Path) -> None:
    one = why(work, graded(work), tmp_path)
    assert one.reason is None
    assert one.ready().digest == graded(work).submission


@pytest.mark.parametrize(("change", "reason", "detail"), [
    ({"submission": "d0", "fingerprint": ""}, Reason.SUBMISSION, ""),
    ({"release": "r0"}, Reason.RELEASE, ""),
    ({"engine": "reference"}, Reason.ENGINE, "reference 2, now local 2"),
    ({"engine_version": "1"}, Reason.ENGINE, "local 1, now local 2"),
    ({"environment": "Python 3.11.9"}, Reason.ENVIRONMENT, "Python 3.11.9, now 3.12.1"),
])
def test_each_part_of_the_key_counts(
    work: Folder, tmp_path: Path, change: dict[str, str], reason: Reason, detail: str
) -> None:
    one = why(work, replace(graded(work), **change), tmp_path)  # type: ignore[arg-type]
    assert (one.reason, one.detail) == (reason, detail)


def test_never_graded_missing_folder_and_force(work: Folder, tmp_path: Path) -> None:
    assert why(work, None, tmp_path).reason is Reason.NEVER
    assert why(work, graded(work), tmp_path, force=True).reason is Reason.FORCED
    (tmp_path / "autograded" / WHO / "ps1").rmdir()
    assert why(work, graded(work), tmp_path).reason is Reason.FOLDER
    unreadable = replace(graded(work), left_folder=False)
    assert why(work, unreadable, tmp_path).reason is None


def test_what_was_recorded_without_an_environment_does_not_run(
    work: Folder, tmp_path: Path
) -> None:
    assert why(work, replace(graded(work), environment=""), tmp_path).reason is None


def test_a_folder_newer_than_its_score_runs(work: Folder, tmp_path: Path) -> None:
    known = graded(work)
    assert known.graded_at is not None
    began = known.graded_at.timestamp()
    assert why(work, known, tmp_path, interrupted={WHO: began + 1}).reason is Reason.INTERRUPTED
    # The score was written after that: it is the folder's.
    assert why(work, known, tmp_path, interrupted={WHO: began - 1}).reason is None


def test_environments_differ_by_what_changed() -> None:
    assert changes("Python 3.12.1, numpy 2.1.0", "Python 3.12.1, numpy 2.3.1") == (
        "numpy 2.1.0, now 2.3.1")
    assert changes("Python 3.12.1, numpy 2.1.0", "Python 3.12.1, pandas 3.0.0") == (
        "numpy 2.1.0, not named any more; pandas 3.0.0, not named before")
    many = [f"p{number} 1" for number in range(9)]
    assert changes(", ".join(many), ", ".join(many).replace(" 1", " 2")).endswith("and 6 more")


def test_a_class_is_never_held(work: Folder, tmp_path: Path) -> None:
    """Of a class ten times as large a plan holds no more."""
    known = graded(work)
    most = 0

    def lookup(learners: Sequence[str]) -> Mapping[str, Graded]:
        nonlocal most
        most = max(most, len(learners))
        return dict.fromkeys(learners[::2], known)

    def folders(number: int) -> Iterator[Folder]:
        return (replace(work, learner=f"learner-{place:07d}") for place in range(number))

    def peak(number: int) -> int:
        told = Explained(key=KEY)
        tracemalloc.start()
        for one in plan(folders(number), lookup, KEY, autograded=tmp_path):
            told.add(one)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert told.to_run == number
        assert told.examples[Reason.NEVER][0][0] == "learner-0000001"
        return held

    few, many = peak(1_000), peak(10_000)
    assert many < 1.2 * few
    assert most <= 400

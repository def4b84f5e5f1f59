"""What recorded scores were made from, also in a gradebook of before that was all recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from kit import gradebook
from kit.gradebook import recording
from kit.model import Course, Roster

from .conftest import score_of

NEW = ("environment", "fingerprint", "left_folder")
ONE, TWO = "learner-0001", "learner-0002"


def _as_before(course: Course) -> None:
    """As a version that did not know of environments left it."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book, book:
        for column in NEW:
            book.execute(f"ALTER TABLE kit_graded DROP COLUMN {column}")
        book.execute("DROP TABLE kit_environment")


def test_what_a_score_was_made_from_is_looked_up(
    course: Course, release: Any, roster: Roster
) -> None:
    ps1 = course.assignments[0]
    score = replace(score_of(release, ONE), environment="Python 3.12.1, numpy 2.3.1",
                    fingerprint="f1")
    gradebook.record(course, [score], roster=roster, release=release)
    with gradebook.recorded(course, ps1) as lookup:
        (found,) = lookup([TWO, ONE, "nobody"]).values()
    assert (found.submission, found.release, found.engine, found.engine_version) == (
        "d1", release.digest, "local", "1")
    assert (found.environment, found.fingerprint) == (score.environment, "f1")
    assert (found.received_at, found.graded_at) == (score.received_at, score.graded_at)
    assert not found.left_folder
    (course.root / "autograded" / TWO / "ps1").mkdir(parents=True)
    gradebook.record(course, [score_of(release, TWO)], roster=roster, release=release)
    assert gradebook.graded(course, ps1)[TWO].left_folder


def test_others_write_while_it_is_looked_up(course: Course, release: Any, roster: Roster) -> None:
    ps1 = course.assignments[0]
    gradebook.record(course, [score_of(release, ONE)], roster=roster, release=release)
    with gradebook.recorded(course, ps1) as lookup:
        assert set(lookup([ONE, TWO])) == {ONE}
        gradebook.record(course, [score_of(release, TWO)], roster=roster, release=release)
        assert set(lookup([ONE, TWO])) == {ONE, TWO}


def test_a_gradebook_of_before_is_brought_along(
    course: Course, release: Any, roster: Roster
) -> None:
    ps1 = course.assignments[0]
    gradebook.record(course, [score_of(release, ONE), score_of(release, TWO)], roster=roster,
                     release=release)
    _as_before(course)
    before = gradebook.graded(course, ps1)[ONE]
    assert (before.environment, before.fingerprint, before.left_folder) == ("", "", True)
    gradebook.take_environment(course, ps1, "Python 3.12.1")
    gradebook.remember(course, ps1, {ONE: "f1"})
    found = gradebook.graded(course, ps1)
    assert {one.environment for one in found.values()} == {"Python 3.12.1"}
    assert (found[ONE].fingerprint, found[TWO].fingerprint) == ("f1", "")
    gradebook.take_environment(course, ps1, "Python 3.13.0")
    assert gradebook.graded(course, ps1) == found


def test_nothing_is_recorded_where_there_is_no_gradebook(course: Course) -> None:
    ps1 = course.assignments[0]
    (course.root / "gradebook.db").unlink()
    with gradebook.recorded(course, ps1) as lookup:
        assert lookup([ONE]) == {}
    gradebook.take_environment(course, ps1, "Python 3.12.1")
    assert not gradebook.has_scores(course, ps1, [ONE])
    assert not (course.root / "gradebook.db").exists()


def test_a_batch_is_told_once_it_is_written(
    course: Course, release: Any, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "BATCH", 2)
    told: list[tuple[str, ...]] = []

    def written(learners: Sequence[str]) -> None:
        with gradebook.recorded(course, course.assignments[0]) as lookup:
            assert set(lookup(learners)) == set(learners)
        told.append(tuple(learners))

    scores = [score_of(release, f"learner-{number:04d}") for number in range(5)]
    gradebook.record(course, scores, roster=roster, release=release, on_written=written)
    assert [len(one) for one in told] == [2, 2, 1]

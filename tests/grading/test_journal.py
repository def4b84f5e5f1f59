"""What is at work is on disk before it begins; one run works at a time."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.errors import GradingError
from kit.grading import at_work, open_learners
from kit.model import Assignment, Course

PS1 = Assignment(name="ps1", title="One")
ONE, TWO = "learner-0001", "learner-0002"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(root=tmp_path, id="c", title="C", timezone=ZoneInfo("UTC"))


def _killed(course: Course, *learners: str) -> None:
    """As a run leaves it that was killed while these were at work."""
    file = course.records / "grading" / "ps1.journal"
    with at_work(course, PS1) as journal:
        for learner in learners:
            journal.start(learner)
        held = file.read_bytes()
        journal.done(learners)
    file.write_bytes(held)


def test_what_is_done_is_forgotten_and_what_is_not_is_kept(course: Course) -> None:
    assert open_learners(course, PS1) == {}
    before = time.time()
    with at_work(course, PS1) as journal:
        journal.start(ONE)
        journal.start(TWO)
        assert set(open_learners(course, PS1)) == {ONE, TWO}
        journal.done([ONE])
    left = open_learners(course, PS1)
    assert set(left) == {TWO}
    assert before <= left[TWO] <= time.time()
    with at_work(course, PS1) as journal:
        assert journal.left == left
        journal.done([TWO])
    assert open_learners(course, PS1) == {}
    assert (course.records / "grading" / "ps1.journal").read_bytes() == b""


def test_a_line_that_a_kill_cut_short_is_passed_over(course: Course) -> None:
    _killed(course, ONE)
    file = course.records / "grading" / "ps1.journal"
    with file.open("ab") as stream:
        stream.write(b'["+", "learner-00')
    assert set(open_learners(course, PS1)) == {ONE}
    with at_work(course, PS1) as journal:
        journal.start(TWO)
    assert set(open_learners(course, PS1)) == {ONE, TWO}


def test_a_graded_folder_is_whole_again(course: Course) -> None:
    """Killed between the two renames that replace it, and before the first."""
    for learner, gone in ((ONE, True), (TWO, False)):
        home = course.root / "autograded" / learner
        names = [".ps1.abc.part", ".ps1.abc.old"] if gone else [".ps1.abc.part", "ps1"]
        for name in names:
            (home / name).mkdir(parents=True)
            (home / name / "of").write_text(name)
    (course.root / "autograded" / TWO / "ps1-extra").mkdir()
    _killed(course, ONE, TWO)
    with at_work(course, PS1):
        pass
    assert (course.root / "autograded" / ONE / "ps1" / "of").read_text() == ".ps1.abc.old"
    assert (course.root / "autograded" / TWO / "ps1" / "of").read_text() == "ps1"
    assert sorted(path.name for path in (course.root / "autograded").glob("*/*")) == [
        "ps1", "ps1", "ps1-extra"]


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_a_second_run_says_so_and_ends(course: Course) -> None:
    with (
        at_work(course, PS1), pytest.raises(GradingError, match="another kit grade of ps1"),
        at_work(course, PS1),
    ):
        raise AssertionError("both are at work")
    script = f"""
from pathlib import Path
from zoneinfo import ZoneInfo
from kit.grading import at_work
from kit.model import Assignment, Course
course = Course(root=Path({str(course.root)!r}), id="c", title="C", timezone=ZoneInfo("UTC"))
try:
    with at_work(course, Assignment(name="ps1", title="One")):
        print("mine")
except Exception as error:
    print(type(error).__name__)
"""
    def other() -> str:
        return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                              check=True).stdout.strip()

    with at_work(course, PS1):
        assert other() == "GradingError"
    assert other() == "mine"

"""What is at work, noted on disk before it begins, so that a killed run can be gone on from.

    .kit/grading/<assignment>.journal      + learner, seconds since the epoch
                                           - learner

A graded folder is in its place before its score is written with others into the gradebook.
Where a run is killed in between, the folder may be newer than the score: those learners are
still open here, and run again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kit.errors import GradingError
from kit.files import locked
from kit.grading import folder as folders
from kit.model import Assignment, Course


@dataclass(slots=True, kw_only=True)
class Journal:
    """The journal of the run at work.

    `left` are the learners whom a killed run left at work, and since when (seconds since the
    epoch); `open` are those, and those at work now.
    """

    left: Mapping[str, float]
    open: set[str]
    stream: BinaryIO

    def start(self, learner: str) -> None:
        """Note that this learner's graded folder may change from now on."""
        self.open.add(learner)
        self._note("+", learner, time.time())

    def done(self, learners: Iterable[str]) -> None:
        """Note that what is recorded of these learners belongs to their graded folders."""
        for learner in learners:
            self.open.discard(learner)
            self._note("-", learner)

    def _note(self, *words: object) -> None:
        self.stream.write(json.dumps(words).encode() + b"\n")
        self.stream.flush()


def path(course: Course, assignment: Assignment) -> Path:
    """Where the journal of an assignment is."""
    return course.records / "grading" / f"{assignment.name}.journal"


def open_learners(course: Course, assignment: Assignment) -> Mapping[str, float]:
    """Learners whom a killed run left at work, with the moment at which each began."""
    try:
        return _read(path(course, assignment).read_bytes())
    except FileNotFoundError:
        return {}


@contextmanager
def at_work(course: Course, assignment: Assignment) -> Iterator[Journal]:
    """The journal of an assignment, for the one run that works on it.

    What a killed run left beside graded folders is removed. Raises GradingError when another
    run is at work.
    """
    file = path(course, assignment)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as stream, locked(file) as mine:
        if not mine:
            raise GradingError(
                f"another kit grade of {assignment.name} is at work", where=course.root.name,
                hint="let it end, or stop it with Ctrl-C, and run this again")
        stream.seek(0)
        data = stream.read()
        left = _read(data)
        if data and not data.endswith(b"\n"):
            stream.write(b"\n")  # behind a line that the kill cut short
        for learner in left:
            _tidy(course.root / "autograded" / learner, assignment.name)
        held = Journal(left=left, open=set(left), stream=stream)
        try:
            yield held
        finally:
            if not held.open:
                stream.truncate(0)


def _tidy(home: Path, name: str) -> None:
    """Of a graded folder that was being replaced: keep one whole one, and nothing beside it."""
    target = home / name
    for old in home.glob(f".{name}.*.old"):
        if not target.exists():
            old.replace(target)
        folders.remove(old)
    for part in home.glob(f".{name}.*.part"):
        folders.remove(part)


def _read(data: bytes) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in data.splitlines():
        try:
            sign, learner, *since = json.loads(line)
        except ValueError:
            continue  # the kill cut it short: what it tells of had not begun
        if sign == "+":
            found[learner] = float(since[0])
        else:
            found.pop(learner, None)
    return found

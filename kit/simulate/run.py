"""Writes a class of submissions as an exchange or an LMS would hand them over."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from kit import notebook as nb
from kit.course import markers_of
from kit.errors import KitError, NotebookError, ReleaseError, typed
from kit.files import replace_tree
from kit.model import Assignment, Course, Progress, Release
from kit.simulate import build

Layout = Literal["exchange", "moodle", "canvas"]

_WEIGHTS = {"right": 30, "wrong": 30, "missing": 14, "raising": 8, "untouched": 4,
            "duplicated": 5, "noisy": 9}
_LATE = 0.08
_MARK = ".simulated"
# Moments without a due date: any fixed day does, and today would not be reproducible.
_SOME_DAY = datetime(2027, 1, 25, 23, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A submission of the class and what is special about it."""

    learner: str
    kind: str
    late: bool
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What was written: where, by kind, and whom to look for in `status`."""

    assignment: str
    folder: Path
    layout: Layout
    count: int
    learners: tuple[str, ...]
    kinds: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    planted: tuple[Planted, ...] = ()


def simulate(  # noqa: PLR0913 - options by keyword
    course: Course, assignment: Assignment, release: Release | None, count: int, *, seed: int = 0,
    to: Path | None = None, layout: Layout = "exchange", endless: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Simulated:
    """Write `count` submissions of learner-0001 and so on into `to`.

    Right answers are the author's, wrong ones change a number, sign or operator; bad ones are
    planted from the tenth submission on. The same arguments give the same bytes. Raises
    ReleaseError where nothing is released, KitError where `to` holds something else.
    """
    if count < 1:
        raise KitError("a class has at least one learner", hint="give --count 60")
    target = to or course.records / "simulated" / assignment.name
    _check_target(target)
    frames = tuple(_frames(course, assignment, release))
    plan = _bad(count, seed, assignment, endless=endless)
    kinds: dict[str, int] = {}
    planted: list[Planted] = []
    late = 0
    with replace_tree(target) as beside:
        (beside / _MARK).write_text("made by `kit simulate`\n", encoding="utf-8", newline="\n")
        writer = _WRITERS[layout](beside, assignment)
        for number in range(1, count + 1):
            one, rng = _one(course, assignment, number, seed, plan.get(number))
            writer.write(one, number, _files(frames, one.kind, rng, assignment), rng)
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
            late += one.late
            if one.kind in build.BAD:
                planted.append(one)
            if on_progress is not None:
                on_progress(Progress(done=number, total=count))
        writer.finish(course)
    return Simulated(
        assignment=assignment.name, folder=target, layout=layout, count=count, kinds=kinds,
        late=late, planted=tuple(planted),
        learners=tuple(learner(number) for number in range(1, count + 1)),
    )


def learner(number: int) -> str:
    """`learner-0042`."""
    return f"learner-{number:04d}"


def _check_target(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and not (target / _MARK).is_file():
        raise KitError("the folder holds something that `kit simulate` did not write",
                       where=str(target), hint="name an empty folder: --to DIR")
    if target.is_file():
        raise KitError("is a file", where=str(target), hint="name a folder: --to DIR")


def _frames(
    course: Course, assignment: Assignment, release: Release | None
) -> Iterator[build.Frame]:
    names = [notebook.name for notebook in release.notebooks] if release else []
    markers = markers_of(course)
    for name in names or assignment.notebooks:
        released = course.root / "release" / assignment.name / f"{name}.ipynb"
        source = course.root / "source" / assignment.name / f"{name}.ipynb"
        if not released.is_file():
            raise ReleaseError("is not released yet", where=assignment.name,
                               hint=typed("kit", "release", assignment.name))
        if not source.is_file():
            raise NotebookError("there is no such file", where=str(source))
        yield build.frame(name, nb.read(released), nb.read(source), markers)


def _bad(
    count: int, seed: int, assignment: Assignment, *, endless: bool
) -> Mapping[int, str]:
    """Which numbers are bad, and how: each kind once in fifty, in classes of ten and more."""
    kinds = [kind for kind in build.BAD if endless or kind != "endless loop"]
    if count < 10:
        return {count: "endless loop"} if endless else {}
    wanted = kinds * max(1, count // 50)
    rng = random.Random(build.key(seed, assignment.name, "bad"))  # noqa: S311 - no secret
    return dict(zip(rng.sample(range(1, count + 1), min(len(wanted), count // 2)), wanted,
                    strict=False))


def _one(
    course: Course, assignment: Assignment, number: int, seed: int, bad: str | None
) -> tuple[Planted, random.Random]:
    rng = random.Random(build.key(seed, assignment.name, number))  # noqa: S311 - no secret
    kind = bad or rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    late = bad is None and rng.random() < _LATE
    due = assignment.due
    if due is None and course.start is not None:
        due = datetime.combine(course.start, time(23, 59), course.timezone) + timedelta(days=14)
    due = (due or _SOME_DAY).astimezone(UTC)
    away = timedelta(seconds=rng.randint(3_600, 3 * 86_400 if late else 5 * 86_400))
    moment = (due + away if late else due - away).replace(microsecond=0)
    return Planted(learner=learner(number), kind=kind, late=late, received_at=moment), rng


def _files(
    frames: tuple[build.Frame, ...], kind: str, rng: random.Random, assignment: Assignment
) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every notebook; what is bad about it is bad in the first alone."""
    for place, frame in enumerate(frames):
        own = kind if place == 0 or kind in build.KINDS else "right"
        name = frame.name
        if own == "renamed":
            name = rng.choice((f"{name} (1)", f"{name}-final", f"my_{assignment.name}_homework"))
        yield f"{name}.ipynb", build.build(frame, own, rng)


# --------------------------------------------------------------------------------- layouts


class _Exchange:
    """nbgrader's `inbound` folder."""

    def __init__(self, root: Path, assignment: Assignment) -> None:
        self.root = root
        self.assignment = assignment

    def write(
        self, one: Planted, number: int, files: Iterator[tuple[str, bytes]], rng: random.Random
    ) -> None:
        """One folder a submission, with its time in the name and in timestamp.txt."""
        del number
        stamp = one.received_at.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        folder = self.root / (
            f"{one.learner}+{self.assignment.name}+{stamp}+{rng.getrandbits(48):012x}")
        folder.mkdir()
        for name, data in files:
            (folder / name).write_bytes(data)
        (folder / "timestamp.txt").write_text(stamp, encoding="utf-8", newline="\n")

    def finish(self, course: Course) -> None:
        """Nothing is left to do."""


class _Moodle(_Exchange):
    """Folders by full name, and the grading worksheet."""

    def __init__(self, root: Path, assignment: Assignment) -> None:
        super().__init__(root, assignment)
        self.rows: list[Planted] = []

    def write(
        self, one: Planted, number: int, files: Iterator[tuple[str, bytes]], rng: random.Random
    ) -> None:
        """One folder a learner; the time stands in the worksheet alone."""
        del rng
        folder = self.root / f"{one.learner}_{_lms_id(number)}_assignsubmission_file_"
        folder.mkdir()
        for name, data in files:
            (folder / name).write_bytes(data)
        self.rows.append(one)

    def finish(self, course: Course) -> None:
        """The worksheet, as Moodle writes it."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(["Identifier", "Full name", "ID number", "Email address", "Status",
                         "Grade", "Maximum Grade", "Last modified (submission)"])
        for number, one in enumerate(self.rows, 1):
            local = one.received_at.astimezone(course.timezone)
            writer.writerow([
                f"Participant {_lms_id(number)}", one.learner, one.learner,
                f"{one.learner}@example.org", "Submitted for grading", "", "10",
                f"{local:%A}, {local.day} {local:%B %Y}, {local:%I:%M %p}",
            ])
        (self.root / "grading-worksheet.csv").write_bytes(
            b"\xef\xbb\xbf" + out.getvalue().encode())


class _Canvas(_Exchange):
    """One flat folder; only lateness is told."""

    def write(
        self, one: Planted, number: int, files: Iterator[tuple[str, bytes]], rng: random.Random
    ) -> None:
        """Files by name, mark and numbers."""
        late = "LATE_" if one.late else ""
        name = one.learner.replace("-", "")
        for file, data in files:
            number_of_file = rng.randint(100_000, 999_999)
            shown = f"{name}_{late}{_lms_id(number)}_{number_of_file}_{file}"
            (self.root / shown).write_bytes(data)


_WRITERS: Mapping[Layout, type[_Exchange]] = {
    "exchange": _Exchange, "moodle": _Moodle, "canvas": _Canvas,
}


def _lms_id(number: int) -> int:
    return 900_000 + number


def roster_rows(simulated: Simulated) -> list[dict[str, str]]:
    """The class as lines of `roster.csv`: ids, addresses that lead nowhere, LMS ids."""
    return [
        {"id": identity, "first_name": "", "last_name": "",
         "email": f"{identity}@example.org", "lms_id": str(_lms_id(number)), "section": ""}
        for number, identity in enumerate(simulated.learners, 1)
    ]

"""Every version that was handed in, kept for good, and the one in `submitted/` to grade.

    .kit/submissions/<assignment>/records.jsonl                         what came, and when
    .kit/submissions/<assignment>/<learner>/<time>-<digest>/            the files
    submitted/<learner>/<assignment>/                                   nbgrader's place
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from kit.collect.model import Refusal, Version
from kit.course import submitted
from kit.course.stamps import nbgrader_stamp
from kit.course.submitted import RESERVED, STAMP, digest, received
from kit.errors import CollectError
from kit.files import replace_tree
from kit.model import Assignment, Course, Roster, Submission

logger = logging.getLogger(__name__)

Prefer = Literal["latest", "in-time"]
GIVEN = frozenset({"given", "given for all", "given in a table"})
"""Where a time comes from that whoever collects states: given once more, it counts once more."""

BY_HAND = "mended by hand"
"""Where a time comes from that was written into `timestamp.txt` under `submitted/`."""

_STATED = GIVEN | {BY_HAND, "worksheet"}
"""Times that correct those that were known before of the same files."""


def home(course: Course, assignment: str) -> Path:
    """Where the versions of an assignment are kept."""
    return course.records / "submissions" / assignment


# --------------------------------------------------------------------------------- records


@dataclass(slots=True)
class Records:
    """The records of one assignment: read once, then appended to, a line at a time."""

    path: Path
    by_learner: dict[str, list[Version]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def of(self, learner: str) -> list[Version]:
        """A learner's versions in the order in which they were collected."""
        return self.by_learner.get(learner, [])

    def known(self, version: Version) -> bool:
        """Whether this learner has these files with this time already."""
        return any(_same(version, kept) for kept in self.of(version.learner))

    def note(self, version: Version) -> None:
        """Hold a version that is recorded already."""
        self.by_learner.setdefault(version.learner, []).append(version)

    def add(self, version: Version) -> None:
        """Record a version whose files are in place."""
        self.note(version)
        self._append({"kind": "version", **_as_json(version)})

    def refuse(self, refusal: Refusal) -> None:
        """Note a refusal, once."""
        if refusal not in self.refused:
            self.refused.append(refusal)
            self._append({"kind": "refused", "name": refusal.name, "reason": refusal.reason,
                          "learner": refusal.learner})

    def _append(self, record: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    stream.write(b"\n")  # a line that a crash cut short
            stream.write(json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n")


def read_records(course: Course, assignment: str) -> Records:
    """What was collected of an assignment; lines that were cut short are passed over."""
    records = Records(path=home(course, assignment) / "records.jsonl")
    if not records.path.is_file():
        return records
    for line in records.path.read_bytes().splitlines():
        try:
            record = json.loads(line)
            if record["kind"] == "version":
                version = _from_json(record)
                if (course.root / version.folder).is_dir():
                    records.note(version)
            else:
                records.refused.append(Refusal(name=record["name"], reason=record["reason"],
                                               learner=record["learner"]))
        except (ValueError, KeyError, TypeError):
            logger.warning("%s: a line that cannot be read is passed over", records.path)
    return records


def versions(course: Course, assignment: str) -> tuple[Version, ...]:
    """Every version of an assignment, by learner in the order in which they were collected."""
    kept = read_records(course, assignment).by_learner
    return tuple(version for learner in sorted(kept) for version in kept[learner])


def refusals(course: Course, assignment: str) -> tuple[Refusal, ...]:
    """What was refused in collections of an assignment, with the learner where known."""
    return tuple(read_records(course, assignment).refused)


def _same(left: Version, right: Version) -> bool:
    return (left.digest, left.received_at, left.learner) == (
        right.digest, right.received_at, right.learner
    ) and (left.received_at is not None or left.time_from == right.time_from)


def _as_json(version: Version) -> dict[str, Any]:
    return {
        "assignment": version.assignment, "learner": version.learner, "digest": version.digest,
        "folder": version.folder, "time_from": version.time_from, "attempt": version.attempt,
        "origin": version.origin, "renamed": [list(pair) for pair in version.renamed],
        "received_at": version.received_at.isoformat() if version.received_at else None,
        "collected_at": version.collected_at.isoformat() if version.collected_at else None,
    }


def _from_json(record: dict[str, Any]) -> Version:
    received, collected = record["received_at"], record["collected_at"]
    return Version(
        assignment=record["assignment"], learner=record["learner"], digest=record["digest"],
        folder=record["folder"], time_from=record["time_from"], attempt=record["attempt"],
        origin=record["origin"], renamed=tuple((old, new) for old, new in record["renamed"]),
        received_at=datetime.fromisoformat(received) if received else None,
        collected_at=datetime.fromisoformat(collected) if collected else None,
    )


# ---------------------------------------------------------------------------- keep, choose


def keep(course: Course, records: Records, staged: Path, version: Version) -> Version | None:
    """Move a filled folder to its place for good; None when this version is there already.

    `version.folder` is filled in here.
    """
    if records.known(version) and not _stated_again(records, version):
        return None
    moment = version.received_at
    label = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if moment else "unknown"
    place = home(course, version.assignment) / version.learner
    target = place / f"{label}-{version.digest[:12]}"
    place.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and digest(target) != version.digest:
        raise CollectError(
            "a kept version was changed after it was collected", where=str(target),
            hint="move it away and collect again",
        )
    if not target.is_dir():
        staged.replace(target)
    kept = replace(version, folder=target.relative_to(course.root).as_posix(),
                   collected_at=datetime.now(UTC))
    records.add(kept)
    return kept


def adopt(course: Course, records: Records, assignment: str, learner: str) -> None:
    """Keep what lies in `submitted/` and is no version that we know: put there by hand."""
    folder = course.root / "submitted" / learner / assignment
    if not folder.is_dir() or folder.is_symlink():
        return
    found = digest(folder)
    moment = received(folder)
    every = records.of(learner)
    known = [version for version in every if version.digest == found]
    if known and moment is None:
        return
    # A time that was corrected since is as good as new where it is written back by hand.
    if any(version.received_at == moment for version in _standing(known)):
        return
    stated = "timestamp.txt" if moment else "on time"
    with staging(course, assignment) as staged:
        _copy(folder, staged)
        keep(course, records, staged, Version(
            assignment=assignment, learner=learner, digest=found, folder="", received_at=moment,
            time_from=BY_HAND if known else stated, origin="submitted/",
            # What was mended by hand is the last word on what came at that moment.
            attempt=max((version.attempt for version in every), default=0),
        ))


def _standing(found: Iterable[Version]) -> list[Version]:
    """Without those whose time was corrected: of the same files, the last time that somebody
    stated counts, and what came after it."""
    kept: list[Version] = []
    for version in found:
        if version.received_at is not None and version.time_from in _STATED:
            kept = [one for one in kept
                    if (one.learner, one.digest) != (version.learner, version.digest)]
        kept.append(version)
    return kept


def _stated_again(records: Records, version: Version) -> bool:
    """Whether somebody goes back to a time that was corrected since."""
    if version.received_at is None or version.time_from not in GIVEN | {BY_HAND}:
        return False
    same = [one for one in records.of(version.learner) if one.digest == version.digest]
    return all(one.received_at != version.received_at for one in _standing(same))


class staging:  # noqa: N801 - used as a function: `with staging(...) as folder`
    """A folder beside the versions that is gone afterwards, unless it was moved."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._parent = home(course, assignment)

    def __enter__(self) -> Path:
        self._parent.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=self._parent, prefix=".staging-"))
        self._folder.chmod(0o755)
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def choose(
    found: Iterable[Version], roster: Roster, assignment: Assignment, prefer: Prefer
) -> Version | None:
    """The version to grade: the latest, or the latest that was in time if there is one.

    Where a moment is not known but the LMS says that it was in time, it counts as the due
    date; of the same files the version whose moment is known wins, and of their moments the
    last that somebody stated.
    """
    every = list(enumerate(_standing(found)))
    timed = {version.digest for _, version in every if version.received_at}
    rest = [(place, v) for place, v in every if v.received_at or v.digest not in timed]

    def order(item: tuple[int, Version]) -> tuple[datetime, int, int]:
        place, version = item
        due = roster.due(assignment, version.learner)
        earliest = datetime.min.replace(tzinfo=UTC)
        return version.received_at or due or earliest, version.attempt, place

    if prefer == "in-time":
        rest = [item for item in rest if not late(item[1], roster, assignment)] or rest
    return max(rest, key=order)[1] if rest else None


def late(version: Version, roster: Roster, assignment: Assignment) -> bool:
    """Whether a version came after this learner's due date."""
    due = roster.due(assignment, version.learner)
    return bool(due and version.received_at and version.received_at > due)


def place(course: Course, version: Version) -> bool:
    """Make `submitted/` hold a version; False when it does already."""
    folder = course.root / "submitted" / version.learner / version.assignment
    stamp = nbgrader_stamp(version.received_at) if version.received_at else None
    if folder.is_dir() and digest(folder) == version.digest:
        path = folder / STAMP
        held = path.read_text("utf-8").strip() if path.is_file() else None
        if held == stamp or (held and stamp and received(folder) == version.received_at):
            return False
    with replace_tree(folder) as beside:
        _copy(course.root / version.folder, beside)
        if stamp:
            (beside / STAMP).write_text(stamp + "\n", encoding="utf-8", newline="\n")
    return True


def time_of(course: Course, version: Version) -> datetime | None:
    """The time that `submitted/` holds for these very files; None without them or without one."""
    folder = course.root / "submitted" / version.learner / version.assignment
    if not folder.is_dir() or digest(folder) != version.digest:
        return None
    return received(folder)


def withdraw(course: Course, assignment: str, learner: str) -> bool:
    """Take a team mate's older version out of `submitted/`; it stays among the versions."""
    folder = course.root / "submitted" / learner / assignment
    if not folder.is_dir():
        return False
    shutil.rmtree(folder)
    return True


def _copy(source: Path, target: Path) -> None:
    """Regular files alone; a link is never followed and never copied."""
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if path.is_symlink() or relative.as_posix() in RESERVED:
            continue
        if path.is_dir():
            (target / relative).mkdir(parents=True, exist_ok=True)
        elif path.is_file():
            (target / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / relative)


# ------------------------------------------------------------------------------ submissions


def submissions(course: Course, assignment: Assignment) -> Iterator[Submission]:
    """What lies in `submitted/` to be graded, by learner, one at a time."""
    for found in _by_learner(course, assignment.name):
        yield submitted.submission(found)


def stamps(course: Course, assignment: str) -> Iterator[tuple[str, datetime | None]]:
    """Who has work in `submitted/` and when it came."""
    for found in _by_learner(course, assignment):
        yield found.learner, received(Path(found.path))


def _by_learner(course: Course, assignment: str) -> list[submitted.Folder]:
    found = submitted.folders(course.root / "submitted", assignment)
    return sorted(found, key=lambda one: one.learner)

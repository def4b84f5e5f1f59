"""The nouns of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one submission may hold. Sizes in bytes, after unpacking.

    `ratio` is how many times larger than its packed size a file of an archive may be (files
    below `small_bytes` are let through: a page of zeros is no bomb), `nesting` how many
    archives may lie one in the other, the one that was downloaded included.
    """

    file_bytes: int = 50 * 1024**2
    total_bytes: int = 200 * 1024**2
    files: int = 1000
    nesting: int = 3
    ratio: int = 200
    small_bytes: int = 1024**2
    members: int = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file that was not taken: its name in the origin, and why. `learner` where known."""

    name: str
    reason: str
    learner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Work whose learner is not known: what it is called, and the nearest of the roster."""

    name: str
    reason: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that was done for a learner and should be said."""

    learner: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One thing a learner handed in, kept for good.

    `received_at` is None where the moment is not known; `time_from` says where it comes from,
    or why it may be missing (`on time`: the LMS or the instructor says it was in time).
    `folder` is relative to the course.
    """

    assignment: str
    learner: str
    digest: str
    folder: str
    received_at: datetime | None
    time_from: str
    attempt: int = 0
    origin: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    collected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What came of a collection.

    `taken` are new versions; `known` counts what was already here; `changed` names the learners
    whose work to grade changed; `missing` are those of the roster with nothing handed in.
    """

    assignment: str
    taken: tuple[Version, ...] = ()
    known: int = 0
    changed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    notes: tuple[Note, ...] = ()
    missing: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    submitted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A regular file of the origin: its path with `/`, its size, and how to read it.

    `depth` counts the archives around it; `packed` is its size in the archive.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    depth: int = 0
    packed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who handed in and when, as the origin puts it.

    `keys` are identifiers, the surest first; `name` is a person's name; `late` is the LMS's
    word for it where it tells no time; `source` is what feedback has to be named by, where that
    is more than the label.
    """

    label: str
    layout: str
    keys: tuple[str, ...] = ()
    name: str = ""
    moment: datetime | None = None
    time_from: str = ""
    late: bool | None = None
    attempt: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What belongs to one claim: (path inside the submission, member) pairs."""

    claim: Claim
    files: tuple[tuple[str, Member], ...]



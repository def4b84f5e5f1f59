"""Which submissions have to run, and why; a class is streamed through, never held.

What is graded already under the same key (submission, release, engine, environment) is not run
again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from kit.course import submitted
from kit.course.submitted import Folder, Seen
from kit.grading.environment import changes, environment
from kit.grading.job import Engine
from kit.model import Course, Graded, Release, Submission

CHUNK = 400
"""How many learners are looked up in the gradebook at once."""

Lookup = Callable[[Sequence[str]], Mapping[str, Graded]]
"""Learners -> what their recorded scores were made from, for those who have one."""


class Reason(StrEnum):
    """Why a submission has to run; of several the first counts."""

    NEVER = "never graded"
    INTERRUPTED = "was at work when a run was killed"
    SUBMISSION = "submission changed"
    RELEASE = "release changed"
    ENGINE = "engine changed"
    ENVIRONMENT = "environment changed"
    FOLDER = "graded folder missing"
    FORCED = "forced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a score depends on besides the submission. `environment` is in words."""

    release: str
    engine: str
    engine_version: str
    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One submission looked at: it runs for the reason, or `reason` is None.

    `detail` says what changed, where that is short. `seen` is there where it was looked at,
    and is `fresh` where its files do not look as the gradebook has it.
    """

    found: Folder
    reason: Reason | None
    detail: str = ""
    seen: Seen | None = None
    fresh: bool = False

    def ready(self) -> Submission:
        """The submission to run, its digest included."""
        return submitted.submission(self.found, self.seen)


def key_of(course: Course, release: Release, engine: Engine) -> Key:
    """What scores made now depend on besides their submissions."""
    return Key(release=release.digest, engine=engine.name, engine_version=engine.version,
               environment=environment(course))


def joined(found: Iterable[Folder], lookup: Lookup) -> Iterator[tuple[Folder, Graded | None]]:
    """Each folder with what is recorded of it, a query for `CHUNK` of them."""
    stream = iter(found)
    while chunk := list(islice(stream, CHUNK)):
        known = lookup([one.learner for one in chunk])
        for one in chunk:
            yield one, known.get(one.learner)


def seen_before(known: Graded | None) -> Seen | None:
    """How a submission looked when it was graded."""
    if known is None:
        return None
    return Seen(digest=known.submission, fingerprint=known.fingerprint)


def plan(
    found: Iterable[Folder], lookup: Lookup, key: Key, *, autograded: Path, force: bool = False,
    interrupted: Mapping[str, float] | None = None,
) -> Iterator[Planned]:
    """Say of each folder whether it has to run and why, in the order in which they come.

    A file is read only where the gradebook knows the submission and its files look otherwise
    than they did. `interrupted` names learners whose graded folder may be newer than their
    recorded score, with the moment (seconds since the epoch) at which that began: a score of
    later than that belongs to the folder. `force` runs what need not.
    """
    for one, known in joined(found, lookup):
        if known is None:
            yield Planned(found=one, reason=Reason.NEVER)
            continue
        held = seen_before(known)
        seen = submitted.look(one, held)
        reason, detail = _why(seen, known, key, (interrupted or {}).get(one.learner))
        if reason is None and known.left_folder and not _is_there(autograded, one):
            reason = Reason.FOLDER
        if reason is None and force:
            reason = Reason.FORCED
        yield Planned(found=one, reason=reason, detail=detail, seen=seen, fresh=seen != held)


def _why(
    seen: Seen, known: Graded, key: Key, since: float | None
) -> tuple[Reason | None, str]:
    if since is not None and (known.graded_at is None or known.graded_at.timestamp() < since):
        return Reason.INTERRUPTED, ""
    if seen.digest != known.submission:
        return Reason.SUBMISSION, ""
    if key.release != known.release:
        return Reason.RELEASE, ""
    if (key.engine, key.engine_version) != (known.engine, known.engine_version):
        return Reason.ENGINE, (f"{known.engine} {known.engine_version}, "
                               f"now {key.engine} {key.engine_version}")
    if known.environment and key.environment != known.environment:
        return Reason.ENVIRONMENT, changes(known.environment, key.environment)
    return None, ""


def _is_there(autograded: Path, found: Folder) -> bool:
    folder = f"{autograded}{os.sep}{found.learner}{os.sep}{found.assignment}"
    return os.path.isdir(folder)  # noqa: PTH112 - thrice as fast, and a class is long

"""Feedback pages as one archive that an LMS takes back.

Canvas (Assignment, Upload Submissions) finds the learner by the numbers in the file name that it
gave the hand-in: `name_<user>_<attachment>_file.ipynb`. Moodle (View all submissions, Upload
multiple feedback files in a zip) finds the participant by the folder that its download had:
`Full name_<participant>_assignsubmission_file`, with the plugin `assignfeedback_file`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.errors import KitError, UnknownName, typed
from kit.model import Assignment, Course, Learner, Roster

Lms = Literal["canvas", "moodle"]
_TIME = (1980, 1, 1, 0, 0, 0)
_CANVAS = re.compile(
    r"^(?P<name>[^_/]+)_(?:LATE_)?(?P<user>\d+)_(?P<attachment>\d+)(_.+)?$")
_MOODLE = re.compile(
    r"^(?P<name>[^_/]+)_(?P<participant>\d+)(_assignsubmission_(file|onlinetext).*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The archive, and who is not in it: no page, or a name that the LMS would not know."""

    path: Path
    packed: tuple[str, ...]
    without_page: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def pack(
    course: Course, assignment: Assignment, roster: Roster, lms: str, *,
    origins: Mapping[str, Sequence[str]], to: Path | None = None,
) -> Packed:
    """Pack the pages of an assignment for `canvas` or `moodle`.

    `origins` holds the names under which each learner's hand-in came from the LMS: files or
    folders of its own download. Raises UnknownName for another LMS, KitError when no page can be
    packed.
    """
    if lms not in ("canvas", "moodle"):
        raise UnknownName("LMS", lms, ("canvas", "moodle"))
    place = _canvas if lms == "canvas" else _moodle
    entries: dict[str, Path] = {}
    packed, unknown, without = [], [], []
    root = course.root / "feedback"
    people = _everyone(root, assignment, roster)
    for learner in people:
        pages = _pages(root / learner.id / assignment.name)
        if not pages:
            without.append(learner.id)
            continue
        folder = next(filter(None, map(place, origins.get(learner.id, ()))), "")
        if not folder:
            unknown.append(learner.id)
            continue
        packed.append(learner.id)
        for page in pages:
            entries[folder.format(page=page.name)] = page
    if not entries:
        write = typed("kit", "feedback", assignment.name)
        raise KitError(
            f"no page of {assignment.name} can be packed for {lms}",
            hint=f"write the pages first: {write}" if not unknown else
            f"the hand-ins did not come from a {lms} download, so it could not tell whose they "
            "are: collect them from its zip",
        )
    target = to or course.root / "feedback" / f"{assignment.name}-{lms}.zip"
    _write(target, entries)
    return Packed(path=target, packed=tuple(packed), without_page=tuple(without),
                  unknown=tuple(unknown))


def _everyone(root: Path, assignment: Assignment, roster: Roster) -> Iterable[Learner]:
    listed = {learner.id for learner in roster.learners}
    others = sorted(
        folder.name for folder in (root.iterdir() if root.is_dir() else ())
        if folder.name not in listed and (folder / assignment.name).is_dir()
    )
    return (*roster.learners, *(Learner(id=name) for name in others))


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.html")) if folder.is_dir() else []


def _canvas(origin: str) -> str:
    found = _CANVAS.match(origin.rsplit("/", 1)[-1])
    if found is None:
        return ""
    # Canvas takes the first two parts that are numbers, wherever they stand.
    return f"{_braced(found['name'])}_{found['user']}_{found['attachment']}_{{page}}"


def _moodle(origin: str) -> str:
    for part in origin.split("/"):
        found = _MOODLE.match(part)
        if found is not None:
            name = _braced(found["name"])
            return f"{name}_{found['participant']}_assignfeedback_file/{{page}}"
    return ""


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _write(target: Path, entries: Mapping[str, Path]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in sorted(entries.items()):
                info = zipfile.ZipInfo(name, _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)

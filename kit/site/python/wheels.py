"""Wheels for Python in pages: taken from Pyodide's full release, verified, kept in the course."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kit.errors import VendorError
from kit.files import digest_file, write_text
from kit.model import Course, Progress
from kit.site.lessons.reading import read_lesson
from kit.site.python.inpage import (
    ALWAYS,
    absent_in,
    bundled_lock,
    bundled_version,
    run_cells,
    vendor_folder,
)
from kit.site.python.release import Files, release_at

_LOCK = "pyodide-lock.json"
_ABOUT = "package.json"
_MOST_TEXT = 50_000_000
_CHUNK = 1024 * 1024
_PLAIN = re.compile(r"[\w][\w.+!-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A package of the release: its name and version, its file, the file's digest."""

    name: str
    version: str
    file: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendored:
    """What was brought. `copied` and `kept` are names of wheels that came now and that were
    there; `absent` what the course asks for and the release has not."""

    folder: Path
    version: str
    wheels: tuple[Wheel, ...]
    copied: tuple[str, ...]
    kept: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all wheels."""
        return sum((self.folder / wheel.file).stat().st_size for wheel in self.wheels)


def vendor_wheels(
    course: Course, source: str, *, on_progress: Callable[[Progress], None] | None = None
) -> Vendored:
    """Bring the wheels that the course's pages need, with what these depend on.

    `source` is a folder, a tar.bz2 or an address of Pyodide's full release. What came before and
    is right is not taken again. Raises VendorError for another version than the one of pages,
    and for a file that is not what the release's lock says.
    """
    folder = vendor_folder(course)
    tell = on_progress or (lambda _: None)
    files = release_at(source, folder, lambda note: tell(Progress(done=0, total=0, note=note)))
    lock = _lock_of(files, source)
    wanted, absent = _wanted(course, lock["packages"])
    wheels = tuple(_wheel(lock["packages"][name], source) for name in wanted)
    _as_bundled(wheels, source)
    kept = [one for one in wheels if _is_right(folder / one.file, one.digest)]
    todo = {one.file: one for one in wheels if one not in kept}
    copied: list[str] = []
    tell(Progress(done=0, total=len(todo)))
    for name, stream in files(list(todo)) if todo else ():
        if not _keep(stream, folder / name, todo[name].digest):
            for fetched in folder.glob("*.tar.bz2"):
                fetched.unlink()
            raise VendorError(f"{name} is not what {_LOCK} says: its SHA-256 is another",
                              where=source, hint="it was not kept; fetch the release once more")
        copied.append(todo.pop(name).name)
        tell(Progress(done=len(copied), total=len(copied) + len(todo), note=name))
    if todo:
        raise VendorError(f"{next(iter(todo))} is not in the release", where=source,
                          hint="take the full release, not the core alone")
    write_text(folder / _LOCK, json.dumps(
        {"info": lock["info"], "packages": {name: lock["packages"][name] for name in wanted}}))
    for path in folder.iterdir():
        if path.name not in {_LOCK, *(one.file for one in wheels)} and path.is_file():
            path.unlink()
    return Vendored(folder=folder, version=bundled_version(), wheels=wheels,
                    copied=tuple(copied), kept=tuple(one.name for one in kept), absent=absent)


# ------------------------------------------------------------------------- the release's lock


def _lock_of(files: Files, source: str) -> dict[str, Any]:
    """The lock of a release, of the version that pages have."""
    texts = {name: _text(stream, name, source) for name, stream in files([_ABOUT, _LOCK])}
    if _LOCK not in texts:
        raise VendorError(f"has no {_LOCK}", where=source, hint="take Pyodide's full release")
    lock, about = texts[_LOCK], texts.get(_ABOUT, {})
    info, packages = lock.get("info"), lock.get("packages")
    if not isinstance(info, dict) or not isinstance(packages, dict):
        raise VendorError(f"{_LOCK} names no packages", where=source,
                          hint="take Pyodide's full release")
    here = bundled_lock()["info"]
    version = str(about.get("version") or bundled_version())
    if version != bundled_version() or info != here:
        theirs, ours = ((version, bundled_version()) if version != bundled_version()
                        else (_told(info), _told(here)))
        raise VendorError(f"this release is Pyodide {theirs}; pages have {ours}", where=source,
                          hint=f"take the full release of {bundled_version()}")
    return lock


def _told(info: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {info[name]}" for name in sorted(info))


def _text(stream: IO[bytes], name: str, source: str) -> dict[str, Any]:
    try:
        found = json.loads(stream.read(_MOST_TEXT))
    except ValueError as error:
        raise VendorError(f"{name} is not JSON", where=source,
                          hint="take Pyodide's full release") from error
    return found if isinstance(found, dict) else {}


def _wheel(package: Any, source: str) -> Wheel:
    try:
        wheel = Wheel(name=str(package["name"]), version=str(package["version"]),
                      file=str(package["file_name"]), digest=str(package["sha256"]))
    except (KeyError, TypeError) as error:
        raise VendorError(f"{_LOCK} has an entry without {error}", where=source,
                          hint="take Pyodide's full release") from error
    if not _PLAIN.fullmatch(wheel.file) or not re.fullmatch(r"[0-9a-f]{64}", wheel.digest):
        raise VendorError(f"{_LOCK} has an odd file name or digest: {wheel.file!r}", where=source,
                          hint="take Pyodide's full release")
    return wheel


def _as_bundled(wheels: Iterable[Wheel], source: str) -> None:
    """Raises VendorError where the release's lock is not the one that came with this package."""
    known = {one["file_name"]: one["sha256"] for one in bundled_lock()["packages"].values()}
    for wheel in wheels:
        if known.get(wheel.file, wheel.digest) != wheel.digest:
            raise VendorError(f"its {_LOCK} has another digest of {wheel.file} than the lock of "
                              f"Pyodide {bundled_version()}", where=source,
                              hint="take the release from its makers")


# ------------------------------------------------------------------------- what is needed


def _wanted(course: Course, packages: Mapping[str, Any]) -> tuple[list[str], tuple[str, ...]]:
    """The packages that the course needs, with what they depend on, and what is not there."""
    by_import = {module.split(".")[0]: name for name, one in packages.items()
                 if isinstance(one, dict) for module in reversed(one.get("imports", []))}
    asked = {re.sub(r"[-_.]+", "-", found[0]).lower(): found[0] for one in course.packages
             if (found := re.match(r"[\w.-]+", one))}
    names = [(name, name if name in packages else None) for name in asked]
    names += [(module, by_import.get(module)) for module in _imports(course)]
    absent = tuple(dict.fromkeys(asked.get(name, name) for name, there in names if there is None))
    needed: set[str] = set()
    waiting = [there for _, there in names if there is not None]
    while waiting:
        name = waiting.pop()
        if name not in needed and name in packages:
            needed.add(name)
            waiting += [str(one) for one in packages[name].get("depends", [])]
    return sorted(needed), absent


def _imports(course: Course) -> list[str]:
    """What the cells that run in their page import, but for what every page has."""
    sources = (read_lesson(course, lesson) for lesson in course.lessons)
    return sorted({name for source in sources if source is not None
                   for text in run_cells(source) for name in absent_in(text, ALWAYS)
                   if not name.startswith(".")})


# ------------------------------------------------------------------------- files


def _is_right(path: Path, digest: str) -> bool:
    return path.is_file() and digest_file(path) == digest


def _keep(stream: IO[bytes], target: Path, digest: str) -> bool:
    """Write a wheel beside its place, and put it there if it is what the lock says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.new")
    total = hashlib.sha256()
    try:
        with part.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                total.update(chunk)
                file.write(chunk)
        if total.hexdigest() != digest:
            return False
        part.replace(target)
        return True
    finally:
        part.unlink(missing_ok=True)

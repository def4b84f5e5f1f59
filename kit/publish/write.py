"""Bring a folder level with a public tree: only what differs is touched, file by file, whole.

A marker in the folder says what the last run wrote. What is neither in it nor known to belong
beside a published course is somebody else's: then nothing is written at all.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kit.errors import PublishError, UnknownName
from kit.files import digest_bytes, digest_file, write_bytes, write_text
from kit.model import Course
from kit.publish.texts import workflow
from kit.publish.tree import Tree

MARKER = ".kit-publish.json"
WORKFLOW = ".github/workflows/pages.yml"
VERSION = 1
_THEIRS = re.compile(
    r"\.git(/.*)?|\.gitignore|\.gitattributes|CNAME|(README|LICEN[CS]E)(\.(md|txt|rst))?",
    re.IGNORECASE)
_LEFT = re.compile(r"\.(.+)\.[a-z0-9_]{8}\.part")
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of a public folder: names relative to it.

    `kept` were there and are not ours to change: a README of one's own, files to be kept.
    """

    folder: Path
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What the marker says: digests that a file of ours may have, and what is to be kept."""

    files: Mapping[str, tuple[str, ...]]
    kept: tuple[str, ...]


def write_tree(
    course: Course, tree: Tree, folder: Path, *, keep: Sequence[str] = (), overwrite: bool = False
) -> Published:
    """Write the tree to `folder`, the root of a repository; below it where `site.folder` says.

    The folder is empty, or one that an earlier run wrote. `keep` names files that stay as they
    are, from now on; `overwrite` replaces files of ours that somebody changed. Raises PublishError
    before anything is written where other files are there, and UnknownName for a file to keep
    that is not.
    """
    root = _root(course, folder)
    tree = {_below(course, name): content for name, content in tree.items()}
    tree[WORKFLOW] = workflow(course).encode()
    marker = root / _below(course, MARKER)
    before = _read_marker(marker, course)
    there = set(_files(root))
    kept = tuple(sorted({*before.kept, *(_named(one, there) for one in keep)}))
    ours = _ours(course, root, tree, before, there, kept)
    wanted = {name: digest for name, digest in _digests(tree).items() if name in ours}
    gone = sorted(name for name in before.files if name in there and name not in tree
                  and name not in kept)
    now = {name: digest_file(root / name) for name in {*wanted, *gone} if name in there}
    if not overwrite:
        _refuse_changed(before, wanted, gone, now)
    _write_marker(marker, course, kept, {
        name: sorted({*before.files.get(name, ()), *([wanted[name]] if name in wanted else [])})
        for name in {*before.files, *wanted}})
    added: list[str] = []
    changed: list[str] = []
    for name, digest in sorted(wanted.items()):
        if now.get(name) != digest:
            _write(root / name, tree[name])
            (changed if name in now else added).append(name)
    for name in [*gone, *(name for name in there if _is_left(name, tree))]:
        _remove(root, name)
    _write_marker(marker, course, kept, {name: [digest] for name, digest in wanted.items()})
    return Published(folder=root, added=tuple(added), changed=tuple(changed), removed=tuple(gone),
                     unchanged=len(wanted) - len(added) - len(changed),
                     kept=tuple(sorted({*kept, *(set(tree) - ours)})))


def _root(course: Course, folder: Path) -> Path:
    """The folder, which neither holds the course nor lies among what it reads."""
    root, home = folder.resolve(), course.root.resolve()
    if root.exists() and not root.is_dir():
        raise PublishError("is a file", where=str(folder), hint="name a folder")
    if home.is_relative_to(root):
        raise PublishError(
            "holds the course, with its solutions and its people", where=str(folder),
            hint="publish into a folder of its own, for example --to ../public")
    if root.is_relative_to(home) and not root.is_relative_to(home / "_build"):
        raise PublishError(
            "lies inside the course, whose next build would read it", where=str(folder),
            hint="publish beside the course, for example --to ../public, or to _build/public")
    return root


def _below(course: Course, name: str) -> str:
    """Where a file of the tree stands in the repository."""
    return PurePosixPath(course.site.folder, name).as_posix()


def _files(root: Path) -> Iterator[str]:
    """Names of all files and links of the folder; those of git itself are not looked at."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not (here == root and name == ".git"))
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*names, *linked]):
            yield (here / name).relative_to(root).as_posix()


def _named(name: str, there: set[str]) -> str:
    plain = PurePosixPath(name).as_posix().removeprefix("./")
    if plain not in there:
        raise UnknownName("file", plain, sorted(there), where="--keep")
    return plain


def _ours(
    course: Course, root: Path, tree: Tree, before: _Before, there: set[str],
    kept: tuple[str, ...],
) -> set[str]:
    """The files of the tree that may be written. Raises PublishError where others are there."""
    top = f"{course.site.folder.strip('/')}/" if course.site.folder.strip("/") else ""
    ours, foreign = set(), []
    for name in tree:
        _refuse_links(root, name)
        own = name not in there or name in before.files
        beside = _THEIRS.fullmatch(name.removeprefix(top)) or name == WORKFLOW
        if name in kept or (beside and not own) or (
                beside and name in there and _is_edited(root / name, before.files.get(name, ()))):
            continue  # a README, a licence or a workflow that somebody wrote
        if not own and digest_file(root / name) != _digest(tree[name]):
            foreign.append(name)
        ours.add(name)
    for name in there - set(tree) - set(before.files) - set(kept) - {f"{top}{MARKER}"}:
        inside = name.removeprefix(top)
        if name.startswith(top) and not _THEIRS.fullmatch(inside) and not (
                name.startswith(".github/") or _is_left(name, tree)):
            foreign.append(name)
    if foreign:
        raise PublishError(
            f"holds {len(foreign):,} files that kit publish did not write:\n{_list(foreign)}",
            where=str(root), hint="choose an empty folder, move them away, or keep them: --keep "
            "NAME for each")
    return ours


def _is_left(name: str, tree: Tree) -> bool:
    """Whether a run that was killed left this: the half of a file of ours."""
    path = PurePosixPath(name)
    found = _LEFT.fullmatch(path.name)
    return found is not None and path.with_name(found[1]).as_posix() in {*tree, MARKER}


def _refuse_links(root: Path, name: str) -> None:
    """Nothing is written through a link, which may lead anywhere."""
    path = root
    for part in PurePosixPath(name).parts:
        path = path / part
        if path.is_symlink():
            raise PublishError("is a link, and would be written through", where=str(path),
                               hint="replace it by what it leads to, or remove it")


def _is_edited(path: Path, known: Sequence[str]) -> bool:
    return bool(known) and digest_file(path) not in known


def _refuse_changed(
    before: _Before, wanted: Mapping[str, str], gone: Sequence[str], now: Mapping[str, str]
) -> None:
    """A change that was made in the public folder is not lost without a word."""
    changed = [name for name in (*wanted, *gone)
               if name in now and name in before.files and now[name] != wanted.get(name)
               and now[name] not in before.files[name]]
    if changed:
        raise PublishError(
            f"{len(changed):,} files were changed since they were published:\n{_list(changed)}",
            hint="take the changes into the course, then publish with --overwrite;\n"
            "or keep a file as it is there: --keep NAME")


def _list(names: Sequence[str]) -> str:
    shown = sorted(names)[:_MOST]
    more = f"\n  and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return "\n".join(f"  {name}" for name in shown) + more


def _digests(tree: Tree) -> dict[str, str]:
    return {name: _digest(content) for name, content in tree.items()}


def _digest(content: bytes | Path) -> str:
    return digest_file(content) if isinstance(content, Path) else digest_bytes(content)


def _write(target: Path, content: bytes | Path) -> None:
    write_bytes(target, content.read_bytes() if isinstance(content, Path) else content)


def _remove(root: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    (root / name).unlink()
    for folder in (root / name).parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()


def _read_marker(path: Path, course: Course) -> _Before:
    if not path.is_file():
        return _Before(files={}, kept=())
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["version"] != VERSION:
            raise ValueError(f"version {said['version']!r}")
        files = {str(name): tuple(map(str, digests)) for name, digests in said["files"].items()}
        before, owner = _Before(files=files, kept=tuple(map(str, said["kept"]))), said["course"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"the marker of kit publish cannot be read: {error}", where=str(path),
                           hint="bring it back from git, or publish into an empty folder"
                           ) from error
    if owner != course.id:
        raise PublishError(f"holds another course, {owner!r}", where=str(path.parent),
                           hint="choose another folder, or set site.folder in course.yml")
    for name in before.files:
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            raise PublishError(f"the marker names a file elsewhere: {name}", where=str(path),
                               hint="bring it back from git, or publish into an empty folder")
    return before


def _write_marker(
    path: Path, course: Course, kept: Sequence[str], files: Mapping[str, Sequence[str]]
) -> None:
    """Written before the files, with all digests that they may have meanwhile, and after."""
    text = json.dumps({"version": VERSION, "course": course.id, "kept": list(kept),
                       "files": {name: list(files[name]) for name in sorted(files)}},
                      indent=1, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != text:
        write_text(path, text)

"""Members of a folder or a zip, and their safe way into a folder of ours.

Nothing is extracted by name: every member is read as a stream of at most the bytes that it may
have, whatever its header claims, and written to a path that `names.problem` let through.
"""

from __future__ import annotations

import lzma
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, cast

from kit.collect import names
from kit.collect.model import Bounds, Member, Refusal
from kit.errors import CollectError

_PIECE = 1 << 20
_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".gz", ".xz",
                   ".bz2")

# What zipfile and its decompressors raise for bytes that are not what they claim.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
           RuntimeError, ValueError, OSError)


class Refused(Exception):
    """A member that is not taken; the message says why."""


@contextmanager
def opened(origin: Path, bounds: Bounds) -> Iterator[tuple[list[Member], list[Refusal]]]:
    """All members of a folder or zip file, and what was refused at sight.

    Raises CollectError when there is no such folder or it is not a zip.
    """
    refused: list[Refusal] = []
    with ExitStack() as stack:
        if origin.is_dir():
            yield list(_walk(origin, refused, bounds)), refused
        elif origin.is_file():
            try:
                archive = stack.enter_context(zipfile.ZipFile(origin))
            except (zipfile.BadZipFile, OSError, ValueError) as error:
                raise CollectError(
                    f"is neither a folder nor a zip: {error}", where=str(origin),
                    hint="name the folder or the zip that was downloaded from the LMS",
                ) from error
            yield _inside(archive, refused, bounds, origin), refused
        else:
            raise CollectError("there is no such folder or zip", where=str(origin),
                               hint="name the folder or the zip that was downloaded from the LMS")


def _inside(
    archive: zipfile.ZipFile, refused: list[Refusal], bounds: Bounds, origin: Path
) -> list[Member]:
    found: list[Member] = []
    try:
        for member in zip_members(archive, refused, bounds, depth=1):
            why = names.escape(member.name)
            if why:
                refused.append(Refusal(name=member.name, reason=why))
            else:
                found.append(member)
    except Refused as refusal:
        raise CollectError(str(refusal), where=str(origin)) from refusal
    return found


def _walk(root: Path, refused: list[Refusal], bounds: Bounds) -> Iterator[Member]:
    found = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        here = Path(folder)
        refused.extend(Refusal(name=_relative(here / name, root), reason="is a link")
                       for name in sorted(folders) if (here / name).is_symlink())
        folders[:] = sorted(name for name in folders if not (here / name).is_symlink())
        for name in sorted(files):
            path = here / name
            relative = _relative(path, root)
            if names.litter(relative):
                continue
            why = _irregular(path.lstat().st_mode)
            if why:
                refused.append(Refusal(name=relative, reason=why))
                continue
            found += 1
            if found > bounds.members:
                raise CollectError(f"holds more than {bounds.members:,} files", where=str(root))
            yield Member(name=relative, size=path.lstat().st_size, open=partial(_open_file, path))


def _relative(path: Path, root: Path) -> str:
    # surrogateescape'd bytes of a name are shown, never written.
    return path.relative_to(root).as_posix().encode("utf-8", "replace").decode()


def _irregular(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a link"
    return "" if stat.S_ISREG(mode) else "is a device or a pipe"


def _open_file(path: Path) -> BinaryIO:
    """Open a file only if it is still a regular one, and never through a link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused("is not a regular file")
    return os.fdopen(handle, "rb")


def zip_members(
    archive: zipfile.ZipFile, refused: list[Refusal], bounds: Bounds, *, depth: int,
    prefix: str = "",
) -> Iterator[Member]:
    """The files of an archive that may be opened; `prefix` is put before names in refusals."""
    entries = archive.infolist()
    if len(entries) > bounds.members:
        raise Refused(f"holds {len(entries):,} files, more than {bounds.members:,}")
    for entry in entries:
        name = _entry_name(entry)
        if name.endswith("/") or names.litter(name):
            continue
        why = _entry_problem(entry)
        if why:
            refused.append(Refusal(name=prefix + name, reason=why))
            continue
        yield Member(name=name, size=entry.file_size, packed=entry.compress_size, depth=depth,
                     open=partial(_open_entry, archive, entry))


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The name with `/`; UTF-8 that was not declared as such (macOS) is recognised."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _entry_problem(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x1:
        return "is encrypted"
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) and not stat.S_ISDIR(mode):
        return _irregular(mode)
    return ""


def _open_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(entry))
    except _BROKEN as error:
        raise Refused(f"cannot be unpacked: {error}") from error


class Unpacking:
    """Fills one folder with one submission and keeps count of what it holds."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        self._folder = folder
        self._bounds = bounds
        self._bytes = 0
        self._files = 0
        self._entries = 0
        self._seen: set[str] = set()
        self.refused: list[Refusal] = []

    def add(self, path: str, member: Member, *, shown: str) -> None:
        """Write a member at `path`, or open it there when it is a zip.

        What is refused is noted under `shown`, its name in the origin.
        """
        try:
            if path.casefold().endswith(_OTHER_ARCHIVES):
                raise Refused("is an archive of a kind that is not opened; ask for a zip")
            if path.casefold().endswith(".zip"):
                self._open_zip(path, member, shown)
            else:
                self._write(path, member)
        except Refused as refusal:
            self.refused.append(Refusal(name=shown, reason=str(refusal)))

    def _open_zip(self, path: str, member: Member, shown: str) -> None:
        if member.depth >= self._bounds.nesting:
            raise Refused(f"is an archive inside {member.depth} others")
        with tempfile.TemporaryFile() as held:
            self._copy(member, held)
            try:
                with zipfile.ZipFile(held) as archive:
                    self._unpack(archive, member.depth + 1, path.rpartition("/")[0], shown)
            except _BROKEN as error:
                raise Refused(f"is not a zip that can be opened: {error}") from error

    def _unpack(self, archive: zipfile.ZipFile, depth: int, folder: str, shown: str) -> None:
        bounds = replace(self._bounds, members=self._bounds.files)
        for inner in zip_members(archive, self.refused, bounds, depth=depth, prefix=f"{shown}/"):
            self._entries += 1
            if self._entries > 2 * self._bounds.files:
                raise Refused(f"holds too many files with the others (more than "
                              f"{2 * self._bounds.files:,})")
            # The name is judged before it is joined: "/etc/x" must not become "a//etc/x".
            why = names.problem(inner.name)
            if why:
                self.refused.append(Refusal(name=f"{shown}/{inner.name}", reason=why))
                continue
            inner_path = f"{folder}/{inner.name}" if folder else inner.name
            self.add(inner_path, inner, shown=f"{shown}/{inner.name}")

    def _write(self, path: str, member: Member) -> None:
        why = names.problem(path)
        if why:
            raise Refused(why)
        folded = names.fold(path)
        if folded in self._seen:
            raise Refused("is there twice (names that differ only in case count as one)")
        if self._files >= self._bounds.files:
            raise Refused(f"is one more than the {self._bounds.files:,} files of a submission")
        target = self._folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                self._copy(member, out)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise Refused("has the name of a folder or lies in a file") from error
        except OSError as error:
            target.unlink(missing_ok=True)
            raise Refused(f"cannot be written: {error.strerror or error}") from error
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        self._seen.add(folded)
        self._files += 1

    def _copy(self, member: Member, out: BinaryIO | IO[bytes]) -> None:
        allowed = self._allowed(member)
        written = 0
        try:
            with member.open() as stream:
                while piece := stream.read(min(_PIECE, allowed - written + 1)):
                    written += len(piece)
                    if written > allowed:
                        raise Refused(self._too_much(written))
                    self._keep(out, piece)
        except _BROKEN as error:
            raise Refused(f"cannot be unpacked: {error}") from error
        finally:
            # What was unpacked in vain counts too, or a thousand bombs would take hours.
            self._bytes += written

    @staticmethod
    def _keep(out: BinaryIO | IO[bytes], piece: bytes) -> None:
        try:
            out.write(piece)
        except OSError as error:  # a full disk is no fault of the learner's
            raise CollectError(f"cannot be written: {error.strerror or error}",
                               where="submissions") from error

    def _allowed(self, member: Member) -> int:
        allowed = min(self._bounds.file_bytes, self._bounds.total_bytes - self._bytes)
        if member.packed is not None:
            allowed = min(allowed, max(self._bounds.small_bytes,
                                       self._bounds.ratio * member.packed))
        return max(allowed, 0)

    def _too_much(self, written: int) -> str:
        if written > self._bounds.file_bytes:
            return f"is larger than {self._bounds.file_bytes:,} bytes"
        if written > self._bounds.total_bytes - self._bytes:
            return f"brings the submission above {self._bounds.total_bytes:,} bytes"
        return f"unpacks to more than {self._bounds.ratio} times its size (a zip bomb)"

"""Write beside, then rename: a reader sees the old file or the new one, never a half."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with `\\n` line ends, whole or not at all; folders are made."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data`, whole or not at all; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    return 0o666 & ~_umask()


@cache
def _umask() -> int:
    # Once: what another thread makes meanwhile would be open to everybody.
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def replace_tree(target: Path) -> Iterator[Path]:
    """Fill the folder that this yields; on success it takes the place of `target`.

    On an exception the old folder stays as it was.
    """
    # Names are text here: for each submission that is graded a Path would be looked at anew.
    name = str(target)
    above, last = os.path.split(name)
    above = above or os.curdir
    os.makedirs(above, exist_ok=True)  # noqa: PTH103
    beside = tempfile.mkdtemp(dir=above, prefix=f".{last}.", suffix=".part")
    os.chmod(beside, 0o777 & ~_umask())  # noqa: PTH101
    old = f"{beside[:-len('.part')]}.old"
    try:
        yield Path(beside)
        with suppress(FileNotFoundError):
            os.replace(name, old)  # noqa: PTH105
        os.replace(beside, name)  # noqa: PTH105
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        if os.path.lexists(old) and not os.path.lexists(name):
            os.replace(old, name)  # noqa: PTH105
        raise
    shutil.rmtree(old, ignore_errors=True)


_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


def zipped(folder: str, contents: Mapping[str, bytes]) -> bytes:
    """A zip of one folder; the same contents, by name, give the same bytes on each platform."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _EPOCH)
            entry.external_attr = _MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, contents[name])
    return buffer.getvalue()


def digest_bytes(data: bytes) -> str:
    """SHA-256 of `data`, in hex."""
    return hashlib.sha256(data).hexdigest()


_PIECE = 1 << 18


def digest_file(path: str | Path) -> str:
    """SHA-256 of a file's bytes, in hex, read in pieces."""
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
        total = hashlib.sha256()
        while piece := stream.read(_PIECE):
            total.update(piece)
        return total.hexdigest()


def digest_tree(folder: Path) -> str:
    """SHA-256 over the relative names and bytes of all regular files below `folder`.

    Links are not followed: a link counts by its name and target.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            content = f"link:{path.readlink()}"
        elif path.is_file():
            content = digest_file(path)
        else:
            continue
        total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def copy_if_changed(path: Path, target: Path) -> None:
    """Copy a file unless size and time say that it is there already."""
    here = path.stat()
    if target.is_file():
        there = target.stat()
        if (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, target)


@contextmanager
def locked(path: Path, *, wait: bool = False, unknown: bool = True) -> Iterator[bool]:
    """Hold a file or folder alone; gives False where somebody else does, unless it may `wait`.

    The lock goes with the process, however that ends. A system or a file system without locks
    gives `unknown`. A link is not followed; raises OSError where `path` is one or cannot be
    opened.
    """
    if fcntl is None:
        yield unknown
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        yield _lock(descriptor, wait=wait, unknown=unknown)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, wait: bool, unknown: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return unknown
    return True

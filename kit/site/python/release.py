"""A full release of Pyodide, wherever it lies: a folder, its tar.bz2, or an address of either.

Files are asked for by their plain names and given as streams; nothing is unpacked to the disk.
"""

from __future__ import annotations

import bz2
import re
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import quote, urlsplit

from kit.errors import VendorError

Files = Callable[[Sequence[str]], Iterator[tuple[str, IO[bytes]]]]
"""Asked for names, it gives those that are there, in whatever order is cheapest."""

_CHUNK = 1024 * 1024
_SECONDS = 60
_LOCAL = ("127.0.0.1", "localhost", "::1")
_AGAIN = "run the same command again: it goes on from there"


def release_at(source: str, records: Path, told: Callable[[str], None]) -> Files:
    """The files of the release at `source`.

    A tar.bz2 from an address is kept in `records` until it is whole; `told` hears how far it is.
    Raises VendorError for what is no such place.
    """
    if "://" in source:
        _allowed(source)
        if not source.endswith(".tar.bz2"):
            return lambda names: _from_address(source.rstrip("/") + "/", names, records, told)
        kept = records / PurePosixPath(urlsplit(source).path).name
        if not kept.is_file():
            download(source, kept, told)
        return lambda names: _from_tar(kept, names)
    path = Path(source).expanduser()
    if path.is_file() and path.name.endswith(".tar.bz2"):
        return lambda names: _from_tar(path, names)
    for folder in (path, path / "pyodide"):
        if (folder / "pyodide-lock.json").is_file():
            return lambda names: _from_folder(folder, names)
    raise VendorError(
        "is no release of Pyodide: neither a folder with pyodide-lock.json nor a tar.bz2",
        where=source, hint="unpack the full release, or give the address of it")


def _from_folder(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, IO[bytes]]]:
    for name in names:
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                yield name, file


def _from_tar(path: Path, names: Sequence[str]) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        with bz2.open(path) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            for member in archive:
                inside = PurePosixPath(member.name)
                if member.isfile() and inside.name in names and len(inside.parts) <= 2:
                    file = archive.extractfile(member)
                    assert file is not None
                    yield inside.name, file
    except (tarfile.TarError, EOFError, OSError) as error:
        raise VendorError(f"cannot be read: {error}", where=str(path),
                          hint="fetch it once more; a whole one is a tar.bz2") from error


def _from_address(
    base: str, names: Sequence[str], records: Path, told: Callable[[str], None]
) -> Iterator[tuple[str, IO[bytes]]]:
    for name in names:
        kept = records / f"{name}.fetched"
        try:
            download(base + quote(name), kept, told)
        except FileNotFoundError:
            continue
        with ExitStack() as stack:
            stack.callback(kept.unlink, missing_ok=True)
            yield name, stack.enter_context(kept.open("rb"))


# ------------------------------------------------------------------------- addresses


def download(address: str, target: Path, told: Callable[[str], None]) -> None:
    """Fetch a file; what an earlier call got of it is kept and gone on from.

    Raises FileNotFoundError where there is none, VendorError where it cannot be fetched.
    """
    part = target.with_name(f"{target.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - `_allowed` looked
    try:
        with _opener().open(request, timeout=_SECONDS) as answer:
            _take(answer, part, have if answer.status == 206 else 0, told)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and have:  # what is here is no beginning of it
            part.unlink()
            download(address, target, told)
            return
        if error.code in (404, 410):
            raise FileNotFoundError(address) from None
        raise VendorError(f"cannot be fetched: {error.code} {error.reason}", where=address,
                          hint="look the address up, or fetch the release by hand") from None
    except (OSError, EOFError) as error:
        raise VendorError(f"cannot be fetched: {getattr(error, 'reason', error)}", where=address,
                          hint=_AGAIN) from error
    part.replace(target)


def _take(answer: Any, part: Path, begin: int, told: Callable[[str], None]) -> None:
    length = answer.headers.get("Content-Length")
    whole = begin + int(length) if length and length.isdigit() else 0
    with part.open("ab" if begin else "wb") as file:
        have = begin
        while chunk := answer.read(_CHUNK):
            file.write(chunk)
            have += len(chunk)
            if whole > 8 * _CHUNK:
                told(f"{part.name.removesuffix('.part').removesuffix('.fetched')}: "
                     f"{have / 1e6:,.0f} of {whole / 1e6:,.0f} MB")
    if whole and have < whole:
        raise EOFError(f"it ended after {have:,} of {whole:,} bytes")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to addresses that are allowed alone."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> urllib.request.Request | None:
        """As the base does."""
        found = super().redirect_request(*args, **kwargs)
        if found is not None:
            _allowed(found.full_url)
        return found


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Redirects)


def _allowed(address: str) -> None:
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    if not local and (parts.scheme != "https" or not re.fullmatch(r"[\w.:-]+", parts.netloc)):
        raise VendorError("is not an address that begins with https://", where=address,
                          hint="give one, or a folder")

"""Find a word in files of any kind, however it was packed or written.

Each file is unpacked as far as it goes (zips in zips, gz, images' texts, JSON, data: addresses),
and each layer is searched for the word in the forms that tools give it.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

from kit.site.building import VENDOR

DEPTH = 6
_PNG = b"\x89PNG\r\n\x1a\n"
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def forms(word: str) -> dict[str, bytes]:
    """How the word may stand in a file, by a name for the form. Its letters are ASCII."""
    plain = word.encode()
    found = {"plain": plain, "utf-16-le": word.encode("utf-16-le"),
             "utf-16-be": word.encode("utf-16-be"), "hex": plain.hex().encode(),
             "json": "".join(f"\\u{ord(one):04x}" for one in word).encode(),
             "html": "".join(f"&#{ord(one)};" for one in word).encode(),
             "html-hex": "".join(f"&#x{ord(one):x};" for one in word).encode(),
             "url": "".join(f"%{ord(one):02x}" for one in word).encode(),
             "reversed": plain[::-1]}
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + plain)
        # Without the letters that neighbours have a part in.
        start = (0, 2, 3)[shift]
        end = len(packed) - (4 if (len(plain) + shift) % 3 else 0)
        found[f"base64-{shift}"] = packed[start:end]
    return {name: one.lower() for name, one in found.items()}


def found_in(data: bytes, name: str, words: list[str]) -> set[str]:
    """The words that stand in the data, or in the name of its file, in any form."""
    known = {word: forms(word) for word in words}
    seen: set[str] = set()
    for layer in [name.encode(), *layers(data)]:
        small = layer.lower()
        seen |= {word for word, ways in known.items()
                 if any(one in small for one in ways.values())}
    return seen


def found_below(folder: Path, words: list[str]) -> dict[str, set[str]]:
    """Words by the file that they were found in.

    Of a file that the package ships, byte for byte, the name alone is looked at: no course had a
    part in it.
    """
    shipped = {path.read_bytes() for path in VENDOR.rglob("*") if path.is_file()}
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes() if path.is_file() else b""
        here = found_in(b"" if data in shipped else data, name, words)
        if here:
            found[name] = here
    return found


def layers(data: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """The data, and what can be unpacked from it, and from that."""
    yield data
    if depth == 0:
        return
    for inner in _inner(data):
        if inner and inner != data:
            yield from layers(inner, depth - 1)


def _inner(data: bytes) -> Iterator[bytes]:
    if data[:4] == b"PK\x03\x04":
        yield from _zip(data)
        return
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
        return
    if data[:8] == _PNG:
        yield from _png(data)
        return
    if data[:1] == b"x" and data[1:2] in (b"\x01", b"\x9c", b"\xda", b"^"):
        yield _inflated(data)
        return
    if b"\0" in data[:400]:
        return
    yield from _text(data)


def _zip(data: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        yield packed.comment
        for entry in packed.infolist():
            yield entry.filename.encode() + entry.comment + entry.extra
            yield packed.read(entry)


def _png(data: bytes) -> Iterator[bytes]:
    """Each chunk, and what of it is compressed."""
    at = 8
    while at + 8 <= len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + size]
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            start = body.find(b"x\x9c")
            yield _inflated(body[start:]) if start >= 0 else body
        elif kind != b"IDAT":
            yield kind + body
        at += 12 + size


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


def _text(data: bytes) -> Iterator[bytes]:
    """What a text holds in packed form: base64, escapes of JSON, HTML and addresses."""
    if b"&#" in data or b"&amp;" in data:
        yield html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace")
    if b"%" in data:
        yield unquote_to_bytes(data)
    if data[:1] in b"{[":
        with suppress(ValueError):
            yield json.dumps(json.loads(data), ensure_ascii=False).encode("utf-8", "replace")
    for run in _RUN.findall(data.replace(b"\\n", b"").replace(b"\n", b"") if (
            data[:1] in b"{[") else data):
        yield _unpacked(run)


def _unpacked(run: bytes) -> bytes:
    """What base64 says, where it says a text or a file."""
    try:
        made = base64.b64decode(run.replace(b"-", b"+").replace(b"_", b"/") + b"==")
    except ValueError:
        return b""
    sign = (b"PK\x03\x04", b"\x1f\x8b", _PNG[:4], b"x\x9c", b"x\xda", b"GIF8", b"\xff\xd8", b"<svg")
    known = made.startswith(sign)
    return made if known or made[:200].isascii() else b""

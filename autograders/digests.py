"""Digests of answers: they tell whether an answer is the one, and cannot be read.

A digest is worth what a guess costs: whoever has it can try answers one after another, each for
ROUNDS hashes. Only algorithms that every build of Python has, a browser's too.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256, shake_256

ROUNDS = 10_000
"""Hashes a guess costs."""

SIZE = 8
"""Bytes of a digest that are kept: two answers share one by chance once in 2**64."""

_SECRET = 8


def stretched(key: str, salt: bytes) -> bytes:
    """The slow hash of a key, from which all else follows."""
    found = sha256(salt + key.encode("utf-8", "surrogatepass")).digest()
    for _ in range(ROUNDS):
        found = sha256(found + salt).digest()
    return found


def digest(slow: bytes) -> str:
    """What is kept of a stretched key to know it again."""
    return b64encode(sha256(slow + b"digest").digest()[:SIZE]).decode()


def boxed(text: str, keys: list[bytes], salt: bytes) -> list[str]:
    """A text that each of some stretched keys opens: its locks, then its body."""
    secret = shake_256(salt + text.encode()).digest(_SECRET)
    locks = sorted(b64encode(_mixed(secret, slow + b"lock")).decode() for slow in keys)
    return [*locks, b64encode(_mixed(b"ok" + text.encode(), secret)).decode()]


def opened(box: list[str], slow: bytes) -> str | None:
    """The text of a box, or None where this stretched key is none of its."""
    *locks, body = (b64decode(part) for part in box)
    for lock in locks:
        text = _mixed(body, _mixed(lock, slow + b"lock"))
        if text.startswith(b"ok"):
            try:
                return text[2:].decode()
            except UnicodeDecodeError:  # two bytes may fit by chance
                continue
    return None


def _mixed(data: bytes, key: bytes) -> bytes:
    """Data and a stream that follows from a key, bit by bit; twice gives the data again."""
    stream = shake_256(key).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))

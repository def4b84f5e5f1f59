"""Length-prefixed JSON on a socket: four bytes of length, then UTF-8. Pickle never crosses.

Raw buffers may follow, whose lengths stand under `buffers`.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_HEAD = struct.Struct(">I")
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_AT_LEAST = 1 << 16
_SMALL = 512
"""Bytes of a frame that need not be looked at one by one."""


def _encoder() -> Callable[[Any], str]:
    """What makes JSON of a value; of values that hold themselves it raises RecursionError.

    A JSONEncoder makes its C part anew for each value; this one is made once.
    """
    plain = json.JSONEncoder(separators=(",", ":"), default=str, ensure_ascii=False,
                             check_circular=False)
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # another Python than CPython
        return plain.encode
    iterate = make(None, str, json.encoder.encode_basestring, None, ":", ",", False, False, True)
    return lambda value: "".join(iterate(value, 0))


_encode = _encoder()


class FrameError(Exception):
    """What arrived is no frame: too long, not JSON, or not an object."""


class ClosedError(Exception):
    """The other side is gone."""


class LateError(Exception):
    """The deadline passed before a whole frame arrived."""


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What may still be said: bytes in all, and bytes that are no text.

    A byte of text becomes a byte in memory; one of brackets and commas becomes thirty.
    """

    whole: int
    loose: int

    def spend(self, data: bytes) -> None:
        """Take off what a frame uses. Raises FrameError when that is too much."""
        self.whole -= len(data)
        if len(data) <= _SMALL <= self.loose:
            self.loose -= len(data)
            return
        quotes = data.count(b'"')
        if quotes <= self.loose:
            between = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
            self.loose -= quotes + sum(map(len, between))
        else:
            self.loose = -1
        if self.loose < 0:
            raise FrameError("too many values")


ANSWER_BYTES, _LOOSE_IN_ANSWER = 1 << 28, 1 << 24
"""Bytes of an answer with values, and those of it that are no text: numbers, brackets, commas."""


def for_an_answer() -> Allowance:
    """What one answer with values may be."""
    return Allowance(whole=ANSWER_BYTES, loose=_LOOSE_IN_ANSWER)


def send(
    sock: socket.socket, value: dict[str, Any], buffers: Sequence[bytes] = (), *,
    ahead: Sequence[dict[str, Any]] = (),
) -> None:
    """Send one object, and buffers after it; those `ahead` go before it at the same time, so that
    who waits is woken once. Raises ClosedError when nobody listens."""
    if buffers:
        value = {**value, "buffers": [len(one) for one in buffers]}
    try:
        sock.sendall(b"".join(_framed(one) for one in (*ahead, value)))
        for one in buffers:
            sock.sendall(one)
    except OSError as error:
        raise ClosedError(str(error)) from error


def _framed(value: dict[str, Any]) -> bytes:
    data = _encode(value).encode("utf-8", "surrogatepass")
    return _HEAD.pack(len(data)) + data


def receive(
    sock: socket.socket, *, deadline: float | None = None, max_bytes: int = 1 << 28,
    allowance: Allowance | None = None,
) -> dict[str, Any]:
    """The next object. `deadline` is in seconds of time.monotonic(), for an Inbox.

    Raises ClosedError, LateError or FrameError.
    """
    return receive_raw(sock, deadline=deadline, max_bytes=max_bytes, allowance=allowance)[0]


def receive_raw(
    sock: socket.socket, *, deadline: float | None = None, max_bytes: int = 1 << 28,
    allowance: Allowance | None = None,
) -> tuple[dict[str, Any], bytes]:
    """The next object, and the bytes that it was read from. Raises as `receive`."""
    most = max_bytes if allowance is None else min(max_bytes, allowance.whole)
    if isinstance(sock, Inbox):
        data = sock.framed(most, deadline)
    else:
        data = _exactly(sock, _length(_exactly(sock, _HEAD.size, deadline), most), deadline)
    if allowance is not None:
        allowance.spend(data)
    try:
        text = data.decode("utf-8", "surrogatepass")
        value, end = _DECODER.scan_once(text, 0)  # type: ignore[attr-defined]
    except (ValueError, RecursionError, StopIteration) as error:
        raise FrameError("not JSON") from error
    if end != len(text):
        raise FrameError("not JSON alone")
    if not isinstance(value, dict):
        raise FrameError("not an object")
    return value, data


def _length(head: bytes, most: int) -> int:
    """That of the frame which begins so."""
    length: int = _HEAD.unpack_from(head)[0]
    if length > most:
        raise FrameError(f"{length:,} bytes in one frame")
    return length


def receive_buffers(
    sock: socket.socket, frame: Mapping[str, Any], *, deadline: float | None = None,
    max_bytes: int,
) -> tuple[bytes, ...]:
    """The buffers that follow a frame. Raises as `receive`."""
    sizes = frame.get("buffers", [])
    if (type(sizes) is not list or any(type(one) is not int or one < 0 for one in sizes)
            or sum(sizes) > max_bytes):
        raise FrameError("no buffers that are taken")
    return tuple(_exactly(sock, size, deadline) if size else b"" for size in sizes)


class Inbox(socket.socket):
    """A socket, in place of another, of which all is read at once that has arrived. What came of a
    frame before its deadline is there for the next time. No descriptors can be received on it."""

    __slots__ = ("_poll", "_unread")

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock.family, sock.type, sock.proto, sock.detach())
        self._unread = b""
        self._poll = select.poll()
        self._poll.register(self.fileno(), select.POLLIN)

    def framed(self, most: int, deadline: float | None) -> bytes:
        """The next frame. Raises FrameError where it has more bytes than that, and as `exactly`."""
        data = self._unread = self._unread or self._arrived(deadline, _AT_LEAST)
        if len(data) < _HEAD.size:
            data = self._unread = self.exactly(_HEAD.size, deadline) + self._unread
        whole = _HEAD.size + _length(data, most)
        if len(data) == whole:  # nearly always
            self._unread = b""
        else:
            data = self.exactly(whole, deadline)
        return data[_HEAD.size:]

    def exactly(self, count: int, deadline: float | None) -> bytes:
        """So many bytes. Raises LateError, and ClosedError at the end of the stream."""
        data, have = self._unread, len(self._unread)
        if have >= count:
            self._unread = data[count:]
            return data[:count]
        parts = [data]
        try:
            while have < count:
                piece = self._arrived(deadline, min(max(count - have, _AT_LEAST), 1 << 20))
                if not piece:
                    raise ClosedError("end of stream")
                parts.append(piece)
                have += len(piece)
        finally:
            data = self._unread = b"".join(parts)
        self._unread = data[count:]
        return data[:count]

    @property
    def waiting(self) -> bool:
        """Whether something arrived that nobody has asked for."""
        with contextlib.suppress(LateError, ClosedError):
            self._unread = self._unread or self._arrived(0, _AT_LEAST)
        return bool(self._unread)

    def _arrived(self, deadline: float | None, most: int) -> bytes:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            if not self._poll.poll(None if left is None else math.ceil(1000 * left)):
                raise LateError
            return os.read(self.fileno(), most)
        except OSError as error:
            raise ClosedError(str(error)) from error


def _exactly(sock: socket.socket, count: int, deadline: float | None) -> bytes:
    if isinstance(sock, Inbox):
        return sock.exactly(count, deadline)
    assert deadline is None, "a deadline needs an Inbox"
    parts = bytearray()
    while len(parts) < count:
        try:
            piece = sock.recv(min(count - len(parts), 1 << 20))
        except OSError as error:
            raise ClosedError(str(error)) from error
        if not piece:
            raise ClosedError("end of stream")
        if len(piece) == count:  # nearly always: a frame comes in one piece
            return piece
        parts += piece
    return bytes(parts)

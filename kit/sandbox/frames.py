"""Length-prefixed JSON on a socket: four bytes of length, then UTF-8. Pickle never crosses."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

_HEAD = struct.Struct(">I")


class FrameError(Exception):
    """What arrived is no frame: too long, not JSON, or not an object."""


class ClosedError(Exception):
    """The other side is gone."""


class LateError(Exception):
    """The deadline passed before a whole frame arrived."""


def send(sock: socket.socket, value: dict[str, Any]) -> None:
    """Send one object. Raises ClosedError when nobody listens."""
    data = json.dumps(value, separators=(",", ":"), default=str).encode("utf-8")
    try:
        sock.sendall(_HEAD.pack(len(data)) + data)
    except OSError as error:
        raise ClosedError(str(error)) from error


def receive(
    sock: socket.socket, *, deadline: float | None = None, max_bytes: int = 1 << 28
) -> dict[str, Any]:
    """The next object. `deadline` is in seconds of time.monotonic().

    Raises ClosedError, LateError or FrameError.
    """
    (length,) = _HEAD.unpack(_exactly(sock, _HEAD.size, deadline))
    if length > max_bytes:
        raise FrameError(f"{length:,} bytes in one frame")
    data = _exactly(sock, length, deadline)
    try:
        value = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise FrameError("not JSON") from error
    if not isinstance(value, dict):
        raise FrameError("not an object")
    return value


def _exactly(sock: socket.socket, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        if deadline is None:
            sock.settimeout(None)
        else:
            left = deadline - time.monotonic()
            if left <= 0:
                raise LateError
            sock.settimeout(left)
        try:
            piece = sock.recv(min(count - len(parts), 1 << 20))
        except TimeoutError as error:
            raise LateError from error
        except OSError as error:
            raise ClosedError(str(error)) from error
        if not piece:
            raise ClosedError("end of stream")
        parts += piece
    return bytes(parts)

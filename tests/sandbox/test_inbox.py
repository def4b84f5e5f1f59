"""An inbox reads at once what has arrived, and gives it out as it is asked for."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox import frames

Ends = tuple[frames.Inbox, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with frames.Inbox(ours) as inbox, theirs:
        yield inbox, theirs


@given(sizes=st.lists(st.integers(0, 300_000), max_size=4), length=st.integers(1, 200_000))
def test_frames_and_buffers_come_as_they_were_sent(sizes: list[int], length: int) -> None:
    data = [bytes([place]) * size for place, size in enumerate(sizes)]
    ours, theirs = socket.socketpair()

    def say() -> None:
        frames.send(theirs, {"a": "x" * length}, data)
        frames.send(theirs, {"b": 2})

    with frames.Inbox(ours) as inbox, theirs:
        speaker = threading.Thread(target=say)
        speaker.start()
        frame = frames.receive(inbox, deadline=time.monotonic() + 10)
        assert frame["a"] == "x" * length
        assert list(frames.receive_buffers(inbox, frame, max_bytes=1 << 21)) == data
        assert frames.receive(inbox) == {"b": 2}
        speaker.join()
        assert not inbox.waiting


def test_two_frames_at_once_wait_for_their_turn(ends: Ends) -> None:
    inbox, theirs = ends
    frames.send(theirs, {"a": 1})
    frames.send(theirs, {"b": 2})
    assert frames.receive(inbox) == {"a": 1}
    assert inbox.waiting
    assert frames.receive(inbox, deadline=time.monotonic() + 10) == {"b": 2}


def test_what_had_come_by_the_deadline_is_not_lost(ends: Ends) -> None:
    inbox, theirs = ends
    with pytest.raises(frames.LateError):
        frames.receive(inbox, deadline=time.monotonic())
    whole = struct.pack(">I", 7) + b'{"a":1}'
    for cut in range(len(whole)):
        theirs.sendall(whole[:cut])
        with pytest.raises(frames.LateError):
            frames.receive(inbox, deadline=time.monotonic())
        theirs.sendall(whole[cut:])
        assert frames.receive(inbox) == {"a": 1}


def test_the_end_is_told_and_half_a_frame_is_none(ends: Ends) -> None:
    inbox, theirs = ends
    theirs.sendall(b"\0\0")
    theirs.close()
    with pytest.raises(frames.ClosedError):
        frames.receive(inbox)
    with pytest.raises(frames.ClosedError):
        frames.receive(inbox, deadline=time.monotonic() + 10)

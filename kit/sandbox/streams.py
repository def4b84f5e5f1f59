"""sys.stdout and sys.stderr of a cell: ipykernel's own streams, without its thread.

Text waits in a buffer a stream, as in a kernel, which sends it after a fifth of a second, at a
flush, before a display or an error, and at the end of the cell. So of lines that a cell writes to
both streams in one go, those of stdout come first there, and here.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextvars import ContextVar
from io import StringIO
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import OutStream

from kit.sandbox.recorder import Recorder

MOST_BYTES_AT_ONCE = 64 * 1024**2
"""How much of what went past Python is read back in one go; the budget is far below."""


MOST_WAITING = 16 * 1024**2
"""Characters that wait in a stream: a loop that prints would have gigabytes before they are due."""


class Stream(OutStream):
    """A stream of a cell, in order with what goes past it by descriptor.

    `descriptor` is 1 or 2, pointed at an unlinked file: whatever `os.write` and child
    processes put there is read back before the next text and at each flush.
    """

    def __init__(self, name: str, recorder: Recorder, descriptor: int) -> None:
        # All that OutStream's own sets up, but for its threads and pipes.
        self.name = name
        self.session = None
        self.echo = None
        self.pub_thread: Any = SimpleNamespace(thread=None, schedule=_at_once)
        self.topic = b"stream." + name.encode()
        self._recorder = recorder
        self._original_stdstream_copy = descriptor
        self._parent_header: ContextVar[dict[str, Any]] = ContextVar("parent_header")
        self._parent_header_global: dict[str, Any] = {}
        self._master_pid = os.getpid()
        self._subprocess_flush_pending = False
        self._isatty = False
        self._should_watch = False
        self._buffer_lock = threading.RLock()
        self._buffers = defaultdict(StringIO)
        self._local = threading.local()
        self._due: float | None = None
        recorder.streams.append(self)

    @property
    def parent_header(self) -> Any:
        """The request that text now belongs to: the first thing that `write` asks for."""
        self._recorder.send_what_is_due()
        self._drain()
        try:
            return self._parent_header.get()
        except LookupError:
            return self._parent_header_global

    @parent_header.setter
    def parent_header(self, value: dict[str, Any]) -> None:
        self._parent_header.set(value)
        self._parent_header_global = value

    def flush(self) -> None:
        """Hand on what waits; most often there is nothing."""
        if self._buffers or self._size():
            self._flush()

    def close(self) -> None:
        """Take no more text."""
        self._flush()
        self.pub_thread = None

    def send_if_due(self, now: float) -> None:
        """Hand on text that a kernel would have sent by now."""
        if self._due is not None and now >= self._due:
            self._flush()

    def _schedule_flush(self) -> None:
        # After each text: not around `write`, whose callers show in tracebacks.
        if self._due is None:
            self._due = time.monotonic() + self.flush_interval
        if sum(one.tell() for one in self._buffers.values()) > MOST_WAITING:
            self._flush()

    def _flush(self) -> None:
        self._due = None
        self._subprocess_flush_pending = False
        self._drain()
        for header, text in self._flush_buffers():  # type: ignore[no-untyped-call]
            if not self._is_master_process():  # type: ignore[no-untyped-call]
                self._hand_to_parent(text)
            elif text:
                self._recorder.stream(self.name, text, header.get("msg_id"))

    def _hand_to_parent(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._original_stdstream_copy, data):]

    def _size(self) -> int:
        """How many bytes were written past Python."""
        try:
            return os.fstat(self._original_stdstream_copy).st_size
        except OSError:
            # A cell closed or replaced the descriptor: then nothing more comes that way.
            return 0

    def _drain(self) -> None:
        """Take what was written past Python into the buffer."""
        if not self._is_master_process():  # type: ignore[no-untyped-call]
            return
        size = self._size()
        if not size:
            return
        descriptor = self._original_stdstream_copy
        try:
            data = os.pread(descriptor, min(size, MOST_BYTES_AT_ONCE), 0)
            os.ftruncate(descriptor, 0)
        except OSError:
            return
        # In a kernel a thread finds it, which belongs to no cell but the one that runs.
        header = frozenset(self._parent_header_global.items())
        with self._buffer_lock:
            self._buffers[header].write(data.decode("utf-8", "replace"))
        self._schedule_flush()


def _at_once(call: Callable[[], None]) -> None:
    call()


# What a cell asks for its stream's type shall find what it finds in a kernel.
Stream.__name__, Stream.__qualname__ = OutStream.__name__, OutStream.__qualname__
Stream.__module__ = OutStream.__module__

"""Keeps what a kernel would send to a front end, as nbformat outputs within a budget.

Runs inside the process of a submission. What it hands on is validated again outside.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Protocol

from kit.sandbox.comms import Comms, Update

MAX_DISPLAYS = 1000
"""How many displays a cell may make; more are counted and left out."""

MAX_ERROR = 100_000
"""Characters kept of a traceback, however much output came before."""

MAX_RESULT = 10_000
"""Characters kept of a result's plain text, however much output came before."""

Output = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """Where a display with an id stands: the cell, its place among the outputs, the output."""

    cell: int
    place: int
    output: Output


class Waiting(Protocol):
    """A stream whose text waits to be sent."""

    def send_if_due(self, now: float) -> None:
        """Hand on text that a kernel would have sent by now."""


class Recorder:
    """The outputs of the cell that runs now. Threads may write at any time."""

    def __init__(self) -> None:
        self.streams: list[Waiting] = []
        self._lock = threading.RLock()
        self._budget = 0
        self._limit = 0
        self._shown: dict[str, list[_Shown]] = {}
        self._comms = Comms()
        self.begin(0, "", 0)

    def allow(self, output_bytes: int) -> None:
        """Set how much all cells together may put out."""
        self._budget = self._limit = output_bytes

    def begin(self, index: int, request: str, count: int) -> None:
        """Start cell `index`, which the request of that id runs, with nothing shown."""
        with self._lock:
            self._index = index
            self._request = request
            self._count: Any = count
            self._outputs: list[Output] = []
            self._updates: list[dict[str, Any]] = []
            self._displays = 0
            self._left_out = 0
            self._clear_next = False
            self._error_line: int | None = None

    def finish(self) -> dict[str, Any]:
        """The cell's outputs and its count, and, where there is any, what it changed of earlier
        displays and of widgets, and the line in which it failed."""
        with self._lock:
            widgets, spent, left_out = self._comms.changes(self._budget)
            self._budget -= spent
            self._left_out += left_out
            if self._left_out:
                self._note_the_cut()
            for output in self._outputs:
                if output["output_type"] == "stream":
                    output["text"] = "".join(output["text"])
            self._request = ""
            more = {"updates": self._updates, "widgets": widgets, "line": self._error_line}
            return {"outputs": self._outputs, "count": self._count,
                    **{name: one for name, one in more.items() if one}}

    def after(self) -> list[Update]:
        """What a front end would send back to the kernel once the cell is done."""
        with self._lock:
            return self._comms.replies()

    def failed_at(self, line: int | None) -> None:
        """Remember the line of the cell in which it failed."""
        self._error_line = line

    def send_what_is_due(self) -> None:
        """Have the streams send text that waited for as long as it waits in a kernel."""
        now = time.monotonic()
        for stream in self.streams:
            stream.send_if_due(now)

    def stream(self, name: str, text: str, request: str | None = None) -> None:
        """Text on stdout or stderr; consecutive text of one stream is one output."""
        if request is not None and request != self._request:
            return
        with self._lock:
            text = self._spend_text(as_sent(text))
            if not text:
                return
            self._clear_if_waiting()
            add_text(self._target(), name, text)

    def message(
        self, kind: str, content: dict[str, Any], request: str | None, *, size: int,
        buffers: Sequence[Any],
    ) -> None:
        """A message of the kernel's protocol, `size` bytes of it; kinds that show nothing are
        passed over, and so is what belongs to the request of another cell, as a client does
        that runs notebooks."""
        if request != self._request:
            return
        with self._lock:
            if kind == "error":
                self._error(content)
            elif kind in ("display_data", "execute_result"):
                self._display(kind, content, size)
            elif kind == "update_display_data":
                self._update(content, size)
            elif kind == "clear_output":
                self._clear(wait=bool(content.get("wait")))
            elif kind == "stream":
                self.stream(str(content.get("name")), str(content.get("text")))
            elif kind.startswith("comm"):
                self._comms.message(kind, content, buffers)

    def _target(self) -> list[Output]:
        """Where outputs go: to the cell, or to the output widget that stands in for it."""
        capture = self._comms.capturing(self._request)
        return self._outputs if capture is None else capture.ready()

    def _clear(self, *, wait: bool) -> None:
        capture = self._comms.capturing(self._request)
        if capture is not None:
            capture.clear(wait=wait)
        elif wait:
            self._clear_next = True
        else:
            self._drop_outputs()

    def _clear_if_waiting(self) -> None:
        if self._clear_next and self._comms.capturing(self._request) is None:
            self._drop_outputs()
            self._clear_next = False

    def _drop_outputs(self) -> None:
        self._outputs.clear()
        for known in self._shown.values():
            known[:] = [one for one in known if one.cell != self._index]

    def _spend_text(self, text: str) -> str:
        kept = text[: max(self._budget, 0)]
        self._budget -= len(kept)
        self._left_out += len(text) - len(kept)
        return kept

    def _note_the_cut(self) -> None:
        add_text(self._outputs, "stdout",
                 f"\n... output cut: more than {self._limit:,} bytes, "
                 f"or more than {MAX_DISPLAYS:,} displays in one cell ...\n")

    def _error(self, content: dict[str, Any]) -> None:
        self._clear_if_waiting()
        self._target().append({
            "output_type": "error",
            "ename": str(content.get("ename"))[:200],
            "evalue": str(content.get("evalue"))[:MAX_RESULT],
            "traceback": shortened([str(line) for line in content.get("traceback") or []]),
        })

    def _display(self, kind: str, content: dict[str, Any], size: int) -> None:
        output = self._bundle(kind, content, size)
        if output is None:
            return
        if kind == "execute_result":
            self._count = output["execution_count"]
        display_id = (content.get("transient") or {}).get("display_id")
        if isinstance(display_id, str):
            self._show_again(display_id, output)
        self._clear_if_waiting()
        target = self._target()
        if isinstance(display_id, str) and target is self._outputs:
            self._shown.setdefault(display_id, []).append(
                _Shown(cell=self._index, place=len(target), output=output))
        target.append(output)

    def _bundle(self, kind: str, content: dict[str, Any], size: int) -> Output | None:
        data, metadata = content.get("data") or {}, content.get("metadata") or {}
        self._displays += 1
        if size > self._budget or self._displays > MAX_DISPLAYS:
            self._left_out += 1
            if kind != "execute_result":
                return None
            # A result may be what the cell earns: its plain text is always kept.
            data, metadata = {"text/plain": str(data.get("text/plain", ""))[:MAX_RESULT]}, {}
        self._budget -= size
        output = {"output_type": kind, "data": data, "metadata": metadata}
        if kind == "execute_result":
            output["execution_count"] = content.get("execution_count")
        return output

    def _update(self, content: dict[str, Any], size: int) -> None:
        display_id = (content.get("transient") or {}).get("display_id")
        fresh = self._bundle("display_data", content, size)
        if isinstance(display_id, str) and fresh is not None:
            self._show_again(display_id, fresh)

    def _show_again(self, display_id: str, fresh: Output) -> None:
        for one in self._shown.get(display_id, []):
            if one.cell != self._index:
                self._updates.append({"cell": one.cell, "output": one.place,
                                      "data": fresh["data"], "metadata": fresh["metadata"]})
            one.output.update(data=fresh["data"], metadata=fresh["metadata"])


def add_text(outputs: list[Output], name: str, text: str) -> None:
    """Text on a stream, in pieces: consecutive ones of one stream are one output."""
    last = outputs[-1] if outputs else None
    if last and last["output_type"] == "stream" and last["name"] == name:
        last["text"].append(text)
    else:
        outputs.append({"output_type": "stream", "name": name, "text": [text]})


def as_sent(text: str) -> str:
    """Text as it arrives from a kernel: bytes that were taken for text are read again."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text


def shortened(lines: list[str]) -> list[str]:
    """A traceback of at most MAX_ERROR characters: how it begins and how it ends."""
    if sum(map(len, lines)) <= MAX_ERROR:
        return lines
    lines = [line[:MAX_ERROR // 4] for line in lines]
    head = _within(lines, MAX_ERROR // 2)
    tail = _within(lines[len(head):][::-1], MAX_ERROR // 2)[::-1]
    left_out = len(lines) - len(head) - len(tail)
    return [*head, f"... {left_out:,} calls left out ...\n", *tail]


def _within(lines: list[str], characters: int) -> list[str]:
    """As many of the lines as have so many characters together."""
    ends = accumulate(map(len, lines))
    return [line for line, end in zip(lines, ends, strict=True) if end <= characters]

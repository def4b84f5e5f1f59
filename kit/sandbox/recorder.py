"""Keeps what a kernel would send to a front end, as nbformat outputs within a budget.

Runs inside the process of a submission. What it hands on is validated again outside.
"""

from __future__ import annotations

import io
import json
import os
import threading
from typing import Any

MAX_DISPLAYS = 1000
"""How many displays a cell may make; more are counted and left out."""

MAX_ERROR = 100_000
"""Characters kept of a traceback, however much output came before."""

MAX_RESULT = 10_000
"""Characters kept of a result's plain text, however much output came before."""


class Recorder:
    """The outputs of the cell that runs now. Threads may write at any time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._budget = 0
        self._limit = 0
        self._shown: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.begin(0)

    def allow(self, output_bytes: int) -> None:
        """Set how much all cells together may put out."""
        self._budget = self._limit = output_bytes

    def begin(self, index: int) -> None:
        """Start cell `index` with nothing shown."""
        with self._lock:
            self._index = index
            self._outputs: list[dict[str, Any]] = []
            self._updates: list[dict[str, Any]] = []
            self._displays = 0
            self._left_out = 0
            self._clear_next = False
            self._error_line: int | None = None

    def finish(self) -> dict[str, Any]:
        """The cell's outputs, updates of earlier cells' displays, and the failing line."""
        with self._lock:
            if self._left_out:
                note = (f"\n... output cut: more than {self._limit:,} bytes, "
                        f"or more than {MAX_DISPLAYS:,} displays in one cell ...\n")
                last = self._outputs[-1] if self._outputs else {}
                if last.get("name") == "stdout":
                    last["text"].append(note)
                else:
                    self._outputs.append(
                        {"output_type": "stream", "name": "stdout", "text": [note]})
            for output in self._outputs:
                if output["output_type"] == "stream":
                    output["text"] = "".join(output["text"])
            return {"outputs": self._outputs, "updates": self._updates,
                    "line": self._error_line}

    def failed_at(self, line: int | None) -> None:
        """Remember the line of the cell in which it failed."""
        self._error_line = line

    def stream(self, name: str, text: str) -> None:
        """Text on stdout or stderr; consecutive text of one stream is one output."""
        with self._lock:
            text = self._spend_text(text)
            if not text:
                return
            self._clear_if_waiting()
            last = self._outputs[-1] if self._outputs else None
            if last and last["output_type"] == "stream" and last["name"] == name:
                last["text"].append(text)
            else:
                self._outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def message(self, kind: str, content: dict[str, Any]) -> None:
        """A message of the kernel's protocol; kinds that show nothing are passed over."""
        with self._lock:
            if kind == "error":
                self._error(content)
            elif kind in ("display_data", "execute_result"):
                self._display(kind, content)
            elif kind == "update_display_data":
                self._update(content)
            elif kind == "clear_output":
                self._clear_next = bool(content.get("wait"))
                if not self._clear_next:
                    self._outputs.clear()
            elif kind == "stream":
                self.stream(str(content.get("name")), str(content.get("text")))

    def _clear_if_waiting(self) -> None:
        if self._clear_next:
            self._outputs.clear()
            self._clear_next = False

    def _spend_text(self, text: str) -> str:
        kept = text[: max(self._budget, 0)]
        self._budget -= len(kept)
        self._left_out += len(text) - len(kept)
        return kept

    def _error(self, content: dict[str, Any]) -> None:
        self._clear_if_waiting()
        lines, left = [], MAX_ERROR
        for line in content.get("traceback") or []:
            lines.append(str(line)[:left])
            left -= len(lines[-1])
        self._outputs.append({
            "output_type": "error",
            "ename": str(content.get("ename"))[:200],
            "evalue": str(content.get("evalue"))[:MAX_RESULT],
            "traceback": lines,
        })

    def _display(self, kind: str, content: dict[str, Any]) -> None:
        output = self._bundle(kind, content)
        if output is None:
            return
        self._clear_if_waiting()
        self._outputs.append(output)
        display_id = (content.get("transient") or {}).get("display_id")
        if isinstance(display_id, str):
            self._shown.setdefault(display_id, []).append((self._index, output))

    def _bundle(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        data = dict(content.get("data") or {})
        size = len(json.dumps(data, default=str))
        self._displays += 1
        if size > self._budget or self._displays > MAX_DISPLAYS:
            self._left_out += 1
            if kind != "execute_result":
                return None
            # A result may be what the cell earns: its plain text is always kept.
            data = {"text/plain": str(data.get("text/plain", ""))[:MAX_RESULT]}
        self._budget -= size
        output = {"output_type": kind, "data": data, "metadata": content.get("metadata") or {}}
        if kind == "execute_result":
            output["execution_count"] = content.get("execution_count")
        return output

    def _update(self, content: dict[str, Any]) -> None:
        display_id = (content.get("transient") or {}).get("display_id")
        fresh = self._bundle("display_data", content)
        if not isinstance(display_id, str) or fresh is None:
            return
        for index, output in self._shown.get(display_id, []):
            if index != self._index:
                self._updates.append({"cell": index, "old": output["data"], **fresh})
            output["data"], output["metadata"] = fresh["data"], fresh["metadata"]


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell, in order with what goes past it by descriptor.

    `descriptor` is 1 or 2, pointed at an unlinked file: whatever `os.write` and child
    processes put there is read back before the next text and at each flush.
    """

    def __init__(self, name: str, recorder: Recorder, descriptor: int) -> None:
        super().__init__()
        self._name = name
        self._recorder = recorder
        self._descriptor = descriptor

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Always UTF-8."""
        return "utf-8"

    @property
    def name(self) -> str:
        """`stdout` or `stderr`."""
        return self._name

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def fileno(self) -> int:
        """The descriptor that a child process may be given."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Take text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.flush()
        self._recorder.stream(self._name, text)
        return len(text)

    def flush(self) -> None:
        """Bring in what was written past Python."""
        try:
            size = os.fstat(self._descriptor).st_size
            if size:
                self._drain(size)
        except OSError:
            # A cell closed or replaced the descriptor: then nothing more comes that way.
            return

    def _drain(self, size: int) -> None:
        data = os.pread(self._descriptor, min(size, 64 * 1024**2), 0)
        os.ftruncate(self._descriptor, 0)
        self._recorder.stream(self._name, data.decode("utf-8", "replace"))

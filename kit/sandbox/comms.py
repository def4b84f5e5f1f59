"""What widgets say, and what a front end would make of it: as nbclient does, in the kernel.

nbclient keeps the state that each widget sent, and stands in for the front end of an Output
widget: what is printed and shown while it captures becomes its state, not an output of the cell.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Output = dict[str, Any]
_OUTPUT_MODEL = ("@jupyter-widgets/output", "OutputModel")


@dataclass(slots=True)
class Capture:
    """An Output widget: what it shows."""

    outputs: list[Output]
    changed: bool = False
    clear_next: bool = False

    def ready(self) -> list[Output]:
        """Its outputs, to add to."""
        self.changed = True
        if self.clear_next:
            self.outputs, self.clear_next = [], False
        return self.outputs

    def clear(self, *, wait: bool) -> None:
        """Empty it, now or before the next output."""
        if wait:
            self.clear_next = True
        else:
            self.outputs, self.changed = [], True

    def shown(self) -> list[Output]:
        """Its outputs, to hand on."""
        return [{**one, "text": "".join(one["text"])} if one["output_type"] == "stream" else one
                for one in self.outputs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A message from the front end of an Output widget: what it shows now."""

    comm: str
    outputs: list[Output]


@dataclass(slots=True)
class _Said:
    """What a widget said in one cell."""

    state: dict[str, Any] = field(default_factory=dict)
    buffers: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)


class Comms:
    """The widgets of a run, and what they said in the cell that runs now."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}
        self._captures: dict[str, Capture] = {}
        self._hooks: dict[str, list[Capture]] = {}
        self._hooked: dict[str, str] = {}

    def message(
        self, kind: str, content: dict[str, Any], buffers: Sequence[Any] | None,
    ) -> None:
        """Take a message of a comm; what is no state is between a widget and its own script."""
        data = content.get("data") or {}
        comm = str(content.get("comm_id"))
        state = data.get("state")
        if not isinstance(state, dict):
            return
        said = self._said.setdefault(comm, _Said())
        said.state.update(state)
        for path, buffer in zip(data.get("buffer_paths") or (), buffers or (), strict=False):
            said.buffers[tuple(path)] = {
                "data": base64.b64encode(memoryview(buffer)).decode(), "encoding": "base64",
                "path": path}
        if kind == "comm_open" and content.get("target_name") == "jupyter.widget":
            if (state.get("_model_module"), state.get("_model_name")) == _OUTPUT_MODEL:
                self._captures[comm] = Capture(_in_pieces(state.get("outputs")))
        elif kind == "comm_msg" and comm in self._captures and "msg_id" in state:
            self._hook(comm, str(state["msg_id"] or ""))

    def capturing(self, request: str) -> Capture | None:
        """The Output widget that what belongs to the request goes to now."""
        hooks = self._hooks.get(request)
        return hooks[-1] if hooks else None

    def changes(self, budget: int) -> tuple[dict[str, Any], int, int]:
        """What the widgets said in this cell, by comm, within a budget of bytes; how much of it
        was spent, and how many were left out."""
        for comm, capture in self._captures.items():
            if capture.changed:
                self._said.setdefault(comm, _Said()).state["outputs"] = capture.shown()
        changed, spent, left_out = {}, 0, 0
        for comm, said in self._said.items():
            # What an Output widget shows was counted when it was put there.
            counted = {key: value for key, value in said.state.items()
                       if key != "outputs" or comm not in self._captures}
            size = len(json.dumps(counted)) + sum(len(one["data"])
                                                   for one in said.buffers.values())
            if size > budget - spent:
                left_out += 1
                continue
            spent += size
            changed[comm] = {"state": said.state, "buffers": list(said.buffers.values())}
        self._said = {}
        return changed, spent, left_out

    def replies(self) -> list[Update]:
        """What the front ends of Output widgets tell the kernel after a cell."""
        self._hooks.clear()
        self._hooked.clear()
        told = [Update(comm=comm, outputs=capture.shown())
                for comm, capture in self._captures.items() if capture.changed]
        for capture in self._captures.values():
            capture.changed = False
        return told

    def _hook(self, comm: str, request: str) -> None:
        if request:
            self._hooks.setdefault(request, []).append(self._captures[comm])
            self._hooked[comm] = request
        elif hooks := self._hooks.get(self._hooked.pop(comm, "")):
            hooks.pop()


def _in_pieces(outputs: Any) -> list[Output]:
    return [{**one, "text": [one["text"]]} if one.get("output_type") == "stream" else one
            for one in outputs or () if isinstance(one, dict)]

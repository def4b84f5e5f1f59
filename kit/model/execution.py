"""What came of running cells, apart from whether answers are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RunState(StrEnum):
    """Did the code run: a matter apart from whether its answer is right."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """One executed cell. `outputs` are nbformat v4 outputs; `index` is its place in the list."""

    index: int
    state: RunState
    outputs: tuple[Mapping[str, Any], ...] = ()
    execution_count: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What came of running cells: the state of the whole, and each cell's run in order.

    `widgets` is what belongs in the notebook's `metadata.widgets`: empty without widgets.
    """

    state: RunState
    cells: tuple[CellRun, ...]
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    reason: str = ""
    widgets: Mapping[str, Any] = field(default_factory=dict)

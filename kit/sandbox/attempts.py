"""One pass over the cells of a run, and what comes of all its passes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from kit.model import CellRun, Execution, RunState
from kit.sandbox.cells import Code
from kit.sandbox.live import TIMEOUT_ERROR, DiedError, Live
from kit.sandbox.setting import Setting

MAX_REPEATS = 24
"""How often a submission is run again without the cells that killed it. Its time as a whole is
limited as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a run tells beside its outputs, by cell: the failing line, what was put back."""

    lines: Mapping[int, int] = field(default_factory=dict)
    restored: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What came of the cells of a pass before any code in it met a test that nobody shall hear of.
    It holds, whatever the passes say that follow."""

    runs: Mapping[int, CellRun]
    notes: Notes
    widgets: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One pass over the cells: what ran, and the cell that ended it early, if one did."""

    live: Live | None = None
    stopped_at: int | None = None
    state: RunState = RunState.KILLED
    why: str = ""
    cpu_seconds: float = 0.0
    host_died: bool = False
    shown: Shown | None = None
    confined: bool = False
    """What went wrong may lie in the process, which was made to be put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `run` was asked for; in the `last` pass no other follows, whatever happens in it."""

    cells: Sequence[Code]
    setting: Setting
    until: float
    beside: OpenBeside | None = None
    last: bool = False


class Beside(Protocol):
    """Takes some of the cells, which are run elsewhere than in the process of the others."""

    def takes(self, place: int) -> bool:
        """Whether the cell at that place is one of them."""

    def asks(self, place: int) -> Sequence[str]:
        """The variables that it reads first of all, if it is one of them."""

    def run(self, live: Live, place: int, until: float) -> CellRun | None:
        """Run it; None puts it off until all others ran. Raises DiedError."""

    def run_late(self, live: Live, place: int, until: float) -> CellRun:
        """Run one that was put off. Raises DiedError."""


OpenBeside = Callable[[Sequence[int]], AbstractContextManager[Beside]]
"""Opens one; it gets the descriptor of a line to the process of the others."""


def drive(
    live: Live, plan: Plan, marked: Mapping[int, CellRun], attempt: Attempt,
    beside: Beside | None, line: Sequence[socket.socket] = (),
) -> None:
    """Make the pass, but for the cells that are `marked`; what came of it is in `live` and
    `attempt`, which also tells where it ended early. The ends of a `line` are closed once both
    processes have theirs."""
    order = [place for place, cell in enumerate(plan.cells)
             if not cell.blank and place not in marked]
    if not order:
        return
    attempt.stopped_at = order[0]
    later: list[int] = []
    try:
        live.begin()
        for end in line:  # else neither would see when the other is gone
            end.close()
        for place, after in zip(order, [*order[1:], None], strict=True):
            if place in live.runs:  # the stage ran it
                continue
            live.quiet()  # else it is the cell before that spoke
            attempt.stopped_at = place
            if beside is None or not beside.takes(place):
                live.run(plan.cells[place], place, until=plan.until,
                         then=() if beside is None or after is None else beside.asks(after))
            elif (run := beside.run(live, place, plan.until)) is not None:
                live.runs[place] = run
            else:
                later.append(place)
        if beside is not None and later:
            attempt.shown = Shown(
                runs=dict(live.runs), widgets=live.widgets.metadata(),
                notes=Notes(lines=dict(live.lines), restored=dict(live.restored)))
            live.hand_out()  # from here on it may know what nobody shall hear
            for place in later:
                attempt.stopped_at = place
                live.runs[place] = beside.run_late(live, place, plan.until)
        attempt.stopped_at = None
    except DiedError as died:
        attempt.state, attempt.why = died.state, died.why


def stopped(attempt: Attempt) -> CellRun:
    """The run of the cell that ended an attempt."""
    assert attempt.stopped_at is not None
    if attempt.state is RunState.TIMEOUT:
        error = TIMEOUT_ERROR
    else:
        error = {"output_type": "error", "ename": "DeadKernelError", "evalue": attempt.why,
                 "traceback": [f"\x1b[0;31mDeadKernelError\x1b[0m: {attempt.why}"]}
    return CellRun(index=attempt.stopped_at, state=attempt.state, outputs=(error,))


def execution(
    plan: Plan, marked: Mapping[int, CellRun], attempt: Attempt, cpu: float, seconds: float
) -> tuple[Execution, Notes]:
    """What came of all passes together, the last of which is `attempt`; `marked` are the cells that
    ended one."""
    live, shown = attempt.live, attempt.shown
    assert live is not None
    runs = {**live.runs, **marked, **(shown.runs if shown else {})}
    notes = Notes(lines={**live.lines, **(shown.notes.lines if shown else {})},
                  restored=shown.notes.restored if shown else live.restored)
    reason = ""
    for place, cell in enumerate(plan.cells):
        if not cell.blank and place not in runs:
            reason = ("not run" if attempt.stopped_at is None else
                      "given up: its time was over" if time.monotonic() >= plan.until else
                      f"given up: its process was killed {MAX_REPEATS + 1} times")
            runs[place] = CellRun(index=place, state=RunState.SKIPPED)
    states = [run.state for run in runs.values()]
    worst = (RunState.KILLED, RunState.TIMEOUT, RunState.SKIPPED, RunState.ERROR)
    state = next((one for one in worst if one in states), RunState.OK)
    return Execution(state=state, cells=tuple(runs[place] for place in sorted(runs)),
                     seconds=seconds, cpu_seconds=cpu, reason=reason,
                     widgets=shown.widgets if shown else live.widgets.metadata()), notes

"""Cells of other languages: a stock kernel over ZMQ, behind the same seam.

Only the time of a cell is limited here; memory and processes are not.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.model import CellRun, Execution, Limits, RunState
from kit.sandbox import outputs
from kit.sandbox.cells import Code
from kit.sandbox.frames import FrameError
from kit.sandbox.pool import Notes
from kit.sandbox.seats import environment

logger = logging.getLogger(__name__)


def has_kernel(name: str) -> bool:
    """Whether a kernel of that name is installed."""
    from jupyter_client.kernelspec import KernelSpecManager

    return name in KernelSpecManager().find_kernel_specs()


def run(
    cells: Sequence[Code], limits: Limits, *, cwd: Path, kernel: str,
    env: Mapping[str, str] | None = None,
) -> tuple[Execution, Notes]:
    """Run cells in the installed kernel of that name.

    A kernel that dies ends the run; what came after is marked as not run. Raises GradingError
    when there is no such kernel or it does not start.
    """
    from nbclient.exceptions import DeadKernelError

    if not has_kernel(kernel):
        raise GradingError(f"no kernel named {kernel!r} is installed",
                           hint="install it where grading runs")
    started = time.monotonic()
    client, notebook = _client(cells, limits, cwd, kernel)
    runs: dict[int, CellRun] = {}
    reason = ""
    place = 0
    try:
        with client.setup_kernel(env={**environment(), **(env or {})}):
            for place, cell in enumerate(cells):
                if not cell.blank:
                    runs[place] = _cell(client, notebook, place)
    except DeadKernelError:
        reason = "its kernel died in the middle of the cell"
        runs[place] = CellRun(index=place, state=RunState.KILLED, outputs=(
            {"output_type": "error", "ename": "DeadKernelError", "evalue": reason,
             "traceback": []},))
    except Exception as error:
        raise GradingError(f"the kernel {kernel!r} does not work: {error}") from error
    for place, cell in enumerate(cells):
        if not cell.blank and place not in runs:
            runs[place] = CellRun(index=place, state=RunState.SKIPPED)
    states = {run.state for run in runs.values()}
    state = next((one for one in (RunState.KILLED, RunState.TIMEOUT, RunState.ERROR)
                  if one in states), RunState.OK)
    return Execution(state=state, cells=tuple(runs[key] for key in sorted(runs)), reason=reason,
                     seconds=time.monotonic() - started), Notes()


def _client(cells: Sequence[Code], limits: Limits, cwd: Path, kernel: str) -> tuple[Any, Any]:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[nbformat.v4.new_code_cell(cell.source)  # type: ignore[no-untyped-call]
               for cell in cells])
    client = NotebookClient(
        notebook, timeout=limits.cell_seconds, kernel_name=kernel, allow_errors=True,
        interrupt_on_timeout=True, skip_cells_with_tag="", record_timing=False,
        resources={"metadata": {"path": str(cwd)}},
        error_on_timeout={"ename": "CellTimeoutError", "evalue": "", "traceback": []},
    )
    return client, notebook


def _cell(client: Any, notebook: Any, place: int) -> CellRun:
    started = time.monotonic()
    cell = client.execute_cell(notebook.cells[place], place)
    seconds = time.monotonic() - started
    try:
        shown = tuple(outputs.checked(dict(output)) for output in cell.outputs)
    except FrameError:
        shown = ()
    late = seconds >= client.timeout
    failed = any(output["output_type"] == "error" for output in shown)
    state = RunState.TIMEOUT if late else RunState.ERROR if failed else RunState.OK
    return CellRun(index=place, state=state, outputs=shown,
                   execution_count=cell.execution_count, seconds=seconds)

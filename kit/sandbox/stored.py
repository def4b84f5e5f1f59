"""Cells that are made ready before the forks: transformed and compiled once, run in each.

They are of who may be trusted, and run in processes in which nothing else ever ran: so that the
shell around them is as it was when they were made ready.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType
from typing import Any

from kit.sandbox.kernel import CellKernel, flush
from kit.sandbox.ordinary import compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a cell runs, in order: its statements, then what it ends in, which shows itself."""

    name: str
    parts: tuple[CodeType, ...]


def make_ready(kernel: CellKernel, sources: Iterable[str]) -> dict[str, Ready]:
    """Those of the cells that can be: not one that waits for something at the top, or that is no
    Python."""
    found = {}
    for source in sources:
        with contextlib.suppress(SyntaxError, ValueError, OverflowError, RecursionError):
            made = _ready(kernel.shell, source)
            if made is not None:
                found[source] = made
    return found


def _ready(shell: Any, source: str) -> Ready | None:
    if source.lstrip().startswith("%%"):
        return None
    text = shell.transform_cell(source)
    name = shell.compile.cache(text, 0, raw_code=source)
    parts = compiled(shell, text, name)
    if any(part.co_flags & inspect.CO_COROUTINE for part in parts):
        return None
    return Ready(name=name, parts=tuple(parts))


def run_ready(kernel: CellKernel, ready: Ready, source: str) -> dict[str, Any]:
    """Run one as the shell would; the content of the reply."""
    shell: Any = kernel.shell
    count = shell.execution_count
    shell.execution_count += 1  # before it runs: a result counts as the one before
    shell.compile._filename_map[ready.name] = count
    shell._last_traceback = None
    status: dict[str, Any] = {"status": "ok"}
    shell.events.trigger("pre_execute")
    shell.history_manager.store_inputs(count, source, source)
    with shell.builtin_trap, shell.display_trap:
        try:
            for part in ready.parts:
                exec(part, shell.user_ns)  # noqa: S102 - that is what it is for
        except SystemExit as error:
            shell.showtraceback(exception_only=True)
            status = _failed(error)
        except BaseException as error:  # noqa: BLE001 - whatever a cell raises, it is shown
            if error.__traceback__ is not None:  # it begins here, and shall with the cell
                error.__traceback__ = error.__traceback__.tb_next
            shell.showtraceback(running_compiled_code=True)
            status = _failed(error)
    shell.events.trigger("post_execute")
    flush()
    return status


def _failed(error: BaseException) -> dict[str, Any]:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - its text is the code of whoever wrote it
        text = ""
    return {"status": "error", "ename": type(error).__name__, "evalue": text, "traceback": []}

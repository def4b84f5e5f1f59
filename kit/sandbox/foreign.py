"""Cells of another language: a stock kernel over ZMQ, started inside the process of the run.

The kernel and whoever drives it here are under one seal, and neither is believed by the
supervisor. Memory is limited for all processes of the run together, where it has a box.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.errors import GradingError, nearest
from kit.sandbox import frames
from kit.sandbox.recorder import Recorder


def find(name: str) -> dict[str, Any]:
    """The installed kernel of that name, as a run is told of it. Raises GradingError."""
    from jupyter_client.kernelspec import KernelSpecManager

    installed = KernelSpecManager().find_kernel_specs()
    if name not in installed:
        raise GradingError(f"no kernel named {name!r} is installed",
                           hint="install it where grading runs; there are: "
                                + ", ".join(nearest(name, installed)))
    folder = Path(installed[name])
    spec = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    return {"name": name, "resource_dir": str(folder), "spec": spec}


def is_ours(name: str) -> bool:
    """Whether a Python kernel of that name is this environment's, or not installed at all."""
    if name in ("python3", "python"):
        return True
    from jupyter_client.kernelspec import KernelSpecManager

    manager = KernelSpecManager()
    if name not in manager.find_kernel_specs():
        return True
    program = Path(manager.get_kernel_spec(name).argv[0])
    return program.name == program.as_posix() or program.resolve() == Path(
        sys.executable).resolve()


def language_info() -> dict[str, Any]:
    """What a notebook that ran here says of its language."""
    version = sys.version_info
    return {
        "codemirror_mode": {"name": "ipython", "version": version[0]},
        "file_extension": ".py", "mimetype": "text/x-python", "name": "python",
        "nbconvert_exporter": "python", "pygments_lexer": "ipython3",
        "version": sys.version.split(maxsplit=1)[0],
    }


def serve(sock: socket.socket, run: Mapping[str, Any]) -> None:
    """Take cells one by one and run them in the kernel that `run` names."""
    asyncio.run(_serve(sock, run))


async def _serve(sock: socket.socket, run: Mapping[str, Any]) -> None:
    client, notebook = _client(run)
    try:
        await client.async_start_new_kernel(cwd=run["cwd"])
        await client.async_start_new_kernel_client()
    except Exception as error:  # noqa: BLE001 - whatever a kernel of somebody else does
        frames.send(sock, {"failed": f"{type(error).__name__}: {error}"[:500]})
        return
    # The supervisor owns the clock: its interrupt is handed on.
    interrupts: set[asyncio.Future[Any]] = set()
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGINT, lambda: interrupts.add(asyncio.ensure_future(client.km.interrupt_kernel())))
    frames.send(sock, {"ready": True})
    await _cells(sock, client, notebook, int(run["limits"]["output_bytes"]))
    if not run["boxed"]:  # with a box, all that is in it goes at once
        await client.km.shutdown_kernel(now=True)


async def _cells(sock: socket.socket, client: Any, notebook: Any, output_bytes: int) -> None:
    from nbclient.exceptions import DeadKernelError

    recorder = Recorder()
    recorder.allow(output_bytes)
    while True:
        cell = frames.receive(sock)
        if cell.get("done"):
            return
        request = str(cell["cell"])
        recorder.begin(cell["cell"], request, 0)
        started = time.perf_counter()
        try:
            done = await _cell(client, notebook, cell["source"])
        except DeadKernelError:
            return  # the process of the run ends with its kernel
        for output in done.outputs:
            _record(recorder, output, request)
        frames.send(sock, {**recorder.finish(), **_frame(done), "cell": cell["cell"],
                           "seconds": time.perf_counter() - started})


def _client(run: Mapping[str, Any]) -> tuple[Any, Any]:
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from traitlets.config import Config

    kernel, config = run["kernel"], Config()
    if not run["boxed"]:
        # Sockets of the machine could be met by other processes of this account.
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{run['scratch']}/kernel"
    manager = AsyncKernelManager(kernel_name=kernel["name"], config=config)
    manager._kernel_spec = KernelSpec(resource_dir=kernel["resource_dir"], **kernel["spec"])
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, km=manager, timeout=None, allow_errors=True, skip_cells_with_tag="",
        record_timing=False, resources={"metadata": {"path": run["cwd"]}},
    )
    return client, notebook


async def _cell(client: Any, notebook: Any, source: str) -> Any:
    import nbformat

    cell = nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]
    notebook.cells.append(cell)
    return await client.async_execute_cell(cell, len(notebook.cells) - 1)


def _record(recorder: Recorder, output: Mapping[str, Any], request: str) -> None:
    kind = output["output_type"]
    if kind == "stream":
        recorder.stream(output["name"], output["text"])
    else:
        size = len(json.dumps(output.get("data", {}), default=str))
        recorder.message(kind, dict(output), request, size=size, buffers=())


def _frame(cell: Any) -> dict[str, Any]:
    errors = [output for output in cell.outputs if output["output_type"] == "error"]
    frame: dict[str, Any] = {"status": "error" if errors else "ok", "count": cell.execution_count}
    if errors:
        frame["error"] = {key: errors[-1].get(key) for key in ("ename", "evalue", "traceback")}
    return frame

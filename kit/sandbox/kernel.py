"""A real IPython kernel without sockets, made once in the warm process and inherited by forks."""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace, TracebackType
from typing import Any

import ipykernel.ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from jupyter_client.session import Session
from traitlets.config import Config

from kit.sandbox.recorder import Recorder

logger = logging.getLogger(__name__)
logger.disabled = True  # ipykernel logs each traceback; it is in the outputs already


class RecordingSession(Session):
    """Hands messages to the recorder instead of a socket."""

    def __init__(self, recorder: Recorder, **traits: Any) -> None:
        super().__init__(**traits)
        self._recorder = recorder

    def send(  # noqa: PLR0913, PLR0917 - the signature is jupyter_client's
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None,
        ident: Any = None, buffers: Any = None, track: bool = False, header: Any = None,
        metadata: Any = None,
    ) -> None:
        """Take a message, however the caller spells it."""
        del stream, parent, ident, buffers, track, header, metadata
        if isinstance(msg_or_type, dict):
            self._recorder.message(msg_or_type["header"]["msg_type"], msg_or_type["content"])
        else:
            self._recorder.message(str(msg_or_type), content or {})


class CellShell(ZMQInteractiveShell):
    """The shell of a kernel, which also tells where in the cell an error came from."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.kernel.recorder.failed_at(_line_in_cell(evalue, self))
        super()._showtraceback(etype, evalue, stb)  # type: ignore[no-untyped-call]

    def _format_exception_for_storage(self, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        # Formatting a second time for the output history costs as much as showing it.
        return {}

    def enable_gui(self, gui: Any = None) -> None:
        """Take what ipykernel takes (`%matplotlib inline` ends here); nobody looks at a window,
        so no event loop is entered."""
        from ipykernel.eventloops import loop_map

        if gui not in loop_map:
            raise UsageError(f"Invalid GUI request {gui!r}, valid ones are: {list(loop_map)}")
        self.active_eventloop = gui


class CellKernel(IPythonKernel):
    """An IPython kernel whose messages end in a recorder."""

    def __init__(self, recorder: Recorder, **traits: Any) -> None:
        self.recorder = recorder
        super().__init__(  # type: ignore[no-untyped-call]
            session=RecordingSession(recorder), **traits)
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())

    @contextmanager
    def _cancel_on_sigint(self, future: Any) -> Iterator[None]:
        # As ipykernel does, on the loop that runs here instead of tornado's.
        loop = asyncio.get_running_loop()
        stand_in: Any = SimpleNamespace(
            add_callback=loop.call_soon_threadsafe, call_later=lambda *_: None, stop=None)
        self.io_loop = stand_in
        try:
            with super()._cancel_on_sigint(future):
                yield
        finally:
            del self.io_loop


def make_kernel(recorder: Recorder) -> CellKernel:
    """The kernel, ready for its first cell. Call it once a process, in the main thread."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    # A debugger costs a third of a second to import and warns about frozen modules.
    stub = ModuleType("ipykernel.debugger")
    stub.__dict__.update(_is_debugpy_available=False, Debugger=object)
    sys.modules["ipykernel.debugger"] = stub
    try:
        kernel = CellKernel(recorder, config=config, shell_class=CellShell, log=logger)
    finally:
        del sys.modules["ipykernel.debugger"]
    _patch_accepts_parameters()
    return kernel


def _patch_accepts_parameters() -> None:
    # Inspecting run_cell's signature for each cell costs a third of a trivial cell.
    module: Any = ipykernel.ipkernel
    original = module._accepts_parameters
    known: dict[tuple[Any, ...], Mapping[str, Any]] = {}

    def cached(method: Any, names: list[str]) -> Mapping[str, Any]:
        key = (getattr(method, "__func__", method), *names)
        if key not in known:
            known[key] = original(method, names)
        return known[key]

    module._accepts_parameters = cached


def name_cell_file(kernel: CellKernel, source: str) -> None:
    """Spare a traceback the search for the module of the cell's file in all modules."""
    shell: Any = kernel.shell
    name = shell.compile.get_code_name(source, source, shell.execution_count)
    inspect.modulesbyfile[name] = "__main__"


async def run_cell(kernel: CellKernel, source: str) -> dict[str, Any]:
    """Run one cell as an execute_request would; the content of the reply."""
    reply: dict[str, Any] = await kernel.do_execute(  # type: ignore[no-untyped-call]
        source, False)
    sys.stdout.flush()
    sys.stderr.flush()
    return reply


def _line_in_cell(error: Any, shell: Any) -> int | None:
    if isinstance(error, SyntaxError):
        return error.lineno
    traceback: TracebackType | None = getattr(error, "__traceback__", None)
    names = getattr(shell.compile, "_filename_map", {})
    line = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_name == "<module>" and (
            frame.f_globals is shell.user_ns or frame.f_code.co_filename in names
        ):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line



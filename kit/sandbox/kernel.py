"""A real IPython kernel without sockets, made once in the warm process and inherited by forks."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import linecache
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace, TracebackType
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import DELIM, Session
from traitlets import Type
from traitlets.config import Config

from kit.sandbox import memos
from kit.sandbox.comms import Update
from kit.sandbox.plain import is_indented, is_plain, whole
from kit.sandbox.quick import Count, Flag, Known, Result, Text
from kit.sandbox.recorder import Recorder
from kit.sandbox.tracebacks import CellTB

logger = logging.getLogger(__name__)
logger.disabled = True  # ipykernel logs each traceback; it is in the outputs already

_RESULT = "IPython.core.interactiveshell.ExecutionResult"


class Wire:
    """What the kernel takes for the socket of its outputs: it ends in the recorder.

    The kernel's own session packs each message, so what arrives is what a client would get.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def send_multipart(self, parts: Sequence[Any], copy: bool = True) -> None:
        """Take a packed message."""
        del copy
        start = parts.index(DELIM) + 2  # behind the signature
        header, parent, _, content = (json.loads(bytes(part).decode("utf-8", "replace"))
                                      for part in parts[start:start + 4])
        if header["msg_type"] == "error":
            self._recorder.failed_at(_line_in_cell())
        self._recorder.message(header["msg_type"], content, parent.get("msg_id"),
                               size=len(parts[start + 3]), buffers=parts[start + 4:])


class CellCompiler(XCachingCompiler):
    """Spares a traceback the search for the module of a cell's file in all modules."""

    def cache(self, *args: Any, **options: Any) -> str:
        """The file name that a cell is compiled under."""
        name: str = super().cache(*args, **options)
        inspect.modulesbyfile[name] = "__main__"
        return name


class CellHistory(HistoryManager):
    """What was run so far; the last three of it are moved on at each cell."""

    _i00, _i, _ii, _iii = Text(""), Text(""), Text(""), Text("")


class CellDisplayHook(ZMQShellDisplayHook):
    """What shows the result of a cell."""

    exec_result = Result(_RESULT, allow_none=True)


class CellShell(ZMQInteractiveShell):
    """The shell of a kernel, where no window is looked at and no run reads another's files."""

    displayhook_class = Type(CellDisplayHook)
    execution_count = Count(1)
    last_execution_succeeded = Flag(True)
    last_execution_result = Result(_RESULT, allow_none=True)
    history_manager = Known("IPython.core.history.HistoryAccessorBase", allow_none=True)

    def init_history(self) -> None:
        """Make what keeps what was run."""
        self.history_manager = CellHistory(shell=self, parent=self)
        self.configurables.append(self.history_manager)

    @property
    def _format_exception_for_storage(self) -> Callable[..., dict[str, Any]]:
        # Formatting a second time for the history costs as much as showing it did. Where code of
        # the cell takes part it runs twice in a kernel too, and so with nothing of ours around it.
        if self._last_traceback is None or _speaks_for_itself():
            formatted: Callable[..., dict[str, Any]] = super()._format_exception_for_storage
            return formatted
        return self._as_shown

    def _as_shown(self, error: Any, *_args: Any, **_options: Any) -> dict[str, Any]:
        return {"ename": type(error).__name__, "evalue": str(error),
                "traceback": self._last_traceback}

    def init_traceback_handlers(self, custom_exceptions: Any) -> None:
        """Make what shows tracebacks."""
        super().init_traceback_handlers(custom_exceptions)
        self.InteractiveTB.__class__ = CellTB

    def transform_cell(self, raw_cell: str) -> str:
        """The text that is compiled."""
        if is_plain(self, raw_cell) and is_indented(whole(raw_cell)):
            return whole(raw_cell)
        transformed: str = super().transform_cell(raw_cell)  # type: ignore[no-untyped-call]
        return transformed

    def enable_gui(self, gui: Any = None) -> None:
        """Take what ipykernel takes (`%matplotlib inline` ends here); nobody looks at a window,
        so no event loop is entered."""
        from ipykernel.eventloops import loop_map

        if gui not in loop_map:
            raise UsageError(f"Invalid GUI request {gui!r}, valid ones are:{loop_map.keys()}")
        self.active_eventloop = gui

    @property
    def db(self) -> Any:
        """What `%store` and `%bookmark` keep, in the home of the run."""
        if self._db is None:
            from IPython.external.pickleshare import PickleShareDB

            home = Path(self.home_dir) / ".ipython" / "profile_default"
            self._db = PickleShareDB(str(home / "db"))  # type: ignore[no-untyped-call]
        return self._db

    @db.setter
    def db(self, value: Any) -> None:
        self._db = value


class CellKernel(IPythonKernel):
    """An IPython kernel whose messages end in a recorder."""

    shell = Known("IPython.core.interactiveshell.InteractiveShellABC", allow_none=True)

    def __init__(self, recorder: Recorder, **traits: Any) -> None:
        self.recorder = recorder
        super().__init__(  # type: ignore[no-untyped-call]
            session=Session(key=b""), iopub_socket=Wire(recorder), **traits)
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())

    def be_asked(self, source: str = "") -> str:
        """Belong to a new request from now on: what comes out carries its id, the answer."""
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": False}
        session: Any = self.session
        message = session.msg("execute_request", content)
        self.set_parent([], message)  # type: ignore[no-untyped-call]
        return str(message["msg_id"])

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


# What a cell asks for its shell's type (many libraries do) shall find what it finds in a kernel.
for _own, _real in ((CellShell, ZMQInteractiveShell), (CellKernel, IPythonKernel),
                    (CellCompiler, XCachingCompiler), (CellHistory, HistoryManager),
                    (CellDisplayHook, ZMQShellDisplayHook)):
    _own.__name__, _own.__qualname__ = _real.__name__, _real.__qualname__
    _own.__module__ = _real.__module__


def make_kernel(recorder: Recorder) -> CellKernel:
    """The kernel, ready for its first cell. Call it once a process, in the main thread."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.IPKernelApp.connection_file = ""  # libraries look for the section
    # A debugger costs a third of a second to import and warns about frozen modules.
    stub = ModuleType("ipykernel.debugger")
    stub.__dict__.update(_is_debugpy_available=False, Debugger=object)
    sys.modules["ipykernel.debugger"] = stub
    try:
        kernel = CellKernel.instance(
            recorder=recorder, config=config, shell_class=CellShell, log=logger, user_ns=None,
            compiler_class=CellCompiler)
    finally:
        del sys.modules["ipykernel.debugger"]
    shell: Any = kernel.shell
    shell.extension_manager.load_extension("storemagic")
    memos.keep_results()
    IPKernelApp.init_pdb(None)  # type: ignore[no-untyped-call, arg-type]
    sys.breakpointhook = debugpy_breakpointhook
    _warm(shell)
    return kernel


def debugpy_breakpointhook(*_args: Any, **_options: Any) -> None:
    """Pass over a `breakpoint()`, as a kernel does that no debugger is attached to."""


def _warm(shell: Any) -> None:
    """Have done what a shell does at its first cell and result, and leave no trace in it.

    Silently: nothing is shown, counted or kept. Each run would pay for it otherwise.
    """
    importlib.import_module("unittest")  # what is put back before a guarded cell is of it too
    shell.run_cell("pass", store_history=False, silent=True)
    linecache.clearcache()
    shell.compile._filename_map.clear()
    shell.display_formatter.format(0.5)
    shell.kernel.be_asked()


def be_this_process(kernel: CellKernel) -> None:
    """Have the kernel be of this process, not of the one that it was made in."""
    session: Any = kernel.session
    session._trait_values["pid"] = os.getpid()  # nobody listens to it


def start_here(kernel: CellKernel) -> None:
    """Have the kernel be of this process, and stand where it stands: folder, home, module path."""
    be_this_process(kernel)
    shell: Any = kernel.shell
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    shell.starting_dir = str(Path.cwd())
    shell.home_dir = os.environ.get("HOME", shell.starting_dir)
    # As IPython does it: what lies in the folder hides installed packages, but not Python's own.
    while "" in sys.path:
        sys.path.remove("")
    place = next((place for place, path in enumerate(sys.path)
                  if Path(path).name in ("site-packages", "dist-packages")), 0)
    sys.path.insert(place, "")


async def run_cell(kernel: CellKernel, source: str, *, silent: bool = False) -> dict[str, Any]:
    """Run one cell as an execute_request would; the content of the reply."""
    reply: dict[str, Any] = await kernel.do_execute(  # type: ignore[no-untyped-call]
        source, silent, store_history=not silent, cell_meta={})
    flush()
    return reply


def flush() -> None:
    """Hand on what the streams hold."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def tell_widgets(kernel: CellKernel, updates: Sequence[Update]) -> None:
    """Tell Output widgets what a front end shows in them."""
    manager: Any = kernel.comm_manager
    for update in updates:
        kernel.be_asked()
        data = {"method": "update", "state": {"outputs": update.outputs}, "buffer_paths": []}
        manager.comm_msg(None, None, {"content": {"comm_id": update.comm, "data": data},
                                      "buffers": []})


def _speaks_for_itself() -> bool:
    """Whether the error that was shown, or one before it, has code of its own to show it."""
    error: Any = getattr(sys, "last_value", None)
    for _ in range(100):
        if hasattr(error, "_render_traceback_") or isinstance(type(error).__str__, FunctionType):
            return True
        error = getattr(error, "__context__", None)
        if error is None:
            return False
    return True


def _line_in_cell() -> int | None:
    """The line of the cell from which the error came that is being shown."""
    shell: Any = InteractiveShell.instance()
    error: Any = getattr(sys, "last_value", None)
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



"""Kernels that lessons run in: one each, and one in reserve while an author looks on.

A kernel needs a second to start and another to import what courses import. The one in reserve
has done both before the author saves.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.site.lessons.figures import ARGUMENTS, environment

if TYPE_CHECKING:
    import asyncio

CELL_SECONDS = 300
"""How long a cell of a lesson may take."""

# nbclient's own goes to the terminal once Sphinx has set logging up.
_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False

# In a namespace of its own: the lesson's stays empty.
_IMPORT = "exec({code!r}, {{}})"
_EACH = """for name in {names!r}:
    try:
        __import__(name)
    except Exception:
        pass
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a kernel runs: its kernelspec, the folder that it starts in, and the language of the
    course."""

    kernel: str
    folder: Path
    language: str


class Kernels:
    """Runs work in an event loop beside this thread, and keeps a kernel in reserve if told to.

    `reserve` names the modules that a kernel in reserve imports; None keeps none.
    """

    def __init__(self, reserve: Sequence[str] | None = None) -> None:
        self._reserve = reserve
        self._beside: ThreadPoolExecutor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._spare: tuple[Place, str, Future[Any]] | None = None
        self._sockets: dict[int, tempfile.TemporaryDirectory[str]] = {}

    def __enter__(self) -> Kernels:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def complete(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run to the end, in a thread beside: an exception here (Ctrl-C) cancels the work.

        In the main thread nbclient would take the signal for itself, end one kernel of all and
        go on; and a notebook has a loop there already.
        """
        loop = self._running()
        ended: Future[None] = Future()
        begun: Future[asyncio.Task[None]] = Future()

        def begin() -> None:
            task = loop.create_task(work())
            task.add_done_callback(lambda done: _hand_on(done, ended))
            begun.set_result(task)

        loop.call_soon_threadsafe(begin)
        try:
            ended.result()
        except BaseException:
            task = begun.result()
            loop.call_soon_threadsafe(task.cancel)
            with contextlib.suppress(BaseException):
                ended.result()
            raise

    def _running(self) -> asyncio.AbstractEventLoop:
        import asyncio

        # Here Ctrl-C ends the imports; in the thread beside it would have to wait for them.
        for name in ("nbformat", "nbclient", "jupyter_client"):
            import_module(name)
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="kernels")
            self._beside.submit(self._loop.run_forever)
        return self._loop

    async def client(self, notebook: Any, place: Place, environment: str) -> Any:
        """An nbclient for the notebook, its kernel in reserve or not started yet."""
        spare, self._spare = self._spare, None
        if spare is not None:
            was, made_in, started = spare
            if (was, made_in) == (place, environment) and await _ready(started):
                client = started.result()
                client.nb = notebook
                return client
            await self._let_go(started)
        return self._new(notebook, place)

    def _new(self, notebook: Any, place: Place) -> Any:
        from nbclient import NotebookClient

        sockets = tempfile.TemporaryDirectory(prefix="kit-")
        client = NotebookClient(
            notebook, timeout=CELL_SECONDS, kernel_name=place.kernel, record_timing=False,
            store_widget_state=True, resources={"metadata": {"path": str(place.folder)}},
            config=_transport(sockets.name), log=_LOG, extra_arguments=_arguments(place.kernel),
        )
        self._sockets[id(client)] = sockets
        return client

    async def end(self, client: Any) -> None:
        """End a kernel that an exception left (nbclient ends the others), and its sockets."""
        atexit.unregister(client._cleanup_kernel)
        if getattr(client, "km", None) is not None:
            await client._async_cleanup_kernel()
        if sockets := self._sockets.pop(id(client), None):
            sockets.cleanup()

    def keep(self, place: Place, environment: str) -> None:
        """Have a kernel in reserve for the next lesson of that place, if reserves are kept."""
        if self._reserve is None or self._spare is not None:
            return
        import asyncio

        started = asyncio.run_coroutine_threadsafe(self._start(place), self._running())
        self._spare = (place, environment, started)

    async def _start(self, place: Place) -> Any:
        from nbclient.util import ensure_async
        from nbformat.v4 import new_notebook

        client = self._new(new_notebook(), place)  # type: ignore[no-untyped-call]
        client.shutdown_kernel = "immediate"
        client.km = client.create_kernel_manager()
        await client.async_start_new_kernel(env=environment(place.language))
        await client.async_start_new_kernel_client()
        code = _IMPORT.format(code=_EACH.format(names=tuple(self._reserve or ())))
        sent = client.kc.execute(code, silent=True, store_history=False)
        while True:
            reply = await ensure_async(client.kc.get_shell_msg(timeout=CELL_SECONDS))
            if reply["parent_header"].get("msg_id") == sent:
                return client

    async def _let_go(self, started: Future[Any]) -> None:
        """End a kernel in reserve that nobody wants."""
        import asyncio

        with contextlib.suppress(Exception):  # it is gone already
            await self.end(await asyncio.wrap_future(started))

    def close(self) -> None:
        """End the kernel in reserve and the loop."""
        if self._loop is None or self._beside is None:
            return
        if self._spare is not None:
            spare, self._spare = self._spare, None
            with contextlib.suppress(Exception):
                self.complete(lambda: self._let_go(spare[2]))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._beside.shutdown()
        self._loop.close()
        self._loop = None
        for folder in self._sockets.values():
            folder.cleanup()


def _hand_on(done: asyncio.Task[None], ended: Future[None]) -> None:
    if done.cancelled():
        ended.cancel()
        ended.set_running_or_notify_cancel()
    elif (error := done.exception()) is not None:
        ended.set_exception(error)
    else:
        ended.set_result(None)


async def _ready(started: Future[Any]) -> bool:
    """Whether the kernel in reserve has started, and lives."""
    import asyncio

    try:
        client = await asyncio.wrap_future(started)
        return bool(await client.km.is_alive())
    except Exception:  # noqa: BLE001 - it did not start: a new one will say why
        return False


def _arguments(kernel: str) -> list[str]:
    """What a kernel is started with beside its own: ipykernel is told in what form figures come."""
    from jupyter_client.kernelspec import KernelSpecManager

    started = KernelSpecManager().get_kernel_spec(kernel).argv
    return list(ARGUMENTS) if any("ipykernel" in word for word in started) else []


def _transport(sockets: str) -> Any:
    """Sockets in a private folder: a kernel on a TCP port can be listened to, and ports run out."""
    from traitlets.config import Config

    config = Config()
    if os.name != "nt":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{sockets}/kernel"
    return config

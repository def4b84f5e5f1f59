"""Formgrader itself, in a Jupyter server on this machine, over a course folder."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SERVER = """\
import sys
from jupyter_server.serverapp import ServerApp
app = ServerApp.instance()
app.initialize(sys.argv[1:])
# The log says that it runs before it does; what the loop calls next comes after the socket.
app.io_loop.add_callback(print, "listening", flush=True)
app.start()
"""


@contextmanager
def formgrader(root: Path) -> Iterator[Callable[[str], str]]:
    """Yields a function that gets a page, by its address behind `/formgrader`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, f"--port={port}", "--ip=127.0.0.1",
         "--no-browser", "--IdentityProvider.token=", "--allow-root",
         "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def get(address: str) -> str:
        url = f"http://127.0.0.1:{port}/formgrader{address}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return str(answer.read().decode())

    try:
        assert _listens(server), "the server ended, or did not listen within 90 seconds"
        yield get
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _listens(server: subprocess.Popen[str], seconds: float = 90) -> bool:
    """Wait until it says so; one that does not in time is ended, and so is the waiting."""
    assert server.stdout is not None
    clock = threading.Timer(seconds, server.kill)
    clock.start()
    try:
        return any(line == "listening\n" for line in server.stdout)
    finally:
        clock.cancel()

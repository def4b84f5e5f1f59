"""JupyterLab, for tests: a server, a notebook to open in it, and what a cell prints."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

SETTLED = "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"


def notebook(*sources: str, **metadata: Any) -> dict[str, Any]:
    cells = [{"cell_type": "code", "id": f"c{place}", "metadata": {}, "outputs": [],
              "execution_count": None, "source": source} for place, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells,
            "metadata": {"kernelspec": kernel, **metadata}}


@contextmanager
def running_lab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab of this Python, on this machine alone, of the files of a
    folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}')
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--ServerApp.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}",
               "--ServerApp.port_retries=0"]
    if os.name == "posix":
        # A kernel binds its ports a while after the server chose them. On a busy machine somebody
        # else may have one by then: the kernel ends, and a dialog that tells it lies over the page.
        options.append("--KernelManager.transport=ipc")
    with TemporaryDirectory(prefix="lab-") as short:  # the names of sockets have a limit
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], cwd=folder, text=True,
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env={
                **os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config"),
                "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
                "JUPYTER_RUNTIME_DIR": short})
        assert server.stderr is not None
        said = []
        for line in server.stderr:
            said.append(line)
            if re.search(r"is running at:", line):
                break
        rest = Thread(target=server.stderr.read)  # a pipe that nobody reads would stop it
        rest.start()
        try:
            assert server.poll() is None, "".join(said)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)
            rest.join()
            server.stderr.close()


def opened_in_lab(page: Any, base: str, name: str) -> Any:
    """The page, with a notebook open in JupyterLab and its kernel ready.

    A dialog that comes in the way of a click is answered as it proposes, and told in the output
    of the test.
    """
    dialog = page.locator(".jp-Dialog")

    def answer(shown: Any) -> None:
        print(f"JupyterLab asked: {shown.first.inner_text()}")  # noqa: T201 - pytest shows it
        shown.locator("button.jp-mod-accept").last.click()

    page.add_locator_handler(dialog, answer)
    page.goto(f"{base}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function(SETTLED, timeout=60_000)
    return page


def run_cell(page: Any, place: int) -> None:
    """Run a code cell. A busy JupyterLab may lose a key that is pressed before it is ready."""
    started = ("(place) => /\\[[\\d*]+\\]/.test(document.querySelectorAll('.jp-CodeCell')[place]"
               "?.querySelector('.jp-InputArea-prompt')?.textContent || '')")
    for last in (False, False, True):
        page.locator(".jp-CodeCell .jp-InputArea-editor").nth(place).click()
        page.keyboard.press("Control+Enter")
        try:
            page.wait_for_function(started, arg=place, timeout=15_000)
        except Exception:
            if last:
                raise
        else:
            return


def told(page: Any) -> str:
    """What the last cell prints, after it is run."""
    last = page.locator(".jp-CodeCell").count() - 1
    run_cell(page, last)
    output = page.locator(".jp-CodeCell").nth(last).locator(".jp-OutputArea-output pre")
    output.wait_for(timeout=30_000)
    return str(output.inner_text()).strip()

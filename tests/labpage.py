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

# The notebook's own indicator is idle before a kernel is connected, and a cell run then is lost.
SETTLED = ("[...document.querySelectorAll('#jp-main-statusbar .jp-StatusBar-TextItem')]"
           ".some((one) => one.textContent.endsWith('| Idle'))")


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
    # The names of sockets have a limit, which a Mac's own temporary folder is too long for.
    short_home = "/tmp" if os.name == "posix" else None
    with TemporaryDirectory(prefix="lab-", dir=short_home) as short:
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


def run_all(page: Any) -> None:
    """Start all cells of the open notebook, as its menu does."""
    for name in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=name, exact=True).click()


def run_cell(page: Any, place: int) -> None:
    """Run a code cell, again where it has run. A busy JupyterLab may lose a key that is pressed
    before it is ready."""
    prompt = page.locator(".jp-CodeCell").nth(place).locator(".jp-InputArea-prompt")
    before = prompt.text_content()
    started = ("([place, before]) => { const now = document.querySelectorAll('.jp-CodeCell')[place]"
               "?.querySelector('.jp-InputArea-prompt')?.textContent || '';"
               "return now !== before && /\\[[\\d*]+\\]/.test(now); }")
    for last in (False, False, True):
        page.locator(".jp-CodeCell .jp-InputArea-editor").nth(place).click()
        page.keyboard.press("Control+Enter")
        try:
            page.wait_for_function(started, arg=[place, before], timeout=15_000)
        except Exception:
            if last:
                raise
        else:
            return


def told(page: Any) -> str:
    """What the last cell prints, after it is run."""
    last = page.locator(".jp-CodeCell").count() - 1
    run_cell(page, last)
    return printed(page)


def printed(page: Any, seconds: float = 30) -> str:
    """What the last cell prints, when it has ended."""
    page.wait_for_function(
        "/\\[\\d+\\]/.test([...document.querySelectorAll('.jp-CodeCell')].at(-1)"
        ".querySelector('.jp-InputArea-prompt').textContent)", timeout=seconds * 1000)
    output = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output pre")
    output.wait_for(timeout=30_000)
    return str(output.text_content()).strip()

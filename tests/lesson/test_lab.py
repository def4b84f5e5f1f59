"""Components in a real JupyterLab: they draw, answer, and their value reaches the kernel."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

SETTLED = "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"


def notebook(*sources: str) -> dict[str, Any]:
    cells = [{"cell_type": "code", "id": f"c{place}", "metadata": {}, "outputs": [],
              "execution_count": None, "source": source} for place, source in enumerate(sources)]
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}}}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab of this Python on this machine alone: (address, its folder)."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config"),
                   "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
                   "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces")}
    settings = folder / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}')
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
         f"--port={port}", "--ServerApp.token=", "--ServerApp.password=",
         f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0"],
        cwd=folder, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
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
        yield f"http://127.0.0.1:{port}", folder
    finally:
        server.terminate()
        server.wait(timeout=60)
        rest.join()
        server.stderr.close()


@pytest.fixture
def run(lab: tuple[str, Path], browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a notebook of these cells in JupyterLab, and run all but the last: a page."""
    contexts: list[Any] = []
    base, folder = lab

    def open_notebook(name: str, *sources: str) -> Any:
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook(*sources)), encoding="utf-8")
        context = browser.new_context(viewport={"width": 1100, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{base}/lab/tree/{name}.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        page.wait_for_function(SETTLED, timeout=60_000)
        page.locator(".jp-CodeCell .jp-InputArea-editor").first.click()
        for _ in sources[:-1]:
            page.keyboard.press("Shift+Enter")
        return page

    yield open_notebook
    for context in contexts:
        context.close()


def told(page: Any) -> str:
    """What the last cell prints, after it is run."""
    page.locator(".jp-CodeCell .jp-InputArea-editor").last.click()
    page.keyboard.press("Control+Enter")
    output = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output pre")
    output.wait_for(timeout=30_000)
    return str(output.inner_text()).strip()


def test_a_quiz_answers_and_the_kernel_knows(run: Callable[..., Any]) -> None:
    page = run("quiz", "from kit.lesson import quiz\n"
               "q = quiz('Can she pay 50?', {'Yes': 'Where is the cash?', 'No': 'It is 12.'}, "
               "right='No')\nq", "print(q.answer, q.is_right)")
    part = page.locator("section.cp")
    part.wait_for(timeout=60_000)
    part.get_by_label("Yes").check()
    part.get_by_role("button", name="Check").click()
    assert "Where is the cash?" in part.inner_text()
    # Arrow keys choose, and do not leave the component for another cell.
    part.get_by_label("Yes").focus()
    page.keyboard.press("ArrowDown")
    assert part.get_by_label("No").is_checked()
    part.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert told(page) == "No True"

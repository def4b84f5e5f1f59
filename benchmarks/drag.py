"""What a reader waits for when dragging a slider: our page beside `interact` in JupyterLab.

    python benchmarks/drag.py --quick --json

Both draw the same two numbers. `page_milliseconds_median` and `_worst` are from the input event of
an `explore` on a built page (no kernel) to the frame that shows its answer, two linked views and a
sentence; `lab_milliseconds_*` from the key that moves a slider of `ipywidgets.interact` to the
frame with its figure of matplotlib. `lab_over_page` is the ratio of medians, of one run in one
Chromium. A frame takes up to 17 ms on its own.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from road import BESIDE, cost
from telling import parser, tell

from kit.site import server
from kit.site.pdf.chromium import find_chromium

COURSE = """\
id: drag
title: A slider
authors: [{name: The authors}]
timezone: UTC
parts: [{title: One, lessons: [lessons/slider]}]
assignments: []
"""
OURS = """\
from kit.lesson import bars, explore

def shop(paid):
    return [bars({"Cash": paid - 500, "Profit": 1500}), bars({"Owed": 2000 - paid, "Paid": paid}),
            f"{paid} are paid."]

explore(shop, question="How much is paid?", paid=range(0, 2001, 50))"""
STOCK = """\
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact

@interact(paid=(0, 2000, 50))
def shop(paid=0):
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3))
    left.bar(["Cash", "Profit"], [paid - 500, 1500])
    right.bar(["Owed", "Paid"], [2000 - paid, paid])
    plt.show()
    print(f"{paid} are paid.")"""
PAGE = """async (count) => {
  const part = document.querySelector('section.cp');
  const slider = part.querySelector('input[type=range]');
  const frame = () => new Promise((go) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = go;
    port2.postMessage(0);
  }));
  const took = [];
  for (let at = 0; at < count; at += 1) {
    slider.value = at % (Number(slider.max) + 1);
    const began = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
    took.push(performance.now() - began);
    if (!part.textContent.includes(`${slider.value * 50} are paid.`)) throw new Error('no answer');
  }
  return took;
}"""
LAB = """(word) => {
  const output = document.querySelector('.jp-OutputArea .widget-interact, .jp-OutputArea');
  window.answered = new Promise((go) => {
    let began = 0;
    const shown = () => output.textContent.includes(word) && output.querySelector('img');
    const pressed = () => { began = performance.now(); };
    addEventListener('keydown', pressed, { capture: true, once: true });
    const watch = new MutationObserver(() => {
      if (!began || !shown()) return;
      watch.disconnect();
      requestAnimationFrame(() => go(performance.now() - began));
    });
    watch.observe(output, { childList: true, subtree: true, characterData: true });
  });
}"""


def notebook(*sources: str) -> str:
    """A notebook of these code cells, as text."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"c{place}", "metadata": {}, "outputs": [],
         "execution_count": None, "source": source} for place, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells,
                       "metadata": {"kernelspec": kernel}})


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder served on this machine."""
    ready = server(folder)
    thread = threading.Thread(target=ready.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{ready.server_port}/"
    finally:
        ready.shutdown()
        ready.server_close()
        thread.join()


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab on this machine alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
         f"--port={port}", "--ServerApp.token=", "--ServerApp.password=",
         f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None"],
        cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config")})
    assert running.stderr is not None
    for line in running.stderr:
        if re.search(r"is running at:", line):
            break
    rest = threading.Thread(target=running.stderr.read)
    rest.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=60)
        rest.join()
        running.stderr.close()


def in_page(browser: Any, home: Path, count: int) -> list[float]:
    """Milliseconds of each drag on a built page."""
    (home / "lessons").mkdir(parents=True)
    (home / "course.yml").write_text(COURSE, encoding="utf-8")
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A slider"}
    made = json.loads(notebook(OURS))
    made["cells"].insert(0, title)
    (home / "lessons" / "slider.ipynb").write_text(json.dumps(made), encoding="utf-8")
    cost(home, BESIDE / "kit", "build")
    with served(home / "_build" / "html") as base:
        page = browser.new_page()
        page.goto(f"{base}lessons/slider.html")
        page.wait_for_selector("html[data-parts=drawn]")
        took: list[float] = page.evaluate(PAGE, count)
        page.close()
    return took


def in_lab(browser: Any, home: Path, count: int) -> list[float]:
    """Milliseconds of each step of a slider in JupyterLab."""
    home.mkdir()
    (home / "slider.ipynb").write_text(notebook(STOCK), encoding="utf-8")
    took = []
    with lab(home) as base:
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        page.goto(f"{base}/lab/tree/slider.ipynb?reset")
        page.wait_for_function("document.querySelector('.jp-Notebook-ExecutionIndicator')"
                               "?.dataset.status === 'idle'", timeout=120_000)
        while not page.locator(".jp-OutputArea .noUi-handle").count():
            # A JupyterLab that has just drawn itself may lose a key.
            page.locator(".jp-CodeCell .jp-InputArea-editor").first.click()
            page.keyboard.press("Control+Enter")
            page.wait_for_timeout(5000)
        page.locator(".jp-OutputArea img").first.wait_for(timeout=120_000)
        page.locator(".noUi-handle").first.focus()
        for step in range(1, count + 1):
            page.evaluate(LAB, f"{step * 50} are paid.")
            page.keyboard.press("ArrowRight")
            took.append(page.evaluate("window.answered"))
        page.close()
    return took


def measure(count: int) -> dict[str, float]:
    """Both sides in one browser."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        ours = in_page(browser, Path(name) / "course", count)
        stock = in_lab(browser, Path(name) / "lab", min(count, 38))
        browser.close()
    return {
        "lab_over_page": statistics.median(stock) / statistics.median(ours),
        "page_milliseconds_median": statistics.median(ours),
        "page_milliseconds_worst": max(ours),
        "lab_milliseconds_median": statistics.median(stock),
        "lab_milliseconds_worst": max(stock),
    }


def main() -> None:
    """Measure and print."""
    chosen = parser(__doc__, "15 steps rather than 200").parse_args()
    tell(measure(15 if chosen.quick else 200), as_json=chosen.json)


if __name__ == "__main__":
    main()

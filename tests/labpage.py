"""A page of JupyterLab, for tests: a notebook to open, and what a cell prints."""

from __future__ import annotations

from typing import Any

SETTLED = "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"


def notebook(*sources: str, **metadata: Any) -> dict[str, Any]:
    cells = [{"cell_type": "code", "id": f"c{place}", "metadata": {}, "outputs": [],
              "execution_count": None, "source": source} for place, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells,
            "metadata": {"kernelspec": kernel, **metadata}}


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

"""Pages of components alone, without Sphinx; and a JupyterLab that runs notebooks of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, served
from labpage import notebook, opened_in_lab, run_cell, running_lab
from runcourse import write_run_course

from kit.lesson.component import Component
from kit.site.lessons.parts import kinds_in, part_html, write_scripts
from kit.site.python.inpage import PythonPage, bring

THEME = Path(__file__).parents[2] / "kit" / "site" / "theme" / "static" / "site.css"


def component_page(folder: Path, components: list[Component], *, python: bool = False) -> Path:
    """Write `index.html` with these components, their scripts and the site's style; with Python,
    as a built page has it, where asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    write_scripts(folder)
    (folder / "site.css").write_text(THEME.read_text(encoding="utf-8"), encoding="utf-8")
    body = "\n".join(part_html(one.spec, one.static_html()) for one in components)
    scripts = "".join(f'<script defer src="parts/{kind}.js"></script>' for kind in kinds_in(body))
    if python:
        bring(write_run_course(folder.with_name("course")), {"index": PythonPage()}, folder)
        scripts = '<script defer src="python/python.js" data-megabytes="13"></script>' + scripts
    page = folder / "index.html"
    page.write_text(
        '<!doctype html><html lang="en" data-theme="light" data-course="tiny" data-page="index">'
        '<head><meta charset="utf-8"><title>Components</title><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="site.css"><link rel="stylesheet" href="parts/lesson.css">'
        f'<script defer src="parts/host.js"></script>{scripts}</head>'
        f'<body><main style="max-width:42rem;margin:2rem auto">{body}</main></body></html>',
        encoding="utf-8")
    return page


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open a page of components: opened([quiz(...)], over="http" or "file", **context options),
    with `python=True` where it may start Python.

    The visit's errors and foreign requests are checked when the test ends.
    """
    contexts: list[Any] = []
    visits: list[Visit] = []
    servers: list[Any] = []

    def open_page(
        components: list[Component], over: str = "http", python: bool = False, **how: Any
    ) -> Visit:
        page = component_page(tmp_path / "page", components, python=python)
        context = browser.new_context(**how)
        contexts.append(context)
        if over == "http":
            servers.append(served(page.parent))
            base = servers[-1].__enter__()
        else:
            base = page.parent.as_uri() + "/"
        visit = Visit(context.new_page(), base)
        visits.append(visit)
        visit.page.goto(base + "index.html")
        if how.get("java_script_enabled", True):
            visit.page.wait_for_selector("html[data-parts=drawn]")
        return visit

    yield open_page
    for context in contexts:
        context.close()
    for one in servers:
        one.__exit__(None, None, None)
    for visit in visits:
        assert (visit.errors, visit.foreign) == ([], [])


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab of this Python on this machine alone: (address, its folder)."""
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder) as address:
        yield address, folder


@pytest.fixture
def run(lab: tuple[str, Path], browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a notebook of these cells, with more metadata if given, in JupyterLab, and run all but
    the last: a page."""
    contexts: list[Any] = []
    base, folder = lab

    def open_notebook(name: str, *sources: str, **metadata: Any) -> Any:
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook(*sources, **metadata)),
                                              encoding="utf-8")
        context = browser.new_context(viewport={"width": 1100, "height": 1000})
        contexts.append(context)
        page = opened_in_lab(context.new_page(), base, f"{name}.ipynb")
        for place in range(len(sources) - 1):
            run_cell(page, place)
        return page

    yield open_notebook
    for context in contexts:
        context.close()

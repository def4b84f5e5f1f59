"""Pages of components alone, without Sphinx: what a built page has of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, served

from kit.lesson.component import Component
from kit.site.parts import kinds_in, part_html, write_scripts

THEME = Path(__file__).parents[2] / "kit" / "site" / "theme" / "static" / "site.css"


def component_page(folder: Path, components: list[Component]) -> Path:
    """Write `index.html` with these components, their scripts and the site's style."""
    folder.mkdir(parents=True, exist_ok=True)
    write_scripts(folder)
    (folder / "site.css").write_text(THEME.read_text(encoding="utf-8"), encoding="utf-8")
    body = "\n".join(part_html(one.spec, one.static_html()) for one in components)
    scripts = "".join(f'<script defer src="parts/{kind}.js"></script>' for kind in kinds_in(body))
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
    """Open a page of components: opened([quiz(...)], over="http" or "file", **context options).

    The visit's errors and foreign requests are checked when the test ends.
    """
    contexts: list[Any] = []
    visits: list[Visit] = []
    servers: list[Any] = []

    def open_page(components: list[Component], over: str = "http", **how: Any) -> Visit:
        page = component_page(tmp_path / "page", components)
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

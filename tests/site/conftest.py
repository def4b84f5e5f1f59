"""Visits to pages, and a small course that is built once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Visit
from playwright.sync_api import TimeoutError as StillBusyError
from tinycourse import released, write_course

from kit.course import load_course
from kit.model import Course
from kit.site import build

_IDLE_MS = 10_000


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Open an address below a base: visit(base, "index.html")."""
    contexts = []

    def open_page(base: str, name: str, *, until: str = "", **how: Any) -> Visit:
        context = browser.new_context(**how)
        contexts.append(context)
        seen = Visit(context.new_page(), base)
        seen.page.goto(base + name)
        if until or base.startswith("file:"):  # the end of a file's request is not always told
            seen.page.wait_for_load_state(until or "load")
            return seen
        try:
            seen.page.wait_for_load_state("networkidle", timeout=_IDLE_MS)
        except StillBusyError:  # nor is it by a browser that has much to do, but for once
            seen.page.reload(wait_until="networkidle")
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path]:
    """The tiny course built once, its first problem set released: (course, site)."""
    course = write_course(tmp_path_factory.mktemp("site") / "tiny")
    site = build(course, released(course))
    return course, site.folder


@pytest.fixture
def copied(tiny: tuple[Course, Path], tmp_path: Path) -> Course:
    """A copy of the built course, to change."""
    root = tmp_path / "tiny"
    shutil.copytree(tiny[0].root, root, symlinks=True)
    return load_course(root)

"""axe-core finds nothing serious on any kind of page, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import axe
import pytest
from browser import Visit, served

from kit.model import Course

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


@pytest.mark.parametrize(("theme", "size"), [
    ("light", WIDE), pytest.param("dark", NARROW, marks=pytest.mark.slow)])
def test_pages_of_a_course(
    tiny: tuple[Course, Path], visit: Callable[..., Visit], theme: str, size: dict[str, int]
) -> None:
    site = tiny[1]
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")
                   if "_static" not in path.parts and "files" not in path.parts)
    assert {"index.html", "lessons/numbers.html", "search.html"} <= set(names)
    with served(site) as base:
        told = {}
        for name in names:
            page = visit(base, name, color_scheme=theme, viewport=size).page
            told[name] = axe.found(page)
    assert not {name: rules for name, rules in told.items() if rules}


def test_it_would_find_a_fault(visit: Callable[..., Visit], tiny: tuple[Course, Path]) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "index.html").page
        page.evaluate("document.querySelector('article').innerHTML = '<img src=\"data:,\">'")
        assert [one.partition(":")[0] for one in axe.found(page)] == ["image-alt"]

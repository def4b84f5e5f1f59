"""The documentation is a course without assignments: it passes the check, and it builds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import doc_pages as pages

from kit.site import Site

GALLERY = sorted((pages.DOCS / "components").glob("*.md"))


def test_the_check_finds_nothing(kit: Callable[..., tuple[int, str, str]], docs: Path) -> None:
    code, out, _ = kit("check", "--course", docs, "--json")
    # How long a page takes here says more of what else runs meanwhile.
    assert [one for one in json.loads(out)["findings"] if one["code"] != "W207"] == []
    assert code == 0


def test_it_builds_without_a_warning(docs: Path, docs_built: Site) -> None:
    site = docs_built
    assert site.warnings == ()
    assert site.executed == 2 + len(GALLERY)  # the checkers, figures, and the components
    problem_set = (site.folder / "problem-set.html").read_text(encoding="utf-8")
    assert 'href="checkers.html"' in problem_set.partition("</nav>")[2]
    built = {path.stem for path in site.folder.glob("*.html")}
    assert {path.stem for path in docs.glob("*.md")} | {"index"} <= built
    architecture = (site.folder / "architecture.html").read_text(encoding="utf-8")
    assert "flow.svg" in architecture
    assert next(site.folder.rglob("flow.svg")).is_file()

"""Links inside the repository lead to a file, and to a heading in it."""

from __future__ import annotations

import re
from pathlib import Path

import doc_pages as pages
import pytest

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def links(page: Path) -> list[str]:
    text = re.sub(r"^(`{3,}).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [target for target in LINK.findall(re.sub(r"`[^`\n]*`", "", text))
            if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MyST make them."""
    text = re.sub(r"^(`{3,}).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


ALL = [(pages.name_of(page), page, target) for page in pages.PAGES for target in links(page)]


@pytest.mark.parametrize(("name", "page", "target"), ALL)
def test_a_link_leads_somewhere(name: str, page: Path, target: str) -> None:
    file, _, anchor = target.partition("#")
    where = page.parent / file if file else page
    assert where.is_file(), f"{name} links to {file}, which is not there"
    assert not anchor or anchor in anchors(where), f"{name}: {where.name} has no #{anchor}"


@pytest.mark.parametrize("page", sorted(pages.DOCS.glob("*.md")), ids=lambda page: page.name)
def test_a_page_links_only_to_pages_of_the_site(page: Path) -> None:
    # The site is built from docs/ alone; what lies outside is named, not linked.
    assert [target for target in links(page) if target.startswith("..")] == []


def test_every_page_is_listed_in_the_course() -> None:
    from kit.course import load_course

    listed = {lesson.path for lesson in load_course(pages.DOCS).lessons}
    written = [*pages.DOCS.glob("*.md"), *pages.DOCS.glob("components/*.md")]
    assert listed == {page.relative_to(pages.DOCS).as_posix() for page in written}

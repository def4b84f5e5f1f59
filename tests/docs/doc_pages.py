"""The pages that say something about kit, and what they show: commands, links, code blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PAGES = (
    REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", REPOSITORY / "CHANGELOG.md",
    REPOSITORY / "course_template" / "_common" / "README.md.jinja", *sorted(DOCS.glob("*.md")),
    *sorted(DOCS.glob("components/*.md")),
)

_INLINE = re.compile(r"(?<!`)`(kit [^`]+)`(?!`)")
_BLOCK = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    """A page as a test's id shows it."""
    return page.relative_to(REPOSITORY).as_posix()


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks in a language."""
    return [match[3] for match in _BLOCK.finditer(_dedented(text)) if match[2] == language]


def _dedented(text: str) -> str:
    """Fences inside a list item start at the left, so that one pattern finds them all."""
    return re.sub(r"^ +(?=```)", "", text, flags=re.MULTILINE)


def typed(text: str) -> Iterator[str]:
    """Every whole command line that starts with `kit`, as a reader would type it."""
    for line in text.splitlines():
        shown = line.strip()
        is_block = line.startswith(("$ ", "    ", "   $ ", "  $ ")) or shown.startswith("$ ")
        if not is_block:
            continue
        for part in shown.removeprefix("$ ").split("&&"):
            command = re.split(r"\s{2,}| > | # ", part.strip())[0]
            if re.match(r"kit [a-z-]", command):
                yield command


def mentioned(text: str) -> Iterator[str]:
    """Commands named inside a sentence; these may leave arguments out."""
    for match in _INLINE.finditer(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
        yield " ".join(match[1].split())


def words(command: str) -> list[str]:
    """The arguments after `kit`."""
    return shlex.split(command)[1:]

"""What `course.yml` says is text: put on a page so that none of it is markup."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_FENCE = "``````"

SCROLLS = '<div class="pst-scrollable-table-container">'
"""What opens around a table, which then scrolls by itself on a narrow screen."""


def literal(text: str) -> str:
    """Text as Markdown that shows it to the letter, on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each as `literal` makes it."""
    return [made for part in re.split(r"\n\s*\n", text.strip()) if (made := literal(part))]


def escaped(text: str) -> str:
    """Text inside HTML or an attribute of it, on one line; also safe inside a Markdown fence."""
    return html.escape(" ".join(text.split())).replace("`", "&#96;")


def raw(markup: str) -> str:
    """HTML as a part of a Markdown page."""
    return f"{_FENCE}{{raw}} html\n{markup}\n{_FENCE}\n"


def href(address: str, text: str) -> str:
    """A link to an address inside the site, from a page at its top."""
    return f'<a href="{escaped(quote(address))}">{escaped(text)}</a>'

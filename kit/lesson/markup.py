"""What an author writes in a component, as HTML that holds nothing else.

Texts know **bold**, *emphasis*, `code`, $mathematics$, [links](https://example.org) and blank
lines between paragraphs; whatever else they hold is shown as it stands. An object with a
`_repr_html_` (a figure, a table, IPython's HTML) is the author's own HTML, and taken as it is.
"""

from __future__ import annotations

import html
import re
from typing import Any

_CODE = re.compile(r"`([^`\n]+)`")
_MATH = re.compile(r"(?<![\\\w$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?![\w$])")
_BOLD = re.compile(r"\*\*(?!\s)(.+?)(?<!\s)\*\*", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![*\w])\*(?![\s*])(.+?)(?<![\s*])\*(?![*\w])", re.DOTALL)
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_SAFE = re.compile(r"(?:https?://|mailto:|#|\.{0,2}/|[\w.-]+(?:/|\.html|\.md|#|$))", re.IGNORECASE)
_KEPT = re.compile("\x00(\\d+)\x00")


def html_of(text: Any) -> str:
    """A text or an object of the author's as HTML, in paragraphs.

    Raises TypeError for what is neither text nor shows itself as HTML.
    """
    own = _own(text)
    if own is not None:
        return own
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.strip())]
    return "".join(f"<p>{inline(part)}</p>" for part in parts if part)


def inline(text: Any) -> str:
    """A text as HTML within a line."""
    own = _own(text)
    if own is not None:
        return own
    kept: list[str] = []

    def keep(markup: str) -> str:
        kept.append(markup)
        return f"\x00{len(kept) - 1}\x00"

    text = text.replace("\x00", "")
    text = _CODE.sub(lambda found: keep(f"<code>{html.escape(found[1])}</code>"), text)
    text = _MATH.sub(
        lambda found: keep(f'<span class="math">\\({html.escape(found[1])}\\)</span>'), text)
    text = _LINK.sub(lambda found: keep(_link(found[1], found[2])), text)
    text = html.escape(text, quote=False)
    text = _BOLD.sub(r"<strong>\1</strong>", text)
    text = _EMPHASIS.sub(r"<em>\1</em>", text)
    return _KEPT.sub(lambda found: kept[int(found[1])], text)


def plain(text: Any) -> str:
    """A text without its markup, on one line: for names and for screen readers."""
    shown = re.sub(r"<[^>]*>", "", html_of(text)).replace("\\(", "").replace("\\)", "")
    return " ".join(html.unescape(shown).split())


def _own(text: Any) -> str | None:
    """The HTML of an object that shows itself so; None for a text."""
    if isinstance(text, str):
        return None
    show = getattr(text, "_repr_html_", None)
    found = show() if callable(show) else None
    if not isinstance(found, str):
        raise TypeError(f"text, or an object that shows itself as HTML, is needed; not {text!r}")
    return found


def _link(words: str, target: str) -> str:
    if not _SAFE.match(target):
        return html.escape(f"[{words}]({target})")
    return f'<a href="{html.escape(target)}">{html.escape(words)}</a>'

"""What a page says of itself to search engines, and to whoever links to it."""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes

from kit.language import language_of
from kit.model import Course
from kit.site.model import Page
from kit.site.pages.foot import page_address

_LONGEST = 160
"""Characters of a description; more is cut by whoever shows it."""


def heads(course: Course, pages: tuple[Page, ...], picture: str) -> dict[str, Any]:
    """What all pages need for their heads; plain data. `picture` is an address in the site."""
    site = course.site
    return {
        "site": course.title,
        "locale": language_of(course).territorial,
        "description": _cut(course.description),
        "addresses": {page.docname: page_address(site, page.docname) for page in pages}
        if site.url else {},
        "picture": f"{site.url}/{picture}" if site.url and picture else "",
    }


def head(known: dict[str, Any], pagename: str, title: str, doctree: Any, metatags: str) -> str:
    """The tags of one page. What the author's own `html_meta` says is not said again."""
    front = pagename == "index"
    text = known["description"] if front else _first_words(doctree)
    text = text or known["description"]
    address = known["addresses"].get(pagename, "")
    own = 'name="description"' in metatags
    tags = [] if own or not text else [_tag("name", "description", text)]
    tags += [_tag("property", "og:title", known["site"] if front else title),
             _tag("property", "og:type", "website" if front else "article"),
             _tag("property", "og:site_name", known["site"])]
    if known["locale"]:
        tags.append(_tag("property", "og:locale", known["locale"]))
    if text:
        tags.append(_tag("property", "og:description", text))
    if address:
        tags += [f'<link rel="canonical" href="{html.escape(address)}">',
                 _tag("property", "og:url", address)]
    if known["picture"]:
        tags.append(_tag("property", "og:image", known["picture"]))
    return "\n".join(tags)


def _tag(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(value)}">'


def _first_words(doctree: Any) -> str:
    """The first paragraph of a page's text."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree is not None else ():
        inside = isinstance(paragraph.parent, nodes.section) or (
            isinstance(paragraph.parent, nodes.container)
            and isinstance(paragraph.parent.parent, nodes.section)
            and "cell" not in paragraph.parent.get("classes", ()))
        text = _cut("".join(
            str(node) for node in paragraph.findall(nodes.Text)
            if not isinstance(node.parent, nodes.raw | nodes.comment)))
        if inside and text:
            return text
    return ""


def _cut(text: str) -> str:
    """Text on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST:
        return line
    return line[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"

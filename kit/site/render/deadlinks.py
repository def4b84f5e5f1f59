"""Links and anchors inside the built site that lead nowhere. Other sites are never asked."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from kit.model import Course
from kit.site.model import Page

_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_LINK = re.compile(r"""\s(?:href|src|poster)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_NAME = re.compile(r"""\s(?:id|name)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
DEAD = "[site.link]"
"""How a line of these ends, as Sphinx's own end in their kind."""

_SKIPPED = ("_static/", "_downloads/", "files/")
_MADE_BY_SCRIPTS = frozenset({"", "top"})


def dead_links(
    course: Course, made: Path, pages: Sequence[Page], said: Sequence[str]
) -> tuple[str, ...]:
    """A line for each link of the site in `made` that leads nowhere, with file and line where
    they are known. `said` are Sphinx's own warnings: what they name is not told again."""
    texts = {path.relative_to(made).as_posix(): path.read_text(encoding="utf-8")
             for path in sorted(made.rglob("*.html"))}
    tags = {name: _TAG.findall(_SCRIPT.sub("", text)) for name, text in texts.items()
            if not name.startswith(_SKIPPED) and name != "404.html"}
    names = {page: frozenset(_values(_NAME, found)) for page, found in tags.items()}
    origins = {f"{page.docname}.html": page.origin for page in pages}
    found = []
    for page, its in tags.items():
        for link in dict.fromkeys(_values(_LINK, its)):
            why = _why(made, names, page, link)
            if why and not _told(said, page, link):
                where = _where(course, origins.get(page, ""), page, link)
                found.append(f"{where}: {why} {DEAD}")
    return tuple(found)


def _values(pattern: re.Pattern[str], tags: Sequence[str]) -> Iterator[str]:
    for tag in tags:
        for value in pattern.findall(tag):
            yield html.unescape(value[1:-1])


def _why(made: Path, names: dict[str, frozenset[str]], page: str, link: str) -> str:
    """Why a link leads nowhere; empty where it leads somewhere, or out of the site."""
    if _ELSEWHERE.match(link):
        return ""
    path, _, anchor = link.partition("#")
    path = unquote(path.partition("?")[0])
    target = page
    if path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if path.startswith("/") or target.startswith(".."):
            return f"the link {link!r} leads out of the site"
        if (made / target).is_dir():
            target = posixpath.join(target, "index.html")
        if not (made / target).is_file():
            return f"the link {link!r} leads to no page or file of the site"
    anchor = unquote(anchor)
    if not path and anchor.endswith((".md", ".ipynb")):  # what a page that is not there becomes
        return f"the link {anchor!r} leads to no page of the site"
    if anchor in _MADE_BY_SCRIPTS or target not in names or anchor in names[target]:
        return ""
    return f"the link {link!r} leads to no place on {target}"


def _told(said: Sequence[str], page: str, link: str) -> bool:
    docname = page.removesuffix(".html")
    target = link.partition("#")[2] or link
    return any(line.startswith(docname) and (link in line or target in line) for line in said)


def _where(course: Course, origin: str, page: str, link: str) -> str:
    """The author's file and line where the link stands, else the page."""
    path = course.root / origin
    if not origin.endswith(".md") or not path.is_file():
        return origin if origin and origin != "course.yml" else page
    anchor = link.partition("#")[2]
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for wanted in filter(None, (link, anchor and f"#{anchor}", anchor)):
        for number, line in enumerate(lines, 1):
            if wanted in line:
                return f"{origin}:{number}"
    return origin

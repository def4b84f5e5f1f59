"""The pages of a built site bound into one document, to be printed as a book."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from kit.language import Language, language_of
from kit.model import Course
from kit.site.model import Page
from kit.site.pages.homework import group_of
from kit.site.pdf.chapter import BACK, Binding, Chapter, Places, article_of, resolved

_STYLE = Path(__file__).parents[1] / "theme" / "book.css"
_STATE = "application/vnd.jupyter.widget-state+json"
_SCRIPTS = ("widgets.js", "mathjax/tex-chtml.js")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_POLICY = ("default-src 'none'; img-src 'self' data:; font-src 'self' data:; "
           "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
           "connect-src 'self'; base-uri 'none'; form-action 'none'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The whole book as HTML, its chapters, its headings, and what could not be taken into it."""

    html: str
    chapters: tuple[Chapter, ...]
    headings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def bind(course: Course, pages: Sequence[Page], folder: Path) -> Bound:
    """Bind the pages whose HTML is in `folder`: in reading order, homework last.

    The document refers to files below `folder` alone; a warning names what stayed out.
    """
    words, homework = language_of(course), group_of(course)
    printed = [page for page in pages if page.printed]
    ordered = [*(page for page in printed if page.group != homework),
               *(page for page in printed if page.group == homework)]
    soups = {page.docname: BeautifulSoup(
        (folder / f"{page.docname}.html").read_text(encoding="utf-8"), "html.parser")
        for page in ordered}
    places = Places(
        anchors={page.docname: f"c{number}" for number, page in enumerate(ordered, 1)},
        ids={name: frozenset(str(tag["id"]) for tag in article_of(soup).find_all(id=True))
             for name, soup in soups.items()},
        url=course.site.url)
    head, warnings, back = _Head(), [], []
    chapters = []
    for page in ordered:
        head.add(soups[page.docname], page.docname)
        binding = Binding(page=page, places=places, words=words)
        chapter = binding.chapter(soups[page.docname])
        chapters.append(chapter)
        warnings += binding.warnings
        if binding.folded:
            back.append(f"<h2>{escape(chapter.title)}</h2>{''.join(binding.folded)}")
    if back:
        at = next((place for place, one in enumerate(chapters) if one.group == homework),
                  len(chapters))
        title = words.say("Hints and answers")
        chapters.insert(at, Chapter(anchor=BACK, title=title, group="More",
                                    html=f"<h1>{escape(title)}</h1>{''.join(back)}"))
    headings = [heading.get_text() for one in chapters
                for heading in BeautifulSoup(one.html, "html.parser").find_all(_HEADINGS)]
    return Bound(html=_document(course, chapters, head), chapters=tuple(chapters),
                 headings=(course.title, *(" ".join(text.split()) for text in headings)),
                 warnings=tuple(warnings))


@dataclass(slots=True, kw_only=True)
class _Head:
    """What the heads of all pages ask for, each once and in order."""

    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    mathjax: str = ""
    widgets: dict[str, Any] = field(default_factory=dict)

    def add(self, soup: BeautifulSoup, docname: str) -> None:
        """Take over what a page's head asks for, as far as paper needs it."""
        for link in soup.select('head link[rel="stylesheet"]'):
            _once(self.styles, resolved(docname, str(link["href"])))
        for script in soup.find_all("script"):
            text, source = script.string or "", str(script.get("src", ""))
            if script.get("type") == _STATE:
                self._add_state(json.loads(text))
            elif urlsplit(source).path.endswith(_SCRIPTS):
                _once(self.scripts, resolved(docname, source))
            elif "window.MathJax" in text:
                self.mathjax = self.mathjax or text

    def _add_state(self, found: dict[str, Any]) -> None:
        """The states of all pages as one: what draws widgets takes a second one for another's."""
        kept = self.widgets.get("state", {})
        self.widgets = {**found, "state": {**kept, **found.get("state", {})}}


def _once(listed: list[str], name: str) -> None:
    if name not in listed:
        listed.append(name)


# ------------------------------------------------------------------------- the document


def _document(course: Course, chapters: Sequence[Chapter], head: _Head) -> str:
    words = language_of(course)
    styles = sorted(head.styles, key=lambda name: name.endswith("/print.css"))  # it goes last
    links = "".join(f'<link rel="stylesheet" href="{escape(name)}">' for name in styles)
    scripts = "".join(f'<script src="{escape(name)}" defer></script>' for name in head.scripts)
    if head.mathjax:
        scripts = f"<script>{head.mathjax}</script>{scripts}"
    if head.widgets:
        state = json.dumps(head.widgets).replace("</", "<\\/")
        scripts += f'<script type="{_STATE}">{state}</script>'
    body = "".join(_section(chapter) for chapter in chapters)
    return (
        f'<!doctype html><html lang="{words.tag}" dir="{words.direction}" data-theme="light"><head>'
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(course.title)}</title>"
        f'<link rel="icon" href="data:,">{links}<style>{_STYLE.read_text(encoding="utf-8")}'
        f"{_pages(course, chapters)}</style>{scripts}</head>"
        f'<body class="book">{_cover(course)}{_contents(chapters, words)}'
        f"<main>{body}</main></body></html>"
    )


def _pages(course: Course, chapters: Sequence[Chapter]) -> str:
    """The size of the sheets, and the running heads: the course on the left, the chapter on the
    right."""
    sheet = "size: letter; margin-block: 18mm" if course.site.paper == "letter" else "size: a4"
    numbered = _numbered(language_of(course))
    rules = [f"@page {{ {sheet}; @bottom-right {{ content: {numbered} }} }}",
             "@page cover { @bottom-right { content: none } }",
             f"@page chapter {{ @top-left {{ content: {_quoted(course.title)} }} }}"]
    for one in chapters:
        rules.append(f"@page {one.anchor} {{ @top-left {{ content: {_quoted(course.title)} }} "
                     f"@top-right {{ content: {_quoted(one.title)} }} }}")
        rules.append(f"#{one.anchor} {{ page: {one.anchor} }}")
    return "\n".join(rules)


def _numbered(words: Language) -> str:
    """The number of a sheet and how many there are, as content for a style sheet."""
    counters = {"\0": "counter(page)", "\1": "counter(pages)"}
    told = re.split("([\0\1])", words.say("{page} of {pages}", page="\0", pages="\1"))
    return " ".join(counters.get(part) or _quoted(part) for part in told if part)


def _quoted(text: str) -> str:
    """A string of CSS that also stands in a style element: all but plain letters as escapes."""
    return '"' + "".join(letter if letter.isalnum() or letter in " .,-" else
                         f"\\{ord(letter):06x}" for letter in text) + '"'


def _cover(course: Course) -> str:
    by = ", ".join(f"{author.name} ({author.affiliation})"
                   if author.affiliation and author.affiliation != course.institution
                   else author.name for author in course.authors)
    words = language_of(course)
    lines = [
        f'<p class="cover-at">{escape(course.institution)}</p>' if course.institution else "",
        f"<h1>{escape(course.title)}</h1>",
        f'<p class="cover-by">{escape(by)}</p>' if by else "",
    ]
    small = []
    if course.start:
        small.append(words.markup("Starts {day}", day=escape(words.day(course.start))))
    if course.licence:
        small.append(words.markup("Licence: {licence}", licence=escape(course.licence)))
    if course.site.url:
        small.append(f'<a class="bare" href="{escape(course.site.url)}">'
                     f"{escape(course.site.url)}</a>")
    rest = "".join(f"<p>{line}</p>" for line in small)
    return (f'<section class="cover">{"".join(lines)}<div class="cover-small">{rest}</div>'
            "</section>")


def _contents(chapters: Sequence[Chapter], words: Language) -> str:
    rows, group = [], None
    for one in chapters:
        heading = "" if one.group in ("Course", "More") else one.group
        if heading != group:
            rows.append(f"</ol>{f'<p>{escape(heading)}</p>' if heading else ''}<ol>")
            group = heading
        rows.append(f'<li><a href="#{one.anchor}"><span>{escape(one.title)}</span>'
                    f'<span class="leader"></span><span class="at" data-at="{one.anchor}">'
                    "</span></a></li>")
    listed = "".join(rows).removeprefix("</ol>")
    title = words.markup("Contents")
    return f'<nav class="book-contents" aria-label="{title}"><h1>{title}</h1>{listed}</ol></nav>'


def _section(chapter: Chapter) -> str:
    eyebrow = f'<p class="eyebrow">{escape(chapter.eyebrow)}</p>' if chapter.eyebrow else ""
    return (f'<section class="chapter" id="{chapter.anchor}" '
            f'data-title="{escape(chapter.title)}">{eyebrow}<article>{chapter.html}</article>'
            "</section>")

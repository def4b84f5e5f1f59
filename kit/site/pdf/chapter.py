"""A page of the built site as a chapter of the book: apart from its frame, and fit for paper.

Ids get a prefix, so that links between pages become links inside the document. Components are in
their static form; hints, answers and what else a page folds away are handed out, to stand at the
end.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from kit.language import Language
from kit.site.lessons.parts import PART
from kit.site.model import Page

BACK = "back"
"""The anchor of the chapter that holds what pages fold away."""

_FRAME = ("noscript", "button", "section:has(> form)", "form", "link", "a.headerlink",
          ".toctree-wrapper", ".screen-only",
          'script:not([type="application/vnd.jupyter.widget-view+json"])')
_PLAYED = ("video", "audio", "iframe", "object", "embed")
_FOLDED = ('details:not(.hide):not([data-part="lecture"] *), :is(.admonition, .solution).dropdown, '
           ".admonition.toggle")
_LONGEST = 100
_LISTED = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
_URL = re.compile(r"url\((['\"]?)#([\w.:-]+)\1\)")
_HASH = re.compile(r"#([A-Za-z_][\w-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter: the id that links lead to, its title, the part it belongs to, and its HTML."""

    anchor: str
    title: str
    html: str
    group: str = ""
    eyebrow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where links may lead: each page's anchor and ids by docname, and the site's address."""

    anchors: Mapping[str, str]
    ids: Mapping[str, frozenset[str]]
    url: str = ""


@dataclass(slots=True, kw_only=True)
class Binding:
    """One page at work. `folded` gathers what goes to the end, `warnings` what was left out."""

    page: Page
    places: Places
    words: Language
    folded: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The chapter's own id, and the prefix of all ids in it."""
        return self.places.anchors[self.page.docname]

    def chapter(self, soup: BeautifulSoup) -> Chapter:
        """The page's article, fit to stand beside those of other pages. Changes `soup`."""
        article = article_of(soup)
        for tag in article.select(", ".join(_FRAME)):
            tag.decompose()
        title = self._title(article)
        for details in article.find_all("details"):
            details["open"] = ""
        for tag in article.find_all(_PLAYED):
            self._played(soup, tag)
        for tag in article.find_all(True):
            self._names(tag)
        for image in article.find_all("img"):
            self._image(soup, image)
        for link in article.find_all("a", href=True):
            self._link(link)
        for part in article.select(f".{PART}"):
            self._part(part)
        for tag in article.select(_FOLDED):
            self._fold(tag)
        for tag in article.select(".highlight span"):
            self._shorten(tag)
        eyebrow = soup.select_one("main > .eyebrow")
        return Chapter(anchor=self.anchor, title=title, group=self.page.group,
                       html=article.decode_contents(),
                       eyebrow=eyebrow.get_text(" ", strip=True) if eyebrow else "")

    def _title(self, article: Tag) -> str:
        """The title; of the home page that follows from course.yml, not the course's again, which
        is on the cover."""
        if self.page.docname != "index" or not article.select_one(".contents"):
            return self.page.title
        for listed in article.select("section:has(> .contents)"):
            listed.decompose()  # the book has contents of its own
        about = self.words.say("About this course")
        if heading := article.find("h1"):
            heading.string = about
        return about

    def _names(self, tag: Tag) -> None:
        """Give ids the chapter's prefix wherever they stand."""
        mine = self.places.ids[self.page.docname]
        if tag.name == "style" and tag.string:
            tag.string = _HASH.sub(
                lambda found: f"#{self.anchor}-{found[1]}" if found[1] in mine else found[0],
                str(tag.string))
        for name, value in list(tag.attrs.items()):
            text = value if isinstance(value, str) else " ".join(value)
            if name == "id":
                tag["id"] = f"{self.anchor}-{text}"
            elif name in _LISTED:
                tag[name] = " ".join(f"{self.anchor}-{one}" if one in mine else one
                                     for one in text.split())
            elif name == "xlink:href" and text[:1] == "#" and text[1:] in mine:
                tag[name] = f"#{self.anchor}-{text[1:]}"
            elif "url(" in text:
                tag[name] = _URL.sub(rf"url(#{self.anchor}-\2)", text)

    def _image(self, soup: BeautifulSoup, image: Tag) -> None:
        source = str(image.get("src", ""))
        if source.startswith("data:"):
            return
        if not urlsplit(source).scheme and not source.startswith("//"):
            image["src"] = quote(resolved(self.page.docname, source))
            image.attrs.pop("srcset", None)
            image.attrs.pop("loading", None)  # what is not on the screen is printed too
            return
        self.warnings.append(f"{self.page.docname}: the picture {source} is not in the PDF; put "
                             "the file beside the lesson")
        link = soup.new_tag("span" if image.find_parent("a") else "a", href=source)
        link.string = str(image.get("alt") or self.words.say("Picture"))
        image.replace_with(link)

    def _link(self, link: Tag) -> None:
        """A link stays where it leads to the web, or into the book; else it is plain text."""
        href = str(link["href"])
        parts = urlsplit(href)
        if parts.scheme in ("http", "https", "mailto"):
            return
        target = self._inside(parts.path, unquote(parts.fragment))
        if target:
            link["href"] = f"#{target}"
        elif self.places.url and not parts.scheme and not parts.netloc:
            name = resolved(self.page.docname, parts.path) if parts.path else (
                f"{self.page.docname}.html")
            end = f"#{parts.fragment}" if parts.fragment else ""
            link["href"] = f"{self.places.url.rstrip('/')}/{quote(name)}{end}"
        else:
            link.unwrap()

    def _inside(self, path: str, fragment: str) -> str:
        docname = self.page.docname
        if path:
            name = resolved(docname, path)
            docname = name.removesuffix(".html") if name.endswith(".html") else ""
        anchor = self.places.anchors.get(docname, "")
        if anchor and fragment in self.places.ids[docname]:
            return f"{anchor}-{fragment}"
        return "" if fragment and not path else anchor

    def _played(self, soup: BeautifulSoup, tag: Tag) -> None:
        """What plays or runs elsewhere is named, with its address where it has one."""
        source = str(tag.get("src") or tag.get("data") or "")
        if not urlsplit(source).scheme and self.places.url:
            source = f"{self.places.url.rstrip('/')}/{quote(self.page.docname)}.html"
        note = soup.new_tag("p", attrs={"class": "elsewhere"})
        note.string = (
            self.words.say("The video is on the course's site") if tag.name == "video" else
            self.words.say("The recording is on the course's site") if tag.name == "audio" else
            self.words.say("This part is on the course's site"))
        if urlsplit(source).scheme in ("http", "https"):
            note.append(": ")
            link = soup.new_tag("a", href=source, attrs={"class": "bare"})
            link.string = source
            note.append(link)
        note.append(".")
        tag.replace_with(note)

    def _part(self, part: Tag) -> None:
        """A component: its question is no heading of the book, and nothing in it is alive."""
        for attribute in ("data-spec", "data-math"):
            part.attrs.pop(attribute, None)
        for tag in part.find_all(["h3", "h4"]):
            tag["class"], tag.name = f"cp-{tag.name}", "p"
        for cards in part.select("dl.cp-static"):
            title = self.words.markup("Backs of the cards")
            backs = f"<details><summary>{title}</summary>{cards}</details>"
            cards.insert_after(BeautifulSoup(backs, "html.parser"))
            for back in cards.find_all("dd"):
                back.decompose()

    def _fold(self, tag: Tag) -> None:
        """What a page folds away goes to the end; its title stays, with the page to turn to."""
        if tag.find_parent(class_="folded") or tag.parent is None:
            return
        name = f"{self.anchor}-folded-{len(self.folded) + 1}"
        title = tag.find("summary") or tag.find(class_="admonition-title")
        words = (title.get_text(" ", strip=True) if isinstance(title, Tag) else
                 self.words.say("More"))
        if isinstance(title, Tag):
            title.decompose()
        asked = tag.find_parent(class_=PART)
        question = asked.find(class_="cp-h3") if asked else None
        above = f"{question.decode_contents()} " if isinstance(question, Tag) else ""
        there, here = (self.words.markup("page {number}", number=f'<span data-at="{at}"></span>')
                       for at in (name, f"{name}-from"))
        note = BeautifulSoup(
            f'<p class="to-the-end" id="{name}-from"><a href="#{name}">{escape(words)} '
            f"({there})</a></p>", "html.parser")
        tag.replace_with(note)
        self.folded.append(
            f'<div class="folded" id="{name}"><p class="folded-title">{above}'
            f'<span>{escape(words)}</span> '
            f'<a href="#{name}-from">({here})</a></p>'
            f"{tag.decode_contents()}</div>")

    def _shorten(self, tag: Tag) -> None:
        """A text in code that nobody can read, such as a sealed test, is cut."""
        text = tag.get_text()
        if len(text) > _LONGEST and not any(letter.isspace() for letter in text):
            tag.string = f"{text[:12]}...{text[-1]}"


def article_of(soup: BeautifulSoup) -> Tag:
    """The text of a page."""
    return soup.select_one("main article") or soup.new_tag("article")


def resolved(docname: str, address: str) -> str:
    """An address in a page as a path from the root of the site."""
    path = unquote(urlsplit(address).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(docname), path))

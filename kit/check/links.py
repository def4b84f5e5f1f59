"""E30x: links, images and citations that lead somewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from kit import notebook as nb
from kit.check.context import Context
from kit.check.markdown import Marks, Reference, glossary_terms, marks, term_key
from kit.check.pages import text_blocks
from kit.check.registry import Check, check, found
from kit.errors import NotebookError, nearest
from kit.model import Finding

_ELSEWHERE = re.compile(r"^([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_SUFFIXES = ("", ".md", ".ipynb")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A piece of Markdown, where it stands, and the folder that its paths start from."""

    path: str
    folder: Path
    cell: str
    first: int | None
    marks: Marks

    def line(self, reference: Reference) -> int:
        return reference.line + (self.first or 1) - 1


def _texts(context: Context) -> Iterator[_Text]:
    root = context.course.root
    for page in context.pages:
        for block in page.blocks:
            if block.kind == "markdown":
                yield _Text(path=page.path, folder=(root / page.path).parent, cell=block.name,
                            first=block.line, marks=marks(block.source))
    for _, paper in context.papers:
        for _place, name, cell, _ in paper.cells("solved"):
            if cell["cell_type"] == "markdown":
                yield _Text(path=paper.path, folder=(root / paper.path).parent, cell=name,
                            first=None, marks=marks(nb.source(cell)))


def _references(context: Context, *kinds: str) -> Iterator[tuple[_Text, Reference]]:
    for text in _texts(context):
        for reference in text.marks.references:
            if reference.kind in kinds:
                yield text, reference


@check("E304", "a link leads to no file")
def broken_links(context: Context) -> Iterator[Finding]:
    """A link to a file of the course whose file is not there. Paths start from the folder of
    the page; a page may be named without its suffix. Addresses of other sites are not tried."""
    labels = _labels(context)
    for text, link in _references(context, "link", "doc"):
        target, _, _ = link.target.partition("#")
        if not target or _ELSEWHERE.match(target) or target in labels:
            continue
        if _file(context, text, target) is None:
            yield found("E304", text.path, f"the link {link.target!r} leads to no file",
                        cell=text.cell, line=text.line(link), hint=_near(text, target))


@check("E305", "a link leads to no heading or label")
def broken_anchors(context: Context) -> Iterator[Finding]:
    """A link to a place in a page (`page.md#heading`, `#heading`) or a `{ref}` whose heading or
    label does not exist. The anchor of a heading is its text in small letters, blanks as `-`."""
    labels = _labels(context)
    for text, link in _references(context, "link", "label"):
        target, mark, anchor = link.target.partition("#")
        if link.kind == "label":
            target, anchor = "", link.target
        elif not mark or not anchor or _ELSEWHERE.match(link.target):
            continue
        file = _file(context, text, target) if target else context.course.root / text.path
        known = labels | (_anchors(file) if file else frozenset())
        if file is not None and unquote(anchor) not in known:
            near = ", ".join(nearest(anchor, sorted(known))[:3])
            yield found("E305", text.path, f"there is no heading or label {anchor!r}",
                        cell=text.cell, line=text.line(link),
                        hint=f"nearest: {near}" if near else "")


@check("E306", "an image is missing")
def missing_images(context: Context) -> Iterator[Finding]:
    """An image of the course whose file is not there. Paths start from the folder of the page."""
    for text, image in _references(context, "image"):
        if _ELSEWHERE.match(image.target):
            continue
        if not image.target or _file(context, text, image.target, suffixes=("",)) is None:
            yield found("E306", text.path, f"the image {image.target!r} is missing",
                        cell=text.cell, line=text.line(image),
                        hint=_near(text, image.target))


@check("W307", "an image has no description")
def no_alt_text(context: Context) -> Iterator[Finding]:
    """Who cannot see an image gets its alternative text: `![what it shows](file.png)`, or
    `:alt:` in a figure. Say what the image says, not that it is one."""
    for text, image in _references(context, "image"):
        if not image.alt:
            yield found("W307", text.path, f"the image {image.target!r} has no description",
                        cell=text.cell, line=text.line(image),
                        hint="write what it shows: ![Sales by month, rising](sales.png)")


@check("E308", "a citation is not in references.bib")
def unknown_citations(context: Context) -> Iterator[Finding]:
    """A `{cite}` whose key no entry of `references.bib` has."""
    bibliography = context.course.root / "references.bib"
    keys = set(re.findall(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,",
                          bibliography.read_text(encoding="utf-8", errors="replace"),
                          re.MULTILINE)) if bibliography.is_file() else set()
    for text, cited in _references(context, "cite"):
        if cited.target not in keys:
            near = ", ".join(nearest(cited.target, sorted(keys))[:3])
            yield found("E308", text.path, f"references.bib has no entry {cited.target!r}",
                        cell=text.cell, line=text.line(cited),
                        hint=f"nearest: {near}" if near else "add references.bib")


@check("E309", "a term is not in the glossary")
def unknown_terms(context: Context) -> Iterator[Finding]:
    """A `{term}` that neither `glossary.md` nor a lesson defines in a `{glossary}`: its link
    would lead nowhere, and no definition would be shown."""
    known = frozenset[str]()
    path = context.course.root / "glossary.md"
    texts = [path.read_text(encoding="utf-8", errors="replace")] if path.is_file() else []
    texts += [block.source for page in context.pages for block in page.blocks
              if block.kind == "markdown"]
    for text in texts:
        known |= glossary_terms(text)
    for place, term in _references(context, "term"):
        if term_key(term.target) not in known:
            near = ", ".join(nearest(term.target, sorted(known))[:3])
            yield found("E309", place.path, f"the glossary has no term {term.target!r}",
                        cell=place.cell, line=place.line(term),
                        hint=f"nearest: {near}" if near else "define it in glossary.md, in a "
                        "{glossary}")


def _labels(context: Context) -> frozenset[str]:
    return frozenset(label for text in _texts(context) for label in text.marks.labels)


def _file(context: Context, text: _Text, target: str, suffixes: tuple[str, ...] = _SUFFIXES
          ) -> Path | None:
    """The file of the course that a target means, or None."""
    target = unquote(target)
    base = context.course.root if target.startswith("/") else text.folder
    for suffix in suffixes:
        path = base / f"{target.lstrip('/')}{suffix}"
        if path.exists():
            return path
    page = _homework(context, base / target.lstrip("/"))
    if page is not None:
        return page
    if target.endswith(".html"):
        return _file(context, text, target.removesuffix(".html"))
    return None


def _homework(context: Context, path: Path) -> Path | None:
    """The source of a page of homework, which the site has at homework/<assignment>/."""
    relative = Path(os.path.relpath(path, context.course.root)).with_suffix("").parts
    for assignment in context.course.assignments:
        for name in assignment.notebooks:
            if relative == ("homework", assignment.name, name):
                return context.course.root / "source" / assignment.name / f"{name}.ipynb"
    return None


@lru_cache(maxsize=512)
def _marks_of(path: Path, _modified: float) -> Marks:
    try:
        if path.suffix == ".ipynb":
            cells = nb.read(path)["cells"]
            text = "\n\n".join(nb.source(c) for c in cells if c["cell_type"] == "markdown")
        else:
            blocks = text_blocks(nb.decode(path.read_bytes(), name=path.name))
            text = "\n\n".join(block.source for block in blocks if block.kind == "markdown")
    except NotebookError:
        text = ""
    return marks(text)


def _anchors(path: Path) -> frozenset[str]:
    if path.suffix not in (".md", ".ipynb"):
        return frozenset()
    found_marks = _marks_of(path, path.stat().st_mtime)
    return found_marks.anchors | found_marks.labels


def _near(text: _Text, target: str) -> str:
    name = Path(target).name
    folder = text.folder
    there = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))
             if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:])]
    near = nearest(name, there)[:3]
    return f"nearest: {', '.join(near)}" if near else "paths start from the folder of the page"


CHECKS: tuple[Check, ...] = (broken_links, broken_anchors, missing_images, no_alt_text,
                             unknown_citations, unknown_terms)

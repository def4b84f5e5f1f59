"""Links, images, labels and headings in Markdown and MyST, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:+-]+)\})?\s*(.*)$")
_OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
_INLINE_CODE = re.compile(r"(?<![`\}])(`+)(?!`).*?(?<!`)\1(?!`)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'(].*?[\"')])?\s*\)")
_LINK = re.compile(
    r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'(].*?[\"')])?\s*\)"
)
_DEFINITION = re.compile(r"^\s{0,3}\[[^\]^]+\]:\s*<?(\S+?)>?(?:\s|$)")
_HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_HTML_LINK = re.compile(r"<a\b[^>]*\bhref=[\"']([^\"']+)[\"']", re.IGNORECASE)
_ATTRIBUTE = r"\b{}=[\"']([^\"']*)[\"']"
_ROLE = re.compile(
    r"(?<!`)\{(ref|numref|eq|doc|download|term|prf:ref)\}`(?:[^`<]*<([^`>]+)>|([^`<]+))`")
_CITE = re.compile(r"(?<!`)\{cite(?::\w+)?\}`([^`]+)`")
_TARGET = re.compile(r"^\s*\(([^()\s]+)\)=\s*$")
_IDS = re.compile(r"\{[^}]*#([\w:.-]+)[^}]*\}|\bid=[\"']([^\"']+)[\"']|\$\$\s*\(([^)\s]+)\)")
_HEADING = re.compile(r"^\s{0,3}#{1,3}\s+(.*?)\s*#*\s*$")  # the site anchors three levels
_FILES = frozenset({"figure", "image", "literalinclude", "include"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Something that the text points to. `kind`: link, image, doc, label, term or cite; `alt`
    is None for what is not an image."""

    kind: str
    target: str
    line: int
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a piece of Markdown points to, and what can be pointed to in it."""

    references: tuple[Reference, ...]
    labels: frozenset[str]
    anchors: frozenset[str]


@lru_cache(maxsize=2048)
def marks(text: str) -> Marks:
    """The references, labels and heading anchors of a text; fenced code is left out."""
    references: list[Reference] = []
    labels: set[str] = set()
    anchors: set[str] = set()
    for number, line, directive, argument in _lines(text):
        if directive in _FILES:
            references.append(_directive(text, number, directive, argument))
            continue
        option = _OPTION.match(line)
        if option and option[1] in ("name", "label"):
            labels.add(option[2].strip())
        if target := _TARGET.match(line):
            labels.add(target[1])
        plain = _INLINE_CODE.sub(lambda match: " " * len(match.group()), line)
        labels |= {next(filter(None, found)) for found in _IDS.findall(plain)}
        if heading := _HEADING.match(line):
            anchors.add(_unique(slug(heading[1]), anchors))
        references += _inline(plain, line, number)
    return Marks(references=tuple(references), labels=frozenset(labels),
                 anchors=frozenset(anchors))


def _lines(text: str) -> Iterator[tuple[int, str, str, str]]:
    """(number from 1, line, directive that opens here, its argument) outside code."""
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):
        fence = _FENCE.match(line)
        if closing:
            if fence and not fence[2] and not fence[3] and fence[1].startswith(closing):
                closing = ""
            continue
        if fence is None:
            yield number, line, "", ""
        elif fence[2]:
            if fence[2] in ("code", "code-block", "code-cell", "math", "mermaid"):
                closing = fence[1]
                if fence[2] == "math":
                    closing = ""
                    yield number, "", "", ""
                continue
            yield number, "", fence[2], fence[3].strip()
        elif fence[1][0] != ":" and (fence[3] or _opens(text, number)):
            closing = fence[1]


def _opens(text: str, number: int) -> bool:
    """Whether a bare fence opens code: the number of fences above it that are still open."""
    depth = 0
    for line in text.split("\n")[: number - 1]:
        fence = _FENCE.match(line)
        if fence and fence[1][0] != ":":
            depth = depth - 1 if depth and not fence[2] and not fence[3] else depth + 1
    return depth == 0


def _directive(text: str, number: int, directive: str, argument: str) -> Reference:
    alt = ""
    for line in text.split("\n")[number:]:
        option = _OPTION.match(line)
        if option is None:
            break
        if option[1] == "alt":
            alt = option[2].strip()
    picture = directive in ("figure", "image")
    return Reference(kind="image" if picture else "link", target=argument, line=number,
                     alt=alt if picture else None)


def _inline(plain: str, line: str, number: int) -> Iterator[Reference]:
    for match in _IMAGE.finditer(plain):
        yield Reference(kind="image", target=match[2], alt=match[1].strip(), line=number)
    for match in _LINK.finditer(plain):
        yield Reference(kind="link", target=match[1], line=number)
    if definition := _DEFINITION.match(plain):
        yield Reference(kind="link", target=definition[1], line=number)
    for tag in _HTML_IMAGE.findall(plain):
        source = re.search(_ATTRIBUTE.format("src"), tag, re.IGNORECASE)
        alt = re.search(_ATTRIBUTE.format("alt"), tag, re.IGNORECASE)
        yield Reference(kind="image", target=source[1] if source else "", line=number,
                        alt=alt[1].strip() if alt else "")
    for match in _HTML_LINK.finditer(plain):
        yield Reference(kind="link", target=match[1], line=number)
    for match in _ROLE.finditer(line):
        kind = {"doc": "doc", "download": "link", "term": "term"}.get(match[1], "label")
        yield Reference(kind=kind, target=(match[2] or match[3]).strip(), line=number)
    for match in _CITE.finditer(line):
        for key in match[1].split(","):
            yield Reference(kind="cite", target=key.strip(), line=number)


def glossary_terms(text: str) -> frozenset[str]:
    """The terms that `{glossary}` directives of a text define, in small letters."""
    found: set[str] = set()
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if not fence:
            fence = mark[1] if mark and mark[2] == "glossary" else ""
        elif mark and mark[1].startswith(fence) and not mark[3]:
            fence = ""
        elif line.strip() and not line[0].isspace() and not _OPTION.match(line):
            found.add(term_key(line.split(" : ")[0]))
    return frozenset(found)


def term_key(term: str) -> str:
    """A term as a glossary finds it: without emphasis, whatever its letters' case."""
    return re.sub(r"[*`]", "", term).strip().lower()


def slug(heading: str) -> str:
    """The anchor that GitHub and MyST give a heading."""
    text = re.sub(r"\{[\w:+-]+\}`([^`<]*)(?:<[^>]*>)?`", r"\1", heading)
    text = re.sub(r"[`*]|!?\[([^\]]*)\]\([^)]*\)", r"\1", text).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _unique(anchor: str, taken: set[str]) -> str:
    if anchor not in taken:
        return anchor
    return next(f"{anchor}-{n}" for n in range(1, len(taken) + 2) if f"{anchor}-{n}" not in taken)

"""The page of licences: of the course's content, and of the code that its pages bring along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import metadata
from pathlib import Path

from kit.language import Language, language_of
from kit.model import Course
from kit.site.words import SCROLLS, escaped, literal, raw

_NOTICE = Path(__file__).parents[1] / "vendor" / "NOTICE.txt"
_ROW = re.compile(r"^(?P<name>\S+) (?P<version>\S+)  \((?P<licence>[^)]+)\)$", re.MULTILINE)
_PART = re.compile(r"^-{78}\n(?P<head>[^\n]+)\n-{78}\n\n", re.MULTILINE)
# What the pages' own scripts and styles are made of beside what npm brings.
_FROM_PYTHON = ("coursewright", "Sphinx", "sphinx-copybutton", "sphinx-design",
                "sphinx-togglebutton", "myst-nb", "Pygments")
_TEXT = re.compile(r"(^|/)(licen[cs]e|copying)[^/]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something of others that a site contains; `licence` is empty where its text alone says it,
    `text` where its licence stands with another piece."""

    name: str
    version: str
    licence: str
    text: str = ""


def licences(course: Course) -> str:
    """The page as Markdown."""
    # Legal texts hold every word: they would be found whatever one searches.
    words = language_of(course)
    title = words.say("Licences of what this site contains")
    parts = [f"---\nnosearch: true\n---\n\n# {title}\n"]
    if course.licence:
        parts.append(words.say(
            "The content of the course is licensed under {licence}. Quotations and pictures of "
            "others stay theirs, as the pages say.", licence=literal(course.licence)) + "\n")
    parts.append(words.say("The code that shows it is the work of many. Each piece keeps its own "
                           "licence.") + "\n")
    parts.append(raw(_page(pieces(), words)))
    return "\n".join(parts)


@cache
def pieces() -> tuple[Piece, ...]:
    """All pieces, by name."""
    found = {*_from_npm(_NOTICE.read_text(encoding="utf-8")), *_from_python()}
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.version)))


def _from_npm(notice: str) -> Iterator[Piece]:
    heads = list(_PART.finditer(notice))
    texts: dict[str, str] = {}
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        text = notice[head.end() : after.start() if after else None].strip()
        for name in head["head"].split(", "):  # one text may be that of several
            texts[name] = text
    for row in _ROW.finditer(notice[: heads[0].start() if heads else None]):
        text = texts.get(f"{row['name']} {row['version']}") or texts.get(row["name"], "")
        yield Piece(name=row["name"], version=row["version"], licence=row["licence"], text=text)


def _from_python() -> Iterator[Piece]:
    for name in _FROM_PYTHON:
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        texts = [Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()
                 for file in found.files or () if _TEXT.search(file.as_posix())
                 and "dist-info" in file.as_posix()]
        yield Piece(name=found.name, version=found.version, licence=_named(found),
                    text="\n\n".join(texts))


def _named(found: metadata.Distribution) -> str:
    said = found.metadata.json
    stated = str(said.get("license_expression") or said.get("license") or "")
    if stated and "\n" not in stated:
        return stated
    return next((one.rsplit("::", 1)[1].strip() for one in said.get("classifier", [])
                 if one.startswith("License ::")), "")


def _page(found: tuple[Piece, ...], words: Language) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{escaped(one.name)}</th><td>{escaped(one.version)}</td>'
        f"<td>{escaped(one.licence or words.say('see its text'))}</td></tr>" for one in found)
    shared: dict[str, list[str]] = {}
    for one in found:
        if one.text:
            shared.setdefault(one.text, []).append(f"{one.name} {one.version}")
    texts = "\n".join(
        f"<details><summary>{escaped(', '.join(names))}</summary>"
        f"<pre>{_lines(text)}</pre></details>"
        for text, names in shared.items())
    heads = "".join(f'<th scope="col">{one}</th>' for one in (
        words.markup("Piece"), words.markup("Version"), words.markup("Licence")))
    return (f'{SCROLLS}<table class="licences"><thead><tr>{heads}</tr></thead>'
            f"<tbody>\n{rows}\n</tbody></table></div>\n"
            f'<section aria-labelledby="texts"><h2 id="texts">{words.markup("Texts")}</h2>\n'
            f"{texts}\n</section>")


def _lines(text: str) -> str:
    """Text that keeps its lines, and ends no fence around it."""
    return escape(text).replace("`", "&#96;")

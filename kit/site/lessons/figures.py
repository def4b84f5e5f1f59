"""Figures of matplotlib on a page: SVG in the page itself, text as text, colours those of the page.

Lessons run under the style of `kit.lesson.figures`. Where a figure is small enough to stand in the
page as SVG, its colours become the page's own, so that it follows the dark.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from kit.language import ENGLISH, Language
from kit.lesson.figures import STYLE
from kit.lesson.saying import VARIABLE
from kit.notebook import joined

FORMATS = ["png", "svg"]
"""In what form a figure comes, of which a page takes one."""

ARGUMENTS = tuple(f"--InlineBackend.figure_formats={name}" for name in FORMATS)
"""What a kernel is started with, so that it does."""

LARGEST = 150_000
"""A figure whose SVG is longer, in characters, is shown as PNG: each dot is an element."""

_COLOURS = {
    "#1d2329": "ink", "#000000": "ink", "#565f6a": "muted", "#8d8a80": "line", "#dedbd2": "rule",
    "#fdfdfb": "bg", "#ffffff": "bg", "#0b5fa5": "s1", "#c2571a": "s2", "#1a7f4b": "s3",
    "#7a4fa3": "s4", "#8a6d00": "s5", "#b3372b": "wrong", "#8a5a00": "note",
}
_IMAGE = re.compile(r'<img ([^>]*?)src="(?:\.\./)*_images/([\w.-]+\.svg)"([^>]*?)/?>')
_ALT = re.compile(r'\balt="([^"]*)"')
_SIZE = re.compile(r'\bstyle="[^"]*"')
_WORDS = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
_MARK = "Matplotlib v"
_MOST = 14  # words of a figure that a screen reader is told


def environment(language: str) -> dict[str, str]:
    """The variables of a kernel that runs a lesson: ours, with matplotlib's style and the language
    of the course named."""
    return {**os.environ, "MATPLOTLIBRC": str(STYLE), VARIABLE: language}


def without_large(cells: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cells in which a figure that is too large for a page has no SVG, where it has a PNG."""
    return [{**cell, "outputs": [_light(output) for output in cell["outputs"]]}
            if "outputs" in cell else dict(cell) for cell in cells]


def _light(output: Mapping[str, Any]) -> Mapping[str, Any]:
    data = output.get("data", {})
    drawn = joined(data.get("image/svg+xml", ""))
    if len(drawn) <= LARGEST or "image/png" not in data:
        return output
    rest = {kind: value for kind, value in data.items() if kind != "image/svg+xml"}
    return {**output, "data": rest}


def unnamed(words: Language) -> str:
    """What is said of a figure that nobody described."""
    return words.say("Figure drawn by the code above")


def inline(body: str, images: Mapping[str, Path], words: Language = ENGLISH) -> str:
    """A page's HTML with the SVG of matplotlib's figures in it. `images` are files by name."""
    number = 0

    def drawn(found: re.Match[str]) -> str:
        nonlocal number
        path = images.get(found[2])
        text = path.read_text(encoding="utf-8", errors="replace") if path else ""
        if _MARK not in text or len(text) > LARGEST:
            return found[0]
        number += 1
        alt = _ALT.search(found[1] + found[3])
        size = _SIZE.search(found[1] + found[3])
        return as_part_of_page(text, f"figure-{number}", unescape(alt[1]) if alt else "",
                               size[0] if size else "", words)

    return _IMAGE.sub(drawn, body)


def as_part_of_page(
    text: str, name: str, alt: str = "", size: str = "", words: Language = ENGLISH
) -> str:
    """An SVG of matplotlib as an element of a page; `name` begins its ids, `alt` tells of it.

    `size` is a style attribute with the width that the author wants.
    """
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"-?\d+\.\d{3,}", _short, text)
    used = set(re.findall(r"#([A-Za-z_][\w.-]*)", text))
    text = re.sub(r' id="([^"]*)"',
                  lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", text)
    text = re.sub(r'(href="|url\()#', rf"\1#{name}-", text)
    text = re.sub(r"(font(?:-family)?: [^;\"]*?)'[^;\"]*", r"\1var(--sans)", text)
    for colour, variable in _COLOURS.items():
        text = re.sub(f"(?<=: ){colour}", f"var(--{variable})", text, flags=re.IGNORECASE)
    text = re.sub(r"<text ([^>]*)style=\"(?![^\"]*fill:)", r'<text \1style="fill: var(--ink); ',
                  text)
    text = re.sub(r"<use (?![^>]*style=)", '<use style="fill: var(--ink)" ', text)
    told = escape(alt if alt and alt != unnamed(words) else _told(text, words))
    size = f" {size}" if size else ""
    text = re.sub(r'(<svg [^>]*?) ?height="[^"]*"', r"\1", text, count=1)
    text = text.replace("<svg ", f'<svg class="drawn" role="img" aria-label="{told}"{size} ', 1)
    drawn = re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", text)).strip()
    return f'<span class="figure-box">{drawn}</span>'


def _short(found: re.Match[str]) -> str:
    """A number as exact as can be seen: hundredths of a point; of a scale, four digits."""
    value = float(found[0])
    return f"{round(value, 2):.7g}" if abs(value) >= 1 else f"{value:.4g}"


def _told(text: str, words: Language) -> str:
    """What stands in a figure, for who cannot see it and got no other words."""
    said = [" ".join(unescape(re.sub("<[^>]*>", "", one)).split()) for one in _WORDS.findall(text)]
    named = list(dict.fromkeys(one for one in said if re.search(r"[^\W\d_]{2}", one)))
    return words.say("Figure drawn by the code above: {named}",
                     named=_listed(named)) if named else unnamed(words)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:_MOST]) + (", ..." if len(words) > _MOST else "")

"""Pages that are written as text, without what is the author's alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.course.public import without_comments
from kit.notebook import AUTHOR_TAGS
from kit.site.lessons.notebooks import lesson_notebook
from kit.site.model import Source

_HEADER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KNOWN = ("file_format", "kernelspec", "title", "subtitle", "short_title", "description",
          "keywords", "authors", "license", "numbering", "html_meta", "orphan", "tocdepth",
          "mystnb", "myst")


def public_text(text: str, lesson: Source | None = None) -> str:
    """A page's text without comments, private front matter and the author's own cells.

    A page that has none of them keeps each byte. `lesson` is its cells, where it has code.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    header = _HEADER.match(text)
    body = text[header.end():] if header else text
    top = _front_matter(header[1]) if header else ""
    if lesson is not None and any(tag in body for tag in AUTHOR_TAGS):
        body = _body_of(lesson)
    return top + without_comments(body)


def _front_matter(text: str) -> str:
    """The header with the keys that pages and notebooks know, in its own words where it can be."""
    import yaml

    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError:
        return ""
    if not isinstance(said, Mapping):
        return ""
    known = {key: said[key] for key in said if key in _KNOWN}
    if "jupytext" in said and "file_format" not in known:
        known = {"file_format": "mystnb", **known}
    if known == said and "#" not in text:
        return f"---\n{text}\n---\n"
    return f"---\n{yaml.safe_dump(known, sort_keys=False, allow_unicode=True)}---\n"


def _body_of(lesson: Source) -> str:
    """The cells for readers as MyST text."""
    import jupytext

    plain: dict[str, Any] = {**lesson_notebook(lesson), "metadata": {}}
    written: str = jupytext.writes(jupytext.reads(_json(plain), fmt="ipynb"), fmt="md:myst")
    header = _HEADER.match(written)
    return "\n" + (written[header.end():] if header else written).lstrip("\n")


def _json(notebook: Mapping[str, Any]) -> str:
    import json

    return json.dumps(notebook)

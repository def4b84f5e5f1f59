"""What the template gets beside the book itself: heads, feet, colours, and scripts of a page.

The first half is worked out once a build and is plain data, which Sphinx compares between builds;
the second half picks from it what one page needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from kit.files import digest_bytes, digest_file
from kit.language import carried, language, language_of
from kit.model import Course
from kit.site.colour import accent_of
from kit.site.model import Page
from kit.site.pages.foot import PROVIDERS, discussion, feet
from kit.site.pages.head import head, heads

_STATIC = Path(__file__).parents[1] / "theme" / "static"
_POLICY = ("default-src 'self' data:; script-src 'self' 'unsafe-inline'{foreign}{python}; "
           "style-src 'self' 'unsafe-inline'{foreign}; img-src 'self' data: blob: https:; "
           "media-src 'self' data: blob: https:; frame-src 'self' https:; connect-src 'self'; "
           "object-src 'none'; base-uri 'none'; form-action 'self'")
_PYTHON = " 'wasm-unsafe-eval'; worker-src 'self' blob:"


def site_context(
    course: Course, pages: Sequence[Page], source: Path, *, logo: str, card: str
) -> dict[str, Any]:
    """What is the same for a whole build."""
    words = language_of(course)
    accent = accent_of(course.site.accent) if course.site.accent else None
    glossary = source / "glossary.md"
    return {
        "course_language": words.tag,
        # Words stand on every page: all are written again when the catalogue changes.
        "course_catalogue": digest_bytes(repr(words.catalogue).encode()),
        "course_heads": heads(course, tuple(pages), card),
        "course_feet": feet(course, pages),
        "course_talk": discussion(course),
        "course_logo": logo,
        "course_accent": [accent.light, accent.dark] if accent else [],
        "course_has_licences": any(page.docname == "licences" for page in pages),
        # Definitions stand on other pages: those are written again when one changes.
        "course_glossary": digest_file(glossary) if glossary.is_file() else "",
    }


def page_context(known: Mapping[str, Any], pagename: str, doctree: Any) -> dict[str, Any]:
    """What one page needs of it."""
    body = str(known.get("body") or "")
    words = language(known["course_language"])
    title = unescape(str(known.get("course_titles", {}).get(pagename) or words.say("Search")))
    talk = known.get("course_talk") or {}
    talks = bool(talk) and pagename in talk["lessons"]
    scripts = [name for name, used in (
        ("grading", "data-grades=" in body), ("terms", " data-definition=" in body),
        ("discussion", talks)) if used]
    return {
        "course_head": head(known["course_heads"], pagename, title, doctree,
                            str(known.get("metatags") or "")),
        "course_foot": known["course_feet"].get(pagename, []),
        "course_scripts": scripts,
        "course_words": carried(words, *_scripts(pagename, scripts)),
        "course_direction": words.direction,
        "say": words.markup,
        "course_discussion": _discussion(talk, known["course_id"], pagename) if talks else {},
        # Only a page with a discussion may load from its provider, and only once a reader asks.
        "course_policy": _POLICY.format(
            foreign=f" {talk['origin']}" if talks else "",
            python=_PYTHON if known.get("course_python") else ""),
    }


def _scripts(pagename: str, named: Sequence[str]) -> list[Path]:
    """The scripts of a page that speak."""
    return [_STATIC / f"{name}.js"
            for name in ("site", *named, *(("search",) if pagename == "search" else ()))]


def _discussion(talk: Mapping[str, Any], course: str, pagename: str) -> dict[str, str]:
    assert talk["origin"] in PROVIDERS.values()
    return {
        "origin": talk["origin"], "provider": talk["provider"],
        "elsewhere": escape(talk["elsewhere"]), "term": escape(f"{course}: {pagename}"),
        "attributes": escape(json.dumps(talk["attributes"])),
        "host": talk["origin"].removeprefix("https://"),
    }

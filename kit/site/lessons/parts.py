"""Lesson components on a built page: plain HTML with the content beside it, and our own script.

A component that a lesson showed is a widget in the executed notebook. On the page it is its static
HTML, which a script of a few kilobytes brings alive; no widget manager is loaded for it.
"""

from __future__ import annotations

import filecmp
import json
import re
import shutil
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kit.errors import BuildError
from kit.files import write_text

MIME = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
FOLDER = "parts"
"""Where the scripts stand among the static files."""

PART = "course-part"
"""The class of a component's place on a page."""

_OURS = re.compile(r"kit\.lesson\.\w+\.\w+")
_SHOWN = re.compile(r'<div class="course-part"(?: data-math)?(?: data-charts)? data-part="(\w+)"')
_CHARTS = re.compile(r'<div class="course-part"(?: data-math)? data-charts ')
_CHART = '"chart": {'
_MATH = 'class=\\"math\\"'
_MEDIA = ("video", "poster")


def is_ours(model: Mapping[str, Any]) -> bool:
    """Whether a widget's model is that of a component."""
    return _OURS.fullmatch(str(model.get("state", {}).get("_anywidget_id", ""))) is not None


def part_html(spec: Mapping[str, Any], static: str) -> str:
    """A component on a page: its static HTML, and its content for the script.

    The content is packed, so that an answer is not read at a glance in the page's source.
    """
    text = json.dumps(spec)
    packed = b64encode(text.encode()).decode()
    more = " data-math" if _MATH in text else ""
    charts = " data-charts" if _CHART in text else ""
    return (f'<div class="{PART}"{more}{charts} data-part="{escape(str(spec["kind"]))}" '
            f'data-spec="{packed}">{static}</div>')


def media_of(widgets: Mapping[str, Any]) -> list[str]:
    """The files beside a lesson that its components show: addresses relative to the page."""
    state = widgets.get(STATE, {}).get("state", {})
    named = [one["state"].get("spec", {}).get(key) for one in state.values() if is_ours(one)
             for key in _MEDIA]
    return sorted({str(name) for name in named if name and "://" not in str(name)})


def kinds_of(widgets: Mapping[str, Any]) -> set[str]:
    """The kinds of components that an executed lesson has."""
    state = widgets.get(STATE, {}).get("state", {})
    return {str(one["state"].get("spec", {}).get("kind", "")) for one in state.values()
            if is_ours(one)}


def copy_media(staged: Path, target: Path, wanted: Mapping[str, Sequence[str]]) -> None:
    """Bring `target` level with the files that pages show: each as it lies beside its page.

    `wanted` holds addresses by docname. Only what is staged, and so public, is copied. Raises
    BuildError for a file that is not there.
    """
    kept: set[Path] = set()
    root = staged.resolve()
    for docname, names in wanted.items():
        for name in names:
            path = (root / docname).parent.joinpath(unquote(name)).resolve()
            if not path.is_relative_to(root) or not path.is_file():
                raise BuildError(f"it shows {name!r}, which is not among the course's public files",
                                 where=docname, hint="put the file beside the lesson")
            copied = target / path.relative_to(root)
            kept.add(copied)
            if not (copied.is_file() and filecmp.cmp(path, copied)):
                copied.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copied)
    target.mkdir(parents=True, exist_ok=True)
    for copied in target.rglob("*"):
        if copied.is_file() and copied not in kept:
            copied.unlink()


def levelled(body: str) -> str:
    """A page's HTML in which no heading is passed over: the title of a component that stands
    before the first section is one of the second level."""
    first, section, rest = body.partition("<h2")
    first = re.sub(rf'(<div class="{PART}"(?: data-math)?(?: data-charts)? data-part="\w+")',
                   r'\1 data-level="2"', first)
    return first.replace("<header><h3>", '<header><h3 aria-level="2">') + section + rest


def has_mathematics(body: str) -> bool:
    """Whether a component of a page holds formulas, which only its script will show."""
    return f'class="{PART}" data-math' in body


def kinds_in(body: str) -> list[str]:
    """The kinds of components in a page's HTML; before them what draws charts, where some do."""
    charts = ["charts"] if _CHARTS.search(body) else []
    return charts + sorted(set(_SHOWN.findall(body)))


def write_scripts(folder: Path, language: str = "en") -> None:
    """The scripts and the style of all components, for the static files of a site in a language."""
    from kit.lesson.component import charts_script, host_script, kinds, page_script, style
    from kit.lesson.saying import nearest

    spoken = nearest(language)
    texts = {"host.js": host_script(spoken), "charts.js": charts_script(),
             "lesson.css": style(*kinds()),
             **{f"{kind}.js": page_script(kind, spoken) for kind in kinds()}}
    for name, text in texts.items():
        path = folder / FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)

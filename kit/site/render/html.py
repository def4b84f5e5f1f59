"""Staged pages -> HTML, by Sphinx with Jupyter Book's configuration and ours on top."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kit.errors import BuildError
from kit.files import write_text
from kit.language import language_of
from kit.later import grammar_later
from kit.model import Course
from kit.site.book import CONFIG, bibliography
from kit.site.lessons.parts import write_scripts
from kit.site.model import Page
from kit.site.pages.front import MORE, UNLISTED
from kit.site.pages.outside import TOP
from kit.site.python.inpage import PythonPage, megabytes
from kit.site.render.context import site_context
from kit.site.render.press import Press

_HERE = Path(__file__).parents[1]
_EXTENSIONS = [
    "sphinx_togglebutton", "sphinx_copybutton", "myst_nb", "jupyter_book", "sphinx_external_toc",
    "sphinx_design", "sphinx_book_theme", "sphinxcontrib.bibtex", "kit.site.render.extension",
]
_WHERE_INSTALLED = ["sphinx_exercise", "sphinx_proof"]
# Static files of the theme that our pages do not use: six megabytes of icons and scripts.
_UNUSED = ("_static/scripts", "_static/styles", "_static/vendor", "_static/images",
           "_static/locales", "_static/webpack-macros.html", "_static/sbt-webpack-macros.html",
           "_static/translations.js", ".buildinfo", "objects.inv", "_static/SOURCES.sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What pages have beside their text: those that can start Python, by docname; the addresses
    of the course's logo and of the picture that links to it show, inside the site, if any."""

    python: Mapping[str, PythonPage] = field(default_factory=dict)
    logo: str = ""
    card: str = ""


def render(
    course: Course, pages: Sequence[Page], source: Path, records: Path, *, press: Press,
    around: Around | None = None, force: bool = False,
) -> tuple[str, ...]:
    """Render the staged folder `source`; return Sphinx's warnings.

    Doctrees and HTML are kept under `records`, for `publish`. Raises BuildError with Sphinx's own
    words where a page cannot be rendered.
    """
    toc = _toc(pages)
    write_text(records / "toc.yml", toc)
    write_scripts(records / "static", course.language)
    config = _config(course, pages, records)
    around = around or Around()
    config["html_context"] |= _python(around.python)
    config["html_context"] |= site_context(course, pages, source, logo=around.logo,
                                           card=around.card)
    said = press.run(config, source, records / "html", records / "doctrees", toc=toc, force=force)
    return tuple(line.replace(str(source) + os.sep, "") for line in said)


def _config(course: Course, pages: Sequence[Page], records: Path) -> dict[str, Any]:
    """Jupyter Book's configuration (the author's `_config.yml` in it), with ours on top."""
    import yaml
    grammar_later()
    from jupyter_book.config import get_final_config

    try:
        user = yaml.safe_load((course.root / CONFIG).read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise BuildError(f"cannot be read: {error}", where=CONFIG) from error
    path = course.root / CONFIG if user else None
    try:
        config, _ = get_final_config(
            user_yaml=path, cli_config={"latex_individualpages": False}, validate=True,
            raise_on_invalid=True,
        )
    except Exception as error:  # jsonschema's, yaml's, and whatever the author's keys provoke
        raise BuildError(f"Jupyter Book does not take it: {error}", where=CONFIG) from error
    extra = (user.get("sphinx") or {}).get("extra_extensions") or []
    extra = extra if isinstance(extra, list) else [extra]
    for name in ("latex_doc_overrides", "comments_config"):  # of extensions that are left out
        config.pop(name, None)
    config.update(_ours(course, pages, records))
    found = [name for name in _WHERE_INSTALLED if find_spec(name)]
    config["extensions"] = list(dict.fromkeys([*_EXTENSIONS, *found, *extra]))
    return dict(config)


def _ours(course: Course, pages: Sequence[Page], records: Path) -> dict[str, Any]:
    words = language_of(course)
    extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath",
                  "linkify", "substitution", "tasklist"]
    return {
        "project": course.title,
        "html_title": course.title,
        "author": _authors(course),
        "language": words.sphinx,
        "external_toc_path": str(records / "toc.yml"),
        "external_toc_exclude_missing": True,
        # The last four are of static files: `kit.site.python.inpage` copies them where needed.
        "exclude_patterns": ["_files/**", f"{TOP}/**", "data/**", "pyodide/*.js*",
                             "pyodide/*.mjs", "pyodide/*.wasm", "pyodide/*.zip"],
        "root_doc": "index",
        "html_theme": "coursewright",
        "html_theme_options": {},
        "html_static_path": [str(_HERE / "vendor"), str(records / "static")],
        "html_extra_path": [str(records / "media")],
        "html_favicon": None,
        "html_logo": None,
        "html_copy_source": False,
        "html_use_index": False,
        "html_domain_indices": False,
        "html_show_sphinx": False,
        "html_permalinks_icon": "#",
        "html_last_updated_fmt": None,
        "html_context": _context(course, pages),
        "mathjax_path": "mathjax/tex-chtml.js",
        "mathjax_options": {"defer": "defer"},
        "myst_enable_extensions": extensions,
        "myst_heading_anchors": 3,
        "nb_execution_mode": "off",
        "nb_ipywidgets_js": {"widgets.js": {"defer": "defer"}},
        "nb_merge_streams": True,
        "bibtex_bibfiles": [name] if (name := bibliography(course)) else [],
        "bibtex_default_style": "plain",
        "numfig": True,
        "use_multitoc_numbering": False,
        "suppress_warnings": ["myst.domains", "myst.header", "mystnb.unknown_mime_type",
                              "bibtex.missing_field", "config.cache"],
        # They come to stand in a script, between single quotes.
        "togglebutton_hint": words.say("Show").replace("'", "’"),
        "togglebutton_hint_hide": words.say("Hide").replace("'", "’"),
        "copybutton_exclude": ".linenos, .gp",
    }


def _context(course: Course, pages: Sequence[Page]) -> dict[str, Any]:
    """What every page shows around its text. Plain data: Sphinx compares it between builds.

    Sphinx's templates escape nothing, so that texts come escaped.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for page in pages:
        if page.group:
            groups.setdefault(escape(page.group), []).append((page.docname, escape(page.title)))
    return {
        "course_id": course.id,
        "course_title": escape(course.title),
        "course_by": escape(course.institution or _authors(course)),
        "course_authors": escape(_authors(course)),
        "course_licence": escape(course.licence),
        "course_groups": [[name, rows] for name, rows in groups.items()],
        "course_titles": {page.docname: escape(page.title) for page in pages},
        "course_order": [page.docname for page in pages if page.group not in (MORE, UNLISTED)],
        "course_eyebrows": {page.docname: escape(page.eyebrow)
                            for page in pages if page.eyebrow},
        "course_downloads": {page.docname: [list(pair) for pair in page.downloads]
                             for page in pages if page.downloads},
        "course_launches": {page.docname: [[escape(one) for one in pair] for pair in page.launches]
                            for page in pages if page.launches},
        "course_notices": {page.docname: escape(page.notice) for page in pages if page.notice},
    }


def _python(pages: Mapping[str, PythonPage]) -> dict[str, Any]:
    """What pages that can start Python tell their scripts."""
    return {"course_pythons": {
        name: {"absent": [list(one) for one in page.absent], "hub": page.hub, "runs": page.runs,
               "megabytes": megabytes()} for name, page in pages.items()}}


def _authors(course: Course) -> str:
    return ", ".join(author.name for author in course.authors)


def _toc(pages: Sequence[Page]) -> str:
    import yaml

    rest = [{"file": page.docname} for page in pages if page.docname != "index"]
    toc: dict[str, Any] = {"format": "jb-book", "root": "index"}
    if rest:
        toc["chapters"] = rest
    return yaml.safe_dump(toc)


def publish(records: Path, out: Path) -> tuple[str, ...]:
    """Bring `out` level with what `render` made, touching only files that differ; their names."""
    made = records / "html"
    kept: set[Path] = set()
    new = []
    for path in sorted(made.rglob("*")):
        name = path.relative_to(made).as_posix()
        if path.is_dir() or name.startswith(_UNUSED):
            continue
        target = out / name
        kept.add(target)
        if target.is_file() and _same(path, target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.part")
        shutil.copy2(path, beside)
        beside.replace(target)
        new.append(name)
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
    return tuple(new)


def _same(one: Path, other: Path) -> bool:
    """Whether two files are alike; a page that was made anew may read as before."""
    here, there = one.stat(), other.stat()
    if here.st_size != there.st_size:
        return False
    if here.st_mtime_ns == there.st_mtime_ns:
        return True
    if not filecmp.cmp(one, other, shallow=False):
        return False
    os.utime(other, ns=(here.st_atime_ns, here.st_mtime_ns))
    return True

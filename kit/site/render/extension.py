"""The Sphinx extension of a built course: our theme, the gate, and what accessibility needs."""

from __future__ import annotations

import re
import shutil
from html import escape, unescape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

from kit.course.public import SHOWN_TAGS
from kit.language import Language, language
from kit.site.lessons.figures import inline, unnamed
from kit.site.lessons.parts import has_mathematics, kinds_in, levelled
from kit.site.pages.outside import NAMES, TOP
from kit.site.render.context import page_context
from kit.site.render.terms import forget, with_definitions

_THEME = Path(__file__).parents[1] / "theme"
_IMAGE = re.compile(r"<img (?![^>]*\balt=)")
_PATH_AS_ALT = re.compile(r'\balt="(?:\.\./)*_images/[\w.-]+"')  # docutils' own, for want of words
_EXTERNAL = re.compile(r'<a class="reference external" href="(https?:[^"]*)"[^>]*>(.*?)</a>')
_TO_TEXT = re.compile(r"\]\(([\w./-]{1,200})\.md(?=[)#])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Sphinx's own translations evaluate text as code, which our pages forbid: search.js has ours.
_UNUSED = ("scripts/sphinx-book-theme.js", "design-tabs.js", "_static/translations.js")
_CELL_TAGS = re.compile(r'<div class="(cell tag_[^"]*)"')
_FOLD = re.compile(r'(<p class="(?:collapsed|expanded) admonition-title">)(Show|Hide) code cell '
                   r"(content|source|outputs?)</p>")
_PERMALINK = re.compile(r'(?<=<a class="headerlink" href=")([^"]*)" title="[^"]*"')
_EMPTY_HEAD = re.compile(r"<th(?: [^>]*)?>\s*</th>")


class Outside(SphinxError):
    """A page refers to a file that the site must not hold."""

    category = "Build"


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_html_theme("coursewright", str(_THEME))
    app.connect("builder-inited", leave_out, priority=900)
    app.connect("source-read", find_lessons)
    app.connect("env-check-consistency", refuse_outside)
    app.connect("env-before-read-docs", forget)
    app.connect("html-page-context", finish_page, priority=900)
    app.connect("html-collect-pages", copy_downloads)
    app.connect("build-finished", remove_old)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def leave_out(app: Sphinx) -> None:
    """Take the themes that ours inherits from off each page: their parts are not shown.

    They render navigation, buttons and templates for every page, most of its cost.
    """
    listeners = app.events.listeners
    listeners["html-page-context"] = [
        one for one in listeners["html-page-context"]
        if not one.handler.__module__.startswith(("pydata_sphinx_theme", "sphinx_book_theme"))]


def find_lessons(app: Sphinx, page: str, content: list[str]) -> None:
    """A link to a lesson that is written as text finds the notebook that was made of it."""
    folder = (Path(app.srcdir) / page).parent

    def found(link: re.Match[str]) -> str:
        made = folder / f"{link[1]}.ipynb"
        there = made.is_file() and not made.with_suffix(".md").exists()
        return f"]({link[1]}.ipynb" if there else link[0]

    content[0] = _TO_TEXT.sub(found, content[0])


def refuse_outside(app: Sphinx, env: BuildEnvironment) -> None:
    """No page includes, shows or offers a file from outside the staged folder.

    The staged folder holds only what may be published; a path that climbs out of it could
    reach solutions, submissions or the roster.
    """
    source = Path(app.srcdir).resolve()
    written = Path(app.outdir).parent.resolve() / "jupyter_execute"
    named = [(page, name) for page, names in env.dependencies.items() for name in names]
    named += [(page, name) for name, (pages, _) in env.images.items() for page in pages]
    named += [(page, name) for name, (pages, _) in env.dlfiles.items() for page in pages]
    for page, name in named:
        path = (source / name).resolve()
        if not path.is_relative_to(source) and not path.is_relative_to(written):
            if "site-packages" in path.parts or (path.suffix == ".py" and "sphinx" in str(path)):
                continue  # a style or template of an installed extension
            raise Outside(f"{page} refers to {name}, which is not part of the site; put the file "
                          "beside the lesson or in data/")


def finish_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """What each page needs: neighbours, its widgets' style, and names for what has none."""
    del templatename
    order = context.get("course_order", [])
    here = order.index(pagename) if pagename in order else -1
    context["course_before"] = order[here - 1] if here > 0 else ""
    context["course_after"] = order[here + 1] if 0 <= here < len(order) - 1 else ""
    scripts = [str(getattr(file, "filename", file)) for file in context.get("script_files", [])]
    context["course_widgets"] = any(name.endswith("widgets.js") for name in scripts)
    context["script_files"] = [
        file for file in context.get("script_files", [])
        if not str(getattr(file, "filename", file)).endswith(
            _UNUSED) or _tabs(file, context)
    ]
    if "body" in context:
        words = language(context["course_language"])
        body = inline(levelled(accessible(context["body"], words)), {
            name: Path(app.srcdir) / path for path, name in app.builder.images.items()}, words)
        context["body"] = with_definitions(app.env, pagename, body)
    body = context.get("body") or ""
    context["course_parts"] = kinds_in(body)
    context["course_python"] = context.get("course_pythons", {}).get(pagename)
    context["course_mathematics"] = has_mathematics(body) and not any(
        "mathjax" in name for name in scripts)
    context |= page_context(context, pagename, doctree)


def _tabs(file: Any, context: dict[str, Any]) -> bool:
    return str(getattr(file, "filename", file)).endswith("design-tabs.js") and (
        "sd-tab" in context.get("body", ""))


def _told_by_itself(link: re.Match[str]) -> str:
    """A link whose text is its address needs no address behind it on paper."""
    text = unescape(re.sub("<[^>]*>", "", link[2])).strip().removeprefix("doi:")
    if text and text in unescape(link[1]):
        return link[0].replace("reference external", "reference external bare", 1)
    return link[0]


def accessible(body: str, words: Language) -> str:
    """Mend what axe finds in the HTML of docutils, MyST-NB and pandas; drop comments."""
    name = escape(unnamed(words))
    body = _PATH_AS_ALT.sub(f'alt="{name}"', body)
    body = _EXTERNAL.sub(_told_by_itself, body)
    body = _IMAGE.sub(f'<img alt="{name}" ', body)
    body = _EMPTY_HEAD.sub("<td></td>", body)
    body = _CELL_TAGS.sub(_known_tags, _COMMENT.sub("", body))
    body = _FOLD.sub(lambda found: f"{found[1]}{_fold(found[2], found[3], words)}</p>", body)
    if words.catalogue:  # Sphinx knows what its links are called in some languages alone
        title = words.markup("Link to this place")
        body = _PERMALINK.sub(lambda found: f'{found[1]}" title="{title}"', body)
    # The words of a fold are its name.
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    return body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')


def _fold(way: str, kind: str, words: Language) -> str:
    """What MyST-NB says of a folded cell, which it says in English alone."""
    shown = {
        "content": words.markup("Show code cell content"),
        "source": words.markup("Show code cell source"),
        "output": words.markup("Show code cell output"),
        "outputs": words.markup("Show code cell outputs"),
    }
    hidden = {
        "content": words.markup("Hide code cell content"),
        "source": words.markup("Hide code cell source"),
        "output": words.markup("Hide code cell output"),
        "outputs": words.markup("Hide code cell outputs"),
    }
    return (shown if way == "Show" else hidden)[kind]


def _known_tags(found: re.Match[str]) -> str:
    """The class of a cell, without the tags that mean nothing to a page."""
    names = [name for name in found[1].split()
             if not name.startswith("tag_") or name.removeprefix("tag_") in SHOWN_TAGS]
    return f'<div class="{" ".join(names)}"'


def copy_downloads(app: Sphinx) -> list[Any]:
    """Copy released notebooks and zips as they are; Sphinx would make pages of them."""
    staged, target = Path(app.srcdir) / "_files", Path(app.outdir) / "files"
    shutil.rmtree(target, ignore_errors=True)
    if staged.is_dir():
        shutil.copytree(staged, target)
    for name in NAMES:
        path, there = Path(app.srcdir) / TOP / name, Path(app.outdir) / name
        if path.is_file():
            shutil.copy2(path, there)
        else:
            there.unlink(missing_ok=True)
    return []


def remove_old(app: Sphinx, exception: Exception | None) -> None:
    """Remove what earlier builds left: Sphinx never does, and a page may have been withdrawn."""
    if exception is not None or app.env is None:
        return
    out, env = Path(app.outdir), app.env
    pages = {f"{name}.html" for name in env.all_docs} | {"search.html", "genindex.html",
                                                           "404.html"}
    kept = {
        "_images": {name for _, name in env.images.values()},
        "_downloads": {name for _, name in env.dlfiles.values()},
    }
    for path in out.rglob("*.html"):
        name = path.relative_to(out).as_posix()
        if name not in pages and not name.startswith(("_static/", "_downloads/", "files/")):
            path.unlink()
    for folder, names in kept.items():
        for path in (out / folder).rglob("*"):
            if path.is_file() and path.relative_to(out / folder).as_posix() not in names:
                path.unlink()

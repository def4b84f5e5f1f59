"""Files at the top of a site that are no pages of the book: what crawlers, hosts and links need.

They are staged in a folder of their own; the Sphinx extension copies them beside the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path, PurePosixPath

from kit.errors import BuildError, nearest
from kit.language import language_of
from kit.model import Course
from kit.site.colour import accent_of
from kit.site.model import Page
from kit.site.pages.foot import page_address
from kit.site.stage import Stage, public_files

TOP = "_top"
"""Where they are staged."""

CARD = "card.png"
CALENDAR = "schedule.ics"
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif")
"""What a logo can be."""

NAMES = frozenset({CARD, CALENDAR, "404.html", "robots.txt", "sitemap.xml",
                   *(f"logo{suffix}" for suffix in PICTURES)})
"""All names that such a file can have: what is there and was not staged is removed."""

_MISSING = """\
<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
img-src data:">
<link rel="icon" href="data:,">
<title>{short} · {title}</title>
<style>
:root {{ color-scheme: light dark; --bg: #fdfdfb; --ink: #1d2329; --accent: {light}; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --bg: #14181c; --ink: #e6e3dc; --accent: {dark}; }}
}}
body {{ margin: 0; background: var(--bg); color: var(--ink);
  font: 1.125rem/1.6 Georgia, "Times New Roman", serif; }}
main {{ max-width: 42rem; margin: 0 auto; padding: 20vh 1.2rem 2rem; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }}
p {{ margin: 0 0 1rem; }}
a {{ color: var(--accent); }}
</style>
</head>
<body>
<main>
<h1>{told}</h1>
<p>{why}</p>
<p><a href="{home}">{back}</a></p>
</main>
</body>
</html>
"""


def logo_of(course: Course) -> Path | None:
    """The logo's file; None where none is named.

    Raises BuildError for a file that is no picture or not among what the site may show.
    """
    name = course.site.logo
    if not name:
        return None
    pictures = {found: path for path, found in public_files(course)
                if path.suffix.lower() in PICTURES}
    if name not in pictures:
        near = nearest(name, sorted(pictures))[:3]
        raise BuildError(
            f"the logo {name!r} is no picture among the course's public files",
            where="course.yml, site.logo",
            hint=f"nearest: {', '.join(near)}" if near else
            f"put it into the course folder, as {', '.join(PICTURES)}")
    return pictures[name]


def stage_outside(course: Course, stage: Stage, pages: Sequence[Page]) -> None:
    """Write them all; sitemap and robots.txt only where the site's address is known."""
    accent = accent_of(course.site.accent or "#0b5fa5")
    home = f"{course.site.url}/" if course.site.url else "index.html"
    words, title = language_of(course), escape(course.title)
    stage.write(f"{TOP}/404.html", _MISSING.format(
        lang=words.tag, dir=words.direction, title=title, home=escape(home), light=accent.light,
        dark=accent.dark, short=words.markup("Not found"),
        told=words.markup("This page is not here"),
        why=words.markup("It may have moved, or its address has a slip in it."),
        back=words.markup("{title}: to the first page", title=title)))
    if course.site.url:
        stage.write(f"{TOP}/robots.txt",
                    f"User-agent: *\nAllow: /\nSitemap: {course.site.url}/sitemap.xml\n")
        stage.write(f"{TOP}/sitemap.xml", _sitemap(course, pages))


def _sitemap(course: Course, pages: Sequence[Page]) -> str:
    rows = "\n".join(f"<url><loc>{escape(page_address(course.site, page.docname))}</loc></url>"
                     for page in pages)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}\n</urlset>\n')


def staged_logo(course: Course, stage: Stage) -> str:
    """Stage the logo; its name at the top of the site, or an empty string."""
    path = logo_of(course)
    if path is None:
        return ""
    name = f"logo{PurePosixPath(path).suffix.lower()}"
    stage.copy(path, f"{TOP}/{name}")
    return name

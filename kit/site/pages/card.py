"""The picture that a link to the course shows: its logo, or its title set on a plain ground."""

from __future__ import annotations

import io
import textwrap
import warnings
from pathlib import Path

from kit.files import digest_bytes, write_bytes
from kit.model import Course
from kit.site.colour import accent_of
from kit.site.pages.outside import CARD, TOP
from kit.site.stage import Stage

_WIDE, _HIGH, _DPI = 1200, 630, 100
_MADE_BY = "1"
"""A change of how it is drawn draws it again."""


def staged_card(course: Course, stage: Stage, logo: str, kept: Path) -> str:
    """The picture's name at the top of the site; empty where the site's address is not known.

    Drawing takes a second, so what was drawn stays in the folder `kept`.
    """
    if not course.site.url:
        return ""
    if logo and not logo.endswith(".svg"):  # previews take no SVG
        return logo
    by = course.institution or ", ".join(author.name for author in course.authors)
    accent = accent_of(course.site.accent or "#0b5fa5").light
    name = digest_bytes("\n".join([_MADE_BY, course.title, by, accent]).encode())[:16]
    path = kept / f"{name}.png"
    if not path.is_file():
        drawn = _drawn(course.title, by, accent)
        for old in kept.glob("*.png"):
            old.unlink()
        write_bytes(path, drawn)
    stage.write(f"{TOP}/{CARD}", path.read_bytes())
    return CARD


def _drawn(title: str, by: str, accent: str) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    figure = Figure(figsize=(_WIDE / _DPI, _HIGH / _DPI), dpi=_DPI, facecolor="#fdfdfb")
    FigureCanvasAgg(figure)
    figure.add_artist(Rectangle((0.075, 0.19), 0.006, 0.62, color=accent,
                                transform=figure.transFigure))
    size, width = (56, 24) if len(title) <= 60 else (40, 34)
    lines = textwrap.wrap(title, width, max_lines=4, placeholder="…") or [title]
    figure.text(0.11, 0.82, "\n".join(lines), fontsize=size, color="#1d2329", va="top",
                family="serif", linespacing=1.25, parse_math=False)
    figure.text(0.11, 0.19, textwrap.shorten(by, 60, placeholder="…"), fontsize=24,
                color="#565f6a", va="bottom", family="sans-serif", parse_math=False)
    made = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a script that the font has no signs for
        figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()

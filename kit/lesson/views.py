"""What an author's function returns, as views: HTML, pictures, tables, numbers and charts."""

from __future__ import annotations

import base64
import html
import io
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from kit.lesson.charts import Bars, Chart, Columns, Plot, as_data, rows, sentence
from kit.lesson.ledgers import TAccounts
from kit.lesson.markup import html_of, plain
from kit.lesson.numerals import numeral
from kit.lesson.saying import say

SVG_LIMIT = 24_000
"""A figure whose SVG is longer (in characters) is kept as PNG, if that is shorter."""
WIDE = 4.2
"""A figure wider than this (in inches) is not put beside another view: nobody could read it."""
COLOURS = ("#0b5fa5", "#c2571a", "#1a7f4b", "#7a4fa3", "#8a6d00")
"""The series of the page's light colours: a figure in them is drawn in the dark ones there."""

_PICTURE = re.compile(r"<(?:svg|img|canvas|object|iframe|video)\b", re.IGNORECASE)
_WORDS = re.compile(r"\b(?:alt|aria-label|title)=([\"'])\s*[^\"'\s]", re.IGNORECASE)
_DRAWN = re.compile(r"<svg\b(?:(?!<title\b|<desc\b).)*?</svg>", re.IGNORECASE | re.DOTALL)
_LONGEST = 240  # characters of text that a screen reader is given unasked


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One thing to see. `said` is its text equivalent, None for a picture, which needs one; a
    `wide` one has a row of its own."""

    html: str = ""
    chart: Chart | None = None
    said: str | None = None
    wide: bool = False

    def as_data(self) -> dict[str, Any]:
        """The view for the front end."""
        if self.chart is not None:
            return {"chart": as_data(self.chart)}
        return {"html": self.html, **({"picture": True} if self.said is None else {}),
                **({"wide": True} if self.wide else {})}

    def static(self, told: str) -> str:
        """The view where nothing runs; a chart is a table there. `told` describes a picture."""
        if self.chart is not None:
            head, body = rows(self.chart)
            caption = self.chart.caption
            below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
            return f'<figure class="cp-view">{_table(head, body)}{below}</figure>'
        if self.said is None:
            return (f'<figure class="cp-view" role="img" aria-label="{html.escape(told)}">'
                    f"{self.html}</figure>")
        return f'<figure class="cp-view">{self.html}</figure>'


def views_of(returned: Any) -> list[View]:
    """The views of what a function returned: one thing, or a list or tuple of them.

    Figures are closed, so that no notebook shows them a second time. Raises TypeError for what
    cannot be seen.
    """
    if returned is None:
        returned = _open_figures()
    many = returned if isinstance(returned, list | tuple) else [returned]
    if not many:
        raise TypeError("the function returned nothing to see: return a figure, a chart such as "
                        "bars(...), a table, a text or a number (what it prints is not shown)")
    return [view_of(one) for one in many]


def view_of(shown: Any) -> View:
    """The view of one thing. Raises TypeError for what cannot be seen."""
    if isinstance(shown, Bars | Columns | Plot):
        return View(chart=shown, said=sentence(shown))
    if isinstance(shown, str):
        return View(html=html_of(shown), said=plain(shown))
    if isinstance(shown, Real) and not isinstance(shown, bool):
        return View(html=f'<p class="cp-figure">{numeral(shown)}</p>', said=numeral(shown))
    if isinstance(shown, TAccounts):
        return View(html=html_of(shown), said=shown.said)
    figure = figure_of(shown)
    if figure is not None:
        wide = float(figure.get_size_inches()[0]) > WIDE
        return View(html=picture(figure), wide=wide)
    table = _table_of(shown)
    if table is not None:
        return table
    if callable(getattr(shown, "_repr_html_", None)):
        own = html_of(shown)
        return View(html=own, said=None if _PICTURE.search(own) else plain(shown)[:_LONGEST])
    raise TypeError(f"explore cannot show {type(shown).__name__}: return a figure, a chart such as "
                    "bars(...), a table, a text, a number, or an object with _repr_html_")


# -------------------------------------------------------------------------------- figures


def figure_of(shown: Any) -> Any:
    """A figure of matplotlib, or that to which axes belong; None for anything else."""
    figure = shown if callable(getattr(shown, "savefig", None)) else getattr(shown, "figure", None)
    return figure if callable(getattr(figure, "savefig", None)) else None


def _open_figures() -> list[Any]:
    """What a function drew with pyplot and did not return."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return [pyplot.figure(number) for number in pyplot.get_fignums()] if pyplot else []


def picture(figure: Any) -> str:
    """A figure of matplotlib as SVG in the colours of the page, where that is small; else as PNG.
    The figure is closed."""
    import matplotlib as mpl

    text = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "kit"}):
        figure.savefig(text, format="svg", facecolor="none", edgecolor="none",
                       metadata={"Date": None})
    drawn = _tidy(text.getvalue())
    if len(drawn) > SVG_LIMIT:
        raw = io.BytesIO()
        figure.savefig(raw, format="png", dpi=110)
        packed = base64.b64encode(raw.getvalue()).decode()
        if len(packed) < len(drawn):
            width = round(float(figure.get_size_inches()[0]) * 96)
            drawn = (f'<img class="cp-paper" alt="" width="{width}" '
                     f'src="data:image/png;base64,{packed}">')
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    return drawn


def is_plain(figure: Any) -> bool:
    """Whether a figure is on white, as matplotlib makes it, or on nothing, as the style of lessons
    does: then it may take the page's colours."""
    red, green, blue, alpha = figure.get_facecolor()
    return bool(alpha == 0 or min(red, green, blue) >= 0.98)


def words_in(figure: Any) -> str:
    """What a figure says in words: its titles, and what its axes are called."""
    said = []
    above = getattr(figure, "_suptitle", None)
    if above is not None and above.get_text().strip():
        said.append(_unbroken(above.get_text()))
    for axes in figure.axes:
        title = _unbroken(axes.get_title() or axes.get_title("left") or axes.get_title("right"))
        across, up = (_unbroken(one) for one in (axes.get_xlabel(), axes.get_ylabel()))
        against = (say("{up} against {across}", up=up, across=across) if up and across
                   else up or across)
        said += [": ".join(filter(None, (title, against)))]
    return ". ".join(filter(None, said))


def _unbroken(text: str) -> str:
    return " ".join(text.replace("$", "").split())


def is_wordless(shown: str) -> bool:
    """Whether HTML holds a picture, and not a word of what it shows."""
    if _PICTURE.search(shown) is None or _WORDS.search(shown):
        return False
    return not plain_html(_DRAWN.sub("", shown))


def plain_html(shown: str) -> str:
    """The text in HTML, on one line."""
    return " ".join(html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", shown,
                                         flags=re.S)).split())


def _tidy(text: str) -> str:
    """An SVG of matplotlib for a page: smaller, of its ids those in use, black as ink.

    Its style would hold for the whole page, and its fonts are those of another machine.
    """
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"-?\d+\.\d{3,}", lambda found: f"{round(float(found[0]), 2):g}", text)
    used = set(re.findall(r"#([\w.-]+)", text))
    text = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", text)
    text = re.sub(r"(font(?:-family)?: [^;\"]*?)'[^;\"]*", r"\1var(--cp-sans)", text)
    text = re.sub(r"stroke: #000000", "stroke: var(--cp-ink)", text)
    text = re.sub(r"fill: #000000", "fill: var(--cp-ink)", text)
    text = re.sub(r"fill: #ffffff(?=[\";])", "fill: none", text)
    for place, colour in enumerate(COLOURS, 1):
        text = re.sub(colour, f"var(--cp-s{place})", text, flags=re.IGNORECASE)
    text = re.sub(r"<text ([^>]*)style=\"(?![^\"]*fill:)", r'<text \1style="fill: var(--cp-ink); ',
                  text)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r'\1 stroke-linejoin="round"', text, count=1)
    return re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", text)).strip()


# --------------------------------------------------------------------------------- tables


def _table_of(shown: Any) -> View | None:
    """A mapping, a Series or a frame of any library as a table; None for anything else."""
    import narwhals as nw

    given = nw.from_native(shown, pass_through=True, allow_series=True)
    if isinstance(given, nw.Series):
        names = _labels(nw, given) or [str(at + 1) for at in range(len(given))]
        shown = dict(zip(names, given.to_list(), strict=True))
    if isinstance(shown, Mapping):
        body = [[str(name), _cell(value)] for name, value in shown.items()]
        said = ", ".join(f"{name} {value}" for name, value in body)
        return View(html=_table([], body), said=said[:_LONGEST])
    if isinstance(given, nw.LazyFrame):
        given = given.collect()
    if not isinstance(given, nw.DataFrame):
        return None
    labels = _labels(nw, given)
    body = [[_cell(value) for value in row] for row in given.iter_rows()]
    if labels:
        body = [[label, *row] for label, row in zip(labels, body, strict=True)]
    head = ([""] if labels else []) + [str(name) for name in given.columns]
    said = "; ".join(" ".join(cell for cell in row if cell) for row in body)
    if len(said) > _LONGEST:
        said = say("A table of {count} rows: {names}.", count=len(body),
                   names=", ".join(filter(None, head)))
    return View(html=_table(head, body), said=said)


def _labels(nw: Any, given: Any) -> list[str]:
    """The names of rows, where a library has them and they are more than a count."""
    index = nw.maybe_get_index(given)
    if index is None or type(index).__name__ == "RangeIndex":
        return []
    return [str(one) for one in index]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Real) and not isinstance(value, bool):
        return numeral(value)
    return str(value)


def _table(head: list[str], body: list[list[str]]) -> str:
    """Cells of texts as a table; the first of a row names it, numbers stand to the right."""
    def cell(place: int, text: str) -> str:
        if place == 0 and len(body[0]) > 1:
            return f'<th scope="row">{html.escape(text)}</th>'
        right = ' class="cp-number"' if _is_number(text) else ""
        return f"<td{right}>{html.escape(text)}</td>"

    def name(place: int, text: str) -> str:
        numbers = place and any(_is_number(row[place]) for row in body)
        right = ' class="cp-number"' if numbers else ""
        return f'<th scope="col"{right}>{html.escape(text)}</th>' if text else "<td></td>"

    names = "".join(name(place, text) for place, text in enumerate(head))
    top = f"<thead><tr>{names}</tr></thead>" if any(head) else ""
    lines = "".join("<tr>" + "".join(cell(place, text) for place, text in enumerate(row)) + "</tr>"
                    for row in body)
    return f'<div class="cp-table"><table>{top}<tbody>{lines}</tbody></table></div>'


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None or text == say("none")


_NUMBER = re.compile(r"[−+]?[\d,]+(?:\.\d+)?(?:e[+−]?\d+)?|−?∞")

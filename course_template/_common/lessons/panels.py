"""Panels of a lesson: predict, explore, reveal. Alive in JupyterLab and on the built page.

Each panel is made of plain ipywidgets that are linked in the browser (`jslink`), so a page
without a kernel answers too. All states are drawn when the cell runs: keep a slider below
some twenty values, and its figures small.

    panels.predict("What was the profit?", {"500": "That is the cash ...", "1,500": "..."})
    panels.explore("Collected so far", [0, 1000, 2000], draw, text=sentence)
    panels.reveal("A worked answer", "First, ...")
    panels.figure(fig, "Sales rise from 10 to 40.")   # a still figure with its sentence
    panels.show(html)                                 # any HTML in the style of the panels

Texts are HTML; **bold**, *emphasis*, `code` and blank lines between paragraphs work as in
Markdown.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
from IPython.display import HTML

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "explore", "figure", "predict", "reveal", "show", "style"]

# Light and dark value of each colour; a figure that uses the light ones follows the theme.
_PALETTE = {
    "ink": ("#1d2329", "#e6e3dc"),
    "muted": ("#565f6a", "#a2abb5"),
    "rule": ("#dedbd2", "#333b44"),
    "ground": ("#fdfdfb", "#14181c"),
    "right": ("#1a7f4b", "#63c796"),
    "wrong": ("#b3372b", "#f08a7c"),
    "note": ("#8a5a00", "#e0b04a"),
    "s1": ("#0b5fa5", "#7ab8f0"),
    "s2": ("#c2571a", "#f0a070"),
    "s3": ("#1a7f4b", "#63c796"),
    "s4": ("#7a4fa3", "#c3a2e8"),
    "s5": ("#8a6d00", "#d8c25a"),
}
COLOURS = {name: light for name, (light, _) in _PALETTE.items()}
"""Colours to draw with: ink, muted, rule, right, wrong, note, and the series s1 to s5."""

_FONT = 'Inter,"Inter Variable",system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_MONO = '"JetBrains Mono","JetBrains Mono Variable",ui-monospace,Menlo,Consolas,monospace'


def _variables(theme: int) -> str:
    return "".join(f"--kp-{name}:{pair[theme]};" for name, pair in _PALETTE.items())


_CSS = (
    ".kp{" + _variables(0) + "}"
    "html[data-theme=dark] .kp,body[data-jp-theme-light=false] .kp{" + _variables(1) + "}"
    f".kp,.kp .widget-html-content{{font:400 1rem/1.5 {_FONT};color:var(--kp-ink)}}"
    ".kp.kp-panel{border-left:3px solid var(--kp-s1);padding:.15rem 0 .15rem 1.25rem;"
    "margin:1.6rem 0;overflow:visible;width:auto;max-width:44rem;display:block}"
    # the theme puts outputs on a light ground in the dark
    "html[data-theme] .bd-content .cell_output :has(.kp){background:none!important;"
    "padding:0!important}"
    ".kp-panel>*,.kp-panel .widget-html,.kp-panel .widget-vbox{width:auto!important;margin:0;"
    "height:auto;overflow:visible}"
    ".kp-panel>.widget-vbox,.kp-panel>.jupyter-widget-stack,.kp-panel .widget-html{display:block}"
    ".kp .widget-html-content{min-width:0}"
    ".kp-head{display:flex;justify-content:space-between;gap:1rem;align-items:baseline;"
    "margin:0 0 .35rem}"
    ".kp-head b{font-weight:650}.kp-head>span{font-size:.8rem;color:var(--kp-muted);"
    "white-space:nowrap}"
    ".kp p{margin:0 0 .7rem}.kp p:last-child{margin-bottom:0}"
    f".kp code{{font-family:{_MONO};font-size:.9em;background:none;border:0;padding:0;"
    "color:inherit}"
    # radio buttons: whole words on a phone, a target of 44 px
    ".kp .widget-radio{width:100%!important;height:auto;display:block}"
    ".kp .widget-radio>.widget-label{display:none}"
    ".kp .widget-radio-box{margin:0!important}"
    ".kp .widget-radio-box label{display:flex;gap:.7rem;align-items:center;min-height:44px;"
    f"height:auto;margin:0;font:400 1rem/1.4 {_FONT};color:var(--kp-ink);cursor:pointer}}"
    ".kp .widget-radio-box input{order:-1;flex:none;width:1.15rem;height:1.15rem;margin:0;"
    "accent-color:var(--kp-s1)}"
    ".kp input:focus-visible,.kp .noUi-handle:focus-visible,.kp summary:focus-visible{"
    "outline:3px solid var(--kp-s1);outline-offset:2px}"
    # a stored answer is locked: what was not chosen can neither be clicked nor reached by key
    ".kp-predict:has(.kp-said) .widget-radio-box input:not(:checked){visibility:hidden}"
    ".kp-predict:has(.kp-said) .widget-radio-box label{pointer-events:none}"
    ".kp-predict:has(.kp-said) .widget-radio-box label:not(:has(:checked)){"
    "color:var(--kp-muted);min-height:2rem}"
    ".kp-predict:has(.kp-said) .kp-head>span::after{content:', locked'}"
    ".kp-said{border-top:1px solid var(--kp-rule);margin-top:.5rem;padding-top:.6rem}"
    ".kp-said>.kp-you{font-size:.85rem;color:var(--kp-muted);margin:0 0 .3rem}"
    ".kp-said.kp-yes>.kp-you b{color:var(--kp-right)}"
    ".kp-said.kp-no>.kp-you b{color:var(--kp-wrong)}"
    # slider
    ".kp .widget-slider{width:100%!important;height:2.75rem;align-items:center;margin:0}"
    ".kp .widget-slider>.widget-label{display:none}"
    ".kp .widget-slider .slider-container{flex:1 1 auto;margin:0 .8rem 0 .6rem;min-width:0;"
    "overflow:visible}"
    ".kp .widget-slider .noUi-target{background:var(--kp-rule);border:0;border-radius:3px}"
    ".kp .widget-slider .noUi-connect{background:var(--kp-s1)}"
    ".kp .widget-slider .noUi-handle{background:var(--kp-s1);border:2px solid var(--kp-ground);"
    "box-shadow:none}"
    f".kp .widget-slider .widget-readout{{font:600 1rem/1.2 {_MONO};color:var(--kp-ink);"
    "width:auto;min-width:4.5rem;text-align:right;margin:0;overflow:visible}"
    # figures, tables, opening
    ".kp figure{margin:.4rem 0 0!important;padding:0!important}"
    ".kp svg{display:block;max-width:100%;height:auto;"
    f"overflow:visible}}.kp svg text{{font-family:{_FONT}!important}}"
    f".kp figcaption{{font:400 .95rem/1.45 {_FONT}!important;color:var(--kp-muted)!important;"
    "margin:.4rem 0 0!important;text-align:left}"
    ".kp table{border-collapse:collapse;border:0;margin:.4rem 0;font-size:.95rem;"
    "line-height:1.4;width:auto}"
    ".kp td,.kp th{border:0;border-bottom:1px solid var(--kp-rule);padding:.3rem .9rem .3rem 0;"
    "text-align:left!important;vertical-align:top;background:none;color:inherit}"
    ".kp thead th{font-weight:500;font-size:.85rem;color:var(--kp-muted)}"
    ".kp tbody th{font-weight:400}.kp tr{background:none!important}"
    f".kp .n{{text-align:right!important;font-family:{_MONO};font-size:.9rem;padding-right:0;"
    "padding-left:.9rem;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".kp thead .n{font-family:inherit;font-size:.85rem}"
    ".kp tr.total>*{border-top:1.5px solid var(--kp-ink);font-weight:650}"
    ".kp .in{padding-left:1.4rem}"
    # on a phone a figure keeps its text legible and moves sideways
    "@media(max-width:34rem){.kp .kp-scroll{max-width:calc(100vw - 4.5rem)}"
    ".kp .kp-scroll svg{max-width:28rem}}"
    ".kp .kp-scroll{overflow-x:auto}"
    ".kp.kp-still{margin:1.2rem 0 1.6rem;max-width:44rem}"
    ".kp details>summary{cursor:pointer;min-height:44px;display:list-item;align-content:center;"
    "font-weight:650}"
)
_STYLE = f"<style>{_CSS}</style>"


class _Panel(widgets.VBox):
    """A box that is written as its question in text outputs, not as a nest of widgets."""

    _words = ""

    def __repr__(self) -> str:
        return self._words


def _panel(kind: str, title: str, parts: list[widgets.Widget], label: str) -> _Panel:
    head = widgets.HTML(
        f'{_STYLE}<div class="kp-head"><b>{_inline(title)}</b><span>{label}</span></div>'
    )
    box = _Panel([head, *parts])
    box._words = f"{label}: {_plain(title)}"
    for name in ("kp", "kp-panel", f"kp-{kind}"):
        box.add_class(name)
    return box


def predict(
    question: str,
    options: Mapping[str, str],
    id: str | None = None,  # noqa: A002 (the name that lessons use)
    *,
    right: str | None = None,
) -> _Panel:
    """Ask for a prediction; the answer is locked once given and its feedback appears.

    `options` maps each answer to the feedback that it gets. `right` names the answer that
    came true, if there is one: the reader's answer is then marked. `id` names the panel in
    the page. Raises ValueError for fewer than two options or an unknown `right`.
    """
    if len(options) < 2:
        raise ValueError("predict needs at least two options")
    if right is not None and right not in options:
        raise ValueError(f"right={right!r} is none of the options: {', '.join(options)}")
    radio = widgets.RadioButtons(options=list(options), index=None)
    said = widgets.Stack(
        [widgets.HTML(_said(answer, text, right)) for answer, text in options.items()],
        selected_index=None,
    )
    link = widgets.jslink((radio, "index"), (said, "selected_index"))
    box = _panel("predict", question, [radio, said], "Prediction")
    box._link = link
    if id:
        box.add_class(f"kp-id-{re.sub('[^A-Za-z0-9_-]', '-', id)}")
    return box


def _said(answer: str, feedback: str, right: str | None) -> str:
    state = "" if right is None else (" kp-yes" if answer == right else " kp-no")
    return (
        f'<div class="kp-said{state}" role="status"><p class="kp-you">You said '
        f"<b>{html.escape(answer)}</b></p>{_block(feedback)}</div>"
    )


def explore(
    label: str,
    values: Iterable[Any],
    draw: Callable[[Any], Figure | str],
    text: Callable[[Any], str] | None = None,
    width: str | None = None,
    *,
    start: Any = None,
) -> _Panel:
    """A slider over `values`; `draw(value)` gives the picture: a Figure or an HTML string.

    `text(value)` is the sentence below it, which says in words what the picture shows.
    `width` is a CSS width for the figure; `start` is the value shown first (the first one).
    Raises ValueError when there are no values, or `start` is none of them.
    """
    shown = list(values)
    if not shown:
        raise ValueError("explore needs at least one value")
    if start is not None and start not in shown:
        raise ValueError(f"start={start!r} is none of the values")
    first = 0 if start is None else shown.index(start)
    states = [widgets.HTML(_state(draw, text, value, width)) for value in shown]
    slider = widgets.SelectionSlider(
        options=[(_number(value), place) for place, value in enumerate(shown)], index=first
    )
    stack = widgets.Stack(states, selected_index=first)
    link = widgets.jslink((slider, "index"), (stack, "selected_index"))
    box = _panel("explore", label, [slider, stack], "Explore")
    box._link = link
    return box


def _state(
    draw: Callable[[Any], Figure | str],
    text: Callable[[Any], str] | None,
    value: Any,
    width: str | None,
) -> str:
    sentence = text(value) if text else ""
    with _styled():
        drawn = draw(value)
        return _figure(drawn, sentence, width)


def reveal(title: str, text: str) -> HTML:
    """Something that opens when the reader asks for it: a hint, a worked answer."""
    return show(f"<details><summary>{_inline(title)}</summary>{_block(text)}</details>")


def figure(fig: Figure, text: str, width: str | None = None) -> HTML:
    """A still figure (drawn as SVG) with the sentence that says what it shows."""
    with _styled():
        return show(_figure(fig, text, width))


def show(markup: str) -> HTML:
    """Any HTML, in the style of the panels."""
    return HTML(f'<div class="kp kp-still">{_STYLE}{markup}</div>')


def style() -> dict[str, Any]:
    """The matplotlib settings that `explore` draws with, for `plt.rcParams.update(...)`."""
    from cycler import cycler

    ink, muted, rule = COLOURS["ink"], COLOURS["muted"], COLOURS["rule"]
    return {
        "figure.figsize": (5.6, 2.6),
        "figure.facecolor": "none",
        "savefig.facecolor": "none",
        "axes.facecolor": "none",
        "axes.edgecolor": rule,
        "axes.labelcolor": muted,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 9.5,
        "axes.titleweight": "bold",
        "axes.labelsize": 9.5,
        "axes.prop_cycle": cycler(color=[COLOURS[f"s{i}"] for i in range(1, 6)]),
        "font.size": 9.5,
        "text.color": ink,
        "xtick.color": muted,
        "ytick.color": muted,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "grid.color": rule,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "panels",
    }


def _styled() -> Any:
    import matplotlib as mpl

    return mpl.rc_context(style())


def _figure(drawn: Figure | str, sentence: str, width: str | None) -> str:
    picture = drawn
    if not isinstance(drawn, str):
        picture = f'<div class="kp-scroll">{_svg(drawn, sentence, width)}</div>'
    caption = f'<figcaption role="status">{_inline(sentence)}</figcaption>' if sentence else ""
    return f"<figure>{picture}{caption}</figure>"


def _svg(fig: Figure, sentence: str, width: str | None) -> str:
    """SVG with text as text, colours that follow the theme, and the sentence as its name."""
    from matplotlib import pyplot as plt

    out = io.StringIO()
    no_metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    fig.savefig(out, format="svg", metadata=no_metadata, transparent=True)
    plt.close(fig)
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, count=1, flags=re.DOTALL)  # would leak
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    svg = re.sub(r' id="(?:figure|axes|patch|line2d|matplotlib|text|xtick|ytick)[^"]*"', "", svg)
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)
    svg = re.sub(r">\s+<", "><", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    for name, (light, _) in _PALETTE.items():
        if name not in ("right",):  # the same colour as s3
            svg = svg.replace(light, f"var(--kp-{name},{light})")
    size = width or f"{fig.get_figwidth() * 100:.0f}px"
    name = f' role="img" aria-label="{html.escape(_plain(sentence))}"' if sentence else ""
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    box = f'{name} style="width:{size}"'
    return re.sub(r'<svg([^>]*?) width="[^"]*"', lambda tag: f"<svg{tag[1]}{box}", svg, count=1)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def _inline(text: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\*)\*([^*\s][^*]*)\*", r"<em>\1</em>", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def _block(text: str) -> str:
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.strip())]
    return "".join(
        _inline(part)
        if part.startswith("<") and not part.startswith(("<b>", "<em>", "<code>"))
        else f"<p>{_inline(part)}</p>"
        for part in paragraphs
    )


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>|[*`]", "", text)).strip()

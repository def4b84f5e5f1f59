"""A question's result as a piece of a page: in a notebook, on a site, in nbgrader's feedback.

Styles stand in the tags, since each of these pages has its own; colours come from a site's
theme where it names them, else they are mixed with the colour of its text, so that they can be
read on a light and on a dark page. A word tells the state, never colour alone. No script.
"""

from __future__ import annotations

import re
from html import escape

from autograders.result import Judged, Report, headline, state_of

_MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "review": "?", "later": "…"}
_WORDS = {"passed": "passed", "partial": "partly", "failed": "not yet", "review": "to review",
          "later": "later"}
_COLOURS = {"passed": ("--right", "#2b8552"), "partial": ("--note", "#a0690f"),
            "failed": ("--wrong", "#cc4b3a"), "review": ("--muted", "#64788f"),
            "later": ("--muted", "#64788f")}
_RULE = "color-mix(in srgb,currentColor 22%,transparent)"
_NAMED = re.compile(r"`([^`\n]{1,80})`")  # a name or value in a message
_NUMBER = re.compile(r"[-−+]?[\d,.]*\d[\d,.]*\s?%?")


def page(report: Report) -> str:
    """The result as HTML."""
    name, told = escape(report.question), escape(headline(report).removeprefix(report.question))
    checks = "".join(map(_check, report.checks))
    return (
        f'<div class="autograders-result" style="border-left:3px solid '
        f'{_colour(state_of(report))};padding:.1em 0 .1em 1em;max-width:46em;line-height:1.5;'
        f'overflow-wrap:anywhere"><p style="margin:0 0 .35em"><strong>{name}</strong>{told}</p>'
        f'<ul style="list-style:none;margin:0;padding:0">{checks}</ul></div>')


def _check(check: Judged) -> str:
    """A check: the state in the first column, what is told in the second."""
    state = check.outcome.state
    return (
        '<li style="display:grid;grid-template-columns:5.6em minmax(0,1fr);margin:0;'
        f'padding:.3em 0;border-top:1px solid {_RULE}"><span style="font-weight:600;'
        f'white-space:nowrap;color:{_colour(state)}"><span aria-hidden="true" style="'
        f'display:inline-block;width:1.25em">{_MARKS[state]}</span>{_WORDS[state]}</span>'
        f"<div>{_told(check)}</div></li>")


def _colour(state: str) -> str:
    name, plain = _COLOURS[state]
    return f"var({name},color-mix(in srgb,{plain} 70%,currentColor))"


def _told(check: Judged) -> str:
    """The label, the message line by line, the rows; of a hidden check its tags alone."""
    if check.hidden:
        tags = ", ".join(map(_code, check.outcome.tags))
        return "hidden check" + (f": {tags}" if tags else "")
    label, message = escape(check.label), escape(check.outcome.message)
    first, *others = _NAMED.sub(lambda found: _code(found[1], escaped=True), message).split("\n")
    if check.outcome.message.startswith(f"`{check.label}`"):
        head = first  # which names it already
    else:
        head = f"{_code(label, escaped=True)}{': ' if first else ''}{first}"
    lines = "".join(f'<div style="margin-top:.15em">{line}</div>' for line in others if line)
    return head + lines + _table(check.outcome.rows)


def _code(text: str, *, escaped: bool = False) -> str:
    return ('<code style="font-size:.92em;background:none;border:0;padding:0;color:inherit;'
            f'font-weight:600">{text if escaped else escape(text)}</code>')


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    """Rows as a table; a column of numbers stands to the right."""
    if not rows:
        return ""
    head, *body = rows
    right = [bool(body) and all(map(_NUMBER.fullmatch, column))
             for column in zip(*body, strict=False)] or [False] * len(head)

    def row(cells: tuple[str, ...], tag: str, rule: str) -> str:
        return "".join(
            f'<{tag} style="text-align:{"right" if numeric else "left"};padding:.15em 1.4em .15em '
            f'0;font-weight:{600 if tag == "th" else 400};font-variant-numeric:tabular-nums;'
            f'border:0;border-bottom:{rule};background:none">{escape(cell)}</{tag}>'
            for cell, numeric in zip(cells, right, strict=False))

    lines = "".join(f'<tr style="background:none">{row(cells, "td", "0")}</tr>' for cells in body)
    return (
        '<div style="overflow-x:auto"><table style="margin:.35em 0 .2em;border-collapse:collapse;'
        'border:0;font-size:inherit;width:auto"><thead><tr style="background:none">'
        f'{row(head, "th", f"1px solid {_RULE}")}</tr></thead><tbody>{lines}</tbody></table></div>')

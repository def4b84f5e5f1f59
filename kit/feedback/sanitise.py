"""HTML of learners, reduced to text and tables: no script, no style, no address of anything."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

_ALLOWED = frozenset({
    "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "small", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
})
_VOID = frozenset({"br", "hr"})
_SILENT = frozenset({
    "applet", "embed", "head", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
})
_SPANS = frozenset({"colspan", "rowspan"})
MAX_DEPTH = 60


class _Cleaner(HTMLParser):
    """Writes allowed elements anew, closes what is left open, drops everything else."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent.append(tag)
        if self.silent or tag not in _ALLOWED or len(self.open) > MAX_DEPTH:
            return
        spans = "".join(
            f' {name}="{value}"' for name, value in attrs
            if name in _SPANS and value and value.isascii() and value.isdigit() and len(value) < 4
        )
        self.out.append(f"<{tag}{spans}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag in self.open:
            while True:
                top = self.open.pop()
                self.out.append(f"</{top}>")
                if top == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(escape(data))
            self.text.append(data)


def clean(html: str) -> tuple[str, str]:
    """(safe HTML, its text). Nothing in it runs, styles the page, or asks another origin."""
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    cleaner.out.extend(f"</{tag}>" for tag in reversed(cleaner.open))
    return "".join(cleaner.out), "".join(cleaner.text)

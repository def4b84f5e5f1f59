"""Outputs, prose and code of a notebook as safe HTML."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from kit.feedback.hidden import PLACEHOLDER, Secrets, plain, without_frames
from kit.feedback.sanitise import clean

MAX_TEXT = 20_000
MAX_HTML = 200_000
MAX_IMAGE = 3 * 1024**2
MAX_OUTPUTS = 200


def outputs_html(cell: Mapping[str, Any], secrets: Secrets, tests: frozenset[int]) -> list[Markup]:
    """The outputs of a learner's own cell. `tests` are the execution counts of test cells."""
    found = [_output(output, secrets, tests) for output in cell.get("outputs", ())[:MAX_OUTPUTS]]
    if len(cell.get("outputs", ())) > MAX_OUTPUTS:
        found.append(_note(f"more than {MAX_OUTPUTS} outputs; the rest is left out"))
    return [part for part in found if part]


def _output(output: Mapping[str, Any], secrets: Secrets, tests: frozenset[int]) -> Markup:
    kind = output.get("output_type")
    if kind == "stream":
        style = "err" if output.get("name") == "stderr" else "out"
        return pre(secrets.redact(plain(_text(output.get("text")))), style)
    if kind == "error":
        raw = output.get("traceback")
        lines = [x for x in raw if isinstance(x, str)] if isinstance(raw, list) else []
        text = without_frames(plain("\n".join(lines)), tests) or (
            f"{output.get('ename')}: {output.get('evalue')}")
        return pre(secrets.redact(plain(text)), "err")
    data = output.get("data")
    return _data(data, secrets) if isinstance(data, dict) else Markup("")


def _data(data: Mapping[str, Any], secrets: Secrets) -> Markup:
    for mime in ("image/png", "image/jpeg", "image/gif"):
        if mime in data:
            encoded = re.sub(r"\s+", "", _text(data[mime]))
            return _image(mime, encoded, _text(data.get("text/plain")))
    if "image/svg+xml" in data:
        # As the source of an image a drawing runs no script and asks no other origin.
        drawing = _text(data["image/svg+xml"])
        if secrets.found_in(drawing):
            return _note(PLACEHOLDER)
        return _image("image/svg+xml", base64.b64encode(drawing.encode()).decode(), "drawing")
    if "text/html" in data:
        html, text = clean(_text(data["text/html"])[:MAX_HTML])
        if secrets.found_in(text):
            return _note(PLACEHOLDER)
        if text.strip():
            return Markup('<div class="rich">{}</div>').format(Markup(html))  # noqa: S704 - cleaned
    return pre(secrets.redact(plain(_text(data.get("text/plain")))), "out")


def _image(mime: str, encoded: str, alt: str) -> Markup:
    if len(encoded) * 3 // 4 > MAX_IMAGE:
        return _note("an image too large to show")
    try:
        base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return _note("an image that cannot be read")
    return Markup('<img alt="{}" src="data:{};base64,{}">').format(
        plain(alt)[:200] or "figure", mime, encoded)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def pre(text: str, style: str) -> Markup:
    """Preformatted text, bounded."""
    text = text.rstrip("\n")
    if not text:
        return Markup("")
    if len(text) > MAX_TEXT:
        left = len(text) - MAX_TEXT
        text = f"{text[:MAX_TEXT]}\n... {left:,} more characters are left out"
    return Markup('<pre class="{}">{}</pre>').format(style, text)


def _note(text: str) -> Markup:
    return Markup('<p class="quiet">{}</p>').format(text)


# ------------------------------------------------------------------------------ prose, code


def markdown(text: str, attachments: Mapping[str, Any] | None = None) -> Markup:
    """Markdown without raw HTML; of images only those that the cell itself carries."""
    return Markup(_renderer().render(text[:MAX_HTML], {"attachments": attachments or {}}))  # noqa: S704


@lru_cache(maxsize=1)
def _renderer() -> Any:
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")

    def image(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
        del self, options
        token = tokens[at]
        name = str(token.attrs.get("src", "")).removeprefix("attachment:")
        held = env.get("attachments", {}).get(name)
        if isinstance(held, Mapping):
            for mime in ("image/png", "image/jpeg", "image/gif"):
                if mime in held:
                    return str(_image(mime, re.sub(r"\s+", "", _text(held[mime])), token.content))
        return f"<em>[image: {escape(token.content or name)}]</em>"

    def link(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
        tokens[at].attrSet("rel", "noopener noreferrer nofollow")
        return str(self.renderToken(tokens, at, options, env))

    renderer.add_render_rule("image", image)
    renderer.add_render_rule("link_open", link)
    return renderer


@lru_cache(maxsize=4096)
def code(text: str, language: str = "python") -> Markup:
    """Code with its words marked for the style sheet; the text itself is escaped."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    text = text[:MAX_TEXT]
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return Markup('<pre class="code">{}</pre>').format(text)
    inner = highlight(text, lexer, HtmlFormatter(nowrap=True))
    return Markup('<pre class="code">{}</pre>').format(Markup(inner))  # noqa: S704 - by pygments

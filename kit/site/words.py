"""Texts of course.yml inside a page: what an author writes there is text, never markup."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|$~^]|\A[#%+=:-]")
_LISTED = re.compile(r"\A(\d+)([.)])")


def literal(text: str) -> str:
    """The text on one line of MyST Markdown, where it shows as it was typed."""
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
    return _LISTED.sub(r"\1\\\2", escaped)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each as `literal` makes it."""
    return [made for part in re.split(r"\n\s*\n", text.strip()) if (made := literal(part))]

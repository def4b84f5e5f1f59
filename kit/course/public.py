"""What of a notebook or a lesson may leave the course folder.

Metadata is kept by what is known to matter to readers; whatever else an editor, an extension or
the author put there stays at home. So do cells that are the author's alone, and comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.lesson.saying import ENTRY
from kit.notebook import AUTHOR_TAGS, HANDED_OUT, Cell, Notebook, source
from kit.notebook import nbgrader_meta as _nbgrader_meta

_KERNEL = ("name", "display_name", "language")
_LANGUAGE = ("name", "version", "file_extension", "mimetype", "nbconvert_exporter",
             "pygments_lexer")
_CELL = ("deletable", "editable")
SHOWN_TAGS = frozenset({
    "hide-input", "hide-output", "hide-cell", "remove-input", "remove-output", "remove-cell",
    "remove-stderr", "remove-stdout", "scroll-output", "output_scroll", "full-width", "margin",
    "popout", "raises-exception", "skip-execution", "parameters", "run",
})
"""Tags of cells that mean something to a page or to a run; others are the author's own words."""

_NBGRADER = ("schema_version", "grade_id", "grade", "solution", "locked", "task", "points",
             "checksum", "cell_type")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,}|:{3,})(?:\{([\w:+.-]+)\})?")
_CODE = frozenset({"code", "code-block", "code-cell", "sourcecode", "raw", "math", "eval-rst",
                   "mermaid", "literalinclude", "highlight", "parsed-literal"})
_HIDDEN = re.compile(r"(?P<code>(`+)(?!`).*?(?<!`)\2(?!`))|<!--.*?-->", re.DOTALL)


def public_notebook(notebook: Mapping[str, Any], *, outputs: bool = False) -> Notebook:
    """The notebook without private metadata, the author's own cells, attachments that no text
    shows and, unless asked for, outputs. Texts and nbgrader's metadata stay as they are."""
    cells = [_public_cell(cell, outputs) for cell in notebook["cells"] if not is_authors(cell)]
    minor = int(notebook.get("nbformat_minor", 4))
    metadata = _metadata(notebook.get("metadata", {}))
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": cells}


def is_public(notebook: Mapping[str, Any]) -> bool:
    """Whether the notebook holds nothing that `public_notebook` would take out."""
    made = public_notebook(notebook)
    said = {key: value for key, value in notebook.get("metadata", {}).items()
            if key != HANDED_OUT}
    return said == made["metadata"] and len(made["cells"]) == len(notebook["cells"]) and all(
        (one["metadata"], one.get("attachments", {}), one.get("outputs"))
        == (other["metadata"], other.get("attachments", {}), other.get("outputs"))
        for one, other in zip(made["cells"], notebook["cells"], strict=True))


def is_authors(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is the author's alone, by its tags."""
    return bool(AUTHOR_TAGS.intersection(_tags(cell)))


def shown_attachments(cell: Mapping[str, Any]) -> dict[str, Any]:
    """The attachments that the cell's text shows: those of a text that was cleared are left."""
    found = cell.get("attachments")
    text = source(cell)
    return {name: data for name, data in (found.items() if isinstance(found, dict) else ())
            if f"attachment:{name}" in text}


def without_comments(text: str, *, myst: bool = True) -> str:
    """Markdown without HTML comments and, with `myst`, lines that begin with `%`; code stays.

    What stands in a directive, such as a note, is Markdown too.
    """
    parts: list[tuple[bool, list[str]]] = [(False, [])]  # (to be kept, lines), in turn
    directives: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if fence:
            parts[-1][1].append(line)
            if _closes(line, fence):
                fence = ""
                parts.append((False, []))
        elif directives and _closes(line, directives[-1]):
            directives.pop()
            parts += [(True, [line]), (False, [])]
        elif opened and (opened[2] in _CODE if opened[2] else opened[1][0] != ":"):
            fence = opened[1]
            parts.append((True, [line]))
        elif opened and opened[2]:
            directives.append(opened[1])
            parts += [(True, [line]), (False, [])]
        elif not (myst and line.startswith("%")):
            parts[-1][1].append(line)
    return "\n".join(
        "\n".join(lines) if code else _HIDDEN.sub(_shown, "\n".join(lines))
        for code, lines in parts if lines)


def _closes(line: str, fence: str) -> bool:
    text = line.strip()
    return text.startswith(fence) and not text.strip(fence[0])


def _shown(found: re.Match[str]) -> str:
    return found["code"] or ""


def _public_cell(cell: Mapping[str, Any], outputs: bool) -> Cell:
    made: Cell = {"cell_type": cell["cell_type"], "source": source(cell),
                  "metadata": _cell_metadata(cell)}
    if isinstance(cell.get("id"), str):
        made["id"] = cell["id"]
    if shown := shown_attachments(cell):
        made["attachments"] = shown
    if cell["cell_type"] == "code":
        made |= {"outputs": cell.get("outputs", []) if outputs else [],
                 "execution_count": cell.get("execution_count") if outputs else None}
    return made


def _metadata(said: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, keys in (("kernelspec", _KERNEL), ("language_info", _LANGUAGE)):
        if isinstance(said.get(name), Mapping):
            made[name] = {key: said[name][key] for key in keys
                          if isinstance(said[name].get(key), str)}
    if isinstance(said.get(ENTRY), str):
        made[ENTRY] = said[ENTRY]
    return made


def _cell_metadata(cell: Mapping[str, Any]) -> dict[str, Any]:
    said = cell.get("metadata", {})
    made = {key: said[key] for key in _CELL if isinstance(said.get(key), bool)}
    if tags := [tag for tag in _tags(cell) if tag in SHOWN_TAGS]:
        made["tags"] = tags
    if _nbgrader_meta(cell) is not None:
        # As it stands: nbgrader checks versions and checksums in it.
        made["nbgrader"] = {key: said["nbgrader"][key] for key in _NBGRADER
                            if key in said["nbgrader"]}
    return made


def _tags(cell: Mapping[str, Any]) -> list[str]:
    tags = cell.get("metadata", {}).get("tags", ())
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list | tuple) else []

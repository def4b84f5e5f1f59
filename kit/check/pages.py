"""Lessons, read into blocks: notebooks by cell, MyST text with the lines of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kit import notebook as nb
from kit.check.context import Block, Kernel, Page
from kit.errors import KitError, NotebookError
from kit.model import Course, Lesson

_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,}|:{3,})\s*(\{[\w:+-]+\})?(.*)$")


def read_page(course: Course, lesson: Lesson) -> Page:
    """The lesson's blocks; `error` says why it cannot be read."""
    path = course.root / lesson.path
    try:
        if path.suffix == ".ipynb":
            notebook = nb.read(path)
            kernel, blocks = Kernel.of(notebook["metadata"]), tuple(_cells(notebook))
        else:
            text = nb.decode(path.read_bytes(), name=path.name)
            kernel, blocks = _kernel(text), tuple(text_blocks(text))
    except OSError:
        return Page(path=lesson.path, lesson=lesson,
                    error=KitError("the file does not exist", where=lesson.path))
    except NotebookError as error:
        missing = not path.exists()
        return Page(path=lesson.path, lesson=lesson, error=KitError(
            "the file does not exist" if missing else error.message,
            where=lesson.path, hint="" if missing else error.hint))
    if kernel.language and not kernel.python:  # the site runs what says nothing as Python
        blocks = tuple(replace(block, kind="foreign") if block.kind == "code" else block
                       for block in blocks)
    return Page(path=lesson.path, lesson=lesson, blocks=blocks, kernel=kernel)


def _kernel(text: str) -> Kernel:
    """The kernel that the head of a MyST text names."""
    lines = text.split("\n")
    end = _front_matter(lines)
    if not any("kernelspec" in line for line in lines[:end]):
        return Kernel()
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        head = YAML(typ="safe").load("\n".join(lines[1 : end - 1]))
    except YAMLError:
        return Kernel()
    return Kernel.of(head if isinstance(head, dict) else {})


def _cells(notebook: nb.Notebook) -> Iterator[Block]:
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "raw":
            tags = cell["metadata"].get("tags")
            yield Block(kind=cell["cell_type"], source=nb.source(cell), place=place,
                        tags=frozenset(str(tag) for tag in tags or ()), name=str(place + 1))


def text_blocks(text: str) -> Iterator[Block]:
    """The blocks of a MyST Markdown text: `{code-cell}` directives are code, but for those
    that stand inside another fence, where they are shown and not run."""
    lines = text.split("\n")
    at = _front_matter(lines)
    start, place = at, 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        if fence is None or (fence[2][0] == ":" and fence[3] is None):
            at += 1
            continue
        end = _closing(lines, at, fence[2])
        if fence[3] == "{code-cell}":
            yield from _prose(lines, start, at, place)
            place += 1
            yield _code(lines, at + 1, end, place)
            place += 1
            start = end + 1
            at = end + 1
        else:
            at = end + 1 if fence[3] is None else at + 1
    yield from _prose(lines, start, len(lines), place)


def _front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        for number, line in enumerate(lines[1:], 1):
            if line.strip() == "---":
                return number + 1
    return 0


def _closing(lines: list[str], at: int, fence: str) -> int:
    closing = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    return next((number for number in range(at + 1, len(lines)) if closing.match(lines[number])),
                len(lines))


def _prose(lines: list[str], start: int, end: int, place: int) -> Iterator[Block]:
    text = "\n".join(lines[start:end])
    if text.strip():
        yield Block(kind="markdown", source=text, place=place, line=start + 1)


def _code(lines: list[str], start: int, end: int, place: int) -> Block:
    tags: frozenset[str] = frozenset()
    at = start
    if at < end and lines[at].strip() == "---":
        at += 1
        while at < end and lines[at].strip() != "---":
            tags |= _tags(lines[at])
            at += 1
        at += 1
    while at < end and re.match(r"^:[\w-]+:", lines[at]):
        tags |= _tags(lines[at])
        at += 1
    return Block(kind="code", source="\n".join(lines[at:end]), place=place, line=at + 1, tags=tags)


def _tags(line: str) -> frozenset[str]:
    match = re.match(r"^:?tags:\s*\[?(.*?)\]?\s*$", line.strip())
    if match is None:
        return frozenset()
    return frozenset(tag.strip(" '\"") for tag in match[1].split(",") if tag.strip())


def lesson_files(course: Course) -> Iterator[Path]:
    """All files of `lessons/` that could be lessons, sorted."""
    folder = course.root / "lessons"
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        if path.suffix in (".ipynb", ".md") and path.is_file() and not hidden:
            yield path

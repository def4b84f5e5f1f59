"""Read lessons: .ipynb, MyST Markdown with code cells, or plain Markdown (None: nothing to run)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit import notebook
from kit.course import markers_of
from kit.course.public import is_authors
from kit.errors import BuildError
from kit.model import Course, Lesson, Markers
from kit.site.model import Source

_HEADER = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*\n", re.DOTALL)
_CODE_CELL = re.compile(r"(`{3,}|~{3,}|:{3,})\{code-cell\}")
_ANY_FENCE = re.compile(r" {0,3}(`{3,}|~{3,}|:{3,})")
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)


def read_lesson(course: Course, lesson: Lesson) -> Source | None:
    """The lesson as cells, or None where it is Markdown without code.

    Raises BuildError for a file that is not there or holds an nbgrader solution, NotebookError
    for one that cannot be read.
    """
    path = course.root / lesson.path
    if not path.is_file():
        raise BuildError("the lesson is not there", where=lesson.path,
                         hint="create it, or take it out of course.yml")
    found = _from_text(path, lesson) if path.suffix == ".md" else _from_json(path, lesson)
    if found is not None:
        _refuse_solutions(found, (markers_of(course), Markers()))
        found = _for_readers(found)
    return found


def _for_readers(lesson: Source) -> Source:
    """The lesson without the cells that are the author's alone; they are not run either."""
    kept = [index for index, cell in enumerate(lesson.cells) if not is_authors(cell)]
    if len(kept) == len(lesson.cells):
        return lesson
    lines = {place: lesson.lines[index] for place, index in enumerate(kept)
             if index in lesson.lines}
    return replace(lesson, cells=tuple(lesson.cells[index] for index in kept), lines=lines)


def title_in(lesson: Source) -> str:
    """The first heading of a lesson with code as plain text, or its file name without one."""
    text = "\n\n".join(cell["source"] for cell in lesson.cells
                       if cell["cell_type"] == "markdown")
    return heading(text) or Path(lesson.path).stem


def title_of(path: Path) -> str:
    """The first heading of a Markdown page as plain text, or its file name where it has none."""
    return heading(notebook.decode(path.read_bytes(), name=path.name)) or path.stem


def heading(text: str) -> str:
    """The first heading of Markdown text without its markup, or an empty string."""
    header = _HEADER.match(text)
    body = text[header.end():] if header else text
    body = re.sub(r"^( {0,3})(`{3,}|~{3,}).*?^\1\2\s*$", "", body, flags=re.DOTALL | re.MULTILINE)
    found = _HEADING.search(body)
    if not found:
        return ""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found.group(1))
    plain = re.sub(r"\{[a-z:]+\}`([^`<]*)[^`]*`", r"\1", plain)
    return re.sub(r"(?<!\\)[*`]|(?<![A-Za-z0-9\\])_|_(?![A-Za-z0-9])", "", plain).strip()


def _from_json(path: Path, lesson: Lesson) -> Source:
    loaded = notebook.read(path)
    cells = tuple(_clean(cell) for cell in loaded["cells"])
    return Source(path=lesson.path, docname=lesson.docname, cells=cells,
                  metadata=loaded.get("metadata", {}))


def _clean(cell: dict[str, Any]) -> dict[str, Any]:
    names = ("cell_type", "source", "attachments", "id")
    kept: dict[str, Any] = {name: cell[name] for name in names if name in cell}
    kept["source"] = notebook.source(cell)
    kept["metadata"] = cell.get("metadata", {})
    if cell["cell_type"] == "code":
        kept |= {"outputs": [], "execution_count": None}
    return kept


def _from_text(path: Path, lesson: Lesson) -> Source | None:
    text = notebook.decode(path.read_bytes(), name=lesson.path)
    header = _HEADER.match(text)
    starts = _code_lines(text)
    if not (header and re.search(r"^(kernelspec|jupytext|file_format):", header[1], re.MULTILINE)):
        if starts:
            raise BuildError(
                "has code cells, but no kernel at its top",
                where=f"{lesson.path}, line {starts[0]}",
                hint="begin the file with\n---\nfile_format: mystnb\n"
                     "kernelspec: {name: python3, display_name: Python 3}\n---",
            )
        return None
    import jupytext

    loaded = jupytext.reads(text, fmt="md:myst")
    cells = [_clean(dict(cell)) for cell in loaded.cells]
    for index, cell in enumerate(cells):
        cell.pop("id", None)
        cell["metadata"] = dict(cell["metadata"])
        cell["id"] = f"cell-{index}"
    code = [index for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    lines = dict(zip(code, starts, strict=False)) if len(code) == len(starts) else {}
    return Source(path=lesson.path, docname=lesson.docname, cells=tuple(cells),
                  metadata=_plain(loaded.metadata), lines=lines)


def _plain(value: Any) -> Any:
    """NotebookNode and friends as plain dicts and lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _code_lines(text: str) -> list[int]:
    """The line of the first line of code of each code cell, from 1."""
    lines = text.splitlines()
    found, at, fence = [], 0, ""
    while at < len(lines):
        line = lines[at]
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif match := _CODE_CELL.match(line):
            fence = match[1]
            at = _after_options(lines, at + 1)
            found.append(at + 1)
            continue
        elif match := _ANY_FENCE.match(line):
            # an enclosing fence hides what it quotes
            fence = match[1] if match[1][0] != ":" else ""
        at += 1
    return found


def _after_options(lines: list[str], at: int) -> int:
    if at < len(lines) and lines[at].strip() == "---":
        at += 1
        while at < len(lines) and lines[at].strip() != "---":
            at += 1
        return at + 1
    while at < len(lines) and re.match(r":[\w-]+:", lines[at]):
        at += 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _refuse_solutions(lesson: Source, markers: Sequence[Markers]) -> None:
    for index, cell in enumerate(lesson.cells):
        marked = any(pair.begin in cell["source"] for known in markers for pair in known.all)
        if notebook.nbgrader_meta(cell) is not None and marked:
            raise BuildError(
                "a lesson holds an nbgrader solution or hidden test, and would publish it",
                where=f"{lesson.path}, cell {index + 1}",
                hint="move the exercise to source/<assignment>/; the site shows its release",
            )

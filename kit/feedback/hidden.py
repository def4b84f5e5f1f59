"""What of a test a learner may see, and how to keep the rest off a page.

A traceback of a test cell shows the cell's source, so nothing that such a cell put out is shown
as it stands: what a page says of a test is made anew from the released text. Whatever else
learner code put out is searched for lines of the hidden parts.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.model import Delimiters, Markers, Release, ReleasedCell

PLACEHOLDER = "[hidden]"
_SHORTEST = 8
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_FRAME = re.compile(r"(?:Cell )?In ?\[(\d+)\], line (\d+)")
_OTHER_FRAME = re.compile(r"^(?:File |Cell |[A-Za-z_.]\w*(?:Error|Exception|Warning|Interrupt)\b)")


def plain(text: str) -> str:
    """Text without terminal colours and control characters."""
    text = _ANSI.sub("", text)
    return "".join(c for c in text if c in "\n\t" or (c >= " " and c != "\x7f"))


def hidden_lines(cell: ReleasedCell, markers: Markers) -> frozenset[int]:
    """The lines of the full text, from 1, that are not in the released one.

    Where the marked regions do not explain what was released, nobody can tell what was meant to
    be hidden: then all lines are.
    """
    lines = cell.source.split("\n")
    found: set[int] = set()
    for pair in (markers.hidden_tests, markers.mark_scheme):
        try:
            parts = notebooks.regions(cell.source, pair)
        except NotebookError:
            return frozenset(range(1, len(lines) + 1))
        for part in parts:
            found.update(range(part.first + 1, part.last + 2))
    kept = [line for number, line in enumerate(lines, 1) if number not in found]
    # Released as it stands, a region too: its markers are not the ones that nbgrader took.
    if cell.released != cell.source and not _same(kept, cell.released.split("\n")):
        return frozenset(range(1, len(lines) + 1))
    return frozenset(found)


def _same(kept: list[str], released: list[str]) -> bool:
    """Whether both are the same text; blanks at line ends do not count."""
    return ([line.rstrip() for line in kept] == [line.rstrip() for line in released])


def is_mixed(cell: ReleasedCell, markers: Markers) -> bool:
    """Whether the cell has something that learners must not see."""
    return bool(hidden_lines(cell, markers))


def texts_shown(cell: ReleasedCell, markers: Markers) -> frozenset[str]:
    """The lines of the texts in a test that stand in no hidden region: what its checks may say.

    A sealed test reaches learners without them, and tells each to whom it concerns.
    """
    return _texts_outside(cell.source, markers.hidden_tests)


@lru_cache(maxsize=1024)  # the same for each learner's page
def _texts_outside(source: str, hidden: Delimiters) -> frozenset[str]:
    try:
        tree = ast.parse(notebooks.without_regions(source, hidden))
    except (NotebookError, SyntaxError, ValueError):
        return frozenset()
    return frozenset(
        line for node in ast.walk(tree) if isinstance(node, ast.Constant)
        and isinstance(node.value, str) and " " in node.value for line in node.value.split("\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Pieces of text that may not appear on a page."""

    pieces: tuple[str, ...] = ()

    def redact(self, text: str) -> str:
        """The text with each line that holds a piece replaced."""
        if not self.pieces or not self.found_in(text):
            return text
        lines = [PLACEHOLDER if self.found_in(line) else line for line in text.split("\n")]
        joined = "\n".join(lines)
        # A piece broken over lines.
        return PLACEHOLDER if self.found_in(joined) else joined

    def found_in(self, text: str) -> bool:
        """Whether a piece is in the text, however it is spaced or quoted."""
        packed = _packed(text)
        return any(piece in packed for piece in self.pieces)


def secrets_of(release: Release, markers: Markers, *, messages: bool = True) -> Secrets:
    """The pieces of all hidden parts of a release that no released text holds as well.

    Without `messages` the texts that a hidden test says are none, only its lines are.
    """
    public = _packed("\n".join(cell.released for book in release.notebooks
                               for cell in book.cells))
    found: dict[str, None] = {}
    for book in release.notebooks:
        for cell in book.cells:
            lines = cell.source.split("\n")
            text = "\n".join(lines[number - 1] for number in sorted(hidden_lines(cell, markers)))
            for piece in (*text.split("\n"), *_comments(text), *(_texts(text) if messages else ())):
                packed = _packed(piece)
                if len(packed) >= _SHORTEST and packed not in public and not _harmless(piece):
                    found[packed] = None
    return Secrets(pieces=tuple(found))


def _packed(text: str) -> str:
    """Text without white space, backslashes and quotes: repr() and line breaks hide nothing."""
    return re.sub(r"[\s\\'\"]+", "", text)


def _harmless(piece: str) -> bool:
    """Lines that any program has; redacting them would only puzzle."""
    return bool(re.match(r"\s*(import|from)\s", piece))


def _comments(text: str) -> Iterable[str]:
    """Comments of the hidden code; single words are no secret."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and " " in token.string.strip("# "):
                yield token.string.lstrip("#")
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass


def _texts(text: str) -> Iterable[str]:
    """What the hidden code says; single words are no secret."""
    try:
        tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (
                " " in node.value.strip()):
            yield from node.value.split("\n")


# ------------------------------------------------------------------------------- failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a test cell ended. `line` is in the full text, from 1; None where it is unknown."""

    name: str
    message: str
    line: int | None
    traceback: str


def failure_of(cell: Mapping[str, Any]) -> Failure | None:
    """The error among a cell's outputs, or None."""
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            raw = output.get("traceback")
            lines = [x for x in raw if isinstance(x, str)] if isinstance(raw, list) else []
            text = plain("\n".join(lines))
            return Failure(
                name=plain(str(output.get("ename", ""))),
                message=plain(str(output.get("evalue", ""))),
                line=_line_in(text, cell.get("execution_count")), traceback=text,
            )
    return None


def _line_in(traceback: str, count: Any) -> int | None:
    lines = {int(line) for number, line in _FRAME.findall(traceback)
             if isinstance(count, int) and int(number) == count}
    return lines.pop() if len(lines) == 1 else None


def visible_failure(
    cell: ReleasedCell, failure: Failure, markers: Markers
) -> tuple[str, str] | None:
    """(failing line, message) when a test that learners can read failed, else None.

    The learner's code can forge a traceback and word its own errors, so in a cell with hidden
    tests a message is shown only if the released text holds it word for word.
    """
    hidden = hidden_lines(cell, markers)
    lines = cell.source.split("\n")
    if failure.line is None or not 1 <= failure.line <= len(lines):
        return None if hidden else ("", failure.message)
    if failure.line in hidden:
        return None
    line = lines[failure.line - 1].strip()
    if hidden and failure.message not in cell.released:
        return line, ""
    return line, failure.message


def without_frames(traceback: str, counts: frozenset[int]) -> str:
    """A traceback without the frames of the cells that ran with these counts."""
    kept: list[str] = []
    skipping = False
    for line in traceback.split("\n"):
        frame = _FRAME.search(line)
        if frame is not None:
            skipping = int(frame.group(1)) in counts
            if skipping:
                kept.append("a test called it")
        elif skipping and _OTHER_FRAME.match(line):
            skipping = False
        if not skipping:
            kept.append(line)
    return "\n".join(kept)

"""Reading a file of marks as spreadsheets leave it."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.errors import MarksError, nearest

MAX_BYTES = 20 * 1024**2

COLUMNS = ("code", "notebook", "question", "max", "mark", "comment")

_ALIASES = {
    "code": "code", "id": "code", "learner": "code", "student": "code", "student_id": "code",
    "notebook": "notebook",
    "question": "question", "grade_id": "question", "cell": "question",
    "max": "max", "max_score": "max", "out of": "max", "points": "max",
    "mark": "mark", "score": "mark", "grade": "mark", "marks": "mark",
    "comment": "comment", "comments": "comment", "feedback": "comment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a marks file. `mark` is None where the grader left it empty.

    `trouble` says why the mark cannot be read.
    """

    file: str
    number: int
    code: str
    notebook: str
    question: str
    mark: float | None
    comment: str
    trouble: str = ""

    @property
    def where(self) -> str:
        """File and line, as an error shows them."""
        return f"{self.file} line {self.number}"


def read_marks(path: Path) -> tuple[Line, ...]:
    """All lines of a marks file that name a submission.

    Takes commas, semicolons or tabs, a byte order mark, UTF-16 or the code page of an old
    Excel, a `sep=` line, decimal commas, and columns in any order. Raises MarksError.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MarksError("is too large for a marks file", where=path.name)
        data = path.read_bytes()
    except OSError as error:
        raise MarksError(f"cannot be read: {error.strerror}", where=path.name) from error
    if data[:2] == b"PK":
        raise MarksError("is a spreadsheet or zip, not a CSV file", where=path.name,
                         hint="save it as CSV from the spreadsheet, or unpack it first")
    return tuple(_lines(path.name, _text(data)))


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _lines(name: str, text: str) -> Iterator[Line]:
    text, start = _without_sep(text)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    columns: dict[str, int] | None = None
    try:
        for row in reader:
            cells = [_clean(cell) for cell in row]
            if not any(cells):
                continue
            if columns is None:
                columns = _columns(name, cells)
                continue
            yield _line(name, reader.line_num + start, columns, cells)
    except csv.Error as error:
        raise MarksError(f"line {reader.line_num + start} is not CSV: {error}", where=name,
                         hint="save it again as CSV") from error
    if columns is None:
        raise MarksError("the file is empty", where=name)


def _without_sep(text: str) -> tuple[str, int]:
    first, _, rest = text.partition("\n")
    return (rest, 1) if re.fullmatch(r'"?sep=.?"?\s*', first) else (text, 0)


def _clean(cell: str) -> str:
    """Trim what spreadsheets add: no-break spaces, and the apostrophe that keeps text text."""
    text = cell.replace("\u00a0", " ").replace("\u202f", " ").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def _columns(name: str, cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = _ALIASES.get(cell.lower())
        if column is not None:
            found.setdefault(column, place)
    missing = [column for column in ("code", "question", "mark") if column not in found]
    if missing:
        near = ", ".join(nearest(missing[0], cells)[:4])
        raise MarksError(f"has no column {missing[0]!r}", where=name,
                         hint=f"its columns: {near}\nexpected: {', '.join(COLUMNS)}")
    return found


def _line(name: str, number: int, columns: Mapping[str, int], cells: list[str]) -> Line:
    def cell(column: str) -> str:
        place = columns.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    mark, trouble = _mark(cell("mark"))
    return Line(file=name, number=number, code=cell("code"), notebook=cell("notebook"),
                question=cell("question"), mark=mark, comment=cell("comment"), trouble=trouble)


def _mark(text: str) -> tuple[float | None, str]:
    plain = text.replace(" ", "")
    if not plain:
        return None, ""
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", plain, re.ASCII):
        return None, f"{text!r} is not a number"
    value = float(plain.replace(",", "."))
    return (value, "") if math.isfinite(value) else (None, f"{text!r} is not a number")

"""The released assignment in the gradebook: read as a Release, or written from one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, literal_column, select

from kit import notebook as notebooks
from kit.course import markers_of
from kit.errors import GradebookError, NotebookError, typed
from kit.files import digest_bytes
from kit.gradebook import database, schema
from kit.gradebook.owned import void_points
from kit.model import (
    Assignment,
    CellKind,
    Course,
    Markers,
    Release,
    ReleasedCell,
    ReleasedNotebook,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCell:
    """A cell row of the gradebook. A manual answer has two: a grade cell, a solution cell."""

    notebook: str
    notebook_id: str
    grade_id: str
    cell_id: str
    type: str
    max_score: float


# ------------------------------------------------------------------------------------ read


def read_release(course: Course, assignment: Assignment) -> Release | None:
    """What stock nbgrader released, from its own tables; None where it released nothing.

    The gradebook keeps each cell's full text. Order is that of `release/` where that folder is
    there, else the order in which nbgrader wrote the rows. Raises GradebookError.
    """
    with database.reading(course) as connection:
        if connection is None:
            return None
        key = assignment_id(connection, assignment.name)
        if key is None:
            return None
        markers, void = markers_of(course), void_points(connection, assignment.name)
        rows = connection.execute(
            select(schema.notebook.c.id, schema.notebook.c.name, schema.notebook.c.kernelspec)
            .where(schema.notebook.c.assignment_id == key).order_by(schema.notebook.c.name)
        ).all()
        found = tuple(
            ReleasedNotebook(
                name=name,
                cells=_as_handed_out(
                    _cells(connection, identity, markers,
                           {cell: most for (book, cell), most in void.items() if book == name}),
                    course.root / "release" / assignment.name / f"{name}.ipynb"),
                kernelspec=_json(kernelspec),
            )
            for identity, name, kernelspec in rows
        )
    if not found:
        return None
    return Release(assignment=assignment.name, notebooks=found, digest=_digest(found))


def assignment_id(connection: Connection, name: str) -> str | None:
    """nbgrader's id of the assignment, or None where it was never released."""
    found: str | None = connection.execute(
        select(schema.assignment.c.id).where(schema.assignment.c.name == name)
    ).scalar()
    return found


def cells_of(connection: Connection, assignment_key: str) -> tuple[KnownCell, ...]:
    """All grade, solution and task cells of the assignment, in the order of its notebooks."""
    base, book = schema.base_cell, schema.notebook
    rows = connection.execute(
        select(
            book.c.name, book.c.id, base.c.name, base.c.id, base.c.type,
            schema.grade_cells.c.max_score, schema.task_cells.c.max_score,
        )
        .join(book, book.c.id == base.c.notebook_id)
        .outerjoin(schema.grade_cells, schema.grade_cells.c.id == base.c.id)
        .outerjoin(schema.task_cells, schema.task_cells.c.id == base.c.id)
        .outerjoin(schema.source_cell, (schema.source_cell.c.notebook_id == book.c.id)
                   & (schema.source_cell.c.name == base.c.name))
        .where(book.c.assignment_id == assignment_key)
        .order_by(book.c.name, _rowid("source_cell"), _rowid("base_cell"))
    ).all()
    return tuple(
        KnownCell(notebook=name, notebook_id=key, grade_id=cell, cell_id=cell_key, type=kind,
                  max_score=float(graded if graded is not None else task or 0.0))
        for name, key, cell, cell_key, kind, graded, task in rows
    )


def _rowid(table: str) -> Any:
    return literal_column(f"{table}.rowid")


def _cells(
    connection: Connection, notebook_key: str, markers: Markers, void: Mapping[str, float]
) -> list[ReleasedCell]:
    base, source = schema.base_cell, schema.source_cell
    kinds: dict[str, dict[str, float]] = {}
    for name, kind, graded, task in connection.execute(
        select(base.c.name, base.c.type, schema.grade_cells.c.max_score,
               schema.task_cells.c.max_score)
        .outerjoin(schema.grade_cells, schema.grade_cells.c.id == base.c.id)
        .outerjoin(schema.task_cells, schema.task_cells.c.id == base.c.id)
        .where(base.c.notebook_id == notebook_key)
    ):
        most = float(graded if graded is not None else task or 0.0)
        if kind != "SolutionCell":
            most = most or void.get(name, 0.0)
        kinds.setdefault(name, {})[kind] = most
    rows = connection.execute(
        select(source.c.name, source.c.cell_type, source.c.source)
        .where(source.c.notebook_id == notebook_key).order_by(_rowid("source_cell"))
    ).all()
    return [_cell(name, cell_type, text or "", kinds.get(name, {}), markers)
            for name, cell_type, text in rows]


def _cell(
    name: str, cell_type: str, text: str, types: Mapping[str, float], markers: Markers
) -> ReleasedCell:
    kind = kind_of(types)
    points = types.get("TaskCell", types.get("GradeCell", 0.0))
    released = text
    for pair in (markers.hidden_tests, markers.mark_scheme):
        try:
            released = notebooks.without_regions(released, pair)
        except NotebookError:
            # nbgrader releases such a cell as it is; `kit check` tells its author.
            continue
    return ReleasedCell(
        grade_id=name, kind=kind, cell_type=cell_type, source=text, released=released,
        points=points if kind.graded else 0.0,
        checksum=_checksum(name, kind, cell_type, points, released),
    )


def _checksum(name: str, kind: CellKind, cell_type: str, points: float, text: str) -> str:
    """nbgrader's checksum of a cell: in its tables over the full text, else the released one."""
    return notebooks.checksum({
        "cell_type": cell_type, "source": text,
        "metadata": {"nbgrader": {
            "grade_id": name, "points": points, "schema_version": 3,
            "grade": kind in (CellKind.TEST, CellKind.MANUAL),
            "solution": kind in (CellKind.ANSWER, CellKind.MANUAL),
            "task": kind is CellKind.TASK,
            "locked": kind.protected,
        }},
    })


def kind_of(types: Iterable[str]) -> CellKind:
    """The kind of a cell from the types of its rows in `base_cell`."""
    found = set(types)
    if "TaskCell" in found:
        return CellKind.TASK
    if "GradeCell" in found:
        return CellKind.MANUAL if "SolutionCell" in found else CellKind.TEST
    return CellKind.ANSWER if "SolutionCell" in found else CellKind.LOCKED


def _as_handed_out(cells: list[ReleasedCell], released: Path) -> tuple[ReleasedCell, ...]:
    """The cells in the order and with the texts that learners got, where the file is there.

    A step of the author's own may have taken out more than what the delimiters enclose.
    """
    if not released.is_file():
        return tuple(cells)
    try:
        notebook = notebooks.read(released)
    except NotebookError:
        return tuple(cells)
    texts = {name: notebooks.source(cell) for cell in notebook["cells"]
             if (name := notebooks.grade_id(cell))}
    place = {name: index for index, name in enumerate(texts)}
    # Sorting is stable: what the file does not hold keeps its place after what it does.
    ordered = sorted(cells, key=lambda cell: place.get(cell.grade_id, len(place)))
    return tuple(_handed_out(cell, texts.get(cell.grade_id)) for cell in ordered)


def _handed_out(cell: ReleasedCell, text: str | None) -> ReleasedCell:
    # Of the author's text something is taken out; any other text is not this release's.
    if text is None or text == cell.released or not _is_part(text, cell.source):
        return cell
    return replace(cell, released=text, checksum=_checksum(
        cell.grade_id, cell.kind, cell.cell_type, cell.points, text))


def _is_part(text: str, whole: str) -> bool:
    """Whether all lines of `text` stand in `whole`, in their order."""
    lines = iter(whole.split("\n"))
    return all(line in lines for line in text.split("\n"))


def _json(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _digest(found: tuple[ReleasedNotebook, ...]) -> str:
    parts = [
        [book.name, dict(book.kernelspec),
         [[c.grade_id, c.kind.value, c.cell_type, c.source, c.points] for c in book.cells]]
        for book in found
    ]
    return digest_bytes(json.dumps(parts, sort_keys=True).encode())


# ----------------------------------------------------------------------------------- write


def ensure_released(connection: Connection, course: Course, release: Release) -> str:
    """nbgrader's id of the assignment; its rows are written from the release where missing.

    Normally `kit release` has written them by nbgrader itself. Raises GradebookError when the
    gradebook knows other graded cells than the release.
    """
    name = release.assignment
    key = assignment_id(connection, name)
    if key is None:
        key = schema.new_id()
        identity = database.nbgrader_course(course, connection)
        known = connection.execute(
            select(schema.course.c.id).where(schema.course.c.id == identity)).scalar()
        if known is None:
            connection.execute(schema.course.insert().values(id=identity))
        connection.execute(schema.assignment.insert().values(id=key, name=name,
                                                             course_id=identity))
    present = set(connection.execute(
        select(schema.notebook.c.name).where(schema.notebook.c.assignment_id == key)).scalars())
    for book in release.notebooks:
        if book.name not in present:
            _write_notebook(connection, key, book)
    _compare(connection, key, release)
    return key


def _write_notebook(connection: Connection, key: str, book: ReleasedNotebook) -> None:
    own = schema.new_id()
    connection.execute(schema.notebook.insert().values(
        id=own, name=book.name, assignment_id=key, kernelspec=json.dumps(dict(book.kernelspec))))
    for cell in book.cells:
        graded = {"max_score": cell.points, "cell_type": cell.cell_type}
        if cell.kind in (CellKind.TEST, CellKind.MANUAL):
            _write_cell(connection, own, cell, "GradeCell", graded)
        if cell.kind in (CellKind.ANSWER, CellKind.MANUAL):
            _write_cell(connection, own, cell, "SolutionCell", {})
        if cell.kind is CellKind.TASK:
            _write_cell(connection, own, cell, "TaskCell", graded)
        connection.execute(schema.source_cell.insert().values(
            id=schema.new_id(), name=cell.grade_id, cell_type=cell.cell_type,
            locked=cell.kind.protected, source=cell.source, notebook_id=own,
            checksum=_checksum(cell.grade_id, cell.kind, cell.cell_type, cell.points,
                               cell.source)))


_TABLES = {"GradeCell": schema.grade_cells, "SolutionCell": schema.solution_cells,
           "TaskCell": schema.task_cells}


def _write_cell(
    connection: Connection, book: str, cell: ReleasedCell, kind: str, graded: Mapping[str, Any]
) -> None:
    key = schema.new_id()
    connection.execute(schema.base_cell.insert().values(
        id=key, name=cell.grade_id, notebook_id=book, type=kind))
    connection.execute(_TABLES[kind].insert().values(id=key, **graded))


def _compare(connection: Connection, key: str, release: Release) -> None:
    known = {(cell.notebook, cell.grade_id) for cell in cells_of(connection, key)
             if cell.type in ("GradeCell", "TaskCell")}
    ours = {(book.name, cell.grade_id)
            for book in release.notebooks for cell in book.cells if cell.kind.graded}
    if known == ours:
        return
    names = ", ".join(sorted(f"{book}/{cell}" for book, cell in known ^ ours)[:5])
    raise GradebookError(
        f"it knows other graded cells of {release.assignment} than the release: {names}",
        where="gradebook.db",
        hint=f"make the release again: {typed('kit', 'release', release.assignment)}",
    )

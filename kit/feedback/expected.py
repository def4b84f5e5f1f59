"""What was expected: the author's answers to what was released."""

from __future__ import annotations

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.model import CellKind, Course, Markers, Release


def answers(
    course: Course, release: Release, markers: Markers
) -> dict[tuple[str, str], str]:
    """(notebook, grade_id) -> the author's answer, without the lines that mark it.

    A record that holds none (stock nbgrader's, an older one) leaves `source/`: that counts only
    while the cells that the author wrote in it are those that were released.
    """
    found = {(book.name, cell.grade_id): cell.solution
             for book in release.notebooks for cell in book.cells if cell.solution}
    if found:
        return found
    for book in release.notebooks:
        try:
            source = notebooks.read(course.root / "source" / release.assignment
                                    / f"{book.name}.ipynb")
        except NotebookError:
            continue
        cells = [(notebooks.grade_id(cell) or "", kind, notebooks.source(cell))
                 for _, cell, kind in notebooks.graded_cells(source)]
        if {name: text for name, kind, text in cells if kind.protected} != {
                cell.grade_id: cell.source for cell in book.cells if cell.kind.protected}:
            continue
        for name, kind, text in cells:
            if kind in (CellKind.ANSWER, CellKind.MANUAL):
                found[book.name, name] = notebooks.without_marker_lines(text, markers)
    return found

"""What differs between two releases of an assignment, and whether it may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.errors import ReleaseError
from kit.model import Release, ReleasedCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `structural` ones (a nbgrader cell more or less) cannot be made once
    learners have handed in."""

    where: str
    message: str
    structural: bool = False


def changes(before: Release | None, after: Release) -> tuple[Change, ...]:
    """What a release changes, in the order of its notebooks; empty for the first one."""
    if before is None:
        return ()
    return (*_notebooks(before, after), *_files(before, after))


def refuse_structural(found: tuple[Change, ...], *, assignment: str) -> None:
    """Raise ReleaseError where cells came or went although learners handed in."""
    structural = [change for change in found if change.structural]
    if not structural:
        return
    first = structural[0]
    more = f" (and {len(structural) - 1} more)" if len(structural) > 1 else ""
    raise ReleaseError(
        f"{first.message}{more}, but learners have already handed in {assignment}",
        where=first.where,
        hint="nbgrader cannot add or remove cells once there are submissions.\n"
        "To take a question out, keep its cells and set their points to 0.\n"
        "To add one, put it into another assignment (kit add assignment).\n"
        "A renamed grade_id counts as both: give the cell its old id back.\n"
        "If the submissions were a trial, delete them "
        f"(submitted/*/{assignment}, .kit/submissions/{assignment}) and their grades.",
    )


def _notebooks(before: Release, after: Release) -> Iterator[Change]:
    for notebook in after.notebooks:
        old = before.notebook(notebook.name)
        if old is None:
            yield Change(where=notebook.name, message="the notebook is new", structural=True)
            continue
        known = {cell.grade_id: cell for cell in old.cells}
        for cell in notebook.cells:
            where = f"{notebook.name}, cell {cell.grade_id}"
            if cell.grade_id not in known:
                yield Change(where=where, message="the cell is new", structural=True)
            else:
                yield from _cell(where, known[cell.grade_id], cell)
        kept = {cell.grade_id for cell in notebook.cells}
        for gone in known.keys() - kept:
            yield Change(where=f"{notebook.name}, cell {gone}", message="the cell is gone",
                         structural=True)
    for name in {n.name for n in before.notebooks} - {n.name for n in after.notebooks}:
        yield Change(where=name, message="the notebook is gone", structural=True)


def _cell(where: str, old: ReleasedCell, new: ReleasedCell) -> Iterator[Change]:
    if old.kind is not new.kind:
        yield Change(where=where, message=f"was {_a(old.kind.value)}, is {_a(new.kind.value)}",
                     structural=True)
    if old.points != new.points:
        yield Change(where=where, message=f"{old.points:g} points became {new.points:g}")
    if old.released != new.released:
        what = "the test" if new.kind.graded and new.kind.protected else "the text"
        yield Change(where=where, message=f"{what} that learners see changed")
    elif old.source != new.source:
        yield Change(where=where, message="the hidden part changed")


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _files(before: Release, after: Release) -> Iterator[Change]:
    old = {file.path: file.digest for file in before.files}
    new = {file.path: file.digest for file in after.files}
    for path in sorted(old.keys() | new.keys()):
        if path not in old:
            yield Change(where=path, message="the file is new")
        elif path not in new:
            yield Change(where=path, message="the file is gone")
        elif old[path] != new[path]:
            yield Change(where=path, message="the file changed")

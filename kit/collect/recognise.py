"""Which file of a submission is which notebook of the assignment, whatever it is called.

Learners and LMSs rename files; the grade_ids inside tell what they are.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from kit import notebook
from kit.collect import names
from kit.errors import NotebookError
from kit.model import Assignment, Course

_COPY = re.compile(r"(?i)([-_ ]?\(\d+\)|[-_ ]\d{1,2}|[-_ ]copy\d*|[-_ ]kopie\d*|\s)+$")
_MOST = 30
_ENOUGH = 0.5

Expected = Mapping[str, frozenset[str]]
"""Notebook name -> its grade_ids."""


def expected(course: Course, assignment: Assignment) -> Expected:
    """What a submission should hold, from the released notebooks, else from the source."""
    found: dict[str, frozenset[str]] = {}
    for name in assignment.notebooks:
        for step in ("release", "source"):
            path = course.root / step / assignment.name / f"{name}.ipynb"
            if path.is_file():
                found[name] = _grade_ids(path) or frozenset()
                break
        else:
            found[name] = frozenset()
    return found


def settle(folder: Path, wanted: Expected) -> tuple[list[tuple[str, str]], list[str]]:
    """Put the notebooks of a submission where nbgrader looks for them.

    Returns what was renamed (from, to), and remarks: a notebook that is missing, or one that
    belongs to other work. Every other file stays as it is.
    """
    renamed: list[tuple[str, str]] = []
    if not any((folder / f"{name}.ipynb").is_file() for name in wanted):
        _unwrap(folder)
    found = _notebooks(folder)
    missing = [name for name in wanted if f"{name}.ipynb" not in found]
    candidates = [path for path in found if path.removesuffix(".ipynb") not in wanted]
    if missing and candidates:
        for path, name in _assign(folder, candidates[:_MOST], missing, wanted):
            _move(folder, path, f"{name}.ipynb")
            renamed.append((path, f"{name}.ipynb"))
    taken = {name.removesuffix(".ipynb") for _, name in renamed}
    remarks = [f"{name}.ipynb is not among the files" for name in missing if name not in taken]
    return renamed, remarks


def _notebooks(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*") if path.is_file() and path.suffix.casefold() == ".ipynb"
    )


def _unwrap(folder: Path) -> None:
    """Lift what lies in one folder that wraps all the rest."""
    for _ in range(20):
        entries = list(folder.iterdir())
        if len(entries) != 1 or not entries[0].is_dir():
            return
        wrapper = entries[0].rename(folder / _own_name())
        for path in list(wrapper.iterdir()):
            path.replace(folder / path.name)
        wrapper.rmdir()


def _assign(
    folder: Path, candidates: list[str], missing: list[str], wanted: Expected
) -> list[tuple[str, str]]:
    """The most likely (path, notebook) pairs, each used once; no pair without evidence."""
    inside = {path: _grade_ids(folder / path) for path in candidates}
    scored = sorted(
        ((_likeness(path, inside[path], name, wanted[name]), path, name)
         for path in candidates for name in missing),
        reverse=True,
    )
    pairs: list[tuple[str, str]] = []
    for likeness, path, name in scored:
        if likeness > 0 and all(path != p and name != n for p, n in pairs):
            pairs.append((path, name))
    if not pairs and len(candidates) == 1 and len(missing) == 1 and not inside[candidates[0]]:
        # One notebook wanted, one handed in, and nothing in it says that it is another.
        return [(candidates[0], missing[0])]
    return pairs


def _likeness(
    path: str, ids: frozenset[str] | None, name: str, wanted: frozenset[str]
) -> float:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if ids and wanted:
        overlap = len(ids & wanted) / len(wanted)
        # The later of two copies is the one with the higher number.
        return overlap + min(_copy_number(stem), 99) / 1000 if overlap >= _ENOUGH else 0.0
    same = names.plain(_COPY.sub("", stem)) == names.plain(name) or names.plain(
        stem) == names.plain(name)
    ends = names.plain(stem).endswith(names.plain(name))
    return 0.4 if same else 0.2 if ends else 0.0


def _copy_number(stem: str) -> int:
    number = re.search(r"(\d{1,2})\)?$", stem)
    return int(number[1]) if number else 0


def _grade_ids(path: Path) -> frozenset[str] | None:
    """The grade_ids in a notebook; None where it cannot be read."""
    try:
        cells = notebook.read(path)["cells"]
    except NotebookError:
        return None
    return frozenset(found for cell in cells if (found := notebook.grade_id(cell)))


def _move(folder: Path, path: str, target: str) -> None:
    held = folder / _own_name()
    shutil.move(folder / path, held)
    if (folder / target).is_file():
        # A system that knows no case: `PS1.ipynb` is `ps1.ipynb`.
        (folder / target).unlink()
    held.replace(folder / target)
    parent = (folder / path).parent
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent


def _own_name() -> str:
    """A name that no learner can have guessed."""
    return f".{uuid.uuid4().hex}"

"""Add a lesson, an assignment or a question: a working one, to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from kit import notebook as nb
from kit.course.edit import append
from kit.course.load import assignment_of
from kit.course.questions import KINDS, question, slug, text
from kit.course.schema import NAME
from kit.errors import CourseError, UnknownName, nearest, typed
from kit.model import Assignment, Course

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was added: the file to open, and what else changed."""

    path: Path
    notes: tuple[str, ...] = ()


def add_lesson(course: Course, title: str, *, part: str | None = None) -> Added:
    """Write `lessons/<title>.ipynb` and list it in a part of the course, the last by default.

    A part of a new name is made. Raises CourseError when the lesson is there already.
    """
    _must_say_something(title)
    counted = f"lesson-{len(course.lessons) + 1}"
    path = course.root / "lessons" / f"{slug(title, counted)}.ipynb"
    _must_be_new(path, course)
    name = path.relative_to(course.root).with_suffix("").as_posix()
    titles = [one.title for one in course.parts]
    where = part if part is not None else (titles[-1] if titles else "Lessons")
    if where in titles:
        append(course.root, ("parts", titles.index(where), "lessons"), name)
        notes: tuple[str, ...] = (f"listed under {where!r} in course.yml",)
    else:
        append(course.root, ("parts",), {"title": where, "lessons": [name]})
        near = f"; nearest was {nearest(where, titles)[0]!r}" if part and titles else ""
        notes = (f"listed under the new part {where!r} in course.yml{near}",)
    if path.stem == counted:
        notes = (*notes, "its title has no Latin letters, so the file is numbered; rename both")
    nb.write(_notebook(_lesson(title)), path)
    return Added(path=path, notes=notes)


def _must_say_something(title: str) -> None:
    if not title.strip():
        raise CourseError("the title is empty", where="kit add",
                          hint='say what it is about: kit add lesson "Cash is not profit"')


def add_assignment(course: Course, name: str, title: str) -> Added:
    """Write `source/<name>/<name>.ipynb` with one question and list it in `course.yml`.

    It is due a week after the last assignment and counts in the same group. Raises CourseError
    for a name that is taken or cannot be a folder.
    """
    if not NAME.fullmatch(name):
        raise CourseError(f"{name!r} cannot name an assignment", where="kit add assignment",
                          hint="use letters, digits, '.', '_' and '-' only, as in: ps2")
    if name.casefold() in {one.name.casefold() for one in course.assignments}:
        raise CourseError(f"there is an assignment {name!r} already", where="course.yml",
                          hint="add a question to it: "
                               f"{typed('kit', 'add', 'question', name, 'A title')}")
    path = course.root / "source" / name / f"{name}.ipynb"
    _must_be_new(path, course)
    entry: dict[str, Any] = {"name": name, "title": title}
    dated = [one for one in course.assignments if one.due is not None]
    if dated:
        entry |= _a_week_later(course, max(dated, key=lambda one: one.due or 0))
    if course.assignments and course.assignments[-1].group:
        entry["group"] = course.assignments[-1].group
    append(course.root, ("assignments",), entry)
    intro = text(f"# {title}\n\nWrite your answers into the cells that ask for them. Run the tests "
                 "below each answer; more tests are run after you hand in.", "introduction")
    nb.write(_notebook([intro, *question("number", "A first question", taken=())]), path)
    due = f", due {entry['due']}" if "due" in entry else ""
    return Added(path=path, notes=(f"listed in course.yml{due}",))


def add_question(
    course: Course, assignment: str, title: str, *, kind: str = "number",
    notebook: str | None = None,
) -> Added:
    """Append a question to a notebook of an assignment, the last one by default.

    `kind` is number, function, table, written or task. Raises UnknownName, NotebookError, and
    CourseError where the notebook's code is not Python.
    """
    if kind not in KINDS:
        raise UnknownName("kind of question", kind, KINDS)
    _must_say_something(title)
    path = _notebook_of(course, assignment_of(course, assignment), notebook)
    existing = nb.read(path)
    spec = existing["metadata"].get("kernelspec") or _KERNEL
    if str(spec.get("language", "python")).lower() not in ("python", "ipython"):
        raise CourseError(f"the notebook is written in {spec.get('language')}",
                          where=path.relative_to(course.root).as_posix(),
                          hint="questions are made in Python; copy one of your own instead")
    taken = {str(name) for cell in existing["cells"]
             for name in (nb.grade_id(cell), cell.get("id")) if name}
    cells = question(kind, title, taken=taken)
    if existing["nbformat_minor"] < 5:
        cells = [{key: value for key, value in cell.items() if key != "id"} for cell in cells]
    existing["cells"] += cells
    notes = []
    if kind == "table" and not any(one.lower().startswith("pandas") for one in course.packages):
        append(course.root, ("environment", "packages"), "pandas")
        notes.append("pandas is added to environment.packages in course.yml")
    nb.write(existing, path)
    ids = [name for cell in cells if (name := nb.grade_id(cell))]
    notes.insert(0, f"its cells are {', '.join(ids)}")
    return Added(path=path, notes=tuple(notes))


def _notebook_of(course: Course, assignment: Assignment, name: str | None) -> Path:
    folder = course.root / "source" / assignment.name
    names = sorted(path.stem for path in folder.glob("*.ipynb"))
    if not names:
        raise CourseError(f"{assignment.name} has no notebook", where=f"source/{assignment.name}",
                          hint="put one there first")
    if name is None:
        return folder / f"{names[-1]}.ipynb"
    wanted = name.removesuffix(".ipynb")
    if wanted not in names:
        raise UnknownName("notebook", wanted, names, where=f"source/{assignment.name}")
    return folder / f"{wanted}.ipynb"


def _a_week_later(course: Course, last: Assignment) -> dict[str, str]:
    """Dates as course.yml writes them: local, to the minute."""
    week = timedelta(days=7)
    dates = {}
    for key, moment in (("opens", last.opens), ("due", last.due)):
        if moment is not None:
            local = moment.astimezone(course.timezone).replace(tzinfo=None) + week
            dates[key] = f"{local:%Y-%m-%d %H:%M}"
    return dates


def _must_be_new(path: Path, course: Course) -> None:
    if path.exists():
        raise CourseError("the file is there already",
                          where=path.relative_to(course.root).as_posix(),
                          hint="choose another title, or edit that file")


def _lesson(title: str) -> list[nb.Cell]:
    code = "waits = [2, 3, 3, 12]\nsum(waits) / len(waits)"
    cell: nb.Cell = {"cell_type": "code", "id": "compute", "metadata": {}, "source": code,
                     "outputs": [], "execution_count": None}
    return [
        text(f"# {title}\n\nOpen with a decision that needs a number. Four customers waited 2, 3, "
             "3 and 12 minutes: is \"five minutes\" a fair thing to promise? Let readers commit "
             "to an answer before they compute it.", "opening"),
        cell,
        text("The mean is five minutes, yet three of four waited three minutes or less. Close with "
             "an answer to the question that the lesson opened with.", "closing"),
    ]


def _notebook(cells: list[nb.Cell]) -> nb.Notebook:
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells,
            "metadata": {"kernelspec": dict(_KERNEL), "language_info": {"name": "python"}}}

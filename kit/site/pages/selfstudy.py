"""What an assignment offers to those who study alone: its full tests, and worked solutions.

This is the one thing that publishes answers, for the assignments whose `selfstudy` says so. It is
made of what was released, not of `source/`, so that both are of the same questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import notebook as nb
from kit.course import markers_of
from kit.course.dues import last_due
from kit.course.public import public_notebook
from kit.course.requirements import completed, own_requirements
from kit.errors import BuildError, typed
from kit.files import zipped
from kit.language import Language, language_of
from kit.model import Assignment, CellKind, Course, Markers, Release, ReleasedCell
from kit.site.moments import moment

_ANSWERS = (CellKind.ANSWER, CellKind.MANUAL)


def is_open(course: Course, assignment: Assignment, now: datetime) -> bool:
    """Whether the tests and solutions of an assignment may be published at `now`.

    `after_due` waits until the last learner's work is due, extensions included; where no due date
    is stated it never opens. Raises CourseError where the extensions cannot be read.
    """
    if assignment.selfstudy != "after_due":
        return assignment.selfstudy == "always"
    if assignment.due is None or now < assignment.due:
        return False
    last = last_due(course, assignment)
    return last is not None and now >= last


def notice(course: Course, assignment: Assignment, now: datetime) -> str:
    """What the page says while they wait; "" where nothing is to come, or it is there.

    Whoever has an extension is nobody's business: its date is not told.
    """
    if (assignment.selfstudy != "after_due" or assignment.due is None
            or is_open(course, assignment, now)):
        return ""
    if now >= assignment.due:
        return language_of(course).say(
            "Full tests and solutions for self-study come when all work is handed in")
    return language_of(course).say("Full tests and solutions for self-study come after {when}",
                                   when=moment(course, assignment.due))


def bundle(
    course: Course, assignment: Assignment, release: Release, folder: Path
) -> tuple[str, str, bytes]:
    """(label, file name, bytes) of the zip; `folder` is the released one.

    Raises BuildError where the release does not know the author's answers.
    """
    contents: dict[str, bytes] = {}
    for file in release.files:
        path = folder / file.path
        if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb":
            contents[file.path] = path.read_bytes()
    markers, words = markers_of(course), language_of(course)
    notebooks = []
    for released in release.notebooks:
        found = nb.read(folder / f"{released.name}.ipynb")
        cells = {cell.grade_id: cell for cell in released.cells}
        _need_solutions(assignment, released.cells)
        worked = f"{released.name}-solutions"
        notebooks.append((released.name, worked))
        for name, solved in ((released.name, False), (worked, True)):
            made = _rewritten(found, cells, markers, words, solved=solved)
            contents[f"{name}.ipynb"] = nb.dumps(made).encode()
    requirements = completed(course, own_requirements(folder, course.root))
    contents["requirements.txt"] = requirements.encode()
    contents["README.md"] = _readme(course, assignment, notebooks).encode()
    name = f"{assignment.name}-selfstudy"
    return (words.say("Self-study: full tests and solutions (zip)"), f"{course.id}-{name}.zip",
            zipped(name, contents))


def _need_solutions(assignment: Assignment, cells: tuple[ReleasedCell, ...]) -> None:
    answers = [cell for cell in cells if cell.kind in _ANSWERS]
    if answers and not any(cell.solution for cell in answers):
        raise BuildError(
            "the record of the release holds no solutions, which selfstudy publishes",
            where=f"release/{assignment.name}", hint=typed("kit", "release", assignment.name))


def _rewritten(
    found: Mapping[str, Any], known: Mapping[str, ReleasedCell], markers: Markers,
    words: Language, *, solved: bool,
) -> nb.Notebook:
    """The released notebook with its tests in full; `solved` with answers and mark schemes too."""
    made = public_notebook(found)
    for cell in made["cells"]:
        released = known.get(nb.grade_id(cell) or "")
        for name in ("nbgrader", "deletable", "editable"):
            cell["metadata"].pop(name, None)
        if released is None:
            continue
        if released.kind is CellKind.TEST:
            cell["source"] = nb.without_marker_lines(released.source, markers)
        elif solved and released.kind in _ANSWERS and released.solution:
            cell["source"] = released.solution
        elif solved and released.kind is CellKind.TASK:
            cell["source"] = _with_scheme(released.source, markers, words)
    return made


def _with_scheme(text: str, markers: Markers, words: Language) -> str:
    schemes = [region.text.strip() for region in nb.regions(text, markers.mark_scheme)]
    task = nb.without_regions(text, markers.mark_scheme).strip()
    title = words.say("How it is marked")
    return "\n\n".join([task, *(f"**{title}**\n\n{one}" for one in schemes)])


def _readme(course: Course, assignment: Assignment, notebooks: list[tuple[str, str]]) -> str:
    words = language_of(course)
    listed = "\n".join("- " + words.say("{tests}, and {worked} with worked solutions",
                                        tests=f"`{name}.ipynb`", worked=f"`{worked}.ipynb`")
                       for name, worked in notebooks)
    first = f"{notebooks[0][0]}.ipynb" if notebooks else "."
    return words.say("""# {title}: for self-study

{course}.

{listed}

1. Install what it needs: {install}
2. Open it: {open}
3. Answer a question, then run the cell below it: it holds all of its tests, and says what is
   right, what is not, and how many points that is.
4. Compare with the solutions. What a person would mark says there how it is marked.

This is not the notebook to hand in.
""", title=assignment.title, course=course.title, listed=listed,
        install="`python -m pip install -r requirements.txt`",
        open=f"`{typed('jupyter', 'notebook', first)}`")

"""The page that a grader marks from: question by question, names left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from markupsafe import Markup

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.feedback import hidden, outputs
from kit.feedback.pages import _anchor, _template, points
from kit.model import Assignment, CellKind, Course


class ToMark(Protocol):
    """An answer to mark, as the gradebook deals it out."""

    @property
    def code(self) -> str:
        """What stands for the learner."""

    @property
    def learner(self) -> str:
        """Whose hand-in it is."""

    @property
    def notebook(self) -> str:
        """The notebook's name."""

    @property
    def grade_id(self) -> str:
        """The question."""

    @property
    def max_points(self) -> float:
        """Its points."""


def marking_page(
    course: Course, assignment: Assignment, items: Sequence[ToMark], *, autograded: Path
) -> str:
    """HTML with each question's text, mark scheme and answers, in the order of `items`."""
    questions: dict[tuple[str, str], list[ToMark]] = {}
    for item in items:
        questions.setdefault((item.notebook, item.grade_id), []).append(item)
    return str(_template("marking.html.jinja").render(
        language=course.language, course=course.title or course.id, title=assignment.title,
        count=f"{len(items)} {'answer' if len(items) == 1 else 'answers'}",
        questions=[
            {"name": name, "anchor": _anchor(name), "out_of": points(answers[0].max_points),
             "rubric": _rubric(course, assignment, notebook, name),
             "answers": [
                 {"code": item.code, "bodies": list(_bodies(
                     autograded / item.learner / assignment.name / f"{notebook}.ipynb", name))}
                 for item in answers]}
            for (notebook, name), answers in questions.items()
        ],
    ))


def _rubric(course: Course, assignment: Assignment, notebook: str, name: str) -> Markup:
    """The author's cell with its mark scheme or model answer, and the prose just before it."""
    cells = _cells(course.root / "source" / assignment.name / f"{notebook}.ipynb")
    for place, cell in enumerate(cells):
        if notebooks.grade_id(cell) == name:
            before = cells[place - 1] if place else None
            parts = []
            if before is not None and before["cell_type"] == "markdown":
                parts.append(_shown(before))
            parts.append(_shown(cell))
            return Markup("").join(parts)
    return Markup('<p class="quiet">{}</p>').format("The author's notebook is not there.")


def _bodies(path: Path, name: str) -> Iterable[Markup]:
    """The answer; for a task all cells after it, up to the next of nbgrader's cells."""
    cells = _cells(path)
    for place, cell in enumerate(cells):
        if notebooks.grade_id(cell) != name:
            continue
        if notebooks.kind(cell) is not CellKind.TASK:
            yield from _with_outputs(cell)
            return
        for following in cells[place + 1 :]:
            if notebooks.kind(following) is not None:
                return
            yield from _with_outputs(following)
        return


def _with_outputs(cell: notebooks.Cell) -> Iterable[Markup]:
    if notebooks.source(cell).strip():
        yield _shown(cell)
    yield from outputs.outputs_html(cell, hidden.Secrets(), frozenset())


def _shown(cell: notebooks.Cell) -> Markup:
    text = notebooks.source(cell)
    if cell["cell_type"] == "code":
        return outputs.code(text)
    return outputs.markdown(text, cell.get("attachments"))


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        cells: list[dict[str, Any]] = notebooks.read(path)["cells"]
    except NotebookError:
        return []
    return cells

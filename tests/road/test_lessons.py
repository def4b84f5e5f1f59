"""The lessons of the templates keep the rules of teaching that a program can check."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kit.course.scaffold import scaffold
from kit.notebook import joined

TEMPLATES = ("accounting", "statistics")
"""The templates whose lessons are made of kit.lesson. The opening questions of a lesson on earlier
ones have ids that begin with recall-, the closing ones on itself with keep-."""

BEFORE_THE_FIRST = 120
BETWEEN = 250
IN_ALL = 1_800
IDEAS = 3
_VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What there is to read. `is_prose` tells the author's text from what a cell shows."""

    text: str
    is_prose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do: a component, or a cell to run (kind "run")."""

    kind: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson as it was run, from the top to the bottom."""

    name: str
    place: int
    items: tuple[Words | Action, ...]
    known: str
    folded: tuple[str, ...]

    @property
    def actions(self) -> list[Action]:
        return [one for one in self.items if isinstance(one, Action)]

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [one.spec for one in self.actions if one.kind in kinds]


@pytest.fixture(scope="session")
def lessons_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The lessons of a template, run once in a kernel."""

    @cache
    def run(template: str) -> tuple[Lesson, ...]:
        root = tmp_path_factory.mktemp("lessons") / f"{template}-1"
        course = scaffold(template, root, {"start": "2027-01-11"})
        return tuple(_run(root / lesson.path, place)
                     for place, lesson in enumerate(course.lessons))

    return run


@pytest.fixture(params=TEMPLATES)
def lessons(request: pytest.FixtureRequest, lessons_of: Any) -> tuple[Lesson, ...]:
    """The lessons of each template in turn."""
    found: tuple[Lesson, ...] = lessons_of(request.param)
    assert found
    return found


def _run(path: Any, place: int) -> Lesson:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3",
                   resources={"metadata": {"path": str(path.parent)}}).execute()
    state = notebook.metadata["widgets"][_STATE]["state"]
    items = tuple(item for cell in notebook.cells for item in _items(cell, state))
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    shown = " ".join(one.text for one in items if isinstance(one, Words) and not one.is_prose)
    folded = tuple(cell.source.split("\n")[0] for cell in notebook.cells
                   if cell.metadata.get("jupyter", {}).get("source_hidden"))
    return Lesson(name=path.stem, place=place, items=items, known=f"{code} {shown}", folded=folded)


def _items(cell: Any, state: Any) -> Iterator[Words | Action]:
    tags = cell.metadata.get("tags", [])
    if cell.cell_type == "markdown":
        yield Words(text=_without_markup(cell.source), is_prose=True)
        return
    if "run" in tags:
        yield Action(kind="run", spec={})
    if {"run", "remove-cell", "remove-output"} & set(tags):
        return
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if _VIEW in data:
            spec = state[data[_VIEW]["model_id"]]["state"]["spec"]
            yield Action(kind=spec["kind"], spec=spec)
        else:
            text = joined(data.get("text/html") or output.get("text", ""))
            yield Words(text=html.unescape(re.sub(r"<[^>]+>", " ", text)), is_prose=False)


def _without_markup(text: str) -> str:
    text = re.sub(r"\{\w+\}`[^`]*`", "", text)  # roles, such as citations
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"^\|[-:| ]+\|$", "", text, flags=re.MULTILINE)


def _count(words: Sequence[Words]) -> int:
    return sum(len(re.findall(r"[\w−]+(?:[.,'’:-]\w+)*", one.text)) for one in words)


def stretches(lesson: Lesson) -> list[int]:
    """How many words there are to read before the first action, between two, and after the last."""
    found: list[list[Words]] = [[]]
    for item in lesson.items:
        if isinstance(item, Action):
            found.append([])
        else:
            found[-1].append(item)
    return [_count(one) for one in found]


def test_something_to_decide_comes_first(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        assert stretches(lesson)[0] <= BEFORE_THE_FIRST, lesson.name
        assert lesson.actions[0].kind in ("predict", "quiz"), lesson.name


def test_there_is_something_to_do_often_and_not_too_much_to_read(
    lessons: tuple[Lesson, ...]
) -> None:
    for lesson in lessons:
        assert max(stretches(lesson)) <= BETWEEN, (lesson.name, stretches(lesson))
        prose = [one for one in lesson.items if isinstance(one, Words) and one.is_prose]
        assert _count(prose) <= IN_ALL, lesson.name


def test_a_lesson_names_three_new_ideas_at_most_and_none_twice(lessons_of: Any) -> None:
    """A name stands in bold where it is given. Only the statistics template keeps to that."""
    given: list[str] = []
    for lesson in lessons_of("statistics"):
        prose = "\n".join(one.text for one in lesson.items
                          if isinstance(one, Words) and one.is_prose)
        named = re.findall(r"\*\*([^*]+[^*.])\*\*", re.sub(r"(?m)^\|.*$", "", prose))
        assert 1 <= len(named) <= IDEAS, (lesson.name, named)
        given += named
    assert sorted(given) == sorted(set(given))


def test_readers_predict_explore_and_do_it_alone(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        assert len(lesson.of("predict")) >= 2, lesson.name
        assert all(one["explain"] and one["because"] for one in lesson.of("predict")), lesson.name
        assert any(len(one["extents"]) >= 2 for one in lesson.of("explore")), lesson.name
        assert any(len(one["rounds"]) >= 4 for one in lesson.of("steps")), lesson.name
        assert lesson.of("hints"), lesson.name
        assert lesson.of("solution"), lesson.name


def _diagnosed(spec: dict[str, Any]) -> list[tuple[str, int]]:
    """How many wrong answers of an item have words of their own, for each thing that is asked."""
    if spec["kind"] == "steps":
        return [(step["name"], len(step["wrong"])) for step in spec["rounds"][-1]["steps"]]
    if spec["kind"] == "journal_entry":
        said = {one for one in spec["table"]["outcomes"].split(" ") if not one.startswith("r")}
        return [(spec["id"], len(said))]
    if spec["form"] in ("choice", "cards"):  # each option has its reason, and cards none
        return []
    return [(spec["id"], len(spec["wrong"]))]


def test_three_wrong_answers_or_more_are_named(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        asked = lesson.of("predict", "quiz", "steps", "journal_entry")
        few = [(name, count) for spec in asked for name, count in _diagnosed(spec) if count < 3]
        assert few == [], lesson.name


def test_misconceptions_have_names(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        known = [*(one for spec in lesson.of("quiz") for one in spec.get("wrong", ())),
                 *(one for spec in lesson.of("quiz") for one in spec.get("options", ()))]
        names = {one["name"] for one in known if isinstance(one, dict) and "name" in one}
        assert len(names) >= 2, lesson.name


def test_each_component_has_an_id_of_its_own(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        ids = [one.spec["id"] for one in lesson.actions if one.spec]
        assert sorted(ids) == sorted(set(ids)), lesson.name


def test_a_lesson_asks_what_earlier_ones_taught_and_what_is_to_be_kept(
    lessons: tuple[Lesson, ...]
) -> None:
    for lesson in lessons:
        ids = [one.spec.get("id", "") for one in lesson.actions]
        recalled = [place for place, one in enumerate(ids) if one.startswith("recall-")]
        if lesson.place > 0:
            assert len(recalled) >= 3, lesson.name
            assert recalled[0] <= 1, f"{lesson.name} begins with something else"
        assert all(one.startswith("keep-") for one in ids[-3:]), lesson.name


def test_the_line_that_jupyterlab_shows_of_a_folded_cell_gives_no_answer(
    lessons: tuple[Lesson, ...]
) -> None:
    for lesson in lessons:
        assert lesson.folded, lesson.name
        told = [line for line in lesson.folded if re.search(r"\b(?:right|was|expected)=[\d\"\[]",
                                                            line)]
        assert told == [], lesson.name


def test_numbers_of_the_prose_are_computed_or_asserted(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        known = set(re.findall(r"\d+(?:\.\d+)?",
                               re.sub(r"(?<=\d)[,_](?=\d{3})", "", lesson.known)))
        prose = " ".join(one.text for one in lesson.items
                         if isinstance(one, Words) and one.is_prose)
        told = {one.replace(",", "") for one in
                re.findall(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d,.])\d{3}\b", prose)}
        assert told <= known, (lesson.name, told - known)

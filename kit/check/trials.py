"""What an author's tests make of other answers: wrong ones, other right ones, and mutants.

A cell tagged `wrong-answer` or `other-answer` stands after the answer that it would replace, and
may begin with a comment that says what it should earn:

    # scores 0.5: took the change in cash for the profit

Without it a wrong answer should earn nothing and another right one everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kit import notebook as nb
from kit.check.mutants import mutants
from kit.check.scoring import earned, faults_of
from kit.model import CellKind, CellRun

Sort = Literal["wrong", "other", "mutant"]

_SCORES = re.compile(r"#\s*scores?\b\s*(?P<points>\d+(?:\.\d+)?)?[^\S\n]*:?[^\S\n]*(?P<why>[^\n]*)")
_SORTS: Mapping[str, Sort] = {nb.WRONG_ANSWER: "wrong", nb.OTHER_ANSWER: "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Answers and the tests that follow them, by their place in the solved notebook."""

    name: str
    answers: tuple[int, ...]
    tests: tuple[int, ...]
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One answer in the place of the author's. `expected` is None for a mutant: less than all."""

    sort: Sort
    question: Question
    answer: int
    source: str
    what: str = ""
    line: int | None = None
    expected: float | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A trial and what it earned. `same` is set where it left the very values of the solution.
    `faults` tells what went wrong in checks themselves, by the place of the test."""

    trial: Trial
    points: float
    same: bool = False
    faults: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A cell with a trial's tag that is none: which, and why."""

    cell: str
    why: str


def questions(solved: nb.Notebook) -> tuple[Question, ...]:
    """The questions of a notebook: answers in a row, then the tests up to the next answer."""
    found: list[Question] = []
    answers: list[int] = []
    tests: list[int] = []
    cells = solved["cells"]

    def close() -> None:
        points = sum(float((nb.nbgrader_meta(cells[place]) or {}).get("points", 0))
                     for place in tests)
        if answers and points > 0:
            found.append(Question(name=nb.grade_id(cells[answers[0]]) or "", points=points,
                                  answers=tuple(answers), tests=tuple(tests)))

    for place, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        kind = nb.kind(cell)
        if kind is CellKind.ANSWER:
            if tests:
                close()
                answers, tests = [], []
            answers.append(place)
        elif kind is CellKind.TEST:
            tests.append(place)
    close()
    return tuple(found)


def written(notebook: nb.Notebook, solved: nb.Notebook) -> tuple[list[Trial], list[Misplaced]]:
    """The author's own trials, from the whole notebook, and the cells that cannot be one."""
    places = {nb.grade_id(cell): place for place, cell in enumerate(solved["cells"])
              if nb.grade_id(cell)}
    by_answer = {place: question for question in questions(solved) for place in question.answers}
    trials: list[Trial] = []
    misplaced: list[Misplaced] = []
    answer: int | None = None
    for place, cell in enumerate(notebook["cells"]):
        if nb.kind(cell) is CellKind.ANSWER and cell["cell_type"] == "code":
            answer = places.get(nb.grade_id(cell))
        tag = next((tag for tag in _SORTS if tag in (cell["metadata"].get("tags") or ())), None)
        if tag is None:
            continue
        name = f"cell {place + 1}"
        if cell["cell_type"] != "code" or nb.kind(cell) is not None:
            misplaced.append(Misplaced(cell=name, why=f"only a plain code cell can be a {tag}"))
        elif answer is None or answer not in by_answer:
            misplaced.append(Misplaced(
                cell=name, why=f"this {tag} follows no autograded answer that has a test"))
        else:
            trials.append(_trial(_SORTS[tag], by_answer[answer], answer, nb.source(cell), name))
    return trials, misplaced


def _trial(sort: Sort, question: Question, answer: int, source: str, cell: str) -> Trial:
    said = _SCORES.match(source.lstrip())
    expected = 0.0 if sort == "wrong" else question.points
    what = ""
    if said is not None:
        what = said["why"].strip()
        expected = float(said["points"]) if said["points"] is not None else expected
    return Trial(sort=sort, question=question, answer=answer, source=source, what=what,
                 expected=expected, cell=cell)


def made(solved: nb.Notebook) -> Iterator[Trial]:
    """The mutants of each answer."""
    for question in questions(solved):
        for place in question.answers:
            cell = solved["cells"][place]
            for one in mutants(nb.source(cell)):
                yield Trial(sort="mutant", question=question, answer=place, source=one.source,
                            what=one.what, line=one.line, cell=nb.grade_id(cell) or "")


def cells_of(trial: Trial, solved: nb.Notebook) -> list[tuple[int, str]]:
    """(place, source) of the code to run: up to the question's last test, the answer replaced."""
    return [(place, trial.source if place == trial.answer else nb.source(cell))
            for place, cell in enumerate(solved["cells"][: trial.question.tests[-1] + 1])
            if cell["cell_type"] == "code"]


def tried(
    trial: Trial, solved: nb.Notebook, runs: Mapping[int, CellRun], *, same: bool = False
) -> Tried:
    """What a trial earned in the tests of its question."""
    cells = solved["cells"]
    points = sum(earned(runs.get(place), cells[place]).points for place in trial.question.tests)
    faults = {place: found[0] for place in trial.question.tests
              if (found := faults_of(runs.get(place)))}
    return Tried(trial=trial, points=points, same=same, faults=faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutated:
    """How many mutants of a question its tests noticed, and those that still score full."""

    path: str
    question: str
    noticed: int
    survived: tuple[Trial, ...]

    @property
    def score(self) -> float | None:
        """The share noticed, 0 to 1; None where there was none to notice."""
        total = self.noticed + len(self.survived)
        return self.noticed / total if total else None


def mutated(path: str, results: Sequence[Tried]) -> tuple[Mutated, ...]:
    """The mutation score of each question. A mutant that changes no value is left out."""
    found: dict[str, list[Any]] = {}
    for one in results:
        if one.trial.sort != "mutant" or one.same:
            continue
        entry = found.setdefault(one.trial.question.name, [0, []])
        if one.points < one.trial.question.points - 1e-9:
            entry[0] += 1
        else:
            entry[1].append(one.trial)
    return tuple(Mutated(path=path, question=name, noticed=noticed, survived=tuple(survived))
                 for name, (noticed, survived) in found.items())


def total_score(all_of: Sequence[Mutated]) -> float | None:
    """The share of all mutants that was noticed."""
    noticed = sum(one.noticed for one in all_of)
    total = noticed + sum(len(one.survived) for one in all_of)
    return noticed / total if total else None

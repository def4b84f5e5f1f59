"""One learner's notebook: the release's frame with answers in it."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit import notebook as nb
from kit.model import CellKind, Markers
from kit.simulate import answers

Cells = list[dict[str, Any]]

_KNOWN_MISTAKES = 0.6
"""How many of the wrong answers are the author's own, where there are some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A released notebook and the author's answers to it, by grade_id, wrong ones apart."""

    name: str
    released: Mapping[str, Any]
    solutions: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def python(self) -> bool:
        """Whether answers can be changed as Python."""
        metadata = self.released.get("metadata", {})
        language = metadata.get("kernelspec", {}).get("language") or metadata.get(
            "language_info", {}).get("name", "python")
        return str(language).casefold() == "python"


def frame(name: str, released: nb.Notebook, source: nb.Notebook, markers: Markers) -> Frame:
    """What submissions are made from; the author's cells as had a learner written them."""
    solutions = {
        identity: nb.without_marker_lines(nb.source(cell), markers)
        for cell in source["cells"]
        if (identity := nb.grade_id(cell))
        and nb.kind(cell) in (CellKind.ANSWER, CellKind.MANUAL)
    }
    return Frame(name=name, released=released, solutions=solutions, wrong=_wrong_answers(source))


def _wrong_answers(source: nb.Notebook) -> dict[str, tuple[str, ...]]:
    """The cells tagged as wrong answers, by the answer that each stands behind."""
    found: dict[str, tuple[str, ...]] = {}
    answer = ""
    for cell in source["cells"]:
        if nb.kind(cell) is CellKind.ANSWER:
            answer = nb.grade_id(cell) or ""
        elif answer and nb.WRONG_ANSWER in (cell["metadata"].get("tags") or ()):
            found[answer] = (*found.get(answer, ()), nb.source(cell))
    return found


def build(frame: Frame, kind: str, rng: random.Random) -> bytes:
    """The bytes of a notebook of a kind; see KINDS and BAD."""
    made = copy.deepcopy(dict(frame.released))
    for cell in made["cells"]:
        if "outputs" in cell:
            cell["outputs"], cell["execution_count"] = [], None
    shape = KINDS.get(kind) or BAD[kind]
    shape(made, frame, rng)
    text = nb.dumps(made)
    return text[: len(text) // 2].encode() if kind == "not JSON" else text.encode()


def _answer_cells(made: Mapping[str, Any]) -> Cells:
    return [cell for cell in made["cells"]
            if nb.kind(cell) in (CellKind.ANSWER, CellKind.MANUAL, CellKind.TASK)]


def _fill(made: Mapping[str, Any], frame: Frame, rng: random.Random, *, good: bool = True) -> None:
    for cell in _answer_cells(made):
        identity = nb.grade_id(cell) or ""
        kind = nb.kind(cell)
        if kind is CellKind.TASK:
            continue
        model = frame.solutions.get(identity, nb.source(cell))
        if cell["cell_type"] == "markdown":
            cell["source"] = answers.written(rng, model, good=good or rng.random() < 0.5)
        else:
            cell["source"] = model


def _code_answers(made: Mapping[str, Any]) -> Cells:
    return [cell for cell in _answer_cells(made) if cell["cell_type"] == "code"]


def _some(cells: Cells, rng: random.Random, most: int = 3) -> Cells:
    if not cells:
        return []
    return rng.sample(cells, rng.randint(1, min(most, len(cells))))


def right(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """Every answer is the author's."""
    _fill(made, frame, rng)


def wrong(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """One to three answers are a mistake that the author knows, or have a number, a sign or an
    operator changed."""
    _fill(made, frame, rng, good=False)
    for cell in _some(_code_answers(made), rng):
        text = nb.source(cell)
        known = frame.wrong.get(nb.grade_id(cell) or "", ())
        if known and rng.random() < _KNOWN_MISTAKES:
            cell["source"] = rng.choice(known)
        else:
            cell["source"] = (answers.wrong if frame.python else answers.wrong_text)(text, rng)


def missing(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """One to three answers stand as they were handed out."""
    before = {nb.grade_id(cell): nb.source(cell) for cell in _answer_cells(made)}
    _fill(made, frame, rng)
    for cell in _some(_answer_cells(made), rng):
        cell["source"] = before[nb.grade_id(cell)]


def raising(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """One or two answers end in an error."""
    _fill(made, frame, rng, good=False)
    for cell in _some(_code_answers(made), rng, 2):
        cell["source"] = rng.choice(answers.RAISING)


def untouched(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """The notebook as it was handed out."""
    del made, frame, rng


def duplicated(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """A nbgrader cell stands twice, as copy and paste leaves it."""
    _fill(made, frame, rng)
    cells = made["cells"]
    places = [place for place, _, _ in nb.graded_cells(made)]
    if places:
        place = rng.choice(places)
        twin = copy.deepcopy(cells[place])
        if "id" in twin:
            twin["id"] = f"{rng.getrandbits(32):08x}"
        cells.insert(place + 1, twin)


def noisy(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """Right, with prints, a warning, old outputs and a scratch cell."""
    _fill(made, frame, rng)
    if not frame.python:
        return
    for cell in _some(_code_answers(made), rng):
        cell["source"] = nb.source(cell) + (
            "\nprint('here', 42)\nimport warnings\nwarnings.warn('look at this')")
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "here 41\n"}]
        cell["execution_count"] = rng.randint(3, 90)
    scratch: dict[str, Any] = {
        "cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
        "source": "# trying things out\nprint(sum(range(10)))\n6 * 7",
    }
    if made.get("nbformat_minor", 0) >= 5:
        scratch["id"] = f"{rng.getrandbits(32):08x}"
    made["cells"].append(scratch)


def deleted_test(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """Right, but for a test cell that is gone."""
    _fill(made, frame, rng)
    places = [place for place, _, kind in nb.graded_cells(made) if kind is CellKind.TEST]
    if places:
        del made["cells"][rng.choice(places)]


def stripped(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """Right, but saved by an editor that drops nbgrader's metadata."""
    _fill(made, frame, rng)
    for cell in made["cells"]:
        cell["metadata"] = {key: value for key, value in cell["metadata"].items()
                            if key != "nbgrader"}


def endless(made: Mapping[str, Any], frame: Frame, rng: random.Random) -> None:
    """Right, but for one answer that never ends."""
    _fill(made, frame, rng)
    for cell in _some(_code_answers(made), rng, 1):
        cell["source"] = "while True:\n    pass"


Shape = Callable[[Mapping[str, Any], Frame, random.Random], None]

KINDS: Mapping[str, Shape] = {
    "right": right, "wrong": wrong, "missing": missing, "raising": raising,
    "untouched": untouched, "duplicated": duplicated, "noisy": noisy,
}
"""What a class hands in."""

BAD: Mapping[str, Shape] = {
    "not JSON": right, "deleted test": deleted_test, "stripped metadata": stripped,
    "renamed": right, "endless loop": endless,
}
"""What is planted to be named: the last only when asked for."""


def key(*parts: object) -> str:
    """A seed from parts, the same on every machine."""
    return json.dumps([str(part) for part in parts])

"""What the checks look at: read and run once, before the first check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import notebook as nb
from kit.check.trials import Misplaced, Tried
from kit.errors import KitError
from kit.grading.calibrating import Calibration
from kit.model import Assignment, CellKind, CellRun, Course, Lesson, Markers
from kit.release import Generated, GeneratedNotebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A notebook that was executed: runs by the place of their cell, and the names it left.

    `values` is the digest of each plain value, by name; `leaves` the numbers and texts in it,
    `kinds` the name of its type. `report` is what becomes of a lesson's widgets on its page.
    """

    cells: Mapping[int, CellRun]
    lines: Mapping[int, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    leaves: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The solution as one learner draws it: why each test that is short of full marks is so, by
    the test's cell, and the values of the names as in `Run`."""

    learner: str
    failures: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One notebook of an assignment: the author's text, its three stages, and its runs.

    `solution` and `again` run the author's answers twice, `untouched` the release with its
    hidden tests, `empty` the same with each stub taken away, `sealed` the author's answers with
    the tests as learners get them (where some are sealed); `trials` are the author's wrong and
    other answers; `variants` the solution for each of many learners, where it draws for them.
    """

    path: str
    name: str
    notebook: nb.Notebook
    stages: GeneratedNotebook | None = None
    solution: Run | None = None
    again: Run | None = None
    untouched: Run | None = None
    empty: Run | None = None
    sealed: Run | None = None
    trials: tuple[Tried, ...] = ()
    misplaced: tuple[Misplaced, ...] = ()
    variants: tuple[Drawn, ...] = ()

    @property
    def python(self) -> bool:
        """Whether its code is Python, which the checks of code can read."""
        return is_python(self.notebook)

    def cells(self, stage: str = "solved") -> Iterator[tuple[int, str, nb.Cell, CellKind | None]]:
        """(place, name, cell, kind) of each cell at a stage: solved, full or released."""
        notebook = getattr(self.stages, stage) if self.stages else self.notebook
        for place, cell in enumerate(notebook["cells"]):
            yield place, cell_name(cell, place), cell, nb.kind(cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An assignment with its notebooks. `calibration` is what grading the solution showed;
    `unreadable` and `refused` say what stopped us."""

    assignment: Assignment
    folder: Path
    papers: tuple[Paper, ...] = ()
    generated: Generated | None = None
    calibration: Calibration | None = None
    unreadable: tuple[KitError, ...] = ()
    refused: KitError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """What a notebook asks to be run by; both are empty where it says nothing. `language` is in
    small letters."""

    name: str = ""
    language: str = ""

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> Kernel:
        """The kernel that a notebook's metadata name."""
        spec, info = metadata.get("kernelspec"), metadata.get("language_info")
        stated = spec if isinstance(spec, Mapping) else {}
        name = stated.get("name")
        language = stated.get("language") or (
            info.get("name") if isinstance(info, Mapping) else None)
        return cls(name=name if isinstance(name, str) else "",
                   language=language.lower() if isinstance(language, str) else "")

    @property
    def python(self) -> bool:
        """Whether it speaks Python; where nothing is said it does."""
        if self.language:
            return self.language in ("python", "python3", "ipython")
        name = self.name.lower()
        return not name or "python" in name or name.startswith(("conda", "ipykernel"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a lesson: `code` (Python), `foreign` (code of another language) or `markdown`,
    with its first line in a text file."""

    kind: str
    source: str
    place: int
    line: int | None = None
    tags: frozenset[str] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A lesson as it stands in the course folder, and its run."""

    path: str
    lesson: Lesson
    blocks: tuple[Block, ...] = ()
    kernel: Kernel = Kernel()
    error: KitError | None = None
    run: Run | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The course as the checks see it. `whole` is false when only some assignments are asked
    for: then lessons and the course's own settings are left out. `markers` enclose regions."""

    course: Course
    works: tuple[Work, ...] = ()
    pages: tuple[Page, ...] = ()
    whole: bool = True
    markers: Markers = field(default_factory=Markers)

    @property
    def papers(self) -> Iterator[tuple[Work, Paper]]:
        """All notebooks of all assignments."""
        for work in self.works:
            for paper in work.papers:
                yield work, paper

    def shown(self, path: Path) -> str:
        """A path as findings show it: from the course folder."""
        return path.relative_to(self.course.root).as_posix()


def is_python(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook's kernel speaks Python; where nothing is said it does."""
    return Kernel.of(notebook["metadata"]).python


def cell_name(cell: Mapping[str, Any], place: int) -> str:
    """The grade_id, or the cell's number in the notebook."""
    return nb.grade_id(cell) or str(place + 1)

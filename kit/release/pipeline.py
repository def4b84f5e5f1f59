"""nbgrader's own generate step, set up for a course: the only module that touches nbgrader.

The author's `nbgrader_config.py` is applied as nbgrader applies it, so custom preprocessors,
markers and stubs work. nbgrader's log goes into a list, never to the terminal.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.course import markers_of
from kit.errors import CourseError, ReleaseError
from kit.later import grammar_later
from kit.model import Course
from kit.notebook import AUTHOR_TAGS
from kit.release.withheld import withheld

CONFIG = "nbgrader_config.py"
TROUBLES = "kit_unsealed"
"""Entry of an exporter's resources: why tests have no checks; see `preprocessors`."""

_OLD_SECTIONS = ("NbGraderConfig", "BasicConfig", "BaseNbGraderApp", "BaseApp", "TransferApp",
                 "BaseNbConvertApp", "NbGrader", "Exchange")
_LOCK = threading.RLock()

Preprocessor = Callable[[Any, Any], tuple[Any, Any]]


class Lines(logging.Handler):
    """Keeps what nbgrader logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append(record.getMessage())


@dataclass(slots=True, kw_only=True)
class Snapshots:
    """What a notebook is at three stages of the pipeline, as nbformat nodes."""

    solved: Any = None
    full: Any = None
    released: Any = None
    unsealed: dict[str, str] = field(default_factory=dict)
    """Why tests are handed out without checks, by grade_id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A GenerateAssignment converter of a course, ready for one assignment."""

    root: Path
    assignment: str
    converter: Any
    log: Lines = field(repr=False)

    @property
    def source(self) -> Path:
        """The folder of the author's notebooks."""
        return Path(self.converter._format_source(self.assignment, ".")).resolve()

    @property
    def destination(self) -> Path:
        """The folder that learners' notebooks are written to."""
        return Path(self.converter._format_dest(self.assignment, ".")).resolve()

    @property
    def db_url(self) -> str:
        """Where nbgrader keeps its gradebook."""
        return str(self.converter.coursedir.db_url)

    def notebooks(self) -> list[Path]:
        """The author's notebooks, sorted."""
        return sorted(path for path in self.source.glob("*.ipynb") if path.is_file())

    def files(self) -> list[Path]:
        """What else lies in the folder and is handed out, sorted; nbgrader's rule."""
        from nbgrader.utils import find_all_files

        ignore = [*self.converter.coursedir.ignore, "*.ipynb"]
        return sorted(Path(path) for path in find_all_files(str(self.source), ignore))

    def run(self, notebook: Path) -> Snapshots:
        """The notebook through the preprocessors: no gradebook, nothing written."""
        snapshots = Snapshots()
        exporter = self.converter.exporter_class(parent=self.converter,
                                                 config=self.converter.config)
        with importable(self.root):  # a preprocessor may be the course's own
            steps = _with_seals(self.converter.preprocessors)
            for step in _observed(steps, snapshots):
                exporter.register_preprocessor(step)
        resources = {
            "unique_key": notebook.stem,
            "output_files_dir": f"{notebook.stem}_files",
            "nbgrader": {"student": ".", "assignment": self.assignment,
                         "notebook": notebook.stem, "db_url": self.db_url},
        }
        with importable(self.root), _quiet(), _kernel_quiet([notebook]):
            _, said = exporter.from_filename(str(notebook), resources=resources)
        snapshots.unsealed = said.get(TROUBLES, {})
        return snapshots

    def write(self) -> None:
        """Run the converter as `nbgrader generate_assignment --force` does.

        nbgrader changes the working directory meanwhile, so only one runs at a time. Raises
        what nbgrader raises; `log` says why.
        """
        self.converter.force = True
        with importable(self.root):
            steps = _with_seals(self.converter.preprocessors)
        self.converter.preprocessors = [_upgrade, _without_authors, *steps]
        with (_LOCK, importable(self.root), _alembic_on_path(), _quiet(),
              _in_course(str(self.converter.coursedir.course_id)),
              _kernel_quiet(self.notebooks())):
            self.converter.start()


def pipeline(course: Course, assignment: str, *, course_id: str = "") -> Pipeline:
    """nbgrader's generate step for an assignment of a course.

    `course_id` is what nbgrader's tables call the course where the author's configuration
    does not say; that of course.yml without it. Raises ReleaseError where the configuration
    cannot be used.
    """
    grammar_later()
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    handler = Lines()
    log = logging.Logger("nbgrader", logging.INFO)  # not registered: it has no parent to tell
    log.addHandler(handler)
    root = course.root.resolve()
    try:
        config = _config(root, log)
        config.CourseDirectory.root = str(root)
        if not config.CourseDirectory.get("course_id"):
            config.CourseDirectory.course_id = course_id or course.id
        coursedir = CourseDirectory(config=config, log=log)
        coursedir.assignment_id = assignment
        coursedir.notebook_id = "*"
        coursedir.student_id = "."
        coursedir.ignore = [*coursedir.ignore,
                            *withheld(root / "source" / assignment, markers_of(course))]
        with importable(root):
            converter = GenerateAssignment(coursedir=coursedir, config=config, log=log)
    except ReleaseError:
        raise
    except CourseError as error:
        raise ReleaseError(error.message, where=error.where, hint=error.hint) from error
    except Exception as error:
        raise ReleaseError(
            f"nbgrader does not accept the configuration: {error}", where=CONFIG,
            hint="mend the option that it names",
        ) from error
    return Pipeline(root=root, assignment=assignment, converter=converter, log=handler)


def _config(root: Path, log: logging.Logger) -> Any:
    """The configuration as nbgrader finds it: the user's and system's, then the course's."""
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config import Config

    config = Config()
    for folder in [*(Path(path) for path in reversed(jupyter_config_path())), root]:
        if (folder / CONFIG).is_file():
            config.merge(_load(folder))
    if any(section in config for section in _OLD_SECTIONS):
        from nbgrader.apps.baseapp import NbGrader

        # Building the application renames the options of older versions.
        config = NbGrader(config=config, log=log).config.copy()
    section = config.IncludeHeaderFooter
    for name in ("header", "footer"):
        # nbgrader reads these from the course folder; we do not change into it.
        if isinstance(section.get(name), str) and section[name]:
            section[name] = str(root / section[name])
    tests = config.InstantiateTests.get("autotest_filename", "autotests.yml")
    if isinstance(tests, str) and (root / tests).is_file():
        config.InstantiateTests.autotest_filename = str(root / tests)
    return config


def _load(folder: Path) -> Any:
    from traitlets.config.loader import PyFileConfigLoader

    try:
        with importable(folder):
            return PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    except Exception as error:
        line = getattr(error, "lineno", None)
        raise ReleaseError(
            f"the configuration cannot be read: {type(error).__name__}: {error}",
            where=f"{CONFIG}, line {line}" if line else CONFIG,
            hint="run `nbgrader --help` here: nbgrader fails on it as well",
        ) from error


def _with_seals(steps: list[Any]) -> list[Any]:
    """The pipeline with tests sealed and comments dropped: the derived configuration says so, and
    an author's own need not."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums
    from traitlets.utils.importstring import import_item

    from kit.release.preprocessors import DropComments, KeepSolution, SealTests

    loaded = [import_item(step) if isinstance(step, str) else step for step in steps]
    if SealTests not in loaded:
        loaded.insert(_place(loaded, ClearSolutions, 0), KeepSolution)
    after = _place(loaded, ClearHiddenTests, len(loaded) - 1) + 1
    sums = [place for place in range(after, len(loaded)) if _is_a(loaded[place], ComputeChecksums)]
    last = sums[0] if sums else len(loaded)
    missing = [step for step in (SealTests, DropComments) if step not in loaded]
    return [*loaded[:last], *missing, *loaded[last:]]


def _observed(steps: list[Any], snapshots: Snapshots) -> Iterator[Any]:
    """The pipeline, with SaveCells taken out and three looks at the notebook put in."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, SaveCells

    solved_at = _place(steps, ClearSolutions, 0)
    full_at = _place(steps, SaveCells, _place(steps, ClearHiddenTests, len(steps)))
    yield _upgrade
    yield _without_authors
    for place, step in enumerate(steps):
        if place == solved_at:
            yield _look(snapshots, "solved")
        if place == full_at:
            yield _look(snapshots, "full")
        if not _is_a(step, SaveCells):
            yield step
    if full_at == len(steps):
        yield _look(snapshots, "full")
    yield _look(snapshots, "released")


def _place(steps: list[Any], kind: type, otherwise: int) -> int:
    return next((place for place, step in enumerate(steps) if _is_a(step, kind)), otherwise)


def _is_a(step: Any, kind: type) -> bool:
    return isinstance(step, type) and issubclass(step, kind)


def _look(snapshots: Snapshots, stage: str) -> Preprocessor:
    def look(notebook: Any, resources: Any) -> tuple[Any, Any]:
        from copy import deepcopy

        setattr(snapshots, stage, deepcopy(notebook))
        return notebook, resources

    return look


def _upgrade(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Old metadata (schema 0 to 2) as `nbgrader update` would leave it, in memory."""
    from nbgrader.nbgraderformat import MetadataValidator

    return MetadataValidator().upgrade_notebook_metadata(notebook), resources


def _without_authors(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Notes, and the wrong and other answers that try the tests, are for the author alone."""
    notebook.cells = [cell for cell in notebook.cells
                      if not AUTHOR_TAGS.intersection(cell.metadata.get("tags", ()))]
    return notebook, resources


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Modules of the course folder can be imported, as nbgrader lets them."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


@contextmanager
def _in_course(course_id: str) -> Iterator[None]:
    """nbgrader's SaveCells opens the gradebook without the course's id, which puts a row
    `default_course` into it; no option of nbgrader's reaches that."""
    from nbgrader.preprocessors import savecells

    opened = savecells.Gradebook

    def in_course(db_url: str) -> Any:
        return opened(db_url, course_id)

    savecells.Gradebook = in_course
    try:
        yield
    finally:
        savecells.Gradebook = opened


@contextmanager
def _quiet() -> Iterator[None]:
    """nbformat warns of ids that it mends and nbgrader of its own queries: not the author's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _kernel_quiet(notebooks: list[Path]) -> Iterator[None]:
    """nbgrader's autotests start a kernel, which inherits the descriptor of stderr and writes
    warnings of its own to it."""
    if not any(b"AUTOTEST" in notebook.read_bytes() for notebook in notebooks):
        yield
        return
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a file
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _alembic_on_path() -> Iterator[None]:
    """nbgrader calls `alembic` by name; a virtual environment need not be activated for it."""
    before = os.environ.get("PATH", "")
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before

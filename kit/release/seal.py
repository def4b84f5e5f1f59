"""Seal the checks of a release: learners get digests in place of right answers.

The solved notebook is run once, with the tests as learners get them, and each question says
what of its checks may be handed out (`autograders.sealing`). What could not be run is handed
out without checks, never as it stands.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograders.sealing import SealedQuestion, from_json, in_common, source_of
from kit import notebook as nb
from kit.errors import GradingError
from kit.model import CellKind, CellRun, Limits, RunState

if TYPE_CHECKING:
    from kit.sandbox import Pool

_MARK = "kit-sealed:"
_LEARNERS = ("", "sample-1", "sample-2")
"""Where a notebook draws variants, what is handed out has to be right for each of these."""

_WATCH = "__import__('autograders.sealing', fromlist=['watch']).watch()"
_SEEN = (
    "__import__('sys').stdout.write({mark!r} + (lambda sealing: sealing.as_json("
    "sealing.seen(globals(), {salt!r})))(__import__('autograders.sealing', fromlist=['seen']))"
    " + '\\n');"
)
_LIMITS = Limits(cell_seconds=120.0, cpu_seconds=600.0, output_bytes=50 * 1024**2)
_MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)

Cells = tuple[tuple[SealedQuestion, ...] | str | None, ...]
"""What came of each test: its questions sealed, why it could not be, or None of no question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """Cells by their place as learners get them, and why some have no checks, by place."""

    sources: Mapping[int, str]
    troubles: Mapping[int, str]


def reseal(released: nb.Notebook, solved: nb.Notebook, folder: Path, *, salt: str) -> Resealed:
    """The cells of a release that make a question, sealed.

    `released` has neither solutions nor hidden tests; the answers of `solved` are run in their
    place, in a copy of `folder`. Digests are salted by `salt` and the cell, so that a release of
    the same notebook is the same.
    """
    cells = released["cells"]
    texts = [nb.source(cell) if cell["cell_type"] == "code" else "" for cell in cells]
    if not any("autograders" in text for text in texts) or not any(
            "Question" in text for text in texts):
        return Resealed(sources={}, troubles={})
    answers = {nb.grade_id(cell): nb.source(cell) for cell in solved["cells"]}
    tests = [place for place, cell in enumerate(cells)
             if texts[place].strip() and nb.kind(cell) not in (CellKind.ANSWER, CellKind.MANUAL)]
    plan = tuple(
        (text if place in tests else answers.get(nb.grade_id(cells[place]), text), place in tests)
        for place, text in enumerate(texts))
    found = dict(zip(tests, _sealed(plan, folder, salt), strict=True))
    sources: dict[int, str] = {}
    troubles: dict[int, str] = {}
    for place in tests:
        questions = found[place]
        if questions and not isinstance(questions, str):
            sources[place] = source_of(questions, _imports(texts[place]))
        elif isinstance(questions, str) and "Question" in texts[place]:
            sources[place] = source_of([_named_in(texts[place], cells[place])])
            troubles[place] = questions
    return Resealed(sources=sources, troubles=troubles)


def _named_in(text: str, cell: nb.Cell) -> SealedQuestion:
    """The question of a cell that could not be run, by what stands in it."""
    meta = nb.nbgrader_meta(cell) or {}
    name, points = str(meta.get("grade_id", "question")), float(meta.get("points", 0))
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Question"):
            for value in (*node.args, *(one.value for one in node.keywords)):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    name = value.value
                elif isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                    points = float(value.value)
    return SealedQuestion(name=name, points=points)


def _imports(text: str) -> list[str]:
    return [ast.unparse(node) for node in _parsed(text).body
            if isinstance(node, ast.Import | ast.ImportFrom)]


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(_MAGIC.sub("", text))
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


# --------------------------------------------------------------------------------- the run

_POOL: ContextVar[Callable[[], Pool] | None] = ContextVar("kit_sealing_pool", default=None)
_KNOWN: dict[str, Cells] = {}
_MOST_KNOWN = 256


@contextmanager
def one_pool(pool: Pool | None = None) -> Iterator[None]:
    """Notebooks that are sealed meanwhile run in one pool: this one, or one that is opened when
    it is needed."""
    made: list[Pool] = []

    def open_once() -> Pool:
        if not made:
            from kit.sandbox import Pool  # slow to import, and most releases seal nothing

            made.append(Pool((), wait=False))
        return made[0]

    before = _POOL.get()
    token = _POOL.set((lambda: pool) if pool is not None else before or open_once)
    try:
        yield
    finally:
        _POOL.reset(token)
        for one in made:
            one.close()


def pool_in_use() -> Pool:
    """The pool of the innermost `one_pool`. Raises LookupError outside of one."""
    found = _POOL.get()
    if found is None:
        raise LookupError("no pool is in use")
    return found()


def _sealed(plan: Sequence[tuple[str, bool]], folder: Path, salt: str) -> Cells:
    """What each test of a plan hands out. The same plan in the same folder is run once."""
    learners = _LEARNERS if any("variant(" in text for text, _ in plan) else _LEARNERS[:1]
    key = _key(plan, folder, salt)
    if key not in _KNOWN:
        with one_pool():
            opened = _POOL.get()
            assert opened is not None
            runs = [_run(opened(), plan, folder, salt, learner) for learner in learners]
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = tuple(map(_agreed, zip(*runs, strict=True)))
    return _KNOWN[key]


def _agreed(
    found: tuple[tuple[SealedQuestion, ...] | str | None, ...]
) -> tuple[SealedQuestion, ...] | str | None:
    made = [one for one in found if isinstance(one, tuple)]
    if len(made) == len(found):
        return in_common(made) if len(made) > 1 and len({len(one) for one in made}) == 1 else (
            made[0])
    return next((one for one in found if isinstance(one, str)), None)


def _run(
    pool: Pool, plan: Sequence[tuple[str, bool]], folder: Path, salt: str, learner: str
) -> list[tuple[SealedQuestion, ...] | str | None]:
    from kit.sandbox import Code, StoppedError

    cells = [Code(source=_WATCH)]
    tests: list[tuple[int, int]] = []  # places of a test and of what it handed out
    for text, is_test in plan:
        if not text.strip():
            continue
        cells.append(Code(source=text))
        if is_test:
            tests.append((len(cells) - 1, len(cells)))
            own = hashlib.sha256(f"{salt}|{len(tests)}|{text}".encode("utf-8", "replace"))
            cells.append(Code(source=_SEEN.format(mark=_MARK, salt=own.hexdigest())))
    with tempfile.TemporaryDirectory(prefix="kit-seal-") as scratch:
        copied = Path(scratch) / (folder.name or "assignment")
        shutil.copytree(folder, copied, ignore=shutil.ignore_patterns(
            "*.ipynb", ".ipynb_checkpoints", "__pycache__"))
        try:
            execution, _ = pool.run(cells, _LIMITS, cwd=copied,
                                    env={"KIT_LEARNER": learner} if learner else None)
        except (GradingError, StoppedError) as error:
            return [f"the notebook could not be run: {error}"] * len(tests)
    runs = {run.index: run for run in execution.cells}
    return [_handed_out(runs.get(test), runs.get(seen)) for test, seen in tests]


def _handed_out(
    test: CellRun | None, seen: CellRun | None
) -> tuple[SealedQuestion, ...] | str | None:
    if test is None or test.state is not RunState.OK:
        return _why(test)
    _, mark, text = _printed(seen).rpartition(_MARK)
    try:
        return from_json(text) or None if mark else "its checks could not be read"
    except (ValueError, TypeError, KeyError):
        return "its checks could not be read"


def _why(run: CellRun | None) -> str:
    for output in run.outputs if run is not None else ():
        if output.get("output_type") == "error":
            return f"the cell raises {output.get('ename')}: {output.get('evalue')}"[:200]
    return "the cell was stopped" if run is not None else "the cell did not run"


def _printed(run: CellRun | None) -> str:
    return "".join(
        nb.joined(output.get("text", ""))
        for output in (run.outputs if run else ()) if output.get("output_type") == "stream")


def _key(plan: Sequence[tuple[str, bool]], folder: Path, salt: str) -> str:
    files = sorted(
        (path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns)
        for path in folder.rglob("*") if path.is_file() and path.suffix != ".ipynb"
        and (stat := path.stat()))
    said: Any = [list(plan), str(folder.resolve()), salt, files]
    return hashlib.sha256(json.dumps(said).encode("utf-8", "surrogatepass")).hexdigest()

"""Ctrl-C in the long commands: they end soon, say what is kept, and leave nothing behind.

Submissions and lessons wait at a gate (a file), so that a command is in the middle of its work
when the signal comes, however fast the machine is.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import tinycourse

from kit import workflow
from kit.course import load_course, load_roster
from kit.errors import Interrupted
from kit.gradebook import rows
from kit.grading import batch
from kit.model import Course, Progress

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent another way there")

CLASS, BEFORE_GATE = 10, 4
PATIENCE = 120.0
SOON = 10.0
"""Seconds in which a command has to end: it takes one or two where nothing else runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, and what was left of it."""

    code: int
    seconds: float
    out: str
    err: str
    alive: list[str]
    scratch: list[str]


@pytest.fixture
def gate() -> Iterator[Path]:
    """The file that work waits for: in the environment, which a sealed run can read."""
    path = Path(sys.prefix) / f"gate-{uuid.uuid4().hex}"
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course with one problem set released."""
    course = tinycourse.write_course(tmp_path_factory.mktemp("interrupt") / "tiny")
    tinycourse.released(course)
    return course.root


@pytest.fixture
def course(released_course: Path, tmp_path: Path, gate: Path) -> Course:
    """Ten submissions, of which the last six wait at the gate."""
    shutil.copytree(released_course, tmp_path / "tiny")
    course = load_course(tmp_path / "tiny")
    sheet = json.loads((course.root / "release/ps1/doubling.ipynb").read_text(encoding="utf-8"))
    (answer,) = (cell for cell in sheet["cells"]
                 if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double")
    for number in range(1, CLASS + 1):
        wait = f"{_waiting(gate)}\n" if number > BEFORE_GATE else ""
        answer["source"] = f"{wait}def double(x):\n    return {2 + number % 2} * x\n"
        folder = course.root / "submitted" / f"learner-{number:04d}" / "ps1"
        folder.mkdir(parents=True)
        (folder / "doubling.ipynb").write_text(json.dumps(sheet), encoding="utf-8")
    return course


def _waiting(gate: Path, told: Path | None = None) -> str:
    """Code that says that it has begun, and waits for the gate."""
    begun = f"pathlib.Path({str(told)!r}).touch()\n" if told else ""
    return (f"import pathlib, time\n{begun}"
            f"while not pathlib.Path({str(gate)!r}).exists():\n    time.sleep(0.02)")


@contextmanager
def _started(course: Course, scratch: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`kit ARGUMENTS` in a process group of its own, as a shell starts it."""
    scratch.mkdir()
    # Python ignores Ctrl-C where whoever started it does (a job in the background).
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(
            [sys.executable, "-m", "kit", *arguments, "--course", str(course.root)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            start_new_session=True, env={**os.environ, "TMPDIR": str(scratch)})
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def _until(running: subprocess.Popen[str], reached: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until, "it never came that far"
        try:
            running.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"it ended before: {running.communicate()}")


def _interrupted(
    course: Course, scratch: Path, *arguments: str, when: Callable[[], bool], group: bool = True
) -> Ended:
    """Run a command, send Ctrl-C once `when` holds, and look at what is left."""
    with _started(course, scratch, *arguments) as running:
        _until(running, when)
        below = psutil.Process(running.pid).children(recursive=True)
        assert below, "nothing runs below it: there is nothing to see"
        began = time.monotonic()
        (os.killpg if group else os.kill)(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
        seconds = time.monotonic() - began
    return Ended(code=running.returncode, seconds=seconds, out=out, err=err,
                 alive=[str(one) for one in below if _alive(one)],
                 scratch=sorted(path.name for path in scratch.iterdir()))


def _in_a_box(scratch: Path) -> bool:
    """Whether a process below this one works in a box: below the warm process, whose folder is
    in `scratch`, and the keeper of the box."""
    try:
        return any(scratch.glob("kit-warm-*")) and any(
            run for kit in psutil.Process().children() for warm in kit.children()
            for keeper in warm.children() for run in keeper.children())
    except psutil.NoSuchProcess:  # it has just ended
        return False


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _is_clean(ended: Ended) -> None:
    assert ended.code == 130
    assert "Traceback" not in ended.out + ended.err
    assert "Exception ignored" not in ended.err
    assert (ended.alive, ended.scratch) == ([], [])
    assert ended.seconds < SOON
    assert "run the same command again" in ended.err


def _table(course: Course) -> list[tuple[object, ...]]:
    return [(row.learner, row.score, row.needs_manual, row.penalty,
             [review.code for review in row.pending],
             [(cell.grade_id, cell.auto, cell.needs_manual) for cell in row.cells])
            for row in rows(course, load_roster(course), course.assignments[0])]


def _graded(course: Course) -> int:
    return len(list(course.root.glob("autograded/*/ps1")))


@pytest.mark.parametrize("group", [
    pytest.param(False, id="process", marks=pytest.mark.slow), pytest.param(True, id="group")])
def test_grading_goes_on_where_it_was_stopped(
    course: Course, gate: Path, tmp_path: Path, kit: Callable[..., tuple[int, str, str]],
    group: bool,
) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(course.root, undisturbed)
    ended = _interrupted(course, tmp_path / "scratch", "grade", "ps1", "--workers", "2",
                         when=lambda: _graded(course) == BEFORE_GATE, group=group)
    _is_clean(ended)
    assert f"stopped after {BEFORE_GATE} of {CLASS} submissions; they are kept" in ended.err
    assert _graded(course) == BEFORE_GATE
    assert not list(course.root.rglob("*.part"))

    gate.touch()
    code, out, _ = kit("grade", "ps1", "--json", "--course", course.root)
    assert code == 0
    told = json.loads(out)
    assert (told["graded"], told["unchanged"]) == (CLASS - BEFORE_GATE, BEFORE_GATE)
    assert kit("grade", "ps1", "--course", undisturbed)[0] == 0
    table = _table(course)
    assert len({score for _, score, *_ in table}) > 1
    assert table == _table(load_course(undisturbed))


def test_a_second_ctrl_c_drops_what_is_at_work(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "GRACE_SECONDS", 1e6)
    notes: list[str] = []

    def tell(progress: Progress) -> None:
        notes.append(progress.note)
        if progress.done == BEFORE_GATE:  # the first one calls this again, and so sends another
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Interrupted, match=f"after {BEFORE_GATE} of {CLASS}"):
        workflow.grade(course, course.assignments[0], workers=2, on_progress=tell)
    assert "Ctrl-C again" in notes[-1]
    assert sum(row.score is not None for row in rows(
        course, load_roster(course), course.assignments[0])) == BEFORE_GATE


@pytest.fixture
def waiting_lesson(course: Course, gate: Path, tmp_path: Path) -> Path:
    """The second lesson waits at the gate; the file that says that it does."""
    told = tmp_path / "told"
    (course.root / "lessons" / "words.md").write_text(
        "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n\n"
        f"# Words\n\n```{{code-cell}}\n{_waiting(gate, told)}\n```\n", encoding="utf-8")
    return told


def _files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_check_ends_and_writes_nothing(
    course: Course, waiting_lesson: Path, tmp_path: Path
) -> None:
    before = _files(course.root)
    ended = _interrupted(course, tmp_path / "scratch", "check", when=waiting_lesson.exists)
    _is_clean(ended)
    assert "stopped before everything was checked; nothing was written" in ended.err
    assert "it starts from the beginning" in ended.err
    assert _files(course.root) == before


def test_a_release_that_is_stopped_while_it_is_checked_is_none(
    course: Course, gate: Path, tmp_path: Path
) -> None:
    path = course.root / "source" / "ps2" / "doubling.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    book["cells"].insert(1, tinycourse.cell("code", _waiting(gate), 9))
    path.write_text(json.dumps(book), encoding="utf-8")
    before = _files(course.root)
    scratch = tmp_path / "scratch"
    ended = _interrupted(course, scratch, "release", "ps2", when=lambda: _in_a_box(scratch))
    _is_clean(ended)
    assert _files(course.root) == before


def test_a_build_keeps_the_lessons_that_ran(
    course: Course, waiting_lesson: Path, tmp_path: Path
) -> None:
    executed = course.records / "executed"
    ended = _interrupted(
        course, tmp_path / "scratch", "build",
        when=lambda: waiting_lesson.exists() and len(list(executed.glob("*.json"))) == 1)
    _is_clean(ended)
    assert "stopped after 1 of 2 lessons; what lessons gave is kept" in ended.err
    assert len(list(executed.iterdir())) == 1
    assert not (course.root / "_build").exists()

"""What a cell puts out here is what it puts out in a real kernel, output by output.

The cells of `kernelcells` run once in a kernel of ipykernel behind nbclient, and once in our pool.
What differs is listed below, one test each, which says how. When the garbage collector runs is
chance in both, so no cell may depend on it: a warning about what it found comes with any cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest
from bothkernels import Cell, Output, by_nbclient, by_pool, cells
from kernelcells import ALONE, DIFFERENT, TOGETHER
from nbclient.exceptions import DeadKernelError

from kit.model import RunState
from kit.sandbox import Pool

TIMES = re.compile(r"\d+(\.\d+)?(e[+-]\d+)? [nμm]?s\b")
"""How long something took: masked where a cell asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """What came of the same cells: by nbclient and by our pool."""

    real: list[Cell]
    ours: list[Cell]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Cell]]:
    """The cells of all cases that share a kernel, and of those that differ, by nbclient; and the
    folder that they ran in."""
    folder = emptied(tmp_path_factory.mktemp("kernel") / "work")
    cases = [*TOGETHER.values(), *DIFFERENT.values()]
    return folder, by_nbclient([source for case in cases for source in case], folder)[0]


@pytest.fixture(scope="module", params=[
    pytest.param(True, id="sealed"), pytest.param(False, id="own", marks=pytest.mark.slow)])
def together(
    request: pytest.FixtureRequest, pool: Pool, shared: tuple[Path, list[Cell]]
) -> Mapping[str, Both]:
    """What came of each case: under the seal, and as the author's own."""
    folder, real = shared
    cases = {**TOGETHER, **DIFFERENT}
    sources = [source for case in cases.values() for source in case]
    ours = cells(by_pool(pool, sources, emptied(folder), sealed=request.param), folder)
    found, start = {}, 0
    for name, case in cases.items():
        place = slice(start, start := start + len(case))
        found[name] = Both(real=real[place], ours=ours[place])
    return found


def emptied(folder: Path) -> Path:
    """The folder, with nothing in it."""
    if folder.exists():
        folder.rename(folder.with_name(f"done-{len(list(folder.parent.iterdir()))}"))
    folder.mkdir()
    return folder


def timeless(cell: Cell) -> Cell:
    """The cell without how long something took."""
    return replace(cell, outputs=[
        {**output, "text": TIMES.sub("TIME", output["text"])} if "text" in output else output
        for output in cell.outputs])


def test_there_are_cases() -> None:
    """A case that lost its cells would pass."""
    assert len(TOGETHER) > 60
    assert all(TOGETHER.values())


@pytest.mark.parametrize("case", TOGETHER)
def test_the_same(together: Mapping[str, Both], case: str) -> None:
    both = together[case]
    for ours, real in zip(both.ours, both.real, strict=True):
        if case in ("magics: time", "magics: timeit"):
            assert timeless(ours) == timeless(real)
        else:
            assert ours == real


@pytest.mark.parametrize("case", ALONE)
def test_the_same_in_a_kernel_of_its_own(pool: Pool, tmp_path: Path, case: str) -> None:
    real, _ = by_nbclient(ALONE[case], tmp_path)
    assert cells(by_pool(pool, ALONE[case], tmp_path), tmp_path) == real


def test_the_same_when_time_is_up(pool: Pool, tmp_path: Path) -> None:
    sources = ["x = 1\nwhile True: pass", "import time\nprint('begun')\ntime.sleep(60)", "x"]
    real, _ = by_nbclient(sources, tmp_path, timeout=1)
    done = by_pool(pool, sources, tmp_path, cell_seconds=1)
    assert cells(done, tmp_path) == real
    assert [run.state for run in done.cells] == [*[RunState.TIMEOUT] * 2, RunState.OK]


# ------------------------------------------------------------------------- what is different


def results(found: list[Cell]) -> list[str]:
    """The plain text of each cell's result."""
    return [cell.outputs[-1]["data"]["text/plain"] for cell in found]


def printed(cell: Cell) -> str:
    """What a cell printed."""
    return "".join(one["text"] for one in cell.outputs if one["output_type"] == "stream")


def test_nbclient_gives_an_option_of_its_own_to_a_kernel(together: Mapping[str, Both]) -> None:
    """Where the history goes. A kernel that JupyterLab starts has three arguments, as ours."""
    both = together["nbclient passes an option"]
    assert (results(both.real), results(both.ours)) == (["4"], ["3"])


def test_our_process_starts_with_a_safe_path(together: Mapping[str, Both]) -> None:
    """Nothing of the folder that grading runs in may be imported before a submission is there."""
    both = together["safe path"]
    assert (results(both.real), results(both.ours)) == (["False"], ["True"])


def test_our_process_has_imported_what_the_course_uses(together: Mapping[str, Both]) -> None:
    """That is what makes it fast. A cell could tell by looking, and may set up inline figures
    before it imports matplotlib, which a kernel refuses."""
    both = together["modules that are warm"]
    assert results(both.real)[0] == results(both.ours)[0] == "True"


def test_our_kernel_is_no_application(together: Mapping[str, Both]) -> None:
    """It has no sockets, and nothing that could be configured about them."""
    both = together["configurables"]
    real, ours = (set(printed(found[0]).split()) for found in (both.real, both.ours))
    assert real ^ ours == {"IPKernelApp"}


def test_our_kernel_has_no_subshells(together: Mapping[str, Both]) -> None:
    both = together["subshells"]
    assert "subshell list: []" in printed(both.real[0])
    assert both.ours[0].outputs[0]["ename"] == "RuntimeError"


def test_half_a_character_is_shown_as_missing(together: Mapping[str, Both]) -> None:
    """A kernel loses the text, and logs that it cannot be sent."""
    both = together["lone surrogate"]
    assert "surrogates not allowed" in printed(both.real[0])
    assert printed(both.ours[0]) == "\ufffd\n"


def test_what_a_child_writes_to_our_stream_is_shown(together: Mapping[str, Both]) -> None:
    """In a kernel it goes to the terminal that the kernel was started from."""
    both = together["a child that is given the stream"]
    assert results(both.real) == results(both.ours) == ["0"]
    assert (printed(both.real[0]), printed(both.ours[0])) == ("", "x\n")


def test_the_stack_ends_elsewhere(together: Mapping[str, Both]) -> None:
    """Less lies under a cell of ours than in a kernel, so more calls fit on top."""
    both = together["recursion"]
    (real,), (ours,) = both.real[0].outputs, both.ours[0].outputs
    assert real["ename"] == ours["ename"] == "RecursionError"
    assert real["traceback"][:5] == ours["traceback"][:5]
    assert real["traceback"][-1] == ours["traceback"][-1]


def test_the_shell_is_of_a_class_below_the_kernels(together: Mapping[str, Both]) -> None:
    """Of the same name, but one more in the line."""
    both = together["classes"]
    assert int(results(both.ours)[0]) == int(results(both.real)[0]) + 1


def test_variables_of_a_kernel(pool: Pool, tmp_path: Path) -> None:
    """A kernel's tell who started it, and of its debugger; ours where its own kernels meet."""
    sources = ["import os\nprint(*os.environ)"]
    (real,), _ = by_nbclient(sources, tmp_path)
    (ours,) = cells(by_pool(pool, sources, tmp_path), tmp_path)
    assert set(printed(real).split()) ^ set(printed(ours).split()) == {
        "JPY_PARENT_PID", "PYDEVD_USE_FRAME_EVAL", "JUPYTER_RUNTIME_DIR"}


def test_a_cell_that_awaits_is_interrupted_where_it_stands(pool: Pool, tmp_path: Path) -> None:
    """A kernel takes the signal for its loop, and tells a client too late where it was."""
    sources = ["import asyncio\nawait asyncio.sleep(60)", "'on'"]
    real, _ = by_nbclient(sources, tmp_path, timeout=1)
    assert real[0].outputs[-1]["ename"] == "CellTimeoutError"
    ours = cells(by_pool(pool, sources, tmp_path, cell_seconds=1), tmp_path)
    assert [one["ename"] for one in ours[0].outputs] == ["CancelledError", "CellTimeoutError"]
    assert ours[1] == real[1]


@pytest.mark.parametrize("word", ["exit()", "quit"])
def test_a_cell_that_exits_ends_a_kernel_but_not_a_run(
    pool: Pool, tmp_path: Path, word: str
) -> None:
    """In a kernel the rest is lost: nbclient says that it died."""
    sources = ["x = 1", word, "import time\ntime.sleep(0.5)", "x"]
    with pytest.raises(DeadKernelError):
        by_nbclient(sources, tmp_path)
    done = by_pool(pool, sources, tmp_path)
    assert [run.state for run in done.cells] == [RunState.OK] * 4
    assert results(cells(done, tmp_path)[3:]) == ["1"]


def test_a_killed_process_ends_a_kernel_but_not_a_run(pool: Pool, tmp_path: Path) -> None:
    """The rest is run again without the cell that did it, so its counts are one less."""
    sources = ["x = 1", "import os\nos._exit(3)", "x"]
    with pytest.raises(DeadKernelError):
        by_nbclient(sources, tmp_path)
    done = by_pool(pool, sources, tmp_path)
    assert [run.state for run in done.cells] == [RunState.OK, RunState.KILLED, RunState.OK]
    assert [cell.count for cell in cells(done, tmp_path)] == [1, None, 2]


def test_no_stream_at_all_hangs_a_kernel_but_not_a_run(pool: Pool, tmp_path: Path) -> None:
    sources = ["import sys\nx, sys.stdout = 1, None", "print('on')"]
    real, _ = by_nbclient(sources, tmp_path, timeout=2)
    assert [one["ename"] for one in real[1].outputs] == ["CellTimeoutError"]
    done = by_pool(pool, sources, tmp_path)
    assert [run.state for run in done.cells] == [RunState.OK] * 2
    assert printed(cells(done, tmp_path)[1]) == "on\n"


@pytest.mark.parametrize(("source", "shown"), [
    ("display({'text/plain': 'x', 'application/own': {'a': 1}}, raw=True)",
     {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "x"}}),
    ("class Own(Exception):\n    def _render_traceback_(self):\n        return None\nraise Own(1)",
     {"output_type": "error", "ename": "Own", "evalue": "1", "traceback": []}),
])
def test_what_no_notebook_can_hold_ends_nbclient_but_not_a_run(
    pool: Pool, tmp_path: Path, source: str, shown: Output
) -> None:
    """What nbformat has no form for is left out."""
    with pytest.raises(nbformat.ValidationError):
        by_nbclient([source], tmp_path)
    assert cells(by_pool(pool, [source], tmp_path), tmp_path)[0].outputs == [shown]

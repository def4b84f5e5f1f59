"""Cells of another kernel run behind the same seam, under the same seal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import GradingError
from kit.model import Execution, Limits, RunState
from kit.sandbox import Code, Pool

Run = Callable[..., Execution]


def install(folder: Path, name: str, *command: str) -> None:
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(
        {"argv": list(command), "display_name": name, "language": "other"}))


@pytest.fixture
def other(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    install(tmp_path, "other", sys.executable, "-m", "ipykernel_launcher", "-f",
            "{connection_file}")
    install(tmp_path, "broken", "/bin/false", "{connection_file}")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    work = tmp_path / "ps1"
    work.mkdir()
    (work / "data.txt").write_text("given")

    def call(*sources: str, kernel: str = "other", **limits: float) -> Execution:
        found = Limits(**{"cell_seconds": 20.0, **limits})  # type: ignore[arg-type]
        return pool.run([Code(source=one) for one in sources], found, cwd=work, kernel=kernel)[0]

    return call


def test_outputs_and_errors_are_the_kernels_own(other: Run) -> None:
    done = other("print(open('data.txt').read())\n6 * 7", "1 / 0", "",
                 "from IPython.display import HTML\nHTML('<b>x</b>')")
    assert [cell.state for cell in done.cells] == [RunState.OK, RunState.ERROR, RunState.OK]
    assert [output["output_type"] for output in done.cells[0].outputs] == [
        "stream", "execute_result"]
    assert done.cells[0].outputs[0]["text"] == "given\n"
    assert done.cells[0].outputs[1]["data"] == {"text/plain": "42"}
    assert [output["ename"] for output in done.cells[1].outputs] == ["ZeroDivisionError"]
    assert done.cells[2].outputs[0]["data"]["text/html"] == "<b>x</b>"
    assert [cell.execution_count for cell in done.cells] == [1, 2, 3]


def test_it_is_sealed(other: Run, tmp_path: Path) -> None:
    done = other(
        "import os, socket\n"
        f"print(os.path.exists({str(tmp_path / 'kernels')!r}), os.getuid(), os.uname().nodename)\n"
        "print([line.split()[1] for line in open('/proc/self/status')"
        " if line.startswith(('CapEff', 'Seccomp:', 'NoNewPrivs'))])")
    assert done.cells[0].outputs[0]["text"] == (
        "False 1000 box\n['0000000000000000', '1', '2']\n")


def test_a_late_cell_is_interrupted_and_a_dead_kernel_costs_its_cell_alone(other: Run) -> None:
    done = other("x = 1", "while True: pass", "import os\nos._exit(1)", "print('on')",
                 cell_seconds=2)
    assert [cell.state for cell in done.cells] == [
        RunState.OK, RunState.TIMEOUT, RunState.KILLED, RunState.OK]
    assert done.cells[3].outputs[0]["text"] == "on\n"


def test_output_is_cut(other: Run) -> None:
    done = other("print('a' * 10**6)", output_bytes=10_000)
    assert len(done.cells[0].outputs[0]["text"]) < 11_000
    assert "output cut" in done.cells[0].outputs[0]["text"]


def test_a_kernel_that_is_not_there_or_does_not_start_is_told(other: Run) -> None:
    with pytest.raises(GradingError, match="no kernel named 'othr' is installed"):
        other("1", kernel="othr")
    with pytest.raises(GradingError, match="the kernel 'broken' does not work"):
        other("1", kernel="broken")
    assert other("1").state is RunState.OK

"""Time, memory, output, files and processes are limited; other cells keep what they gave."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kit.model import Execution, Limits, RunState
from kit.sandbox import Code, Pool, open_pool
from kit.sandbox.forked import ForkHost

Run = Callable[..., Execution]


def states(done: Execution) -> list[RunState]:
    return [cell.state for cell in done.cells]


def test_long_cell_is_interrupted_and_the_next_goes_on(run: Run) -> None:
    done = run("x = 1", "while True: pass", "x", cell_seconds=0.5)
    assert states(done) == [RunState.OK, RunState.TIMEOUT, RunState.OK]
    names = [output["ename"] for output in done.cells[1].outputs]
    assert names == ["KeyboardInterrupt", "CellTimeoutError"]


def test_a_long_cell_is_interrupted_once(run: Run) -> None:
    heard = ("import os, signal, time\nends = os.pipe()\nos.set_blocking(ends[1], False)\n"
             "signal.signal(signal.SIGINT, lambda *_: None)\n"
             "before = signal.set_wakeup_fd(ends[1])\ntime.sleep(0.5)\n"
             "signal.set_wakeup_fd(before)")
    done = run(*[heard, "len(os.read(ends[0], 100))"] * 6, cell_seconds=0.3)
    assert states(done) == [RunState.TIMEOUT, RunState.OK] * 6
    assert {one.outputs[0]["data"]["text/plain"] for one in done.cells[1::2]} == {"1"}


def test_cell_deaf_to_interrupts_is_killed_and_the_rest_run_again(run: Run) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    done = run("x = 1", deaf, "x", cell_seconds=0.5)
    assert states(done) == [RunState.OK, RunState.TIMEOUT, RunState.OK]
    assert done.cells[2].outputs[0]["data"]["text/plain"] == "1"


@pytest.mark.parametrize(("source", "reason"), [
    ("import os\nos._exit(0)", "ended in the middle"),
    ("import os\nos.abort()", "SIGABRT"),
    ("while True: pass", "s of computing"),
])
def test_killed_cell_tells_why(run: Run, source: str, reason: str) -> None:
    done = run(source, "1", cpu_seconds=2, cell_seconds=20, processes=20)
    assert states(done) == [RunState.KILLED, RunState.OK]
    assert reason in done.cells[0].outputs[0]["evalue"]


def test_fork_bomb_is_an_error_of_its_cell(run: Run) -> None:
    done = run("import os\nwhile True:\n    os.fork()", "1", processes=20, cell_seconds=20)
    assert states(done) == [RunState.ERROR, RunState.OK]
    assert done.cells[0].outputs[-1]["ename"] == "BlockingIOError"


def test_memory_of_all_processes_together_is_limited(run: Run) -> None:
    hogs = ("import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n"
            "        x = bytearray(150 * 2**20)\n        time.sleep(60)\ntime.sleep(60)")
    done = run(hogs, "1", memory_bytes=400 * 2**20, cell_seconds=20)
    assert states(done) == [RunState.KILLED, RunState.OK]
    assert "all its processes together" in done.cells[0].outputs[0]["evalue"]


def test_memory_and_file_size(run: Run, tmp_path: Path) -> None:
    done = run("x = bytearray(3 * 10**9)", "open('f', 'wb').write(b'0' * 10**7)",
               memory_bytes=10**9, file_bytes=10**6)
    assert states(done) == [RunState.ERROR, RunState.ERROR]
    assert done.cells[0].outputs[0]["ename"] == "MemoryError"
    assert (tmp_path / "f").stat().st_size <= 10**6


def test_output_is_cut_with_a_note_and_errors_are_kept(run: Run) -> None:
    done = run("print('a' * 10**7)", "print('b')\n1 / 0", "0.5", output_bytes=10_000)
    text = done.cells[0].outputs[0]["text"]
    assert len(text) < 11_000
    assert "output cut" in text
    assert done.cells[1].outputs[0]["ename"] == "ZeroDivisionError"
    assert done.cells[2].outputs[0]["data"] == {"text/plain": "0.5"}


def test_folder_is_made_again_before_a_repeat(bare: Pool, tmp_path: Path) -> None:
    calls: list[int] = []
    cells = [Code(source="open('seen', 'x').close()"), Code(source="import os; os._exit(1)")]

    def prepare() -> None:
        calls.append(1)
        (tmp_path / "seen").unlink()

    done, _ = bare.run(cells, Limits(), cwd=tmp_path, prepare=prepare)
    assert states(done) == [RunState.OK, RunState.KILLED]
    assert calls == [1]


def test_a_cell_is_run_however_many_others_kill(run: Run) -> None:
    done = run(*["import os; os._exit(1)"] * 9, "1")
    assert states(done) == [RunState.KILLED] * 9 + [RunState.OK]
    assert done.reason == ""


def test_a_submission_that_kills_again_and_again_is_given_up(run: Run) -> None:
    done = run(*["import os; os._exit(1)"] * 30)
    assert done.state is RunState.KILLED
    assert "given up" in done.reason
    assert states(done).count(RunState.SKIPPED) == 5


def test_a_repeat_in_a_box_starts_from_the_same_files(pool: Pool, tmp_path: Path) -> None:
    cells = [Code(source="open('seen', 'x').write('once')"), Code(source="import os; os._exit(1)"),
             Code(source="open('seen', 'a').write(' more')")]
    done, _ = pool.run(cells, Limits(), cwd=tmp_path)
    assert states(done) == [RunState.OK, RunState.KILLED, RunState.OK]
    assert (tmp_path / "seen").read_text() == "once more"


@pytest.mark.parametrize("whom", ["os.getppid()", "1", "0", "-1"])
def test_nobody_else_can_be_killed(run: Run, whom: str) -> None:
    done = run(f"import os\ntry:\n    os.kill({whom}, 9)\nexcept PermissionError:\n    pass", "1")
    assert done.cells[1].state is RunState.OK
    assert states(run("1")) == [RunState.OK]


def test_when_the_warm_process_dies_the_run_is_done_again(tmp_path: Path) -> None:
    waits = ("import os, time\nfirst = not os.path.exists('go')\nopen('go', 'w').close()\n"
             "while first:\n    time.sleep(0.01)\n'done'")
    with open_pool(boxes=False) as own, ThreadPoolExecutor(1) as threads:
        running = threads.submit(own.run, [Code(source=waits)], Limits(), cwd=tmp_path)
        while not (tmp_path / "go").exists():
            running.done() and running.result()
        host = own._host
        assert isinstance(host, ForkHost)
        host._process.kill()
        assert states(running.result(timeout=60)[0]) == [RunState.OK]
        assert states(own.run([Code(source="1")], Limits(), cwd=tmp_path)[0]) == [RunState.OK]


def test_later_cells_cannot_be_read_from_earlier_ones(run: Run) -> None:
    search = ("import gc\nfound = [o for o in gc.get_objects() if isinstance(o, dict)"
              " and 'hid' + 'den = 42' in str(o.get('source', ''))]\nlen(found)")
    done = run(search, "hidden = 42")
    assert done.cells[0].outputs[0]["data"]["text/plain"] == "0"


def test_scratch_is_removed(run: Run) -> None:
    done = run("import tempfile, os\nopen(os.path.join(tempfile.gettempdir(), 'x'), 'w').close()\n"
               "print(tempfile.gettempdir())")
    assert not Path(done.cells[0].outputs[0]["text"].strip()).exists()


def test_a_run_is_quick(run: Run) -> None:
    run("1")
    began = time.perf_counter()
    run("x = 1", "x", "assert x == 1")
    assert time.perf_counter() - began < 5

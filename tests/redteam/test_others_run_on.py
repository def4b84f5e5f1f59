"""What one run does reaches no other: not beside it, not after it, not when its keeper is gone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redteam.conftest import below

from kit.model import Execution, Limits, RunState
from kit.sandbox import Code, Pool, open_pool

LIMITS = Limits(cell_seconds=3, cpu_seconds=5, memory_bytes=400_000_000, processes=40)
HONEST = """
import ctypes, multiprocessing, socket, subprocess, threading
assert subprocess.run(["echo", "a"], capture_output=True).stdout == b"a\\n"
with multiprocessing.get_context("fork").Pool(2) as pool:
    assert pool.map(abs, [-1, 2]) == [1, 2]
server = socket.create_server(("127.0.0.1", 8000))
if ROOT:  # else what the kernel counts by user is counted for the account that grades
    assert ctypes.CDLL(None).inotify_init1(0) >= 0
threading.Thread(target=print, args=("fine",)).start()
""".replace("ROOT", str(os.geteuid() == 0))
HARM = {
    "forks": "import ctypes\nwhile True:\n    ctypes.CDLL(None).fork()",
    "memory": ("import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n"
               "        x = bytearray(b'x') * (90 * 2**20)\n"
               "        time.sleep(60)\ntime.sleep(60)"),
    "what is counted by user": (
        "import ctypes, os, socket, time\nkept = [ctypes.CDLL(None).inotify_init1(0)"
        " for _ in range(150)]\n"
        "pipes = [os.pipe() for _ in range(100)]\nfor _, end in pipes:\n"
        "    os.set_blocking(end, False)\n    os.write(end, b'x' * 65536)\n"
        "s = socket.create_server(('127.0.0.1', 8000))\ntime.sleep(60)"),
}


@pytest.fixture(scope="module")
def own() -> Iterator[Pool]:
    with open_pool() as pool:
        yield pool


def run(pool: Pool, source: str, folder: Path) -> Execution:
    folder.mkdir(parents=True, exist_ok=True)
    return pool.run([Code(source=source)], LIMITS, cwd=folder)[0]


@pytest.mark.parametrize("source", HARM.values(), ids=HARM)
def test_beside_it(source: str, own: Pool, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        harm = threads.submit(run, own, source, tmp_path / "harm")
        count = 0
        while not harm.done() or count < 2:
            done = run(own, HONEST, tmp_path / f"honest{count}")
            assert done.state is RunState.OK, done.cells
            count += 1
        harm.result()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP])
def test_signals_that_a_run_may_send_do_not_end_its_keeper(
    number: int, own: Pool, tmp_path: Path
) -> None:
    keepers = below(own)
    for keeper in keepers:
        if number in handled(keeper):
            os.kill(keeper, number)
    assert run(own, "1", tmp_path / "a").state is RunState.OK
    assert below(own) == keepers


def handled(pid: int) -> set[int]:
    """The signals that reach a first process from inside: those that it has a handler for."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            mask = int(line.split()[1], 16)
            return {number for number in range(1, 65) if mask >> (number - 1) & 1}
    return set()


def test_a_keeper_handles_no_signal(own: Pool) -> None:
    assert {number for keeper in below(own) for number in handled(keeper)} <= {32, 33}


def test_when_a_keeper_is_killed_the_run_is_done_again(own: Pool, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(run, own, "import time\ntime.sleep(1)\n1", tmp_path / "a")
        until = time.monotonic() + 20
        while not (busy := [pid for pid in below(own) if children(pid)]):
            assert time.monotonic() < until
        os.kill(busy[0], signal.SIGKILL)
        assert waiting.result(timeout=60).state is RunState.OK
    assert run(own, HONEST, tmp_path / "b").state is RunState.OK


def children(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return ""


def test_when_the_warm_process_is_killed_runs_in_boxes_go_on(tmp_path: Path) -> None:
    with open_pool() as own:
        assert run(own, "1", tmp_path / "a").state is RunState.OK
        os.kill(own._host._process.pid, signal.SIGKILL)  # type: ignore[attr-defined]
        for name in "bc":
            assert run(own, HONEST, tmp_path / name).state is RunState.OK


def test_no_content_of_a_run_is_in_the_memory_of_the_next(own: Pool, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "a").write_text("secret" + "c0ffee" * 4)
    first = "open('b', 'w').write(open('a').read())\nx = open('a').read()\nprint(x)"
    assert run(own, first, work).state is RunState.OK
    search = """
import re
found = []
for line in open("/proc/self/maps"):
    start, end = (int(one, 16) for one in re.match(r"(\\w+)-(\\w+)", line).groups())
    if "rw-p" in line and end - start < 1 << 28:
        with open("/proc/self/mem", "rb", 0) as memory:
            memory.seek(start)
            found += re.findall(rb"secret(?:[a-f0-9]{6}){4}", memory.read(end - start))
print(found)
"""
    done = run(own, search, tmp_path / "next")
    assert done.cells[0].outputs[0]["text"] == "[]\n"

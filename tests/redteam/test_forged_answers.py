"""What a run may say instead of an answer: the supervisor outlives it, in time and in memory."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from kit.model import CellRun, Limits, RunState
from kit.sandbox import Code, Pool

LIMITS = Limits(cell_seconds=3, cpu_seconds=10, output_bytes=200_000)
SAY = """
import os, socket, struct
for number in range(3, 64):
    try:
        one = socket.socket(fileno=os.dup(number))
        if struct.unpack("3i", one.getsockopt(1, 17, 12))[0] == 0:  # who is outside has no number
            one.setblocking(True)
            one.sendall({said})
    except OSError:
        pass
os._exit(0)
"""
FINE: dict[str, Any] = {"cell": 1, "status": "ok", "outputs": []}
DISPLAY = {"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}}


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


ANSWERS = {
    "nothing": b"",
    "the head alone": b"\0\0\0\x05",
    "a length of 4 GB": b"\xff\xff\xff\xff",
    "no JSON": b"\0\0\0\x03{]}",
    "no UTF-8": b"\0\0\0\x03\xff\xfe\xfd",
    "a list": [],
    "a number": 3,
    "another cell": {**FINE, "cell": 0},
    "a cell of no number": {**FINE, "cell": [1]},
    "no status": {**FINE, "status": {"ok": 1}},
    "no outputs": {**FINE, "outputs": {}},
    "outputs that are none": {**FINE, "outputs": [1, None, {}]},
    "a kind of output that is a list": {**FINE, "outputs": [{"output_type": []}]},
    "a count that is true": {**FINE, "count": True},
    "a time that is text": {**FINE, "seconds": "1e9"},
    "a line that is a list": {**FINE, "line": [3]},
    "restored that is text": {**FINE, "restored": "x"},
    "restored that is no text": {**FINE, "restored": [1, {}]},
    "an update of no number": {**FINE, "updates": [{"cell": []}, {"cell": {}}, 3, None]},
    "an update of a cell that is not": {**FINE, "updates": [{"cell": 10**9, "old": {}}]},
    "an update that is deep": {**FINE, "updates": [{"cell": 0, "old": deep(900)}]},
    "an output that is deep": {**FINE, "outputs": [{**DISPLAY, "data": {"a/json": deep(450)}}]},
    "metadata that are deep": {**FINE, "outputs": [{**DISPLAY, "metadata": {"a": deep(450)}}]},
    "deeper than JSON": b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a number too long": b'{"cell":1,"status":"ok","outputs":[],"count":' + b"9" * 50_000 + b"}",
    "an error of no text": {**FINE, "status": "error", "error": {"ename": 1, "traceback": {}}},
    "no text": {**FINE, "outputs": [{"output_type": "stream", "name": "stdout",
                                     "text": "\udcff\0\x1b"}]},
    "many small values": {**FINE, "outputs": [{}] * 10, "x": [[]] * 1_000_000},
    "many texts": {**FINE, "x": [""] * 1_000_000},
    "many updates": {**FINE, "updates": [{"cell": 0, "old": {"text/plain": "b"}}] * 5_000},
}


def said(answer: Any) -> bytes:
    if isinstance(answer, bytes) and not answer.startswith(b"{"):
        return answer
    data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return len(data).to_bytes(4, "big") + data


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer(answer: Any, pool: Pool, folder: Path) -> None:
    began = time.monotonic()
    (folder / "said").write_bytes(said(answer))
    say = SAY.replace("{said}", "open('said', 'rb').read()")
    done, notes = pool.run(
        [Code(source="for n in range(300):\n    display({'text/plain': 'a'}, raw=True)"),
         Code(source=say), Code(source="print('held')")], LIMITS, cwd=folder)
    assert time.monotonic() - began < 10
    assert done.cells[1].state in (RunState.OK, RunState.ERROR, RunState.KILLED)
    # A forged answer may take the place of the true one; of the cell after it, it may not.
    assert done.cells[2].state in (RunState.OK, RunState.KILLED)
    for cell in done.cells:
        plain(cell)
    assert all(isinstance(name, str) for names in notes.restored.values() for name in names)


def plain(cell: CellRun) -> None:
    """It can be written as strict JSON in UTF-8."""
    json.dumps(cell.outputs, allow_nan=False, ensure_ascii=False).encode()
    assert cell.execution_count is None or type(cell.execution_count) is int


@pytest.mark.usefixtures("nothing_left")
def test_one_changed_display_does_not_become_a_thousand(pool: Pool, folder: Path) -> None:
    show = "for n in range(1000):\n    display({'text/plain': 'a'}, raw=True)"
    frame = {**FINE, "updates": [{"cell": 0, "old": {"text/plain": "a"},
                                  "data": {"text/plain": "b" * 100_000}}]}
    (folder / "said").write_bytes(said(frame))
    say = SAY.replace("{said}", "open('said', 'rb').read()").replace("os._exit(0)", "")
    done, _ = pool.run([Code(source=show), Code(source=say)], LIMITS, cwd=folder)
    assert len(json.dumps(done.cells[0].outputs)) < 1_000_000


@pytest.mark.usefixtures("nothing_left")
def test_many_cells_together_say_no_more_than_one_run_may(pool: Pool, folder: Path) -> None:
    frame = {"status": "ok", "outputs": [{"output_type": "stream", "text": "x" * 3_000_000}]}
    data = json.dumps(frame)
    say = SAY.replace("{said}", "open('said', 'rb').read()").replace("os._exit(0)", "")
    cells = []
    for number in range(12):
        (folder / f"said{number}").write_bytes(said(f'{{"cell":{number},{data[1:]}'.encode()))
        last = "import time\ntime.sleep(60)" if number == 11 else "os.read(0, 0)"
        cells.append(Code(source=say.replace("'said'", f"'said{number}'") + last))
    done, _ = pool.run(cells, LIMITS, cwd=folder)
    assert sum(len(str(cell.outputs)) for cell in done.cells) < 5 * (
        8 * LIMITS.output_bytes + 2_100_000)

"""Outputs are those of a real kernel, in order, and what a process says is not believed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import Execution, RunState
from kit.sandbox import frames, outputs

Run = Callable[..., Execution]


def shown(execution: Execution, index: int = 0) -> list[Any]:
    return [dict(output) for output in execution.cells[index].outputs]


def stream(text: str, name: str = "stdout") -> dict[str, str]:
    return {"output_type": "stream", "name": name, "text": text}


def test_streams_keep_their_order(run: Run) -> None:
    done = run("import sys\nprint('a', flush=True)\nprint('b', file=sys.stderr, flush=True)\n"
               "print('c')")
    assert shown(done) == [stream("a\n"), stream("b\n", "stderr"), stream("c\n")]


def test_output_past_python_is_kept_in_its_place(run: Run) -> None:
    done = run("import os, subprocess\nprint('one')\nsubprocess.run(['echo', 'two'])\n"
               "os.write(1, b'three\\n')\nprint('four')")
    assert shown(done) == [stream("one\ntwo\nthree\nfour\n")]


def test_result_display_and_count(run: Run) -> None:
    done = run("1 + 1", "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))")
    assert shown(done) == [{"output_type": "execute_result", "data": {"text/plain": "2"},
                            "metadata": {}, "execution_count": 1}]
    assert shown(done, 1)[0]["data"]["text/html"] == "<b>x</b>"
    assert [cell.execution_count for cell in done.cells] == [1, 2]


def test_update_changes_an_earlier_display(run: Run) -> None:
    done = run("from IPython.display import HTML, display\nh = display(HTML('a'), display_id=True)",
               "h.update(HTML('b'))")
    assert shown(done)[0]["data"]["text/html"] == "b"
    assert shown(done, 1) == []


def test_clear_output(run: Run) -> None:
    done = run("from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')")
    assert shown(done) == [stream("b\n")]


def test_table_and_figure(run: Run) -> None:
    done = run("import pandas as pd\npd.DataFrame({'a': [1]})",
               "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert "<table" in shown(done)[0]["data"]["text/html"]
    assert shown(done, 1)[0]["data"]["image/png"].startswith("iVBOR")


@pytest.mark.parametrize("gui", ["inline", "notebook"])
def test_the_matplotlib_magic_is_taken(run: Run, gui: str) -> None:
    done = run(f"%matplotlib {gui}\nimport matplotlib.pyplot as plt\nx = 3", "x")
    assert [cell.state for cell in done.cells] == [RunState.OK, RunState.OK]
    assert shown(done, 1)[0]["data"]["text/plain"] == "3"


def test_a_gui_that_nobody_knows_is_told(run: Run) -> None:
    (told,) = shown(run("%gui nonsense"))
    assert "Invalid GUI request 'nonsense'" in told["text"]


def test_error_has_a_traceback_and_the_next_cell_runs(run: Run) -> None:
    done = run("def f():\n    return 1 / 0\nf()", "1")
    assert [cell.state for cell in done.cells] == [RunState.ERROR, RunState.OK]
    (error,) = shown(done)
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert any("Cell" in line for line in error["traceback"])


@pytest.mark.parametrize(("source", "name"), [
    ("input('name? ')", "StdinNotImplementedError"), ("import sys\nsys.exit(1)", "SystemExit"),
    ("def", "SyntaxError"), ("raise KeyboardInterrupt", "KeyboardInterrupt"),
])
def test_odd_endings(run: Run, source: str, name: str) -> None:
    done = run(source, "print('on')")
    assert [o["ename"] for o in shown(done) if o["output_type"] == "error"] == [name]
    assert shown(done, 1) == [stream("on\n")]


def test_await_magic_and_shell(run: Run) -> None:
    done = run("import asyncio\nawait asyncio.sleep(0)\n3", "%%capture said\nprint('x')",
               "said.stdout", "!echo shell")
    assert shown(done)[0]["data"]["text/plain"] == "3"
    assert shown(done, 2)[0]["data"]["text/plain"] == "'x\\n'"
    assert "shell" in shown(done, 3)[0]["text"]


def test_random_numbers_differ_between_runs(run: Run) -> None:
    source = "import random, numpy\n(random.random(), numpy.random.rand())"
    first, second = (shown(run(source))[0]["data"]["text/plain"] for _ in range(2))
    assert first != second


def test_what_is_stored_stays_in_its_run(run: Run) -> None:
    first = run("x = 3\n%store x\n%bookmark here", "del x\n%store -r x\nx", "%bookmark -l")
    assert shown(first, 1)[0]["data"]["text/plain"] == "3"
    assert "here ->" in shown(first, 2)[0]["text"]
    (nothing,) = shown(run("%bookmark -l"))
    assert "here ->" not in nothing["text"]


def test_environment_holds_no_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "secret")
    done = run("import os\n'API_TOKEN' in os.environ, "
               "os.environ['HOME'] == os.path.expanduser('~')")
    assert shown(done)[0]["data"]["text/plain"] == "(False, True)"


def test_fresh_processes_give_the_same(tmp_path: Any) -> None:
    """What machines do where a fork is not safe."""
    from kit.model import Limits
    from kit.sandbox import Code, open_pool

    with open_pool(fork=False) as pool:
        done, _ = pool.run([Code(source="1 + 1"), Code(source="import os; os._exit(0)"),
                            Code(source="2")], Limits(), cwd=tmp_path)
    assert [cell.state for cell in done.cells] == [RunState.OK, RunState.KILLED, RunState.OK]


# ---------------------------------------------------------------------- what is not believed

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.dictionaries(st.sampled_from(
    ["cell", "status", "outputs", "error", "count", "seconds"]), JSON))
def test_any_frame_is_a_run_or_an_error(frame: dict[str, Any]) -> None:
    try:
        run = outputs.cell_run(frame, 0)
    except frames.FrameError:
        return
    assert run.index == 0


@given(JSON)
def test_any_output_is_valid_or_refused(value: Any) -> None:
    try:
        output = outputs.checked(value)
    except frames.FrameError:
        return
    assert output["output_type"] in ("stream", "error", "display_data", "execute_result")


@pytest.mark.parametrize("data", [b"\x00\x00\x00\x02[]", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01{",
                                  b"\x00\x00\x00\x02{"])
def test_broken_frames(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.close()
        with pytest.raises((frames.FrameError, frames.ClosedError)):
            frames.receive(ours, max_bytes=1000)


def test_frame_written_by_a_cell_is_a_broken_protocol(run: Run) -> None:
    forged = ("import os\nfor fd in range(3, 64):\n    try:\n"
              "        os.write(fd, b'\\0\\0\\0\\x02[]')\n    except OSError:\n        pass")
    done = run("1", forged, "2")
    assert done.cells[1].state is RunState.KILLED
    assert shown(done, 2)[0]["data"]["text/plain"] == "2"

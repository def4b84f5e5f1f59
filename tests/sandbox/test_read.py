"""Variables of a live run are read by name, between two cells, without a word of its code run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import Limits, RunState
from kit.sandbox import Code, DiedError, Pool, Setting
from kit.sandbox.frames import FrameError
from kit.sandbox.travel import Names, pack_names, unpack, unpack_names

SETTING = {"limits": Limits(cell_seconds=5)}


def values(names: Names) -> dict[str, Any]:
    return {name: unpack(packed) for name, packed in names.there.items()}


def test_what_travels_what_stays_and_what_is_not_there(pool: Pool, tmp_path: Path) -> None:
    with pool.live(Setting(cwd=tmp_path, **SETTING)) as live:
        live.run(Code(source=(
            "import numpy as np, pandas as pd\nx = 5\nwords = {'a': (1, [2.5])}\n"
            "grid = np.arange(6).reshape(2, 3)\ntable = pd.DataFrame({'n': [1, 2]})\n"
            "def f(): pass\nclass Same(int):\n    def __eq__(self, other): return True\n"
            "liar = Same(3)")), 0)
        names = live.read(["x", "words", "grid", "table", "f", "liar", "nothing"])
        found = values(names)
        assert (found["x"], found["words"]) == (5, {"a": (1, [2.5])})
        assert np.array_equal(found["grid"], [[0, 1, 2], [3, 4, 5]])
        pd.testing.assert_frame_equal(found["table"], pd.DataFrame({"n": [1, 2]}))
        assert names.stay == {"f": "a value of type builtins.function",
                              "liar": "a value of type __main__.Same"}
        assert names.missing == {"nothing"}
        assert live.run(Code(source="x += 1\nx"), 1).execution_count == 2
        assert values(live.read(["x"])) == {"x": 6}


def test_reading_runs_no_code_of_the_run(pool: Pool, tmp_path: Path) -> None:
    trap = ("class Trap:\n    def __getattribute__(self, name):\n        print('met', name)\n"
            "        return object.__getattribute__(self, name)\n"
            "    def __reduce_ex__(self, protocol): print('met')\n"
            "    def __repr__(self): print('met')\n"
            "    def __eq__(self, other): print('met')\n    __hash__ = None\ntrap = [Trap()]")
    with pool.live(Setting(cwd=tmp_path, **SETTING)) as live:
        live.run(Code(source=trap), 0)
        assert "trap" in live.read(["trap"]).stay
        assert live.run(Code(source="0"), 1).outputs[0]["data"] == {"text/plain": "0"}
        assert all(one["output_type"] == "execute_result" for one in live.runs[1].outputs)


def test_too_much_stays_and_a_run_that_lies_dies(pool: Pool, tmp_path: Path) -> None:
    with pool.live(Setting(cwd=tmp_path, **SETTING)) as live:
        live.run(Code(source="import numpy as np\nsmall, large = np.zeros(10), np.zeros(10**6)"), 0)
        names = live.read(["small", "large", "small"], max_bytes=1000)
        assert set(names.there) == {"small"}
        assert names.stay == {"large": "a value of too many bytes"}
    liar = ("import kit.sandbox.desk as t\n"
            "said = {'x': {'tree': 1, 'first': -5, 'count': 1}}\n"
            "t.pack_names = lambda *_, **__: (said, [])\nx = 1")

    def lies() -> None:
        with pool.live(Setting(cwd=tmp_path, **SETTING)) as live:
            live.run(Code(source=liar), 0)
            live.read(["x"])

    with pytest.raises(DiedError) as died:
        lies()
    assert died.value.state is RunState.KILLED


SAID = st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(
        st.sampled_from(["x", "y", "tree", "stays", "first", "count"]), inner, max_size=4))


@given(SAID, st.lists(st.binary(max_size=4), max_size=3))
def test_whatever_is_said_is_names_or_refused(said: Any, buffers: list[bytes]) -> None:
    try:
        found = unpack_names(said, tuple(buffers), ["x", "y"])
    except FrameError:
        return
    assert {*found.there, *found.stay, *found.missing} == {"x", "y"}


@given(st.dictionaries(st.sampled_from("abc"), st.binary(max_size=9) | st.integers()))
def test_names_arrive(namespace: dict[str, Any]) -> None:
    said, buffers = pack_names(namespace, "abc")
    found = unpack_names(said, tuple(buffers), "abc")
    assert values(found) == namespace
    assert found.missing == set("abc") - set(namespace)

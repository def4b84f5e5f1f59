"""Files of libraries that tracebacks show are taken apart once, not in each run."""

from __future__ import annotations

import json.decoder
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.model import CellRun, Limits
from kit.sandbox import Code, Pool, Setting, Stage, open_pool
from kit.sandbox.shown import Shown, take_apart, taken_apart

LIMITS = Limits(cell_seconds=20, cpu_seconds=20)
KNOWN = ("import stack_data\n"
         "files = {file for file, _ in stack_data.core.Source._class_local("
         "'__source_cache_with_lines', {})}\n"
         "print('pandas/core/indexes/range.py' in ' '.join(files))")
FAILS = "import pandas as pd\npd.Series([1, 2])['a']"


@pytest.fixture(scope="module")
def warm() -> Iterator[Pool]:
    with open_pool(["pandas"]) as pool:
        yield pool


def said(run: CellRun) -> str:
    return "".join(one["text"] for one in run.outputs if one["output_type"] == "stream").strip()


@pytest.mark.skipif(sys.platform != "linux", reason="only boxes keep what was taken apart")
def test_what_two_runs_had_to_take_apart_the_third_finds(warm: Pool, tmp_path: Path) -> None:
    stage = Stage(folder=tmp_path, limits=LIMITS, cells=(Code(source="x = 1", trusted=True),))
    found, shown = [], []
    for _ in range(4):
        with warm.live(Setting(cwd=tmp_path, limits=LIMITS, keep=False, stage=stage)) as live:
            found.append(said(live.run(Code(source=KNOWN), 1)))
            shown.append(live.run(Code(source=FAILS), 2).outputs)
    assert found == ["False", "False", "True", "True"]
    assert all(one == shown[0] for one in shown)
    assert shown[0][-1]["ename"] == "KeyError"


def test_only_what_happens_often_is_wanted_and_not_too_much_of_it(tmp_path: Path) -> None:
    stage = Stage(folder=tmp_path, limits=LIMITS, cells=())
    shown = Shown()
    shown.tell(stage, {"a", "b"})
    assert shown.wanted(stage) == frozenset()
    shown.tell(stage, {"a"})
    assert shown.wanted(stage) == {"a"}
    assert shown.wanted(None) == frozenset()
    for _ in range(3):
        shown.tell(stage, {f"often-{place}" for place in range(30)})
    assert len(shown.wanted(stage)) == 8
    assert all(one.startswith("often") for one in shown.wanted(stage))


def test_files_that_no_module_is_of_are_not_read(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("x = 1\n")
    beside = type(sys)("beside")
    beside.__file__ = str(mine)
    monkeypatch.setitem(sys.modules, "beside", beside)  # loaded, and not installed
    take_apart([str(mine), "/etc/passwd", json.decoder.__file__])
    read = taken_apart()
    assert json.decoder.__file__ in read
    assert not read & {str(mine), "/etc/passwd"}


def test_names_that_are_made_up_do_not_add_up(tmp_path: Path) -> None:
    shown = Shown()
    for run in range(1000):
        shown.tell(None, {f"made-up-{run}"})
    assert sum(map(len, shown._runs.values())) == 200

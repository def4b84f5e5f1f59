"""The rehearsal before the forks: Python makes its shortcuts, and all else is as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import dis, json, linecache, os, sys
from kit.sandbox import ordinary, rehearsal, warming

told = {}

def state(warm):
    shell = warm.kernel.shell
    history = shell.history_manager
    return {
        "names": sorted(shell.user_ns), "hidden": sorted(shell.user_ns_hidden),
        "inputs": shell.user_ns["In"], "outputs": dict(shell.user_ns["Out"]),
        "latest": [history._i00, history._i, history._ii, history._iii],
        "cache": len(history.db_input_cache), "count": shell.execution_count,
        "result": repr(shell.last_execution_result), "traceback": shell._last_traceback,
        "cells": len(shell.compile._filename_map), "lines": sorted(linecache.cache),
        "streams": [sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__],
        "recorded": len(warm.recorder.streams), "handles": len(os.listdir("/proc/self/fd")),
    }

def steps():
    return [one.opname for one in dis.get_instructions(ordinary._run, adaptive=True)]

rehearse = rehearsal.rehearse

def watched(warm):
    told["before"], first = state(warm), steps()
    rehearse(warm)
    told["after"], told["shortcuts"] = state(warm), steps() != first

rehearsal.rehearse = watched
warming.warm_up(["numpy"], [])
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path_factory.mktemp("warm"), text=True,
        capture_output=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_code_that_runs_use_has_its_shortcuts(told: Any) -> None:
    assert told["shortcuts"]


def test_nothing_else_is_there(told: Any) -> None:
    assert told["after"] == told["before"]

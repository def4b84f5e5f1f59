"""The rehearsal before the forks: Python makes its shortcuts, and all else is as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
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
    try:
        rehearse(warm)
    finally:
        told["after"], told["shortcuts"] = state(warm), steps() != first

def fails(*_, **__):
    told["failed"] = True
    raise LookupError

if "fails" in sys.argv:
    rehearsal.Desk.tell = fails
rehearsal.rehearse = watched
warming.warm_up(["numpy"], [])
print(json.dumps(told))
"""


def what_is_told(folder: Path, *how: str) -> Any:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *how], cwd=folder, text=True,
                          capture_output=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return what_is_told(tmp_path_factory.mktemp("warm"))


def test_code_that_runs_use_has_its_shortcuts(told: Any) -> None:
    assert told["shortcuts"]


def test_nothing_else_is_there(told: Any) -> None:
    assert told["after"] == told["before"]


def test_nothing_is_there_of_one_that_fails(tmp_path: Path) -> None:
    told = what_is_told(tmp_path, "fails")
    assert told["failed"]
    assert told["after"] == told["before"]

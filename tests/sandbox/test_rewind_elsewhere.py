"""Where a kernel lacks a part of what puts a process back, each run has a process of its own."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="processes are put back in place on Linux on x86-64")

PROGRAM = """
import json, struct, sys, tempfile
from pathlib import Path
from kit.model import Limits
from kit.sandbox import Code, Stage, linux, open_pool, seccomp
LIMITS = Limits(cell_seconds=30, cpu_seconds=30)
number, answer = map(int, sys.argv[1:])
if number >= 0:  # as if this kernel did not have the call
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.load(b"".join(struct.pack("HBBI", *step) for step in [
        (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50000 | answer),
        (0x06, 0, 0, 0x7FFF0000)]))
with open_pool() as pool, tempfile.TemporaryDirectory() as folder:
    stage = Stage(folder=Path(folder), limits=LIMITS)
    cells = [Code(source="kept = globals().get('kept', 0) + 1\\nprint(kept)"),
             Code(source="import os\\nprint(os.getpid())")]
    told = []
    for _ in range(8):
        done, _ = pool.run(cells, LIMITS, cwd=Path(folder), stage=stage, rewinds=True)
        told.append([run.outputs[0]["text"].strip() for run in done.cells])
    print(json.dumps({"kept": [one[0] for one in told], "boxed": pool.layers.boxed,
                      "processes": len({one[1] for one in told})}))
"""
ENOSYS, EPERM = 38, 1


@pytest.mark.parametrize(("number", "answer", "processes"), [
    (-1, 0, 1),
    pytest.param(323, ENOSYS, 8, id="userfaultfd"),
    pytest.param(323, EPERM, 8, id="userfaultfd-forbidden"),
    pytest.param(462, ENOSYS, 8, id="mseal"),
    pytest.param(101, EPERM, 8, id="ptrace"),
    pytest.param(312, ENOSYS, 8, id="kcmp"),
    pytest.param(310, EPERM, 8, id="process_vm_readv"),
    pytest.param(311, ENOSYS, 8, id="process_vm_writev"),
])
def test_each_run_is_by_itself(number: int, answer: int, processes: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(number), str(answer)], cwd=tmp_path, check=True,
        capture_output=True, text=True, timeout=120)
    assert json.loads(done.stdout) == {"kept": ["1"] * 8, "boxed": True, "processes": processes}

"""The variables that are stated for a run stand before each cell, whatever a cell made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.model import Limits
from kit.sandbox import Code, open_pool

LOOK = "import os; print(os.environ.get('STATED'), os.environ.get('OWN'))"
CHANGES = {
    "another value": ("import os; os.environ['STATED'] = 'mine'", "STATED"),
    "taken out": ("import os; del os.environ['STATED']", "STATED"),
    "all taken out": ("import os; os.environ.clear()", "STATED"),
    "another environment": ("import os; os.environ = {'STATED': 'mine'}", "os.environ"),
    "none at all": ("import os; del os.environ", "os.environ"),
}


def seen(change: str, folder: Path, *, fork: bool) -> tuple[list[str], dict[int, tuple[str, ...]]]:
    cells = [Code(source=LOOK), Code(source=change), Code(source=LOOK), Code(source=LOOK)]
    with open_pool(fork=fork) as pool:
        execution, notes = pool.run(cells, Limits(), cwd=folder, env={"STATED": "yes"})
    printed = ["".join(str(output.get("text", "")) for output in run.outputs).strip()
               for run in execution.cells]
    return [printed[0], *printed[2:]], dict(notes.restored)


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("change", CHANGES)
def test_they_are_put_back(change: str, fork: bool, tmp_path: Path) -> None:
    source, told = CHANGES[change]
    printed, restored = seen(source, tmp_path, fork=fork)
    assert printed == ["yes None"] * 3
    assert restored == {2: (told,)}


def test_others_stay_as_a_cell_leaves_them(tmp_path: Path) -> None:
    printed, restored = seen("import os; os.environ['OWN'] = 'kept'", tmp_path, fork=True)
    assert printed == ["yes None", "yes kept", "yes kept"]
    assert restored == {}

"""`--json` prints one JSON object on stdout and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click import Group

from kit.cli.main import COMMANDS, cli

Kit = Callable[..., tuple[int, str, str]]

LINES = [
    "build", "check", "check --explain E203", "collect ps1 .kit/simulated/ps1", "doctor",
    "feedback ps1", "grade ps1", "grade ps1 --diff", "grades", "grades ps1 --by question",
    "grades --export csv --allow-pending", "marks", "marks left ps1", "marks split ps1 --graders 2",
    "marks import ps1 marks/ps1/grader-1/marks.csv", "publish --to ../public",
    "release ps1 --force",
    "reschedule --start 2028-01-10",
    "review", "review ps1", "grades ps1 --changes", "grade ps1 --diff --void double-test",
    "roster", "roster import roster.csv", "simulate ps1 --count 2", "status",
    "status --upgrade", "validate source/ps1",
    "vendor pyodide --from .kit/pyodide-release",
]


@pytest.mark.parametrize("line", LINES)
def test_one_object_and_nothing_else(kit: Kit, root: Path, line: str) -> None:
    code, out, _ = kit(*line.split(), "--json")
    assert code in (0, 1)
    assert isinstance(json.loads(out), dict)


@pytest.mark.parametrize("line", [
    "grade ps2", "grades --export nope", "status nope", "roster import lessons/one.md",
    "release nope", "feedback ps2", "marks split ps2 --graders 0", "vendor pyodide --from nope",
])
def test_an_error_leaves_stdout_empty(kit: Kit, root: Path, line: str) -> None:
    code, out, err = kit(*line.split(), "--json")
    assert (code, out) == (1, "")
    assert err.startswith("error")


def test_every_command_that_has_it_is_tried() -> None:
    tried = {line.split()[0] for line in LINES}
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        every = [command, *(command.commands.values() if isinstance(command, Group) else ())]
        has = any(param.name == "as_json" for one in every if one for param in one.params)
        assert has is (name in tried), name

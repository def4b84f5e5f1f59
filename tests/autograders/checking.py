"""Run checks as a test cell does, for the tests of checkers. Standard library alone."""

from __future__ import annotations

import json
import linecache
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import autograders as ag
from autograders.question import examine

GOLDEN = Path(__file__).parent / "golden"


def check(one: ag.Check, **names: Any) -> ag.Outcome:
    """The outcome of one check on these names of a learner."""
    return examine(one, names)


def cases() -> list[Path]:
    """Each golden case: `golden/<checker>/<case>/` with learner.py and result.json, and a test.py
    of its own or its checker's."""
    return sorted(path.parent for path in GOLDEN.glob("*/*/learner.py"))


def run_case(folder: Path) -> dict[str, Any]:
    """What the test cell of a golden case makes of its learner's cell."""
    learner, test = folder / "learner.py", folder / "test.py"
    if not test.exists():
        test = folder.parent / "test.py"
    # As IPython keeps them: the cells that ran, the first one having the number 1.
    names: dict[str, Any] = {"__name__": "__main__", "In": ["", *(
        path.read_text(encoding="utf-8") for path in (learner, test))]}
    _run(learner, names)
    result = _run(test, names)
    assert isinstance(result, ag.Result), f"{folder}: the test ends in no q.result()"
    return {**result.as_json(), "text": result.as_text().split("\n")}


def expected(folder: Path) -> Mapping[str, Any]:
    """What a golden case should give."""
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def _run(path: Path, names: dict[str, Any]) -> Any:
    """Execute a file as a cell: the value of its last expression is returned."""
    import ast

    source = path.read_text(encoding="utf-8")
    linecache.cache[str(path)] = (len(source), None, source.splitlines(keepends=True), str(path))
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(path), "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), str(path), "eval"), names)

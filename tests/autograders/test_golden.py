"""Each golden case of a checker gives the result, tags and messages that are written down.

To write the results of new cases: `python tests/autograders/test_golden.py`, and read the diff.
"""

from __future__ import annotations

import json
from pathlib import Path

import checking
import pytest


@pytest.mark.parametrize(
    "folder", checking.cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_golden_case(folder: Path) -> None:
    for module in _needs(folder):
        pytest.importorskip(module, exc_type=ModuleNotFoundError)
    assert checking.run_case(folder) == checking.expected(folder)


def _needs(folder: Path) -> list[str]:
    """The libraries that a case loads, from a `needs` file of its checker's folder."""
    listed = folder.parent / "needs"
    return listed.read_text(encoding="utf-8").split() if listed.exists() else []


if __name__ == "__main__":
    for case in checking.cases():
        text = json.dumps(checking.run_case(case), indent=1, ensure_ascii=False) + "\n"
        (case / "result.json").write_text(text, encoding="utf-8")

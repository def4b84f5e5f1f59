"""The checkers pass their tests where nothing is installed but pytest: a bare Python, and
Pyodide's, which is the Python of a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestalone import copy_pytest
from require import need

PYODIDE = Path("tests/autograders/pyodide")
NEEDS = re.compile(  # what a test that was skipped said it lacks
    r"could not import '(numpy|pandas|polars|narwhals|scipy|matplotlib|hypothesis"
    r"|numpy_financial|IPython)[\w.]*': No module named '\w+'|its library is not installed"
    r"|scipy is not installed")
BROWSER = {"no interval timer here: whoever runs the cell bounds its time",
           "a browser starts no other process"}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pytest and what it needs, alone."""
    return copy_pytest(tmp_path_factory.mktemp("libraries"))


def told(command: list[str | Path], folder: Path) -> dict[str, Any]:
    """What the session said on its last line; all that it printed, where a test failed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                          timeout=570, stdin=subprocess.DEVNULL)
    assert done.stdout, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert not found["failed"], done.stdout[-8000:]
    assert found["code"] == 0, done.stdout[-8000:]
    return found


@pytest.mark.slow
def test_they_pass_in_a_python_with_nothing_but_pytest(
    repository: Path, libraries: Path
) -> None:
    session = repository / PYODIDE / "session.py"
    found = told([sys.executable, "-I", "-S", session, libraries, repository], repository)
    assert found["importable"] == []
    assert found["passed"] > 1000
    assert [reason for reason in found["skipped"] if not NEEDS.fullmatch(reason)] == []


@pytest.mark.slow
def test_they_pass_in_a_browsers_python(repository: Path, libraries: Path) -> None:
    need(shutil.which("node") and (repository / PYODIDE / "node_modules" / "pyodide").is_dir(),
         f"needs Node 18 or later and Pyodide: npm ci --prefix {PYODIDE.as_posix()}")
    found = told(["node", repository / PYODIDE / "run.mjs", libraries], repository)
    assert found["python"].startswith("3.14.")
    assert (found["platform"], found["importable"]) == ("emscripten", [])
    assert found["passed"] > 1000
    assert [reason for reason in found["skipped"]
            if not NEEDS.fullmatch(reason) and reason not in BROWSER] == []

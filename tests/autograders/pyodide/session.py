"""Run the checkers' tests in a Python that has nothing but pytest, and tell what came of it.

    python -I -S session.py LIBRARIES REPOSITORY [PYTEST ARGUMENT...]

LIBRARIES is a folder with pytest and what it needs, alone. The last line printed is JSON.
`run.mjs` does the same in Pyodide.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ABSENT = ("numpy", "pandas", "polars", "narwhals", "scipy", "matplotlib", "hypothesis", "IPython")


class Told:
    """A pytest plugin that keeps what came of each test."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []
        self.skipped: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count a test's call, and whatever else went wrong or was skipped."""
        self._count(report, counts=report.when == "call")

    def pytest_collectreport(self, report: Any) -> None:
        """A module that cannot be collected fails; one may be skipped as a whole."""
        self._count(report, counts=False)

    def _count(self, report: Any, *, counts: bool) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "expected"
            self.skipped[reason.removeprefix("Skipped: ")] += 1
        elif counts:
            self.passed += 1


def run(libraries: str, repository: str, *arguments: str) -> dict[str, Any]:
    """Run the tests of `repository`; what a JSON reader is told."""
    sys.dont_write_bytecode = True  # the folders are others': read, never written
    sys.path[:0] = [libraries, repository]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(repository)
    import pytest

    told = Told()
    tests = Path(repository) / "tests" / "autograders"
    code = pytest.main(
        ["-q", "-W", "error", "-p", "no:cacheprovider", "--import-mode=importlib", "--tb=short",
         "-c", os.devnull, f"--rootdir={repository}", f"--confcutdir={tests}", *arguments,
         str(tests)], plugins=[told])
    return {
        "python": platform.python_version(), "platform": sys.platform, "code": int(code),
        "passed": told.passed, "failed": told.failed, "skipped": dict(told.skipped),
        "importable": [name for name in ABSENT if importlib.util.find_spec(name) is not None],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(*sys.argv[1:])) + "\n")

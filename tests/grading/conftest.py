"""A warm pool for all tests of grading, and a small assignment each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import Bench

from kit.sandbox import Pool, open_pool


@pytest.fixture(autouse=True)
def alembic_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls `alembic` by name, wherever the tests are run from."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with open_pool(["numpy", "autograders", "fractions", "decimal"]) as opened:
        yield opened


@pytest.fixture
def bench(tmp_path: Path, pool: Pool) -> Bench:
    return Bench(tmp_path, pool)

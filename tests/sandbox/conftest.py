"""One warm process for all tests of the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from kit.model import Execution, Limits
from kit.sandbox import Code, Pool, open_pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with open_pool(["numpy", "pandas", "matplotlib"]) as opened:
        yield opened


@pytest.fixture(scope="session")
def bare() -> Iterator[Pool]:
    """Runs without a box, as on a machine that has no namespaces for us."""
    with open_pool(["numpy"], boxes=False) as opened:
        yield opened


@pytest.fixture
def run(pool: Pool, tmp_path: Path) -> Callable[..., Execution]:
    def call(*sources: str | Code, **limits: float) -> Execution:
        cells: Sequence[Code] = [
            Code(source=one) if isinstance(one, str) else one for one in sources]
        found = Limits(**{"cell_seconds": 5.0, "cpu_seconds": 20.0, **limits})  # type: ignore[arg-type]
        return pool.run(cells, found, cwd=tmp_path)[0]

    return call

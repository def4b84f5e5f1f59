"""The tests here share what they read from the pages, and the generator of the reference."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from once import once

from kit import workflow
from kit.site import Site

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parents[1] / "docs"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages alone, without what earlier builds left."""
    return _pages(tmp_path_factory.mktemp("docs"))


def _pages(beside: Path) -> Path:
    folder = beside / "docs"
    leave = shutil.ignore_patterns("_build", ".kit", "_config.yml", "_toc.yml", "__pycache__")
    shutil.copytree(HERE.parents[1] / "docs", folder, ignore=leave)
    return folder


@pytest.fixture(scope="session")
def docs_built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The documentation's site, built once."""
    return once(tmp_path_factory, "docs", lambda beside: workflow.build(
        workflow.load(_pages(beside))))

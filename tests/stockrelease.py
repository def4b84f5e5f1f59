"""A course of one notebook that stock nbgrader released, as an author without the kit has it."""

from __future__ import annotations

import contextlib
import gc
import json
from pathlib import Path
from typing import Any

from kit.course import derive_nbgrader_config
from kit.model import Course


def released_by_stock(root: Path, cells: list[dict[str, Any]]) -> Path:
    """Write `source/ps1/p1.ipynb`, let nbgrader release it, and return the release's folder."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    (root / "source" / "ps1").mkdir(parents=True)
    (root / "source" / "ps1" / "p1.ipynb").write_text(json.dumps({
        "nbformat": 4, "nbformat_minor": 4, "cells": cells, "metadata": {"kernelspec": {
            "name": "python3", "display_name": "Python 3", "language": "python"}}}))
    config = Config()
    config.CourseDirectory.root = str(root)
    with contextlib.chdir(root):
        said = NbGraderAPI(config=config).generate_assignment("ps1", create=True)
    assert said["success"], said.get("log")
    gc.collect()
    return root / "release" / "ps1"


def stock_api(course: Course) -> Any:
    """nbgrader's own API, under the configuration that follows from the course."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    derive_nbgrader_config(course)
    config = Config(PyFileConfigLoader(str(course.root / "nbgrader_config.py")).load_config())
    config.CourseDirectory.root = str(course.root)
    return NbGraderAPI(config=config)

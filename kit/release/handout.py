"""What a notebook says of itself when it is handed out, so that a learner's check finds what is
gone: `metadata.coursewright`, which Jupyter keeps and nbgrader passes by."""

from __future__ import annotations

import json
from pathlib import Path

from kit.files import write_text
from kit.model import Release
from kit.notebook import HANDED_OUT

VERSION = 1


def write_handouts(release: Release, folder: Path) -> None:
    """Put the list of its cells, as `[grade_id, kind, points]`, into each notebook of `folder`."""
    for notebook in release.notebooks:
        path = folder / f"{notebook.name}.ipynb"
        content = json.loads(path.read_text(encoding="utf-8"))
        content["metadata"][HANDED_OUT] = {
            "version": VERSION,
            "assignment": release.assignment,
            "notebook": notebook.name,
            "cells": [[cell.grade_id, cell.kind.value, cell.points if cell.kind.graded else 0]
                      for cell in notebook.cells],
        }
        # As nbformat writes: all but this entry stays what nbgrader wrote, byte by byte.
        write_text(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True,
                                    separators=(",", ": ")) + "\n")

"""What a notebook says of itself when it is handed out, so that a learner's check finds what is
gone: `metadata.coursewright`, which Jupyter keeps and nbgrader passes by. What an editor or the
author left in its metadata goes."""

from __future__ import annotations

from pathlib import Path

from kit import notebook as nb
from kit.course.public import public_notebook
from kit.lesson.saying import ENGLISH, ENTRY
from kit.model import Release

VERSION = 1


def write_handouts(release: Release, folder: Path, language: str = ENGLISH) -> None:
    """Put the list of its cells, as `[grade_id, kind, points]`, into each notebook of `folder`, and
    the language of the course where it is not English."""
    for notebook in release.notebooks:
        path = folder / f"{notebook.name}.ipynb"
        content = public_notebook(nb.read(path), outputs=True)
        content["metadata"][nb.HANDED_OUT] = {
            "version": VERSION,
            "assignment": release.assignment,
            "notebook": notebook.name,
            "cells": [[cell.grade_id, cell.kind.value, cell.points if cell.kind.graded else 0]
                      for cell in notebook.cells],
        }
        if language != ENGLISH:
            content["metadata"][ENTRY] = language
        nb.write(content, path)

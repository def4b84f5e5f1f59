"""Notebooks as they leave the course: lessons as one downloads them, and the published copies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from kit.course.public import public_notebook, without_comments
from kit.lesson.saying import ENGLISH, ENTRY
from kit.model import Course
from kit.notebook import HANDED_OUT, Cell, Notebook
from kit.site.launch import in_repository, repository_of
from kit.site.model import Source

_COLAB = """\
# For Colab alone: it brings the files of the course and installs what they need.
import sys

if "google.colab" in sys.modules:
    import os
    import subprocess

    if not os.path.isdir({clone}):
        subprocess.run(["git", "clone", "-q", "--depth", "1", "--branch", {branch},
                        {repository}, {clone}], check=True)
    os.chdir({folder})
    needed = [
{packages}    ]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *needed], check=True)"""


def lesson_download(docname: str) -> str:
    """Where a lesson's notebook is staged to be downloaded, apart from those of assignments."""
    return f"_files/book/{docname}.ipynb"


def lesson_notebook(lesson: Source, language: str = ENGLISH) -> Notebook:
    """A lesson with code as a clean notebook: nothing private, no comments, no outputs. It says the
    language of its course, where that is not English, for the components in a copy."""
    made = public_notebook({"nbformat": 4, "nbformat_minor": 5, "cells": lesson.cells,
                            "metadata": lesson.metadata})
    for place, cell in enumerate(made["cells"]):
        cell.setdefault("id", f"cell-{place}")
        if cell["cell_type"] == "markdown":
            cell["source"] = without_comments(cell["source"])
    if language != ENGLISH:
        made["metadata"][ENTRY] = language
    spec = made["metadata"].setdefault("kernelspec", {})
    spec.setdefault("name", "python3")
    spec.setdefault("display_name", spec["name"])
    return made


def released_notebook(found: Mapping[str, Any]) -> Notebook:
    """A released notebook as learners get it; what a learner's check needs stays in it."""
    made = public_notebook(found)
    if isinstance(said := found["metadata"].get(HANDED_OUT), Mapping):
        made["metadata"][HANDED_OUT] = {
            key: said[key] for key in ("version", "assignment", "notebook", "cells")
            if key in said}
    return made


def with_colab_setup(
    course: Course, notebook: Notebook, path: str, requirements: Sequence[str]
) -> Notebook:
    """The notebook with a first cell that does something in Colab alone, where that is configured.

    `path` is the notebook's in the published folder, `requirements` what it needs there. A page
    made of the notebook leaves the cell out.
    """
    language = str(notebook["metadata"].get("kernelspec", {}).get("language") or "python")
    if not course.site.colab or language.lower() != "python":
        return notebook
    repository = repository_of(course.site)
    clone = f"/content/{repository.rpartition('/')[2]}"
    folder = PurePosixPath(clone, in_repository(course.site, path)).parent.as_posix()
    text = _COLAB.format(
        clone=_text(clone), branch=_text(course.site.branch), repository=_text(repository),
        folder=_text(folder),
        packages="".join(f"        {_text(one)},\n" for one in requirements))
    cell: Cell = {"cell_type": "code", "metadata": {"tags": ["remove-cell"]}, "outputs": [],
                  "execution_count": None, "source": text}
    if any("id" in one for one in notebook["cells"]):
        cell["id"] = "colab-setup"
    return {**notebook, "cells": [cell, *notebook["cells"]]}


def _text(value: str) -> str:
    """A text as Python in double quotes."""
    return json.dumps(value, ensure_ascii=False)

"""The lessons of each template in a real JupyterLab, as learners get them: all cells run, every
component is drawn and answered, wrongly and rightly, and the kernel knows what was answered.

What is right stands in the kernel, so that nothing here knows a lesson. See `answering`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from answering.labs import answered_in_lab, with_reading

from kit.course.scaffold import scaffold, template_names
from kit.publish import public_tree


@pytest.fixture(scope="module")
def context(browser: Any) -> Iterator[Any]:
    """One for all notebooks: JupyterLab's own scripts are loaded once."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000},
                                  reduced_motion="reduce")
    with closing(context):
        yield context


def lessons_in_lab(template: str, scratch: Path, folder: Path) -> list[str]:
    """The public copy of a template's course in a folder that JupyterLab serves; the paths of its
    lessons there, each with a last cell that reads the kernel."""
    course = scaffold(template, scratch / template, {"start": "2027-01-11"})
    (scratch / "site").mkdir()
    for name, found in public_tree(course, {}, scratch / "site").items():
        path = folder / template / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found.read_bytes() if isinstance(found, Path) else found)
    names = [PurePosixPath(template, lesson.path).with_suffix(".ipynb").as_posix()
             for lesson in course.lessons]
    for name in names:
        notebook = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps(with_reading(notebook)), encoding="utf-8")
    return names


@pytest.mark.slow  # each takes minutes; test_lab and its like answer some each time
@pytest.mark.parametrize("template", [
    name for name in template_names() if name != "blank"])  # whose lesson is for authors to write
def test_every_component_of_a_template_is_answered_in_jupyterlab(
    context: Any, lab: tuple[str, Path], tmp_path: Path, template: str
) -> None:
    base, folder = lab
    names = lessons_in_lab(template, tmp_path, folder)
    assert names
    for name in names:
        answered_in_lab(context, base, folder, name)

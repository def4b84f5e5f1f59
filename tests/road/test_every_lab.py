"""The lessons of each template in a real JupyterLab, as the public copy of a course has them: all
cells run, every component is answered, and the kernel knows what was answered.

What is right stands in the kernel, so that nothing here knows a lesson. See `answering`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from answering.labs import answered_in_lab, with_reading

from kit import workflow
from kit.model import Course

TEMPLATES = ("accounting", "statistics")


@pytest.fixture(scope="module")
def published(
    lab: tuple[str, Path], course_of: Callable[[str], Course]
) -> Callable[[str], Path]:
    """The public copy of a template's course among the files of JupyterLab."""

    @cache
    def publish(template: str) -> Path:
        folder = lab[1] / template
        workflow.publish(course_of(template), folder)
        return folder

    return publish


@pytest.fixture
def lesson_answered(
    browser: Any, lab: tuple[str, Path], published: Callable[[str], Path]
) -> Callable[[str, str], set[str]]:
    """Answer a lesson of a template, by its name, in JupyterLab."""

    def answer(template: str, name: str) -> set[str]:
        path = published(template) / "lessons" / f"{name}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(with_reading(notebook)), encoding="utf-8")
        context = browser.new_context(viewport={"width": 1280, "height": 1000},
                                      reduced_motion="reduce")
        with closing(context):
            return answered_in_lab(context.new_page(), lab[0], path, lab[1])

    return answer


def names(course: Course) -> list[str]:
    return [PurePosixPath(lesson.path).stem for lesson in course.lessons]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_first_lesson_of_a_template_is_answered_in_jupyterlab(
    course_of: Callable[[str], Course], lesson_answered: Callable[[str, str], set[str]],
    template: str,
) -> None:
    first, *_ = names(course_of(template))
    assert {"predict", "quiz", "explore"} <= {
        kind.partition("/")[0] for kind in lesson_answered(template, first)}


@pytest.mark.slow  # a minute or more
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_other_lessons_of_a_template_are_answered_in_jupyterlab(
    course_of: Callable[[str], Course], lesson_answered: Callable[[str, str], set[str]],
    template: str,
) -> None:
    _, *others = names(course_of(template))
    for name in others:
        lesson_answered(template, name)

"""The author's wrong and other answers never reach a learner, by our release or by stock's."""

from __future__ import annotations

import contextlib
import gc
import json
from pathlib import Path

import pytest
from tinycourse import cell, homework, write_course

from kit.course import derive_nbgrader_config
from kit.model import Course
from kit.release import generate, make_release

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = write_course(tmp_path)
    notebook = homework()
    for place, tag in ((2, "wrong-answer"), (3, "other-answer")):
        trial = cell("code", f"# scores 0\nCANARYTRIAL = {place}", 90 + place)
        trial["metadata"]["tags"] = [tag]
        notebook["cells"].insert(place, trial)
    (tmp_path / "source" / "ps1" / "doubling.ipynb").write_text(json.dumps(notebook))
    return made


def _handed_out(course: Course) -> str:
    return (course.root / "release" / "ps1" / "doubling.ipynb").read_text()


def test_our_release_leaves_them_out(course: Course) -> None:
    (assignment, _) = course.assignments
    made = make_release(course, assignment)
    assert "CANARYTRIAL" not in _handed_out(course)
    assert "CANARYTRIAL" not in repr(made.release)
    assert "CANARYTRIAL" not in repr(generate(course, assignment))
    assert "double-test" in _handed_out(course)


@pytest.mark.slow
def test_stock_nbgrader_leaves_them_out(course: Course) -> None:
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    derive_nbgrader_config(course)
    config = Config(PyFileConfigLoader(str(course.root / "nbgrader_config.py")).load_config())
    config.CourseDirectory.root = str(course.root)
    with contextlib.chdir(course.root):
        said = NbGraderAPI(config=config).generate_assignment("ps1", create=True)
    gc.collect()
    assert said["success"], said.get("log")
    assert "double-test" in _handed_out(course)
    assert "CANARYTRIAL" not in _handed_out(course)

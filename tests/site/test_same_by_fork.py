"""Every lesson that we ship gives as a fork what it gives in a kernel of its own."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from bothkernels import joined

from kit.course import load_course
from kit.course.scaffold import scaffold
from kit.model import Course
from kit.site.lessons import execute as running
from kit.site.lessons.reading import read_lesson
from kit.site.model import Outcome

IDS = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
"""Of widgets: random, so they are numbered as they appear."""

DRAWN = re.compile(r"(?<=[#\"])([pmC]\w{0,3}?[0-9a-f]{8,12}(?:_\w+)?)\b")
"""Of shapes in a drawing of matplotlib's: random too."""

MASKS = (
    (re.compile(r"0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r"<dc:date>[^<]*"), "<dc:date>"),
    (re.compile(r"/ipykernel_\d+/"), "/ipykernel/"),
)


def plain(outcome: Outcome) -> str:
    """All that a lesson gave, as text without what differs from run to run."""
    text = json.dumps([[joined(cell) for cell in outcome.outputs], outcome.counts,
                       outcome.widgets, outcome.language, outcome.report])
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    for kind, pattern in (("widget", IDS), ("shape", DRAWN)):
        numbers: dict[str, str] = {}
        text = pattern.sub(
            lambda found, numbers=numbers, kind=kind: numbers.setdefault(
                found[0], f"{kind}-{len(numbers)}"), text)
    return json.dumps(json.loads(text), indent=1, sort_keys=True)


def outcomes(course: Course, context: str) -> Mapping[str, Outcome]:
    sources = [found for lesson in course.lessons if (found := read_lesson(course, lesson))]
    return running.execute(course, sources, context).outcomes


@pytest.fixture(params=["accounting", pytest.param("statistics", marks=pytest.mark.slow),
                        pytest.param("docs", marks=pytest.mark.slow)])
def course(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> Course:
    root = tmp_path / "course"
    if request.param == "docs":
        shutil.copytree(repository / "docs", root, ignore=shutil.ignore_patterns(
            "_build", ".kit", "pictures"))
    else:
        scaffold(request.param, root, {})
    return load_course(root)


def test_outputs_counts_widgets_and_reports(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = outcomes(course, "by fork")
    assert forked
    monkeypatch.setattr(running, "by_fork", lambda *_: False)
    for name, kernel in outcomes(course, "by kernel").items():
        assert kernel.counts
        assert plain(forked[name]) == plain(kernel)

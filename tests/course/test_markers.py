"""The delimiters that an author's nbgrader_config.py sets, read as nbgrader takes them."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.course import derive_nbgrader_config, markers_of
from kit.errors import CourseError
from kit.model import Course, Markers


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "home"))
    (tmp_path / "course").mkdir()
    return Course(root=tmp_path / "course", id="c", title="C", timezone=ZoneInfo("UTC"))


def _config(course: Course, *lines: str, folder: Path | None = None) -> None:
    target = folder or course.root
    target.mkdir(exist_ok=True)
    (target / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]))


def _by_nbgrader(course: Course) -> Markers:
    """The delimiters of nbgrader's own preprocessors under the course's configuration."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
    from traitlets.config.loader import PyFileConfigLoader

    from kit.model import Delimiters

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    solution, tests, scheme = (kind(config=config) for kind in (
        ClearSolutions, ClearHiddenTests, ClearMarkScheme))
    return Markers(
        solution=Delimiters(begin=solution.begin_solution_delimeter,
                            end=solution.end_solution_delimeter,
                            enforced=solution.enforce_metadata),
        hidden_tests=Delimiters(begin=tests.begin_test_delimeter, end=tests.end_test_delimeter,
                                enforced=tests.enforce_metadata),
        mark_scheme=Delimiters(begin=scheme.begin_mark_scheme_delimeter,
                               end=scheme.end_mark_scheme_delimeter,
                               enforced=scheme.enforce_metadata))


def test_without_a_config_they_are_nbgraders(course) -> None:
    assert markers_of(course) == Markers()
    derive_nbgrader_config(course)
    assert markers_of(course) == Markers() == _by_nbgrader(course)


@pytest.mark.parametrize("lines", [
    ["c.ClearSolutions.begin_solution_delimeter = 'VANISH'",
     "c.ClearSolutions.end_solution_delimeter = 'REAPPEAR'"],
    ["c.ClearHiddenTests.begin_test_delimeter = '#<'",
     "c.ClearHiddenTests.end_test_delimeter = '#>'"],
    ["c.ClearMarkScheme.begin_mark_scheme_delimeter = 'SCHEME'",
     "c.ClearMarkScheme.end_mark_scheme_delimeter = 'END'"],
    ["c.ClearSolutions.enforce_metadata = False"],
    ["c.ClearHiddenTests.enforce_metadata = False"],
    ["c.NbGraderPreprocessor.enforce_metadata = False",
     "c.ClearMarkScheme.enforce_metadata = True"],
    ["c.NbGraderPreprocessor.begin_test_delimeter = 'ABOVE'"],
    ["import mine", "c.ClearSolutions.begin_solution_delimeter = mine.BEGIN"],
])
def test_they_are_those_that_nbgrader_takes(course, lines, monkeypatch) -> None:
    (course.root / "mine.py").write_text("BEGIN = 'MINE'\n")
    monkeypatch.syspath_prepend(course.root)  # for nbgrader; ours finds it by itself
    _config(course, *lines)
    assert markers_of(course) == _by_nbgrader(course) != Markers()


def test_those_of_a_subclass_and_of_a_nested_section_count(course) -> None:
    _config(course, "c.MyClearTests.begin_test_delimeter = 'MY'",
            "c.GenerateAssignment.ClearSolutions.begin_solution_delimeter = 'INNER'")
    found = markers_of(course)
    assert (found.hidden_tests.begin, found.solution.begin) == ("MY", "INNER")


def test_the_users_own_config_counts_and_the_courses_wins(course, tmp_path) -> None:
    _config(course, "c.ClearSolutions.begin_solution_delimeter = 'HOME'",
            "c.ClearSolutions.end_solution_delimeter = 'HOMEWARDS'", folder=tmp_path / "home")
    _config(course, "c.ClearSolutions.begin_solution_delimeter = 'COURSE'")
    found = markers_of(course).solution
    assert (found.begin, found.end) == ("COURSE", "HOMEWARDS")


def test_a_changed_config_is_read_again(course) -> None:
    import os

    _config(course, "c.ClearSolutions.begin_solution_delimeter = 'A'")
    assert markers_of(course).solution.begin == "A"
    _config(course, "c.ClearSolutions.begin_solution_delimeter = 'B'")
    os.utime(course.root / "nbgrader_config.py", (1, 1))
    assert markers_of(course).solution.begin == "B"


@pytest.mark.parametrize("line", [
    "c.ClearSolutions.begin_solution_delimeter = 5", "1 / 0", "c.X = (",
    "c.ClearHiddenTests.end_test_delimeter = ''", "raise SystemExit"])
def test_what_cannot_be_read_is_refused(course, line) -> None:
    _config(course, line)
    with pytest.raises(CourseError) as caught:
        markers_of(course)
    assert "nbgrader_config.py" in caught.value.where
    assert caught.value.hint

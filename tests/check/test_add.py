"""What `kit add` makes passes `kit check`, and course.yml keeps every line that it had."""

from __future__ import annotations

import difflib

import pytest
from click.testing import CliRunner

from kit import notebook as nb
from kit.check import check_course
from kit.cli.add import command
from kit.course import load_course
from kit.course.add import add_assignment, add_lesson, add_question
from kit.course.edit import append
from kit.errors import CourseError, UnknownName

COMMENTED = """\
id: small-101
title: Small   # a comment
start: 2027-01-11
timezone: Europe/Berlin

# The book.
parts:
  - title: One
    lessons:
      - lessons/start
# Homework comes here.
assignments:
  - name: ps1
    title: "Problem set 1"
    due: 2027-01-25 23:59   # a Monday
    group: sets

# How it counts.
grading:
  groups:
    - {name: sets, weight: 100}
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.yml").write_text(COMMENTED, encoding="utf-8")
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons/start.md").write_text("# Start\n", encoding="utf-8")
    first = load_course(tmp_path)
    add_assignment(first, "ps0", "Warm-up")
    (tmp_path / "source/ps0").rename(tmp_path / "source/ps1")
    (tmp_path / "source/ps1/ps0.ipynb").rename(tmp_path / "source/ps1/ps1.ipynb")
    (tmp_path / "course.yml").write_text(COMMENTED, encoding="utf-8")
    return load_course(tmp_path)


def test_everything_that_can_be_added_passes_the_check(course):
    add_lesson(course, "Mean and median")
    add_lesson(course, "Spread", part="Two")
    add_assignment(load_course(course.root), "ps2", "Problem set 2")
    for kind in ("number", "function", "table", "written", "task", "number"):
        add_question(load_course(course.root), "ps2", "Waiting times", kind=kind)
    after = load_course(course.root)
    assert check_course(after) == ()
    assert [lesson.path for lesson in after.lessons] == [
        "lessons/start.md", "lessons/mean-and-median.ipynb", "lessons/spread.ipynb"]
    ids = [nb.grade_id(cell) for cell in nb.read(course.root / "source/ps2/ps2.ipynb")["cells"]]
    given = [one for one in ids if one]
    assert len(given) == len(set(given))
    assert after.packages == ("pandas",)


def test_lines_and_comments_of_course_yml_stay(course):
    add_assignment(course, "ps2", "Problem: set 2")
    add_lesson(course, "Two")
    lines = (course.root / "course.yml").read_text(encoding="utf-8").split("\n")
    steps = list(difflib.ndiff(COMMENTED.split("\n"), lines))
    assert not [step for step in steps if step.startswith("- ")]
    assert sorted(step[2:] for step in steps if step.startswith("+ ")) == sorted([
        "      - lessons/two", "  - name: ps2", "    title: 'Problem: set 2'",
        "    due: 2027-02-01 23:59", "    group: sets"])
    ps2 = load_course(course.root).assignments[1]
    assert (ps2.group, f"{ps2.due:%d %H:%M}") == ("sets", "01 23:59")
    where = [line for line in lines if "Homework" in line or "lessons/two" in line]
    assert where == ["      - lessons/two", "# Homework comes here."]


@pytest.mark.parametrize(("text", "where", "item"), [
    ("id: a\ntitle: A\n", ("parts",), {"title": "P", "lessons": ["x"]}),
    ("id: a\ntitle: A\nparts: []  # none yet\n", ("parts",), {"title": "P", "lessons": ["x"]}),
    ("id: a\ntitle: A\nparts: [{title: P, lessons: [x]}]\n", ("parts", 0, "lessons"), "y"),
    ("id: a\ntitle: A\nparts:\n- title: P\n  lessons:\n  - x\n# end\n",
     ("parts", 0, "lessons"), "y"),
    ("id: a\ntitle: A\n", ("environment", "packages"), "pandas"),
    ("id: a\ntitle: A\nenvironment: {packages: [numpy]}\n", ("environment", "packages"), "pandas"),
    ("id: a\ntitle: A\nenvironment:\n", ("environment", "packages"), "pandas"),
])
def test_append_in_every_form_of_list(tmp_path, text, where, item):
    path = tmp_path / "course.yml"
    path.write_text(text, encoding="utf-8")
    append(tmp_path, where, item)
    course = load_course(tmp_path)
    after = path.read_text(encoding="utf-8")
    assert all(line.split("#")[-1] in after for line in text.split("\n") if "#" in line)
    if item == "pandas":
        assert course.packages[-1] == "pandas"
    else:
        last = course.parts[-1].lessons[-1].path
        assert last == ("y.ipynb" if item == "y" else "x.ipynb")


def test_an_addition_that_would_not_be_valid_changes_nothing(course):
    before = (course.root / "course.yml").read_bytes()
    with pytest.raises(CourseError):
        append(course.root, ("assignments",), {"name": "ps2", "titel": "Two"})
    assert (course.root / "course.yml").read_bytes() == before


def test_names_that_are_taken_or_unknown(course):
    with pytest.raises(CourseError, match="already"):
        add_assignment(course, "PS1", "Again")
    with pytest.raises(CourseError, match="cannot name"):
        add_assignment(course, "ps+2", "Plus")
    add_lesson(course, "Two")
    with pytest.raises(CourseError, match="there already"):
        add_lesson(course, "Two")
    with pytest.raises(UnknownName, match="nomber"):
        add_question(course, "ps1", "Q", kind="nomber")
    with pytest.raises(UnknownName, match="ps9"):
        add_question(course, "ps9", "Q")
    with pytest.raises(UnknownName, match="notebook"):
        add_question(course, "ps1", "Q", notebook="other")


@pytest.mark.parametrize(("args", "says"), [
    (["lesson", "Größe & Maß", "--part", "One"], "lessons/grosse-mass.ipynb"),
    (["assignment", "ps2"], "source/ps2/ps2.ipynb"),
    (["question", "ps1", "Mean wait"], "its cells are mean-wait, mean-wait-test"),
])
def test_commands_say_what_they_made(course, args, says):
    result = CliRunner().invoke(command, [*args, "--course", str(course.root)])
    assert result.exit_code == 0, result.output
    assert says in result.output
    assert "Next" in result.output

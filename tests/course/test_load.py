"""course.yml: what it holds, and errors that name file, line, key and the nearest choice."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.course import assignment_of, find_course, load_course
from kit.course.load import parse_course
from kit.errors import CourseError, KitError, UnknownName

FULL = """\
id: acc-1
title: Accounting
timezone: Europe/Berlin
start: 2027-01-11
pace: self
authors: [{name: A. Writer, email: a@example.org}]
parts:
  - title: One
    lessons: [lessons/a, lessons/b]
assignments:
  - name: ps1
    title: Set 1
    opens: 2027-01-18 09:00
    due: 2027-01-25 23:59
    group: sets
    limits: {memory_mb: 512}
grading:
  groups: [{name: sets, title: Sets, weight: 60, number: 6, drop: 1}]
  cutoffs: {A: 90, B: 80}
  late: {policy: percent, grace_minutes: 60, percent_a_day: 10, floor: 50}
outcomes:
  - {id: o1, statement: Does it., evidence: [ps1/q1]}
limits: {cell_seconds: 10, output_mb: 1}
environment: {packages: [numpy]}
feedback: {hidden_tests: message, after: 2027-02-01 08:00}
nbgrader_ways: [stderr-noise]
"""


def test_all_of_it_arrives(tree) -> None:
    root = tree({"course.yml": FULL, "lessons/b.md": "", "source/ps1/two.ipynb": "",
                 "source/ps1/one.ipynb": ""})
    course = load_course(root)
    berlin = ZoneInfo("Europe/Berlin")
    assert (course.id, course.pace, course.start) == ("acc-1", "self", date(2027, 1, 11))
    assert [lesson.path for lesson in course.lessons] == ["lessons/a.ipynb", "lessons/b.md"]
    assert [lesson.docname for lesson in course.lessons] == ["lessons/a", "lessons/b"]
    ps1 = assignment_of(course, "ps1")
    assert ps1.notebooks == ("one", "two")
    assert ps1.due == datetime(2027, 1, 25, 23, 59, tzinfo=berlin)
    assert ps1.limits.memory_bytes == 512 * 1024**2
    assert ps1.limits.cell_seconds == 30, "an assignment's limits are its own, whole"
    assert ps1.feedback.hidden_tests == "message"
    assert ps1.feedback.after == datetime(2027, 2, 1, 8, tzinfo=berlin)
    assert course.grading.cutoffs == (("A", 90.0), ("B", 80.0))
    assert course.grading.late.grace.total_seconds() == 3600
    assert str(course.outcomes[0].evidence[0]) == "ps1/q1"
    assert course.nbgrader_ways == {"stderr-noise"}


@pytest.mark.parametrize(("text", "place", "message", "hint"), [
    ("id: c\ntitel: C\ntitle: C\n", "line 2, titel", "no key is named 'titel'", "title"),
    ("id: c\n", "course.yml", "the key 'title' is missing", "kit schema"),
    ("id: c\ntitle: C\npace: slef\n", "line 3, pace", "'instructor' or 'self'", ""),
    ("id: c\ntitle: C\ntimezone: Europe/Berln\n", "line 3", "nearest: Europe/Berlin", ""),
    ("id: c\ntitle: C\nassignments:\n  - name: a+b\n", "line 4", "no '/', '+'", ""),
    ("id: c\ntitle: C\nassignments:\n  - {name: a}\n  - {name: A}\n", "line 5", "stands twice",
     "own name"),
    ("id: c\ntitle: C\nassignments:\n  - name: a\n    due: soon\n", "line 5", "2027-01-25", ""),
    (("id: c\ntitle: C\nassignments:\n  - name: a\n    group: homwork\n"
      "grading: {groups: [{name: homework, weight: 1}]}\n"), "line 5", "'homwork'", "homework"),
    ("id: c\ntitle: C\nlimits: {cell_seconds: 0}\n", "line 3", "greater than 0", ""),
    ("id: c\ntitle: C\nnbgrader_ways: [stderr-nose]\n", "line 3", "'stderr-nose'",
     "choose one of: stderr-noise"),
    ("id: c\ntitle: [\n", "line 3", "is not YAML", "indentation"),
    ("- a\n- b\n", "course.yml", "a mapping is expected", "schema"),
    ("id: c\ntitle: C\nparts: [{title: P, lessons: [../other/x]}]\n", "course.yml", "outside",
     "below"),
    ("id: c\ntitle: C\nassignments: [{name: a, opens: 2027-02-01, due: 2027-01-01}]\n",
     "course.yml", "opens before it is due", ""),
    ("id: c\ntitle: C\ngrading:\n  late: {grace_minutes: 5,\n    policy: precent}\n",
     "line 5, grading.late.policy", "no late policy named 'precent'", "choose one of: percent"),
    ("id: c\ntitle: C\ngrading:\n  cutoffs: {A: 80, B: 90}\n", "line 4, grading.cutoffs",
     "B needs 90 percent, and A before it 80", "the best grade first"),
    ("id: c\ntitle: C\ngrading:\n  cutoffs: {A: 80, B: 80}\n", "line 4", "B needs 80", "fewer"),
    ("id: c\ntitle: C\ngrading:\n  cutoffs:\n    A: 101\n    B: 80\n",
     "line 5, grading.cutoffs.A", "less than or equal to 100", ""),
    ("id: c\ntitle: C\ngrading: {cutoffs: {A: 90, F: -1}}\n", "grading.cutoffs.F",
     "greater than or equal to 0", ""),
    ("id: c\ntitle: C\ngrading:\n  groups:\n    - {name: a, weight: 1, number: 2, drop: 2}\n",
     "line 5, grading.groups.0.drop", "2 of 2 assignments cannot be dropped", "drop 1 at most"),
])
def test_each_error_says_where_and_what_to_do(text, place, message, hint) -> None:
    with pytest.raises(KitError) as caught:
        parse_course(text, Path("/nowhere"))
    assert place in caught.value.where
    assert message in caught.value.message + caught.value.hint
    assert hint in caught.value.hint


def test_several_problems_are_told_at_once() -> None:
    with pytest.raises(CourseError) as caught:
        parse_course("id: c\ntitle: C\npace: x\nlanguages: en\n", Path("/nowhere"))
    assert "also course.yml line 4, languages" in caught.value.hint


def test_an_unknown_assignment_lists_the_nearest_first(tree) -> None:
    course = load_course(tree({"course.yml": "id: c\ntitle: C\nassignments: [{name: exam}, "
                                             "{name: ps1}]\n"}))
    with pytest.raises(UnknownName) as caught:
        assignment_of(course, "ps2")
    assert caught.value.hint == "choose one of: ps1, exam"


def test_the_course_is_found_from_below(tree, monkeypatch) -> None:
    root = tree({"course.yml": "id: c\ntitle: C\n", "lessons/deep/x.md": ""})
    monkeypatch.chdir(root / "lessons" / "deep")
    assert find_course() == root.resolve()


def test_a_nbgrader_course_is_told_about_adopt(tree, monkeypatch) -> None:
    monkeypatch.chdir(tree({"source/ps1/x.ipynb": "{}"}))
    with pytest.raises(CourseError) as caught:
        find_course()
    assert "kit adopt" in caught.value.hint


def _told(text: str) -> str:
    """Where the error is, or the course file's name for a course that is valid."""
    try:
        parse_course(text, Path("/nowhere"))
    except KitError as error:
        return error.where
    return "course.yml"


@given(st.text(max_size=200))
def test_no_text_ends_in_anything_but_a_course_or_a_kit_error(text: str) -> None:
    assert _told(text)


@given(st.dictionaries(st.sampled_from(["id", "title", "parts", "assignments", "grading",
                                        "outcomes", "limits", "start", "timezone"]),
                       st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9),
                                    lambda inner: st.lists(inner, max_size=3)
                                    | st.dictionaries(st.text(max_size=9), inner, max_size=3),
                                    max_leaves=6)))
def test_no_shape_of_values_ends_in_a_traceback(values) -> None:
    assert "course.yml" in _told(json.dumps(values))

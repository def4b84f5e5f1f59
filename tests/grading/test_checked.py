"""A question of checkers in a test cell: its points, checks and tags, and what is no result."""

from __future__ import annotations

import ast
import copy
import gc
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from bench import Bench, answer, check, locked, points

import autograders as ag
from kit.grading.checked import parsed, read_told
from kit.model import Review, Score

QUESTION = """\
q = ag.Question("profit", points=3)
q.add(ag.number("revenue", 100))
"""
HIDDEN = """\
q.add(ag.number("profit", 40, mistakes={140: ag.mistake("added", "You added the costs.",
                                                        credit=0.25)}), weight=2)
"""


@pytest.fixture
def question(bench: Bench) -> Bench:
    bench.released(locked("setup", "import autograders as ag"), answer("a"),
                   check("t", QUESTION, 3, hidden=HIDDEN.rstrip() + "\nq.result()"))
    return bench


def told(score: Score) -> list[tuple[str, str, bool, tuple[str, ...]]]:
    return [(one.label, one.state, one.hidden, one.tags) for one in score.results[0].checks]


def test_partial_credit_tags_and_each_check_arrive(question: Bench) -> None:
    score = question.answers(a="revenue, profit = 100, 140")
    assert points(score) == {"t": 1.5}
    assert not score.review
    assert told(score) == [("revenue", "passed", False, ()),
                           ("profit", "partial", True, ("added",))]
    assert score.results[0].tags == ("added",)
    assert score.results[0].message == ""  # the check that speaks is a hidden one


def test_a_visible_check_says_why(question: Bench) -> None:
    score = question.answers(a="profit = 40")
    assert points(score) == {"t": 2}
    assert score.results[0].message.startswith("revenue: `revenue` is not there.")


def test_the_untouched_release_earns_nothing(question: Bench) -> None:
    assert points(question.answers()) == {"t": 0}


def test_what_a_check_cannot_judge_needs_review_and_is_no_zero(question: Bench) -> None:
    broken = ("def _look(names):\n    raise OSError\n"
              "q.add(ag.Check(label='x', kind='mine', examine=_look))\nq.result()")
    question.released(locked("setup", "import autograders as ag"), answer("a"),
                      check("t", QUESTION + broken, 3))
    score = question.answers(a="revenue = 100")
    assert points(score) == {"t": 1.5}
    assert [one.code for one in score.review] == ["check-error"]


def test_a_check_that_fails_by_itself_is_told_to_the_author() -> None:
    from kit.cli.grade import _faulty
    from kit.grading.tally import Tally, counting

    faults = Review(code="check-error", notebook="p1", grade_id="t", reason="x: OSError")
    other = Review(code="no-points-value", notebook="p1", grade_id="t", reason="x")
    score = Score(assignment="ps1", learner="learner-0001", submission_digest="", engine="local",
                  release_digest="", engine_version="", results=(), review=(faults, other))
    tally = Tally()
    for learner in ("learner-0001", "learner-0002"):
        list(counting([replace(score, learner=learner)], tally))
    assert tally.faulty == {faults: 2}
    told = ("mend a check of p1, cell t, and grade again: it failed by itself for "
            "2 submissions. x: OSError")
    assert _faulty(tally) == [("author", told)]


def test_what_a_person_marks_waits_for_the_mark(question: Bench) -> None:
    written = ("q.add(ag.Check(label='essay', kind='written', "
               "examine=lambda names: ag.review('for your grader', 'to-mark')))\nq.result()")
    question.released(locked("setup", "import autograders as ag"), answer("a"),
                      check("t", QUESTION + written, 3))
    score = question.answers(a="revenue = 100")
    assert points(score) == {"t": None}
    assert not score.review


@pytest.mark.parametrize("learner", [
    # Shows another number than it holds.
    "ag.Result.__repr__ = lambda self: '3.0'",
    # Says other points than its checks give.
    "from autograders.result import Report\nReport.points = property(lambda self: 3.0)",
    # Leaves out the check that failed.
    ("ag.Result.as_json = lambda self: {'version': 1, 'question': 'x', 'points': 3.0, "
    "'max_points': 3, 'checks': []}"),
])
def test_a_result_that_does_not_fit_together_is_none(question: Bench, learner: str) -> None:
    score = question.answers(a="profit = revenue = 1\n" + learner)
    assert points(score) == {"t": 0}
    assert [one.code for one in score.review] == ["odd-result"]


def test_what_a_learners_function_displays_is_not_the_score(question: Bench) -> None:
    call = ("def _look(names):\n    names['f']()\n    return ag.failed('no')\n"
            "q.add(ag.Check(label='f', kind='mine', examine=_look))\nq.result()")
    question.released(locked("setup", "import autograders as ag"), answer("a"),
                      check("t", QUESTION + call, 3))
    score = question.answers(a=(
        "show = get_ipython().displayhook\ndef f():\n    show(3.0)\n    print('x')\n"
        "    get_ipython().display_pub.publish({'text/plain': '3.0'})\n"
        "get_ipython().display_formatter.formatters['text/plain'].for_type(\n"
        "    float, lambda value, printer, cycle: printer.text('3.0'))"))
    assert points(score) == {"t": 0}


def test_more_points_than_the_cell_has_need_review(question: Bench) -> None:
    question.released(locked("setup", "import autograders as ag"), answer("a"),
                      check("t", QUESTION + "q.result()", 2))
    score = question.answers(a="revenue = 100")
    assert points(score) == {"t": 0}
    assert [one.code for one in score.review] == ["no-points-value"]


# ------------------------------------------------------------------------ reading the JSON


def result() -> dict[str, Any]:
    question = ag.Question("q", points=3, names={"x": 1})
    question.add(ag.number("x", 1))
    question.add(ag.number("y", 1), hidden=True)
    made: dict[str, Any] = json.loads(json.dumps(question.result().as_json()))
    return made


def test_what_autograders_writes_is_read() -> None:
    read = read_told(result())
    assert read is not None
    assert (read.points, read.tags) == (1.5, ("missing",))


@pytest.mark.parametrize(("path", "value"), [
    (("version",), 2), (("points",), 3.0), (("points",), float("nan")), (("points",), True),
    (("points",), "1.5"), (("max_points",), 1e300), (("max_points",), -1), (("checks",), None),
    (("checks",), [{}] * 1000), (("checks", 0, "credit"), 2), (("checks", 0, "credit"), -1),
    (("checks", 0, "state"), "superb"), (("checks", 1, "state"), "passed"),
    (("checks", 0, "weight"), 10**400), (("checks", 0, "label"), 3),
    (("checks", 0, "tags"), "abc"), (("checks", 0, "tags"), [3]), (("checks", 0), None),
])
def test_anything_else_is_not(path: tuple[str | int, ...], value: Any) -> None:
    changed: Any = copy.deepcopy(result())
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert read_told(changed) is None


@pytest.mark.parametrize("value", [None, [], "x", 3, {"version": 1}])
def test_no_object_at_all_is_not(value: Any) -> None:
    assert read_told(value) is None


def test_long_texts_are_cut() -> None:
    changed = result()
    changed["checks"][0]["message"] = "x" * 10**6
    read = read_told(changed)
    assert read is not None
    assert len(read.checks[0].message) == 2000


def test_a_made_up_tag_carries_nothing() -> None:
    changed = result()
    changed["checks"][0]["tags"] = ["the-answer-is-3200", "sign", "mistake-2", "added",
                                    "Ünfit x", "uses-for"]
    read = read_told(changed, source='ag.mistake("added", "You added the costs.")')
    assert read is not None
    assert read.checks[0].tags == ("other", "sign", "mistake-2", "added")


def test_cells_are_parsed_in_threads_that_interrupt_one_another() -> None:
    source = "\n".join(f"a{place} = [f(g(h({place})))]" for place in range(300))

    def deep(depth: int) -> ast.Module:
        return deep(depth - 1) if depth else parsed(source)

    def interrupt(_phase: str, _info: dict[str, int]) -> None:
        time.sleep(0)  # another thread goes on in the middle of a tree

    before = gc.get_threshold()
    gc.callbacks.append(interrupt)
    gc.set_threshold(100)
    try:
        with ThreadPoolExecutor(4) as pool:
            trees = list(pool.map(deep, range(0, 40, 5)))
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(interrupt)
    assert [len(tree.body) for tree in trees] == [300] * 8

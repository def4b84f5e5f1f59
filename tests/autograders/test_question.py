"""A question adds its checks up, keeps quiet, and never lets an error of a check cost a mark."""

from __future__ import annotations

import copy
import json
import math
import pickle
import random
import sys

import checking
import pytest

import autograders as ag
from autograders.result import MIME


def _gives(outcome: ag.Outcome) -> ag.Check:
    return ag.Check(label="x", kind="test", examine=lambda _: outcome)


def _question(points: float, *credits_: float, weights: tuple[float, ...] = ()) -> ag.Result:
    question = ag.Question("q", points=points, names={})
    for place, credit in enumerate(credits_):
        weight = weights[place] if weights else 1.0
        question.add(_gives(ag.partly(credit, "so")), weight=weight)
    return question.result()


@pytest.mark.parametrize(("points", "shares", "expected"), [
    (3, (1.0, 1.0, 1.0), 3.0),
    (3, (1.0, 0.0, 0.0), 1.0),
    (1, (1 / 3,), 0.33),
    (1, (0.9999,), 0.99),
    (1, (0.29,), 0.29),
    (0.1, (1.0, 1.0, 1.0), 0.1),
    (2, (), 0.0),
])
def test_points_are_rounded_down_to_hundredths(
    points: float, shares: tuple[float, ...], expected: float
) -> None:
    assert _question(points, *shares) == expected


def test_weights_share_the_points_and_weight_0_only_tells() -> None:
    assert _question(4, 1.0, 0.0, 0.0, weights=(3, 1, 0)) == 3.0
    assert _question(4, 1.0, weights=(0,)) == 0.0


@pytest.mark.parametrize("credit", [math.nan, -0.1, 1.1, math.inf])
def test_a_credit_outside_0_to_1_is_refused(credit: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        ag.Outcome(credit=credit)


def test_an_error_in_a_check_needs_review_and_the_others_count() -> None:
    def broken(_: object) -> ag.Outcome:
        raise ZeroDivisionError

    question = ag.Question("q", points=2, names={})
    question.add(ag.Check(label="x", kind="test", examine=broken))
    question.add(_gives(ag.passed()))
    result = question.result()
    assert (float(result), result.report.needs_review) == (1.0, True)
    assert result.as_json()["checks"][0]["state"] == "review"


def test_a_check_of_weight_0_that_breaks_needs_no_review() -> None:
    question = ag.Question("q", points=2, names={})
    question.add(_gives(ag.review("?")), weight=0)
    question.add(_gives(ag.passed()))
    assert not question.result().report.needs_review


def test_a_check_that_does_not_end_is_stopped() -> None:
    def endless(_: object) -> ag.Outcome:
        while True:
            try:
                while True:
                    pass
            except Exception:  # noqa: BLE001 - as a learner may write
                continue

    if not hasattr(__import__("signal"), "setitimer") or sys.platform == "emscripten":
        pytest.skip("no interval timer here: whoever runs the cell bounds its time")
    question = ag.Question("q", points=1, names={})
    question.add(ag.Check(label="x", kind="test", examine=endless, seconds=0.2))
    result = question.result()
    assert (float(result), result.report.tags) == (0.0, ("timeout",))


def test_what_a_check_prints_and_warns_stays_inside(capsys: pytest.CaptureFixture[str]) -> None:
    def loud(_: object) -> ag.Outcome:
        import warnings

        sys.stdout.write("noise")
        sys.stderr.write("noise")
        warnings.warn("noise", stacklevel=1)
        return ag.passed()

    question = ag.Question("q", points=1, names={})
    question.add(ag.Check(label="x", kind="test", examine=loud))
    assert question.result() == 1.0
    assert capsys.readouterr() == ("", "")


def test_random_numbers_are_fixed_inside_and_go_on_outside() -> None:
    drawn: list[float] = []

    def draws(_: object) -> ag.Outcome:
        drawn.append(random.random())
        return ag.passed()

    random.seed(7)
    after_two = [random.random() for _ in range(2)][1]
    random.seed(7)
    random.random()
    for _ in range(2):
        checking.check(ag.Check(label="x", kind="test", examine=draws))
    assert drawn[0] == drawn[1]
    assert random.random() == after_two


def test_the_result_is_a_plain_number_that_shows_a_page() -> None:
    result = _question(3, 1.0, 0.5)
    assert (repr(result), str(result), float(result)) == ("2.25", "2.25", 2.25)
    bundle = result._repr_mimebundle_()
    assert bundle["text/plain"] == "2.25"
    assert json.loads(json.dumps(bundle[MIME]))["points"] == 2.25
    for copied in (copy.copy(result), copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
        assert (copied, copied.report.question) == (2.25, "q")


def test_a_learners_text_is_escaped_on_the_page() -> None:
    question = ag.Question("q", points=1, names={"x": "<script>alert(1)</script>"})
    question.add(ag.number("x", 1))
    page = question.result()._repr_html_()
    assert "<script" not in page
    assert "&lt;script" in page


def test_the_headline_tells_points_when_a_grader_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "3 points when it is graded" in _question(3, 1.0).as_text()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert _question(3, 1.0).as_text().startswith("q: 3 of 3\n")


def test_wrong_uses_by_an_author_are_told() -> None:
    question = ag.Question("q", points=1, names={})
    with pytest.raises(TypeError, match=r"ag\.number"):
        question.add(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="weight"):
        question.add(_gives(ag.passed()), weight=-1)
    with pytest.raises(ValueError, match="points"):
        ag.Question("q", points=-1)
    with pytest.raises(ValueError, match="is not a name"):
        ag.number("totals.cash", 1)


def test_a_check_that_returns_no_outcome_needs_review() -> None:
    one = ag.Check(label="x", kind="test", examine=lambda _: True)  # type: ignore[arg-type,return-value]
    assert checking.check(one).review


def test_a_limit_inside_a_limit_leaves_the_outer_one_running() -> None:
    from autograders import guard

    if not hasattr(__import__("signal"), "setitimer") or sys.platform == "emscripten":
        pytest.skip("no interval timer here: whoever runs the cell bounds its time")

    def nested(_: object) -> ag.Outcome:
        try:
            with guard.time_limit(0.05):
                while True:
                    pass
        except guard.TimeUp:
            while True:
                pass

    one = ag.Check(label="x", kind="test", examine=nested, seconds=0.3)
    assert checking.check(one).tags == ("timeout",)


def test_half_a_character_and_endless_messages_can_be_shown() -> None:
    outcome = ag.Outcome(credit=0, message="a\ud800b" + "c" * 10_000, rows=(("\ud800",),))
    shown = ag.Question("q", points=1, names={})
    shown.add(_gives(outcome))
    page = shown.result()._repr_mimebundle_()
    assert json.dumps(page, ensure_ascii=False).encode()
    assert len(outcome.message) <= 4000


def test_full_credit_is_the_whole_of_odd_points() -> None:
    assert _question(0.125, 1.0, 1.0) == 0.125
    assert _question(0.125, 1.0, 0.99) == 0.12


def test_a_mistake_states_what_it_earns_or_leaves_it_to_the_parts() -> None:
    from autograders.outcome import fits, read_mistakes

    told, stated = read_mistakes({1: "one", 2: ag.mistake("two", "two", credit=0.25)})
    assert (told.outcome_of(0.5).credit, stated.outcome_of(0.5).credit) == (0.5, 0.25)
    with pytest.raises(ValueError, match="from 0 to 1"):
        ag.mistake("x", "x", credit=2)
    (raises,) = read_mistakes([(lambda _: 1 / 0, ag.mistake("x", "x", credit=0.5))])
    assert not fits(raises, 3, lambda *_: False, 0.5)
    with pytest.raises(ZeroDivisionError):
        fits(raises, 3, lambda *_: False, 0.4)

"""A function is judged by what it returns, raises and leaves alone."""

from __future__ import annotations

import linecache
import signal
import sys
from collections.abc import Callable
from typing import Any

import checking
import pytest

import autograders as ag

CASES = [((2, 3), 5), ((0, 0), 0), ((-1, 1), 0)]


def outcome(learners: Any, *arguments: Any, **options: Any) -> ag.Outcome:
    return checking.check(ag.function("f", *arguments, **options), f=learners)


@pytest.mark.parametrize(("learners", "credit"), [
    (lambda a, b: a + b, 1.0), (lambda a, b: a - b, 1 / 3), (lambda a, b: 0, 2 / 3),
    (lambda a, b: None, 0.0), (lambda a: a, 0.0), (3, 0.0),
])
def test_each_case_earns_its_share(learners: Any, credit: float) -> None:
    found = outcome(learners, CASES, credit="cases")
    assert found.credit == pytest.approx(credit)
    assert outcome(learners, CASES).credit == (1.0 if credit == 1.0 else 0.0)


def test_a_wrong_function_that_is_known_is_named() -> None:
    def subtracts(a: int, b: int) -> int:
        return a - b

    told = {subtracts: ag.mistake("minus", "Add them.", credit=0.5)}
    found = outcome(lambda a, b: a - b, CASES, mistakes=told)
    assert (found.tags, found.message, found.credit) == (("minus",), "Add them.", 0.5)
    assert outcome(lambda a, b: a * b, CASES, mistakes=told).tags == ("value",)
    assert outcome(lambda a, b: a + b, CASES, mistakes=told).credit == 1.0


def test_a_mistake_that_is_right_in_these_cases_is_not_named() -> None:
    told = {lambda a, b: b + a: "no mistake at all"}
    assert outcome(lambda a, b: 9, CASES, mistakes=told).tags == ("value",)


@pytest.mark.parametrize(("error", "tag"), [
    (ValueError, None), (UnicodeError, None), (KeyError, "other-error"),
    (NotImplementedError, "unanswered"), (SystemExit, "other-error"),
])
def test_an_exception_that_is_asked_for(error: type[BaseException], tag: str | None) -> None:
    def learners(_: int) -> None:
        raise error

    found = outcome(learners, raises=[(1, ValueError)])
    assert found.tags == (() if tag is None else (tag,))


def test_arguments_that_were_changed_are_told() -> None:
    def learners(xs: list[int]) -> int:
        xs.append(1)
        return len(xs) - 1

    assert outcome(learners, [([1, 2], 2)]).tags == ("changes-argument",)
    assert outcome(learners, [([1, 2], 2)], pure=False).credit == 1.0


def test_arguments_that_cannot_be_compared_are_not_called_changed() -> None:
    class Odd:
        """Equal to nothing, as many an object is."""

    assert outcome(lambda _: 2, [(Odd(), 2)]).credit == 1.0
    assert outcome(lambda _: 2, [([float("nan")], 2)]).credit == 1.0


def test_a_function_that_keeps_state_is_told() -> None:
    calls: list[int] = []

    def learners(x: int) -> int:
        calls.append(x)
        return len(calls)

    assert outcome(learners, [(7, 1)]).tags == ("keeps-state",)


def test_an_endless_call_ends_at_the_time_of_the_check() -> None:
    if not hasattr(signal, "setitimer") or sys.platform == "emscripten":
        pytest.skip("no interval timer here: whoever runs the cell bounds its time")

    def learners(_: int) -> int:
        while True:
            pass

    assert outcome(learners, [(1, 1)], seconds=0.2).tags == ("timeout",)


def learners_recursion(x: int) -> int:
    return learners_recursion(x) + 1


@pytest.mark.parametrize("learners", [
    learners_recursion, lambda x: exit(0), lambda x: x.missing, lambda x: 1 / 0,
    lambda x: (_ for _ in ()).throw(BaseException("odd")),
], ids=["recursion", "exit", "attribute", "zero", "base"])
def test_whatever_a_function_raises_is_a_wrong_answer(learners: Callable[[int], Any]) -> None:
    found = outcome(learners, [(1, 1)])
    assert (found.state, found.tags) == ("failed", ("raises",))


def test_an_error_whose_text_raises_is_shown_by_its_name() -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise ValueError

    def learners(_: int) -> None:
        raise Odd

    assert outcome(learners, [(1, 1)]).message == "`f(1)` raises Odd."


@pytest.mark.parametrize(("given", "expected", "is_right"), [
    ([1, 2.0], (1, 2), True), ({"a": [1]}, {"a": [1]}, True), ({"a": [1]}, {"a": [2]}, False),
    ({1, 2}, {2, 1}, True), ([1, 2], {1, 2}, False), (True, True, True), (1, True, False),
    (None, None, True), (0, None, False), ("a", "a", True), ("a ", "a", False), ("1", 1, False),
    (float("nan"), float("nan"), True), (0.1 + 0.2, 0.3, True), ([1], [1, 2], False),
    ({"b": 1}, {"a": 1}, False), (float("inf"), float("inf"), True), (10**400, 1.0, False),
])
def test_values_are_compared_part_by_part(given: Any, expected: Any, is_right: bool) -> None:
    assert (outcome(lambda: given, [((), expected)]).credit == 1.0) is is_right


def test_wrong_uses_by_an_author_are_told() -> None:
    for options in ({"given": lambda random: 1}, {"inputs": [1]}):
        with pytest.raises(TypeError):
            ag.function("f", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "state", "tags"), [
    ("def total(xs):\n    return sum(xs)", "failed", ("uses-sum", "lacks-loop")),
    ("def total(xs):\n    made = 0\n    for x in xs:\n        made += x\n    return made",
     "passed", ()),
    ("def total(xs):\n    made = 0\n    for x in xs:\n        made -= x\n    return made",
     "failed", ("value",)),
    ("def total(xs):\n    return xs[0] + total(xs[1:]) if xs else 0", "failed", ("lacks-loop",)),
])
def test_what_its_code_may_not_use(text: str, state: str, tags: tuple[str, ...]) -> None:
    names: dict[str, Any] = {"In": ["", text]}
    linecache.cache["<cell>"] = (len(text), None, text.splitlines(keepends=True), "<cell>")
    exec(compile(text, "<cell>", "exec"), names)
    check = ag.function("total", [([1, 2], 3)], uses=["loop"], avoids=["sum()"])
    found = checking.check(check, **names)
    assert (found.state, found.tags) == (state, tags)


# ---------------------------------------------------------------------- drawn by hypothesis


def test_the_credit_grows_with_the_cases_that_are_right() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given
    from hypothesis import strategies as st

    @given(st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
    def grows(right: set[int], more: set[int]) -> None:
        def credit(known: set[int]) -> float:
            return outcome(lambda x: x if x in known else -1, [(x, x) for x in range(8)],
                           credit="cases").credit

        assert credit(right) == len(right) / 8
        assert credit(right) <= credit(right | more)

    grows()


def test_hypothesis_finds_the_smallest_failing_example() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    found = outcome(lambda xs: sum(xs[:3]), reference=sum, given=st.lists(st.integers()))
    assert found.message.startswith("`f([0, 0, 0, 1])` returns 0")
    assert outcome(sum, reference=sum, given=st.lists(st.integers())).credit == 1.0


def test_several_strategies_are_several_arguments() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    strategies = (st.integers(), st.integers())
    assert outcome(lambda a, b: a + b, reference=lambda a, b: a + b, given=strategies).credit == 1
    found = outcome(lambda a, b: a, reference=lambda a, b: a + b, given=strategies)
    assert found.message.startswith("`f(0, 1)` returns 0")


def test_a_function_that_changes_its_mind_is_failed_not_reviewed() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    calls: list[int] = []

    def learners(x: int) -> int:
        calls.append(x)
        return x if len(calls) % 7 else -1

    assert outcome(learners, reference=lambda x: x, given=st.integers()).state == "failed"


def test_tables_and_arrays_are_compared_by_value() -> None:
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")
    frame = pandas.DataFrame({"year": [1, 2], "x": [0.1, float("nan")]})
    assert outcome(frame.copy, [((), frame)]).credit == 1.0
    assert outcome(lambda: frame.assign(x=0), [((), frame)]).credit == 0.0
    assert outcome(len, [(frame, 2)]).credit == 1.0
    assert outcome(lambda df: df.drop(columns="x", inplace=True) or 2, [(frame, 2)]).tags == (
        "changes-argument",)
    grid = numpy.arange(6).reshape(2, 3)
    assert outcome(lambda: grid + 0.0, [((), grid)]).credit == 1.0
    assert outcome(lambda: grid.T, [((), grid)]).credit == 0.0


def test_an_argument_that_is_an_array_is_shown_by_its_values() -> None:
    numpy = pytest.importorskip("numpy")
    found = checking.check(
        ag.function("f", [(numpy.arange(3.0), 3)]), f=lambda values: float(values.sum() + 1))
    assert found.message == "`f([0, 1, 2])` returns 4, which is not right."

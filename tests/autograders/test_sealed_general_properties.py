"""A sealed check of functions, choices and results never denies what the full check says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import checking
import pytest
from sealed_checks import agrees, sealed

import autograders as ag

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(autouse=True, scope="module")
def _quick_digests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograders.digests.ROUNDS", 1)
        yield


VALUES = st.one_of(
    st.integers(-5, 5), st.floats(allow_nan=True, allow_infinity=True, width=16),
    st.sampled_from(["a", "b", "", True, False, None, 1e-9, 1 + 1e-9, 10**30]),
    st.lists(st.integers(0, 2), max_size=2), st.dictionaries(
        st.sampled_from("ab"), st.integers(0, 2), max_size=2))
KNOWN = st.sampled_from([None, 0.0, 0.5, 1.0])


@settings(max_examples=300, deadline=None)
@given(right=st.dictionaries(st.integers(0, 6), VALUES, min_size=1, max_size=4),
       learners=st.dictionaries(st.integers(0, 6), VALUES), likeness=st.booleans(),
       credit=st.sampled_from(["all", "cases"]), pure=st.booleans(), known=KNOWN,
       part=st.sampled_from([None, None, None, 0, "a"]))
def test_a_function_is_judged_as_by_the_full_check(
    right: dict[int, Any], learners: dict[int, Any], likeness: bool, credit: Any, pure: bool,
    known: float | None, part: Any
) -> None:
    given_by = {**right, **learners} if not likeness else {
        **right, **dict(list(learners.items())[:1])}

    def function(argument: int) -> Any:
        return given_by[argument]

    def wrong(argument: int) -> Any:
        return given_by[argument] if argument != 6 else 7

    mistakes = {} if known is None else {wrong: ag.mistake("known", "Known.", credit=known)}
    one = ag.function("x", list(right.items()), credit=credit, pure=pure, mistakes=mistakes,
                      part=part)
    assert agrees(checking.check(one, x=function), checking.check(sealed(one), x=function))


CHOSEN = st.one_of(st.sampled_from(["a", "b", "c", "A ", "z", 1, None]), st.lists(
    st.sampled_from(["a", "b", "c", "z"]), max_size=3), st.dictionaries(
        st.sampled_from("xyz"), st.sampled_from(["a", "b", "z", None]), max_size=3))


@settings(max_examples=200, deadline=None)
@given(right=st.one_of(st.sampled_from("abc"), st.lists(st.sampled_from("abc"), min_size=1),
                       st.dictionaries(st.sampled_from("xy"), st.sampled_from("abc"), min_size=1)),
       value=CHOSEN)
def test_a_choice_is_judged_as_by_the_full_check(right: Any, value: Any) -> None:
    one = ag.choice("x", right, options=["a", "b", "c"])
    for answer in (value, right):
        assert agrees(checking.check(one, x=answer), checking.check(sealed(one), x=answer))


NUMBERS = st.one_of(st.floats(-5, 5), st.sampled_from([0.0, 0.05, 1.0, float("inf")]))
SHIFTS = st.sampled_from([0, 0, 1e-5, 9.9e-5, 1.01e-4, 1e-3, 0.5])


@settings(max_examples=300, deadline=None)
@given(data=st.data(), rtol=st.sampled_from([0, 1e-3]), atol=st.sampled_from([0, 1e-4]),
       known=KNOWN)
def test_a_result_is_judged_as_by_the_full_check(
    data: st.DataObject, rtol: float, atol: float, known: float | None
) -> None:
    right: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional={
        "statistic": NUMBERS, "p": st.floats(0, 1), "interval": st.tuples(NUMBERS, NUMBERS),
        "reject": st.booleans()}).filter(bool))
    mistakes = {} if known is None else {
        (1.0, 0.05): ag.mistake("known", "Known.", credit=known)}
    one = ag.hypothesis_test("x", **right, rtol=rtol, atol=atol, mistakes=mistakes)
    if one.handout is not None and one.handout() is None:
        assert known == 1.0
        return
    value = {name: tuple(end + data.draw(SHIFTS) for end in part) if name == "interval" else (
        data.draw(st.booleans()) if name == "reject" else part + data.draw(SHIFTS))
        for name, part in right.items()}
    for answer in (value, right, {**right, "p": 0.05}, {**right, "statistic": 1}):
        assert agrees(checking.check(one, x=answer), checking.check(sealed(one), x=answer))

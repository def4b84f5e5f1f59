"""A sealed check never says other than the check that it stands for; it may leave it open."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("hypothesis")

from checking import check
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_sealed import sealed

import autograders as ag
from autograders import digests


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """Guesses are cheap here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests, "ROUNDS", 1)
        yield


NUMBERS = st.one_of(
    st.integers(-10**7, 10**7), st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False),
    st.floats(1e-6, 1.0), st.sampled_from([0, 0.5, 1, 10, 9.9995, 99.95, 1e3]),
).filter(lambda number: not number or abs(number) > 1e-6)  # smaller ones stay open
BOUNDS = st.one_of(
    st.fixed_dictionaries({}, optional={
        "rtol": st.sampled_from([0, 1e-9, 1e-6, 1e-3, 0.05]),
        "atol": st.sampled_from([0, 1e-3, 0.01, 0.5, 10])}),
    st.fixed_dictionaries({"places": st.integers(0, 4)}),
    st.fixed_dictionaries({"digits": st.integers(1, 6)}))
SHIFTS = st.one_of(st.just(0.0), st.floats(-3, 3), st.sampled_from([-1.0, 1.0, 0.99, 1.01]))


@settings(max_examples=150, deadline=None)
@given(right=NUMBERS, bounds=BOUNDS, shift=SHIFTS)
def test_a_number_is_judged_as_by_the_full_check(
    right: float, bounds: dict[str, Any], shift: float
) -> None:
    from autograders.number import Tolerance

    one = ag.number("x", right, slips=False, **bounds)
    answer = right + shift * Tolerance(**bounds).bound(float(right))
    full, here = check(one, x=answer), check(sealed(one), x=answer)
    assert here.state in (full.state, "later")


@settings(max_examples=100, deadline=None)
@given(right=NUMBERS, bounds=BOUNDS)
def test_the_right_number_itself_is_known_again(right: float, bounds: dict[str, Any]) -> None:
    # Where the tolerance reaches over a power of ten, what is near enough changes: it stays open.
    assume(not right or "digits" not in bounds or math.floor(math.log10(abs(right)))
           == math.floor(math.log10(abs(right) * (1 + 10.0**-bounds["digits"]))))
    assert check(sealed(ag.number("x", right, **bounds)), x=right).state == "passed"


@settings(max_examples=100, deadline=None)
@given(right=st.text(min_size=1, max_size=12), answer=st.text(max_size=12),
       case=st.booleans(), accents=st.booleans(), punctuation=st.booleans())
def test_a_text_is_judged_as_by_the_full_check(
    right: str, answer: str, case: bool, accents: bool, punctuation: bool
) -> None:
    try:
        one = ag.text("x", right, near=False, case=case, accents=accents, punctuation=punctuation)
    except TypeError:  # a text with nothing in it is refused
        return
    for given_text in (answer, right, f" {right.upper()} "):
        full, here = check(one, x=given_text), check(sealed(one), x=given_text)
        assert (here.state, here.tags) == (full.state, full.tags)

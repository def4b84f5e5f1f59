"""Variants, as hypothesis asks for them: the same for the same learner, else others."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import pairwise

import pytest

import autograders as ag
from autograders.variants import Variant

pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings
from hypothesis import strategies as st

same = settings(derandomize=True, database=None, deadline=None, max_examples=200)

IDS = st.text(max_size=20)
NAMES = st.text(min_size=1, max_size=20).filter(str.strip)


@pytest.fixture(autouse=True, scope="module")
def nobody() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KIT_LEARNER", "NBGRADER_EXECUTION", "JUPYTERHUB_USER"):
            patch.delenv(name, raising=False)


def alike(student: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", student).casefold()).strip()


def stream(rng: Variant) -> list[float]:
    return [rng.random() for _ in range(5)]


@same
@given(IDS, NAMES)
def test_the_same_learner_draws_the_same(student: str, assignment: str) -> None:
    first, second = ag.variant(student, assignment), ag.variant(student, assignment)
    assert (stream(first), first.number) == (stream(second), second.number)


@same
@given(st.tuples(IDS, NAMES), st.tuples(IDS, NAMES))
def test_others_draw_otherwise(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = ag.variant(*one), ag.variant(*other)
    # Ids that differ in case or width alone are one learner's.
    assume(first.assignment != second.assignment
           or alike(first.student) != alike(second.student))
    assert stream(first) != stream(second)


@same
@given(st.lists(st.integers(0, 10**6), unique=True, min_size=2, max_size=40))
def test_a_class_shares_no_variant(numbers: list[int]) -> None:
    streams = sorted(stream(ag.variant(number, "ps1")) for number in numbers)
    assert all(one != other for one, other in pairwise(streams))


@same
@given(IDS, st.integers(-10**30, 10**30), st.integers(0, 10**30))
def test_whole_numbers_stay_between(student: str, low: int, width: int) -> None:
    assert low <= ag.variant(student, "ps1").randint(low, low + width) <= low + width


@same
@given(IDS, st.lists(st.integers(), max_size=20), st.data())
def test_samples_take_each_place_once(student: str, options: list[int], data: st.DataObject
                                      ) -> None:
    count = data.draw(st.integers(0, len(options)))
    taken = ag.variant(student, "ps1").sample(list(enumerate(options)), count)
    assert len(set(taken)) == count
    assert set(taken) <= set(enumerate(options))
    shuffled = list(options)
    ag.variant(student, "ps1").shuffle(shuffled)
    assert sorted(shuffled) == sorted(options)


@same
@given(IDS, st.decimals(-1000, 1000, places=3), st.integers(0, 50),
       st.decimals("0.001", 10, places=3))
def test_steps_lie_on_the_grid(student: str, low: object, count: int, by: object) -> None:
    first, width = Fraction(str(low)), Fraction(str(by))
    last = first + count * width
    value = ag.variant(student, "ps1").step(float(first), float(last), by=float(width))
    assert value in {float(first + place * width) for place in range(count + 1)}

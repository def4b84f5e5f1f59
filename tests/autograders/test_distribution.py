"""Draws from the right distribution pass; another centre, spread or shape is told."""

from __future__ import annotations

from typing import Any

import checking
import pytest

import autograders as ag

np = pytest.importorskip("numpy")
stats = pytest.importorskip("scipy.stats")
pytest.importorskip("hypothesis")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402


def normal(loc: float = 0.0, scale: float = 1.0, size: int = 1000, seed: int = 1) -> Any:
    return np.random.default_rng(seed).normal(loc, scale, size)


def outcome(value: Any, expected: Any = None, **options: Any) -> ag.Outcome:
    expected = expected if expected is not None else stats.norm(0, 1)
    return checking.check(ag.distribution("x", expected, **options), x=value)


@pytest.mark.parametrize("seed", range(20))
def test_honest_draws_pass_whatever_the_seed(seed: int) -> None:
    assert outcome(normal(seed=seed)).credit == 1.0
    draws = np.random.default_rng(seed).binomial(10, 0.3, 500)
    assert outcome(draws, stats.binom(10, 0.3)).credit == 1.0
    assert outcome(list(np.random.default_rng(seed).poisson(3, 500)), stats.poisson(3)).credit == 1


@pytest.mark.parametrize(("value", "tags"), [
    (normal(loc=1), ("centre-high",)), (normal(loc=-1), ("centre-low",)),
    (normal(scale=2), ("too-wide",)), (normal(scale=0.5), ("too-narrow",)),
    (np.random.default_rng(1).choice([-1.0, 1.0], 1000), ("shape",)),
    (np.zeros(100), ("constant",)), (normal(size=5), ("size",)), (3, ("type",)),
    ([1.0] * 50 + ["x"], ("type",)), ([float("nan")] * 50, ("type",)),
])
def test_what_is_wrong_is_told(value: Any, tags: tuple[str, ...]) -> None:
    assert outcome(value).tags == tags


def test_what_cannot_happen_is_told() -> None:
    assert outcome(normal(), stats.expon()).tags == ("support",)
    halves = np.random.default_rng(1).binomial(10, 0.3, 500) + 0.5
    assert outcome(halves, stats.binom(10, 0.3)).credit == 0.0


def test_another_discrete_distribution_is_told() -> None:
    draws = np.random.default_rng(1).binomial(10, 0.5, 500)
    assert outcome(draws, stats.binom(10, 0.3)).tags == ("centre-high",)


def test_the_number_of_draws() -> None:
    assert outcome(normal(), size=1000).credit == 1.0
    assert outcome(normal(size=999), size=1000).tags == ("size",)


def test_a_function_is_drawn_from_with_a_seeded_generator() -> None:
    def draw(function: Any, rng: Any) -> Any:
        return function(rng, 500)

    assert outcome(lambda rng, n: rng.normal(0, 1, n), draw=draw).credit == 1.0
    assert outcome(lambda rng, n: rng.normal(0, 3, n), draw=draw).tags == ("too-wide",)
    fixed = np.random.default_rng(5).normal(0, 1, 500)
    assert outcome(lambda rng, n: fixed, draw=draw).tags == ("ignores-generator",)
    own = np.random.default_rng(6)
    assert outcome(lambda rng, n: own.normal(0, 1, n), draw=draw).tags == ("ignores-generator",)
    assert outcome(lambda rng, n: 1 / 0, draw=draw).tags == ("raises",)
    assert outcome(3, draw=draw).tags == ("type",)


def test_what_is_no_distribution_is_refused() -> None:
    with pytest.raises(TypeError, match="distribution"):
        ag.distribution("x", [1, 2])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.5, 1e6), st.sampled_from((-1, 1)))
def test_draws_around_another_centre_are_wrong_and_honest_ones_are_not(
    seed: int, off: float, side: int
) -> None:
    draws = normal(seed=seed)
    assert outcome(draws).credit == 1.0
    assert outcome(draws + side * off).credit == 0.0


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.one_of(st.floats(1.5, 1e3), st.floats(0.001, 0.6)))
def test_draws_of_another_spread_are_wrong(seed: int, scale: float) -> None:
    assert outcome(normal(scale=scale, seed=seed)).credit == 0.0

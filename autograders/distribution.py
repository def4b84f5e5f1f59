"""Random draws: enough of them, and from the distribution that is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograders import guard
from autograders.outcome import Check, Failure, Outcome, Scope, failed, passed, well_formed
from autograders.values import float_of, items_of, kind_of, number_of, reader, show

if TYPE_CHECKING:
    from autograders.handout import Handout

_FAR = 5.0
"""A mean so many standard errors off, or a p-value below the chance of it, is no accident."""


def distribution(
    name: str, expected: Any = None, *, draw: Callable[..., Any] | None = None,
    size: int | None = None, least_p: float = 1e-6, drawn: bool = False,
    label: str | None = None,
) -> Check:
    """The learner's draws follow `expected`, a distribution of scipy with its parameters.

    `name` holds the draws, or, with `draw`, a function: `draw(function, rng)` returns what it
    draws with a seeded generator of NumPy, so each run judges the same draws. `size` is the
    number asked for. Draws are wrong when so large a distance (Kolmogorov and Smirnov's for a
    continuous distribution, Pearson's chi-squared for a discrete one) has a chance under
    `least_p`: about one honest answer in a million is failed by bad luck, and with a fixed seed
    always the same. Centre and spread are told apart from shape.

    Without `expected` it looks whether there are enough numbers, or, if they are to be `drawn`,
    whether there is a function, and does not count. A release hands out no more than that.
    """
    if expected is not None and not (hasattr(expected, "rvs") and hasattr(expected, "cdf")):
        raise TypeError("expected is a distribution such as scipy.stats.norm(0, 1), not "
                        f"{show(expected)}")
    if expected is None and draw is not None:
        raise TypeError("draw= needs an expected distribution; say drawn=True for the form alone")
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = read(scope)
        if expected is None and drawn:
            _function(value, name)
            return well_formed(f"`{name}` is a function.")
        draws = _drawn(value, draw, name) if draw is not None else _numbers(value, name)
        if size is not None and len(draws) != size:
            return failed(f"`{name}` gives {len(draws):,} draws, and {size:,} are asked for.",
                          "size")
        if len(draws) < 20:
            return failed(f"`{name}` gives {len(draws)} draws: too few to judge.", "size")
        if expected is None:
            return well_formed(f"`{name}` gives {len(draws):,} draws.")
        return _judged(draws, expected, name, least_p)

    def handout() -> Handout:
        from autograders.handout import Handout

        return Handout(name=name, arguments={
            "drawn": drawn or draw is not None, **({} if size is None else {"size": size})})

    return Check(label=label or name, kind="distribution", examine=examine, handout=handout,
                 counts=expected is not None)


def _function(value: Any, name: str) -> None:
    if not callable(value) or isinstance(value, type):
        raise Failure(f"`{name}` should be a function, but it is {kind_of(value)}.", tag="type")


def _drawn(function: Any, draw: Callable[..., Any], name: str) -> list[float]:
    import numpy as np

    _function(function, name)
    first, again, other = (
        guard.call(draw, function, np.random.default_rng(seed))
        for seed in (guard.SEED, guard.SEED, guard.SEED + 1))
    for called in (first, again, other):
        if called.error is not None:
            raise Failure(f"`{name}` raises {type(called.error).__name__}.", tag="raises")
    draws, same, changed = (_numbers(one.value, name) for one in (first, again, other))
    if draws != same:
        raise Failure(f"`{name}` draws something else with the same seed: does it use another "
                      "generator than the one that it is given?", tag="ignores-generator")
    if draws == changed:
        raise Failure(f"`{name}` draws the same with every seed: it does not use the generator "
                      "that it is given.", tag="ignores-generator")
    return draws


def _numbers(value: Any, name: str) -> list[float]:
    items = items_of(value, most=1_000_000)
    if items is None:
        raise Failure(f"`{name}` should hold many draws, but it is {kind_of(value)}.", tag="type")
    numbers = [number_of(item) for item in items]
    odd = next((place for place, one in enumerate(numbers)
                if one is None or not math.isfinite(float_of(one))), None)
    if odd is not None:
        raise Failure(f"`{name}[{odd}]` is {show(items[odd])}, no finite number.", tag="type")
    return [float_of(one) for one in numbers if one is not None]


def _judged(draws: list[float], expected: Any, name: str, least_p: float) -> Outcome:
    import numpy as np

    given = np.asarray(draws)
    outside = given[(given < expected.support()[0]) | (given > expected.support()[1])]
    if outside.size:
        return failed(f"`{name}` draws {show(float(outside[0]))}, which cannot happen here.",
                      "support")
    if given.std() == 0 and expected.std() > 0:
        return failed(f"All draws of `{name}` are {show(float(given[0]))}.", "constant")
    discrete = hasattr(expected, "pmf") and not hasattr(expected.dist, "pdf")
    p = _chi_squared(given, expected) if discrete else _kolmogorov(given, expected)
    if p >= least_p:
        return passed("The draws look as they should.")
    return _why(given, expected, name)


def _kolmogorov(given: Any, expected: Any) -> float:
    from scipy import stats

    return float(stats.kstest(given, expected.cdf).pvalue)


def _chi_squared(given: Any, expected: Any) -> float:
    """Pearson's test over the values drawn, those of fewer than five expected taken together."""
    import numpy as np
    from scipy import stats

    values, counts = np.unique(given, return_counts=True)
    if not np.all(values == np.floor(values)):
        return 0.0
    low, high = int(expected.ppf(1e-9)), int(expected.ppf(1 - 1e-9))
    grid = np.arange(low, high + 1)
    wanted = expected.pmf(grid) * given.size
    seen = np.zeros(grid.size)
    inside = (values >= low) & (values <= high)
    seen[(values[inside] - low).astype(int)] = counts[inside]
    common = wanted >= 5
    pooled_seen = np.append(seen[common], given.size - seen[common].sum())
    pooled_wanted = np.append(wanted[common], given.size - wanted[common].sum())
    if pooled_wanted[-1] < 1e-6:
        pooled_seen, pooled_wanted = pooled_seen[:-1], pooled_wanted[:-1]
    statistic = float(((pooled_seen - pooled_wanted) ** 2 / pooled_wanted).sum())
    return float(stats.chi2.sf(statistic, max(pooled_wanted.size - 1, 1)))


def _why(given: Any, expected: Any, name: str) -> Outcome:
    mean, spread = float(expected.mean()), float(expected.std())
    if math.isfinite(mean) and math.isfinite(spread) and spread > 0:
        # By the wider of the two: draws that spread too widely seldom have the mean either.
        error = max(spread, float(given.std())) / math.sqrt(given.size)
        off = (float(given.mean()) - mean) / error
        ratio = float(given.std()) / spread
        if abs(off) > _FAR:
            side, tag = ("high", "centre-high") if off > 0 else ("low", "centre-low")
            return failed(f"The mean of `{name}` is {show(round(float(given.mean()), 4))}: too "
                          f"{side}.", tag)
        if not 0.9 < ratio < 1.1:
            much, tag = ("widely", "too-wide") if ratio > 1 else ("little", "too-narrow")
            return failed(f"The draws of `{name}` spread too {much}: their standard deviation is "
                          f"{show(round(float(given.std()), 4))}. A variance in its place?", tag)
    return failed(f"The draws of `{name}` have about the right centre and spread, but another "
                  "shape: look at their histogram.", "shape")

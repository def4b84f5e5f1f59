"""Results of statistical tests: statistic, p-value, interval, decision, and the right test."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograders.number import Tolerance
from autograders.outcome import (
    Check,
    Failure,
    KnownAs,
    Mistake,
    Outcome,
    Scope,
    fits,
    partly,
    passed,
    read_mistakes,
)
from autograders.values import (
    figure,
    float_of,
    items_of,
    kind_of,
    loaded,
    mapping_of,
    number_of,
    reader,
)

_NAMES = {
    "statistic": ("statistic", "stat", "t", "z", "f", "chi2", "u", "w"),
    "p": ("p", "pvalue", "p_value", "p-value", "p value"),
    "interval": ("interval", "ci", "confidence_interval"),
    "reject": ("reject", "decision", "rejected"),
}
_WORDS = {"statistic": "the statistic", "p": "the p-value", "interval": "the interval",
          "reject": "the decision"}
_YES = frozenset({"reject", "rejected", "reject h0", "yes", "true"})
_NO = frozenset({"keep", "do not reject", "not rejected", "fail to reject", "retain", "no",
                 "false", "do not reject h0", "fail to reject h0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The parts that are asked for, each None where it is not."""

    statistic: float | None
    p: float | None
    interval: tuple[float, float] | None
    reject: bool | None
    alpha: float
    tolerance: Tolerance

    @property
    def parts(self) -> tuple[str, ...]:
        """Their names, in the order of a learner's tuple."""
        return tuple(name for name in _NAMES if getattr(self, name) is not None)


def hypothesis_test(  # noqa: PLR0913 - the parts of a test's result, each of its own
    name: str, *, statistic: float | None = None, p: float | None = None,
    interval: tuple[float, float] | None = None, reject: bool | None = None, alpha: float = 0.05,
    rtol: float = 1e-3, atol: float = 1e-4,
    mistakes: Mapping[Any, str | KnownAs] | None = None, label: str | None = None,
) -> Check:
    """The result of a statistical test in `name`: the parts that are given here, alike in weight.

    The learner's may be what scipy's test functions return, a tuple in the order statistic, p,
    interval, reject, or a dictionary with names such as `statistic`, `p`, `interval`, `reject`.
    A p-value for the other side or for one side in place of two is told so, and so are the ends
    of an interval in the wrong order. `reject` is right as well when it follows from the
    learner's own p-value at `alpha`. A key of `mistakes` is the pair (statistic, p) that another
    test gives, or a predicate of the dictionary of parts: so the wrong test is named.
    """
    wanted = _Wanted(statistic=statistic, p=p, interval=interval, reject=reject, alpha=alpha,
                     tolerance=Tolerance(rtol=rtol, atol=atol))
    if not wanted.parts:
        raise TypeError("say what is asked for: statistic=, p=, interval= or reject=")
    known = read_mistakes(mistakes)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        given = _parts(read(scope), name, wanted)
        faults = [fault for part in wanted.parts
                  if (fault := _FAULTS[part](given[part], given, wanted)) is not None]
        if not faults:
            return passed("The result is right.")
        right = len(wanted.parts) - len(faults)
        share = right / len(wanted.parts)
        made = _wrong_test(given, known, wanted)
        if made is not None:
            return partly(max(made.credit, 0.0), made.message, made.tag)
        told = " ".join(f"{_WORDS[part][0].upper()}{_WORDS[part][1:]}: {text}"
                        for part, text, _ in faults)
        return partly(share, told, *dict.fromkeys(tag for *_, tag in faults))

    return Check(label=label or name, kind="hypothesis_test", examine=examine)


_Fault = tuple[str, str, str]
"""The part, what is wrong with it, and the tag."""


def _parts(value: Any, name: str, wanted: _Wanted) -> dict[str, Any]:
    """The learner's parts by name. Raises Failure where one that is asked for is not there."""
    entries = mapping_of(value)
    if entries is not None:
        found = {}
        lowered = {key.strip().lower(): entry for key, entry in entries.items()
                   if type(key) is str}
        for part in wanted.parts:
            spelled = next((one for one in _NAMES[part] if one in lowered), None)
            if spelled is None:
                raise Failure(f"`{name}` has no entry {part!r}.", tag="missing")
            found[part] = lowered[spelled]
        return found
    items = items_of(value)
    if items is None and len(wanted.parts) == 1:
        items = [value]
    if items is None:
        raise Failure(f"`{name}` should be the result of a test, or a dictionary with "
                      f"{_listed(wanted.parts)}; it is {kind_of(value)}.", tag="type")
    if wanted.parts == ("interval",) and len(items) == 2:
        return {"interval": items}
    if len(items) < len(wanted.parts):
        raise Failure(f"`{name}` has {len(items)} of the {len(wanted.parts)} parts "
                      f"({_listed(wanted.parts)}).", tag="missing")
    if wanted.parts == ("p",) and len(items) >= 2:
        return {"p": items[1]}  # what scipy returns: the statistic comes first
    return dict(zip(wanted.parts, items, strict=False))


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(f"`{part}`" for part in parts)


def _statistic_fault(value: Any, _: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    number, right = number_of(value), wanted.statistic
    assert right is not None
    if number is None:
        return "statistic", f"it is {kind_of(value)}, not a number.", "type"
    if wanted.tolerance.holds(number, right):
        return None
    if wanted.tolerance.holds(-float_of(number), right):
        told = f"{figure(number)} has the other sign: which group did you take from which?"
        return "statistic", told, "sign"
    return "statistic", f"{figure(number)} is not right.", "value"


def _p_fault(value: Any, _: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    number, right = number_of(value), wanted.p
    assert right is not None
    if number is None:
        return "p", f"it is {kind_of(value)}, not a number.", "type"
    p = float_of(number)
    if not 0 <= p <= 1:
        return "p", f"{figure(number)} is no probability: it lies between 0 and 1.", "range"
    if wanted.tolerance.holds(p, right):
        return None
    for other, text, tag in (
        (right / 2, "that is for one side; the question asks for both.", "one-sided"),
        (2 * right, "that is for both sides; the question asks for one.", "two-sided"),
        (1 - right, "that is the probability of the other side.", "other-side"),
        (1 - right / 2, "that is the probability of the other side.", "other-side"),
    ):
        if wanted.tolerance.holds(p, other):
            return "p", f"{figure(number)}: {text}", tag
    return "p", f"{figure(number)} is not right.", "value"


def _interval_fault(value: Any, _: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    assert wanted.interval is not None
    ends = [number_of(end) for end in items_of(value) or ()]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return "interval", f"it is {kind_of(value)}; give its two ends.", "type"
    low, high = float_of(ends[0]), float_of(ends[1])
    holds = wanted.tolerance.holds
    if holds(low, wanted.interval[0]) and holds(high, wanted.interval[1]):
        return None
    if holds(high, wanted.interval[0]) and holds(low, wanted.interval[1]):
        return "interval", "its ends are in the wrong order.", "order"
    middle, width = sum(wanted.interval) / 2, wanted.interval[1] - wanted.interval[0]
    if math.isfinite(low) and math.isfinite(high) and holds((low + high) / 2, middle):
        wide, tag = ("wide", "too-wide") if high - low > width else ("narrow", "too-narrow")
        told = f"its middle is right, but it is too {wide}: look at the level and the error."
        return "interval", told, tag
    return "interval", f"({figure(low)}, {figure(high)}) is not right.", "value"


def _reject_fault(value: Any, given: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    decision = _decision(value)
    if decision is None:
        return "reject", f"it should be True or False; it is {kind_of(value)}.", "type"
    if decision is wanted.reject:
        return None
    own = number_of(given.get("p"))
    if own is not None and 0 <= float_of(own) <= 1 and (
            _p_fault(own, given, wanted) is not None if wanted.p is not None else False) and (
            decision is (float_of(own) < wanted.alpha)):
        return None  # it follows from the p-value that the learner found
    return "reject", f"it does not follow from the p-value at {wanted.alpha:g}.", "decision"


def _decision(value: Any) -> bool | None:
    if type(value) is bool:
        return value
    numpy = loaded("numpy")
    if numpy is not None and type(value) is numpy.bool_:
        return bool(value)
    if type(value) is str:
        words = " ".join(value.lower().split()).rstrip(".")
        return True if words in _YES else False if words in _NO else None
    return None


_FAULTS: Mapping[str, Callable[[Any, Mapping[str, Any], _Wanted], _Fault | None]] = {
    "statistic": _statistic_fault, "p": _p_fault, "interval": _interval_fault,
    "reject": _reject_fault,
}


def _wrong_test(
    given: Mapping[str, Any], known: tuple[Mistake, ...], wanted: _Wanted
) -> Mistake | None:
    pair = [number_of(given.get(part)) for part in ("statistic", "p")]

    def gives(_: Any, other: Sequence[float]) -> bool:
        told = [(number, right) for number, right in zip(pair, other, strict=True)
                if number is not None]
        return bool(told) and all(wanted.tolerance.holds(*both) for both in told)

    return next((one for one in known if fits(one, dict(given), gives)), None)

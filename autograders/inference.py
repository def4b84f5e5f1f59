"""Results of statistical tests: statistic, p-value, interval, decision, and the right test."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograders.number import Tolerance
from autograders.outcome import (
    Check,
    Failure,
    KnownAs,
    Mistake,
    Outcome,
    Scope,
    failed,
    fits,
    partly,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.scales import Keyed, Scale, key_of, keys_of, named_key
from autograders.values import (
    Number,
    figure,
    float_of,
    items_of,
    kind_of,
    loaded,
    mapping_of,
    number_of,
    reader,
)

if TYPE_CHECKING:
    from autograders.handout import Handout, Keys, Slips

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
    asked: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether a value is known for any part."""
        return any(getattr(self, name) is not None for name in _NAMES)

    @property
    def parts(self) -> tuple[str, ...]:
        """Their names, in the order of a learner's tuple."""
        return tuple(name for name in _NAMES if (
            getattr(self, name) is not None if self.counts else name in self.asked))


def hypothesis_test(  # noqa: PLR0913 - the parts of a test's result, each of its own
    name: str, *, statistic: float | None = None, p: float | None = None,
    interval: tuple[float, float] | None = None, reject: bool | None = None, alpha: float = 0.05,
    rtol: float = 1e-3, atol: float = 1e-4,
    mistakes: Mapping[Any, str | KnownAs] | None = None, parts: Sequence[str] = (),
    label: str | None = None,
) -> Check:
    """The result of a statistical test in `name`: the parts that are given here, alike in weight.

    The learner's may be what scipy's test functions return, a tuple in the order statistic, p,
    interval, reject, or a dictionary with names such as `statistic`, `p`, `interval`, `reject`.
    A p-value for the other side or for one side in place of two is told so, and so are the ends
    of an interval in the wrong order. `reject` is right as well when it follows from the
    learner's own p-value at `alpha`. A key of `mistakes` is the pair (statistic, p) that another
    test gives, or a predicate of the dictionary of parts: so the wrong test is named.

    Without any of them it looks whether the `parts`, such as ["statistic", "p"], are there and
    are what they are called, and does not count. A release hands out that, and digests of all
    but the decision, which is soon guessed.
    """
    if not set(parts) <= set(_NAMES):
        raise ValueError(f"parts= are some of {', '.join(_NAMES)}")
    wanted = _Wanted(statistic=statistic, p=p, interval=interval, reject=reject, alpha=alpha,
                     tolerance=Tolerance(rtol=rtol, atol=atol), asked=tuple(parts))
    if not wanted.parts:
        raise TypeError("say what is asked for: statistic=, p=, interval= or reject=, or parts=")
    known = read_mistakes(mistakes)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        given = _parts(read(scope), name, wanted)
        faults = [fault for part in wanted.parts
                  if (fault := _fault(part, given, wanted)) is not None]
        if not faults and not wanted.counts:
            return well_formed(f"`{name}` holds {_listed(wanted.parts)}.")
        if not faults:
            return passed("The result is right.")
        right = len(wanted.parts) - len(faults)
        share = right / len(wanted.parts) if wanted.counts else 0.0
        made = _wrong_test(given, known, wanted)
        if made is not None:
            return partly(max(made.credit, 0.0), made.message, made.tag)
        told = " ".join(f"{_WORDS[part][0].upper()}{_WORDS[part][1:]}: {text}"
                        for part, text, _ in faults)
        return partly(share, told, *dict.fromkeys(tag for *_, tag in faults))

    return Check(label=label or name, kind="hypothesis_test", examine=examine,
                 counts=wanted.counts, handout=lambda: _handout(name, wanted, known))


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


def _fault(part: str, given: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    """What is wrong with a part: that it is no such thing, or, where it is known, its value."""
    fault = _misfit(part, given[part])
    return fault if fault is not None or not wanted.counts else (
        _FAULTS[part](given[part], given, wanted))


def _misfit(part: str, value: Any) -> _Fault | None:
    """What is wrong with a part before its value."""
    if part == "interval":
        ends = [number_of(end) for end in items_of(value) or ()]
        fits_it = len(ends) == 2 and None not in ends
        return None if fits_it else (part, f"it is {kind_of(value)}; give its two ends.", "type")
    if part == "reject":
        return None if _decision(value) is not None else (
            part, f"it should be True or False; it is {kind_of(value)}.", "type")
    number = number_of(value)
    if number is None:
        return part, f"it is {kind_of(value)}, not a number.", "type"
    if part == "p" and not 0 <= float_of(number) <= 1:
        return part, f"{figure(number)} is no probability: it lies between 0 and 1.", "range"
    return None


_P_SLIPS: tuple[tuple[Callable[[float], float], str, str], ...] = (
    (lambda p: p / 2, "that is for one side; the question asks for both.", "one-sided"),
    (lambda p: 2 * p, "that is for both sides; the question asks for one.", "two-sided"),
    (lambda p: 1 - p, "that is the probability of the other side.", "other-side"),
    (lambda p: 1 - p / 2, "that is the probability of the other side.", "other-side"),
)
"""What a slip makes of the right p-value, what is told, and its tag."""


def _statistic_fault(value: Any, _: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    number, right = number_of(value), wanted.statistic
    assert number is not None
    assert right is not None
    if wanted.tolerance.holds(number, right):
        return None
    if wanted.tolerance.holds(-float_of(number), right):
        return "statistic", _turned(number), "sign"
    return "statistic", f"{figure(number)} is not right.", "value"


def _turned(number: Number) -> str:
    return f"{figure(number)} has the other sign: which group did you take from which?"


def _p_fault(value: Any, _: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    number, right = number_of(value), wanted.p
    assert number is not None
    assert right is not None
    if wanted.tolerance.holds(number, right):
        return None
    for slip, text, tag in _P_SLIPS:
        if wanted.tolerance.holds(number, slip(right)):
            return "p", f"{figure(number)}: {text}", tag
    return "p", f"{figure(number)} is not right.", "value"


def _interval_fault(value: Any, _: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    assert wanted.interval is not None
    low, high = _ends(value)
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


def _ends(value: Any) -> tuple[float, float]:
    low, high = (number_of(end) for end in items_of(value) or ())
    assert low is not None
    assert high is not None
    return float_of(low), float_of(high)


def _reject_fault(value: Any, given: Mapping[str, Any], wanted: _Wanted) -> _Fault | None:
    decision = _decision(value)
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


# ------------------------------------------------------------------------- what is handed out


def _handout(name: str, wanted: _Wanted, known: tuple[Mistake, ...]) -> Handout | None:
    from autograders.handout import Handout

    if any(one.credit >= 1 for one in known):  # then an answer of any form may be right
        return None
    arguments = {"parts": list(wanted.parts)}
    scale = Scale.of(wanted.tolerance)
    asked = [part for part in wanted.parts if wanted.counts and part != "reject"]
    found = [_keys_of(part, getattr(wanted, part), scale, wanted.tolerance) for part in asked]
    if not asked or None in found:
        return Handout(name=name, arguments=arguments, complete=wanted.counts or not known)
    right = tuple(one[0] for one in found if one is not None)
    edge = frozenset().union(*(one[1] for one in found if one is not None))
    told = [] if len(wanted.parts) > 1 else [
        (wrong[0] - right[0] - edge, one) for one in known
        if (wrong := _wrong_keys(asked[0], one, scale, wanted.tolerance)) is not None]
    earns = any(one.credit for one in known if one not in [made for _, made in told])
    return Handout(
        name=name, arguments=arguments, right=right, edge=edge, named=True, decides=not earns,
        keyed={"parts": list(wanted.parts), "scale": scale.plain()},
        complete="reject" not in wanted.parts,
        mistakes=tuple((wrong, one.outcome) for wrong, one in told))


def _keys_of(part: str, right: Any, scale: Scale, tolerance: Tolerance) -> Keyed | None:
    """The keys of a right part; of an interval, of both its ends together."""
    ends = [float(one) for one in (right if part == "interval" else (right,))]
    if any(map(math.isnan, ends)):
        return None
    if part != "interval":
        found = keys_of([([part], ends[0], scale, tolerance)])
        return None if found is None else (found[0][0], found[1])
    around = [scale.around(one, tolerance) for one in ends]
    if around[0] is None or around[1] is None:
        return None
    (low, low_edge), (high, high_edge) = around[0], around[1]
    sure = {named_key([part], f"{one} {other}") for one in low for other in high}
    every = {named_key([part], f"{one} {other}")
             for one in low | low_edge for other in high | high_edge}
    return frozenset(sure), frozenset(every - sure)


def _wrong_keys(
    part: str, known: Mistake, scale: Scale, tolerance: Tolerance
) -> Keyed | None:
    """The keys of what another test gives for a part."""
    pair = items_of(known.match)
    if part not in ("statistic", "p") or pair is None or len(pair) != 2:
        return None
    wrong = number_of(pair[0 if part == "statistic" else 1])
    return None if wrong is None else _keys_of(part, float_of(wrong), scale, tolerance)


def keys(name: str, *, parts: Sequence[str], scale: Mapping[str, float]) -> Keys:
    """Reads the keys of the parts of the learner's `name` but for the decision."""
    read, wide, wanted = reader(name), _scale(scale), _asked(parts)

    def found(scope: Scope) -> tuple[str, ...]:
        given = _parts(read(scope), name, wanted)
        made: list[str] = []
        for part in wanted.parts:
            if part == "interval":
                low, high = _ends(given[part])
                made.append(named_key([part], f"{wide.cell(low)} {wide.cell(high)}"))
            elif part != "reject":
                made.append(named_key([part], key_of(number_of(given[part]), wide)))
        return tuple(made)

    return found


def slips(name: str, *, parts: Sequence[str], scale: Mapping[str, float]) -> Slips:
    """Reads the keys that a statistic, or a p-value, of its own would have without a slip, with
    the outcome of the slip."""
    read, wide, wanted = reader(name), _scale(scale), _asked(parts)

    def found(scope: Scope) -> list[tuple[str, Outcome]]:
        part = wanted.parts[0]
        value = number_of(_parts(read(scope), name, wanted)[part])
        if len(wanted.parts) > 1 or value is None or not math.isfinite(float_of(value)):
            return []
        number, said = float_of(value), f"{_WORDS[part][0].upper()}{_WORDS[part][1:]}"
        tried = [(-number, _turned(value), "sign")] if part == "statistic" else [
            (right, f"{figure(value)}: {text}", tag)
            for right, (_, text, tag) in zip(
                (2 * number, number / 2, 1 - number, 2 - 2 * number), _P_SLIPS, strict=True)]
        return [(named_key([part], key_of(right, wide)), failed(f"{said}: {text}", tag))
                for right, text, tag in tried]

    return found


def _scale(plain: Mapping[str, Any]) -> Scale:
    return Scale(**plain)


def _asked(parts: Sequence[str]) -> _Wanted:
    return _Wanted(statistic=None, p=None, interval=None, reject=None, alpha=0.0,
                   tolerance=Tolerance(), asked=tuple(parts))

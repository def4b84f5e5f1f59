"""Numbers: within a tolerance, to so many digits, with the slips that people make named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograders.outcome import (
    Answer,
    Check,
    Failure,
    KnownAs,
    Mistake,
    Outcome,
    Scope,
    failed,
    fits,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.values import (
    Number,
    figure,
    float_of,
    items_of,
    kind_of,
    number_of,
    reader,
    show,
    text_of,
)

if TYPE_CHECKING:
    from autograders.handout import Handout, Keys, Slips


SLIPS = (
    (-1.0, "sign", "the sign is the other one: in or out, up or down?"),
    (100.0, "percent", "that is the percentage; give the fraction, such as 0.05 for 5 %."),
    (0.01, "fraction", "that is the fraction; give the percentage, such as 5 for 5 %."),
    (1000.0, "thousands", "it is a thousand times too large: is it in thousands already?"),
    (0.001, "thousands", "it is a thousand times too small: should it be in units?"),
)
"""Slips of any figure: the answer is the right one times this; the tag; what is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How near is near enough. Of several bounds that are set, the widest counts.

    `rtol` is relative to the expected value, `atol` absolute; `places` is half a unit of the
    last of so many decimals, `digits` half a unit of the last of so many significant figures
    of the expected value. What is not set bounds nothing, except that with none set `rtol` is
    1e-9; and 0, of which nothing is a share, is met within 1e-9 unless `atol` or `places` is
    set.
    """

    rtol: float | None = None
    atol: float | None = None
    places: int | None = None
    digits: int | None = None

    def __post_init__(self) -> None:
        for bound in (self.rtol, self.atol):
            if bound is not None and not 0 <= bound < math.inf:
                raise ValueError(f"a tolerance is a number from 0, not {bound!r}")
        if self.digits is not None and self.digits < 1:
            raise ValueError(f"significant figures are 1 or more, not {self.digits!r}")

    def bound(self, expected: float) -> float:
        """The largest distance from `expected`, which is finite, that passes."""
        bounds = [self.atol or 0.0, (self.rtol or 0.0) * abs(expected)]
        if self.places is not None:
            bounds.append(0.5 * 10.0**-self.places)
        if self.digits is not None and expected:
            bounds.append(0.5 * 10.0 ** (math.floor(math.log10(abs(expected))) + 1 - self.digits))
        if self.rtol is self.atol is self.places is self.digits is None:
            bounds.append(1e-9 * abs(expected))
        if not expected and self.atol is self.places is None:
            bounds.append(1e-9)
        widest = max(bounds)
        # A figure that was rounded right may lie on the bound but for the last bits of a float.
        return widest * (1 + 1e-9) + 2 * math.ulp(expected) if widest else 0.0

    def holds(self, given: Number, expected: Number) -> bool:
        """Whether `given` is near enough. NaN never is; an infinite value is itself alone."""
        one, other = float_of(given), float_of(expected)
        if math.isnan(one) or math.isnan(other):
            return False
        if not (math.isfinite(one) and math.isfinite(other)):
            return given == expected  # exact for numbers too large for a float
        if type(given) is int and type(expected) is int:
            return abs(given - expected) <= self.bound(other)
        return abs(one - other) <= self.bound(other)


def number(  # noqa: PLR0913 - the ways to say how near is near enough, all optional
    name: str, expected: Number | Callable[..., Number] | None = None, *,
    rtol: float | None = None,
    atol: float | None = None, places: int | None = None, digits: int | None = None,
    slips: bool = True, mistakes: Mapping[Any, str | KnownAs] | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the number `expected`.

    `rtol` and `atol` are the relative and the absolute tolerance; `places` decimals or `digits`
    significant figures allow half a unit of the last one (see Tolerance; without any, a
    relative 1e-9). `mistakes` maps a wrong value, or a predicate of the value, to what it
    tells. With `slips`, an answer that is the expected one with the other sign, as a percentage,
    or in thousands is told so. With `given`, `expected` is a function of those names, and an
    answer that is right for the learner's own earlier figures earns full credit.

    Without `expected` it looks at the form and for the `mistakes`, and does not count: for the
    visible part of a test whose hidden part has the value.
    """
    tolerance = Tolerance(rtol=rtol, atol=atol, places=places, digits=digits)
    read = reader(name)
    right = None if expected is None else _right(expected, given)
    known = _known(mistakes, right, tolerance)

    def examine(scope: Scope) -> Outcome:
        value = given_number(read(scope), name)
        if right is not None and tolerance.holds(value, right):
            return passed(f"{figure(value)} is right.")
        made = made_mistake(value, known, tolerance)
        if made is not None:
            return made.outcome
        if right is None or expected is None:
            return well_formed(f"{figure(value)} is a number.")
        followed = _carried(scope, value, expected, given, tolerance)
        if followed is not None:
            return followed
        if slips:
            slip = slip_in(value, right, tolerance)
            if slip is not None:
                return slip
        return failed(f"{figure(value)} is not right.", "value")

    def handout() -> Handout:
        return _handout(name, right, known, tolerance, carried=bool(given), slips=slips)

    return Check(label=label or name, kind="number", examine=examine, counts=right is not None,
                 handout=handout)


def _handout(
    name: str, right: Number | None, known: tuple[Mistake, ...], tolerance: Tolerance, *,
    carried: bool, slips: bool,
) -> Handout:
    wrong = [(one, value) for one in known
             if not callable(one.match) and (value := number_of(one.match)) is not None]
    # A mistake that earns something, and has no digest, may stand in any other answer.
    earns = any(one.credit for one in known if callable(one.match))
    return digested(name, right, [(value, one.outcome) for one, value in wrong], tolerance,
                    slips=slips, decides=not (carried or earns))


def digested(
    name: str, right: Number | None, wrong: Iterable[tuple[Number, Outcome]],
    tolerance: Tolerance, *, slips: bool, decides: bool,
) -> Handout:
    """What is handed out of a check of one number: the cells of the right one, where there is
    one, and of wrong ones with what they tell. The form alone where there are too many."""
    from autograders.handout import Handout
    from autograders.scales import Scale, keys_of

    scale = Scale.of(tolerance)

    def keyed(value: Number) -> tuple[frozenset[str], frozenset[str]]:
        found = keys_of([([], value, scale, tolerance)])
        return (found[0][0], found[1]) if found is not None else (frozenset(), frozenset())

    mine, edge = keyed(right) if right is not None else (frozenset[str](), frozenset[str]())
    taken = mine | edge
    told: list[tuple[frozenset[str], Outcome]] = []
    for value, outcome in wrong:
        cells = keyed(value)[0] - taken
        taken |= cells
        if cells:
            told.append((cells, outcome))
        decides = decides and (bool(cells) or not outcome.credit)
    if not told and not mine:
        return Handout(name=name)
    return Handout(
        name=name, keyed={"scale": scale.plain(), "slips": slips and right is not None},
        right=(mine,) if mine else (), edge=edge, decides=decides, mistakes=tuple(told))


def keys(
    name: str, *, scale: Mapping[str, Any], slips: bool = False,  # noqa: ARG001 - for `slips`
) -> Keys:
    """Reads the cell of the learner's `name` on a scale; see `autograders.scales`."""
    read, cell = reader(name), _cell_on(scale)
    return lambda scope: (cell(given_number(read(scope), name)),)


def slips(name: str, *, scale: Mapping[str, Any], slips: bool = False) -> Slips:
    """Reads the cells that the learner's `name` would lie in without each slip of `slip_in`, with
    the outcome of the slip."""
    read, cell = reader(name), _cell_on(scale)

    def found(scope: Scope) -> list[tuple[str, Outcome]]:
        value = given_number(read(scope), name)
        given = float_of(value)
        if not slips or not given or not math.isfinite(given):
            return []
        return [(cell(given / factor), failed(f"{figure(value)}: {told}", tag))
                for factor, tag, told in SLIPS]

    return found


def _cell_on(scale: Mapping[str, Any]) -> Callable[[Number], str]:
    from autograders.scales import Scale, key_of, named_key

    cells = Scale(**scale)
    return lambda number: named_key([], key_of(number, cells))


def given_number(value: Any, name: str) -> Number:
    """The learner's value as a number. Raises Failure with what it is instead."""
    found = number_of(value)
    if found is not None:
        if math.isnan(float_of(found)):
            raise Failure(f"`{name}` is not a number (NaN): a calculation had nothing to work "
                          "with.", tag="nan")
        return found
    text = text_of(value)
    if text is not None:
        raise Failure(f"`{name}` is text, {show(value, width=30)}. Write the number without "
                      "quotes, and without thousands separators or units.", tag="text")
    items = items_of(value)
    if items is not None and len(items) == 1:
        raise Failure(f"`{name}` is {kind_of(value)}; give the number itself, for instance "
                      f"by adding `[0]`.", tag="type")
    raise Failure(f"`{name}` should be a number, but it is {kind_of(value)}.", tag="type")


def made_mistake(
    value: Number, known: tuple[Mistake, ...], tolerance: Tolerance
) -> Mistake | None:
    """The known mistake whose value, or predicate, fits this answer."""
    return next((one for one in known if fits(one, value, tolerance.holds)), None)


def _known(
    mistakes: Mapping[Any, str | KnownAs] | None, right: Number | None, tolerance: Tolerance
) -> tuple[Mistake, ...]:
    """An author's known mistakes; a value that is no number, or is the right one, is refused."""
    known = read_mistakes(mistakes)
    for one in known:
        if callable(one.match):
            continue
        wrong = number_of(one.match)
        if wrong is None:
            raise TypeError(f"a known mistake is a wrong number or a predicate, not {one.match!r}")
        if right is not None and tolerance.holds(wrong, right):
            raise ValueError(f"the known mistake {one.match!r} is the right answer")
    return known


def slip_in(value: Number, right: Number, tolerance: Tolerance) -> Outcome | None:
    """A slip of sign, percent or thousands that makes `right` of `value`; its outcome."""
    given, expected = float_of(value), float_of(right)
    if not expected or not (math.isfinite(given) and math.isfinite(expected)):
        return None
    for factor, tag, told in SLIPS:
        if abs(given - expected * factor) <= tolerance.bound(expected) * abs(factor):
            return failed(f"{figure(value)}: {told}", tag)
    return None


def _right(
    expected: Number | Callable[..., Number], given: Mapping[str, Answer] | None
) -> Number:
    """The right value; of a function, for the right earlier answers."""
    if callable(expected):
        expected = expected(**{name: one.right for name, one in (given or {}).items()})
    elif given:
        raise TypeError("with given=, the expected value is a function of the given names")
    right = number_of(expected)
    if right is None or math.isnan(float_of(right)):
        raise TypeError(f"the expected value should be a number, not {expected!r}")
    return right


def _carried(
    scope: Scope, value: Number, expected: Number | Callable[..., Number],
    given: Mapping[str, Answer] | None, tolerance: Tolerance,
) -> Outcome | None:
    """Full credit for an answer that is right for the learner's own earlier figures."""
    if not given or not callable(expected):
        return None
    own: dict[str, Number] = {}
    for name, one in given.items():
        try:
            own[name] = given_number(reader(one.name)(scope), one.name)
        except Failure:
            return None
    for_own = _computed(expected, own)
    if for_own is None or not tolerance.holds(value, for_own):
        return None
    changed = [name for name, one in given.items() if own[name] != one.right] or list(own)
    told = ", ".join(f"`{given[name].name}` = {figure(own[name])}" for name in changed)
    return passed(f"{figure(value)} follows from your {told}: full credit for the method, "
                  "though the earlier answer is not right.", "carried-forward")


def _computed(expected: Callable[..., Number], own: Mapping[str, Number]) -> Number | None:
    """What follows from the learner's own figures; None where nothing finite does."""
    for figures in (own, {name: float_of(value) for name, value in own.items()}):
        try:
            found = number_of(expected(**figures))
        except Exception:  # noqa: BLE001 - an author's formula may meet any figures, any kinds
            found = None
        if found is not None and math.isfinite(float_of(found)):
            return found
    return None

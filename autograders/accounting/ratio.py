"""A ratio: the right figure above the right one, as a fraction or in percent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autograders.handout import Handout, Keys
from autograders.number import Tolerance, digested, given_number
from autograders.number import keys as number_keys
from autograders.outcome import (
    Answer,
    Check,
    Failure,
    Mistake,
    Mistakes,
    Outcome,
    Scope,
    failed,
    fits,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.values import Number, figure, float_of, number_of, reader

Figure = Number | Answer


def ratio(  # noqa: PLR0913 - what a ratio is made of, and how near is near enough
    name: str, numerator: Figure | None = None, denominator: Figure | None = None, *,
    opening: Figure | None = None, average: bool | None = None, percent: bool = False,
    rtol: float = 1e-3, places: int | None = None, digits: int | None = None,
    mistakes: Mistakes | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is `numerator / denominator`, in percent with `percent`.

    With `opening`, the balance of the denominator at the beginning, the right ratio is by the
    average of both balances, unless `average=False` says that it is by the closing one. An
    answer that is upside down, in percent or not, or by another balance is told so.

    Each figure may be `ag.answer(name, right)`: a ratio that is right for the learner's own
    earlier figures earns full credit. The tolerance is `rtol`, or what rounding to `places` or
    `digits` allows. A key of `mistakes` is a wrong value, or a predicate.

    Without the figures it looks whether the answer is a number, and does not count. A release
    hands out digests of the rounded ratio and of the slips that are told. Raises ValueError where
    the right ratio does not exist.
    """
    read = reader(name)
    known = _mistakes(mistakes)
    tolerance = Tolerance(rtol=rtol, atol=0.0, places=places, digits=digits)
    if numerator is None or denominator is None:
        return _form(name, known, tolerance, label)
    parts = _parts(numerator, denominator, opening, average)
    by_average = opening is not None and average is not False
    rights = {part: _right(value) for part, value in parts.items()}
    ratios = _ratios(rights, by_average, percent)
    right = ratios["right"]
    if right is None:
        raise ValueError("the right ratio divides by 0")

    def examine(scope: Scope) -> Outcome:
        value = given_number(read(scope), name)
        if tolerance.holds(value, right):
            return passed(f"{figure(value)} is right.")
        made = next((one for one in known if fits(one, value, tolerance.holds)), None)
        if made is not None:
            return made.outcome
        changed = _own(scope, parts, rights)
        if changed:
            own = _ratios({**rights, **changed}, by_average, percent)["right"]
            if own is not None and tolerance.holds(value, own):
                return passed(f"{figure(value)} follows from your earlier figures: full credit for "
                              "the method, though they are not right.", "carried-forward")
        return _slip(value, ratios, tolerance)

    def handout() -> Handout:
        carried = any(isinstance(value, Answer) for value in parts.values())
        return _handout(name, right, known, {} if carried else ratios, tolerance,
                        decides=not carried and not any(
                            callable(one.match) and one.credit for one in known))

    return Check(label=label or name, kind="ratio", examine=examine, handout=handout)


def _form(
    name: str, known: tuple[Mistake, ...], tolerance: Tolerance, label: str | None
) -> Check:
    """A check of the form of a ratio alone."""
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = given_number(read(scope), name)
        made = next((one for one in known if fits(one, value, tolerance.holds)), None)
        return made.outcome if made is not None else well_formed(f"{figure(value)} is a number.")

    return Check(label=label or name, kind="ratio", examine=examine, counts=False,
                 handout=lambda: Handout(name=name))


def _handout(
    name: str, right: float, known: tuple[Mistake, ...], ratios: Mapping[str, float | None],
    tolerance: Tolerance, *, decides: bool,
) -> Handout:
    """The cells of the right ratio, of known mistakes and of slips."""
    wrong = [(value, one.outcome) for one in known
             if not callable(one.match) and (value := number_of(one.match)) is not None]
    wrong += [(value, failed(f"{told[0].upper()}{told[1:]}", tag)) for tag, told in _TOLD.items()
              if (value := ratios.get(tag)) is not None]
    if ratios and right:
        wrong.append((-right, failed("The sign is the other one.", "sign")))
    return digested(name, right, wrong, tolerance, slips=False, decides=decides)


def keys(name: str, **keyed: Any) -> Keys:
    """Reads the cell of the learner's `name`; see `autograders.scales`."""
    return number_keys(name, **keyed)


def _parts(
    numerator: Figure, denominator: Figure, opening: Figure | None, average: bool | None
) -> dict[str, Figure]:
    """The figures of a ratio by what each is."""
    parts = {"numerator": numerator, "denominator": denominator}
    if opening is not None:
        parts["opening"] = opening
    elif average:
        raise ValueError("an average needs opening=, the balance at the beginning")
    return parts


def _right(value: Figure) -> float:
    found = number_of(value.right if isinstance(value, Answer) else value)
    if found is None or not math.isfinite(float_of(found)):
        raise TypeError(f"a part of a ratio is a number or ag.answer(name, number), not {value!r}")
    return float_of(found)


def _mistakes(mistakes: Mistakes | None) -> tuple[Mistake, ...]:
    known = read_mistakes(mistakes)
    for one in known:
        if not callable(one.match) and number_of(one.match) is None:
            raise TypeError(f"a mistake is a number or a function of it, not {one.match!r}")
    return known


def _own(
    scope: Scope, parts: Mapping[str, Figure], rights: Mapping[str, float]
) -> dict[str, float]:
    """The figures of the learner's own that are not the right ones."""
    found: dict[str, float] = {}
    for part, value in parts.items():
        if isinstance(value, Answer):
            try:
                own = float_of(given_number(reader(value.name)(scope), value.name))
            except Failure:
                continue
            if own != rights[part] and math.isfinite(own):
                found[part] = own
    return found


def _ratios(
    parts: Mapping[str, float], by_average: bool, percent: bool
) -> dict[str, float | None]:
    """The right ratio, and those of known slips, by their tags."""
    above, closing = parts["numerator"], parts["denominator"]
    opening = parts.get("opening")
    middle = (closing + opening) / 2 if opening is not None else None
    below = middle if by_average else closing
    scale = 100.0 if percent else 1.0
    return {
        "right": _divided(above, below, scale),
        "fraction" if percent else "percent": _divided(above, below, 1.0 if percent else 100.0),
        "inverted": _divided(below, above, scale),
        "closing-balance": _divided(above, closing, scale) if by_average else None,
        "average-balance": None if by_average else _divided(above, middle, scale),
        "opening-balance": _divided(above, opening, scale),
        "difference": above - below if below is not None else None,
        "product": above * below if below is not None else None,
    }


def _divided(above: float | None, below: float | None, scale: float) -> float | None:
    if above is None or not below:
        return None
    found = above / below * scale
    return found if math.isfinite(found) else None


_TOLD = {
    "percent": "that is the percentage; give the fraction, such as 0.05 for 5 %.",
    "fraction": "that is the fraction; give the percentage, such as 5 for 5 %.",
    "inverted": "the ratio is upside down. What is measured stands above, what it is measured by "
                "below.",
    "closing-balance": "that is by the balance at the end. A flow of a period is measured by the "
                       "average of the balances at its two ends.",
    "average-balance": "that is by the average balance; here the balance at the end is asked for.",
    "opening-balance": "that is by the balance at the beginning.",
    "difference": "that is the difference; a ratio divides.",
    "product": "that is the product; a ratio divides.",
}


def _slip(value: Number, ratios: Mapping[str, float | None], tolerance: Tolerance) -> Outcome:
    for tag, told in _TOLD.items():
        wrong = ratios.get(tag)
        if wrong is not None and tolerance.holds(value, wrong):
            return failed(f"{figure(value)}: {told}", tag)
    right = ratios["right"]
    if right and tolerance.holds(value, -right):
        return failed(f"{figure(value)}: the sign is the other one.", "sign")
    return failed(f"{figure(value)} is not right. Which two figures does this ratio compare?",
                  "value")

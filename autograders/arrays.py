"""Arrays: their shape, what they hold, and each value within a tolerance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from autograders import parts
from autograders.given import Given, better_by_own, right_of
from autograders.grid import read_grid
from autograders.number import Tolerance
from autograders.outcome import (
    Check,
    Mistake,
    Mistakes,
    Outcome,
    Scope,
    failed,
    fits,
    partly,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.parts import Parts
from autograders.scales import MOST, Scale, is_guessed, key_of, keys_of, named_key
from autograders.values import float_of, number_of, reader, show

if TYPE_CHECKING:
    from autograders.handout import Handout, Keys

Credit = Literal["all", "cells"]
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How an array is judged."""

    name: str
    tolerance: Tolerance
    ordered: bool
    credit: Credit
    whole: bool


def array(  # noqa: PLR0913 - the ways to say how near is near enough, all optional
    name: str, expected: Any = None, *, rtol: float | None = None, atol: float | None = None,
    places: int | None = None, digits: int | None = None, ordered: bool = True,
    whole: bool = False, credit: Credit = "all", mistakes: Mistakes | None = None,
    given: Given | None = None, shape: Sequence[int] | None = None, kind: str | None = None,
    label: str | None = None,
) -> Check:
    """The learner's `name` holds the values of `expected`, an array or a list (of lists).

    An array, a list, a tuple or a column of a table is taken. The shape is looked at first,
    then what the values are, then each value by the tolerance (see Tolerance); NaN agrees with
    NaN. With `whole`, numbers have to be whole ones by type. With `ordered=False` the values of
    one axis are right in any order. With `credit="cells"` each right value earns its share.
    `mistakes` maps a wrong array (in a list of pairs, or a tuple as a key) or a predicate of the
    array to what it tells. With `given`, `expected` is a function of those names, and what
    follows from the learner's own earlier answers earns as much.

    Without `expected` it looks at the form and for `mistakes`, and does not count: whether the
    array has the `shape` and, where told, holds one `kind` of values, "numbers", "text", "dates"
    or "truth". A release hands out the form, and digests of up to 60 values; none of True and
    False or of 0 and 1 alone, which are soon guessed, nor of complex numbers.
    """
    import numpy as np

    plan = _Plan(name=name, ordered=ordered, credit=credit, whole=whole,
                 tolerance=Tolerance(rtol=rtol, atol=atol, places=places, digits=digits))
    if credit not in ("all", "cells"):
        raise ValueError(f"credit= is 'all' or 'cells', not {credit!r}")
    known = read_mistakes(mistakes)
    if expected is None:
        return _form(plan, shape, kind, known, label)
    right = _right(right_of(expected, given), ordered)
    for one in known:
        if not callable(one.match) and _is_right(np.asarray(one.match), right, plan):
            raise ValueError("a known mistake is the right answer")
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = read_grid(read(scope), name, right.shape)
        outcome = _judged(value, right, plan)
        if outcome.credit >= 1:
            return outcome
        made = next((one for one in known if fits(
            one, _copy(value), _same_as(plan), outcome.credit)), None)
        if made is not None:
            return made.outcome_of(outcome.credit)

        def judge(by: Any) -> Outcome:
            other = np.asarray(by)
            return _judged(value, other, plan) if other.shape == value.shape else outcome

        return better_by_own(outcome, scope, expected, given, judge)

    return Check(label=label or name, kind="array", examine=examine,
                 handout=lambda: _handout(plan, right, known, carried=bool(given)))


def _right(expected: Any, ordered: bool) -> Any:
    """An author's array. Raises TypeError or ValueError where it is none to compare with."""
    import numpy as np

    right = np.asarray(expected)
    if not ordered and right.ndim != 1:
        raise ValueError("values are right in any order along one axis only")
    if right.dtype.kind == "V" or parts.of_array(right).kind in ("mixed", "odd"):
        raise TypeError("the expected values are all numbers, text, dates, or True and False")
    return right


def _form(
    plan: _Plan, shape: Sequence[int] | None, kind: str | None, known: tuple[Mistake, ...],
    label: str | None,
) -> Check:
    """A check of the form of an array alone."""
    if shape is None:
        raise TypeError("without an expected array, say the shape= that is looked for")
    if kind is not None and kind not in parts.KINDS:
        raise ValueError(f"kind= is one of {', '.join(parts.KINDS)}, not {kind!r}")
    read, sizes = reader(plan.name), tuple(shape)

    def examine(scope: Scope) -> Outcome:
        value = read_grid(read(scope), plan.name, sizes)
        own = parts.of_array(value)
        fault = _misfit(value, own, kind, plan)
        if fault is not None:
            return fault
        made = next((one for one in known if fits(one, _copy(value), _same_as(plan))), None)
        return made.outcome if made is not None else well_formed(
            f"`{plan.name}` has the shape that is asked for.")

    def handout() -> Handout:
        from autograders.handout import Handout

        return Handout(name=plan.name, complete=not known, arguments={
            "shape": list(sizes), "whole": plan.whole, **({"kind": kind} if kind else {})})

    return Check(label=label or plan.name, kind="array", examine=examine, counts=False,
                 handout=handout)


def _handout(
    plan: _Plan, right: Any, known: tuple[Mistake, ...], *, carried: bool
) -> Handout:
    from autograders.handout import Handout

    expected = parts.of_array(right)
    scale = Scale.of(plan.tolerance) if expected.kind == "numbers" else None
    values = expected.list() if len(expected) <= MOST else []
    found = None if is_guessed(values) else keys_of(_named(values, scale, plan))
    told = [(one, wrong[0][0] - found[0][0] - found[1]) for one in known
            if found is not None and len(values) == 1 and not callable(one.match)
            and (wrong := keys_of(_named(_plain(one.match, right), scale, plan))) is not None]
    earns = any(one.credit for one in known if one not in [made for made, _ in told])
    arguments: dict[str, Any] = {"shape": list(right.shape)}
    if not carried and not earns:
        arguments |= {"kind": expected.kind, "whole": plan.whole}
    if found is None:
        return Handout(name=plan.name, arguments=arguments)
    return Handout(
        name=plan.name, arguments=arguments, right=found[0], edge=found[1],
        keyed={"ordered": plan.ordered, "shape": list(right.shape),
               "scale": None if scale is None else scale.plain(), "whole": plan.whole},
        decides=not (carried or earns or (plan.credit == "cells" and not plan.ordered)),
        mistakes=tuple((wrong, one.outcome) for one, wrong in told),
        counted="whole" if not plan.ordered else "share" if plan.credit == "cells" else "count")


def keys(
    name: str, *, ordered: bool, whole: bool, shape: Sequence[int],
    scale: Mapping[str, Any] | None,
) -> Keys:
    """Reads the key of each value of the learner's `name`; see `autograders.scales`."""
    read, wide = reader(name), None if scale is None else Scale(**scale)

    def found(scope: Scope) -> tuple[str, ...]:
        grid = read_grid(read(scope), name, tuple(shape))
        if whole and not _is_whole(grid):
            return ()
        own = parts.of_array(grid)
        values = own.list() if ordered else sorted(own.list(), key=_rank)
        return tuple(named_key([place], key_of(one, wide)) for place, one in enumerate(values))

    return found


def _named(values: list[Any], scale: Scale | None, plan: _Plan) -> Iterator[
        tuple[list[Any], Any, Scale | None, Tolerance]]:
    """The values with what each is known by: its place, also among values in any order."""
    for place, one in enumerate(values if plan.ordered else sorted(values, key=_rank)):
        yield [place], one, scale, plan.tolerance


def _plain(wrong: Any, right: Any) -> list[Any]:
    """The values of a wrong array; none of one that no answer is compared with."""
    import numpy as np

    array = np.asarray(wrong)
    return parts.of_array(array).list() if array.shape == right.shape else []


def _copy(value: Any) -> Any:
    """For a predicate: plain values, also where the learner's held objects of any kind."""
    import numpy as np

    if value.dtype.kind != "O":
        return value.copy()
    own = parts.of_array(value)
    if own.figures is not None:
        return own.figures.copy().reshape(value.shape)
    copied = np.empty(len(own), dtype=object)
    copied[:] = own.list()
    return copied.reshape(value.shape)


def _same_as(plan: _Plan) -> Callable[[Any, Any], bool]:
    import numpy as np

    return lambda value, wrong: _is_right(value, np.asarray(wrong), plan)


def _is_right(value: Any, right: Any, plan: _Plan) -> bool:
    return value.shape == right.shape and _judged(value, right, plan).credit >= 1


def _judged(value: Any, right: Any, plan: _Plan) -> Outcome:
    own, expected = parts.of_array(value), parts.of_array(right)
    fault = _misfit(value, own, expected.kind, plan)
    if fault is not None:
        return fault
    hits = parts.agree(own, expected, plan.tolerance) if plan.ordered else (
        _in_any_order(own, expected, plan.tolerance))
    if hits.all():
        return passed("Every value is right." if len(own) > 1 else "The value is right.")
    share = float(hits.mean()) if plan.credit == "cells" else 0.0
    told, tag = _fault(own, expected, hits, plan, value.shape)
    return partly(share, told, tag)


def _misfit(value: Any, own: Parts, kind: str | None, plan: _Plan) -> Outcome | None:
    """What is wrong with what an array of the right shape holds, before any value."""
    if kind is not None and own.kind != kind and "empty" not in (own.kind, kind) and (
            own.kind != "mixed"):
        tag = "text" if own.kind == "text" and kind == "numbers" else "dtype"
        return failed(f"`{plan.name}` holds {own.words}, where {parts.KINDS[kind]} are expected.",
                      tag)
    if plan.whole and not _is_whole(value):
        return failed(f"`{plan.name}` holds numbers with decimals; whole ones are expected, such "
                      "as `.astype(int)` makes.", "dtype")
    return None


def _is_whole(value: Any) -> bool:
    return value.dtype.kind in "iu" or (value.dtype.kind == "O" and all(
        type(number_of(one)) is int for one in value.ravel().tolist()))


def _fault(
    own: Parts, expected: Parts, hits: Any, plan: _Plan, shape: tuple[int, ...]
) -> tuple[str, str]:
    """What is wrong with an array, and its tag."""
    import numpy as np

    counted = f"{int(hits.sum()):,} of {len(own):,} values are right."
    if plan.ordered and len(own) > 1:
        slip = parts.slip_in(own, expected, ~hits, plan.tolerance)
        if slip is not None:
            where = "the others" if hits.any() else "all of them"
            return f"{counted} In {where}, {slip[1]}", slip[0]
        if len(shape) == 1 and _in_any_order(own, expected, plan.tolerance).all():
            return "The values are right, but in another order.", "order"
        if len(shape) == 1 and _is_shifted(own, expected, plan.tolerance):
            return f"{counted} The values stand one place too early or too late.", "shifted"
    if any(one is None or _is_nan(one) for one in (own.at(int(n)) for n in np.flatnonzero(
            ~hits)[:_MOST_SHOWN])):
        tag = "nan"
    else:
        tag = "value"
    shown = [f"`{plan.name}[{', '.join(map(str, np.unravel_index(int(n), shape)))}]` = "
             f"{show(own.at(int(n)), width=30)}"
             for n in np.flatnonzero(~hits)[:_MOST_SHOWN]]
    more = ", …" if int((~hits).sum()) > _MOST_SHOWN else ""
    return f"{counted} Not right: {', '.join(shown)}{more}.", tag


def _is_nan(part: Any) -> bool:
    return type(part) is float and part != part


def _is_shifted(own: Parts, expected: Parts, tolerance: Tolerance) -> bool:
    """Whether all values but one stand one place off. Few, or equal, values show nothing."""
    if len(own) < 4 or own.figures is None or expected.figures is None:
        return False
    one, other = own.figures, expected.figures
    return any(bool(parts.near(first, second, tolerance).all())
               for first, second in ((one[1:], other[:-1]), (one[:-1], other[1:])))


def _in_any_order(own: Parts, expected: Parts, tolerance: Tolerance) -> Any:
    """Which of the learner's values have a partner of their own among the expected ones."""
    import numpy as np

    hits = np.zeros(len(own), dtype=bool)
    order = sorted(range(len(own)), key=lambda place: _rank(own.at(place)))
    wanted = sorted(expected.list(), key=_rank)
    below = 0
    for place in order:
        part = own.at(place)
        while below < len(wanted) and not parts.same_part(part, wanted[below], tolerance) and (
                _rank(wanted[below]) < _rank(part)):
            below += 1
        if below < len(wanted) and parts.same_part(part, wanted[below], tolerance):
            hits[place] = True
            below += 1
    return hits


def _rank(part: Any) -> tuple[str, Any]:
    """An order among parts of all kinds."""
    if part is None or part is parts.ODD or _is_nan(part):
        return "", 0
    if type(part) is bool or type(part) is str or type(part) is tuple:
        return type(part).__name__, part
    return ("complex", (part.real, part.imag)) if type(part) is complex else (
        "number", float_of(part))

"""What of a check of a function a release may tell: calls, and keys of what they return."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from autograders.function import (
    Case,
    Plan,
    arguments_of_drawn,
    call_text,
    called_with,
    error_text,
    impurity,
    wrong_value,
)
from autograders.guard import Called
from autograders.handout import Handout, Keys
from autograders.number import Tolerance
from autograders.outcome import Failure, Outcome, Scope, failed
from autograders.scales import MOST, Scale, is_guessed, key_of, keys_of, named_key
from autograders.values import float_of, number_of, reader, text_of

Kind = Literal["number", "text", ""]
"""What a call should return; nothing where that has no key."""

_LIKE: Mapping[str, Any] = {"number": 0.0, "text": ""}
_DEEPEST = 20


def handout_of(plan: Plan, told: Mapping[str, Any]) -> Handout:
    """The form of a check of a function, `told` among it, and keys of what its cases return."""
    earns = any(one.credit for one in plan.mistakes)
    cases = _handed_out(plan)
    results = [_result(case) for case in cases]
    scale = Scale.of(plan.tolerance)
    asked = [(place, one) for place, (kind, one) in enumerate(results) if kind]
    found = None if is_guessed(one for _, one in asked) else keys_of(
        ([place], one, None if type(one) is str else scale, plan.tolerance)
        for place, one in asked)
    calls = {"calls": [list(case.arguments) for case in cases], "part": plan.part,
             "pure": plan.pure, "rtol": plan.tolerance.rtol, "atol": plan.tolerance.atol}
    arguments = dict(told)
    if not earns and not (cases and found):
        count = _count(plan)
        arguments |= {} if count is None else {"parameters": count}
        arguments |= calls if cases else {}
    if found is None:
        return Handout(name=plan.name, arguments=arguments,
                       complete=plan.counts or not plan.mistakes)
    return Handout(
        name=plan.name, arguments=arguments, right=found[0], edge=found[1], named=True,
        keyed={**calls, "kinds": [kind for kind, _ in results],
               "faults": plan.credit == "all" and not earns},
        decides=not earns, counted="share" if plan.credit == "cases" else "count",
        complete=len(asked) == len(plan.cases) and plan.given is None)


def _handed_out(plan: Plan) -> list[Case]:
    """The cases whose calls are plain values; of a function that may keep something from call
    to call, all of them or none."""
    cases = [case for case in plan.cases
             if case.raises is None and all(map(_is_plain, case.arguments))]
    whole = len(cases) == len(plan.cases) and plan.given is None
    named = plan.part is None or type(plan.part) in (str, int)
    return cases if len(cases) <= MOST and named and (plan.pure or whole) else []


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Whether plain text brings back exactly this value."""
    if type(value) is list:
        return depth < _DEEPEST and all(_is_plain(one, depth + 1) for one in value)
    if type(value) is dict:
        return depth < _DEEPEST and all(
            type(key) is str and _is_plain(one, depth + 1) for key, one in value.items())
    return value is None or type(value) in (str, int, bool) or (
        type(value) is float and math.isfinite(value))


def _result(case: Case) -> tuple[Kind, Any]:
    """What a call should return, where it is a number or a text that is known."""
    text = text_of(case.expected)
    if text is not None:
        return "text", text
    number = number_of(case.expected) if case.known else None
    if number is None:
        return "", None
    return "number", math.nan if math.isnan(float_of(number)) else number


def _count(plan: Plan) -> int | None:
    """With how many arguments it is called, if always with as many."""
    counts = {len(case.arguments) for case in plan.cases if case.raises is None}
    counts |= arguments_of_drawn(plan)
    return counts.pop() if len(counts) == 1 else None


# ------------------------------------------------------------------------ the learner's end


def keys_of_calls(
    name: str, *, calls: Sequence[Sequence[Any]], kinds: Sequence[Kind], part: Any, pure: bool,
    rtol: float, atol: float, faults: bool,
) -> Keys:
    """Reads the keys of what the learner's function returns in each call that has a kind.

    With `faults`, a call that raises, or that returns another kind of value, ends it, as a
    Failure; otherwise such a call has a key that is never right.
    """
    plan = Plan(name=name, tolerance=Tolerance(rtol=rtol, atol=atol), reference=None, cases=(),
                given=None, examples=0, pure=pure, credit="all", part=part, mistakes=())
    read, scale = reader(name), Scale.of(plan.tolerance)

    def found(scope: Scope) -> tuple[str, ...]:
        learners, made = read(scope), []
        for place, (call, kind) in enumerate(zip(calls, kinds, strict=True)):
            value, fault = _called(learners, tuple(call), kind, plan)
            if fault is not None and faults:
                raise Failure(fault.message, tag=fault.tags[0])
            if kind:
                made.append(named_key([place], "odd" if fault is not None else (
                    key_of(value, scale if kind == "number" else None))))
        return tuple(made)

    return found


def _called(
    learners: Callable[..., Any], call: tuple[Any, ...], kind: Kind, plan: Plan
) -> tuple[Any, Outcome | None]:
    """A plain value that the function returns, or what is wrong with the call."""
    case = Case(arguments=copy.deepcopy(call), expected=_LIKE.get(kind), known=bool(kind))
    shown, arguments = call_text(plan.name, call), copy.deepcopy(call)
    try:
        called = called_with(learners, arguments, plan, shown)
        if type(called.error) is NotImplementedError:
            return None, failed(f"`{plan.name}` has no answer yet.", "unanswered")
        if called.error is not None:
            return None, failed(f"{shown} raises {error_text(called.error)}", "raises")
        value = _plain(called, kind)
        if kind and value is None:
            return None, wrong_value(called, case, shown)
        return value, impurity(learners, case, arguments, called, plan) if plan.pure else None
    except Failure as failure:
        return None, replace(failure.outcome, credit=0.0)


def _plain(called: Called, kind: Kind) -> Any:
    """What was returned as a plain number or text, if it should be one and is."""
    if kind == "text":
        return text_of(called.value)
    number = number_of(called.value) if kind else None
    return math.nan if number is not None and math.isnan(float_of(number)) else number

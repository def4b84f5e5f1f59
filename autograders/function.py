"""Functions: what a learner's function returns, raises and leaves alone."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from autograders import guard
from autograders.guard import Called
from autograders.number import Tolerance
from autograders.outcome import (
    Check,
    Failure,
    KnownAs,
    Mistake,
    Outcome,
    Scope,
    failed,
    partly,
    passed,
    read_mistakes,
)
from autograders.same import comparable, same
from autograders.source import source
from autograders.values import item_of, kind_of, reader, show

Credit = Literal["all", "cases"]
_EXACT = Tolerance(rtol=0.0, atol=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One call: its arguments, and what should come of it."""

    arguments: tuple[Any, ...]
    expected: Any = None
    raises: type[BaseException] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """All that a function is asked to do."""

    name: str
    tolerance: Tolerance
    reference: Callable[..., Any] | None
    cases: tuple[_Case, ...]
    given: Any
    examples: int
    pure: bool
    mistakes: tuple[Mistake, ...]
    credit: Credit
    part: Any


def function(  # noqa: PLR0913 - each says one thing that can be asked of a function
    name: str, cases: Iterable[tuple[Any, Any]] = (), *,
    reference: Callable[..., Any] | None = None, inputs: Iterable[Any] = (), given: Any = None,
    examples: int = 50, raises: Iterable[tuple[Any, type[BaseException]]] = (),
    pure: bool = True, seconds: float = 10.0, rtol: float = 1e-9, atol: float = 1e-9,
    mistakes: Mapping[Callable[..., Any], str | KnownAs] | None = None, credit: Credit = "all",
    part: Any = None, uses: Sequence[str] = (), avoids: Sequence[str] = (),
    label: str | None = None,
) -> Check:
    """The learner's function `name` returns what it should.

    `cases` are pairs of an argument (a tuple stands for several) and the expected value. With a
    `reference`, the author's own function, the learner's is compared with it for the `inputs`
    and for what `given` draws: a hypothesis strategy (a tuple of strategies stands for several
    arguments; the smallest failing example is told), or a function of a seeded `random.Random`.
    `raises` are pairs of an argument and the exception that it has to raise. A `pure` function
    leaves its arguments alone and returns the same for the same. All calls together have
    `seconds`. `mistakes` maps a wrong function to what is told when the learner's behaves like
    it. With `credit="cases"` each case earns its share; what is drawn counts as one case. With a
    `part`, the place or name of an item, only this item of what is returned is looked at, so that
    the parts of a result can earn their shares in checks of their own.

    `uses` and `avoids` name what its code has to use or may not (loops, a call), in the words of
    `source`; such a function is not called before its code is as asked.
    """
    asked = source(name, uses=uses, avoids=avoids) if uses or avoids else None
    listed = [_Case(arguments=_tuple(one), expected=value) for one, value in cases]
    listed += [_Case(arguments=_tuple(one), raises=error) for one, error in raises]
    inputs = list(inputs)
    if (inputs or given is not None) and reference is None:
        raise TypeError("inputs= and given= need a reference= to compare with")
    if not listed and not inputs and given is None:
        raise TypeError("a function is checked by cases, inputs=, given= or raises=")
    if part is not None and reference is not None:
        reference = _only(reference, part)
    if reference is not None:
        listed += [_Case(arguments=_tuple(one), expected=_expected(reference, _tuple(one)))
                   for one in inputs]
    plan = _Plan(
        name=name, tolerance=Tolerance(rtol=rtol, atol=atol), reference=reference,
        cases=tuple(listed), given=given, examples=examples, pure=pure, credit=credit,
        part=part, mistakes=tuple(
            one if part is None else replace(one, match=_only(one.match, part))
            for one in read_mistakes(mistakes)))
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        learners = read(scope)
        if not callable(learners) or isinstance(learners, type):
            raise Failure(f"`{name}` should be a function, but it is {kind_of(learners)}.",
                          tag="type")
        made = asked.examine(scope) if asked is not None else None
        return made if made is not None and made.state != "passed" else _examined(learners, plan)

    return Check(label=label or name, kind="function", examine=examine, seconds=seconds)


def _examined(learners: Callable[..., Any], plan: _Plan) -> Outcome:
    wrong: list[Outcome] = []
    for case in plan.cases:
        outcome = _fault(learners, case, plan)
        if outcome is not None:
            wrong.append(outcome)
    total = len(plan.cases)
    if plan.given is not None:
        total += 1
        outcome = _drawn_fault(learners, plan)
        if outcome is not None:
            wrong.append(outcome)
    if not wrong:
        return passed("It returns what it should.")
    right = total - len(wrong)
    first = wrong[0]
    share = right / total if plan.credit == "cases" else 0.0
    made = _behaves_like(learners, plan)
    if made is not None:
        return partly(max(share, made.credit), made.message, made.tag)
    told = first.message + (f" {right} of {total} cases are right." if total > 1 else "")
    return partly(share, told, *first.tags)


# ---------------------------------------------------------------------------------- a case


def _fault(learners: Callable[..., Any], case: _Case, plan: _Plan) -> Outcome | None:
    """What is wrong with the function in this case, or None."""
    arguments = copy.deepcopy(case.arguments)
    shown = _call_text(plan.name, case.arguments)
    try:
        called = _called(learners, arguments, plan, shown)
    except Failure as failure:
        return failure.outcome
    if case.raises is not None:
        return _fault_of_error(called, case.raises, shown)
    if type(called.error) is NotImplementedError:
        return failed(f"`{plan.name}` has no answer yet.", "unanswered")
    if called.error is not None:
        return failed(f"{shown} raises {_error_text(called.error)}", "raises")
    if not same(called.value, case.expected, plan.tolerance):
        return _wrong_value(called, case, shown)
    if plan.pure:
        return _impurity(learners, case, arguments, called, plan)
    return None


def _called(
    learners: Callable[..., Any], arguments: tuple[Any, ...], plan: _Plan, shown: str
) -> Called:
    """A call of the learner's function. Raises Failure where the part asked for is not there."""
    called = guard.call(learners, *arguments)
    if plan.part is None or called.error is not None or called.value is None:
        return called
    return replace(called, value=item_of(called.value, plan.part, shown.strip("`")))


def _only(function: Callable[..., Any], part: Any) -> Callable[..., Any]:
    """The author's own function, of whose result one part is wanted."""
    return lambda *arguments: function(*arguments)[part]


def _fault_of_error(
    called: Called, wanted: type[BaseException], shown: str
) -> Outcome | None:
    if type(called.error) is NotImplementedError and wanted is not NotImplementedError:
        return failed(f"{shown} has no answer yet.", "unanswered")
    if called.error is None:
        return failed(f"{shown} should raise {wanted.__name__}; it returns "
                      f"{show(called.value)}.", "no-error")
    if not issubclass(type(called.error), wanted):
        return failed(f"{shown} should raise {wanted.__name__}; it raises "
                      f"{_error_text(called.error)}", "other-error")
    return None


def _wrong_value(called: Called, case: _Case, shown: str) -> Outcome:
    if called.value is None and case.expected is not None:
        told = "it prints; write `return` in the place of `print`." if called.printed else (
            "is there a way through it without `return`?")
        return failed(f"{shown} returns None: {told}", "returns-none")
    if kind_of(called.value).split(" of ")[0] != kind_of(case.expected).split(" of ")[0]:
        return failed(f"{shown} returns {kind_of(called.value)}, {show(called.value)}; it should "
                      f"be {kind_of(case.expected).split(' of ')[0]}.", "type")
    return failed(f"{shown} returns {show(called.value)}, which is not right.", "value")


def _impurity(
    learners: Callable[..., Any], case: _Case, arguments: tuple[Any, ...], called: Called,
    plan: _Plan,
) -> Outcome | None:
    shown = _call_text(plan.name, case.arguments)
    if comparable(case.arguments) and not same(arguments, case.arguments, _EXACT):
        return failed(f"{shown} changes what it was given: work on a copy.", "changes-argument")
    again = _called(learners, copy.deepcopy(case.arguments), plan, shown)
    if again.error is not None or not same(again.value, called.value, plan.tolerance):
        return failed(f"{shown} returns something else when it is called again: does it keep "
                      "something from call to call?", "keeps-state")
    return None


def _behaves_like(learners: Callable[..., Any], plan: _Plan) -> Mistake | None:
    """The known mistake that gives the learner's values in every case, and is wrong in one."""
    usual = [case for case in plan.cases if case.raises is None]
    usual += [_Case(arguments=one, expected=_expected(plan.reference, one))
              for one in _drawn(plan) if plan.reference is not None]
    try:
        returned = [_called(learners, copy.deepcopy(case.arguments), plan, plan.name)
                    for case in usual]
    except Failure:
        return None
    for known in plan.mistakes:
        tried = [_tried(known.match, case.arguments) for case in usual]
        differs = any(not same(one.value, case.expected, plan.tolerance)
                      for one, case in zip(tried, usual, strict=True))
        if differs and all(
            type(own.error) is type(one.error) and same(own.value, one.value, plan.tolerance)
            for own, one in zip(returned, tried, strict=True)
        ):
            return known
    return None


# -------------------------------------------------------------------------------- drawn cases


def _drawn_fault(learners: Callable[..., Any], plan: _Plan) -> Outcome | None:
    """What is wrong for an argument that was drawn, the smallest that is found; or None."""
    if not _is_strategy(plan.given):
        return next((fault for one in _drawn(plan)
                     if (fault := _fault_for(learners, one, plan)) is not None), None)
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    strategy = st.tuples(*plan.given) if isinstance(plan.given, tuple) else st.tuples(plan.given)
    found: list[Outcome] = []

    class _Found(Exception):
        """The example at hand shows a fault."""

    @settings(max_examples=plan.examples, derandomize=True, database=None, deadline=None,
              phases=(Phase.explicit, Phase.generate, Phase.shrink), print_blob=False,
              suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
    @given(strategy)
    def try_one(arguments: tuple[Any, ...]) -> None:
        fault = _fault_for(learners, arguments, plan)
        if fault is not None:
            found.append(fault)
            raise _Found

    try:
        try_one()
    except _Found:
        return found[-1]  # hypothesis runs the smallest example last
    except Exception as error:
        if found:  # a function that changes its mind between runs of one example
            return found[-1]
        raise error from None
    return None


def _fault_for(
    learners: Callable[..., Any], arguments: tuple[Any, ...], plan: _Plan
) -> Outcome | None:
    expected = _expected(plan.reference, arguments)
    return _fault(learners, _Case(arguments=arguments, expected=expected), plan)


def _drawn(plan: _Plan) -> Iterator[tuple[Any, ...]]:
    """Arguments that a plain function draws; a strategy draws within hypothesis alone."""
    if plan.given is None or _is_strategy(plan.given):
        return
    source = random.Random(guard.SEED)  # noqa: S311 - examples, not secrets
    for _ in range(plan.examples):
        yield _tuple(plan.given(source))


def _is_strategy(given: Any) -> bool:
    first = given[0] if isinstance(given, tuple) and given else given
    return type(first).__module__.partition(".")[0] == "hypothesis"


# ------------------------------------------------------------------------------------ words


def _tuple(one: Any) -> tuple[Any, ...]:
    return one if isinstance(one, tuple) else (one,)


def _expected(reference: Callable[..., Any] | None, arguments: tuple[Any, ...]) -> Any:
    assert reference is not None
    return reference(*copy.deepcopy(arguments))


def _tried(wrong: Callable[..., Any], arguments: tuple[Any, ...]) -> Called:
    return guard.call(wrong, *copy.deepcopy(arguments))


def _call_text(name: str, arguments: Sequence[Any]) -> str:
    return f"`{name}({', '.join(show(one, width=50) for one in arguments)})`"


def _error_text(error: BaseException) -> str:
    """An error in one line. Its text may be of the learner's making, and its `__str__` too."""
    try:
        text = str(BaseException.__str__(error))
    except Exception:  # noqa: BLE001 - an argument of the error may not like to be shown
        text = ""
    line = " ".join(text.split())[:100]
    kind = vars(type)["__name__"].__get__(type(error))
    return f"{kind}: {line.rstrip('.')}." if line else f"{kind}."

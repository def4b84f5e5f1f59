"""Functions: what a learner's function returns, raises and leaves alone."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import CO_VARARGS
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal

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
    well_formed,
)
from autograders.same import comparable, same
from autograders.source import source
from autograders.values import item_of, kind_of, reader, show

if TYPE_CHECKING:
    from autograders.handout import Handout, Keys

Credit = Literal["all", "cases"]
_EXACT = Tolerance(rtol=0.0, atol=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call: its arguments, and what should come of it, if that is `known`."""

    arguments: tuple[Any, ...]
    expected: Any = None
    known: bool = True
    raises: type[BaseException] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a function is asked to do."""

    name: str
    tolerance: Tolerance
    reference: Callable[..., Any] | None
    cases: tuple[Case, ...]
    given: Any
    examples: int
    pure: bool
    mistakes: tuple[Mistake, ...]
    credit: Credit
    part: Any

    @property
    def counts(self) -> bool:
        """Whether it is known what the function should do in any case."""
        return self.given is not None or any(case.known for case in self.cases)


def function(  # noqa: PLR0913 - each says one thing that can be asked of a function
    name: str, cases: Iterable[tuple[Any, Any]] = (), *,
    reference: Callable[..., Any] | None = None, inputs: Iterable[Any] = (), given: Any = None,
    examples: int = 50, raises: Iterable[tuple[Any, type[BaseException]]] = (),
    pure: bool = True, seconds: float = 10.0, rtol: float = 1e-9, atol: float = 1e-9,
    mistakes: Mapping[Callable[..., Any], str | KnownAs] | None = None, credit: Credit = "all",
    part: Any = None, uses: Sequence[str] = (), avoids: Sequence[str] = (),
    calls: Iterable[Sequence[Any]] = (), parameters: int | None = None,
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

    Without cases it looks at the form, and does not count: whether there is a function, of as
    many `parameters`, that can be called with each of the `calls`, which are lists of arguments.
    A release hands out the calls whose arguments are plain values, and digests of the numbers
    and texts that they should return; no reference, and nothing that is drawn.
    """
    plan = Plan(
        name=name, tolerance=Tolerance(rtol=rtol, atol=atol),
        reference=reference if part is None or reference is None else _only(reference, part),
        given=given, examples=examples, pure=pure, credit=credit, part=part, cases=(),
        mistakes=tuple(one if part is None else replace(one, match=_only(one.match, part))
                       for one in read_mistakes(mistakes)))
    plan = replace(plan, cases=_cases(plan, cases, list(inputs), raises, calls))
    asked = source(name, uses=uses, avoids=avoids) if uses or avoids else None
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        learners = read(scope)
        if not callable(learners) or isinstance(learners, type):
            raise Failure(f"`{name}` should be a function, but it is {kind_of(learners)}.",
                          tag="type")
        if parameters is not None and not takes(learners, parameters):
            raise Failure(f"`{name}` should take {parameters} argument"
                          f"{'' if parameters == 1 else 's'}.", tag="parameters")
        made = asked.examine(scope) if asked is not None else None
        return made if made is not None and made.state != "passed" else _examined(learners, plan)

    def handout() -> Handout:
        from autograders.function_keys import handout_of

        return handout_of(plan, {"uses": list(uses), "avoids": list(avoids), "seconds": seconds})

    return Check(label=label or name, kind="function", examine=examine, seconds=seconds,
                 counts=plan.counts, handout=handout)


def keys(name: str, **keyed: Any) -> Keys:
    """Reads the keys of what the learner's function `name` returns."""
    from autograders.function_keys import keys_of_calls

    return keys_of_calls(name, **keyed)


def takes(function: Any, count: int) -> bool:
    """Whether a function can be called with so many arguments, as far as its own code tells."""
    if type(function) is not FunctionType:
        return True
    code, defaults = function.__code__, function.__defaults__ or ()
    least = code.co_argcount - len(defaults)
    return least <= count and (count <= code.co_argcount or bool(code.co_flags & CO_VARARGS))


def _cases(
    plan: Plan, cases: Iterable[tuple[Any, Any]], inputs: list[Any],
    raises: Iterable[tuple[Any, type[BaseException]]], calls: Iterable[Sequence[Any]],
) -> tuple[Case, ...]:
    listed = [Case(arguments=_tuple(one), expected=value) for one, value in cases]
    listed += [Case(arguments=_tuple(one), raises=error) for one, error in raises]
    if (inputs or plan.given is not None) and plan.reference is None:
        raise TypeError("inputs= and given= need a reference= to compare with")
    listed += [Case(arguments=_tuple(one), expected=_expected(plan.reference, _tuple(one)))
               for one in inputs]
    form = [Case(arguments=tuple(one), known=False) for one in calls]
    if form and (listed or plan.given is not None):
        raise TypeError("calls= are for a check of the form alone; with cases, they are cases")
    if plan.mistakes and not listed and plan.given is None:
        raise TypeError("a function is known to be wrong by cases, inputs= or given=")
    return (*listed, *form)


def _examined(learners: Callable[..., Any], plan: Plan) -> Outcome:
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
        return passed("It returns what it should.") if plan.counts else well_formed(
            f"`{plan.name}` is a function.")
    right = total - len(wrong)
    first = wrong[0]
    share = right / total if plan.credit == "cases" else 0.0
    made = _behaves_like(learners, plan)
    if made is not None:
        return partly(max(share, made.credit), made.message, made.tag)
    told = first.message + (f" {right} of {total} cases are right." if total > 1 else "")
    return partly(share, told, *first.tags)


# ---------------------------------------------------------------------------------- a case


def _fault(learners: Callable[..., Any], case: Case, plan: Plan) -> Outcome | None:
    """What is wrong with the function in this case, or None."""
    arguments = copy.deepcopy(case.arguments)
    shown = call_text(plan.name, case.arguments)
    try:
        called = called_with(learners, arguments, plan, shown)
    except Failure as failure:
        return failure.outcome
    if case.raises is not None:
        return _fault_of_error(called, case.raises, shown)
    if type(called.error) is NotImplementedError:
        return failed(f"`{plan.name}` has no answer yet.", "unanswered")
    if called.error is not None:
        return failed(f"{shown} raises {error_text(called.error)}", "raises")
    if case.known and not same(called.value, case.expected, plan.tolerance):
        return wrong_value(called, case, shown)
    if plan.pure:
        return impurity(learners, case, arguments, called, plan)
    return None


def called_with(
    learners: Callable[..., Any], arguments: tuple[Any, ...], plan: Plan, shown: str
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
                      f"{error_text(called.error)}", "other-error")
    return None


def wrong_value(called: Called, case: Case, shown: str) -> Outcome:
    """What is told of a value that is not the expected one."""
    if called.value is None and case.expected is not None:
        told = "it prints; write `return` in the place of `print`." if called.printed else (
            "is there a way through it without `return`?")
        return failed(f"{shown} returns None: {told}", "returns-none")
    if kind_of(called.value).split(" of ")[0] != kind_of(case.expected).split(" of ")[0]:
        return failed(f"{shown} returns {kind_of(called.value)}, {show(called.value)}; it should "
                      f"be {kind_of(case.expected).split(' of ')[0]}.", "type")
    return failed(f"{shown} returns {show(called.value)}, which is not right.", "value")


def impurity(
    learners: Callable[..., Any], case: Case, arguments: tuple[Any, ...], called: Called,
    plan: Plan,
) -> Outcome | None:
    """Whether the function changed its arguments, or returns something else when it is called
    again."""
    shown = call_text(plan.name, case.arguments)
    if comparable(case.arguments) and not same(arguments, case.arguments, _EXACT):
        return failed(f"{shown} changes what it was given: work on a copy.", "changes-argument")
    again = called_with(learners, copy.deepcopy(case.arguments), plan, shown)
    if again.error is not None or not same(again.value, called.value, plan.tolerance):
        return failed(f"{shown} returns something else when it is called again: does it keep "
                      "something from call to call?", "keeps-state")
    return None


def _behaves_like(learners: Callable[..., Any], plan: Plan) -> Mistake | None:
    """The known mistake that gives the learner's values in every case, and is wrong in one."""
    usual = [case for case in plan.cases if case.raises is None]
    usual += [Case(arguments=one, expected=_expected(plan.reference, one))
              for one in _drawn(plan) if plan.reference is not None]
    try:
        returned = [called_with(learners, copy.deepcopy(case.arguments), plan, plan.name)
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


def _drawn_fault(learners: Callable[..., Any], plan: Plan) -> Outcome | None:
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
    learners: Callable[..., Any], arguments: tuple[Any, ...], plan: Plan
) -> Outcome | None:
    expected = _expected(plan.reference, arguments)
    return _fault(learners, Case(arguments=arguments, expected=expected), plan)


def _drawn(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """Arguments that a plain function draws; a strategy draws within hypothesis alone."""
    if plan.given is None or _is_strategy(plan.given):
        return
    source = random.Random(guard.SEED)  # noqa: S311 - examples, not secrets
    for _ in range(plan.examples):
        yield _tuple(plan.given(source))


def arguments_of_drawn(plan: Plan) -> set[int]:
    """How many arguments are drawn at a time."""
    if plan.given is None:
        return set()
    if _is_strategy(plan.given):
        return {len(_tuple(plan.given))}
    return {len(one) for one in _drawn(plan)}


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


def call_text(name: str, arguments: Sequence[Any]) -> str:
    """A call in words."""
    return f"`{name}({', '.join(show(one, width=50) for one in arguments)})`"


def error_text(error: BaseException) -> str:
    """An error in one line. Its text may be of the learner's making, and its `__str__` too."""
    try:
        text = str(BaseException.__str__(error))
    except Exception:  # noqa: BLE001 - an argument of the error may not like to be shown
        text = ""
    line = " ".join(text.split())[:100]
    kind = vars(type)["__name__"].__get__(type(error))
    return f"{kind}: {line.rstrip('.')}." if line else f"{kind}."

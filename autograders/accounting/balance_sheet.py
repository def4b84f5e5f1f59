"""A balance sheet: it balances, and its equity follows from the income statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from autograders.accounting.blind import (
    FITS_NONE,
    boxes,
    drops_endings,
    earns,
    handed,
    strays,
    words,
)
from autograders.accounting.blind_lines import (
    has_other_words,
    line_keys,
    public,
    readable,
    ways_of,
)
from autograders.accounting.carried import better, expecting, known_mistakes
from autograders.accounting.entries import added, rounded
from autograders.accounting.income_statement import PROFITS
from autograders.accounting.names import normal
from autograders.accounting.rows import exact, listed, plural
from autograders.accounting.slips import Slip
from autograders.accounting.statement import (
    Marks,
    Shape,
    Statement,
    lines_of,
    marks_of,
    outcome_of,
    section_total,
    shape_of,
    statement_of,
)
from autograders.handout import DOUBT, Handout, Keys
from autograders.outcome import (
    Answer,
    Check,
    Failure,
    Mistakes,
    Outcome,
    Scope,
    passed,
    well_formed,
)
from autograders.values import figure, number_of, reader

_NINE = 9
_OF_PERIOD = ("revenue", "expense", "sales", "wages", "drawing", "dividend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """How equity moves: what it was, and what owners took out and put in. A value that is not
    told is None."""

    opening: Decimal
    drawings: Decimal
    contributions: Decimal

    def closing(self, profit: Decimal) -> Decimal:
        """What equity is at the end: opening + profit - drawings + contributions."""
        return self.opening + profit - self.drawings + self.contributions

    def profit(self, closing: Decimal) -> Decimal:
        """The profit that leads to this equity."""
        return closing - self.opening + self.drawings - self.contributions


def balance_sheet(  # noqa: PLR0913 - what an author may say of a statement, all optional
    name: str, expected: Any = None, *, income: str | Answer | None = None,
    opening_equity: Any = None, drawings: Any = 0, contributions: Any = 0,
    aliases: Mapping[str, str] | None = None, places: int = 2, mistakes: Mistakes | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the balance sheet `expected`.

    `expected` is `{"Assets": {...}, "Liabilities": {...}, "Equity": {...}}`; a section with
    "asset" in its name is an asset, with "equity" or "capital" equity, any other a liability.
    All amounts are positive, but for what is taken off. The learner's forms are those of
    `income_statement`.

    That it balances is looked at first and counts as one line; so do the lines, each. With
    `income`, the learner's name (such as `income["Profit"]`) of the profit or of the income
    statement, or ag.answer of it, and `opening_equity`, one more line is that the equity is the
    opening equity plus the learner's own profit, less `drawings`, plus `contributions`; an
    equity line that is right for that profit is right.

    A mistake is a predicate of the learner's lines by name, or wrong lines (in a list of pairs);
    with `given`, `expected` is a function of earlier answers. Raises ValueError where `expected`
    does not balance, or its equity does not follow from the right profit of an ag.answer.

    An `expected` of names without amounts, `{"Assets": ["Cash", ...], ...}`, asks that all lines
    are there and that the sheet balances, and does not count: for the visible part of a test
    whose hidden part has the amounts. Without `expected` it asks for lines alone.

    A release hands out a digest of each line, and none of their names or sections.
    """
    if expected is None:
        return _lines(name, label)
    if _is_names(expected):
        return _form(name, expected, aliases, places, label)
    wanted = expecting(expected, given, aliases)
    moves = _moves(income, opening_equity, drawings, contributions)
    shape = _shape(wanted.right, aliases)
    known = known_mistakes(mistakes)
    read = reader(name)
    path = income.name if isinstance(income, Answer) else income
    read_profit = _profit_in(path)
    if moves is not None and isinstance(income, Answer):
        _demand_profit(income, shape, moves, places)

    def examine(scope: Scope) -> Outcome:
        value = read(scope)
        statement = statement_of(value, name, shape)
        profit = read_profit(scope)

        def by(figures: Any) -> Outcome:
            other = _shape(figures, aliases)
            return _outcome(statement_of(value, name, other), other, moves, profit, places)

        outcome = by(wanted.right)
        if outcome.credit < 1:
            made = known({item.name: item.amount for item in statement.items},
                         outcome.credit)
            if made is not None:
                return made
        return better(outcome, wanted, scope, by)

    def handout() -> Handout:
        def earned(wrong: Any) -> float:
            return _outcome(statement_of(wrong, name, shape), shape, moves, None, places).credit

        return _handout(name, shape, path, moves, mistakes, places=places, decides=not given,
                        earned=earned)

    return Check(label=label or name, kind="balance_sheet", examine=examine, handout=handout)


def _is_names(expected: Any) -> bool:
    return isinstance(expected, Mapping) and bool(expected) and all(
        isinstance(one, list | tuple) for one in expected.values())


def _handout(
    name: str, shape: Shape, path: str | None, moves: Equity | None, mistakes: Mistakes | None,
    *, places: int, decides: bool, earned: Callable[[Any], float],
) -> Handout:
    """The keys of the lines, with the profit that the equity follows from."""
    profit = None if moves is None else moves.profit(_equity(shape.items.values()))
    if not readable(shape, public({}), places) or (
            profit is not None and profit != rounded(profit, places)):
        return Handout(name=name)
    names = {"endings": drops_endings(shape.names), "aliased": has_other_words(shape)}
    profits = [[]] if profit is None else [[_profit_key(one, places)] for one in (profit, None)]
    return handed(
        name, [[*way, *key] for way in ways_of(shape, places) for key in profits], arguments={},
        keyed={**names, "income": path, "places": places},
        # With a profit of their own, another equity may be right.
        decides=decides and moves is None and names["endings"] and not (
            names["aliased"] or earns(mistakes)),
        mistakes=() if moves is not None else boxes(
            mistakes, lambda wrong: line_keys(wrong, name, public({}), places=places, **names)[0],
            earned))


def keys(
    name: str, *, income: str | None, places: int, endings: bool, aliased: bool
) -> Keys:
    """Reads the lines of the learner's `name`, and the profit in `income`."""
    read, read_profit = reader(name), _profit_in(income)

    def found(scope: Scope) -> tuple[str, ...]:
        told, _ = line_keys(read(scope), name, public({}), places=places, endings=endings,
                            aliased=aliased)
        if income is None:
            return tuple(told)
        profit = read_profit(scope)
        # What rounding takes off the profit may be what the equity lacks.
        unsure = profit is not None and strays([profit], places)
        return (*told, _profit_key(profit, places), *((FITS_NONE, DOUBT) if unsure else ()))

    return found


def _profit_key(profit: Decimal | None, places: int) -> str:
    """The key of the learner's profit; no part of the sheet."""
    return " profit " + ("" if profit is None else words(profit, places))


def _lines(name: str, label: str | None) -> Check:
    """A check that a balance sheet has lines."""
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        own = statement_of(read(scope), name, public({}))
        sides = [added(item.amount for item in own.items if is_asset(item.section) == asset)
                 for asset in (True, False)]
        told = f" By its sections, assets are {figure(sides[0])}, the rest {figure(sides[1])}."
        grouped = all(item.section for item in own.items) and sides[0]
        return well_formed(f"It has {plural(len(own.items), 'line')}.{told if grouped else ''}")

    return Check(label=label or name, kind="balance_sheet", examine=examine, counts=False,
                 handout=lambda: Handout(name=name))


def _form(
    name: str, lines: Mapping[str, Iterable[str]], aliases: Mapping[str, str] | None, places: int,
    label: str | None,
) -> Check:
    """A check of the form of a balance sheet alone."""
    shape = _shape({section: dict.fromkeys(names, 0) for section, names in lines.items()}, aliases)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        own = statement_of(read(scope), name, shape)
        missing = [line for line, item in shape.items.items() if own.find(item) is None]
        extra = [item.name for item in own.items if item.name not in shape.items]
        if missing:
            raise Failure(f"`{name}` lacks {listed(missing)}.", tag="missing-line")
        if extra:
            raise Failure(f"{listed(extra)} {'does' if len(extra) == 1 else 'do'} not belong in "
                          f"`{name}`.", tag="extra-line")
        assets = section_total(own, shape, is_asset)
        claims = section_total(own, shape, lambda section: not is_asset(section))
        if rounded(assets, places) != rounded(claims, places):
            slip = _uneven(own, assets, claims, None, None)
            raise Failure(slip.message, tag=slip.tag)
        return well_formed(f"It balances: {figure(assets)} on either side.")

    stated = {"expected": {section: list(names) for section, names in lines.items()},
              "aliases": aliases, "places": places}
    return Check(label=label or name, kind="balance_sheet", examine=examine, counts=False,
                 handout=lambda: Handout(name=name, arguments=stated))


def _profit_in(path: str | None) -> Callable[[Scope], Decimal | None]:
    """Reads the learner's profit: a missing income statement costs its own question alone."""
    read = reader(path) if path is not None else None

    def profit(scope: Scope) -> Decimal | None:
        try:
            return profit_of(read(scope)) if read is not None else None
        except Failure:
            return None

    return profit


def _demand_profit(income: Answer, shape: Shape, moves: Equity, places: int) -> None:
    """Raise ValueError where the author's own equity does not follow from the profit."""
    try:
        profit = profit_of(income.right)
    except Failure as failure:
        raise ValueError(failure.outcome.message) from None
    right = moves.profit(_equity(shape.items.values()))
    if profit is None or rounded(profit, places) != rounded(right, places):
        raise ValueError(f"the expected equity follows from a profit of {right}, not {profit}")


def _moves(
    income: str | Answer | None, opening: Any, drawings: Any, contributions: Any
) -> Equity | None:
    if income is None and opening is None:
        return None
    if income is None or opening is None:
        raise ValueError("income= and opening_equity= go together")
    figures = [exact(number) if (number := number_of(value)) is not None else None
               for value in (opening, drawings, contributions)]
    if any(one is None for one in figures):
        raise ValueError("opening_equity, drawings and contributions are numbers")
    first, second, third = (one or Decimal(0) for one in figures)
    return Equity(opening=first, drawings=second, contributions=third)


def _shape(expected: Any, aliases: Mapping[str, str] | None) -> Shape:
    shape = shape_of(expected, aliases=aliases)
    if not any(is_asset(item.section) for item in shape.items.values()):
        raise ValueError("a balance sheet has a section of assets, such as 'Assets'")
    if added(item.amount if is_asset(item.section) else -item.amount
             for item in shape.items.values()):
        raise ValueError("the expected balance sheet does not balance")
    return shape


def is_asset(section: str) -> bool:
    """Whether a section holds assets, by its name."""
    return "asset" in normal(section)


def is_equity(section: str) -> bool:
    """Whether a section holds equity, by its name."""
    text = normal(section)
    return "liabilities and" not in text and any(word in text for word in ("equity", "capital"))


def profit_of(value: Any) -> Decimal | None:
    """The profit that a learner has: a number, or the line of an income statement; or None.

    Raises Failure for what is neither.
    """
    number = number_of(value)
    if number is not None:
        return exact(number)
    profits = {normal(word) for word in PROFITS}
    return next((amount for _, word, amount in lines_of(value, "income")
                 if normal(word) in profits), None)


def _outcome(
    own: Statement, shape: Shape, moves: Equity | None, profit: Decimal | None, places: int
) -> Outcome:
    assets = section_total(own, shape, is_asset)
    claims = section_total(own, shape, lambda section: not is_asset(section))
    even = rounded(assets, places) == rounded(claims, places)
    carried, tags = _for_profit(own, shape, moves, profit, places)
    marks = marks_of(own, carried, places=places, explain=_explain)
    scores = {**marks.scores, " balances": float(even)}
    first = [] if even else [_uneven(own, assets, claims, profit, moves)]
    if moves is not None:
        slips = list(_articulation(own, carried, moves, profit, places))
        scores[" articulates"] = float(not slips)
        first += slips
    marks = Marks(scores=scores, slips=[*first, *marks.slips], tags=tags)
    if marks.right:
        told = "It balances, and every line is right."
        if tags:
            told += " Equity was measured by your own profit."
        return passed(told, *tags)
    return outcome_of(marks, "part")


def _for_profit(
    own: Statement, shape: Shape, moves: Equity | None, profit: Decimal | None, places: int
) -> tuple[Shape, tuple[str, ...]]:
    """The shape with the equity line that took up the learner's own profit."""
    if moves is None or profit is None:
        return shape, ()
    right = moves.profit(_equity(shape.items.values()))
    shift = profit - right
    if not rounded(shift, places):
        return shape, ()
    for name, item in shape.items.items():
        line = own.find(item)
        if is_equity(item.section) and line is not None and (
                rounded(line.amount, places) == rounded(item.amount + shift, places)):
            items = {**shape.items, name: replace(item, amount=item.amount + shift)}
            return replace(shape, items=items), ("carried-forward",)
    return shape, ()


def _equity(items: Any) -> Decimal:
    return added(item.amount for item in items if is_equity(item.section))


def _uneven(
    own: Statement, assets: Decimal, claims: Decimal, profit: Decimal | None,
    moves: Equity | None,
) -> Slip:
    difference = abs(assets - claims)
    hint = "Which line is missing, or stands on the wrong side?"
    half = next((item for item in own.items if 2 * abs(item.amount) == difference), None)
    if profit and difference == abs(profit):
        hint = "That is your profit: is it in the equity?"
    elif moves is not None and difference == moves.drawings:
        hint = "That is what the owners took out."
    elif half is not None:
        hint = f"Half of it is `{half.name}`: does that stand on the right side?"
    elif difference % _NINE == 0:
        hint = "It can be divided by 9: have two digits changed places somewhere?"
    return Slip(tag="does-not-balance", rank=0, message=f"It does not balance: assets are "
                f"{figure(assets)}, liabilities and equity {figure(claims)}; the difference is "
                f"{figure(difference)}. {hint}")


def _articulation(
    own: Statement, shape: Shape, moves: Equity, profit: Decimal | None, places: int
) -> Iterator[Slip]:
    """The slip of an equity that does not follow from the profit, or nothing."""
    equity = section_total(own, shape, is_equity)
    if profit is None:  # there is no profit of the learner's to go by
        profit = moves.profit(_equity(shape.items.values()))

    def is_(amount: Decimal) -> bool:
        return rounded(equity, places) == rounded(amount, places)

    if is_(moves.closing(profit)):
        return
    if is_(moves.opening - moves.drawings + moves.contributions):
        yield Slip(tag="profit-left-out", rank=0, message="The equity lacks the profit of the "
                   "period: what was earned belongs to the owners.")
    elif moves.drawings and is_(moves.closing(profit) + moves.drawings):
        yield Slip(tag="drawings-left-out", rank=0, message="The equity still holds what the "
                   "owners took out.")
    elif moves.contributions and is_(moves.closing(profit) - moves.contributions):
        yield Slip(tag="contributions-left-out", rank=0, message="The equity lacks what the owners "
                   "put in.")
    else:
        yield Slip(tag="not-articulated", rank=0, message="The equity does not follow from your "
                   "profit: opening equity, plus profit, less drawings, plus contributions.")


def _explain(kind: str, name: str, _: Decimal) -> Slip | None:
    if kind == "sign":
        return Slip(tag="sign", message=f"`{name}` has the other sign. Assets, liabilities and "
                    "equity are all written positive.")
    if any(word in normal(name) for word in _OF_PERIOD):
        return Slip(tag="income-line", message=f"`{name}` is of a period, not of a day: it reaches "
                    "the balance sheet through equity alone.")
    return None


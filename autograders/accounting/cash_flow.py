"""A cash flow statement, direct or indirect: sections, signs, and the change in cash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from autograders.accounting.carried import better, expecting, known_mistakes
from autograders.accounting.entries import added, rounded
from autograders.accounting.names import normal
from autograders.accounting.rows import exact
from autograders.accounting.slips import Slip
from autograders.accounting.statement import (
    Marks,
    Shape,
    Statement,
    marks_of,
    outcome_of,
    sections_alone,
    shape_of,
    statement_of,
)
from autograders.outcome import Answer, Check, Mistakes, Outcome, Scope, passed
from autograders.values import figure, number_of, reader

Method = Literal["direct", "indirect"]

CHANGE = "Net change in cash"
_CHANGES = ("Change in cash", "Net increase in cash", "Net decrease in cash",
            "Increase in cash", "Net cash flow", "Net increase (decrease) in cash")
_NO_CASH = ("depreciation", "amortisation", "amortization", "impairment", "write off")
_TIED_UP = ("receivable", "inventor", "prepaid", "stock")
_OWED = ("payable", "accrued", "unearned", "deferred")


def cash_flow(  # noqa: PLR0913 - what an author may say of a statement, all optional
    name: str, expected: Any, *, method: Method = "direct", opening: Any = None,
    closing: Any = None, either: Mapping[str, Sequence[str]] | None = None,
    aliases: Mapping[str, str] | None = None, places: int = 2,
    mistakes: Mistakes | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the cash flow statement `expected`.

    `expected` is `{"operating": {line: amount}, "investing": {...}, "financing": {...}}`, or one
    figure a section, `{"operating": 3600, ...}`, with which the learner's lines are added up.
    Money that goes out is negative. The learner's forms are those of `income_statement`; a
    triple or a column `section` says where a line stands.

    Each line counts the same; one in another section, or with the other sign, earns half.
    `either` names the sections in which a line may stand, such as
    `{"Interest paid": ["operating", "financing"]}`. With `opening` and `closing` cash one more
    line is that the flows add up to the difference; a line "Net change in cash", where the
    learner has one, has to be what the lines add up to, and counts too.

    `method` says what a wrong line is told: in a direct statement profit and depreciation have no
    place; in an indirect one, what was wrong in an adjustment. A mistake is a predicate of the
    learner's lines by name, or wrong lines (in a list of pairs); with `given`, `expected` is a
    function of earlier answers.
    """
    if method not in ("direct", "indirect"):
        raise ValueError(f"a method is 'direct' or 'indirect', not {method!r}")
    wanted = expecting(expected, given, aliases)
    change = _change(opening, closing)
    shape = _shape(wanted.right, aliases, either, change, places)
    known = known_mistakes(mistakes)
    explain = _explainer(method)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = read(scope)
        statement = statement_of(value, name, shape)

        def by(figures: Any) -> Outcome:
            other = _shape(figures, aliases, either, None, places)
            return _outcome(statement_of(value, name, other), other, change, explain, places)

        outcome = by(wanted.right)
        if outcome.credit < 1:
            made = known({item.name: item.amount for item in statement.items}
                         | dict(statement.totals), outcome.credit)
            if made is not None:
                return made
        return better(outcome, wanted, scope, by)

    return Check(label=label or name, kind="cash_flow", examine=examine)


def _change(opening: Any, closing: Any) -> Decimal | None:
    if opening is None and closing is None:
        return None
    figures = [exact(number) if (number := number_of(value)) is not None else None
               for value in (opening, closing)]
    if figures[0] is None or figures[1] is None:
        raise ValueError("opening= and closing= are numbers, and go together")
    return figures[1] - figures[0]


def _shape(
    expected: Any, aliases: Mapping[str, str] | None,
    either: Mapping[str, Sequence[str]] | None, change: Decimal | None, places: int,
) -> Shape:
    words = {**dict.fromkeys(_CHANGES, CHANGE), **(aliases or {})}
    shape = shape_of(expected, aliases=words, totals=(CHANGE,), either=either)
    if not shape.sections.known:
        shape = sections_alone(shape)
    total = added(item.amount for item in shape.items.values())
    if change is not None and rounded(total, places) != rounded(change, places):
        raise ValueError(f"the expected flows add up to {total}, but cash changes by {change}")
    return shape


def _outcome(
    own: Statement, shape: Shape, change: Decimal | None,
    explain: Callable[[str, str, Decimal], Slip | None], places: int,
) -> Outcome:
    marks = marks_of(own, shape, places=places, explain=explain, sections=True)
    total = rounded(added(item.amount for item in own.items), places)
    scores, slips = dict(marks.scores), list(marks.slips)
    written = own.totals.get(CHANGE)
    if written is not None:
        scores[CHANGE] = float(rounded(written, places) == total)
        if not scores[CHANGE]:
            slips.append(Slip(tag="does-not-add-up", message=f"Your change in cash is "
                              f"{figure(written)}, but your lines add up to {figure(total)}."))
    if change is not None:
        scores[" reconciles"] = float(total == rounded(change, places))
        if not scores[" reconciles"]:
            slips.append(Slip(tag="not-reconciled", rank=0, message=f"Your flows add up to "
                              f"{figure(total)}: that is not the difference between cash at the "
                              "end and at the beginning."))
    marks = Marks(scores=scores, slips=slips)
    if marks.right:
        return passed("Every line is right, in its section and with its sign.")
    return outcome_of(marks)


def _explainer(method: Method) -> Callable[[str, str, Decimal], Slip | None]:
    def explain(kind: str, name: str, _: Decimal) -> Slip | None:
        text = normal(name)
        if kind == "sign":
            return Slip(tag="sign", message=_sign(name, text, method))
        if method == "direct" and any(word in text for word in _NO_CASH):
            return Slip(tag="non-cash-line", message=f"`{name}` moves no money: it has no place in "
                        "a direct statement.")
        if method == "direct" and any(word in text for word in ("net income", "profit")):
            return Slip(tag="wrong-method", message=f"`{name}` begins an indirect statement. A "
                        "direct one lists what was received and paid.")
        return None

    return explain


def _sign(name: str, text: str, method: Method) -> str:
    if method == "indirect":
        if any(word in text for word in _NO_CASH):
            return f"`{name}` lowered the profit, but took no cash: is it added back?"
        if any(word in text for word in _TIED_UP):
            return (f"`{name}` has the other sign: when it rises, there is less cash than profit; "
                    "when it falls, more.")
        if any(word in text for word in _OWED):
            return (f"`{name}` has the other sign: when it rises, there is more cash than profit; "
                    "when it falls, less.")
    return f"`{name}` has the other sign: money that goes out is negative."

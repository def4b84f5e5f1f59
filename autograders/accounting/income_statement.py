"""An income statement: revenue and expenses line by line, and the profit that they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from autograders.accounting.blind import boxes, drops_endings, earns, handed
from autograders.accounting.blind_lines import (
    has_other_words,
    line_keys,
    public,
    readable,
    total_key,
    total_words,
    ways_of,
)
from autograders.accounting.carried import better, expecting, known_mistakes
from autograders.accounting.entries import added, rounded
from autograders.accounting.names import normal, role_of
from autograders.accounting.rows import plural
from autograders.accounting.slips import Slip
from autograders.accounting.statement import (
    Marks,
    Shape,
    Statement,
    marks_of,
    outcome_of,
    shape_of,
    statement_of,
)
from autograders.handout import Handout, Keys
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
from autograders.values import figure, reader

Less = Callable[[str], bool]

_OWNERS = ("drawing", "dividend", "withdrawal", "distribution", "capital")
_BALANCES = ("loan", "equipment", "inventory", "prepaid", "unearned", "deferred")
PROFITS = ("Net income", "Profit", "Net profit", "Net loss", "Profit for the period",
           "Profit for the year", "Net earnings")


def income_statement(  # noqa: PLR0913 - what an author may say of a statement, all optional
    name: str, expected: Any = None, *, total: str | None = "Net income",
    less: Iterable[str] | None = None, aliases: Mapping[str, str] | None = None, places: int = 2,
    mistakes: Mistakes | None = None,
    given: Mapping[str, Answer] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the income statement `expected`.

    `expected` is `{"Revenue": {"Repairs": 10300}, "Expenses": {"Rent": 1400}}`; the sections
    that are subtracted are those in `less`, by default those called expenses, costs, taxes or
    losses. Without sections, `{"Repairs": 10300, "Rent": -1400}`, expenses are negative. The
    learner's forms: the same, with or without sections, pairs (line, amount), or a table with
    the columns line and amount; expenses may all be written negative.

    The line `total` is the profit, which is computed; "Profit", "Net profit" and their like are
    the same line. It is right as well where it follows from the learner's own lines. With
    `total=None` none is asked for. Each line counts the same. A mistake is a predicate of the
    learner's lines by name, or wrong lines (in a list of pairs); with `given`, `expected` is a
    function of earlier answers.

    Without `expected` it looks whether there are lines and the `total`, and does not count. A
    release hands out a digest of each line, and none of their names but the total's.
    """
    if expected is None:
        return _form(name, total, aliases, label)
    wanted = expecting(expected, given, aliases)
    subtracted = _less(less)
    same = _profit_words(total)

    def shaped(statement: Any) -> Shape:
        own = {key: one for key, one in same.items() if not _has(statement, key)}
        return shape_of(statement, aliases={**own, **(aliases or {})},
                        totals=(total,) if total else (), flips=subtracted)

    shape = shaped(wanted.right)
    known = known_mistakes(mistakes)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = read(scope)
        statement = statement_of(value, name, shape)

        def by(figures: Any) -> Outcome:
            other = shaped(figures)
            return _outcome(statement_of(value, name, other), other, total, subtracted, places)

        outcome = by(wanted.right)
        if outcome.credit < 1:
            made = known({item.name: item.amount for item in statement.items}
                         | dict(statement.totals), outcome.credit)
            if made is not None:
                return made
        return better(outcome, wanted, scope, by)

    def handout() -> Handout:
        said = total_words(shape, total, aliases) if total else {}
        arguments = {"total": total, "aliases": said}
        known = public(_totals(total, said))
        if not readable(shape, known, places):
            return Handout(name=name, arguments=arguments)
        endings, aliased = drops_endings(shape.names), has_other_words(shape)
        names = {"endings": endings, "aliased": aliased}
        ways, sure = _ways(shape, total, subtracted, places)
        return handed(
            name, ways, arguments=arguments, keyed={**arguments, **names, "places": places},
            decides=sure and endings and not (aliased or given or earns(mistakes)),
            mistakes=boxes(
                mistakes, lambda wrong: _keys(wrong, name, known, places=places, **names),
                lambda wrong: _outcome(statement_of(wrong, name, shape), shape, total,
                                       subtracted, places).credit))

    return Check(label=label or name, kind="income_statement", examine=examine, handout=handout)


def _form(
    name: str, total: str | None, aliases: Mapping[str, str] | None, label: str | None
) -> Check:
    """A check of the form of an income statement alone."""
    own = {word: one for word, one in (aliases or {}).items() if one == total}
    read, known = reader(name), public(_totals(total, own))

    def examine(scope: Scope) -> Outcome:
        own = statement_of(read(scope), name, known)
        if total is not None and total not in own.totals:
            raise Failure(f"There is no line `{total}`.", tag="missing-total")
        return well_formed(f"There {'is' if len(own.items) == 1 else 'are'} "
                           f"{plural(len(own.items), 'line')}"
                           f"{'' if total is None else f', and `{total}`'}.")

    return Check(
        label=label or name, kind="income_statement", examine=examine, counts=False,
        handout=lambda: Handout(name=name, arguments={"total": total, "aliases": own}))


def keys(
    name: str, *, total: str | None, aliases: Mapping[str, str], places: int, endings: bool,
    aliased: bool,
) -> Keys:
    """Reads the lines of the learner's `name`, and the `total`."""
    read, known = reader(name), public(_totals(total, aliases))
    return lambda scope: _keys(read(scope), name, known, places=places, endings=endings,
                               aliased=aliased)


def _keys(value: Any, name: str, known: Shape, *, places: int, **names: bool) -> tuple[str, ...]:
    found, own = line_keys(value, name, known, places=places, **names)
    return (*found, *(total_key(word, amount, places) for word, amount in own.totals.items()))


def _totals(total: str | None, aliases: Mapping[str, str] | None) -> dict[str, str]:
    """The words for the line of profit."""
    return {} if total is None else {total: total, **_profit_words(total), **(aliases or {})}


def _profit_words(total: str | None) -> dict[str, str]:
    return {word: total for word in PROFITS if total and normal(word) != normal(total)}


def _ways(
    shape: Shape, total: str | None, less: Less, places: int
) -> tuple[list[list[str]], bool]:
    """The keys of the right lines and the right profit; whether no other profit follows from
    them."""
    ways = ways_of(shape, places)
    if total is None:
        return ways, True
    own = Statement(items=tuple(shape.items.values()), totals={}, written={})
    right = added(-item.amount if less(item.section) else item.amount
                  for item in shape.items.values())
    key = total_key(total, right, places)
    sure = {rounded(left, places) for left in _left(own, shape, less)} == {rounded(right, places)}
    return [[*way, key] for way in ways], sure


def _has(statement: Any, word: str) -> bool:
    """Whether an author's statement has a line of this name."""
    lines: list[str] = []
    for key, one in statement.items() if isinstance(statement, Mapping) else ():
        lines += one if isinstance(one, Mapping) else [key]
    return any(normal(line) == normal(word) for line in lines)


def _less(less: Iterable[str] | None) -> Less:
    if less is not None:
        own = {normal(section) for section in less}
        return lambda section: normal(section) in own
    return lambda section: any(
        word in normal(section) for word in ("expense", "cost", "tax", "loss", "deduction"))


def _outcome(
    own: Statement, shape: Shape, total: str | None, less: Less, places: int
) -> Outcome:
    marks = marks_of(own, shape, places=places, explain=_explain)
    if total is not None:
        score, slip = _profit(own, shape, total, less, places)
        marks = Marks(scores={**marks.scores, total: score},
                      slips=[*marks.slips, *([slip] if slip is not None else [])])
    if marks.right:
        return passed("Every line is right." if total is None else
                      f"Every line is right, and so is `{total}`.")
    return outcome_of(marks)


def _profit(
    own: Statement, shape: Shape, total: str, less: Less, places: int
) -> tuple[float, Slip | None]:
    """What the line of profit earns, and what is told of it."""
    given = own.totals.get(total)
    if given is None:
        return 0.0, Slip(tag="missing-total", message=f"There is no line `{total}`.", rank=2)
    right = added(-item.amount if less(item.section) else item.amount
                  for item in shape.items.values())
    if rounded(given, places) == rounded(right, places):
        return 1.0, None
    if rounded(given, places) in {rounded(left, places) for left in _left(own, shape, less)}:
        return 1.0, Slip(tag="carried-forward", rank=3, message=f"`{total}` follows from your "
                         "lines: it counts as right.")
    if rounded(given, places) == -rounded(right, places):
        return 0.5, Slip(tag="sign", message=f"`{total}` has the other sign: is it a profit or a "
                         "loss?")
    return 0.0, Slip(tag="does-not-add-up", message=f"`{total}` is {figure(given)}, which is not "
                     "what your lines leave.")


def _left(own: Statement, shape: Shape, less: Less) -> tuple[Decimal, Decimal]:
    """What a learner's own lines leave, expenses written positive or negative. Lines that
    stand in no section, and are not expected, are added in one result, subtracted in the other."""
    left, unknown = Decimal(0), Decimal(0)
    for item in own.items:
        section = shape.section_of(item) or item.section
        if less(section):
            left -= abs(item.amount)
        elif section or item.name in shape.items:
            left += item.amount
        else:
            unknown += item.amount
    return left + unknown, left - unknown


def _explain(kind: str, name: str, _: Decimal) -> Slip | None:
    if kind == "sign":
        return Slip(tag="sign", message=f"`{name}` has the other sign: is it earned, or used up?")
    text = normal(name)
    if any(word in text for word in _OWNERS):
        return Slip(tag="drawings-as-expense", message=f"`{name}` is between the business and its "
                    "owner: it is neither revenue nor expense.")
    if role_of(name) or any(word in text for word in _BALANCES):
        return Slip(tag="balance-sheet-line", message=f"`{name}` is what there is at a day, not "
                    "what was earned or used up: it belongs on the balance sheet.")
    return None

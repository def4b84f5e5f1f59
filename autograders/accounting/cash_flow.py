"""A cash flow statement, direct or indirect: sections, signs, and the change in cash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from autograders.accounting.blind import boxes, drops_endings, earns, handed, key_of, words
from autograders.accounting.blind_lines import (
    has_other_words,
    line_keys,
    public,
    readable,
    total_words,
    ways_of,
)
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
from autograders.values import figure, number_of, reader

Method = Literal["direct", "indirect"]

CHANGE = "Net change in cash"
_CHANGES = ("Change in cash", "Net increase in cash", "Net decrease in cash",
            "Increase in cash", "Net cash flow", "Net increase (decrease) in cash")
_WORDS = dict.fromkeys((CHANGE, *_CHANGES), CHANGE)
_SECTIONS = ("operating", "investing", "financing")
_NO_CASH = ("depreciation", "amortisation", "amortization", "impairment", "write off")
_TIED_UP = ("receivable", "inventor", "prepaid", "stock")
_OWED = ("payable", "accrued", "unearned", "deferred")


def cash_flow(  # noqa: PLR0913 - what an author may say of a statement, all optional
    name: str, expected: Any = None, *, method: Method = "direct", opening: Any = None,
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

    Without `expected`, or with names of `sections` alone, it looks whether there are lines that
    add up to the learner's own change in cash, and does not count. A release hands out a digest of
    each line in its section, where sections have their usual names, and no name of a line.
    """
    if expected is None or isinstance(expected, list | tuple):
        return _form(name, expected or (), aliases, places, label)
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

    def handout() -> Handout | None:
        def earned(wrong: Any) -> float:
            return _outcome(statement_of(wrong, name, shape), shape, change, explain,
                            places).credit

        return _handout(name, shape, aliases, mistakes, places=places, decides=not given,
                        earned=earned)

    return Check(label=label or name, kind="cash_flow", examine=examine, handout=handout)


def _form(
    name: str, whole: Sequence[str], aliases: Mapping[str, str] | None, places: int,
    label: str | None,
) -> Check:
    """A check of the form of a cash flow statement alone."""
    said = {word: one for word, one in (aliases or {}).items() if one == CHANGE}
    read, known = reader(name), public({**_WORDS, **said}, whole=whole)

    def examine(scope: Scope) -> Outcome:
        own = statement_of(read(scope), name, known)
        total = rounded(added(item.amount for item in own.items), places)
        slip = _unlike(own, total, places)
        if slip is not None:
            raise Failure(slip.message, tag=slip.tag)
        return well_formed(f"The lines add up to {figure(total)}.")

    return Check(
        label=label or name, kind="cash_flow", examine=examine, counts=False,
        handout=lambda: Handout(name=name, arguments={
            "expected": list(whole), "aliases": said, "places": places}))


def _handout(
    name: str, shape: Shape, aliases: Mapping[str, str] | None, mistakes: Mistakes | None, *,
    places: int, decides: bool, earned: Callable[[Any], float],
) -> Handout | None:
    """The keys of the lines in their sections, or of sections that are one figure each."""
    said = total_words(shape, CHANGE, aliases)
    single = bool(shape.whole)
    usual = _usual([*(shape.whole or shape.sections.known.values())])
    if single and (usual is None or shape.whole != frozenset(shape.items)):
        return None  # who does not know the lines cannot add them up
    known = _public(said, single=single)
    if not readable(replace(shape, whole=frozenset()), known, places):
        return None
    arguments = {"expected": list(_SECTIONS) if single else [], "aliases": said, "places": places}
    if usual is None:
        return Handout(name=name, arguments=arguments)
    names = {"endings": drops_endings(shape.names), "aliased": has_other_words(shape)}
    return handed(
        name, _ways(shape, usual, places), arguments=arguments,
        keyed={**names, "aliases": said, "places": places, "single": single},
        decides=decides and names["endings"] and not (
            names["aliased"] or shape.either or earns(mistakes)),
        # Flat figures tell no sections.
        mistakes=() if not single else boxes(
            mistakes, lambda wrong: line_keys(wrong, name, known, places=places, **names)[0],
            earned))


def keys(
    name: str, *, aliases: Mapping[str, str], places: int, single: bool, endings: bool,
    aliased: bool,
) -> Keys:
    """Reads the lines of the learner's `name` in their sections, or what each section comes to
    (`single`)."""
    read, known = reader(name), _public(aliases, single=single)
    return lambda scope: tuple(line_keys(
        read(scope), name, known, places=places, endings=endings, aliased=aliased)[0])


def _public(aliases: Mapping[str, str], *, single: bool) -> Shape:
    """What everybody may know of a cash flow statement."""
    return public({**_WORDS, **aliases}, **{"whole" if single else "sections": _SECTIONS})


def _usual(sections: Sequence[str]) -> dict[str, str] | None:
    """The usual name of each of an author's sections; None where one has another name."""
    found = {name: one for name in sections for one in _SECTIONS
             if normal(name) in (one, f"{one} activities")}
    return found if len(set(found.values())) == len(sections) > 0 else None


def _ways(shape: Shape, usual: Mapping[str, str], places: int) -> list[list[str]]:
    """The keys of the author's lines, or of sections, under their usual names."""
    if shape.whole:
        return [[key_of("", usual[name], words(item.amount, places))
                 for name, item in shape.items.items() if rounded(item.amount, places)]]
    return ways_of(shape, places, lambda item: [usual[one] for one in dict.fromkeys(
        [item.section, *sorted(shape.either.get(item.name, frozenset()))]) if one in usual])



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
    if CHANGE in own.totals:
        slip = _unlike(own, total, places)
        scores[CHANGE] = float(slip is None)
        slips += [slip] if slip is not None else []
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


def _unlike(own: Statement, total: Decimal, places: int) -> Slip | None:
    """The slip of a change in cash that is not what the learner's own lines add up to."""
    written = own.totals.get(CHANGE)
    if written is None or rounded(written, places) == total:
        return None
    return Slip(tag="does-not-add-up", message=f"Your change in cash is {figure(written)}, but "
                f"your lines add up to {figure(total)}.")


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

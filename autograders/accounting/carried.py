"""What a check expects: a value, or a function of earlier answers (error carried forward)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograders.accounting.entries import Entry
from autograders.accounting.forms import entries_of
from autograders.accounting.names import Names, names_of, normal
from autograders.accounting.rows import exact, listed
from autograders.number import given_number
from autograders.outcome import (
    Answer,
    Failure,
    Mistakes,
    Outcome,
    Scope,
    fits,
    made_of,
    read_mistakes,
)
from autograders.values import mapping_of, number_of, reader, text_of

_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an author expects: `right`, and for the learner's own earlier answers `own`."""

    right: Any
    own: Callable[[Scope], tuple[Any, list[str]] | None]


def expecting(
    expected: Any, given: Mapping[str, Answer] | None, aliases: Mapping[str, str] | None = None
) -> Expected:
    """What a check expects, of an author's `expected` and `given`.

    An earlier answer that is a journal is handed to the author's function as entries under
    the author's names, a number as a number, and figures by name as a dict. Raises TypeError
    for a `given` without a function, or the other way round.
    """
    if not callable(expected):
        if given:
            raise TypeError("with given=, the expected value is a function of the given names")
        return Expected(right=expected, own=lambda _: None)
    readers = {name: (_cleaner(one, aliases), reader(one.name), one)
               for name, one in (given or {}).items()}
    rights = {name: clean(one.right) for name, (clean, _, one) in readers.items()}

    def own(scope: Scope) -> tuple[Any, list[str]] | None:
        values: dict[str, Any] = {}
        for name, (clean, read, _) in readers.items():
            try:
                values[name] = clean(read(scope))
            except Failure:
                return None
        changed = [one.name for name, (_, _, one) in readers.items()
                   if values[name] != rights[name]]
        if not changed:
            return None
        try:
            return expected(**values), changed
        except (ArithmeticError, ValueError, LookupError, TypeError):
            return None  # the author's function has no value for such answers

    return Expected(right=expected(**rights), own=own)


def followed(outcome: Outcome, changed: list[str]) -> Outcome:
    """The outcome of an answer that was measured by the learner's own earlier ones."""
    one = len(changed) == 1
    told = (f"It follows from your own {listed(changed)}: credit for the method, though "
            f"{'that earlier answer is' if one else 'those earlier answers are'} not right.")
    message = f"{told}\n{outcome.message}" if outcome.credit < 1 else told
    return replace(outcome, message=message, tags=("carried-forward", *outcome.tags))


def better(
    outcome: Outcome, expected: Expected, scope: Scope, measure: Callable[[Any], Outcome]
) -> Outcome:
    """The outcome by the right value, or by the learner's own earlier answers if that earns
    more."""
    if outcome.credit >= 1 or outcome.review:
        return outcome
    found = expected.own(scope)
    if found is None:
        return outcome
    try:
        second = measure(found[0])
    except (ArithmeticError, ValueError, LookupError, TypeError):
        return outcome
    return followed(second, found[1]) if second.credit > outcome.credit else outcome


def _cleaner(one: Answer, aliases: Mapping[str, str] | None) -> Callable[[Any], Any]:
    """How an earlier answer is read, by what its right value is."""
    if not isinstance(one, Answer):
        raise TypeError(f"given= takes ag.answer(name, right), not {one!r}")
    if number_of(one.right) is not None:
        return lambda value: given_number(value, one.name)
    if isinstance(one.right, Mapping):
        keys = names_of(_keys(one.right), _known(_keys(one.right), aliases))
        return lambda value: _figures(value, one.name, keys)
    accounts = {line.account for entry in authored(one.right) for line in entry.lines}
    names = names_of(sorted(accounts), _known(accounts, aliases))
    return lambda value: renamed(entries_of(value, one.name), names)


def _known(names: set[str], aliases: Mapping[str, str] | None) -> dict[str, str]:
    return {alias: name for alias, name in (aliases or {}).items() if name in names}


def authored(journal: Any) -> tuple[Entry, ...]:
    """An author's journal, in any form. Raises ValueError for what is none."""
    try:
        return entries_of(journal)
    except Failure as failure:
        raise ValueError(failure.outcome.message) from None


def renamed(entries: tuple[Entry, ...], names: Names) -> tuple[Entry, ...]:
    """Entries with the author's names for their accounts, where they are known."""
    return tuple(
        replace(entry, lines=tuple(
            replace(line, account=names.find(line.account) or line.account)
            for line in entry.lines))
        for entry in entries)


def _keys(figures: Mapping[Any, Any]) -> set[str]:
    found = {key for key in figures if isinstance(key, str)}
    for inner in figures.values():
        if isinstance(inner, Mapping):
            found |= _keys(inner)
    return found


def _figures(value: Any, name: str, keys: Names, depth: int = _DEEPEST) -> dict[str, Any]:
    """Figures by name, under the author's names, with groups as dicts in it."""
    entries = mapping_of(value, most=1_000)
    if entries is None or not depth:
        raise Failure(f"`{name}` should hold figures by name.", tag="type")
    found: dict[str, Any] = {}
    for key, one in entries.items():
        word = text_of(key)
        if word is None:
            continue
        inner = mapping_of(one, most=1_000)
        found[keys.find(word[:100]) or word] = (
            given_number(one, f"{name}[{word!r}]") if inner is None
            else _figures(one, name, keys, depth - 1))
    return found


def known_mistakes(
    mistakes: Mistakes | None
) -> Callable[[Mapping[str, Any], float], Outcome | None]:
    """An author's known mistakes as a function of a learner's figures by name and of what they
    earn: the outcome of those that fit, or None.

    A mistake is a predicate of the figures, or the wrong figures. Raises TypeError for another.
    """
    known = read_mistakes(mistakes)
    for one in known:
        if not callable(one.match) and not isinstance(one.match, Mapping):
            raise TypeError("a mistake is wrong figures by name, or a function of the figures, "
                            f"not {one.match!r}")

    def made(figures: Mapping[str, Any], earned: float) -> Outcome | None:
        return made_of(
            [one for one in known if fits(one, figures, _same_figures, earned)], earned)

    return made


def _same_figures(figures: Mapping[str, Any], wrong: Mapping[str, Any]) -> bool:
    """Whether figures are the wrong ones; a figure of nothing may be left out."""
    own = {normal(name): amount for name, amount in figures.items() if amount}
    others = {normal(name): exact(number_of(amount) or 0) for name, amount in wrong.items()}
    return own == {name: amount for name, amount in others.items() if amount}

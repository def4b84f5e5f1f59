"""Choices: one of several options, some of them, or one for each of several items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum, isnan
from typing import TYPE_CHECKING, Any, Literal

from autograders.outcome import (
    Check,
    Failure,
    KnownAs,
    Mistake,
    Outcome,
    Scope,
    failed,
    fits,
    partly,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.text import Form
from autograders.values import (
    float_of,
    items_of,
    kind_of,
    mapping_of,
    nearest,
    number_of,
    reader,
    show,
    text_of,
)

if TYPE_CHECKING:
    from autograders.handout import Handout

Scoring = Literal["all", "minus", "right", "items", "groups"]

_FORM = Form()
_MOST_SHOWN = 3
_RULES: dict[str, tuple[Scoring, ...]] = {
    "one": ("all",), "several": ("all", "minus", "right"), "items": ("all", "items", "groups")}


def choice(
    name: str, expected: Any = None, *, options: Sequence[Any], scoring: Scoring | None = None,
    items: Iterable[Any] = (), several: bool = False,
    mistakes: Mapping[Any, str | KnownAs] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is what is `expected` of the `options`.

    One option is a single choice. A list or set of options is a multiple choice: with `scoring`
    "all" it is right as a whole or not; "minus" gives, of the number of right options, those
    chosen less the wrong ones chosen, and not below 0; "right" gives the share of the right
    options chosen, without penalty, but a learner who chooses more than there are right ones
    gets nothing. A dict is one choice for each item: "items" (the default) gives the share of
    right items, "groups" the mean of these shares over the items of each expected option, so
    that a rare option counts as much as a frequent one.

    Options are text, numbers, True or False; capital letters and white space do not count.
    `mistakes` maps a wrong option, `(item, option)` of a dict, or a predicate of the whole answer
    to what it tells.

    Without `expected` it looks whether there is an option, one or more if `several`, or one for
    each of the `items`, and for `mistakes` that are predicates of the whole answer, and does not
    count: for the visible part of a test whose hidden part has the answer. A release hands out
    no more than that: who can try all options needs no digest to be read.
    """
    offered = _Options(options)
    if expected is None:
        return _form(name, offered, tuple(items), several, read_mistakes(mistakes), label)
    kind = "items" if isinstance(expected, Mapping) else (
        "several" if isinstance(expected, list | tuple | set | frozenset) else "one")
    rule = scoring or ("items" if kind == "items" else "all")
    if rule not in _RULES[kind]:
        raise ValueError(f"scoring= is {' or '.join(map(repr, _RULES[kind]))} here, not {rule!r}")
    known = read_mistakes(mistakes)
    read = reader(name)
    judge = {"one": _one, "several": _several, "items": _items}[kind](
        name, expected, offered, rule, _checked(known, offered, kind))

    def examine(scope: Scope) -> Outcome:
        return judge(read(scope))

    def handout() -> Handout | None:
        return _handout(name, offered, tuple(expected) if kind == "items" else (),
                        kind == "several", complete=True)

    return Check(label=label or name, kind="choice", examine=examine, handout=handout)


def _handout(
    name: str, offered: _Options, items: tuple[Any, ...], several: bool, *, complete: bool
) -> Handout | None:
    """The form; None where an item is none that a release can write down."""
    from autograders.handout import Handout

    if not all(type(one) in (str, int, float, bool) for one in items):
        return None
    return Handout(name=name, complete=complete, arguments={
        "options": offered.all, "items": list(items), "several": several})


class _Options:
    """What can be chosen. An option is known by its place, whatever the learner's spelling."""

    def __init__(self, options: Sequence[Any]) -> None:
        if isinstance(options, str) or len(options) < 2:
            raise TypeError("options are a list of two or more")
        self.all = list(options)
        self._keys = [_key(one) for one in options]
        if None in self._keys or len(set(self._keys)) != len(self._keys):
            raise ValueError("options are text, numbers, True or False, each once")

    def expected(self, option: Any) -> int:
        """The place of an option that the author names."""
        if _key(option) not in self._keys:
            raise ValueError(f"{option!r} is not among the options")
        return self._keys.index(_key(option))

    def chosen(self, value: Any, name: str) -> int:
        """The place of the learner's option. Raises Failure with the nearest option."""
        key = _key(value)
        if key in self._keys and key is not None:
            return self._keys.index(key)
        if key is None:
            raise Failure(f"`{name}` should be one of the options, but it is {kind_of(value)}. "
                          f"{self._listed()}", tag="type")
        near = nearest(key[1], [one[1] for one in self._keys if one is not None]) if (
            key[0] == "text") else None
        hint = f" Do you mean {self._near(near)}?" if near is not None else ""
        raise Failure(f"`{name}`: {show(value, width=40)} is not one of the options.{hint} "
                      f"{self._listed()}", tag="unknown-option")

    def _near(self, word: str) -> str:
        return next(repr(one) for one, key in zip(self.all, self._keys, strict=True)
                    if key is not None and key[1] == word)

    def _listed(self) -> str:
        shown = [show(one, width=40) for one in self.all[:12]]
        more = ", …" if len(self.all) > len(shown) else ""
        return f"The options are {', '.join(shown)}{more}."


def _key(value: Any) -> tuple[str, str] | None:
    """What an option is known by. True and 1 are two options, 1 and 1.0 are one."""
    if type(value) is bool:
        return "bool", str(value)
    text = text_of(value)
    if text is not None:
        return "text", _FORM.of(text[:1000])
    number = number_of(value)
    if number is None or isnan(float_of(number)):
        return None
    return "number", repr(float_of(number))


def _checked(known: tuple[Mistake, ...], offered: _Options, kind: str) -> tuple[Mistake, ...]:
    """An author's known mistakes, whose options are among those that can be chosen."""
    for one in known:
        if not callable(one.match):
            option = one.match[1] if kind == "items" and isinstance(one.match, tuple) else (
                one.match)
            offered.expected(option)
    return known


def _whole(known: tuple[Mistake, ...], answer: Any, earned: float = 0.0) -> Mistake | None:
    """The known mistake whose predicate fits the whole answer."""
    return next((one for one in known
                 if callable(one.match) and fits(one, answer, lambda *_: False, earned)), None)


def _form(
    name: str, offered: _Options, items: tuple[Any, ...], several: bool,
    known: tuple[Mistake, ...], label: str | None,
) -> Check:
    """A check of the form of an answer alone."""
    if not all(callable(one.match) for one in known):
        raise TypeError("without an expected answer, a mistake is found by a predicate")
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = read(scope)
        if items:
            given = _mapping(value, name, items[0])
            answer: Any = {item: offered.all[_choice_of(item, given, offered, name)]
                           for item in items}
        elif several:
            answer = [offered.all[one] for one in sorted(_chosen(value, offered, name))]
        else:
            answer = offered.all[offered.chosen(value, name)]
        made = _whole(known, answer)
        if made is not None:
            return made.outcome
        if several and not items:
            return well_formed("What you chose is among the options.")
        return well_formed(f"Each of the {len(items)} has one of the options." if items else
                           f"{show(answer, width=40)} is one of the options.")

    return Check(
        label=label or name, kind="choice", examine=examine, counts=False,
        handout=lambda: _handout(name, offered, items, several, complete=not known))


# ----------------------------------------------------------------------------- three forms


def _one(
    name: str, expected: Any, offered: _Options, _rule: Scoring, known: tuple[Mistake, ...]
) -> Callable[[Any], Outcome]:
    right = offered.expected(expected)
    wrong = {offered.expected(one.match): one for one in known if not callable(one.match)}
    if right in wrong:
        raise ValueError(f"the known mistake {expected!r} is the right answer")

    def judge(value: Any) -> Outcome:
        place = offered.chosen(value, name)
        shown = show(offered.all[place], width=40)
        if place == right:
            return passed(f"{shown} is right.")
        made = wrong.get(place) or _whole(known, offered.all[place])
        return made.outcome if made else failed(f"{shown} is not right.", "value")

    return judge


def _several(
    name: str, expected: Any, offered: _Options, rule: Scoring, known: tuple[Mistake, ...]
) -> Callable[[Any], Outcome]:
    right = {offered.expected(one) for one in expected}
    wrong = {offered.expected(one.match): one for one in known if not callable(one.match)}
    if not right or right & wrong.keys():
        raise ValueError("some option is right, and none that is right is a known mistake")

    def judge(value: Any) -> Outcome:
        chosen = _chosen(value, offered, name)
        if chosen == right:
            return passed("All right.")
        credit = _credit(chosen, right, rule)
        made = _whole(known, [offered.all[one] for one in sorted(chosen)], credit)
        if made is not None:
            return made.outcome_of(credit)
        slips = [wrong[one] for one in sorted(chosen) if one in wrong]
        told, tag = _counted(chosen, right, rule)
        message = " ".join([told, *(one.message for one in slips[:_MOST_SHOWN])])
        return partly(credit, message, *([one.tag for one in slips] or [tag]))

    return judge


def _chosen(value: Any, offered: _Options, name: str) -> set[int]:
    """The places of the options in a list of them, or of one alone."""
    given = items_of(value, most=1000)
    if given is None:
        if _key(value) is None:
            raise Failure(f"`{name}` should be a list of options, but it is {kind_of(value)}.",
                          tag="type")
        given = [value]
    if not given:
        raise Failure(f"`{name}` is empty: choose at least one option.", tag="unanswered")
    return {offered.chosen(one, name) for one in given}


def _credit(chosen: set[int], right: set[int], rule: Scoring) -> float:
    good, bad = len(chosen & right), len(chosen - right)
    if rule == "minus":
        return max(good - bad, 0) / len(right)
    if rule == "right" and len(chosen) <= len(right):
        # A wrong option beside all right ones is over the number, so this is below 1.
        return good / len(right)
    return 0.0


def _counted(chosen: set[int], right: set[int], rule: Scoring) -> tuple[str, str]:
    """What to tell of a wrong choice of several, and its tag. Which are wrong is not told."""
    if rule == "right" and len(chosen) > len(right):
        return f"You chose {len(chosen)} options; choose {len(right)}.", "too-many"
    if chosen < right:
        return "What you chose is right, but there is more to choose.", "incomplete"
    if chosen > right:
        return "You chose everything that is right, and something that is not.", "too-many"
    return "Not every option that you chose is right.", "value"


def _items(
    name: str, expected: Mapping[Any, Any], offered: _Options, rule: Scoring,
    known: tuple[Mistake, ...],
) -> Callable[[Any], Outcome]:
    right = {item: offered.expected(option) for item, option in expected.items()}
    if not right:
        raise ValueError("a choice of items has one item or more")
    slips = _slips(known, offered, right)

    def judge(value: Any) -> Outcome:
        given = _mapping(value, name, next(iter(expected)))
        chosen: dict[Any, int] = {}
        told: list[tuple[str, str]] = []
        for item in right:
            try:
                chosen[item] = _choice_of(item, given, offered, name)
            except Failure as failure:
                told.append((failure.outcome.message, failure.outcome.tags[0]))
        hits = {item: chosen.get(item) == place for item, place in right.items()}
        if all(hits.values()):
            return passed(f"All {len(right)} are right." if len(right) > 1 else "That is right.")
        credit = _share(hits, right, rule)
        made = _whole(known, {item: offered.all[one] for item, one in chosen.items()}, credit)
        if made is not None:
            return made.outcome_of(credit)
        told += [(f"{item}: {one.message}", one.tag) for item, place in chosen.items()
                 if not hits[item] for one in slips.get((item, place), [])[:1]]
        return _told(credit, hits, told)

    return judge


def _slips(
    known: tuple[Mistake, ...], offered: _Options, right: Mapping[Any, int]
) -> dict[tuple[Any, int], list[Mistake]]:
    """Known mistakes by item and option; a wrong option alone stands for each item."""
    found: dict[tuple[Any, int], list[Mistake]] = {}
    for one in known:
        if callable(one.match):
            continue
        item, option = one.match if isinstance(one.match, tuple) else (None, one.match)
        if isinstance(one.match, tuple) and item not in right:
            raise ValueError(f"the known mistake {one.match!r} is of no item")
        place = offered.expected(option)
        if isinstance(one.match, tuple) and right[item] == place:
            raise ValueError(f"the known mistake {one.match!r} is the right answer")
        for each in [item] if isinstance(one.match, tuple) else right:
            found.setdefault((each, place), []).append(one)
    return found


def _mapping(value: Any, name: str, first: Any) -> Mapping[Any, Any]:
    given = mapping_of(value, most=1000)
    if given is None:
        raise Failure(f"`{name}` should be a dictionary with the entries {first!r} and so on, "
                      f"but it is {kind_of(value)}.", tag="type")
    return given


def _choice_of(item: Any, given: Mapping[Any, Any], offered: _Options, name: str) -> int:
    if item not in given:
        near = nearest(str(item), [one for one in given if type(one) is str])
        hint = f" You have {near!r}: should that be {item!r}?" if near is not None else ""
        raise Failure(f"`{name}` has no entry {item!r}.{hint}", tag="missing")
    value = given[item]
    if value is None or value is ...:
        raise Failure(f"{item!r} has no answer yet.", tag="unanswered")
    return offered.chosen(value, f"{name}[{item!r}]")


def _share(hits: Mapping[Any, bool], right: Mapping[Any, int], rule: Scoring) -> float:
    """What right items earn together: below 1, as not all are right."""
    if rule == "all":
        return 0.0
    if rule == "items":
        return sum(hits.values()) / len(hits)
    groups: dict[int, list[bool]] = {}
    for item, place in right.items():
        groups.setdefault(place, []).append(hits[item])
    return fsum(sum(one) / len(one) for one in groups.values()) / len(groups)


def _told(credit: float, hits: Mapping[Any, bool], told: list[tuple[str, str]]) -> Outcome:
    if all(tag == "unanswered" for _, tag in told) and len(told) == len(hits):
        return failed("There is no answer yet.", "unanswered")
    lines = [f"{sum(hits.values())} of {len(hits)} are right."]
    lines += [message for message, _ in told[:_MOST_SHOWN]]
    if len(told) > _MOST_SHOWN:
        lines.append(f"And {len(told) - _MOST_SHOWN} more.")
    tags = dict.fromkeys(tag for _, tag in told)
    return partly(credit, "\n".join(lines), *(tags or ["value"]))

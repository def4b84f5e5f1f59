"""The nouns of checking: what a check is, and what came of it. Standard library alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from autograders.handout import Handout

State = Literal["passed", "partial", "failed", "review", "later"]
Scope = Mapping[str, Any]
"""The learner's names and their values."""

_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_SAID = 4000
_MOST_IN_CELL = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a check found.

    `credit` is the share earned, 0 to 1. `message` is for the learner. `tags` name what
    happened in words that statistics can count. With `review` set the check could not judge:
    a person has to look, and the credit is none. With `later` it is judged after hand-in, and
    there is no credit here. `rows` are a small table below the message; the first one is its
    head.
    """

    credit: float
    message: str = ""
    tags: tuple[str, ...] = ()
    review: bool = False
    later: bool = False
    rows: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.credit <= 1.0:  # false for NaN as well
            raise ValueError(f"a credit is a number from 0 to 1, not {self.credit!r}")
        # A learner's text may hold half a character (a lone surrogate), which no page can carry.
        object.__setattr__(self, "message", _whole(self.message[:_MOST_SAID]))
        object.__setattr__(self, "rows", tuple(
            tuple(_whole(cell[:_MOST_IN_CELL]) for cell in row) for row in self.rows))

    @property
    def state(self) -> State:
        """Passed, partial, failed, could not be judged, or is not judged here."""
        if self.review:
            return "review"
        if self.later:
            return "later"
        if self.credit >= 1.0:
            return "passed"
        return "partial" if self.credit > 0 else "failed"


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class Failure(Exception):
    """Raised by a check that needs no further look: the answer is wrong, and this is why."""

    def __init__(self, message: str, *, tag: str = "wrong", credit: float = 0.0) -> None:
        super().__init__(message)
        self.outcome = Outcome(credit=credit, message=message, tags=(tag,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that is looked at. `examine` gets the learner's names; `seconds` bounds it.

    `kind` names the checker; `label` is what the learner knows it by, most often the name of
    the variable. One that does not count (`counts`), such as of the form alone, has a weight of
    0 unless its question is told another. `handout` says what of it a release may tell; of one
    without, learners get nothing.
    """

    label: str
    kind: str
    examine: Callable[[Scope], Outcome]
    seconds: float = 10.0
    counts: bool = True
    handout: Callable[[], Handout | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A known way to be wrong: what it says to the learner, its tag, what it still earns.

    `stated` is whether the author said what it earns.
    """

    match: Any
    message: str
    tag: str
    credit: float = 0.0
    stated: bool = False

    @property
    def outcome(self) -> Outcome:
        """The outcome of a learner who made it."""
        return Outcome(credit=self.credit, message=self.message, tags=(self.tag,))

    def outcome_of(self, parts: float) -> Outcome:
        """The outcome where an answer has parts, which earn `parts`: what the author stated
        stands, and with nothing stated the parts earn what they earn."""
        earned = self.credit if self.stated else min(max(parts, 0.0), 1.0)
        return Outcome(credit=earned, message=self.message, tags=(self.tag,))


def made_of(fitting: Sequence[Mistake], parts: float) -> Outcome | None:
    """The outcome of an answer with parts, which earn `parts`, where these mistakes were made:
    each is told, and the first that states what it earns stands. None where none was made."""
    if not fitting:
        return None
    first = next((one for one in fitting if one.stated), fitting[0])
    return Outcome(credit=first.outcome_of(parts).credit,
                   message="\n".join(dict.fromkeys(one.message for one in fitting)),
                   tags=tuple(dict.fromkeys(one.tag for one in fitting)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAs:
    """The tag, message and credit that `mistake` made, before it meets its wrong value."""

    message: str
    tag: str
    credit: float
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An earlier answer of the learner, from which a later one is computed."""

    name: str
    right: Any


def passed(message: str = "", *tags: str) -> Outcome:
    """Full credit."""
    return Outcome(credit=1.0, message=message, tags=tags)


def well_formed(told: str) -> Outcome:
    """The outcome of an answer of which only the form was looked at: what it is. That it is
    not judged here is told once, in the headline of the question."""
    return passed(told)


def partly(credit: float, message: str, *tags: str) -> Outcome:
    """A share of the credit, from 0 (failed) to 1."""
    return Outcome(credit=min(max(credit, 0.0), 1.0), message=message, tags=tags)


def failed(message: str, *tags: str) -> Outcome:
    """No credit."""
    return Outcome(credit=0.0, message=message, tags=tags or ("wrong",))


def review(message: str, *tags: str) -> Outcome:
    """No credit yet: a person has to look."""
    return Outcome(credit=0.0, message=message, tags=tags or ("review",), review=True)


def mistake(tag: str, message: str, *, credit: float | None = None) -> KnownAs:
    """What to say to a known wrong answer, under which tag, and what it still earns: nothing,
    unless `credit` says so; where the parts of an answer earn credit, what its parts earn.

    It stands as the value in a check's `mistakes`:
    `mistakes={-1234.5: ag.mistake("sign", "Is the outflow negative?", credit=0.5)}`.
    """
    if slug(tag) != tag:
        raise ValueError(f"a tag is words in small letters joined by -, such as {slug(tag)!r}")
    if credit is not None and not 0 <= credit <= 1:
        raise ValueError(f"a credit is a number from 0 to 1, not {credit!r}")
    return KnownAs(message=message, tag=tag, credit=credit or 0.0, stated=credit is not None)


def afterwards(message: str = "") -> Outcome:
    """No credit here: it is graded after hand-in."""
    return Outcome(credit=0.0, message=message or "Graded after hand-in.", tags=("later",),
                   later=True)


def answer(name: str, right: Any) -> Answer:
    """The learner's own earlier answer `name`, whose right value is `right`.

    In `given=`, it lets a check recompute what it expects from what the learner had: a wrong
    figure costs its own question, and not each one that uses it (error carried forward).
    """
    return Answer(name=name, right=right)


Mistakes = Mapping[Any, str | KnownAs] | Sequence[tuple[Any, str | KnownAs]]
"""Wrong values, or predicates of the answer, and what they tell. A list of pairs serves where a
wrong value, such as a table, cannot be a key."""


def read_mistakes(mistakes: Mistakes | None) -> tuple[Mistake, ...]:
    """An author's `mistakes`, in order. A key is a wrong value, or a predicate of the answer."""
    found: list[Mistake] = []
    pairs = mistakes.items() if isinstance(mistakes, Mapping) else mistakes or ()
    for place, (match, told) in enumerate(pairs, start=1):
        if isinstance(told, KnownAs):
            known = told
        else:
            words = getattr(match, "__name__", "<") if callable(match) else str(match)
            tag = "" if words.startswith("<") or len(words) > _MOST_IN_CELL else slug(words)
            known = KnownAs(message=told, credit=0.0, tag=tag or f"mistake-{place}")
        found.append(Mistake(match=match, message=known.message, tag=known.tag,
                             credit=known.credit, stated=known.stated))
    return tuple(found)


def fits(
    one: Mistake, value: Any, same: Callable[[Any, Any], bool], earned: float = 0.0
) -> bool:
    """Whether `value`, already read into a plain one, is this known mistake.

    A predicate is asked; a wrong value is compared by `same(value, wrong)`. One that raises for
    an odd value does not fit: the answer is then judged as if the mistake were unknown, and
    earns `earned`. Where the mistake would have earned more, that would cost a mark, so the
    error is let out and the check needs review.
    """
    try:
        return bool(one.match(value) if callable(one.match) else same(value, one.match))
    except Exception:
        if one.credit > earned:
            raise
        return False


def slug(words: str) -> str:
    """Words as a tag: small letters and digits joined by single hyphens."""
    signed = re.sub(r"(^|\s)-(?=\d)", r"\1minus ", words.lower())
    return _SLUG.sub("-", signed).strip("-")

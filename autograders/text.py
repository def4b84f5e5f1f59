"""Text: the same words however they are typed, one of several, a pattern, or nearly right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

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
from autograders.values import kind_of, reader, show, text_of

if TYPE_CHECKING:
    from autograders.handout import Handout, Keys

LONGEST = 10_000
"""The most characters of an answer that are read."""

_NEAR = 0.8
_LONGEST_NEAR = 200
_TYPED = str.maketrans({
    "‘": "'", "’": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
})
_APART = frozenset("-/_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Which differences between two texts count."""

    case: bool = False
    accents: bool = True
    punctuation: bool = True

    def of(self, text: str) -> str:
        """The normal form: compatible characters (NFKC), kinds of quotes and dashes, and white
        space are one; invisible characters are none."""
        text = unicodedata.normalize("NFKC", text).translate(_TYPED)
        text = "".join(one for one in text if unicodedata.category(one) != "Cf")
        if not self.accents:
            apart = unicodedata.normalize("NFKD", text)
            text = "".join(one for one in apart if not unicodedata.combining(one))
        if not self.punctuation:
            text = "".join(
                " " if one in _APART else "" if unicodedata.category(one)[0] == "P" else one
                for one in text)
        if not self.case:
            text = unicodedata.normalize("NFKC", text.casefold())
        return " ".join(text.split())


def text(  # noqa: PLR0913 - what is right, in three ways, and what does not matter
    name: str, expected: str | None = None, *, one_of: Sequence[str] = (),
    pattern: str | None = None, case: bool = False, accents: bool = True,
    punctuation: bool = True, near: bool = True, near_credit: float = 0.0,
    mistakes: Mapping[Any, str | KnownAs] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the text `expected`, any of `one_of`, or matches `pattern`.

    White space, kinds of quotes and dashes, and characters that look the same do not count.
    Capital letters count with `case=True`; accents do not with `accents=False`, punctuation not
    with `punctuation=False`. `pattern` is a regular expression for the whole answer, without
    white space around it; it is stopped by the time limit of the check.

    With `near`, an answer that differs by a slip of spelling (or only by what `case` and its
    like count) is told so, and earns `near_credit`. `mistakes` maps a wrong text, a compiled
    pattern to search for, or a predicate of the answer to what it tells. The right text is never
    shown.

    Without a right text it looks at the form and for the `mistakes`, and does not count.
    """
    form = Form(case=case, accents=accents, punctuation=punctuation)
    right = _right(expected, one_of, pattern, form)
    matches = re.compile(pattern, 0 if case else re.IGNORECASE) if pattern is not None else None
    known = _known(mistakes, form, right)
    read = reader(name)
    if not 0 <= near_credit <= 1:
        raise ValueError(f"a credit is a number from 0 to 1, not {near_credit!r}")

    def examine(scope: Scope) -> Outcome:
        given = given_text(read(scope), name)
        shown = show(given, width=40)
        if form.of(given) in right or (matches is not None and _whole(matches, given)):
            return passed(f"{shown} is right.")
        made = next((one for one in known if fits(one, given, form_matches(form))), None)
        if made is not None:
            return made.outcome
        if not right and matches is None:
            return well_formed(f"{shown} is text.")
        slip = _slip(given, right, form, known) if near else None
        if slip is not None:
            return partly(near_credit, f"{shown} is nearly right: {slip[1]}", slip[0])
        return failed(f"{shown} is not right.", "value")

    def handout() -> Handout:
        from autograders.handout import Handout

        told = tuple((frozenset({form.of(one.match)}), one.outcome) for one in known
                     if isinstance(one.match, str))
        earns = any(one.credit for one in known if not isinstance(one.match, str))
        return Handout(
            name=name, keyed={"case": case, "accents": accents, "punctuation": punctuation},
            right=(right,) if right else (), mistakes=told,
            decides=not (matches or near_credit or earns))

    return Check(label=label or name, kind="text", examine=examine, handout=handout,
                 counts=bool(right) or matches is not None)


def keys(name: str, *, case: bool, accents: bool, punctuation: bool) -> Keys:
    """Reads the normal form of the learner's `name`."""
    read, form = reader(name), Form(case=case, accents=accents, punctuation=punctuation)
    return lambda scope: (form.of(given_text(read(scope), name)),)


def given_text(value: Any, name: str) -> str:
    """The learner's value as text. Raises Failure with what it is instead."""
    found = text_of(value)
    if found is None:
        raise Failure(f"`{name}` should be text in quotes, but it is {kind_of(value)}.",
                      tag="type")
    if len(found) > LONGEST:
        raise Failure(f"`{name}` is {len(found):,} characters long; {LONGEST:,} is the most that "
                      "is read.", tag="too-large")
    if not Form().of(found):
        raise Failure(f"`{name}` is empty. Write your answer between the quotes.",
                      tag="unanswered")
    return found


def form_matches(form: Form) -> Any:
    """A comparison of an answer with a wrong text or a compiled pattern."""

    def same(given: str, wrong: str | re.Pattern[str]) -> bool:
        if isinstance(wrong, re.Pattern):
            return wrong.search(given) is not None
        return form.of(given) == form.of(wrong)

    return same


def _whole(pattern: re.Pattern[str], given: str) -> bool:
    plain = unicodedata.normalize("NFKC", given).translate(_TYPED).strip()
    return any(pattern.fullmatch(one) for one in dict.fromkeys((given.strip(), plain)))


def _right(
    expected: str | None, one_of: Sequence[str], pattern: str | None, form: Form
) -> frozenset[str]:
    """The normal forms of what is right; none with a pattern, or for the form alone."""
    if isinstance(one_of, str):
        raise TypeError("one_of is a list of texts, not one text")
    if sum((expected is not None, bool(one_of), pattern is not None)) > 1:
        raise TypeError("say what is right by one of: expected, one_of=, pattern=")
    texts = [expected] if expected is not None else list(one_of)
    for one in texts:
        if not isinstance(one, str) or not form.of(one):
            raise TypeError(f"the expected text should be text with something in it, not {one!r}")
    return frozenset(form.of(one) for one in texts if one)


def _known(
    mistakes: Mapping[Any, str | KnownAs] | None, form: Form, right: frozenset[str]
) -> tuple[Mistake, ...]:
    known = read_mistakes(mistakes)
    for one in known:
        if isinstance(one.match, str) and form.of(one.match) in right:
            raise ValueError(f"the known mistake {one.match!r} is the right answer")
        if not (isinstance(one.match, str | re.Pattern) or callable(one.match)):
            raise TypeError("a known mistake is a wrong text, a compiled pattern or a predicate, "
                            f"not {one.match!r}")
    return known


def _slip(
    given: str, right: frozenset[str], form: Form, known: tuple[Mistake, ...]
) -> tuple[str, str] | None:
    """How the answer nearly is a right one: a tag and what to do about it."""
    for kind, told in (("case", "check the capital letters."), ("accents", "check the accents."),
                       ("punctuation", "check the punctuation.")):
        looser = replace(form, **{kind: False})
        if looser != form and looser.of(given) in {looser.of(one) for one in right}:
            return kind, told
    loosest = Form(case=False, accents=False, punctuation=False)
    own = loosest.of(given)
    likeness = max((_likeness(own, loosest.of(one)) for one in right), default=0.0)
    wrong = max((_likeness(own, loosest.of(one.match)) for one in known
                 if isinstance(one.match, str)), default=0.0)
    if likeness >= _NEAR and likeness > wrong:
        return "spelling", "check the spelling."
    return None


def _likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: as much as their least alike words."""
    words, others = one.split(), other.split()
    if len(words) != len(others) or len(other) > _LONGEST_NEAR:
        return 1.0 if "".join(words) == "".join(others) else 0.0
    return min(map(_word_likeness, words, others), default=0.0)


def _word_likeness(one: str, other: str) -> float:
    """How alike two words are. Other figures, a short word, or a word with something before it
    (earned, unearned) are another answer, not a slip."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 3:
        return 0.0
    if re.findall(r"\d", one) != re.findall(r"\d", other):
        return 0.0
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(longer) - len(shorter) > 1 and longer.endswith(shorter):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()

"""Written answers: long enough to be marked, and what they will be marked by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autograders.outcome import Check, Failure, Outcome, Scope, failed, review
from autograders.text import Form
from autograders.values import kind_of, reader, text_of

if TYPE_CHECKING:
    from autograders.handout import Handout

LONGEST = 100_000
"""The most characters of an answer that are read."""

_OWN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # scripts that put no space between words
_WORD = (
    rf"[{_OWN}]|(?:(?![{_OWN}])\w)+(?:(?:['’-]|(?<=\d)[.,](?=\d))(?:(?![{_OWN}])\w)+)*")

Rubric = str | Sequence[str] | Mapping[str, float]


def written(
    name: str, *, words: int = 1, most: int | None = None, rubric: Rubric = (),
    placeholder: str = "", label: str | None = None,
) -> Check:
    """The learner's `name` is text of at least `words` words, and at most `most`; a person
    marks it.

    An answer that is there and long enough is never scored here: its outcome is a review with
    the tag `to-mark`, and the learner is shown the `rubric` (a text, a list of criteria, or
    criteria with their points). An answer that is missing, is still the `placeholder` that was
    handed out, or is too short or too long, fails. Each sign of Chinese or Japanese counts as a
    word. For an answer in a Markdown cell use a manually graded cell of nbgrader's: no check
    sees it. It holds no answer: a release hands out all of it.
    """
    if words < 1 or (most is not None and most < words):
        raise ValueError("an answer has at least 1 word, and at most no fewer than at least")
    criteria = _criteria(rubric)
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        text = text_of(read(scope))
        if text is None:
            raise Failure(f"`{name}` should be text in quotes, but it is "
                          f"{kind_of(read(scope))}.", tag="type")
        if len(text) > LONGEST:
            raise Failure(f"`{name}` is {len(text):,} characters long; {LONGEST:,} is the most "
                          "that is read.", tag="too-large")
        count = count_words(text)
        if not count or (placeholder and Form().of(text) == Form().of(placeholder)):
            return failed(f"`{name}` has no answer yet.{criteria}", "unanswered")
        if count < words:
            return failed(f"`{name}` has {_told(count)}; at least {words} are asked for."
                          f"{criteria}", "too-short")
        if most is not None and count > most:
            return failed(f"`{name}` has {_told(count)}; at most {most} are asked for."
                          f"{criteria}", "too-long")
        return review(f"Your answer of {_told(count)} will be marked by a person.{criteria}",
                      "to-mark")

    def handout() -> Handout:
        from autograders.handout import Handout

        return Handout(name=name, whole=True, arguments={
            "words": words, "rubric": rubric, "placeholder": placeholder,
            **({} if most is None else {"most": most})})

    return Check(label=label or name, kind="written", examine=examine, handout=handout)


def count_words(text: str) -> int:
    """How many words a text has."""
    return sum(1 for _ in re.finditer(_WORD, text))


def _told(count: int) -> str:
    return f"{count:,} word" + ("" if count == 1 else "s")


def _criteria(rubric: Rubric) -> str:
    """The rubric as lines of a message; nothing without one."""
    if isinstance(rubric, str):
        return f"\nWhat counts: {rubric}" if rubric else ""
    if isinstance(rubric, Mapping):
        lines = [f"- {one} ({points:g})" for one, points in rubric.items()]
    else:
        lines = [f"- {one}" for one in rubric]
    return "\n".join(["\nWhat counts:", *lines]) if lines else ""

"""Reasons: what is said to who gave an answer, and the misconception that it may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.lesson.markup import html_of, inline, plain
from kit.lesson.saying import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A reason that names the mix-up behind an answer. Made by `misconception`."""

    name: str
    why: Any

    def _repr_html_(self) -> str:
        """The reason, and the name of the mix-up as a quiet word below it."""
        named = say("A common mix-up: {name}.", name=inline(self.name))
        return f'{html_of(self.why)}<p class="cp-note">{named}</p>'


def misconception(name: str, why: Any) -> Misconception:
    """A reason that says which common mix-up it answers. `quiz` takes it for any reason.

    `name` is a few words, such as "cash is profit"; learners read it after `why`, and a quiz keeps
    it in its `misconceptions`.

    Raises ValueError without a name or a reason.
    """
    if not name.strip():
        raise ValueError('a misconception has a name, such as "cash is profit"')
    if isinstance(why, str) and not why.strip():
        raise ValueError(f"say why to who believes that {name}")
    return Misconception(name=name.strip().removesuffix("."), why=why)


def why_of(reason: Any, answer: Any) -> str:
    """What is said to a wrong answer, as HTML. Raises ValueError where that is nothing."""
    if isinstance(reason, str) and not reason.strip():
        raise ValueError(f"say why to who answers {answer!r}")
    return html_of(reason)


def told(reason: Any, answer: Any) -> dict[str, str]:
    """A reason as a front end reads it: `why` as HTML, and the `name` of a misconception.

    Raises ValueError for an empty one, naming the answer that it is said to.
    """
    said = {"why": why_of(reason, answer)}
    return said | {"name": plain(reason.name)} if isinstance(reason, Misconception) else said

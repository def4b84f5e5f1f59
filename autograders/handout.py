"""What of a check may reach learners: the form of an answer, and keys that are digested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograders.outcome import Outcome, Scope

DOUBT = " ?"
"""Stands among the keys of an answer that may be right though no key of it is."""

OR = " |"
"""Stands between the keys of one reading of an answer and those of another."""

Keys = Callable[[Scope], tuple[str, ...]]
"""Reads the keys of an answer, one for each of its parts. Raises Failure where it has none."""

Counted = Literal["share", "count", "whole"]
"""What is told of an answer some of whose parts are right: each earns its share; their number is
told, and the whole earns; nothing but that the whole is not right."""

Slips = Callable[[Scope], list[tuple[str, Outcome]]]
"""Reads the keys that an answer would have without a slip that people make, with the outcome of
the slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """What of a check a release may tell, before it is sealed.

    `name` is what the check reads. `arguments` are those of the same checker for the form
    alone; plain values (JSON), none of them an answer. Of the right answer and of known mistakes
    only keys are given: texts such that answers that count as the same have the same key.
    `keyed` are the plain arguments of the checker's `keys`, which reads them from an answer;
    None where nothing is digested.

    `right` are the keys of each part of a right answer; `edge` those that hold right and wrong
    answers. `mistakes` are known ones, by their keys, of answers of one part. Unless `decides`,
    an answer that has none of these keys may still be right; unless it is `complete`, one that
    has all of them may still be wrong in what has no key.

    Parts are compared in their order, or, if they are `named`, each with the part of its own
    keys, which tell which part it is. A check that holds no answer is handed out as a `whole`:
    what its `arguments` make of an answer stands.

    The parts of a `loose` answer stand in any order. It is right by what its keys are
    `together`: sorted and `joined`. So are the keys of its mistakes. Those of single parts only
    tell how many are right; a key that begins with a space is of no part.

    A checker of another package names its module as its `home`: there its function has the name
    of the check's kind, and `keys` stands beside it where answers are digested.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    keyed: Mapping[str, Any] | None = None
    right: tuple[frozenset[str], ...] = ()
    edge: frozenset[str] = frozenset()
    mistakes: tuple[tuple[frozenset[str], Outcome], ...] = ()
    decides: bool = True
    complete: bool = True
    counted: Counted = "share"
    named: bool = False
    whole: bool = False
    loose: bool = False
    together: frozenset[str] = frozenset()
    home: str = ""


def joined(keys: Iterable[str]) -> str:
    """The key of a loose answer."""
    return "\n".join(sorted(keys))

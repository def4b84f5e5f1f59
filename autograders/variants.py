"""Parameters of a learner's own: the same draws in the release, the notebook and the grader.

    rng = ag.variant(learner, "ps3")
    principal = rng.step(1000, 5000, by=250)
    rate = rng.step(0.02, 0.08, by=0.005)
    rng

The stream is SHA-256 of a seed and a counter. Nothing in it depends on the machine, on a version
of Python or on how Python hashes, so it stays as it is: a change would change the homework of
every learner who has begun.
"""

from __future__ import annotations

import hashlib
import json
import math
import operator
import os
import unicodedata
from collections.abc import Iterable, Mapping, MutableSequence, Set
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, overload

LEARNER = "KIT_LEARNER"
"""The variable by which a grader tells a notebook whose work it is."""

HUB = "JUPYTERHUB_USER"
"""The variable by which JupyterHub tells whose server it is."""

_NBGRADER = "NBGRADER_EXECUTION"
_BLOCK_BITS = 256
_T = TypeVar("_T")


def variant(student: str | int | None = None, assignment: str = "") -> Variant:
    """The draws of a learner for an assignment.

    `assignment` is the name of the assignment's folder, and has to be stated. Who the learner is
    tells the first of these that is not empty:

    - the variable `KIT_LEARNER`, which the grader sets;
    - the folder, while stock nbgrader grades: `<student>/<assignment>`;
    - `student`, which learners type where they work by themselves;
    - the variable `JUPYTERHUB_USER`.

    Without any it is the sample variant, the same for all. White space around an id, its case
    and its width make no difference. Raises TypeError where `student` is neither text nor a whole
    number, ValueError where the assignment is not named.
    """
    if not isinstance(assignment, str):
        raise TypeError(f'the assignment is text, such as "ps3", not {type(assignment).__name__}')
    if not (named := _tidy(assignment)):
        raise ValueError('name the assignment: ag.variant(learner, "ps3")')
    # What was typed is looked at first, so that a learner hears of it also where it is not needed.
    typed = _typed(student)
    environ = os.environ
    learner = (_tidy(environ.get(LEARNER, "")) or _by_folder(named) or typed
               or _tidy(environ.get(HUB, "")))
    return Variant(learner, named)


def _typed(student: str | int | None) -> str:
    if student is None:
        return ""
    if isinstance(student, bool) or not isinstance(student, str | int):
        raise TypeError("a learner's id is text, such as \"learner-0042\", not "
                        f"{type(student).__name__}")
    return _tidy(str(student))


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _by_folder(assignment: str) -> str:
    """The student in the path while nbgrader grades, in either order of its two folders."""
    # `nbgrader validate` runs where a learner works: there the path says nothing.
    if os.environ.get(_NBGRADER) != "autograde":
        return ""
    try:
        folder = Path.cwd()
    except OSError:  # the run took its own folder away
        return ""
    inner, outer = _tidy(folder.name), _tidy(folder.parent.name)
    if inner == assignment:
        return outer
    return inner if outer == assignment else ""


class Variant:
    """Draws for one learner and assignment. Made by `variant`.

    `random`, `uniform`, `randint`, `choice`, `sample` and `shuffle` take what those of Python's
    `random` take; `step` draws a number from a grid. They are drawn in order: a draw that is put
    in between changes all that follow. As the last line of a cell it says for whom it is.
    """

    __slots__ = ("_drawn", "_key", "assignment", "student")

    def __init__(self, student: str, assignment: str) -> None:
        self.student = student
        self.assignment = assignment
        self._key = _key(student, assignment)
        self._drawn = 0

    @property
    def is_sample(self) -> bool:
        """Whether nothing told who the learner is."""
        return not self.student

    @property
    def number(self) -> int:
        """A seed for other generators, 0 to 2**32 - 1: `np.random.default_rng(rng.number)`.

        It is the same before and after draws.
        """
        return int.from_bytes(hashlib.sha256(b"number" + self._key).digest()[:4], "big")

    def random(self) -> float:
        """A number from 0 to below 1."""
        return self._bits(53) / (1 << 53)

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return low + (high - low) * self.random()

    def randint(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        first, last = operator.index(low), operator.index(high)
        if first > last:
            raise ValueError(f"there is no whole number from {first} to {last}")
        return first + self._below(last - first + 1)

    @overload
    def step(self, low: int, high: int, *, by: int) -> int: ...

    @overload
    def step(self, low: float, high: float, *, by: float) -> float: ...

    def step(self, low: float, high: float, *, by: float) -> float:
        """One of `low`, `low + by`, ... up to `high`; whole where all three are.

        It is the number as one would type it: `step(0.02, 0.08, by=0.005)` may give 0.035, never
        0.034999999999999996.
        """
        first, last, width = (_exact(value) for value in (low, high, by))
        if width <= 0 or first > last:
            raise ValueError(f"there is no step of {by!r} from {low!r} to {high!r}")
        value = first + self._below((last - first) // width + 1) * width
        whole = all(hasattr(given, "__index__") for given in (low, high, by))
        return int(value) if whole else float(value)

    def choice(self, options: Iterable[_T]) -> _T:
        """One of the options: a list, a tuple, a range or a text."""
        listed = _listed(options)
        if not listed:
            raise ValueError("there is nothing to choose from")
        return listed[self._below(len(listed))]

    def sample(self, options: Iterable[_T], k: int) -> list[_T]:
        """`k` of the options in drawn order, each place at most once."""
        listed = _listed(options)
        if not 0 <= (count := operator.index(k)) <= len(listed):
            raise ValueError(f"{count} of {len(listed)} options cannot be drawn")
        for place in range(count):
            other = place + self._below(len(listed) - place)
            listed[place], listed[other] = listed[other], listed[place]
        return listed[:count]

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Put a list into drawn order, in place."""
        items[:] = self.sample(items, len(items))

    def __repr__(self) -> str:
        if self.is_sample:
            return (f"sample variant for {_shown(self.assignment)}: to get your own, put your "
                    "learner id where the notebook asks for it, and run it again from there")
        return f"variant of {_shown(self.student)} for {_shown(self.assignment)}"

    def _below(self, size: int) -> int:
        """A whole number from 0 to below `size`, each as likely as the other."""
        bits = (size - 1).bit_length()
        while (drawn := self._bits(bits)) >= size:
            pass
        return drawn

    def _bits(self, bits: int) -> int:
        """The first `bits` bits of as many new blocks of the stream as that takes."""
        blocks = -(-bits // _BLOCK_BITS)
        stream = 0
        for _ in range(blocks):
            block = hashlib.sha256(self._key + self._drawn.to_bytes(8, "big")).digest()
            stream = stream << _BLOCK_BITS | int.from_bytes(block, "big")
            self._drawn += 1
        return stream >> (blocks * _BLOCK_BITS - bits)


def _key(student: str, assignment: str) -> bytes:
    """SHA-256 of both as a JSON list in ASCII, which is different for different pairs."""
    alike = unicodedata.normalize("NFKC", student).casefold()
    named = ["variant", 1, unicodedata.normalize("NFKC", alike).strip() or None, assignment]
    return hashlib.sha256(json.dumps(named).encode("ascii")).digest()


def _exact(value: float) -> Fraction:
    """The number that a value is written as: a tenth for 0.1."""
    if hasattr(value, "__index__"):
        return Fraction(operator.index(value))
    if not math.isfinite(plain := float(value)):
        raise ValueError(f"steps go from number to number, not to {plain!r}")
    return Fraction(repr(plain))


def _listed(options: Iterable[_T]) -> list[_T]:
    if isinstance(options, Set | Mapping):
        raise TypeError(f"a {type(options).__name__} has no places to draw from: give a list, "
                        "such as sorted(...)")
    return list(options)


def _shown(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text[:100])

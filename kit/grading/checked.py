"""What a checker's result says of itself: read field by field, and never believed blindly.

The JSON comes out of a process that ran learner code. Whatever does not fit together - with its
own checks, with the number beside it - is no result.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from autograders.outcome import slug
from kit.model import Checked

MIME = "application/vnd.autograders+json"

TO_MARK = "to-mark"
"""The tag of a check that leaves its share to a person."""

CHECKER_ERROR = "checker-error"
"""The tag of a check that raised an error of its own."""

UNKNOWN_TAG = "other"

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,7}")
_NUMBERED = re.compile(r"mistake-\d{1,3}")
_OF_SOURCE = ("uses", "lacks")
"""How a tag of the checker of source begins, before the construct."""

_STATES = ("passed", "partial", "failed", "review")
_MOST_CHECKS = 200
_LONGEST_TEXT = 2000
_LONGEST_NAME = 200
_MOST_TAGS = 20

_PARSING = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A question's result: its points of `max_points`, and each check."""

    question: str
    points: float
    max_points: float
    checks: tuple[Checked, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags, each once, in order."""
        return tuple(dict.fromkeys(tag for check in self.checks for tag in check.tags))

    @property
    def unjudged(self) -> tuple[Checked, ...]:
        """The checks that count and could not judge."""
        return tuple(one for one in self.checks if one.state == "review" and one.weight > 0)

    @property
    def message(self) -> str:
        """What the first check that did not pass says, of those that learners may read."""
        return next((f"{one.label}: {one.message}" for one in self.checks
                     if one.state != "passed" and not one.hidden and one.message), "")


def read_told(value: Any, *, source: str | None = None) -> Told | None:
    """A checker's JSON as it should be, or None: its points must follow from its checks.

    With the `source` of the test cell, a tag that neither it nor a checker of ours holds becomes
    `other`: tags reach the learner, and a made-up one could carry what a hidden test says.
    """
    try:
        return _read(value, source)
    except (TypeError, ValueError, KeyError, OverflowError):
        return None


def _read(value: Any, source: str | None) -> Told | None:
    if not isinstance(value, Mapping) or value["version"] != 1:
        return None
    listed = value["checks"]
    if not isinstance(listed, list) or len(listed) > _MOST_CHECKS:
        return None
    told = Told(question=_text(value["question"], _LONGEST_NAME),
                points=_number(value["points"]), max_points=_number(value["max_points"]),
                checks=tuple(_check(one, source) for one in listed))
    return told if abs(told.points - _earned(told)) < 1e-9 else None


def _check(value: Any, source: str | None) -> Checked:
    credit = _number(value["credit"])
    # A sealed check belongs to a release. Where one is graded all the same, nobody has judged.
    state = "review" if value["state"] == "later" else value["state"]
    tags = value["tags"]
    if credit > 1 or state not in _STATES or not isinstance(tags, list) or len(tags) > _MOST_TAGS:
        raise ValueError("no check of ours")
    if (state == "passed") != (credit >= 1) or (state in ("failed", "review") and credit > 0):
        raise ValueError("its state does not fit its credit")
    return Checked(
        label=_text(value["label"], _LONGEST_NAME), kind=_text(value["kind"], _LONGEST_NAME),
        state=state, credit=credit, weight=_number(value["weight"]),
        message=_text(value["message"], _LONGEST_TEXT), hidden=value["hidden"] is True,
        tags=tuple(dict.fromkeys(_tag(_text(tag, _LONGEST_NAME), source) for tag in tags)),
    )


def parsed(source: str) -> ast.Module:
    """The tree of a source, one at a time: graders run in threads, and CPython 3.11 counts the
    depth of a tree for all of them together, so that two at once raise SystemError."""
    with _PARSING:
        return ast.parse(source)


@lru_cache(maxsize=256)
def ends_in_question(source: str) -> bool:
    """Whether a test cell ends in the result of a question of checks, which tells what it found."""
    if "Question" not in source:
        return False
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError):
        return False
    last = tree.body[-1] if tree.body else None
    call = last.value if isinstance(last, ast.Expr) else None
    return (isinstance(call, ast.Call) and not call.args and not call.keywords
            and isinstance(call.func, ast.Attribute) and call.func.attr == "result")


def _tag(tag: str, source: str | None) -> str:
    if source is None or tag in _tags_of_checkers() or _NUMBERED.fullmatch(tag):
        return tag
    own = _tags_in(source)
    first, _, rest = tag.partition("-")
    return tag if tag in own or (first in _OF_SOURCE and rest in own) else UNKNOWN_TAG


@lru_cache(maxsize=256)
def _tags_in(source: str) -> frozenset[str]:
    """The tags that an author's cell can give: its texts and values, as a checker spells them."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError):
        return frozenset()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
            found |= {slug(str(node.value)), slug(f"-{node.value}")}
        elif isinstance(node, ast.FunctionDef):
            found.add(slug(node.name))
    return frozenset(found)


@cache
def _tags_of_checkers() -> frozenset[str]:
    """Every text of the package `autograders` that could be a tag."""
    spec = find_spec("autograders")
    folders = spec.submodule_search_locations if spec is not None else None
    return frozenset(
        node.value for folder in folders or () for path in Path(folder).rglob("*.py")
        for node in ast.walk(parsed(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and _SLUG.fullmatch(node.value))


def _earned(told: Told) -> float:
    """The points that follow from the checks, by the rule of `autograders`."""
    weights = math.fsum(one.weight for one in told.checks)
    if weights <= 0:
        return 0.0
    share = math.fsum(one.weight * one.credit for one in told.checks) / weights
    return min(math.floor(round(share * told.max_points * 100, 8)) / 100, told.max_points)


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value < 1e6:
        raise ValueError("no number from 0")
    return float(value)


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value if len(value) <= longest else value[: longest - 1] + "…"

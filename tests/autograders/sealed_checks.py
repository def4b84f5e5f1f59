"""Checks as a release hands them out, for tests. Standard library alone."""

from __future__ import annotations

import json
from dataclasses import asdict

import autograders as ag
from autograders.handout import Handout
from autograders.sealed import packed, seal_of, unpacked

SALT = b"quick"
"""Not the salt of other tests: digests of few rounds are kept under it."""


def handout(one: ag.Check) -> Handout:
    """What the check hands out."""
    assert one.handout is not None
    found = one.handout()
    assert found is not None
    return found


def sealed(one: ag.Check) -> ag.Check:
    """The check as learners get it."""
    told = handout(one)
    return ag.sealed(one.kind, told.name, packed(seal_of(told, SALT, counts=one.counts)))


def held(one: ag.Check) -> str:
    """All that its seal holds, as text."""
    seal = unpacked(packed(seal_of(handout(one), SALT, counts=one.counts)))
    return json.dumps(asdict(seal), default=lambda value: (
        sorted(value) if isinstance(value, frozenset) else value.hex()))


def agrees(full: ag.Outcome, here: ag.Outcome) -> bool:
    """Whether a sealed check says nothing that the full one denies."""
    if here.state == "passed":
        return full.state == "passed"
    return full.state != "passed" or here.state == "later"

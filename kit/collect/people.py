"""From what an origin calls a learner to the roster's id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from kit.collect import names
from kit.collect.model import Claim, Unmatched
from kit.collect.times import WorksheetRow
from kit.model import Learner, Roster


@dataclass(frozen=True, slots=True)
class People:
    """The roster, indexed by all that may name a learner. Built by `index`."""

    learners: Mapping[str, Learner]
    by_key: Mapping[str, frozenset[str]]
    by_name: Mapping[str, frozenset[str]]
    by_short_name: Mapping[str, frozenset[str]] = field(default_factory=dict)
    teams: bool = False
    by_hand: Mapping[str, str] = field(default_factory=dict)
    by_participant: Mapping[str, WorksheetRow] = field(default_factory=dict)

    def knows(self, text: str) -> bool:
        """Whether a text is exactly one learner's id, LMS id or e-mail, or their full name."""
        return (
            len(self.by_key.get(text.casefold(), ())) == 1
            or (len(text) > 3 and len(self.by_name.get(names.plain(text), ())) == 1)
        )


def index(
    roster: Roster, assignment: str = "", *, by_hand: Mapping[str, str],
    worksheet: Iterable[WorksheetRow] = (),
) -> People:
    """The index of a roster; `by_hand` maps labels of the origin to learners."""
    by_key: dict[str, set[str]] = defaultdict(set)
    by_name: dict[str, set[str]] = defaultdict(set)
    by_short: dict[str, set[str]] = defaultdict(set)
    local: dict[str, set[str]] = defaultdict(set)
    for learner in roster.learners:
        for key in (learner.id, learner.lms_id, learner.email):
            if key:
                by_key[key.casefold()].add(learner.id)
        if "@" in learner.email:
            local[learner.email.split("@")[0].casefold()].add(learner.id)
        first, last = names.plain(learner.first_name), names.plain(learner.last_name)
        for spelt in {first + last, last + first, _ordered(learner.name)}:
            by_name[spelt].add(learner.id)
        given = names.plain(learner.first_name.partition(" ")[0])
        for spelt in {given + last, last + given, names.plain(learner.id)}:
            by_short[spelt].add(learner.id)
    for key, ids in local.items():
        by_key.setdefault(key, ids)
    return People(
        learners={learner.id: learner for learner in roster.learners},
        by_key=_frozen(by_key), by_name=_frozen(by_name), by_short_name=_frozen(by_short),
        teams=bool(roster.teams.get(assignment)), by_hand=dict(by_hand),
        by_participant={row.keys[0]: row for row in worksheet
                        if row.keys and row.keys[0].startswith("participant:")},
    )


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(ids) for key, ids in sets.items() if key}


def _ordered(name: str) -> str:
    """Words of a name in alphabetical order: `Last, First` and `First Last` agree."""
    return "\0".join(sorted(word for part in re.split(r"[\s,._-]+", name)
                            if (word := names.plain(part))))


def who(claim: Claim, people: People) -> str | Unmatched:
    """The learner's id, or why none is sure."""
    for label in (claim.label, *claim.keys, claim.name):
        if label in people.by_hand:
            return people.by_hand[label]
    rows = [people.by_participant[key] for key in claim.keys if key in people.by_participant]
    for key in (*claim.keys, *(key for row in rows for key in row.keys[1:])):
        found = people.by_key.get(key.casefold(), frozenset())
        if len(found) == 1:
            return next(iter(found))
    named = _by_name([name for name in (claim.name, *(row.name for row in rows)) if name], people)
    if len(named) == 1:
        return next(iter(named))
    if named:
        return Unmatched(name=claim.label, reason="several of the roster have that name",
                         nearest=tuple(sorted(named)))
    if not people.learners:
        return _unlisted(claim)
    return Unmatched(name=claim.label, reason="is not in the roster")


def _by_name(spelt: list[str], people: People) -> frozenset[str]:
    """Who has one of these names: one learner when sure, several when not."""
    several: frozenset[str] = frozenset()
    for known in (people.by_name, people.by_short_name):
        for name in spelt:
            for form in _forms(name, people.teams):
                found = known.get(form, frozenset())
                if len(found) == 1 and not several:
                    return found
                several |= found
    # More than one spelling with one bearer each is as unsure as one spelling with several.
    return several


def _forms(name: str, teams: bool) -> list[str]:
    """A name as it stands and with its words in order.

    In a course with teams also without what stands before a dash: Moodle writes
    `Team-Full Name`. Elsewhere that would make `Anne-Marie` somebody else.
    """
    parts = [name]
    if teams:
        parts += [name.split("-", place)[-1] for place in range(1, name.count("-") + 1)]
    return [form for part in parts for form in (names.plain(part), _ordered(part)) if form]


def _unlisted(claim: Claim) -> str | Unmatched:
    """Without a roster whatever can be an id is one, as in nbgrader; Moodle has only names."""
    if claim.layout in ("exchange", "folder", "file"):
        identity = claim.keys[0] if claim.layout == "exchange" else claim.label
        why = names.learner_problem(identity)
        if not why:
            return identity
        return Unmatched(name=claim.label, reason=why)
    return Unmatched(name=claim.label, reason="there is no roster to find the learner in")


def with_nearest(unmatched: Unmatched, people: People) -> Unmatched:
    """The same with the three most similar names or ids of the roster."""
    if unmatched.nearest or not people.learners:
        return unmatched
    wanted = names.plain(unmatched.name)
    known = {**people.by_key, **people.by_name}
    near = get_close_matches(wanted, known, n=3, cutoff=0.6)
    ids = [identity for form in near for identity in sorted(known[form])]
    return Unmatched(name=unmatched.name, reason=unmatched.reason,
                     nearest=tuple(dict.fromkeys(ids))[:3])

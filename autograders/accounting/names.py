"""Names of accounts and of lines: what an author calls them, and what a learner may write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

_MOST_KEPT = 300
_LONGEST = 60
# "Rent expense" is no slip for "Parts expense", "Acounts recievable" is one.
_NEAR = 0.85
ENDINGS = (" account", " a/c", " acct")


def normal(name: str) -> str:
    """A name as it is compared: case, spaces, hyphens and the form of quotes do not count."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    text = re.sub(r"[‘’`´']", "'", text)
    return " ".join(re.sub(r"[\s_\-‐-―]+", " ", text).split())


def role_of(name: str) -> str:
    """What an account is by its name: "cash", "receivable", "payable", or nothing known."""
    text = f" {normal(name)} "
    for role, words in (
        ("receivable", ("receivable", "debtors", "a/r")),
        ("payable", ("payable", "creditors", "a/p")),
        ("cash", (" cash", " bank ", "petty cash", "checking")),
    ):
        if any(word in text for word in words):
            return role
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that an author knows, by their normal form; made by `names_of`."""

    known: Mapping[str, str]
    _near: dict[str, str | None] = field(default_factory=dict)

    def find(self, name: str) -> str | None:
        """The author's name for what the learner wrote, or None."""
        text = normal(name)
        found = self.known.get(text)
        for ending in ENDINGS:
            if found is None and text.endswith(ending):
                found = self.known.get(text.removesuffix(ending))
        return found

    def near(self, name: str) -> str | None:
        """The author's name that is spelled most like this unknown one, or None."""
        text = normal(name)[:_LONGEST]
        if text not in self._near:
            if len(self._near) >= _MOST_KEPT:
                self._near.clear()
            found = get_close_matches(text, self.known, n=1, cutoff=_NEAR)
            self._near[text] = self.known[found[0]] if found else None
        return self._near[text]


def names_of(names: Iterable[str], aliases: Mapping[str, str] | None = None) -> Names:
    """The names of an author, and other words for them (`aliases`: other word -> name).

    Raises ValueError for two names that are compared as one, and for an alias of no name.
    """
    known: dict[str, str] = {}
    for name in names:
        before = known.setdefault(normal(name), name)
        if before != name:
            raise ValueError(f"{before!r} and {name!r} differ in case or spaces alone")
    for alias, name in (aliases or {}).items():
        if normal(name) not in known:
            raise ValueError(f"the alias {alias!r} stands for {name!r}, which is no name here")
        known[normal(alias)] = known[normal(name)]
    return Names(known=known)

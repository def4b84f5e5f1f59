"""What a plan adds up to: counts by reason, and a few examples of each."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field

from kit.grading.planning import Key, Planned, Reason

EXAMPLES = 3
"""How many are named of each reason."""


@dataclass(slots=True, kw_only=True)
class Explained:
    """What would run by reason, and how many would not.

    `examples` holds (learner, what changed) of a few, the first by name.
    """

    key: Key
    unchanged: int = 0
    counts: Counter[Reason] = field(default_factory=Counter)
    examples: dict[Reason, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def to_run(self) -> int:
        """How many would run."""
        return self.counts.total()

    def add(self, one: Planned) -> None:
        """Count one."""
        if one.reason is None:
            self.unchanged += 1
            return
        self.counts[one.reason] += 1
        some = self.examples.setdefault(one.reason, [])
        insort(some, (one.found.learner, one.detail))
        del some[EXAMPLES:]

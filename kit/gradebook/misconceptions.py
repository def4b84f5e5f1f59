"""How often each mistake was made: the tags of checks that did not pass, counted by question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.model import GradeRow

NO_ANSWER = frozenset({"missing", "unanswered"})
"""Tags of answers that are not there: no misconception, but an author wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A tag in one question: how many `learners` of the `graded` ones have it.

    `message` is what the check told the first of them; `hidden` says that no learner read it.
    """

    assignment: str
    notebook: str
    grade_id: str
    tag: str
    learners: int
    graded: int
    message: str = ""
    hidden: bool = False

    @property
    def share(self) -> float:
        """The share of those who were graded, 0 to 1."""
        return self.learners / self.graded if self.graded else 0.0


def misconceptions(rows: Iterable[GradeRow]) -> tuple[Misconception, ...]:
    """The tags of all rows that were graded, in the order of questions, the commonest first and
    what only says that there is no answer last.

    A learner counts once for a tag of a question, however many of its checks have it.
    """
    graded: dict[str, int] = {}
    counts: dict[tuple[str, str, str, str], int] = {}
    told: dict[tuple[str, str, str, str], tuple[str, bool]] = {}
    order: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if row.score is None:
            continue
        graded[row.assignment] = graded.get(row.assignment, 0) + 1
        seen: set[tuple[str, str, str, str]] = set()
        for cell in row.cells:
            place = (row.assignment, cell.notebook, cell.grade_id)
            order.setdefault(place, len(order))
            for one in cell.checks:
                if one.state == "passed":
                    continue
                for tag in one.tags:
                    seen.add((*place, tag))
                    told.setdefault((*place, tag), (one.message, one.hidden))
        for key in seen:
            counts[key] = counts.get(key, 0) + 1
    ranked = sorted(counts, key=lambda key: (
        order[key[:3]], key[3] in NO_ANSWER, -counts[key], key[3]))
    return tuple(
        Misconception(assignment=key[0], notebook=key[1], grade_id=key[2], tag=key[3],
                      learners=counts[key], graded=graded[key[0]], message=told[key][0],
                      hidden=told[key][1])
        for key in ranked)

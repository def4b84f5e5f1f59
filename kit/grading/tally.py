"""What a run of grading adds up to, without keeping its Scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from kit.errors import Interrupted
from kit.grading.decided import Decided, as_decided
from kit.model import CellKind, How, Review, Score

_NONE: Decided = {}
MAX_LISTED = 1000
"""How many learners with reasons are kept to be listed; all are counted."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts over the Scores that passed through `counting`, and over what was settled.

    `need_marking` counts hand-ins of the assignment that wait for a mark, by the gradebook.
    `faulty` counts the hand-ins for which a check of the author's raised an error of its own.
    """

    total: int = 0
    unchanged: int = 0
    graded: int = 0
    points: float = 0.0
    max_points: float = 0.0
    seconds: float = 0.0
    need_review: int = 0
    need_marking: int = 0
    review: list[tuple[str, Review]] = field(default_factory=list)
    repaired: list[tuple[str, str]] = field(default_factory=list)
    penalties: set[str] = field(default_factory=set)
    credited: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    faulty: Counter[Review] = field(default_factory=Counter)
    how: Counter[How] = field(default_factory=Counter)
    """How the points of tests are known."""

    apart: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Notebook and id of the tests that could not be judged apart from learners' code."""

    why: dict[tuple[str, str], str] = field(default_factory=dict)
    """The first reason for each of these."""

    stopped: Interrupted | None = None
    layers: set[str] | None = None
    """The layers of the sandbox that every submission ran under; None when none ran."""

    @property
    def to_run(self) -> int:
        """How many have to run."""
        return self.total - self.unchanged

    @property
    def mean(self) -> float | None:
        """Mean points of what was judged, before penalties; None without any."""
        judged = self.graded - self._unjudged
        return self.points / judged if judged else None

    _unjudged: int = 0

    def add(self, score: Score) -> None:
        """Count one."""
        self.graded += 1
        if score.results:
            on = set(score.layers)
            self.layers = on if self.layers is None else self.layers & on
        self.points += score.points
        for one in score.results:
            if one.kind is CellKind.TEST and one.how:
                self.how[one.how] += 1
            if one.how == "shared":
                self.apart[one.notebook, one.grade_id] += 1
                self.why.setdefault((one.notebook, one.grade_id), one.apart)
        self._unjudged += not score.results
        self.need_review += bool(score.review)
        self.faulty.update({one for one in score.review if one.code == "check-error"})
        if score.review and len(self.review) < MAX_LISTED:
            self.review.append((score.learner, score.review[0]))
        if len(self.repaired) < MAX_LISTED:
            self.repaired += [(score.learner, repair.message) for repair in score.repairs]

    def settled(self, penalties: Set[str], credited: Set[str], withdrawn: Set[str]) -> None:
        """Note whose penalty was worked out again, and whose grade came or went with a team."""
        self.penalties |= penalties
        self.credited |= credited
        self.withdrawn |= withdrawn

    def keep_open(self, pending: Mapping[str, Sequence[Review]]) -> None:
        """Leave out what people settled before: `pending` holds what is open, by learner."""
        kept = [(who, pending[who][0]) for who, _ in self.review if pending.get(who)]
        self.need_review -= len(self.review) - len(kept)
        self.review = kept


def counting(
    scores: Iterable[Score], tally: Tally, decided: Decided = _NONE
) -> Iterator[Score]:
    """The same Scores, counted as people decided. An interruption ends them; it is kept in
    `tally.stopped`.

    So whoever writes them down finishes its batch before the interruption is told.
    """
    try:
        for score in scores:
            tally.add(as_decided(score, decided))
            yield score
    except Interrupted as stopped:
        tally.stopped = stopped

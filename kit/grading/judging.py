"""Tests judged apart: each runs in a process that never ran a learner's code.

The learner's cells run in one process, the tests in another, at their places in the order. What a
test needs of the learner travels as plain values; functions are called where they are. A pass
there is *verified*. What does not pass there is judged again beside the learner's code:

- a test that learners got whole, in the very process of the learner;
- a secret one in another run of the whole notebook, whose outputs nobody gets.

A pass in the second place alone is `shared` where the first could not judge, and else it
`disagrees`: then a person looks. A secret test meets the learner's functions only once all cells
of the learner ran and all their outputs and files are taken, so that no code that has met it can
tell of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kit.grading import folder as folders
from kit.grading.bindings import Trial, Trials
from kit.grading.scoring import Judged, Place
from kit.model import CellRun, How, Review, RunState
from kit.sandbox import Beside, Code, Drawn, Given, Live, Pool, Setting
from kit.sandbox.travel import Names

_FIRST_GIVEN = 1_000_000
"""The author's cells are counted from here, so that none has the number of a test."""

Score = Callable[[Place, CellRun, int | None], Judged]
"""What a run of a test earns; the number is the line in which it failed."""

_TAMPERING = frozenset({"odd-result", "several-results"})
"""Reasons that honest code does not give."""

_NOTHING = Names(there={}, stay={}, missing=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a test: what it earns, how that is known, and the run to show.

    With `again` it is to be judged once more, beside the learner's code; `trouble` says why the
    first could not judge.
    """

    judged: Judged
    run: CellRun
    how: How
    again: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The tests of one notebook of one learner, by the places of their cells among those run.

    `folder` holds the author's files, which the tests see.
    """

    pool: Pool
    setting: Setting
    trials: Trials
    tests: Mapping[int, Place]
    score: Score
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    settled: list[Mapping[int, Verdict]] = field(default_factory=list)
    """The verdicts of the first pass that came to where tests wait no longer: what follows changes
    none of them, since code that speaks then may have met a secret test."""

    @contextmanager
    def beside(self, line: Sequence[int]) -> Iterator[Beside]:
        """A process for the tests of one pass over the notebook, with a line to the learner's."""
        self.verdicts.clear()
        try:
            with self._folder() as folder, self.pool.lent(
                    replace(self.setting, cwd=folder, line=line)) as judge:
                yield _Judge(self, judge, given=judge.staged)
        finally:
            for one in self.settled:
                self.verdicts.update(one)

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        if self.pool.layers.boxed:
            yield self.setting.cwd  # a box has a copy
            return
        with tempfile.TemporaryDirectory(prefix="kit-judge-") as base:
            folder = Path(base) / self.setting.cwd.name
            folders.lay(folders.found(self.setting.cwd, []), folder)
            yield folder

    @property
    def again(self) -> Sequence[int]:
        """The places of tests that are to be judged once more, in another run."""
        return [place for place, verdict in self.verdicts.items() if verdict.again]

    def trial(self, place: int) -> Trial:
        """The test at a place."""
        return self.trials.by_id[self.tests[place].cell.grade_id]

    def first(self, place: int, run: CellRun, line: int | None, trouble: str) -> Verdict:
        """What came of a test that was run apart."""
        judged = self.score(self.tests[place], run, line)
        full = judged.result.points is None or (
            judged.result.points == self.tests[place].cell.points)
        whole = full and not judged.review and not trouble
        over = run.state in (RunState.TIMEOUT, RunState.KILLED) and not trouble
        return Verdict(judged=judged, run=run, how="verified", trouble=trouble,
                       again=not whole and not over)

    def second(self, place: int, run: CellRun, line: int | None) -> Verdict:
        """What comes of a test that was judged a second time, beside the learner's code."""
        first = self.verdicts[place]
        judged = self.score(self.tests[place], run, line)
        secret = self.trial(place).secret
        if first.trouble:
            shown = run if not secret else _silent(run) if _passes(judged) else first.run
            if _passes(judged) and not self.trial(place).shared:
                judged = replace(judged, review=(*judged.review, self._doubt(place, first)))
            return Verdict(judged=judged, run=shown, how="shared", trouble=first.trouble)
        before, after = first.judged.result.points, judged.result.points
        if after is not None and before is not None and after > before:
            reason = (f"{self.tests[place].cell.grade_id} earns {after:g} beside the learner's "
                      f"code and {before:g} apart from it")
            return Verdict(run=first.run, how="disagrees", judged=Judged(
                result=replace(first.judged.result, points=None, tags=("disagrees",)),
                review=(self.tests[place].review("disagrees", reason),)))
        if not secret and before == after:
            return Verdict(judged=judged, run=run, how="verified")
        signs = tuple(one for one in judged.review if one.code in _TAMPERING)
        return replace(first, again=False, judged=replace(
            first.judged, review=(*first.judged.review, *signs)))


    def _doubt(self, place: int, first: Verdict) -> Review:
        """The reason to look at a pass beside the learner's code, where the author's own answers
        need none."""
        test = self.tests[place]
        return test.review("shared", (
            f"{test.cell.grade_id} passes beside the learner's code and cannot be judged apart "
            f"from it ({first.trouble}), though it can with the author's answer"))


def _passes(judged: Judged) -> bool:
    return bool(judged.result.points)


def quiet(verdict: Verdict) -> Verdict:
    """Without any word that the learner's code may have said."""
    result = verdict.judged.result
    return replace(verdict, run=_silent(verdict.run), judged=replace(
        verdict.judged, result=replace(result, message="", checks=tuple(
            replace(one, message="") for one in result.checks))))


def _silent(run: CellRun) -> CellRun:
    return replace(run, outputs=())


@dataclass(slots=True)
class _Judge:
    """Runs the tests of one pass. `waiting` are those put off: their values, as they stood."""

    bench: Bench
    judge: Live
    waiting: dict[int, tuple[Names, int]] = field(default_factory=dict)
    given: int = 0
    """How many of the author's cells ran."""

    def takes(self, place: int) -> bool:
        """Whether the cell is a test that is run apart."""
        return place in self.bench.tests

    def asks(self, place: int) -> Sequence[str]:
        """The variables that a test reads of the learner's."""
        return self.bench.trial(place).asks if self.takes(place) else ()

    def run(self, live: Live, place: int, until: float) -> CellRun | None:
        """Run a test at its place; None where it has to wait."""
        bench, trial = self.bench, self.bench.trial(place)
        count = len(live.runs) + len(self.waiting) + 1
        names = live.read(trial.asks, hold=True) if trial.asks else _NOTHING
        put_off = [bench.tests[one].cell.grade_id for one in self.waiting]
        if (trial.secret and names.held) or bench.trials.follow(trial, put_off):
            self.waiting[place] = names, count
            live.pass_over(bench.tests[place].cell.released)
            return None
        verdict = self._apart(place, names, count, None if trial.secret else live, until)
        if not verdict.again or trial.secret:
            live.pass_over(bench.tests[place].cell.released)
        else:
            code = Code(source=bench.tests[place].cell.source, guard=True)
            run = live.run(code, place, until=until, given=Given(drawn=self._drawn(place)))
            verdict = bench.second(place, run, live.lines.get(place))
        bench.verdicts[place] = verdict
        return verdict.run

    def _drawn(self, place: int) -> Drawn | None:
        """What the test at a place showed apart, where it had met no secret one."""
        bench = self.bench
        if any(bench.trial(one).secret for one in bench.tests if one < place):
            return None
        return self.judge.drawn.get(place)

    def run_late(self, live: Live, place: int, until: float) -> CellRun:
        """Run a test that was put off, with the values that it found at its place."""
        if not self.bench.settled:
            self.bench.settled.append(dict(self.bench.verdicts))
        names, count = self.waiting[place]
        verdict = self._apart(place, names, count, live, until)
        if not self.bench.trial(place).secret:
            verdict = quiet(verdict)  # it calls what may have met a secret test
        self.bench.verdicts[place] = verdict
        return verdict.run

    def _apart(
        self, place: int, names: Names, count: int, by: Live | None, until: float
    ) -> Verdict:
        bench, trial, judge = self.bench, self.bench.trial(place), self.judge
        for source in bench.trials.given[self.given:trial.upto]:
            judge.run(Code(source=source), _FIRST_GIVEN + self.given, until=until)
            self.given += 1
        run = judge.run(Code(source=bench.tests[place].cell.source), place, until=until,
                        given=Given(values=names.there, unless=trial.unless, count=count, by=by,
                                    tells=trial.sets, ahead=trial.ahead,
                                    draws=not trial.secret))
        if by is not None and judge.trouble.get(place):
            by.read([])  # that it died shows
        stays = "; ".join(f"{name}: {why}" for name, why in names.stay.items())
        verdict = bench.first(place, run, judge.lines.get(place),
                              trial.shared or judge.trouble.get(place, "") or stays)
        bench.verdicts[place] = verdict
        return verdict

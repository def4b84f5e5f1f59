"""What the author's own answers need: the tests that cannot be judged apart even with them.

A test may ask more of an answer than values and calls: an object of a class that the answer
makes, say. Such a test is judged beside the answer, whoever gave it. Where the author's own
answers do without, work that does not is looked at.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import notebook as notebooks
from kit.errors import KitError
from kit.grading import folder as folders
from kit.grading import running, scoring
from kit.grading.bindings import Trials
from kit.grading.repair import make_ready
from kit.model import CellKind, CellRun, Limits, ReleasedNotebook, Review
from kit.sandbox import Pool

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Own:
    """The author's answers to one notebook, run when first asked for. `files` are the author's."""

    pool: Pool
    released: ReleasedNotebook
    handed_out: Mapping[str, Any]
    trials: Trials
    files: Path
    limits: Limits
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _needs: frozenset[str] | None = None

    def needs(self) -> frozenset[str]:
        """The tests that have to be judged beside the author's answers; none where those are
        not known."""
        with self._lock:
            if self._needs is None:
                try:
                    self._needs = self._run()
                except KitError as error:
                    logger.warning("the author's answers to %s were not run: %s",
                                   self.released.name, error)
                    self._needs = frozenset()
            return self._needs

    def _run(self) -> frozenset[str]:
        answers = {cell.grade_id: cell.solution for cell in self.released.cells
                   if cell.kind is CellKind.ANSWER}
        if not all(answers.values()):
            return frozenset()
        cells = [{**cell, "source": answers.get(notebooks.grade_id(cell) or "") or cell["source"]}
                 for cell in self.handed_out["cells"]]
        ready = make_ready(self.released, {**self.handed_out, "cells": cells})
        with tempfile.TemporaryDirectory(prefix="kit-own-") as base:
            def another() -> Path:
                folder = Path(tempfile.mkdtemp(dir=base)) / self.files.name
                folder.mkdir()
                folders.copy_in(self.files, None, folder, known=frozenset())
                return folder

            ran = running.run(
                self.pool, ready, self.limits, cwd=another(), prepare=lambda: None,
                environment={}, apart=running.Apart(
                    trials=self.trials, released=self.released, folder=self.files,
                    score=_score, bench=None, top=None, alike=True, again=another))
        places = {place: name for name, place in ready.places.items()}
        return frozenset(places[place] for place, verdict in ran.verdicts.items()
                         if verdict.trouble)


def _score(place: scoring.Place, run: CellRun, line: int | None) -> scoring.Judged:
    return scoring.judge_test(place, run, line=line)


def doubts(own: Own | None, trials: Trials, ran: running.Ran,
           places: Mapping[str, int], name: str) -> list[Review]:
    """A reason for each test that passed beside the learner's code alone, and would not have to."""
    found = [(trial, verdict) for trial in trials.by_id.values()
             if (verdict := ran.verdicts.get(places.get(trial.grade_id, -1))) is not None
             and verdict.how == "shared" and verdict.judged.result.points and not trial.shared]
    if not found:
        return []
    needs = own.needs() if own is not None else frozenset()
    return [Review(code="shared", notebook=name, grade_id=trial.grade_id, reason=(
        f"{trial.grade_id} passes beside the learner's code and cannot be judged apart from it "
        f"({verdict.trouble}), though it can with the author's answer"))
        for trial, verdict in found if trial.grade_id not in needs]

"""Scores under people's decisions: a void question counts for nobody, full credit is its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kit.model import VOID, CheckResult, Release, Score

Decided = Mapping[tuple[str, str], str]
"""(notebook, question) -> the kind of the decision that holds."""


def counted(release: Release, decided: Decided) -> float:
    """The points of the release that count."""
    return sum(cell.points for book in release.notebooks for cell in book.cells
               if cell.kind.graded and decided.get((book.name, cell.grade_id)) != VOID)


def as_decided(score: Score, decided: Decided) -> Score:
    """The score as it counts; what the engine found stays in the one that is recorded."""
    if not decided or not score.results:
        return score
    return replace(score, results=tuple(_result(one, decided) for one in score.results))


def _result(result: CheckResult, decided: Decided) -> CheckResult:
    kind = decided.get((result.notebook, result.grade_id))
    if kind is None:
        return result
    return replace(result, points=0.0 if kind == VOID else result.max_points)

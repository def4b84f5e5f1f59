"""The comment that a grading run leaves beside an answer, for nbgrader's pages to show."""

from __future__ import annotations

from collections.abc import Mapping

from kit.model import COMMENT_OF_CHECKS, CellKind, Release, Score

NO_RESPONSE = "No response."
"""nbgrader's comment on an answer that the learner left as it was."""


def comments_of_checks(score: Score, release: Release) -> Mapping[tuple[str, str], str]:
    """(notebook, answer) -> the tags of the checks behind it that did not pass, by test.

    A check speaks of the answer before its test. Tags alone: learners read these comments too.
    """
    results = {(one.notebook, one.grade_id): one for one in score.results}
    found: dict[tuple[str, str], list[str]] = {}
    for book in release.notebooks:
        answer = ""
        for cell in book.cells:
            if cell.kind is CellKind.ANSWER:
                answer = cell.grade_id
            result = results.get((book.name, cell.grade_id))
            if not answer or result is None or cell.kind is not CellKind.TEST:
                continue
            tags = dict.fromkeys(tag for one in result.checks if one.state != "passed"
                                 for tag in one.tags)
            if tags:
                found.setdefault((book.name, answer), []).append(
                    f"{', '.join(tags)} ({cell.grade_id})")
    return {place: COMMENT_OF_CHECKS + "; ".join(told) for place, told in found.items()}

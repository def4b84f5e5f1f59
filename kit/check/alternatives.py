"""E22x: what the tests make of the wrong and the other answers that the author wrote."""

from __future__ import annotations

from collections.abc import Iterator

from kit.check.context import Context
from kit.check.registry import Check, check, found
from kit.check.trials import Tried
from kit.grading import MIME, read_told
from kit.model import CellKind, Finding


@check("E221", "a wrong answer earns more or less than it should")
def wrong_answers(context: Context) -> Iterator[Finding]:
    """A cell tagged `wrong-answer` was put in the place of the answer before it, and the
    question's tests gave it another score than its first line says (`# scores 0.5`; without one
    it should earn nothing). More is a false accept: learners get points for this mistake."""
    for path, one in _tried(context, "wrong"):
        if abs(one.points - (one.trial.expected or 0.0)) > 1e-6:
            more = one.points > (one.trial.expected or 0.0)
            yield found("E221", path, f"the wrong answer{_why(one)} earns {_points(one)}",
                        cell=one.trial.cell, hint=(
                            "make the test notice this mistake" if more else
                            "give this mistake the credit that is stated, or state what it earns"))


@check("E222", "another right answer loses points")
def other_answers(context: Context) -> Iterator[Finding]:
    """A cell tagged `other-answer` solves the question in another way, and the tests do not give
    it what its first line says (`# scores 2`; without one all points). A false reject: learners
    lose points for an answer that is right."""
    for path, one in _tried(context, "other"):
        if abs(one.points - (one.trial.expected or 0.0)) > 1e-6:
            yield found("E222", path, f"the other answer{_why(one)} earns {_points(one)}",
                        cell=one.trial.cell, hint="test what was asked for, not how it was done")


@check("E223", "an answer to try stands in the wrong place")
def misplaced(context: Context) -> Iterator[Finding]:
    """A cell tagged `wrong-answer` or `other-answer` replaces the answer before it. It has to be
    a code cell without nbgrader's metadata, after an autograded answer that is followed by a
    test, and may not state more points than the question has."""
    for _, paper in context.papers:
        for one in paper.misplaced:
            yield found("E223", paper.path, one.why, cell=one.cell,
                        hint="put it directly after the answer that it would replace")
        for tried in paper.trials:
            question = tried.trial.question
            if (tried.trial.expected or 0.0) > question.points:
                yield found("E223", paper.path, f"it states {tried.trial.expected:g} points, and "
                            f"{question.name} has {question.points:g}", cell=tried.trial.cell,
                            hint="write `# scores POINTS` with what it should earn")


@check("E224", "a question and its cell differ in points")
def question_points(context: Context) -> Iterator[Finding]:
    """The cell ends in the result of an `autograders` question whose points are not those of the
    cell. With more, stock nbgrader fails the whole submission; with fewer, nobody can earn all."""
    for _, paper in context.papers:
        if paper.solution is None:
            continue
        for place, name, cell, kind in paper.cells("solved"):
            run = paper.solution.cells.get(place)
            if kind is not CellKind.TEST or run is None:
                continue
            told = next((read_told(output["data"][MIME]) for output in run.outputs
                         if output.get("output_type") == "execute_result"
                         and MIME in output.get("data", {})), None)
            points = float(cell["metadata"]["nbgrader"].get("points", 0))
            if told is not None and told.max_points != points:
                yield found("E224", paper.path, f"the question {told.question!r} is worth "
                            f"{told.max_points:g} points, its cell {points:g}", cell=name,
                            hint="give both the same points")


def _tried(context: Context, sort: str) -> Iterator[tuple[str, Tried]]:
    for _, paper in context.papers:
        for one in paper.trials:
            if one.trial.sort == sort and (one.trial.expected or 0.0) <= one.trial.question.points:
                yield paper.path, one


def _why(one: Tried) -> str:
    return f" ({one.trial.what})" if one.trial.what else ""


def _points(one: Tried) -> str:
    return (f"{one.points:g} of {one.trial.question.points:g} points, and "
            f"{one.trial.expected or 0.0:g} {'is' if one.trial.expected == 1 else 'are'} stated")


CHECKS: tuple[Check, ...] = (wrong_answers, other_answers, misplaced, question_points)

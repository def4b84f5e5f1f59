"""What a graded cell earned: nbgrader's rules, and the safe answer where its own is a defect."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kit import notebook as notebooks
from kit.grading import checked
from kit.model import CellKind, CellRun, CheckResult, How, ReleasedCell, Review, RunState

NO_RESPONSE = "No response."

_LONGEST_MESSAGE = 500
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_NUMBER = r"[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][-+]?\d+)?"
_WRAPPED = re.compile(rf"(?:np|numpy)\.(?:float|int|uint|longdouble|float\d*)\w*\(({_NUMBER})\)")
_DECIMAL = re.compile(rf"Decimal\('({_NUMBER})'\)")
_FRACTION = re.compile(r"Fraction\((-?\d+), (\d+)\)")
_NO_NUMBER_WORDS = frozenset({"nan", "inf", "-inf", "infinity", "-infinity"})
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A result and the reasons, if any, why a person must look at it."""

    result: CheckResult
    review: tuple[Review, ...] = ()

    def known(self, how: How, apart: str = "") -> Judged:
        """The same, with how it is known, and why not apart."""
        return Judged(result=replace(self.result, how=how, apart=apart), review=self.review)

    def left_to_a_person(self, place: Place) -> Judged:
        """The same, without the points that are not verified."""
        if not self.result.points:
            return self
        reason = (f"{place.cell.grade_id} earns {self.result.points:g}, judged beside the "
                  f"learner's code{': ' if self.result.apart else ''}{self.result.apart}")
        return replace(self, result=replace(self.result, points=None),
                       review=(*self.review, place.review("not-verified", reason)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A graded cell in a notebook, as released."""

    notebook: str
    cell: ReleasedCell

    def result(self, points: float | None, message: str = "", tags: Sequence[str] = ()
               ) -> CheckResult:
        """The result of this cell."""
        return CheckResult(
            notebook=self.notebook, grade_id=self.cell.grade_id, kind=self.cell.kind,
            points=points, max_points=self.cell.points, message=message, tags=tuple(tags),
        )

    def review(self, code: str, reason: str) -> Review:
        """A reason to look at this cell."""
        return Review(code=code, reason=reason, notebook=self.notebook,
                      grade_id=self.cell.grade_id)


def judge_text(place: Place, cell: Mapping[str, Any]) -> Judged:
    """A manual answer or task: 0 if it was left as released, else for a person to mark."""
    if place.cell.kind is CellKind.TASK:
        return Judged(result=place.result(None))
    written = _lines(notebooks.source(cell))
    if written in (_lines(place.cell.released), _lines(place.cell.source)):
        return Judged(result=place.result(0.0, NO_RESPONSE, ("no-response",)))
    return Judged(result=place.result(None))


def judge_test(
    place: Place, run: CellRun | None, *, ways: Set[str] = frozenset(), line: int | None = None,
    limit_seconds: float = 0.0,
) -> Judged:
    """A test cell, from its run. `ways` are the rows set back to nbgrader's way."""
    if run is None or run.state is RunState.SKIPPED:
        if not place.cell.source.strip():
            return Judged(result=place.result(place.cell.points))
        return Judged(result=place.result(0.0, "not run", ("not-run",)),
                      review=(place.review("not-run", f"{place.cell.grade_id} was not run"),))
    if run.state in (RunState.TIMEOUT, RunState.KILLED):
        code, reason = stopped(place.cell.grade_id, run, limit_seconds)
        return Judged(result=place.result(0.0, reason, (code,)),
                      review=(place.review(code, reason),))
    if run.state is RunState.ERROR:
        error = _error(run)
        return Judged(result=place.result(0.0, error, (_where(place.cell, line),)))
    if "stderr-noise" in ways and _wrote_stderr(run):
        return Judged(result=place.result(0.0, "it wrote to stderr", ("stderr-noise",)))
    return _judge_value(place, run, ways)


def stopped(name: str, run: CellRun, limit_seconds: float) -> tuple[str, str]:
    """(code, reason) of a cell that was stopped from outside."""
    if run.state is RunState.TIMEOUT:
        return "timeout", f"{name} ran past its {limit_seconds:g} s"
    why = run.outputs[-1]["evalue"] if run.outputs else ""
    return "killed", f"{name}: {why or 'its process was killed'}"


def _judge_value(place: Place, run: CellRun, ways: Set[str]) -> Judged:
    full = place.cell.points
    noise = ("stderr-noise",) if _wrote_stderr(run) else ()
    values = [value for output in run.outputs if output["output_type"] == "execute_result"
              for value in [str(output["data"].get("text/plain", ""))]]
    told = _told(run)
    if told is None and len(values) < 2 and checked.ends_in_question(place.cell.source):
        # A question tells what it found; a thread of the learner's can take the place of that.
        reason = f"the checks of {place.cell.grade_id} said nothing, though it ends in their result"
        return Judged(result=place.result(0.0, reason, ("odd-result",)),
                      review=(place.review("odd-result", reason),))
    if not values:
        return Judged(result=place.result(full, tags=noise))
    if len(values) > 1:
        # The shell shows one result a cell; a second one was put there by hand.
        reason = f"{place.cell.grade_id} showed {len(values)} results, where one is possible"
        return Judged(result=place.result(0.0, reason, ("several-results",)),
                      review=(place.review("several-results", reason),))
    value = values[0].strip()
    if told is not None:
        return _judge_told(place, told, value, noise)
    if "partial-credit-values" in ways:
        return Judged(result=place.result(_as_nbgrader(value, full), tags=noise))
    number = number_in(value)
    if number is not None and 0 <= number <= full:
        return Judged(result=place.result(number, tags=noise))
    if number is not None and full < number <= full * (1 + _ROUNDING):
        return Judged(result=place.result(full, tags=(*noise, "rounded-down")))
    if number is None and _may_be_anything(value, place.cell.source):
        return Judged(result=place.result(full, tags=noise))
    reason = (f"the value of {place.cell.grade_id} is {value[:80]}, "
              f"not a number from 0 to {full:g}")
    return Judged(result=place.result(0.0, reason, ("no-points-value",)),
                  review=(place.review("no-points-value", reason),))


def _told(run: CellRun) -> Any:
    """The JSON of a checker's result among the outputs, or None where there is none."""
    return next((output["data"][checked.MIME] for output in run.outputs
                 if output["output_type"] == "execute_result"
                 and checked.MIME in output["data"]), None)


def _judge_told(place: Place, value: Any, shown: str, noise: tuple[str, ...]) -> Judged:
    """A question made of checks. What a check leaves to a person is never taken for 0."""
    told = checked.read_told(value, source=place.cell.source)
    number = number_in(shown)
    if told is None or number is None or abs(number - told.points) > 1e-9:
        reason = f"the result of {place.cell.grade_id} does not fit the number that it shows"
        return Judged(result=place.result(0.0, reason, ("odd-result",)),
                      review=(place.review("odd-result", reason),))
    if told.points > place.cell.points:
        reason = (f"the question of {place.cell.grade_id} gives {told.points:g} points, "
                  f"its cell {place.cell.points:g}")
        return Judged(result=place.result(0.0, reason, ("no-points-value",)),
                      review=(place.review("no-points-value", reason),))
    open_checks = told.unjudged
    to_mark = any(checked.TO_MARK in one.tags for one in open_checks)
    result = place.result(None if to_mark else told.points, told.message[:_LONGEST_MESSAGE],
                          (*told.tags, *noise))
    return Judged(
        result=replace(result, checks=told.checks),
        review=tuple(
            place.review("check-error" if checked.CHECKER_ERROR in one.tags else "check-unjudged",
                         f"{one.label}: {one.message}")
            for one in open_checks if checked.TO_MARK not in one.tags))


def number_in(text: str) -> float | None:
    """The number that a result's plain text shows; None for text that is no finite number.

    NumPy's scalars, Fraction and Decimal count as the numbers they are.
    """
    for pattern in (_WRAPPED, _DECIMAL):
        match = pattern.fullmatch(text)
        if match:
            text = match.group(1)
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction.group(2)):
        return float(Fraction(int(fraction.group(1)), int(fraction.group(2))))
    try:
        number = float(text)
    except (ValueError, OverflowError):
        return None
    return number if number == number and abs(number) != float("inf") else None


def _as_nbgrader(value: str, full: float) -> float:
    try:
        number = float(value)
    except ValueError:
        return full
    # Above the maximum nbgrader fails the whole submission; that is never copied.
    return number if 0 <= number <= full else full


def _may_be_anything(value: str, source: str) -> bool:
    """Whether a value that is no number says nothing about points.

    A cell that ends in a call is a test by its errors, whatever the call returns - but for
    False and for what looks like a number and is none. A cell that ends in any other
    expression was written to state its points.
    """
    low = value.lower()
    if low == "false" or low.strip("'\"") in _NO_NUMBER_WORDS or number_in(value) is not None:
        return False
    if low in ("np.false_", "np.float64(nan)", "np.float64(inf)", "np.float64(-inf)"):
        return False
    try:
        body = checked.parsed(_plain_python(source)).body
    except (SyntaxError, ValueError, RecursionError):
        return True
    last = body[-1] if body else None
    return not isinstance(last, ast.Expr) or isinstance(last.value, (ast.Call, ast.Await))


def _plain_python(source: str) -> str:
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line
                     for line in source.split("\n"))


def _wrote_stderr(run: CellRun) -> bool:
    return any(o["output_type"] == "stream" and o["name"] == "stderr" for o in run.outputs)


def _error(run: CellRun) -> str:
    for output in reversed(run.outputs):
        if output["output_type"] == "error":
            text = f"{output['ename']}: {output['evalue']}".removesuffix(": ")
            return _ANSI.sub("", text)[:_LONGEST_MESSAGE]
    return "the cell failed"


def _where(cell: ReleasedCell, line: int | None) -> str:
    """Whether the failing line of a test is one that learners can see."""
    if cell.released == cell.source:
        return "visible"
    lines = cell.source.split("\n")
    if line is None or not 1 <= line <= len(lines):
        return "hidden"
    return "visible" if lines[line - 1] in cell.released.split("\n") else "hidden"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")

"""What the part of a test that learners see says of their answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograders.result import MIME
from kit.model import CellRun, RunState

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LATER = "graded after hand-in"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """The points of a visible test, or None where nothing of it is judged before hand-in. It
    `failed` where it says that an answer is wrong or missing."""

    points: float | None
    message: str = ""
    failed: bool = False


def visible(run: CellRun | None, most: float, *, blank: bool) -> Visible:
    """What a test worth `most` points gives here; a `blank` one has nothing in it."""
    if run is None or run.state is RunState.SKIPPED:
        # A test with nothing in it passes, as it does when it is graded.
        return Visible(points=most) if blank else Visible(points=0.0, message="was not run")
    if run.state is not RunState.OK:
        why = error_of(run) if run.state is RunState.ERROR else "did not end"
        return Visible(points=0.0, message=why)
    for output in run.outputs:
        if output.get("output_type") == "execute_result":
            data = output.get("data", {})
            value = _value(data.get("text/plain"), most)
            told = data.get(MIME)
            if isinstance(told, Mapping) and isinstance(told.get("checks"), list):
                return _of_checks(told["checks"], value)
            return Visible(points=value, failed=not value)
    return Visible(points=most)


def _value(shown: Any, most: float) -> float:
    try:
        value = float(shown if isinstance(shown, str) else "".join(shown))
    except (TypeError, ValueError):
        return most
    return value if 0 <= value <= most else most


def _of_checks(checks: list[Any], value: float) -> Visible:
    """A question of checks: some may be open, and some look at the form alone."""
    told = [(one.get("state"), one.get("weight"), f"{one.get('label')}: {one.get('message')}")
            for one in checks if isinstance(one, Mapping)]
    wrong = next((message for state, _, message in told if state in ("failed", "partial")), "")
    if wrong:
        return Visible(points=value, message=wrong.split("\n")[0][:_LONGEST],
                       failed=not value and any(state == "failed" for state, *_ in told))
    if not any(state == "passed" and weight for state, weight, _ in told):
        return Visible(points=None, message=_LATER)
    rest = any(state in ("later", "review") for state, *_ in told)
    return Visible(points=value, message=f"the rest is {_LATER}" if rest else "")


def error_of(run: CellRun) -> str:
    """The error of a cell on one line."""
    for output in run.outputs:
        if output.get("output_type") == "error":
            text = _ANSI.sub("", f"{output.get('ename')}: {output.get('evalue')}".rstrip(": "))
            return text.splitlines()[0][:_LONGEST] if text else "an error"
    return "an error"

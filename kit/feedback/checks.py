"""What a page says of each check of a test: never more than its author lets learners read.

The messages come from a process that ran learner code beside the hidden tests. So in a cell
that has something hidden no message is shown but those that the author wrote for learners, word
for word, unless the author shows those of hidden tests too. What else the visible checks say, the
notebook itself tells its learner.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from kit.feedback.hidden import Secrets
from kit.model import CellGrade, Checked, ReleasedCell

_STATES = {
    "passed": ("right", "✓", "passed"), "partial": ("part", "◐", "partly right"),
    "failed": ("none", "✗", "not right"), "review": ("wait", "?", "for a person to look at"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check on a page: its style, mark and word, what it looked at, what it says."""

    state: str
    mark: str
    word: str
    label: str
    message: str = ""
    tags: tuple[str, ...] = ()


def check_lines(
    grade: CellGrade, known: ReleasedCell, *, mixed: bool, open_messages: bool, secrets: Secrets,
    written: Set[str] = frozenset(),
) -> tuple[CheckLine, ...]:
    """The checks of a graded test. `mixed`: the cell has something that learners must not see;
    `open_messages`: its author shows what hidden tests say; `written`: the texts of the author's
    that are not hidden. One that counts nothing is left out where another that counts looked at
    the same."""
    counted = {one.label for one in grade.checks if one.weight > 0}
    return tuple(
        _line(one, known, mixed=mixed, open_messages=open_messages, secrets=secrets,
              written=written)
        for one in grade.checks if one.weight > 0 or one.label not in counted)


def _line(
    one: Checked, known: ReleasedCell, *, mixed: bool, open_messages: bool, secrets: Secrets,
    written: Set[str],
) -> CheckLine:
    state, mark, word = _STATES[one.state]
    secret = one.hidden or one.label not in known.released
    if open_messages or not mixed:
        label, message = one.label, secrets.redact(one.message)
    else:
        label = "a check that is not shown" if secret else one.label
        lines = () if secret else one.message.split("\n")
        message = "\n".join(line for line in lines if line in written)
    return CheckLine(state=state, mark=mark, word=word, label=label, message=message,
                     tags=one.tags)

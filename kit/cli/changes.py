"""`kit grades --changes`: who changed which scores after grading, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kit.model import Act, Assignment, Change, Course

_LISTED = 20


def show_changes(course: Course, wanted: Sequence[Assignment], *, as_json: bool) -> None:
    """Print what people did to scores, oldest first. Raises GradebookError."""
    from dataclasses import asdict

    from kit import gradebook
    from kit.cli import terminal

    found = [act for each in wanted for act in gradebook.acts(course, each)]
    if as_json:
        terminal.emit_json({"changes": [{**asdict(act), "at": act.at.isoformat()}
                                        for act in found]})
        return
    if not found:
        terminal.result("changes", "nobody changed scores after grading")
    for act in found:
        _show(course, act)


def _show(course: Course, act: Act) -> None:
    from kit.cli import terminal

    when = act.at.astimezone(course.timezone).strftime("%Y-%m-%d %H:%M")
    what = "settled in review" if act.kind == "review" else "graded again"
    if act.decisions:
        what = ", ".join(act.decisions)
    terminal.line(f"{act.assignment}   {when}   {act.who}   {what}", style="bold")
    terminal.paragraph(act.reason)
    rows = [(one.learner, one.grade_id, _of(one.before, one.before_max),
             _of(one.after, one.after_max)) for one in _largest(act.changes)]
    if rows:
        terminal.table(("Learner", "Question", "Before", "After"), rows[:_LISTED], right=(2, 3))
    if len(rows) > _LISTED:
        terminal.line(f"and {len(rows) - _LISTED:,} more; --json lists them all")
    terminal.line()


def _largest(changes: Sequence[Change]) -> list[Change]:
    """By learner, who was changed most first; the whole score last of a learner's lines."""
    most: dict[str, float] = {}
    for one in changes:
        size = abs((one.after or 0.0) - (one.before or 0.0))
        most[one.learner] = max(most.get(one.learner, 0.0), size)
    return sorted(changes, key=lambda one: (
        -round(most[one.learner], 9), one.learner, one.grade_id == "total", one.grade_id))


def _of(points: float | None, most: float | None) -> str:
    shown = "none" if points is None else f"{points:g}"
    return shown if most is None else f"{shown} of {most:g}"

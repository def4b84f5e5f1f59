"""What `kit grade --explain` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.grading import Explained
    from kit.model import Assignment, Course


def show_plan(course: Course, wanted: Assignment, how: dict[str, Any], *, as_json: bool) -> None:
    """Print what would run and why."""
    from kit import workflow
    from kit.cli import terminal

    found = workflow.explain(course, wanted, **how)
    if as_json:
        terminal.emit_json(_plain(wanted, found))
    else:
        _show(wanted, found, force=how["force"])


def _plain(wanted: Assignment, found: Explained) -> dict[str, Any]:
    return {
        "assignment": wanted.name, "to_run": found.to_run, "unchanged": found.unchanged,
        "engine": found.key.engine, "engine_version": found.key.engine_version,
        "environment": found.key.environment,
        "reasons": [
            {"reason": reason.value, "submissions": number,
             "examples": [{"learner": learner, "detail": detail}
                          for learner, detail in found.examples[reason]]}
            for reason, number in found.counts.most_common()],
    }


def _show(wanted: Assignment, found: Explained, *, force: bool) -> None:
    from kit.cli import terminal

    if not found.to_run + found.unchanged:
        terminal.result(wanted.name, "nothing was handed in yet")
        return
    total = found.to_run + found.unchanged
    would = f"{found.to_run:,} of {terminal.count(total, 'submission')} would run"
    rest = f"{found.unchanged:,} are graded already"
    terminal.result(wanted.name, f"{would}   {rest}   {found.key.environment}")
    if not found.to_run:
        return
    terminal.line()
    terminal.table(
        ("why", "submissions", "for example"),
        [(reason.value, f"{number:,}", _examples(found.examples[reason], number))
         for reason, number in found.counts.most_common()],
        right=(1,))
    terminal.line()
    flags = ("--force",) if force else ()
    terminal.next_steps([(terminal.command("grade", wanted.name, *flags), "run them")])


def _examples(some: list[tuple[str, str]], number: int) -> str:
    """A few names; what changed is said once where it is the same for all of them."""
    more = " ..." if number > len(some) else ""
    details = {detail for _, detail in some}
    if len(details) == 1:
        (detail,) = details
        return ", ".join(learner for learner, _ in some) + more + (f" ({detail})" if detail else "")
    return ", ".join(f"{learner} ({detail})" if detail else learner
                     for learner, detail in some) + more

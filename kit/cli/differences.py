"""`kit grade --diff`: what would change, who gains and who loses, and writing it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kit.grading import Total
    from kit.model import Act, Assignment, Course
    from kit.regrading import Regrade

_LISTED = 20

_DECIDED = ("void", "full-credit", "restored")

WISHES = ("void", "full_credit", "restore")


def check_options(given: dict[str, Any], *, diff: bool) -> None:
    """Refuse options that mean nothing together. Raises click.UsageError, GradingError."""
    from kit import gradebook

    if not diff:
        for name in (*WISHES, "apply", "reason", "yes"):
            if given[name]:
                option = name.replace("_", "-")
                raise click.UsageError(f"--{option} goes with --diff, which shows what it does; "
                                       "--apply writes it")
    elif given["apply"]:
        if given["reason"] is None:
            raise click.UsageError("--apply needs --reason: it is kept, and learners whose score "
                                   "changes read it")
        gradebook.stated(given["reason"])
    elif given["yes"]:
        raise click.UsageError("--yes goes with --apply: without it nothing is written")


def show(
    course: Course, wanted: Assignment, how: dict[str, Any], given: dict[str, Any], *,
    as_json: bool,
) -> None:
    """Grade on a copy and show what would change; with `apply`, write it."""
    from kit import regrading
    from kit.cli import terminal
    from kit.gradebook import Wish
    from kit.grading import unused

    wish = Wish(**{name: given[name] for name in WISHES})
    notes = unused(course, wanted, engine=how["engine"])
    if not as_json:
        for note in notes:
            terminal.line(note)
    with ExitStack() as stack:
        with terminal.live(wanted.name) as on_progress:
            found = stack.enter_context(regrading.regrade(
                course, wanted, wish=wish, on_progress=on_progress, **how))
        if not as_json:
            _print(wanted, found)
        act = None
        if given["apply"] and not found.changes_nothing and (
                as_json or given["yes"] or _agreed()):
            with terminal.working("writing"):
                act = regrading.apply(course, found, reason=given["reason"])
    if as_json:
        terminal.emit_json({**_plain(wanted, found), "not_used": list(notes),
                            "applied": act and _act(act)})
    else:
        _told(wanted, found, act, given)


def _agreed() -> bool:
    """Ask on a terminal; a script has said what it wants."""
    return not sys.stdin.isatty() or click.confirm("Write these scores?", default=False)


def _plain(wanted: Assignment, found: Regrade) -> dict[str, Any]:
    return {
        "assignment": wanted.name, "graded": found.graded, "decisions": list(found.decisions),
        "gain": sum(one.share > 0 for one in found.totals),
        "lose": sum(one.share < 0 for one in found.totals),
        "totals": [{**asdict(one), "change": one.change, "share": one.share}
                   for one in found.totals],
        "differences": [{**asdict(one), "change": one.change} for one in found.differences]}


def _act(act: Act) -> dict[str, Any]:
    return {"number": act.number, "at": act.at.isoformat(), "who": act.who,
            "reason": act.reason}


def _told(wanted: Assignment, found: Regrade, act: Act | None, given: dict[str, Any]) -> None:
    """What was written, or how to write it."""
    from kit.cli import terminal

    if act is not None:
        people = {one.learner for one in act.changes}
        terminal.line()
        terminal.result(wanted.name, f"written: {terminal.count(len(people), 'learner')} changed",
                        [("why", act.reason), ("by", act.who)])
        terminal.next_steps([
            (terminal.command("feedback", wanted.name), "bring pages up to date"),
            (terminal.command("grades", wanted.name, "--changes"), "what changed, and why")])
    elif given["apply"]:
        terminal.result(wanted.name, "nothing was written")
    elif found.differences and all(one.cause == "late-penalty" for one in found.differences):
        # What lateness costs is brought up to date without running anything.
        terminal.next_steps([(terminal.command("grade", wanted.name), "write these scores")])
    elif not found.changes_nothing:
        more = () if given["reason"] else ("--reason", "WHY")
        terminal.next_steps([(terminal.again("--apply", *more), "write these scores")])


def _print(wanted: Assignment, found: Regrade) -> None:
    from kit.cli import terminal

    people = len({one.learner for one in found.differences}
                 | {one.learner for one in found.totals})
    count = len(found.differences)
    change = "no score would change" if not people else (
        f"{terminal.count(count, 'score')} of {terminal.count(people, 'learner')} would change"
        if count else f"what {terminal.count(people, 'score')} is out of would change")
    ran = f"{terminal.count(found.graded, 'submission')} graded on a copy   " if (
        found.graded or not found.wish) else ""
    terminal.result(wanted.name, ran + change, [*_decided(found), *_sides(found)])
    _totals(found.totals)
    _causes(found)


def _decided(found: Regrade) -> list[tuple[str, str]]:
    words = {"void": "would count for nobody", "full-credit": "would give everyone full points",
             "restore": "would count again as it was graded"}
    pairs = [one.split(" ", 1) for one in found.decisions]
    return [(kind, f"{place} {words[kind]}") for kind, place in pairs]


def _sides(found: Regrade) -> list[tuple[str, str]]:
    from kit.cli import terminal

    sides = []
    for word, some in (("gain", [one for one in found.totals if one.share > 1e-9]),
                       ("lose", [one for one in found.totals if one.share < -1e-9])):
        if some:
            people = terminal.count(len(some), "learner")
            sides.append((word, f"{people}, at most {_percent(some[0].share)} of the whole"))
    return sides


def _totals(found: tuple[Total, ...]) -> None:
    """Whole scores, penalties included, the largest change first."""
    from kit.cli import terminal

    if not found:
        return
    terminal.line()
    terminal.table(
        ("Learner", "Recorded", "Now", "Change", "Of the whole"),
        [(one.learner, _of(one.recorded, one.recorded_max), _of(one.graded, one.graded_max),
          f"{one.change:+g}" if one.change else "0", _percent(one.share))
         for one in found[:_LISTED]], right=(1, 2, 3, 4))
    if len(found) > _LISTED:
        terminal.line(f"and {len(found) - _LISTED:,} more; --json lists them all")


def _causes(found: Regrade) -> None:
    """Questions and penalties, by what makes them differ."""
    from kit.cli import terminal
    from kit.grading import CAUSES

    for cause, text in CAUSES.items():
        mine = [one for one in found.differences if one.cause == cause]
        if not mine:
            continue
        terminal.line()
        if cause in _DECIDED:  # the same for everyone: the table above tells what it does
            questions = ", ".join(dict.fromkeys(one.grade_id for one in mine))
            people = terminal.count(len({one.learner for one in mine}), "learner")
            terminal.line(f"{questions}: {text}; {people} with other points", style="bold")
            continue
        terminal.line(f"{text}: {len(mine):,}", style="bold")
        terminal.table(
            ("learner", "question", "recorded", "now", "change"),
            [(one.learner, one.grade_id, _points(one.recorded), _points(one.graded),
              f"{one.change:+g}") for one in mine], right=(2, 3, 4))


def _of(points: float | None, most: float) -> str:
    return f"{_points(points)} of {most:g}"


def _points(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %" if abs(share) > 1e-9 else "0 %"
